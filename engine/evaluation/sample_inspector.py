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
from engine.errors import UserError
from engine.evaluation import judge as judges
from engine.evaluation import judge_store
from engine.evaluation.judge import Judge
from engine.evaluation.nearest_real import NearestReal
from engine.i18n import tr
from engine.pictures import to_uint8
from engine.training.checkpoint import does_not_fit
from engine.training.realism import RealismScorer

UPDATE_STEPS = (1, 5, 20)
# Share of G's learning rate in such an update. In training the many pictures of a batch pull in many directions; one
# alone at the full rate turned a digit of ``studio`` into dots within 5 of them.
_UPDATE_RATE = 1 / 32
_SMALLEST_READ = 8  # pixels; a judge halves the side three times


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
            self._generator = networks.build_generator(config, facts).eval().requires_grad_(False)
            self._discriminator = networks.build_discriminator(config, facts).eval().requires_grad_(False)
        self._scorer = RealismScorer(config, data)
        self._nearest = None if data is None else NearestReal(data)
        self._judge: Judge | None = None

    def load(self, generator: Arrays, discriminator: Arrays) -> None:
        """Take over the networks of an epoch; raises ``UserError``, and keeps what it had, if one does not fit."""
        g_tensors, d_tensors = _fitting(self._generator, generator), _fitting(self._discriminator, discriminator)
        self._generator.load_state_dict(g_tensors, assign=True)
        self._discriminator.load_state_dict(d_tensors, assign=True)
        self._measured = self._scorer.measure(self._discriminator)
        self._judge = self._judge or self._find_judge()  # one that learns beside the training comes later

    def inspect(self, z: NDArray[np.float32], label: int) -> SampleReport:
        """Inspect the picture of ``z`` ``[z_dim]`` and ``label``, which is -1 where the generator takes none.

        Needs ``load`` first; raises ``UserError`` for a z or a label of another generator.
        """
        low, high = (0, self._class_count) if self._class_count else (-1, 0)
        if z.shape != (self._config.z_dim,) or not low <= label < high:
            raise UserError(
                tr("These numbers belong to another generator."), tr("Choose a picture of the run that is shown.")
            )
        noise, labels = torch.tensor(z, dtype=torch.float32)[None], torch.tensor([label])
        with torch.enable_grad():
            pixels = self._pixels(self._generator, noise, labels)
            logits, saliency = self._saliency(pixels, labels)
            updates = tuple(self._updates(noise, labels))
        image = self._picture(pixels)
        near = self._nearest.find(image) if self._nearest else None
        return SampleReport(
            image=image,
            label=label,
            verdict=self._verdict(logits, labels),
            reading=self._reading(image),
            neighbor=near.image if near else None,
            neighbor_index=near.index if near else None,
            neighbor_label=near.label if near else None,
            neighbor_distance=near.distance if near else None,
            usual_distance=self._nearest.usual_distance if self._nearest else None,
            saliency=saliency,
            updates=updates,
        )

    # --- the networks

    def _saliency(self, pixels: Tensor, labels: Tensor) -> tuple[Tensor, NDArray[np.float32]]:
        """Return D's logit ``[1]`` and its gradient by the pixels, colors summed, over its largest absolute value."""
        pixels = pixels.clone().requires_grad_()
        logits = self._discriminator(pixels, labels).logits
        gradient = torch.autograd.grad(logits.sum(), pixels)[0][0].sum(0)
        peak = gradient.abs().max()
        if not peak.isfinite() or peak == 0:
            return logits.detach(), np.zeros(tuple(gradient.shape), np.float32)
        return logits.detach(), (gradient / peak).numpy()

    def _updates(self, noise: Tensor, labels: Tensor) -> Iterator[GeneratorUpdate]:
        """Let a copy of G follow D's advice on this one picture, in small steps of G's own optimizer."""
        config = self._config
        pupil = copy.deepcopy(self._generator).requires_grad_()
        rate = _UPDATE_RATE * config.g_lr
        adam = torch.optim.Adam(pupil.parameters(), rate, (config.g_beta1, config.g_beta2), fused=True)
        for step in range(1, UPDATE_STEPS[-1] + 1):
            adam.zero_grad()
            F.softplus(-self._discriminator(pupil(noise, labels), labels).logits).sum().backward()
            adam.step()
            if step in UPDATE_STEPS:
                pixels = self._pixels(pupil, noise, labels)
                verdict = self._verdict(self._discriminator(pixels, labels).logits.detach(), labels)
                yield GeneratorUpdate(step, self._picture(pixels), verdict)

    def _pixels(self, generator: nn.Module, noise: Tensor, labels: Tensor) -> Tensor:
        with torch.no_grad():
            images: Tensor = generator(noise, labels)
        return images

    def _picture(self, pixels: Tensor) -> Picture:
        return to_uint8(pixels.numpy(), self._config.data_range)[0]

    def _verdict(self, logits: Tensor, labels: Tensor) -> float | None:
        return float(self._scorer.from_logits(logits, labels, self._measured)) if self._scorer.can_tell else None

    # --- the judge

    def _find_judge(self) -> Judge | None:
        """Return the judge that measures this data while training, if it can read pictures of this kind."""
        count, facts = len(self._facts.class_names), self._facts
        if not count or facts.size < _SMALLEST_READ:
            return None
        shipped = judges.shipped_for(self._config.dataset)
        if shipped is None:
            return None if self._data is None else _kept_judge(self._data)
        known = facts.channels == shipped.channels and max(self._judged_classes) < shipped.classes
        return judges.shipped(shipped) if known and len(self._judged_classes) == count else None

    @property
    def _judged_classes(self) -> tuple[int, ...]:
        """The judge's own number of each class of the run."""
        own = self._config.classes if judges.shipped_for(self._config.dataset) else ()
        return own or tuple(range(len(self._facts.class_names)))

    def _reading(self, image: Picture) -> tuple[int, float] | None:
        if self._judge is None:
            return None
        probabilities = self._judge.predict_proba(image[None])[0][0, list(self._judged_classes)]
        read = int(probabilities.argmax())
        return read, float(probabilities[read])


def _kept_judge(data: ImageData) -> Judge | None:
    try:
        return judge_store.find(data)
    except UserError:  # a training says so, and teaches another one
        return None


def _fitting(network: nn.Module, arrays: Arrays) -> dict[str, Tensor]:
    """Return ``arrays`` as the state of ``network``; raises ``UserError`` unless all fit and are finite."""
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
