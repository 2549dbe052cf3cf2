"""A number that stands beside what is turned and changes with it. Knows nothing of what it means."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.i18n import number
from studio.guard import guarded

_WIDEST = -8.88
_FORM = ".2f"


@guarded
class SteadyNumber(QLabel):
    """Two digits behind the point, at the right of a place with room for any from -9 to 10, and more once one is wider.

    Qt lays out anew whatever stands around a label at each of its texts, unless the size of the label is fixed: in a
    full page that takes longer than to paint it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAutoFillBackground(True)  # or Qt would paint all that it stands in as well
        self._widest = number(_WIDEST, _FORM)
        self._fix()

    def show_number(self, value: float) -> None:
        """Show ``value``."""
        text = number(value, _FORM)
        if len(text) > len(self._widest):
            self._widest = text
            self._fix()
        self.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text takes more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fix()

    def _fix(self) -> None:
        metrics = self.fontMetrics()
        self.setFixedSize(metrics.horizontalAdvance(self._widest), metrics.height())
