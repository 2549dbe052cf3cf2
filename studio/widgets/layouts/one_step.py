"""A window that changes together with its size is seen as it was, and then as it shall be. It knows no part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from studio.guard import guarded
from studio.widgets.layouts.laid_out_first import laid_out_first

_PATIENCE_MS = 1000  # with a desktop that gives the window the size that it has


@guarded
class OneStep(QObject):
    """Paints nothing of ``window`` while it changes ``to`` a size, until the desktop has given it that.

    Or it would be seen with letters and bars that are new already, in places for the size that it had.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._end_of_patience = QTimer(self, singleShot=True)
        self._sized = QTimer(self, singleShot=True, interval=0)
        for timer in (self._end_of_patience, self._sized):
            timer.timeout.connect(self._end)

    @property
    def _window(self) -> QWidget:
        window = self.parent()
        assert isinstance(window, QWidget)
        return window

    @contextmanager
    def to(self, size: QSize) -> Iterator[None]:
        """Change what is in the window, then ask the desktop for ``size``: all is laid out for it by then."""
        self._window.installEventFilter(self)
        self._window.setUpdatesEnabled(False)
        with laid_out_first(self._window):
            yield
            QApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)  # which Qt puts off
        if layout := self._window.layout():
            layout.setGeometry(QRect(QPoint(), size))
        self._end_of_patience.start(_PATIENCE_MS if size != self._window.size() else 0)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Go on once all that the size brings has happened."""
        if event.type() == QEvent.Type.Resize:
            self._sized.start()
        return False

    def _end(self) -> None:
        self._end_of_patience.stop()
        self._window.removeEventFilter(self)
        with laid_out_first(self._window):
            self._window.setUpdatesEnabled(True)
        self._window.repaint()  # Qt counts on what was asked for meanwhile, which it painted nothing of
