"""What changes while nobody sees it is laid out before somebody does. It knows no part."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, QTimer
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.impatient import impatient

_QUIET_MS = 300
_BETWEEN_MS = 20  # two steps: a person is heard, and a training goes on
_LAYOUTS_UPON_LAYOUTS = 2  # what has its place asks for another size, and that again
_STRIP = 20 * SPACING  # painted at once
_OVER = object()


@guarded
class LaidOutAhead(QObject):
    """Prepares a page of ``stack`` in a quiet moment after each ``ask`` while it is hidden, and all that are resized.

    Qt puts that off until a page is shown, where a person waits for all that has changed since the last time.
    """

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._asked: list[QWidget] = []
        self._steps: Iterator[None] = iter(())
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(self._go_on)
        stack.installEventFilter(self)

    def ask(self, page: QWidget) -> None:
        """Something of ``page`` is another, or wants another size."""
        if not page.isVisible():
            if page not in self._asked:
                self._asked.append(page)
            self._quiet.start(_QUIET_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt tells the page in front alone that the place of all has another size."""
        if event.type() == QEvent.Type.Resize:
            for page in map(self._stack.widget, range(self._stack.count())):
                assert page is not None
                self.ask(page)
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        while next(self._steps, _OVER) is _OVER:
            if not self._asked:
                return
            self._steps = steps(self._asked.pop(0))
        self._quiet.start(_BETWEEN_MS)


def steps(page: QWidget) -> Iterator[None]:
    """Give each part of ``page`` the place in which it will be seen; then paint it there, a strip at each step.

    Qt lays out what is hidden before it draws it, and parts hear of their sizes then. It keeps letters and frames that
    it has drawn once, as pyqtgraph keeps axes. What is seen meanwhile is left to Qt.
    """
    stack = page.parentWidget()
    if page.isVisible() or stack is None:
        return
    page.resize(stack.size())
    for _ in range(_LAYOUTS_UPON_LAYOUTS):
        _draw(page, 0, 1)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    for top in range(0, page.height(), _STRIP):
        yield
        if not page.isVisible():
            _draw(page, top, _STRIP)


def _draw(page: QWidget, top: int, height: int) -> None:
    """Draw ``height`` pixels of ``page`` from ``top`` on, as on its screen, where nobody sees it."""
    ratio = page.devicePixelRatioF()
    picture = QPixmap(QSize(page.width(), height) * ratio)
    picture.setDevicePixelRatio(ratio)
    with impatient():
        page.render(picture, QPoint(), QRegion(0, top, page.width(), height))
