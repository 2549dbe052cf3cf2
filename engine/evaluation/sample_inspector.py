"""Looks closely at one generated picture: what D says of it and why, what a judge reads, what it was learned from.

Works on copies in eval mode on the CPU, and draws no random numbers: training never notices. Knows no files but the
judges', and no threads.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import networks
from engine.architectures.outline import outlined
from engine.arrays import Arrays, Picture
from engine.config import Config
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.distributed import DistInfo
from engine.errors import UserError
from engine.evaluation.discriminator_session import DiscriminatorSession, fitting
from engine.evaluation.nearest_real import NearestReal
from engine.evaluation.reader import Reader
from engine.i18n import tr
from engine.latent.generator_session import another_generator
from engine.pictures import to_samples
from engine.training.adam import Adam, AdamOptions

UPDATE_STEPS = (1, 5, 20)
# Share of G's learning rate in such an update. In training the many pictures of a batch pull in many directions; one
# alone at the full rate turned a digit of ``studio`` into dots within 5 of them.
_UPDATE_RATE = 1 / 32
_EPSILON = 1e-8  # as Adam has it where nobody says otherwise


@dataclass(frozen=True)
class GeneratorUpdate:
    """The picture uint8 after G took ``steps`` steps toward D's approval of it, and D's verdict on it then."""

    steps: int
    image: Picture
    verdict: float | None


@dataclass(frozen=True)
class SampleReport:
    """What can be told of ``image`` uint8 ``[H, W]`` or ``[H, W, 3]``, made of ``label`` (-1: none was asked for).

    ``verdict``: the probability (0 to 1) of being real that D gives to it, None where D only compares and no real
    images are at hand. ``reading``: class, in the run's own order, and probability that a judge reads, None where
    there is no judge. ``neighbor``: the nearest training image, its index, its label, and its distance (root mean
    square over pixels, 0 to 1); ``usual_distance`` is the median distance of real images to their nearest other one.
    All are None where the images are not at hand. ``saliency`` float32 ``[H, W]`` from -1 to 1: the gradient of D's
    logit by the pixels (Simonyan et al., 2014, arXiv:1312.6034), positive where a brighter pixel would look more real
    to D.
    """

    image: Picture
    label: int
    verdict: float | None
    reading: tuple[int, float] | None
    neighbor: Picture | None
    neighbor_index: int | None
    neighbor_label: int | None
    neighbor_distance: float | None
    usual_distance: float | None
    saliency: NDArray[np.float32]
    updates: tuple[GeneratorUpdate, ...]


class SampleInspector:
    """Inspects pictures of one run, of the networks that ``load`` got last. ``data`` is None where it is not at hand.

    Raises ``UserError`` where ``config`` and ``facts`` make no networks, or where ``data`` are other images.
    """

    def __init__(self, config: Config, facts: DatasetInfo, data: ImageData | None) -> None:
        if data is not None and data.facts != facts:
            raise UserError(
                tr("The data set is not the one that this run was trained on."),
                tr("Give the folder with the same images, or start a new run."),
            )
        self._config = config
        self._facts = facts
        self._data = data
        self._class_count = len(config.asked_classes(facts.class_names))
        with outlined():  # it takes no memory before weights are known to fit
            self._generator = networks.build_generator(config, facts).eval()
        self._opponent = DiscriminatorSession(config, facts, data)
        self._nearest = None if data is None else NearestReal(data)
        self._reader: Reader | None = None

    def load(self, generator: Arrays, discriminator: Arrays) -> None:
        """Take over the networks of an epoch; raises ``UserError``, and keeps what it had, if one does not fit."""
        tensors = fitting(self._generator, generator)
        self._opponent.load(discriminator)
        self._generator.load_state_dict(tensors, assign=True)
        if self._reader is None or self._reader.judge is None:  # one that learns beside the training comes later
            self._reader = Reader(self._config, self._facts, self._data)

    def inspect(self, z: NDArray[np.float32], label: int) -> SampleReport:
        """Inspect the picture of ``z`` ``[z_dim]`` and ``label``, which is -1 where the generator takes none.

        Needs ``load`` first; raises ``UserError`` for a z or a label of another generator.
        """
        low, high = (0, self._class_count) if self._class_count else (-1, 0)
        if z.shape != (self._config.z_dim,) or not low <= label < high:
            raise another_generator()
        noise, labels = torch.tensor(z, dtype=torch.float32)[None], torch.tensor([label])
        with torch.enable_grad():
            pixels = self._pixels(self._generator, noise, labels)
            saliency = self._opponent.saliency(pixels, labels)
            updates = tuple(self._updates(noise, labels))
        image = self._picture(pixels)
        near = self._nearest.find(image) if self._nearest else None
        return SampleReport(
            image=image,
            label=label,
            verdict=self._verdict(pixels, labels),
            reading=self.read(image),
            neighbor=near.image if near else None,
            neighbor_index=near.index if near else None,
            neighbor_label=near.label if near else None,
            neighbor_distance=near.distance if near else None,
            usual_distance=self._nearest.usual_distance if self._nearest else None,
            saliency=saliency,
            updates=updates,
        )

    # --- the networks

    def _updates(self, noise: Tensor, labels: Tensor) -> Iterator[GeneratorUpdate]:
        """Let a copy of G follow D's advice on this one picture, in small steps of G's own optimizer.

        By our own Adam: for that of torch, the first picture would wait three seconds for torch's compiler.
        """
        config = self._config
        pupil = copy.deepcopy(self._generator).requires_grad_()
        rate = _UPDATE_RATE * config.g_lr
        adam = Adam(pupil, AdamOptions((config.g_beta1, config.g_beta2), _EPSILON), DistInfo())
        adam.set_lr(rate)
        for step in range(1, UPDATE_STEPS[-1] + 1):
            adam.backward(F.softplus(-self._opponent.network(pupil(noise, labels), labels).logits).sum())
            adam.step()
            if step in UPDATE_STEPS:
                pixels = self._pixels(pupil, noise, labels)
                verdict = self._verdict(pixels, labels)
                yield GeneratorUpdate(step, self._picture(pixels), verdict)

    def _pixels(self, generator: nn.Module, noise: Tensor, labels: Tensor) -> Tensor:
        with torch.no_grad():
            images: Tensor = generator(noise, labels)
        return images

    def _picture(self, pixels: Tensor) -> Picture:
        return to_samples(pixels.numpy(), self._config.data_range)[0]

    def read(self, image: Picture) -> tuple[int, float] | None:
        """Return the class that the judge reads and how sure it is, None where it knows no such classes."""
        found = self._reader.read(image[None]) if self._reader else None
        return (int(found[0][0]), float(found[1][0])) if found else None

    def _verdict(self, pixels: Tensor, labels: Tensor) -> float | None:
        found = self._opponent.verdicts(pixels, labels)
        return None if found is None else float(found[0])
