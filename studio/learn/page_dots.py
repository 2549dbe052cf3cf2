"""A row of dots, one for each page of a lesson: done, open, or still to come. It knows no lesson."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.i18n import number, tr
from studio import theme
from studio.guard import guarded
from studio.theme import SPACING


@guarded
class PageDots(QWidget):
    """What is done has a tick, so that color alone tells nothing; the open page has a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done: tuple[bool, ...] = ()
        self._open = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pages(self, done: tuple[bool, ...], page: int) -> None:
        """Show which pages are done, and which one is open."""
        numbers = {"page": number(page + 1), "count": number(len(done)), "done": number(sum(done))}
        told = tr("Page {page} of {count}, {done} done", **numbers)
        if (done, page, told) == (self._done, self._open, self.accessibleName()):
            return
        self._done, self._open = done, page
        self.setAccessibleName(told)
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """A line of dots."""
        return QSize(12 * SPACING, 2 * SPACING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a dot for each page, as far apart as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, good = self.palette().color(QPalette.ColorRole.WindowText), theme.color("good")
        apart = min(2.5 * SPACING, (self.width() - SPACING) / max(len(self._done), 1))
        for place, is_done in enumerate(self._done):
            middle = QPointF(SPACING + place * apart, self.height() / 2)
            painter.setPen(QPen(good if is_done else ink, 1.2))
            painter.setBrush(good if is_done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, 4, 4)
            if is_done:
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Window), 1.2))
                painter.drawPolyline([middle + QPointF(*it) for it in ((-2, 0), (-0.5, 1.5), (2, -1.5))])
            if place == self._open:
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, 6.6, 6.6)
        painter.end()
