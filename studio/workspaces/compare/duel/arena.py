"""Two grids without names beside each other, the question above them, and below what can be answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import tr
from engine.preference.answers import Said
from studio.part_keys import DUEL_ANSWER, DUEL_UNDO
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.pictures.duel_picture import DuelPicture

_ANSWERS: tuple[Said, ...] = ("left", "right", "equal", "skip")


class Arena(View):
    """``said`` carries an answer; ``undo_requested`` that the last one shall be taken back."""

    said = Signal(str)
    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left = set_object_name(DuelPicture(), "duel_left_picture")
        self.right = set_object_name(DuelPicture(), "duel_right_picture")
        for picture, side in ((self.left, "left"), (self.right, "right")):
            picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            picture.clicked.connect(lambda side=side: self.said.emit(side))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons = QHBoxLayout()
        self.keys = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        pair = QHBoxLayout()
        pair.setSpacing(3 * SPACING)
        pair.addWidget(self.left, 1)
        pair.addWidget(self.right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING // 2,) * 4)  # room for the ring of the focus
        layout.addLayout(pair, 1)
        layout.addLayout(self.buttons)
        layout.addWidget(self.keys)
        self.retranslate()

    def add_buttons(self, buttons: list[QPushButton]) -> None:
        """Let ``buttons`` stand below the grids."""
        self.buttons.addStretch()
        for button in buttons:
            self.buttons.addWidget(button)
        self.buttons.addStretch()

    def show_pair(self, grids: tuple[Picture, Picture] | None) -> None:
        """Show two grids, or none; the keys are heard from now on."""
        self.left.set_picture(grids[0] if grids else None)
        self.right.set_picture(grids[1] if grids else None)
        if any(button.hasFocus() for button in self.findChildren(QPushButton)):
            self.take_focus()  # arrows would go from button to button

    def take_focus(self) -> None:
        """Let the keys be heard, with a ring around both grids, so that neither looks chosen."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.setAccessibleName(tr("Two grids of samples"))
        self.left.setAccessibleName(tr("Samples at the left"))
        self.right.setAccessibleName(tr("Samples at the right"))
        tip = tr("Click the one that you prefer")
        for picture in (self.left, self.right):
            picture.setToolTip(tip)
        self.keys.setText(
            tr("Keys: ← the left one, → the right one, ↓ both alike, ↑ cannot say, Backspace to take an answer back")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows answer; Backspace takes back."""
        answer = DUEL_ANSWER.nth(event)
        if event.isAutoRepeat():
            event.accept()  # a key that is held is one answer
        elif answer is not None:
            self.said.emit(_ANSWERS[answer])
        elif DUEL_UNDO.nth(event) is not None:
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)
