"""Ask the generator for a class: all of them in many styles, blends of several, or a number in one handwriting.

It asks for pictures by a signal and is told of them by a slot; it knows neither torch nor who paints or reads them.
"""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import mark, tr
from engine.latent.interpolation import rows as all_of_each
from engine.latent.sampling import random_z
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import Explored
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.once_painted import once_painted
from studio.theme import SPACING
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.exploring.handwriting_panel import HandwritingPanel, LineWish
from studio.widgets.exploring.label_dial import Blend, LabelDial
from studio.widgets.exploring.respite import Respite
from studio.widgets.exploring.sorted_samples import SortedSamples
from studio.widgets.fields.class_buttons import ClassButtons
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures.picture_matrix import PictureMatrix

STYLES, MATRIX, WAY, MIXTURE = "digits.styles", "digits.matrix", "digits.way", "digits.mixture"
COLUMNS, ROWS = 5, 4
_MOST_ROWS, _LEAST_COLUMNS, _MOST_COLUMNS = 30, 4, 16  # of the matrix
_WIDE = 80 * SPACING  # from which on there is room for the matrix
_SMALL = 32  # pixels
_LEAST_STYLES = 16 * SPACING
_SEEDS = 10**6
_SORTED, _CLASSES = range(2)  # what the page is


