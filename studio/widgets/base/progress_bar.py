"""A progress bar that costs a training nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar

from engine.i18n import number
from studio.guard import guarded

_QTS_OWN = "%p%"
_FULL = 1000  # parts of it: more than a bar has pixels


@guarded
class ProgressBar(QProgressBar):
    """Painted when the event loop comes to it, and at rest while nothing moves.

    Qt paints a new value at once, with Python's lock held, and a training waits meanwhile. And what was busy is painted
    sixty times a second as long as its value is its minimum: so no value shown here is.
    """

    def show_count(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``; of 0, that nobody knows how far it is."""
        parts = -(-_FULL // total) if total else 1  # of each: what lies below nothing at all is too little to be seen
        wanted = (-1 if total else 0, total * parts, done * parts)
        if (self.minimum(), self.maximum(), self.value()) == wanted:
            return
        self.setUpdatesEnabled(False)
        self.setRange(*wanted[:2])
        self.setValue(wanted[2])
        self.setUpdatesEnabled(True)

    @property
    def share(self) -> float | None:
        """How much is done (0 to 1); None where nobody knows it."""
        return self.value() / self.maximum() if self.maximum() else None

    def show_share(self, share: float | None) -> None:
        """Show ``share`` (0 to 1), or that nobody knows it."""
        self.show_count(int(_FULL * (share or 0)), 0 if share is None else _FULL)

    def text(self) -> str:
        """Say the share as percents are written everywhere else, where there are no words of the bar's own."""
        if self.format() != _QTS_OWN:
            return super().text()
        return number(self.share, ".0%") if self.share is not None and self.share >= 0 else ""
