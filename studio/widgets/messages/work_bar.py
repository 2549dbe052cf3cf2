"""How far some work is, with a button that ends it. It knows no work."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.progress_bar import ProgressBar


class WorkBar(QWidget):
    """Seen while something is worked on; ``canceled`` tells that the person wants it to end.

    ``keeps_room``: nothing around it moves when work begins. Meanwhile the parts that it ``hides`` or ``disables`` are
    of no use. Their focus its button takes, and leaves it to ``heir``: Qt would give it to whatever comes next.
    """

    canceled = Signal()

    def __init__(
        self,
        *,
        keeps_room: bool = False,
        heir: QWidget | None = None,
        hides: tuple[QWidget, ...] = (),
        disables: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__()
        self._heir, self._hides, self._disables = heir, hides, disables
        self.bar, self.button = ProgressBar(), CompactButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.bar, 1)
        row.addWidget(self.button)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps_room)
        self.setSizePolicy(policy)
        self.button.clicked.connect(self.canceled)
        self.hide()

    def show_share(self, share: float | None) -> None:
        """Show how far the work is (0 to 1), or that there is none."""
        self.set_working(share is not None)
        self.bar.show_share(share or 0)

    def show_count(self, done: int, total: int, words: str) -> None:
        """Show in ``words`` that ``done`` of ``total`` are there; of 0, nobody knows yet how far it is."""
        self.bar.show_count(done, total)
        self.bar.setFormat(words)

    def set_working(self, is_working: bool) -> None:
        """Be seen, or not."""
        had_focus = self.button.hasFocus()
        if is_working:
            takes_focus = any(part.hasFocus() for part in (*self._hides, *self._disables))
            self.show()
            if takes_focus:
                self.button.setFocus()
        for part in self._hides:
            part.setVisible(not is_working)
        for part in self._disables:
            part.setEnabled(not is_working)
        if not is_working:
            if had_focus and self._heir is not None:
                self._heir.setFocus()
            self.hide()

    def name_it(self, work: str, tip: str = "", cancel: str = "") -> None:
        """Say what the work is, what the button does, and what stands on it, where that is not “Cancel”."""
        self.bar.setAccessibleName(work)
        self.button.setText(cancel or tr("Cancel"))
        self.button.setAccessibleName(self.button.text())
        self.button.setToolTip(tip)
