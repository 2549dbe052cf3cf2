"""What changes while nobody sees it is laid out before somebody does. It knows no part."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

_QUIET_MS = 300


class LaidOutAhead(QObject):
    """Lays ``page`` out in a quiet moment after each ``ask`` while it is hidden.

    Qt puts that off until a page is shown, where a person waits for all that has changed since the last time.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._lay_out)

    def ask(self) -> None:
        """Something of the page is another, or wants another size."""
        if not self._page.isVisible():
            self._quiet.start()

    def _lay_out(self) -> None:
        """Add up from the innermost parts what each needs, then give each its place."""
        if self._page.isVisible():
            return
        layouts = [(part, part.layout()) for part in (self._page, *self._page.findChildren(QWidget))]
        for _, layout in reversed(layouts):
            if layout is not None:
                layout.activate()
        for part, layout in layouts:
            if layout is not None:
                layout.setGeometry(part.rect())
