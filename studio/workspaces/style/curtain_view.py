"""The picture as it forms, with a curtain that slides between before and after. It knows nothing of styles."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen

from engine.arrays import Picture
from engine.i18n import tr
from studio.widgets.base.clipboard import copy_picture
from studio.widgets.pictures.image_view import ImageView, picture_to_image

_LINE = 2


class CurtainView(ImageView):
    """Left of the curtain lies what there was before; dragging moves it, unless a person has zoomed in.

    ``curtain_moved`` carries the share of the picture, from the left, that shows what was before.
    """

    curtain_moved = Signal(float)
    is_smooth = True  # a photograph is no pattern of pixels

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("style_picture")
        self.curtain = 0.0
        self._before: Picture | None = None
        self._after: Picture | None = None
        self.retranslate()
        self.apply_palette()

    @property
    def after(self) -> Picture | None:
        """The picture without the curtain, uint8 [H, W, 3]."""
        return self._after

    def show_pictures(self, before: Picture | None, after: Picture | None) -> None:
        """Show two pictures uint8 [H, W, 3] of one size; without ``before`` there is no curtain."""
        self._before, self._after = before, after
        self._compose()

    def set_curtain(self, share: float) -> None:
        """Let the left ``share`` of the picture show what was before."""
        self.curtain = min(max(share, 0.0), 1.0)
        self._compose()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(tr("The painted picture"))
        self.placeholder = tr("Choose a content and a style, and press “Paint”.")

    def copy(self) -> None:
        """Put the painted picture, one pixel for one pixel, on the clipboard."""
        if self._after is not None:
            copy_picture(self, picture_to_image(self._after))

    @staticmethod
    def step(scale: float) -> float:
        """Every scale will do for a smooth picture."""
        return scale

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, and the edge of the curtain."""
        super().paintEvent(event)
        if self._before is None or not 0 < self.curtain < 1:
            return
        painter, rect = QPainter(self), self.picture_rect()
        x = rect.left() + self.curtain * rect.width()
        for color, width in ((QPalette.ColorRole.Base, 2 * _LINE), (QPalette.ColorRole.Text, _LINE / 2)):
            painter.setPen(QPen(self.palette().color(color), width))
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the curtain."""
        super().mousePressEvent(event)
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        super().mouseMoveEvent(event)
        self._drag(event)

    def _drag(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton or self._before is None or self._drag_from is not None:
            return
        rect = self.picture_rect()
        self.set_curtain((event.position().x() - rect.left()) / max(rect.width(), 1))
        self.curtain_moved.emit(self.curtain)

    def _compose(self) -> None:
        before, after = self._before, self._after
        if before is None or after is None or before.shape != after.shape:
            self.set_picture(after)
            return
        edge = round(self.curtain * after.shape[1])
        self.set_picture(np.concatenate([before[:, :edge], after[:, edge:]], axis=1))
