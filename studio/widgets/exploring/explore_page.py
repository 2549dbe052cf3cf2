"""What every page of Explore is: it asks for pictures by a signal and is told of them by a slot.

It knows neither torch nor who paints them.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from studio.help.help_button import HelpButton
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.exploring.drawing_panel import DrawingPanel
from studio.widgets.fields.save_picture import PictureToSave


class ExplorePage(View):
    """``pictures_requested`` carries channel, z float32 ``[N, z_dim]`` and labels (``engine.latent.labels``).

    A channel belongs to one page. A subclass lays its controls out in ``body``.
    """

    pictures_requested = Signal(str, np.ndarray, np.ndarray)
    save_requested = Signal(PictureToSave)
    point_chosen = Signal(np.ndarray, int)
    """z float32 ``[z_dim]`` and label that a person chose: all pages go there."""
    point_opened = Signal(np.ndarray, int)
    """The same, to be looked at large."""

    title: ClassVar[str]
    tip: ClassVar[str]
    topic: ClassVar[str]
    """What its “?” explains."""
    wants_kept: ClassVar[bool] = True
    """Whether the points that are kept lie below it."""
    of_points: ClassVar[bool] = False
    """Whether it is about generators of points; the others are about those of pictures."""
    can_blend = False
    """Whether the generator that paints takes mixtures of classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body, self._absent = QWidget(), QWidget()
        self.why_not = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.why_not.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self._absent)
        column.setContentsMargins(*(4 * [SPACING]))
        column.addWidget(HelpButton(self.topic, self), 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.why_not, 1)
        self._shown = QStackedLayout(self)
        for part in (self.body, self._absent):
            self._shown.addWidget(part)

    @property
    def drawn_on(self) -> DrawingPanel | None:
        """What one draws upon: its strokes are taken back there, and no steps in latent space."""
        return None

    def say_why_not(self, text: str) -> None:
        """Say in place of the controls why none of them can do anything, and the mend; show them where it is empty."""
        self.why_not.setText(text)
        self._shown.setCurrentWidget(self._absent if text else self.body)

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Show a generator with ``z_dim`` numbers and these classes; ``z_dim`` 0 means that there is none."""

    def set_read_names(self, names: tuple[str, ...]) -> None:
        """Call what the judge reads ``names``: the classes of the data, also where no class can be asked for."""

    def show_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` if they were made for this page."""

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: ask again for what is shown."""
