"""What may be asked for more often than it is worth doing. Knows nothing of what is done."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Throttle(QObject):
    """``due`` comes at once for the first that ``ask``, and at the end of each rest for whoever asked meanwhile.

    The last to ask is never forgotten, which is what a plain limit of so many a second gets wrong.
    """

    due = Signal()

    def __init__(self, rest_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._is_owed = False
        self._rest = QTimer(self, singleShot=True, interval=rest_ms)
        self._rest.timeout.connect(self.settle)

    def ask(self) -> None:
        """Have it done: now, or at the end of the rest that is under way."""
        self._is_owed = True
        if not self._rest.isActive():
            self.settle()

    def do_now(self) -> None:
        """Have it done whether or not it rests, which begins anew."""
        self._is_owed = False
        self._rest.start()
        self.due.emit()

    def settle(self) -> None:
        """Have done now what somebody asked for during the rest, if anybody did."""
        if self._is_owed:
            self.do_now()
