"""Where a z lies among all that the generator was trained with: the spread of |z|, and a mark. Knows no generator."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.i18n import tr
from engine.latent.typicality import Typicality, density, describe, typicality
from studio import theme
from studio.theme import SPACING
from studio.widgets.base.throttle import Throttle
from studio.widgets.base.view import View

_REST_MS = 80  # from one sentence to the next: nobody reads them as fast as a slider moves
_WIDEST = 2.0  # |z| / √n at the right edge
_POINTS = 80  # of the hill, whose width is some 150 pixels
_HILL = 3 * SPACING  # pixels
_HILL_INK = 0.3  # of text: it is seen in dark, too
_SHARE, _LEAST_SHARE = 0.4, 0.15  # of the width; the rest is for words
_FURTHEST = Typicality(88.8, 88.8, 0.0)  # of all sentences the longest


class TypicalityGauge(View):
    """A hill of how often each |z| occurs, a mark where this one is, and a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._z = np.zeros(0, np.float32)
        self.found: Typicality | None = None
        self._told = ""
        self._longest = 0  # pixels of the longest sentence
        self._saying = Throttle(_REST_MS, self)
        self._saying.due.connect(self._say)
        self.setAutoFillBackground(True)  # or Qt would paint all that it stands in as well
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.apply_palette()

    def set_z(self, z: NDArray[np.float32]) -> None:
        """Show where ``z`` ``[z_dim]`` lies; nothing where it has no numbers."""
        self._z, self.found = z, typicality(z) if len(z) else None
        if self.accessibleDescription():
            self._saying.ask()
        else:
            self._saying.do_now()

    def text(self) -> str:
        """Return the sentence beside the hill."""
        return self._told

    def sizeHint(self) -> QSize:
        """The hill and a line of words beside it."""
        return QSize(20 * SPACING, max(_HILL, self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """Words that have no room are cut, and told by the tool tip."""
        return QSize(10 * SPACING, self.sizeHint().height())

    def retranslate(self) -> None:
        """Say it in the current language."""
        self.setAccessibleName(tr("How typical this z is"))
        self._measure()
        self._saying.do_now()

    def apply_palette(self) -> None:
        """Colors are taken while it is painted."""
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text takes more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hill, the mark and the sentence."""
        if self.found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hill = QRectF(0.5, 1, self._hill_width(), self.height() - 3)
        self._paint_hill(painter, hill)
        x = hill.left() + min(self.found.length / self.found.usual / _WIDEST, 1) * hill.width()
        ink = theme.color("generator" if self.found.is_known else "trouble")
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QPointF(x, hill.top()), QPointF(x, hill.bottom()))
        painter.setBrush(ink)
        half = SPACING / 2
        painter.drawPolygon(
            QPolygonF([QPointF(x - half, hill.top()), QPointF(x + half, hill.top()), QPointF(x, hill.top() + SPACING)])
        )
        words = QRectF(hill.right() + SPACING, 0, self.width() - hill.right() - SPACING, self.height())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        told = self._told
        if words.width() < self._longest:
            told = self.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, told)

    def _say(self) -> None:
        self._told = describe(self.found) if self.found is not None else ""
        self.setAccessibleDescription(self._told)
        self.setToolTip(self._told)
        self.update()

    def _measure(self) -> None:
        self._longest = self.fontMetrics().horizontalAdvance(describe(_FURTHEST))
        self.updateGeometry()

    def _hill_width(self) -> float:
        """Return how wide the hill is beside the longest sentence, so that it stays whatever is said."""
        words = self._longest + 2 * SPACING
        return min(_SHARE * self.width(), max(self.width() - words, _LEAST_SHARE * self.width()))

    def _paint_hill(self, painter: QPainter, room: QRectF) -> None:
        assert self.found is not None
        painter.setPen(Qt.PenStyle.NoPen)
        ink, paper = (self.palette().color(it) for it in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window))
        painter.setBrush(theme.blend(ink, paper, _HILL_INK))
        painter.drawPolygon(_hill(len(self._z), self.found.usual, room.getRect()))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())


@lru_cache(maxsize=4)  # the same for each z of a generator
def _hill(z_dim: int, usual: float, room: tuple[float, float, float, float]) -> QPolygonF:
    """Return the outline of how often each |z| occurs, in ``room``: left, top, width, height."""
    left, top, width, height = room
    shares = np.linspace(0, _WIDEST, _POINTS)
    ys = top + height - density(z_dim, shares * usual) * height
    outline = map(QPointF, (left + shares / _WIDEST * width).tolist(), ys.tolist())
    return QPolygonF([QPointF(left, top + height), *outline, QPointF(left + width, top + height)])
