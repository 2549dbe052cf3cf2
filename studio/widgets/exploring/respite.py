"""When many pictures are painted anew while a training hands over one generator after the other. Knows no pictures."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.model.snapshot import SnapshotRef
from studio.widgets.base.throttle import Throttle

_RESPITE_MS = 2000
_SHARE = 0.02  # of a core: what the window may take of a training that it only follows


class Respite(Throttle):
    """``due`` at once for a generator that a person chose, and at most every two seconds for those that train.

    The large picture follows each of those: of a hundred small ones nobody could, and the training would pay for them.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(_RESPITE_MS, parent, _SHARE)

    def take(self, origin: SnapshotRef) -> None:
        """The generator of ``origin`` paints from now on."""
        if origin.kept is None:
            self.ask()
        else:
            self.do_now()
