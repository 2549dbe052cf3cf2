"""The dialog in which a person draws one digit after the other: taken, cut and centered, with the judge's reading.

It knows no data set: whoever listens to ``drawn`` keeps what it carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.i18n import joined, number, tr, trn
from engine.pictures import tile
from studio.help.help_button import HelpButton
from studio.part_keys import DRAWING_ASK, DRAWING_BACK
from studio.services import sheets
from studio.services.sheets import DrawnDigit
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.base.chosen_look import show_chosen
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.exploring.drawing_panel import DrawingPanel
from studio.widgets.layouts.stacked import beside
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.image_view import ImageView
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners

_EACH = 10  # of one digit in a row, before it is the next one's turn
_COLUMNS = 10


class DrawDigitsDialog(Dialog):
    """``drawn`` carries all that was drawn, a tuple of ``DrawnDigit``, however the dialog goes."""

    drawn = Signal(tuple)

    def __init__(self, jobs: JobRunner, before: Sequence[DrawnDigit] = (), parent: QWidget | None = None) -> None:
        super().__init__("draw_digits_dialog", parent, Buttons.Ok)
        self._jobs = jobs
        self._digits = list(before)
        self._label, self._under_way = 0, 0
        self._is_leaving = False
        self._said = ""
        self._drawing = DrawingPanel()
        self.canvas = self._drawing.canvas
        self._asked = set_object_name(QLabel(), "digit_asked")
        self._told = set_object_name(QLabel(wordWrap=True), "digit_told")
        self._group = QButtonGroup(self)
        self.labels = [set_object_name(CompactButton(str(it)), f"digit_{it}") for it in range(10)]
        self.take_it = set_object_name(QPushButton(), "take_digit_button")
        self.back = set_object_name(QPushButton(autoDefault=False), "take_back_button")
        self.picture = set_object_name(ImageView(), "digits_drawn")
        self._lay_out()
        self._connect()
        self.ask_for(next((it for it in range(10) if self._count(it) < _EACH), 0))
        self.retranslate()
        self.canvas.setFocus()

    def ask_for(self, label: int) -> None:
        """Let what is drawn from now on be this digit."""
        self._label = label
        self.labels[label].setChecked(True)
        show_chosen(self.labels, self.palette())
        self._show()

    def take(self) -> bool:
        """Go once the last drawing is read; what is on the canvas and was not taken counts, too."""
        self._take_drawing()
        self._is_leaving = self._under_way > 0
        return not self._is_leaving

    def reject(self) -> None:
        """Nothing that was drawn is lost by Escape."""
        self.confirm()

    def done(self, result: int) -> None:
        """Tell what was drawn."""
        self.drawn.emit(tuple(self._digits))
        super().done(result)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Draw digits"))
        for label, button in enumerate(self.labels):
            button.setAccessibleName(tr("Draw digit {digit}", digit=number(label)))
        self.take_it.setText(tr("Take it"))
        self.take_it.setToolTip(tr("Cut it out and begin with the next one (Enter)"))
        self.back.setText(tr("Take the last one back"))
        self.picture.placeholder = tr("What you draw appears here, the newest first.")
        self.picture.setAccessibleName(tr("Digits that you drew"))
        self.buttons.button(Buttons.Ok).setText(tr("Done"))
        self._show()

    # --- inside

    def _lay_out(self) -> None:
        self._drawing.setAcceptDrops(False)
        self._drawing.open_button.hide()  # what is given here is drawn
        self._asked.setFont(bold(self._asked.font()))
        digits = WrappingLayout(spacing=SPACING // 2)
        for label, button in enumerate(self.labels):
            button.setCheckable(True)
            self._group.addButton(button, label)
            digits.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(SPACING)
        right.addLayout(beside(self._asked, HelpButton("drawn_digits", self)))
        right.addLayout(digits)
        right.addLayout(beside(self.take_it, self.back))
        right.addWidget(self._told)
        right.addWidget(self.picture, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * SPACING)
        middle.addWidget(self._drawing, 1)
        middle.addLayout(right, 1)
        column = self.column()
        column.addLayout(middle, 1)
        column.addWidget(self.buttons)
        self.picture.setMinimumHeight(8 * SPACING)
        done = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        done.setAutoDefault(False)
        self.main_button = self.take_it
        self.resize(96 * SPACING, 56 * SPACING)

    def _connect(self) -> None:
        self._group.idClicked.connect(self.ask_for)
        self.take_it.clicked.connect(self._take_drawing)
        self.back.clicked.connect(self._take_back)
        self.canvas.changed.connect(self._show)
        for digit, key in enumerate(DRAWING_ASK.keys):
            DRAWING_ASK._replace(keys=(key,)).shortcut(self, partial(self.ask_for, digit))
        DRAWING_BACK.shortcut(self, self._take_back)

    def _take_drawing(self) -> None:
        if self.canvas.is_empty:
            return
        work = partial(sheets.read_drawing, self.canvas.drawing(), self._label)
        listeners: Listeners[None, DrawnDigit | None] = Listeners(
            result=self._on_read, failed=self._on_failed, end=self._on_end
        )
        self._under_way += 1
        self._jobs.in_turn("reading a drawing", work, listeners)
        self.canvas.start_over()
        self.canvas.setFocus()

    def _take_back(self) -> None:
        """Take back the last stroke while something is being drawn, else the last digit."""
        if not self.canvas.is_empty:
            self.canvas.undo()
        elif self._digits and not self._under_way:
            last = self._digits.pop()
            self._said = ""
            self.ask_for(last.label)

    def _on_read(self, digit: DrawnDigit | None) -> None:
        if digit is None:
            self._said = tr("That is too little ink for a digit: draw it larger.")
            return
        self._digits.append(digit)
        if digit.read_as == digit.label:
            self._said = tr("The judge reads it as {digit}.", digit=number(digit.read_as))
        else:
            self._said = tr(
                "The judge takes this {meant} for a {read}: take it back, or keep it if a person can read it.",
                meant=number(digit.label),
                read=number(digit.read_as),
            )
        if digit.label == self._label and self._count(digit.label) == _EACH:
            self.ask_for(next((it for it in range(10) if self._count(it) < _EACH), digit.label))

    def _on_failed(self, failed: Failure) -> None:
        self._said = joined(failed.message, failed.hint)

    def _on_end(self) -> None:
        self._under_way -= 1
        self._show()
        if self._is_leaving and not self._under_way:
            self.accept()

    def _count(self, label: int) -> int:
        return sum(digit.label == label for digit in self._digits)

    def _show(self) -> None:
        has_ink = not self.canvas.is_empty
        self.take_it.setEnabled(has_ink)
        self.back.setEnabled(has_ink or bool(self._digits))
        asked = tr("Draw the digit {digit}", digit=number(self._label))
        so_far = trn("{count} so far", "{count} so far", self._count(self._label))
        self._asked.setText(joined(asked, so_far, between=" · "))
        self._told.setText(self._said)
        images = np.array([digit.image for digit in reversed(self._digits)], np.uint8)
        self.picture.set_picture(tile(images, _COLUMNS) if len(images) else None)
