"""What a discriminator makes of pictures: the probability of being real that it gives to each. Changes no network."""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.config import Config
from engine.datasets.batches import in_range
from engine.datasets.images import ImageData
from engine.losses import LOSSES

_COMPARED = 100  # real images that each picture is then compared with, or those of its own class among them
_CHUNK = 256


class RealismScorer:
    """Verdicts as those that ``d_real`` and ``d_fake`` are means of, but of a D in eval mode shown clean images.

    Where D only compares, a verdict is the mean over some real images of ``data``, always the same ones, and of the
    picture's own class where there are any: as training pairs them. Without ``data``, nothing can be told then.
    """

    def __init__(self, config: Config, data: ImageData | None) -> None:
        self._verdicts = LOSSES[config.loss].formulas.verdicts
        self._real: tuple[Tensor, Tensor] | None = None
        compares = LOSSES[config.loss].compares
        if compares and data is not None:
            sample = data.subset(_COMPARED)
            self._real = in_range(torch.tensor(sample.images), config.data_range), torch.tensor(sample.labels)
        self.can_tell = not compares or self._real is not None

    def of(self, discriminator: nn.Module, images: Tensor, labels: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the verdicts ``[N]`` on pictures ``[N, C, H, W]`` of a ``discriminator`` that is in training."""
        judge = copy.deepcopy(discriminator).eval()  # neither its mode nor its buffers may change, nor its gradients
        asked = torch.from_numpy(labels).to(images.device)
        return self.from_logits(_logits(judge, images, asked), asked, self.measure(judge)).cpu().numpy()

    def measure(self, discriminator: nn.Module) -> Tensor | None:
        """Return what ``from_logits`` must know of an eval-mode ``discriminator``: its logits ``[M]`` of the real
        images, None where the loss compares with none.
        """
        if self._real is None:
            return None
        device = next(discriminator.parameters()).device
        return _logits(discriminator, *(part.to(device) for part in self._real))

    def from_logits(self, logits: Tensor, labels: Tensor, measured: Tensor | None) -> Tensor:
        """Return the verdicts float32 ``[N]`` that ``logits`` ``[N]`` on pictures of ``labels`` ``[N]`` stand for.

        What is not a number, from weights that are none, counts as undecided: 0.5.
        """
        if measured is None or self._real is None:
            verdicts = self._verdicts(logits, logits)[1]
        else:
            alike = labels[:, None] == self._real[1].to(labels.device)
            alike |= ~alike.any(1, keepdim=True)
            compared = self._verdicts(measured[None], logits[:, None])[1]
            verdicts = (compared * alike).sum(1) / alike.sum(1)
        return verdicts.nan_to_num(nan=0.5)


@torch.inference_mode()
def _logits(discriminator: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    chunks = zip(images.split(_CHUNK), labels.split(_CHUNK), strict=True)
    return torch.cat([discriminator(*chunk).logits.float() for chunk in chunks])
