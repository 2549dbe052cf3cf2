"""A row of dots, one for each page of a lesson: done, open or still to come; a click leads there. Knows no lesson."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.i18n import number, tr
from studio import theme
from studio.guard import guarded
from studio.theme import SPACING


@guarded
class PageDots(QWidget):
    """What is done has a tick, so that color alone tells nothing; the open page has a ring.

    ``chosen`` carries the page whose dot was clicked: any may be looked at at any time.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done: tuple[bool, ...] = ()
        self._titles: tuple[str, ...] = ()
        self._open = 0
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pages(self, done: tuple[bool, ...], page: int, titles: Sequence[str] = ()) -> None:
        """Show which pages are done, and which one is open; the pointer upon a dot tells the title of its page."""
        self._titles = tuple(titles)
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

    def place_of(self, page: int) -> QPointF:
        """Return the middle of the dot of ``page``: dots are as far apart as there is room for."""
        return QPointF(SPACING + page * self._apart(), self.height() / 2)

    def _apart(self) -> float:
        return min(2.5 * SPACING, (self.width() - SPACING) / max(len(self._done), 1))

    def _page_at(self, x: float) -> int | None:
        page = round((x - SPACING) / max(self._apart(), 1.0))
        return page if 0 <= page < len(self._done) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which page the dot under the pointer is."""
        page = self._page_at(event.position().x())
        is_title = page is not None and page < len(self._titles)
        self.setToolTip(f"{number((page or 0) + 1)}. {self._titles[page or 0]}" if is_title else self.accessibleName())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the page whose dot is under the pointer."""
        page = self._page_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and page is not None and page != self._open:
            self.chosen.emit(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a dot for each page."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, good = self.palette().color(QPalette.ColorRole.WindowText), theme.color("good")
        for place, is_done in enumerate(self._done):
            middle = self.place_of(place)
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
