"""Ask the generator for a class and see it in many styles, or have it write a number in one handwriting.

It asks for pictures by a signal and is told of them by a slot; it knows neither torch nor who paints them.
"""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from engine.i18n import mark, tr
from engine.latent.interpolation import rows as all_of_each
from engine.latent.sampling import random_z
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.text.origin import generator_words
from studio.theme import SPACING
from studio.widgets.class_buttons import ClassButtons
from studio.widgets.explore_page import ExplorePage
from studio.widgets.number_writer import NumberWriter
from studio.widgets.picture_matrix import PictureMatrix
from studio.widgets.picture_table import PictureTable
from studio.widgets.scrolling import scroll_down

STYLES, NUMBER, MATRIX = "digits.styles", "digits.number", "digits.matrix"
COLUMNS, ROWS = 5, 4
_MOST_ROWS, _LEAST_COLUMNS, _MOST_COLUMNS = 20, 4, 16  # of the matrix
_WIDE = 80 * SPACING  # from which on there is room for the matrix
_MATRIX_SHARE = 0.55  # of the width
_SMALL = 32  # pixels
_STYLES_SHARE = 0.57  # of the height for pictures; the rest is for a number in three handwritings
_LEAST_STYLES, _LEAST_LINES, _MOST_LINES = 16 * SPACING, 12 * SPACING, 24 * SPACING
_SEEDS = 10**6
_RESPITE_MS = 1000  # between two renewals of the many pictures while training, so that training keeps its speed


