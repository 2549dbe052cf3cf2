"""When many pictures are painted anew while a training hands over one generator after the other. Knows no pictures."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from studio.model.snapshot import SnapshotRef

_RESPITE_MS = 2000


class Respite(QObject):
    """``over`` comes at once for a generator that a person chose, and at most every two seconds for those that train.

    The large picture follows each of those, once a second: of a hundred small ones nobody could, and the training
    would pay for them.
    """

    over = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_owed = False
        self._timer = QTimer(self, singleShot=True, interval=_RESPITE_MS)
        self._timer.timeout.connect(self._on_timeout)

    def take(self, origin: SnapshotRef) -> None:
        """The generator of ``origin`` paints from now on."""
        self._is_owed = origin.kept is None and self._timer.isActive()
        if not self._is_owed:
            self._timer.start()
            self.over.emit()

    def _on_timeout(self) -> None:
        if self._is_owed:
            self._is_owed = False
            self._timer.start()
            self.over.emit()
