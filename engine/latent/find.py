"""Finds the z, and the label, with which a generator reproduces a given picture.

Many starts in one batch, the best of a thousand samples of all classes; Adam moves their z by the picture's pixels and
the judge's features (Zhu et al., 2016, arXiv:1609.03552), the worse ones are dropped on the way. Draws no random
numbers of anybody else's. Knows no files and no threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from engine.arrays import Picture
from engine.errors import UserError
from engine.evaluation.judge import to_tensor
from engine.evaluation.reader import Reader
from engine.i18n import tr
from engine.job import Job
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.points.refusals import insist_on_pictures

STEPS = 160
_CANDIDATES = 1000
_STARTS = 16
_FEWEST = 4  # starts that go on to the end
_DROP_EVERY = 40  # steps, after which the better half goes on
_TELL_EVERY = 4
_RATE = 0.12
_READS_ALIKE = 0.05  # weight of the judge's reading beside pixels, whose squared distances are 0.01 to 0.1
_FEATURES = 0.05
_TYPICAL = 0.002  # weight of being as long as z usually is
_GOOD = 0.0004  # squared distance (0 to 1) at which nobody sees a difference
_SEED = 20_000  # of noise that nothing else draws


@dataclass(frozen=True, eq=False)
class Attempt:
    """How far the search is after ``step`` of ``steps``: the best so far.

    ``picture`` uint8 ``[H, W]`` or ``[H, W, 3]`` is what G makes of ``z`` float32 ``[z_dim]`` and ``label``, -1 where
    it takes none. ``difference`` is the root mean square over pixels (0 to 1) to what was looked for. ``reading`` is
    class and probability that the judge reads in it, ``wanted`` in what was looked for; None without a judge.
    """

    step: int
    steps: int
    picture: Picture
    z: NDArray[np.float32]
    label: int
    difference: float
    reading: tuple[int, float] | None
    wanted: tuple[int, float] | None

    @property
    def reads_alike(self) -> bool | None:
        """Whether the judge reads the same in both; None without a judge."""
        return self.reading[0] == self.wanted[0] if self.reading and self.wanted else None


def find(
    session: GeneratorSession, reader: Reader, picture: Picture, label: int | None = None, steps: int = STEPS
) -> Job[Attempt, Attempt]:
    """Search the z of ``picture`` uint8 ``[H, W]`` or ``[H, W, 3]``, of the generator's own size; ``label`` is fixed
    where it is given. Raises ``UserError`` for a picture of another shape.
    """
    insist_on_pictures(session.facts)
    search = _Search(session, reader, picture)
    z, labels = search.starts(label)
    best = search.attempt(0, steps, z[0], int(labels[0]))
    yield best
    for step, found, its_label in search.walk(z, labels, steps):
        best = search.attempt(step, steps, found, its_label)
        yield best
        if best.difference**2 < _GOOD:
            break
    return best


class _Search:
    """What is compared: pixels in [0, 1], the judge's features by their size, its reading by cross entropy."""

    def __init__(self, session: GeneratorSession, reader: Reader, picture: Picture) -> None:
        self._session, self._reader = session, reader
        probe = session.render(np.zeros((1, session.z_dim), np.float32), label_cycle(1, session.class_count))
        if picture.shape != probe.shape[1:] or picture.dtype != np.uint8:
            wanted, given = ("×".join(map(str, shape)) for shape in (probe.shape[1:], picture.shape))
            raise UserError(
                tr("The picture is {given}, the generator makes {wanted}.", given=given, wanted=wanted),
                tr("Give a picture that was prepared for this run."),
            )
        with torch.no_grad():
            own = np.array(picture[None])  # which may be a view that cannot be written
            signed = to_tensor(own)
            self._unit = (signed + 1) / 2
            logits, self._features = reader.look(session.from_unit(self._unit))
        self._probabilities = None if logits is None else logits.softmax(1)
        self._scale = float(self._features.square().mean().clamp_min(1e-6))
        found = reader.read(own)
        self._wanted = (int(found[0][0]), float(found[1][0])) if found else None

    def starts(self, label: int | None) -> tuple[Tensor, Tensor]:
        """Return z ``[starts, z_dim]`` and labels ``[starts]``, the best first."""
        session = self._session
        z = torch.tensor(random_z(_CANDIDATES, session.z_dim, _SEED))
        labels = torch.tensor(label_cycle(_CANDIDATES, session.class_count))
        if label is not None:
            labels = torch.full_like(labels, label)
        session.check(z.numpy(), labels.numpy())
        with torch.no_grad():
            losses = torch.cat([self._losses(*part) for part in zip(z.split(250), labels.split(250), strict=True)])
        order = losses.argsort()[:_STARTS]
        return z[order], labels[order]

    def walk(self, z: Tensor, labels: Tensor, steps: int) -> Iterator[tuple[int, Tensor, int]]:
        """Move all of ``z`` and yield the step, the best z of it and its label, now and then."""
        adam = _BatchAdam(z)
        for step in range(1, steps + 1):
            with torch.enable_grad():
                moved = adam.z.requires_grad_()
                losses = self._losses(moved, labels)
                gradient = torch.autograd.grad(losses.sum(), moved)[0]
            losses = losses.detach().nan_to_num(nan=float("inf"))
            if step % _TELL_EVERY == 0 or step == steps:
                best = int(losses.argmin())
                yield step, moved.detach()[best].clone(), int(labels[best])
            adam.step(gradient, _RATE * 0.5 * (1 + np.cos(np.pi * step / (steps + 1))))
            if step % _DROP_EVERY == 0 and len(labels) > _FEWEST:
                kept = losses.argsort()[: max(len(labels) // 2, _FEWEST)]
                labels = labels[kept]
                adam.keep(kept)

    def attempt(self, step: int, steps: int, z: Tensor, label: int) -> Attempt:
        """Return what is to be told of one z ``[z_dim]``."""
        vector = z.numpy().copy()
        picture = self._session.render(vector[None], np.array([label]))
        unit = (to_tensor(picture) + 1) / 2
        difference = float((unit - self._unit).square().mean().sqrt())
        found = self._reader.read(picture)
        reading = (int(found[0][0]), float(found[1][0])) if found else None
        return Attempt(step, steps, picture[0], vector, label, difference, reading, self._wanted)

    def _losses(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return the loss ``[N]`` of each z ``[N, z_dim]``."""
        pixels = self._session.pixels(z, labels)
        logits, features = self._reader.look(pixels)
        losses = (self._session.to_unit(pixels) - self._unit).square().flatten(1).mean(1)
        losses = losses + _FEATURES * (features - self._features).square().mean(1) / self._scale
        if logits is not None and self._probabilities is not None:
            likeness = -(self._probabilities * F.log_softmax(logits, 1)).sum(1)
            losses = losses + _READS_ALIKE * likeness
        return losses + _TYPICAL * (z.square().mean(1) - 1).square()


class _BatchAdam:
    """Adam (Kingma and Ba, 2015, arXiv:1412.6980) on rows that may be dropped on the way."""

    def __init__(self, z: Tensor, beta1: float = 0.9, beta2: float = 0.99) -> None:
        self.z = z.clone()
        self._mean, self._square, self._count = torch.zeros_like(z), torch.zeros_like(z), 0
        self._beta1, self._beta2 = beta1, beta2

    def step(self, gradient: Tensor, rate: float) -> None:
        """Move every row against its own gradient."""
        self._count += 1
        self._mean.lerp_(gradient, 1 - self._beta1)
        self._square.lerp_(gradient.square(), 1 - self._beta2)
        mean = self._mean / (1 - self._beta1**self._count)
        root = (self._square / (1 - self._beta2**self._count)).sqrt()
        self.z = (self.z.detach() - rate * mean / (root + 1e-8)).detach()

    def keep(self, rows: Tensor) -> None:
        """Drop all rows but these."""
        self.z, self._mean, self._square = self.z[rows], self._mean[rows], self._square[rows]
