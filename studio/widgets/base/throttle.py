"""What may be asked for more often than it is worth doing. Knows nothing of what is done."""

from __future__ import annotations

from time import monotonic, thread_time
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Signal

_LONGEST = 3  # rests: what is slower than this would not be taken for following


class Throttle(QObject):
    """``due`` comes at once for the first that ``ask``, and at the end of each rest for whoever asked meanwhile.

    The last to ask is never forgotten, which is what a plain limit of so many a second gets wrong.

    A rest is ``rest_ms`` long. While others compute it is up to three times that where this thread, with all that it
    does and paints from one time to the next, would otherwise compute for more than ``share`` of the time: on a slow
    machine what follows a hand follows in larger steps, and what trains beside it goes on.
    """

    others_compute: ClassVar[bool] = False
    """Whether a training or a search goes on in this program, for which whoever has a share makes room."""

    due = Signal()

    def __init__(self, rest_ms: int, parent: QObject, share: float = 1.0) -> None:
        super().__init__(parent)
        self._is_owed = False
        self._share, self._longest = share, _LONGEST * rest_ms / 1000
        self._since, self._spent = 0.0, 0.0  # when it was last done, and what this thread had computed by then
        self._rest_ms = rest_ms
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._settle_or_rest_on)

    def ask(self) -> None:
        """Have it done: now, or at the end of the rest that is under way."""
        self._is_owed = True
        if not self._rest.isActive():
            self.settle()

    def do_now(self) -> None:
        """Have it done whether or not it rests, which begins anew."""
        self._is_owed = False
        if self._share < 1:  # asking what a thread has computed takes a tenth of a millisecond
            self._since, self._spent = monotonic(), thread_time()
        self._rest.start(self._rest_ms)
        self.due.emit()

    def settle(self) -> None:
        """Have done now what somebody asked for during the rest, if anybody did."""
        if self._is_owed:
            self.do_now()

    def _settle_or_rest_on(self) -> None:
        missing_ms = self._missing_ms() if self.others_compute and self._share < 1 else 0
        if self._is_owed and missing_ms > 0:
            self._rest.start(missing_ms)
        else:
            self.settle()

    def _missing_ms(self) -> int:
        """Return how much longer it has to rest for what this thread has computed to be no more than its share."""
        worth = min((thread_time() - self._spent) / self._share, self._longest)
        return round(1000 * (worth - (monotonic() - self._since)))
