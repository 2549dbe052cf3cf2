"""One button for each class, on as many lines as it takes, or a list where there are too many of them.

It knows nothing of generators.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QWidget

from engine.i18n import tr
from engine.text import plain
from studio.theme import SPACING
from studio.widgets.base.chosen_look import show_chosen
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.wrapping import WrappingLayout

_MOST_BUTTONS = 20
_LONGEST_ON_A_BUTTON = 16
_LEAST_LETTERS = 10


class ClassButtons(View):
    """Choose one class; ``chosen`` carries its index each time a person asks, also for the same class again."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.box = ElidingComboBox()
        self.box.setMinimumContentsLength(_LEAST_LETTERS)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.activated.connect(self.chosen)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._on_clicked)
        self._layout = WrappingLayout(self, spacing=SPACING // 2, in_columns=True)
        self._layout.addWidget(self.box)
        self.retranslate()
        self.apply_palette()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Offer these classes and choose the first."""
        self._names = names
        for button in self.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        for index in range(len(names) if len(names) <= _MOST_BUTTONS else 0):
            button = CompactButton()
            button.setCheckable(True)
            self._group.addButton(button, index)
            self._layout.addWidget(button)
        self.box.setVisible(len(names) > _MOST_BUTTONS)
        self.retranslate()
        self.choose(0)

    def choose(self, index: int) -> None:
        """Mark the class ``index`` without a signal."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(index)
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)
        self.apply_palette()

    def current(self) -> int:
        """Return the index of the chosen class."""
        return self.box.currentIndex()

    def buttons(self) -> list[QPushButton]:
        """Return the buttons in the order of the classes."""
        return [button for button in self._group.buttons() if isinstance(button, QPushButton)]

    def retranslate(self) -> None:
        """Set every name."""
        names = [tr(name) for name in self._names]
        with QSignalBlocker(self.box):
            index = self.box.currentIndex()
            self.box.clear()
            self.box.addItems(names)
            self.box.setCurrentIndex(index)
        self.box.setAccessibleName(tr("Class"))
        self.box.setToolTip(tr("What the generator is asked to draw"))
        for button, name in zip(self.buttons(), names, strict=False):
            button.setText(plain(name, _LONGEST_ON_A_BUTTON).replace("&", "&&"))
            button.setAccessibleName(name)
            button.setToolTip(tr("Draw “{name}” in several styles", name=name))

    def apply_palette(self) -> None:
        """The chosen class stands out in every style and theme."""
        show_chosen(self.buttons(), self.palette())

    def _on_clicked(self, index: int) -> None:
        self.choose(index)
        self.chosen.emit(index)
