"""What every page of Explore is: it asks for pictures by a signal and is told of them by a slot.

It knows neither torch nor who paints them.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from studio.model.snapshot import NEWEST, SnapshotRef
from studio.widgets.base.view import View
from studio.widgets.fields.save_picture import PictureToSave


class ExplorePage(View):
    """``pictures_requested`` carries channel, z float32 ``[N, z_dim]`` and labels (``engine.latent.labels``).

    A channel belongs to one page.
    """

    pictures_requested = Signal(str, np.ndarray, np.ndarray)
    save_requested = Signal(PictureToSave)
    point_chosen = Signal(np.ndarray, int)
    """z float32 ``[z_dim]`` and label that a person chose: all pages go there."""
    point_opened = Signal(np.ndarray, int)
    """The same, to be looked at large."""

    title: ClassVar[str]
    tip: ClassVar[str]
    wants_kept: ClassVar[bool] = True
    """Whether the points that are kept lie below it."""
    of_points: ClassVar[bool] = False
    """Whether it is about generators of points; the others are about those of pictures."""
    can_blend = False
    """Whether the generator that paints takes mixtures of classes."""

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Show a generator with ``z_dim`` numbers and these classes; ``z_dim`` 0 means that there is none."""

    def set_read_names(self, names: tuple[str, ...]) -> None:
        """Call what the judge reads ``names``: the classes of the data, also where no class can be asked for."""

    def show_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` if they were made for this page."""

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: ask again for what is shown."""
