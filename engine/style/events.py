"""What a style transfer tells while it works. Knows no torch and nobody who listens."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays, Picture


@dataclass(frozen=True)
class Losses:
    """How far a picture is from what it should be; 0 is there. They are not weighted.

    ``content`` and ``style`` are squared distances of features and of Gram matrices, divided by the squared length of
    what is wished for; ``style`` is the mean over the layers that count, ``by_layer`` each of them. ``variation`` is
    the mean squared difference of neighboring pixels, 0 to 1. ``total`` is what is minimized: their weighted sum.
    """

    content: float
    style: float
    variation: float
    total: float
    by_layer: tuple[tuple[str, float], ...] = ()

    @property
    def is_finite(self) -> bool:
        """Whether every number is one."""
        return all(map(math.isfinite, (self.content, self.style, self.variation, self.total)))


@dataclass(frozen=True)
class StyleBegun:
    """All is prepared; ``start`` uint8 ``[H, W, 3]`` is the picture before the first step.

    ``style_layers`` are those that can count. ``device`` is a short name of what computes, ``precision`` the type.
    """

    start: Picture = field(repr=False)
    network: str
    content_layer: str
    style_layers: tuple[str, ...]
    device: str
    precision: str


@dataclass(frozen=True)
class StyleTick:
    """The picture uint8 ``[H, W, 3]`` after ``step`` of ``steps`` (0: not known yet), and its losses.

    ``seconds`` were computed so far, ``seconds_left`` are what is left at the speed of the last steps.
    """

    step: int
    steps: int
    picture: Picture = field(repr=False)
    losses: Losses
    seconds: float
    seconds_left: float | None
    steps_per_second: float


@dataclass(frozen=True)
class StepUndone:
    """A number was not finite, or the picture got far worse: the step was undone and goes ``rate`` times as far now."""

    step: int
    rate: float


@dataclass(frozen=True)
class GramsReady:
    """The Gram matrices float32 ``[C, C]`` of the style and of the picture by layer, where somebody wants to see them.

    Those of the layers that count, about once a second and at the end.
    """

    step: int
    layers: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = field(repr=False)


class Standing(NamedTuple):
    """How far a transfer is: ``picture`` uint8 ``[H, W, 3]`` after ``step`` steps, which took ``seconds``.

    ``state`` is what going on exactly needs: the pixels float32 ``[1, 3, H, W]``, and what the optimizer has learned.
    """

    picture: Picture
    step: int
    seconds: float
    state: Arrays


StyleEvent = StyleBegun | StyleTick | StepUndone | GramsReady
