"""A number, a date or a telephone number in one handwriting. Knows no generator: it says what to write and shows it."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from engine.i18n import again, tr
from engine.latent.signs import HEIGHTS, MOST_CHARACTERS, SIGNS, allowed
from engine.text import LONGEST_NAME, plain
from studio.theme import SPACING
from studio.widgets.base.clipboard import copy_picture
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.note import Note
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.exploring.usable_tool import UsableTool
from studio.widgets.exploring.written_line import Mark, WrittenLine, rgba_image
from studio.widgets.fields.character_filter import CharacterFilter
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.layouts.wrapping import WrappingLayout

_EXAMPLE = "2025-11-26"
_USUAL_HEIGHT = 64
_SETTLE_MS = 150  # after the last letter
_SEEDS = 10**6
_LONGEST_EXAMPLE = 6
_LONGEST_TOLD = 12


class LineWish(NamedTuple):
    """What shall be written, in which hand, how high; ``redraw``: until the judge can read it."""

    text: str
    seed: int
    height: int
    redraw: bool


class Written(NamedTuple):
    """``picture`` uint8 ``[height, width, 4]`` on a transparent ground, and what the judge makes of each character."""

    picture: NDArray[np.uint8]
    marks: tuple[Mark, ...]
    told: str


class HandwritingPanel(UsableTool):
    """``wish_changed`` says that ``wish()`` is another one; ``save_requested`` carries a ``PictureToSave``."""

    wish_changed = Signal()
    save_requested = Signal(PictureToSave)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("handwriting_panel")
        self._names: tuple[str, ...] = ()
        self._seed = 0
        self._written: Written | None = None
        self._told = ""
        self._title, self._height_label = QLabel(), QLabel()
        self.edit = QLineEdit(maxLength=MOST_CHARACTERS, clearButtonEnabled=True)
        self._title.setBuddy(self.edit)
        self.note, self._left_out = Note(), ""
        self.height_box = NumberBox(*HEIGHTS, whole=True)
        self.height_box.setValue(_USUAL_HEIGHT)
        self._height_label.setBuddy(self.height_box)
        self.redraw_box, self.line, self.words = QCheckBox(), WrittenLine(), QLabel(wordWrap=True)
        self.progress = ProgressBar()
        self.another_button, self.copy_button, self.save_button = CompactButton(), CompactButton(), CompactButton()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.wish_changed)
        self._arrange()
        self._connect()
        self.set_names(())
        self.show_progress(None)
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what the page tells

    def set_names(self, names: tuple[str, ...]) -> None:
        """Write with the classes that are called by a single character."""
        self._names = names
        known = allowed(names)
        filtered = CharacterFilter(known, self.edit)
        with QSignalBlocker(self.edit):
            self.edit.setValidator(filtered)
            if not self.edit.text() or not set(self.edit.text()) <= set(known):
                self.edit.setText(_example(names))
        filtered.left_out.connect(self._on_left_out)
        self._left_out = ""
        self.note.say("")
        self.set_usable(bool(known))
        self.show_written(None)

    def wish(self) -> LineWish | None:
        """Return what shall be written; None where there is nothing to write, or to write with."""
        text = self.edit.text()
        if not text.strip() or not allowed(self._names):
            return None
        return LineWish(text, self._seed, int(self.height_box.value()), self.redraw_box.isChecked())

    def show_written(self, written: Written | None) -> None:
        """Show a line."""
        self._written = written
        self.line.show_line(*((None,) if written is None else written[:2]))
        self.say("" if written is None else written.told)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(written is not None)

    def say(self, text: str) -> None:
        """Say ``text`` below the line: what the judge reads, or why there is none."""
        self._told = text
        self.words.setText(text)
        self.line.setAccessibleDescription(text)

    def show_progress(self, share: float | None) -> None:
        """Show how far the images are read (0 to 1) that tell the judge; a line itself is written at once."""
        self.progress.setVisible(bool(share))
        self.progress.show_share(share or 0)

    # ---------------------------------------------------------------- what a person does

    def copy(self) -> None:
        """Put the line, transparent and as high as asked, on the clipboard."""
        if self._written is not None:
            copy_picture(self.line, rgba_image(self._written.picture))

    def save(self) -> None:
        """Let the person save the same."""
        if self._written is not None:
            name = re.sub(r"[^\w+-]+", "-", self.edit.text()).strip("-") or tr("line")
            ask_where_to_save(self, f"{name}.png", self._written.picture, self.save_requested.emit)

    def retranslate(self) -> None:
        """Set every text."""
        self.say(again(self._told))
        self._title.setText(tr("Write"))
        self.why_not.setText(tr("Only a run whose classes are single characters, such as digits, can write."))
        self.edit.setPlaceholderText(tr("for example {number}", number=_EXAMPLE))
        self.edit.setAccessibleName(tr("What is written"))
        self.edit.setToolTip(
            tr("A number, a date or a telephone number of up to {count} characters", count=MOST_CHARACTERS)
        )
        self._height_label.setText(tr("Height in pixels"))
        self.height_box.setAccessibleName(self._height_label.text())
        self.height_box.setToolTip(tr("How high the picture is that is copied or saved"))
        self.redraw_box.setText(tr("Draw again what cannot be read"))
        self.redraw_box.setAccessibleName(self.redraw_box.text())
        self.redraw_box.setToolTip(tr("Each digit that the judge reads as another one is drawn until it can be read"))
        self.line.setAccessibleName(tr("The line in one handwriting"))
        self.progress.setAccessibleName(tr("Reading images"))
        for button, text, tip in (
            (self.another_button, tr("Another hand"), tr("Write the same with another z")),
            (self.copy_button, tr("Copy"), tr("Copy the line as a picture with a transparent ground")),
            (self.save_button, tr("Save…"), tr("Save the line as a PNG file with a transparent ground")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
        self.say(again(self._told))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._title)
        row.addWidget(self.edit, 1)
        heights = QHBoxLayout()
        heights.setSpacing(SPACING)
        heights.addWidget(self._height_label)
        heights.addWidget(self.height_box)
        tools = WrappingLayout(spacing=SPACING)
        tools.addWidget(self.another_button)
        tools.addWidget(self.redraw_box)
        out = WrappingLayout(spacing=SPACING)
        out.addItem(heights)
        out.addWidget(self.copy_button)
        out.addWidget(self.save_button)
        self.column.addLayout(row)
        self.column.addWidget(self.note)
        self.column.addLayout(tools)
        self.column.addLayout(out)
        self.column.addWidget(self.height_box.note)
        self.column.addWidget(self.line)  # below what is pressed: its height is another one for each text
        self.column.addWidget(self.words)
        self.column.addWidget(self.progress)

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._on_typed)
        self.edit.editingFinished.connect(self._forget_left_out)
        self.height_box.valueChanged.connect(self.wish_changed)
        self.redraw_box.toggled.connect(self.wish_changed)
        self.another_button.clicked.connect(self._on_another)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.save)

    def _on_left_out(self, letters: str) -> None:
        self._left_out = "".join(dict.fromkeys(self._left_out + letters))

    def _on_typed(self, text: str) -> None:
        self.note.say(self._why_left_out(self._left_out))
        if not text:
            self._forget_left_out()
        if text.strip():
            self._settle.start()
        else:
            self._settle.stop()
            self.show_written(None)
            self.wish_changed.emit()

    def _forget_left_out(self) -> None:
        """What is typed from now on is another text; the sentence stays until then, so that nothing moves."""
        self._left_out = ""

    def _why_left_out(self, letters: str) -> str:
        if not letters:
            return ""
        classes = " ".join(name for name in self._names if len(name) == 1)
        return tr(
            "Left out: {letters}. The classes of this run are {classes}; the signs {signs} can be written, too.",
            letters=" ".join(plain(letters, _LONGEST_TOLD)),
            classes=plain(classes, LONGEST_NAME),
            signs=" ".join(SIGNS),
        )

    def _on_another(self) -> None:
        self._seed = secrets.randbelow(_SEEDS)
        self.wish_changed.emit()


def _example(names: tuple[str, ...]) -> str:
    """Return a date where all of it can be written, and some characters of the run where not."""
    single = [name for name in names if len(name) == 1]
    whole = set(_EXAMPLE) <= set(allowed(names))
    return _EXAMPLE if whole else "".join(single[:_LONGEST_EXAMPLE])
