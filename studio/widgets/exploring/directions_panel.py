"""Directions in latent space as sliders, each with the pictures at its ends. Knows no generator: it says what moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import Pictures
from engine.i18n import again, mark, number, tr
from studio import theme
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.fields.dimension_sliders import ResettableSlider
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.steady_number import SteadyNumber
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.picture_table import PictureTable

_STEPS = 100  # of a slider for 1.0
_PICTURE, _LEAST_SLIDER = 6 * SPACING, 8 * SPACING
METHODS = (("sefa", mark("by weights (SeFa)")), ("pca", mark("by activations (GANSpace)")))


class DirectionRow(NamedTuple):
    """``title`` says what it changes, ``name`` is a person's own, ``low`` and ``high`` what pictures become there.

    ``note`` says whether it still holds where it was measured again, or nothing.
    """

    title: str
    name: str
    low: str
    high: str
    note: str = ""


class DirectionsPanel(LookedAt):
    """A row for each direction, what changes the picture most above.

    ``moved`` carries a row and where along it the point shall lie, ``reset_requested`` the row that shall lie at 0,
    ``renamed`` a row and its new name.
    """

    find_requested = Signal(str)
    measure_requested = Signal()
    cancel_requested = Signal()
    moved = Signal(int, float)
    reset_requested = Signal(int)
    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("directions_panel")
        self.method_box, self.find_button, self.again_button = ElidingComboBox(), CompactButton(), CompactButton()
        self.work, self.note = (
            WorkBar(heir=self.find_button, hides=(self.method_box, self.find_button, self.again_button)),
            QLabel(wordWrap=True),
        )
        self.names: list[QLineEdit] = []
        self.sliders: list[ResettableSlider] = []
        self._values: list[SteadyNumber] = []
        self.notes: list[QLabel] = []
        self.ends: list[tuple[PictureTable, PictureTable]] = []
        self._rows: tuple[DirectionRow, ...] = ()
        self._text = ""
        for key, text in METHODS:
            self.method_box.addItem(tr(text), key)
        self._arrange()
        self.find_button.clicked.connect(lambda: self.find_requested.emit(self.method_box.currentData()))
        self.again_button.clicked.connect(self.measure_requested)
        self.work.canceled.connect(self.cancel_requested)
        self.show_progress(None)
        self.retranslate()

    def set_rows(self, rows: Sequence[DirectionRow]) -> None:
        """Show these directions; where there are none, say what to do."""
        if len(rows) != len(self._rows):
            self._make(len(rows))
        self._rows = tuple(rows)
        self._say_rows()

    def set_places(self, places: Sequence[float]) -> None:
        """Show where along each direction the point lies, standard deviations from the middle."""
        for slider, value, place in zip(self.sliders, self._values, places, strict=True):
            if not slider.isSliderDown():
                with QSignalBlocker(slider):
                    slider.setValue(round(place * _STEPS))
            value.show_number(place)

    def show_pictures(self, images: Pictures | None) -> None:
        """Show uint8 ``[2 · rows, H, W]`` or ``[2 · rows, H, W, 3]``: of each direction the lower end and the upper."""
        for row, (low, high) in enumerate(self.ends):
            there = images is not None and len(images) == 2 * len(self.ends)
            low.set_images(images[2 * row : 2 * row + 1] if there and images is not None else None)
            high.set_images(images[2 * row + 1 : 2 * row + 2] if there and images is not None else None)

    def show_progress(self, share: float | None) -> None:
        """Show that directions are being looked for, so far (0 to 1), or that they are not."""
        self.work.show_share(share)
        self.again_button.setVisible(share is None and bool(self._rows))

    def say(self, text: str) -> None:
        """Say ``text`` above the rows, or what there is to do where it is empty."""
        self._text = text
        self._say_rows()

    def retranslate(self) -> None:
        """Set every text."""
        for index, (_, text) in enumerate(METHODS):
            self.method_box.setItemText(index, tr(text))
        self.method_box.setAccessibleName(tr("How directions are found"))
        self.method_box.setToolTip(
            tr("By weights: what the first layer changes most. By activations: what varies most behind it.")
        )
        self.find_button.setText(tr("Find directions"))
        self.find_button.setToolTip(tr("Look for what changes the pictures of this generator most; takes seconds"))
        self.again_button.setText(tr("Measure here"))
        self.again_button.setToolTip(tr("Do these directions still do the same at the epoch that is shown?"))
        self.work.name_it(tr("Looking for directions"))
        for button in (self.find_button, self.again_button):
            button.setAccessibleName(button.text())
        self._say_rows()

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        for pair in self.ends:
            for picture in pair:
                picture.set_frame(theme.color("generator"))

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        for part, stretch in (
            (self.method_box, 1),
            (self.find_button, 0),
            (self.again_button, 0),
            (self.work, 1),
            (HelpButton("directions", self), 0),
        ):
            top.addWidget(part, stretch)
        content, room = QWidget(), QWidget()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACING)
        self._grid.setVerticalSpacing(SPACING // 2)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(2, 4)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch()
        scroll_down(room, content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(room, 1)

    def _make(self, count: int) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for parts in (self.names, self.sliders, self._values, self.notes, self.ends):
            parts.clear()
        for row in range(count):
            self._add_row(row)
        self.apply_palette()

    def _add_row(self, row: int) -> None:
        name, slider, value, note = QLineEdit(), ResettableSlider(), SteadyNumber(), QLabel(wordWrap=True)
        low, high = PictureTable(), PictureTable()
        for picture in (low, high):
            picture.setFixedSize(_PICTURE, _PICTURE)
        name.setFrame(False)
        name.editingFinished.connect(partial(self._on_renamed, row))
        slider.turned.connect(partial(self._on_moved, row))
        slider.setMinimumWidth(_LEAST_SLIDER)
        slider.reset_requested.connect(partial(self.reset_requested.emit, row))
        note.setForegroundRole(note.palette().ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(0)
        holder = QWidget()
        holder.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(name)
        words.addWidget(note)
        for place, part in enumerate((holder, low, slider, high, value)):
            self._grid.addWidget(part, row, place, Qt.AlignmentFlag.AlignVCenter)
        self.names.append(name)
        self.sliders.append(slider)
        self._values.append(value)
        self.notes.append(note)
        self.ends.append((low, high))

    def _say_rows(self) -> None:
        empty = tr("What does this generator know to change? Find its directions, and turn slant or thickness by hand.")
        self.note.setText(again(self._text) or ("" if self._rows else empty))
        self.note.setVisible(bool(self.note.text()))
        for row, it in enumerate(self._rows):
            name, slider, (low, high) = self.names[row], self.sliders[row], self.ends[row]
            if not name.hasFocus():
                name.setText(it.name)
            name.setPlaceholderText(it.title)
            name.setAccessibleName(tr("Name of direction {number}", number=number(row + 1)))
            name.setToolTip(tr("Give this direction a name of your own"))
            slider.setAccessibleName(it.name or it.title)
            slider.setToolTip(
                tr("From “{low}” to “{high}”; double-click or Delete resets it", low=it.low, high=it.high)
            )
            low.setAccessibleName(it.low)
            high.setAccessibleName(it.high)
            low.setToolTip(it.low)
            high.setToolTip(it.high)
            self.notes[row].setText(it.note or " ↔ ".join(filter(None, (it.low, it.high))))

    def _on_moved(self, row: int, steps: int) -> None:
        self.moved.emit(row, steps / _STEPS)

    def _on_renamed(self, row: int) -> None:
        text = self.names[row].text().strip()
        if row < len(self._rows) and text != self._rows[row].name:
            self.renamed.emit(row, text)
