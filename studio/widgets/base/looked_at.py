"""A panel that tells when it comes in sight, and when it leaves it: what nobody sees need not be kept up to date."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from studio.widgets.base.view import View


class LookedAt(View):
    """``looked_at`` carries whether it is in sight."""

    looked_at = Signal(bool)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self.looked_at.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.looked_at.emit(False)