class DigitPicker(ExplorePage):
    """Works only with a conditional generator, and says so where there is none."""

    title = mark("Digits")
    tip = mark("Ask for a class, and write a number in one handwriting")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digit_picker")
        self._z_dim = 0
        self._class_names: tuple[str, ...] = ()
        self._origin: SnapshotRef | None = None
        self._seed = 0
        self._respite = QTimer(self, singleShot=True, interval=_RESPITE_MS)
        self._respite.timeout.connect(self._ask_for_all)
        self._nothing = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._nothing.setForegroundRole(self._nothing.palette().ColorRole.PlaceholderText)
        self.class_buttons, self.styles_table, self.styles_button = ClassButtons(), PictureTable(COLUMNS), QPushButton()
        self.matrix, self._matrix_title = PictureMatrix(), QLabel(wordWrap=True)
        self.writer, self.origin_line = NumberWriter(), QLabel(wordWrap=True)
        self.origin_line.setForegroundRole(self.origin_line.palette().ColorRole.PlaceholderText)
        self._help = HelpButton("classes", self)
        self._arrange()
        self.class_buttons.chosen.connect(self._ask_for_styles)
        self.matrix.chosen.connect(self._on_cell_chosen)
        self.matrix.opened.connect(lambda index: self.point_opened.emit(*self._cell(index)))
        self.styles_button.clicked.connect(self._on_new_styles)
        self.writer.number_changed.connect(self._ask_for_number)
        self.writer.save_requested.connect(self.save_requested)
        self.retranslate()
        self.apply_palette()

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Use a generator with ``z_dim`` numbers and these classes; ``z_dim`` 0 means that there is none."""
        if class_names != self._class_names:
            self.class_buttons.set_names(class_names)
            self.writer.set_names(class_names)
        self._z_dim, self._class_names, self._origin = z_dim, class_names, None
        self._stack.setCurrentIndex(1 if self._is_usable() else 0)
        self.styles_table.set_images(None)
        self.matrix.set_images(None)
        self.matrix.choose(None)
        self.writer.show_pictures(None)
        self._share_width()
        self.retranslate()

    def show_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` if they were made for this view."""
        if channel == STYLES:
            self.styles_table.columns = COLUMNS if images.shape[2] <= _SMALL else ROWS  # a dock is narrow
            self.styles_table.set_images(images)
        elif channel == MATRIX and len(images) == self.matrix.columns * len(self._class_names):
            self.matrix.set_images(images)
        elif channel == NUMBER:
            self.writer.show_pictures(images)

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: ask again for what is shown."""
        self._origin = origin
        self._say_origin()
        if origin.kept is not None:  # of an epoch that a person chose
            self._ask_for_all()
        elif not self._respite.isActive():
            self._respite.start()

    def ask_for(self, class_index: int) -> None:
        """Show the class ``class_index``, as its button does; one that does not exist is ignored."""
        if 0 <= class_index < len(self._class_names):
            self.class_buttons.choose(class_index)
            self._ask_for_styles()

    def ask_for_digit(self, digit: int) -> None:
        """Show the class called like ``digit``; where no class is called like a digit, the one of that number."""
        if str(digit) in self._class_names:
            self.ask_for(self._class_names.index(str(digit)))
        elif not any(name.isdecimal() for name in self._class_names):
            self.ask_for(digit)

    def retranslate(self) -> None:
        """Set every text."""
        self._say_origin()
        self._nothing.setText(
            tr("This generator does not know classes. Train with a conditional recipe to ask for a class.")
            if self._z_dim
            else tr("No generator yet. Train first, or open a run.")
        )
        self.styles_table.setAccessibleName(tr("The class in {count} styles", count=COLUMNS * ROWS))
        self.styles_button.setText(tr("New styles"))
        self.styles_button.setAccessibleName(self.styles_button.text())
        self.styles_button.setToolTip(tr("Draw the same class with other z"))
        self.matrix.setAccessibleName(tr("All classes, each column in one style"))
        self.matrix.setAccessibleDescription(tr("Arrow keys choose a picture, Enter shows it large"))
        self._matrix_title.setText(tr("Down: one style. Across: one class. A double click shows a picture large."))
        self.matrix.set_labels(rows=[tr(name) for name in self._class_names])

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.styles_table.set_frame(theme.color("generator"))
        self.matrix.set_frame(theme.color("generator"))
        self.writer.lines.set_frame(theme.color("generator"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter asks for the class that is called so; digits are for who hears them everywhere."""
        letter = event.text()
        if letter in self._class_names and not letter.isdecimal():
            self.ask_for(self._class_names.index(letter))
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for while nobody looked is asked for now."""
        super().showEvent(event)
        self._ask_for_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures share the height that the controls leave; where that is too little, one scrolls."""
        super().resizeEvent(event)
        self._share_width()
        self._share_height()
        if self.matrix.isVisibleTo(self):
            self._ask_for_matrix()

    def _share_width(self) -> None:
        """The matrix stands beside the rest where there is room for both."""
        has_room = self.width() >= _WIDE and 0 < len(self._class_names) <= _MOST_ROWS
        self._beside.setVisible(has_room)
        self._beside.setFixedWidth(round(_MATRIX_SHARE * self.width()))

    def _share_height(self) -> None:
        width = self.width() - 2 * SPACING - (self._beside.width() if self._beside.isVisibleTo(self) else 0)
        controls = (self._help, self.class_buttons, self.styles_button)
        taken = sum(max(part.sizeHint().height(), part.heightForWidth(width)) for part in controls)
        room = self.height() - taken - self.writer.controls_height(width) - 6 * SPACING
        styles = max(round(_STYLES_SHARE * room), _LEAST_STYLES)
        self.styles_table.setMaximumHeight(styles)
        self.writer.lines.setMaximumHeight(min(max(room - styles, _LEAST_LINES), _MOST_LINES))

    def _arrange(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        for widget in (self.class_buttons, self.styles_table, self.styles_button, self.writer):
            layout.addWidget(widget)
        layout.addStretch()
        room, both = QWidget(), QWidget()
        scroll_down(room, content)
        self._beside = QWidget()
        left = QVBoxLayout(self._beside)
        left.setContentsMargins(SPACING, SPACING, 0, SPACING)
        left.setSpacing(SPACING)
        left.addWidget(self._matrix_title)
        left.addWidget(self.matrix, 1)
        halves = QHBoxLayout(both)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(SPACING)
        halves.addWidget(self._beside)
        halves.addWidget(room, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(both)
        head = QHBoxLayout()
        head.setContentsMargins(SPACING, SPACING, SPACING, 0)
        head.addWidget(self.origin_line, 1)
        head.addWidget(self._help, 0, Qt.AlignmentFlag.AlignRight)  # also while nothing stands beside it
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._stack, 1)

    def _say_origin(self) -> None:
        text = "" if self._origin is None else generator_words(self._origin)
        self.origin_line.setText(text)
        self.origin_line.setVisible(bool(text))

    def _is_usable(self) -> bool:
        return self._z_dim > 0 and len(self._class_names) > 0

    def _on_new_styles(self) -> None:
        self._seed = secrets.randbelow(_SEEDS)
        self._ask_for_matrix()
        self._ask_for_styles()

    def _ask_for_all(self) -> None:
        self._ask_for_matrix()
        self._ask_for_styles()
        self._ask_for_number()

    def _ask_for_matrix(self) -> None:
        if not self._can_ask() or not self.matrix.isVisibleTo(self):
            return
        rows = len(self._class_names)
        shape = self.matrix.width() / max(self.matrix.height(), 1)
        self.matrix.columns = min(max(int(rows * shape), _LEAST_COLUMNS), _MOST_COLUMNS)
        z = random_z(self.matrix.columns, self._z_dim, self._seed)
        self.pictures_requested.emit(MATRIX, *all_of_each(z, np.arange(rows, dtype=np.int64)))

    def _cell(self, index: int) -> tuple[NDArray[np.float32], int]:
        row, column = divmod(index, self.matrix.columns)
        return random_z(self.matrix.columns, self._z_dim, self._seed)[column], row

    def _on_cell_chosen(self, index: int) -> None:
        z, label = self._cell(index)
        self.point_chosen.emit(z, label)
        self.class_buttons.choose(label)
        self._ask_for_styles()

    def _ask_for_styles(self) -> None:
        if self._can_ask():
            count = COLUMNS * ROWS
            labels = np.full(count, self.class_buttons.current(), np.int64)
            self.pictures_requested.emit(STYLES, random_z(count, self._z_dim, self._seed), labels)

    def _ask_for_number(self) -> None:
        wanted = self.writer.wanted(self._z_dim) if self._can_ask() else None
        if wanted is not None:
            self.pictures_requested.emit(NUMBER, *wanted)

    def _can_ask(self) -> bool:
        return self._is_usable() and self.isVisible()


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from studio.widgets.made_up_digits import pictures

    app = QApplication([])
    view = DigitPicker()
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(64, tuple("0123456789"))
    view.resize(340, 560)
    view.show()
    app.exec()
