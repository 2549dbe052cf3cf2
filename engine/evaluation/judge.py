"""The judge: a small classifier whose verdicts and features measure generated images.

Those for digits and drawn faces are shipped trained; for other labeled data one learns on the spot
(``classifier_trainer``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures.outline import outlined
from engine.arrays import Samples
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.evaluation.distances import Moments
from engine.i18n import tr
from engine.resources import RESOURCES

FEATURES = 128
_CHUNK_PIXELS = 100 * 28 * 28  # read at once, 20 MB of maps: of 500 digits, they would take twice as long


class Shipped(NamedTuple):
    """A judge that comes with Duelo: it reads the classes of the embedded data set ``name``.

    ``knows_others``: its reference are images that do not come with Duelo.
    """

    name: str
    classes: int
    channels: int
    knows_others: bool

    @property
    def path(self) -> Path:
        """Where its weights lie."""
        return RESOURCES / "judge" / f"{self.name}.safetensors"


_DIGITS = Shipped("digits", 10, 1, knows_others=True)
SHIPPED = {"digits": _DIGITS, "faces": Shipped("faces", 8, 3, knows_others=False)}
PATH = _DIGITS.path


class Judge(nn.Module):
    """Three convolutions with batch norm, 128 features: 99.55 % on MNIST's test set in 0.6 MB.

    Inception features, the usual choice for color photographs, say little about gray 28×28 digits.
    ``reference`` holds the moments of its features over real images (of digits: MNIST's 10,000 test images),
    so that a Fréchet distance needs no data set at hand.
    """

    def __init__(self, classes: int, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_stage(channels, 32),
            *_stage(32, 64),
            *_stage(64, 64),
            _Flat(),
            nn.Linear(576, FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, classes)
        self.reference_mean: Tensor
        self.reference_covariance: Tensor
        self.register_buffer("reference_mean", torch.zeros(FEATURES, dtype=torch.float64))
        # Not torch.eye: on the device "meta" it imports torch's compiler, a second before the first step.
        self.register_buffer("reference_covariance", torch.zeros(FEATURES, FEATURES, dtype=torch.float64))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return class logits ``[N, classes]`` and features ``[N, 128]`` of images ``[N, C, H, W]`` in [-1, 1]."""
        features = self.body(images)
        return self.head(features), features

    @torch.inference_mode()
    def predict_proba(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return class probabilities ``[N, classes]`` and features ``[N, 128]`` of images uint8.

        Images are ``[N, H, W]`` or ``[N, H, W, 3]``, as pictures are everywhere outside of networks.
        """
        parts = [self(to_tensor(chunk)) for chunk in chunks(images)]
        probabilities = torch.cat([logits.softmax(1) for logits, _ in parts])
        return probabilities.numpy(), torch.cat([features for _, features in parts]).numpy()

    def predict(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the class ``[N]`` that each image uint8 shows, and its features ``[N, 128]``."""
        probabilities, features = self.predict_proba(images)
        return probabilities.argmax(1), features

    @property
    def reference(self) -> Moments:
        """Mean and covariance of the features over real images."""
        return Moments(self.reference_mean.numpy(), self.reference_covariance.numpy())

    def set_reference(self, moments: Moments) -> None:
        """Take the moments of the features over real images."""
        self.reference_mean.copy_(torch.from_numpy(moments.mean))
        self.reference_covariance.copy_(torch.from_numpy(moments.covariance))


class _Halved(nn.MaxPool2d):
    """Looks for the largest of 2×2 in two steps where nobody asks which it was: torch takes five times as long."""

    def forward(self, x: Tensor) -> Tensor:
        """Return ``[N, C, H // 2, W // 2]`` of ``[N, C, H, W]``."""
        if x.requires_grad:
            return super().forward(x)
        height, width = (size // 2 * 2 for size in x.shape[-2:])
        rows = torch.maximum(x[..., :height:2, :width], x[..., 1:height:2, :width])
        return torch.maximum(rows[..., ::2], rows[..., 1::2])


class _Flat(nn.Module):
    """Brings images of any size to 3×3 and flattens them; at 28×28 they are 3×3 already."""

    def forward(self, x: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(x, 3).flatten(1)


def chunks(images: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Cut images uint8 ``[N, H, W …]`` into as many at a time as are read without much memory."""
    count = max(_CHUNK_PIXELS // (images.shape[1] * images.shape[2]), 1)
    yield from (images[start : start + count] for start in range(0, max(len(images), 1), count))


def to_tensor(images: Samples) -> Tensor:
    """Turn uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or points ``[N, 1, 1, C]``, into float ``[N, C, H, W]`` in
    [-1, 1].
    """
    pixels = torch.from_numpy(images)
    pixels = pixels[:, None] if pixels.dim() == 3 else pixels.permute(0, 3, 1, 2)
    return pixels if pixels.is_floating_point() else pixels.float() / 127.5 - 1


def load(path: Path = PATH, classes: int = 10, channels: int = 1) -> Judge:
    """Return the judge kept in ``path`` in eval mode; raises ``UserError`` when its file is missing or damaged."""
    with outlined():
        judge = Judge(classes, channels)
    try:
        judge.load_state_dict(load_file(path), assign=True)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UserError(
            tr("The judge that comes with Duelo, “{path}”, is missing or damaged.", path=path),
            tr("Install Duelo again."),
        ) from error
    return judge.eval().requires_grad_(False)


def shipped_for(dataset: str) -> Shipped | None:
    """Return which judge that comes with Duelo reads the pictures of ``dataset``, which says so; None where none."""
    return SHIPPED.get(DATASETS[dataset].judge) if dataset in DATASETS else None


def shipped(known: Shipped) -> Judge:
    """Return a judge that comes with Duelo; raises ``UserError``."""
    return load(known.path, known.classes, known.channels)


def _stage(before: int, after: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
        _Halved(2),
    ]
