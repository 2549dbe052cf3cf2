"""Asks a discriminator: how real a picture looks to it, and what in the picture makes it say so. Knows no threads.

Works on a copy in eval mode on the CPU and draws no random numbers: training never notices.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.architectures import networks
from engine.architectures.outline import outlined
from engine.arrays import Arrays, Pictures
from engine.config import Config
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.evaluation.judge import to_tensor
from engine.i18n import tr
from engine.training.checkpoint import does_not_fit
from engine.training.realism import RealismScorer

_CHUNK = 250


class DiscriminatorSession:
    """A discriminator of one run. ``data`` are the run's images, None where they are not at hand.

    ``can_tell``: whether verdicts can be told; not where D only compares and no real images are at hand. Raises
    ``UserError`` where ``config`` and ``facts`` make no networks.
    """

    def __init__(self, config: Config, facts: DatasetInfo, data: ImageData | None = None) -> None:
        self._data_range = config.data_range
        with outlined():  # it takes no memory before weights are known to fit
            self.network: nn.Module = networks.build_discriminator(config, facts).eval().requires_grad_(False)
        self._scorer = RealismScorer(config, data)
        self.can_tell = self._scorer.can_tell
        self._measured: Tensor | None = None

    def load(self, state: Arrays) -> None:
        """Take over the discriminator of an epoch; raises ``UserError``, and keeps what it had, if it does not fit."""
        self.network.load_state_dict(fitting(self.network, state), assign=True)
        self._measured = self._scorer.measure(self.network)

    def verdicts(self, pixels: Tensor, labels: Tensor) -> NDArray[np.float32] | None:
        """Return the probability ``[N]`` (0 to 1) of being real that D gives to ``pixels`` ``[N, C, H, W]`` in the
        data's range, as pictures of ``labels`` ``[N]`` (-1 without classes); None where it cannot tell. Needs ``load``.
        """
        if not self.can_tell:
            return None
        with torch.no_grad():
            logits = self.network(pixels, labels).logits.float()
            return np.asarray(self._scorer.from_logits(logits, labels, self._measured).numpy(), np.float32)

    def saliency(self, pixels: Tensor, labels: Tensor) -> NDArray[np.float32]:
        """Return the gradient of D's logit by the pixels of one picture ``[1, C, H, W]``, ``[H, W]`` from -1 to 1.

        Colors are summed; positive where a brighter pixel would look more real to D (Simonyan et al., 2014,
        arXiv:1312.6034).
        """
        with torch.enable_grad():
            seen = pixels.clone().requires_grad_()
            logits = self.network(seen, labels).logits
            gradient = torch.autograd.grad(logits.sum(), seen)[0][0].sum(0)
        peak = gradient.abs().max()
        if not peak.isfinite() or peak == 0:
            return np.zeros(tuple(gradient.shape), np.float32)
        return np.asarray((gradient / peak).numpy(), np.float32)

    def ask(self, images: Pictures, labels: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Return ``verdicts`` on pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]``."""
        parts = [
            self.verdicts(self._pixels(images[i : i + _CHUNK]), torch.tensor(labels[i : i + _CHUNK]))
            for i in range(0, len(images), _CHUNK)
        ]
        told = [part for part in parts if part is not None]
        return np.concatenate(told) if told else None

    def explain(self, image: Pictures, label: int) -> tuple[float | None, NDArray[np.float32]]:
        """Return verdict and ``saliency`` of one picture uint8 ``[H, W]`` or ``[H, W, 3]``, drawn or dropped by a
        person, as one of ``label`` (-1 without classes).
        """
        pixels, labels = self._pixels(image[None]), torch.tensor([label])
        told = self.verdicts(pixels, labels)
        return None if told is None else float(told[0]), self.saliency(pixels, labels)

    def _pixels(self, images: Pictures) -> Tensor:
        signed = to_tensor(images)
        return (signed + 1) / 2 if self._data_range == "0..1" else signed


def fitting(network: nn.Module, arrays: Arrays) -> dict[str, Tensor]:
    """Return ``arrays`` as the state of ``network``; raises ``UserError`` unless all shapes fit and all are finite."""
    wanted = network.state_dict()
    if {name: tuple(tensor.shape) for name, tensor in wanted.items()} != {n: a.shape for n, a in arrays.items()}:
        raise does_not_fit()
    tensors = {name: torch.tensor(array).to(wanted[name].dtype) for name, array in arrays.items()}
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise UserError(
            tr("Weights of these networks are no numbers any more: the training failed before this moment."),
            tr("Look at an earlier epoch."),
        )
    return tensors
