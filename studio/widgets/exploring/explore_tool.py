"""What every tool beside the large picture is: it moves the point, says which pictures it wants, and is told of them.

It knows neither torch nor who paints them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.arrays import Pictures
from engine.latent.labels import Labels
from studio.model.explored import Explored, LatentPoint
from studio.widgets.base.view import View
from studio.widgets.pictures.picture_table import PictureTable


class Wish(NamedTuple):
    """The pictures of z float32 ``[N, z_dim]`` and labels, to be shown on ``channel``."""

    channel: str
    z: NDArray[np.float32]
    labels: Labels


class Use(NamedTuple):
    """What a point can be taken as; ``title`` is a source text."""

    name: str
    title: str
    take: Callable[[LatentPoint], object]


class ExploreTool(View):
    """``wishes_changed`` says that other pictures are wanted than before."""

    wishes_changed = Signal()

    title: ClassVar[str]
    tip: ClassVar[str]

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explored = explored
        self._can_blend = False

    @property
    def asks_soon(self) -> bool:
        """Whether it asks anew in a moment, when what moves rests: until then nobody needs what it would ask for."""
        return False

    @property
    def can_blend(self) -> bool:
        """Whether the generator takes mixtures of classes."""
        return self._can_blend

    @can_blend.setter
    def can_blend(self, can_blend: bool) -> None:
        self._can_blend = can_blend

    def begin(self) -> None:
        """Another generator is explored."""

    def wishes(self) -> Sequence[Wish]:
        """Return what is wanted while it is in front."""
        return ()

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show what was wanted on ``channel``, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or nothing."""

    def clear(self) -> None:
        """Show no picture any more: those there were another generator's."""
        for table in self.findChildren(PictureTable):
            table.set_images(None)

    def uses(self) -> Sequence[Use]:
        """Return what a point that somebody kept can be taken as here."""
        return ()

    def limit_height(self, height: int) -> None:
        """Show pictures no larger than ``height`` allows."""
