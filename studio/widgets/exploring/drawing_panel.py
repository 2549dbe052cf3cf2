"""A canvas with its tools, and a place for a picture of one's own. Knows no generator: it tells what there is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.canvas import Canvas
from studio.widgets.pictures.picture_taker import PictureTaker


class DrawingPanel(PictureTaker):
    """``drawn`` comes after each stroke, ``cleared`` where no ink is left, ``inked`` also during a stroke."""

    drawn = Signal()
    inked = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.eraser_button, self.undo_button, self.redo_button = CompactButton(), CompactButton(), CompactButton()
        self.eraser_button.setCheckable(True)
        self.clear_button, self.open_button = CompactButton(), CompactButton()
        self.tools = WrappingLayout(spacing=SPACING // 2)
        for button in self._buttons():
            self.tools.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(self.tools)
        layout.addWidget(self.canvas, 1)
        self._connect()
        self._show_state()
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        for button, text, tip in (
            (self.eraser_button, tr("Eraser"), tr("Take ink away; the right mouse button does so, too")),
            (self.undo_button, tr("Back"), tr("Take the last stroke back")),
            (self.redo_button, tr("Again"), tr("Draw again what was taken back")),
            (self.clear_button, tr("Clear"), tr("Begin with an empty canvas")),
            (self.open_button, tr("Picture…"), tr("Take a picture of your own, such as a photo of a digit")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)

    def undo(self) -> None:
        """Take the last stroke back."""
        self.canvas.undo()

    def redo(self) -> None:
        """Draw again what was taken back last."""
        self.canvas.redo()

    def words(self, *, back: bool) -> str:
        """Say what would be taken back, or drawn again."""
        return "" if self.why_not(back=back) else tr("stroke")

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be taken back, or drawn again."""
        if back:
            return "" if self.canvas.can_undo else tr("Nothing is drawn that can be taken back.")
        return "" if self.canvas.can_redo else tr("No stroke was taken back.")

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.eraser_button, self.undo_button, self.redo_button, self.clear_button, self.open_button

    def _connect(self) -> None:
        self.canvas.changed.connect(self._on_drawn)
        self.canvas.inked.connect(self.inked)
        self.eraser_button.toggled.connect(self._on_eraser)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.clear_button.clicked.connect(self.canvas.clear)
        self.open_button.clicked.connect(self.ask_for_file)

    def _on_eraser(self, is_on: bool) -> None:
        self.canvas.erases = is_on

    def _on_drawn(self) -> None:
        self._show_state()
        (self.cleared if self.canvas.is_empty else self.drawn).emit()

    def _show_state(self) -> None:
        self.undo_button.setEnabled(self.canvas.can_undo)
        self.redo_button.setEnabled(self.canvas.can_redo)
        self.clear_button.setEnabled(not self.canvas.is_empty)
