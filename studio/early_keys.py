"""Keys that were pressed before the window was whole: they were meant for something else, and act on nothing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent, QShortcutEvent

from studio.building import Building
from studio.guard import guarded


@guarded
class EarlyKeys(QObject):
    """Keeps every key from the window until ``building`` is over, and those that wait for their turn by then, too.

    Else a Space that was typed into a terminal while the window came up would begin a training.
    """

    def __init__(self, building: Building) -> None:
        super().__init__(building)
        application = QCoreApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        building.over.connect(lambda: QTimer.singleShot(0, self, self._end))

    def _end(self) -> None:
        QTimer.singleShot(0, self, self.deleteLater)  # what the desktop has sent meanwhile comes before that

    def eventFilter(self, _receiver: QObject, event: QEvent) -> bool:
        """Take what a key does."""
        return isinstance(event, QKeyEvent | QShortcutEvent)  # an event is slow to tell its type