class DigitPicker(ExplorePage):
    """Asks a conditional generator for classes; where it knows none, its samples are sorted by what the judge reads.

    ``line_requested`` carries a ``LineWish``, ``samples_requested`` a seed.
    """

    line_requested = Signal(LineWish)
    samples_requested = Signal(int)

    title = mark("Digits")
    tip = mark("Ask for a class, blend several, and write a number in one handwriting")
    topic = "classes"
    wants_kept = False  # all of its height is for digits

    def __init__(self, explored: Explored | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digit_picker")
        self.explored = explored or Explored()
        self._z_dim = 0
        self._class_names: tuple[str, ...] = ()
        self._origin: SnapshotRef | None = None
        self._seed = 0
        self._asked_of: tuple[object, ...] = ()  # which samples were asked for last
        self._respite = Respite(self)
        self._respite.due.connect(self._ask_for_all)
        self.class_buttons, self.styles_button = ClassButtons(), QPushButton()
        self.styles_table, self.matrix, self._matrix_title = (
            PictureMatrix(COLUMNS),
            PictureMatrix(),
            QLabel(wordWrap=True),
        )
        self.dial, self.writer, self.sorted = LabelDial(), HandwritingPanel(), SortedSamples()
        self.pages = QTabWidget(documentMode=True)
        self._help = HelpButton(self.topic, self)
        self._arrange()
        self._connect()
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Use a generator with ``z_dim`` numbers and these classes; ``z_dim`` 0 means that there is none."""
        if class_names != self._class_names:
            self.class_buttons.set_names(class_names)
            self.dial.set_names(class_names)
            self.writer.set_names(class_names)
        self._z_dim, self._class_names, self._origin, self._asked_of = z_dim, class_names, None, ()
        self._stack.setCurrentIndex(_CLASSES if class_names else _SORTED)
        for table in (self.styles_table, self.matrix):
            table.set_images(None)
            table.choose(None)
        self.dial.show_strip(None)
        self.dial.show_mix(None)
        self.writer.show_written(None)
        self._share_width()
        self.retranslate()

    def set_read_names(self, names: tuple[str, ...]) -> None:
        """Let the judge sort by the classes of the data called ``names`` where the generator knows none."""
        self.sorted.set_names(names)
        self.retranslate()

    def show_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` if they were made for this view."""
        if channel == STYLES:
            self.styles_table.columns = COLUMNS if images.shape[2] <= _SMALL else ROWS  # a dock is narrow
            self.styles_table.set_images(images)
        elif channel == MATRIX and len(images) == self.matrix.columns * len(self._class_names):
            self.matrix.set_images(images)
        elif channel == WAY:
            self.dial.show_strip(images)
        elif channel == MIXTURE:
            self.dial.show_mix(images)
        self._frame_point()

    def show_readings(self, channel: str, probabilities: NDArray[np.float32] | None) -> None:
        """Show the probability ``[N, classes]`` of each class that the judge sees in what ``channel`` showed last."""
        if channel == WAY:
            self.dial.show_way_readings(probabilities)
        elif channel == MIXTURE:
            self.dial.show_mix_reading(probabilities)

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: ask again for what is shown."""
        self._origin = origin
        self._respite.take(origin)

    def ask_for(self, class_index: int) -> None:
        """Show the class ``class_index``, as its button does; one that does not exist is ignored."""
        if not self._class_names:
            self.sorted.ask_for(class_index)
        elif 0 <= class_index < len(self._class_names):
            self.class_buttons.choose(class_index)
            self.pages.setCurrentIndex(0)
            self._ask_for_styles()

    def ask_for_digit(self, digit: int) -> bool:
        """Show the class called like ``digit``; where no class is called like a digit, the one of that number.

        Return whether there is one.
        """
        names = self.names
        if any(name.isdecimal() for name in names):
            index = names.index(str(digit)) if str(digit) in names else len(names)
        else:
            index = digit
        if index < len(names):
            self.ask_for(index)
        return index < len(names)

    @property
    def names(self) -> tuple[str, ...]:
        """The classes that can be asked for, of the generator or as the judge reads them."""
        return self._class_names or self.sorted.names

    # ---------------------------------------------------------------- texts and colors

    def retranslate(self) -> None:
        """Set every text."""
        self.styles_table.setAccessibleName(tr("The class in {count} styles", count=COLUMNS * ROWS))
        self.styles_button.setText(tr("New styles"))
        self.styles_button.setAccessibleName(self.styles_button.text())
        self.styles_button.setToolTip(tr("Draw the same class with other z"))
        self.matrix.setAccessibleName(tr("All classes, each column in one style"))
        for table in (self.styles_table, self.matrix):
            table.setAccessibleDescription(tr("Arrow keys choose a picture, Enter shows it large"))
        self._matrix_title.setText(tr("Down: one style. Across: one class. A double click shows a picture large."))
        self.matrix.set_labels(rows=[tr(name) for name in self._class_names])
        for index, (text, tip) in enumerate(
            (
                (tr("Styles"), tr("One class in many styles")),
                (tr("Blend"), tr("Mix two classes or more, and see where one becomes the other")),
                (tr("Handwriting"), tr("Write a number, a date or a telephone number in one handwriting")),
            )
        ):
            self.pages.setTabText(index, text)
            self.pages.setTabToolTip(index, tip)

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.styles_table.set_frame(theme.color("generator"))
        self.matrix.set_frame(theme.color("generator"))

    # ---------------------------------------------------------------- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter asks for the class that is called so; digits are for who hears them everywhere."""
        letter, names = event.text(), self._class_names or self.sorted.names
        if letter in names and not letter.isdecimal():
            self.ask_for(names.index(letter))
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for while nobody looked is asked for now."""
        super().showEvent(event)
        once_painted(self, self._ask_for_all)

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

    def _share_height(self) -> None:
        width = self.width() // (2 if self._beside.isVisibleTo(self) else 1) - 2 * SPACING
        head = max(self._help.sizeHint().height(), self.pages.tabBar().sizeHint().height())
        room = self.height() - head - 4 * SPACING
        controls = (self.class_buttons, self.styles_button)
        taken = sum(max(part.sizeHint().height(), part.heightForWidth(width)) for part in controls)
        self.styles_table.setMaximumHeight(max(room - taken - 2 * SPACING, _LEAST_STYLES))
        self.dial.share_size(width, room)

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        styles = QWidget()
        layout = QVBoxLayout(styles)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        for widget in (self.class_buttons, self.styles_table, self.styles_button):
            layout.addWidget(widget)
        layout.addStretch()
        for content in (styles, self.dial, self.writer):
            room = QWidget()
            scroll_down(room, content)
            self.pages.addTab(room, "")
        self._beside = QWidget()
        self._beside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        left = QVBoxLayout(self._beside)
        left.setContentsMargins(SPACING, SPACING, 0, SPACING)
        left.setSpacing(SPACING)
        left.addWidget(self._matrix_title)
        left.addWidget(self.matrix, 1)
        both, side = QWidget(), QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        right.addWidget(self.pages)
        halves = QHBoxLayout(both)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(0)
        halves.addWidget(self._beside, 1)
        halves.addWidget(side, 1)
        self._stack = QStackedWidget()
        for page in (self.sorted, both):
            self._stack.addWidget(page)
        self.pages.setCornerWidget(self._help)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.class_buttons.chosen.connect(self._ask_for_styles)
        self.matrix.chosen.connect(self._on_cell_chosen)
        self.matrix.opened.connect(lambda index: self.point_opened.emit(*_nth(self._cells(), index)))
        self.styles_table.chosen.connect(lambda index: self.point_chosen.emit(*_nth(self._styles(), index)))
        self.styles_table.opened.connect(lambda index: self.point_opened.emit(*_nth(self._styles(), index)))
        self.styles_button.clicked.connect(self._on_new_styles)
        self.explored.moved.connect(self._ask_for_blend)
        self.explored.moved.connect(self._frame_point)
        self.dial.blended.connect(self._choose_blend)
        self.explored.blend_changed.connect(self._show_blend)
        self.dial.way_changed.connect(self._ask_for_way)
        self.dial.mix_changed.connect(self._ask_for_mixture)
        self.writer.wish_changed.connect(self._ask_for_line)
        self.writer.save_requested.connect(self.save_requested)
        self.sorted.samples_requested.connect(self._ask_for_samples)
        self.sorted.point_chosen.connect(self.point_chosen)
        self.sorted.point_opened.connect(self.point_opened)
        self.pages.currentChanged.connect(self._ask_for_page)

    def _frame_point(self) -> None:
        """Frame the picture of the point that one stands at, wherever it is among those that are shown."""
        point = self.explored.point
        self.matrix.choose(point.place_in(*self._cells()))
        self.styles_table.choose(point.place_in(*self._styles()))
        self.sorted.frame(point)

    # ---------------------------------------------------------------- asking

    def _on_new_styles(self) -> None:
        self._seed = secrets.randbelow(_SEEDS)
        self._ask_for_matrix()
        self._ask_for_styles()

    def _ask_for_all(self) -> None:
        self._ask_for_matrix()
        self._ask_for_page()
        self._ask_for_samples()

    def _ask_for_page(self) -> None:
        """Ask for what the page in front shows."""
        self._ask_for_styles()
        self._ask_for_blend()
        self._ask_for_line()

    def _ask_for_matrix(self) -> None:
        if not self._can_ask() or not self.matrix.isVisibleTo(self):
            return
        rows = len(self._class_names)
        shape = self.matrix.width() / max(self.matrix.height(), 1)
        self.matrix.columns = min(max(int(rows * shape), _LEAST_COLUMNS), _MOST_COLUMNS)
        self.pictures_requested.emit(MATRIX, *self._cells())

    def _cells(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        z = random_z(self.matrix.columns, self._z_dim, self._seed)
        return all_of_each(z, np.arange(len(self._class_names), dtype=np.int64))

    def _on_cell_chosen(self, index: int) -> None:
        z, label = _nth(self._cells(), index)
        self.point_chosen.emit(z, label)
        self.class_buttons.choose(label)
        self._ask_for_styles()

    def _styles(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        count = COLUMNS * ROWS
        return random_z(count, self._z_dim, self._seed), np.full(count, self.class_buttons.current(), np.int64)

    def _ask_for_styles(self) -> None:
        if self._can_ask() and self.styles_table.isVisible():
            self.pictures_requested.emit(STYLES, *self._styles())

    def _ask_for_blend(self) -> None:
        self._ask_for_way()
        self._ask_for_mixture()

    def _choose_blend(self, is_same_way: bool) -> None:
        self.explored.choose_blend(self.dial.blend, MIXTURE if is_same_way else None)

    def _show_blend(self) -> None:
        blend = self.explored.blend
        self.dial.take_blend(blend if isinstance(blend, Blend) else None)

    def _ask_for_way(self) -> None:
        if self._can_blend():
            self.pictures_requested.emit(WAY, *self.dial.way_wanted(self.explored.point.z))

    def _ask_for_mixture(self) -> None:
        if self._can_blend():
            self.pictures_requested.emit(MIXTURE, *self.dial.mix_wanted(self.explored.point.z))

    def _ask_for_line(self) -> None:
        wish = self.writer.wish() if self._can_ask() and self.writer.isVisible() else None
        if wish is not None:
            self.line_requested.emit(wish)

    def _ask_for_samples(self) -> None:
        """Ask once for each generator and each seed."""
        wanted = (self._origin, self.sorted.seed)
        can_sort = self._z_dim > 0 and not self._class_names and self.sorted.can_sort and self.isVisible()
        if can_sort and self._origin is not None and wanted != self._asked_of:
            self._asked_of = wanted
            self.samples_requested.emit(self.sorted.seed)

    def _can_ask(self) -> bool:
        return self._z_dim > 0 and len(self._class_names) > 0 and self.isVisible()

    def _can_blend(self) -> bool:
        fits = len(self.explored.point.z) == self._z_dim
        return self._can_ask() and self.dial.is_usable and self.dial.isVisible() and fits


def _nth(points: tuple[NDArray[np.float32], NDArray[np.int64]], index: int) -> tuple[NDArray[np.float32], int]:
    return points[0][index], int(points[1][index])


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from studio.widgets.pictures.made_up_digits import pictures

    app = QApplication([])
    view = DigitPicker()
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(64, tuple("0123456789"))
    view.resize(340, 560)
    view.show()
    app.exec()
