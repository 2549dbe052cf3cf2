"""The toolbar: recipe, data, Train, Pause, Stop, and how far training is. Its buttons are commands of the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from engine.datasets.catalog import DATASETS, DataSet
from engine.i18n import tr
from engine.recipes import RECIPES, Recipe
from studio import theme
from studio.model.work_state import WorkState
from studio.text.kept import kept
from studio.widgets.base.bold import bold
from studio.widgets.base.compact import WordlessButton
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.messages.run_status import RunStatus

_WIDEST_BOX = 33 * theme.SPACING  # so that the whole bar has room on a small screen
_STATUS_LETTERS = 32  # as many of the status as are worth more than the names of the two lists
_FEWEST_LETTERS = 14  # where the screen has room for no more


class RunBar(View):
    """Emits which recipe and data a person chooses; ``status`` says how far training is.

    Whoever owns it binds the buttons to commands.
    """

    recipe_chosen = Signal(str)
    dataset_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe_label, self._dataset_label = QLabel(), QLabel()
        self.recipe_box = set_object_name(ElidingComboBox(_WIDEST_BOX), "recipe_box")
        self.dataset_box = set_object_name(ElidingComboBox(_WIDEST_BOX), "dataset_box")
        self.train_button = set_object_name(WordlessButton(), "train_button")
        self.pause_button = set_object_name(WordlessButton(), "pause_button")
        self.step_button = set_object_name(WordlessButton(), "step_button")
        self.stop_button = set_object_name(WordlessButton(), "stop_button")
        self._buttons = (self.train_button, self.pause_button, self.step_button, self.stop_button)
        self.train_button.setFont(bold(self.train_button.font()))
        self.status = RunStatus()
        self._row = QHBoxLayout(self)
        self._state, self._locked = WorkState.IDLE, frozenset[str]()
        self._lay_out()
        self.recipe_box.activated.connect(lambda _: self.recipe_chosen.emit(self.recipe_box.currentData()))
        self.dataset_box.activated.connect(lambda _: self.dataset_chosen.emit(self.dataset_box.currentData()))
        self.retranslate()

    def choose(self, recipe_name: str, dataset_name: str) -> None:
        """Show a recipe and a data set as chosen; nothing is emitted."""
        self.recipe_box.setCurrentIndex(self.recipe_box.findData(recipe_name))
        self.dataset_box.setCurrentIndex(self.dataset_box.findData(dataset_name))
        self._describe_choice()

    def show_state(self, state: WorkState) -> None:
        """Let recipe and data be chosen only while nothing is trained."""
        self._state = state
        for name, box in (("recipe", self.recipe_box), ("dataset", self.dataset_box)):
            box.setEnabled(state is WorkState.IDLE and name not in self._locked)
        self.status.show_state(state)

    def lock(self, names: frozenset[str]) -> None:
        """Let nobody choose another "recipe" or "dataset" where ``names`` hold it."""
        self._locked = names
        self.show_state(self._state)
        self._describe_choice()

    def minimumSizeHint(self) -> QSize:
        """Room without the labels, then the buttons' words, which go where there is little, and with a short status."""
        least, labels = super().minimumSizeHint(), (self._recipe_label, self._dataset_label)
        seen = (label.minimumSizeHint().width() + theme.SPACING for label in labels if not label.isHidden())
        spare = self.status.minimumWidth() - self._letters(_FEWEST_LETTERS)
        words = sum(0 if button.is_wordless else button.words_width for button in self._buttons)
        return QSize(least.width() - sum(seen) - max(spare, 0) - words, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, recipe and data say themselves what they are."""
        super().resizeEvent(event)
        self._make_room()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._recipe_label.setText(tr("Recipe"))
        self._dataset_label.setText(tr("Data"))
        self.pause_button.other_words = (tr("Pause"), tr("Resume"), tr("Judge"))
        for box in (self.recipe_box, self.dataset_box):
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            if box is self.recipe_box:
                self._fill_recipes()
            else:
                _fill(box, DATASETS.values())
            box.setCurrentIndex(max(box.findData(chosen), 0) if chosen else 0)
            box.blockSignals(False)
        self.recipe_box.setAccessibleName(tr("Recipe"))
        self.dataset_box.setAccessibleName(tr("Data set"))
        self._describe_choice()
        self._make_room()

    def set_presentation(self, is_on: bool) -> None:
        """Take back after a presentation what told in it how far the training is."""
        if not is_on:
            self._row.addWidget(self.status, 1)

    def _make_room(self) -> None:
        labels = (self._recipe_label, self._dataset_label)
        parts = (*labels, self.recipe_box, self.dataset_box, *self._buttons)
        status, spare = self._letters(_STATUS_LETTERS), self.width() - self.minimumSizeHint().width()
        words = sum(button.words_width for button in self._buttons)
        for button in self._buttons:
            button.be_wordless(words > spare)
        spare -= words
        self.status.setMinimumWidth(min(status, self._letters(_FEWEST_LETTERS) + max(spare, 0)))
        # Buttons by now have the words that they have room for.
        wished = sum(min(part.sizeHint().width(), part.maximumWidth()) + theme.SPACING for part in parts)
        wished += status + 4 * theme.SPACING
        for label in labels:
            label.setVisible(wished <= self.width())

    def _letters(self, count: int) -> int:
        return count * self.fontMetrics().averageCharWidth()

    def _fill_recipes(self) -> None:
        """Offer what works, and below headings that nobody can choose a person's own and what is made to fail."""
        entries = list(RECIPES.values())
        _fill(self.recipe_box, (entry for entry in entries if not entry.failure_mode and not entry.is_own))
        if own := [entry for entry in entries if entry.is_own]:
            self._add_heading(tr("My recipes"))
            _fill(self.recipe_box, own)
        self._add_heading(tr("Failure laboratory"))
        _fill(self.recipe_box, (entry for entry in entries if entry.failure_mode))

    def _add_heading(self, text: str) -> None:
        box = self.recipe_box
        box.insertSeparator(box.count())
        box.addItem(text)
        model = box.model()
        assert isinstance(model, QStandardItemModel)
        heading = model.item(box.count() - 1)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setFont(self.train_button.font())

    def _describe_choice(self) -> None:
        recipe, dataset = RECIPES.get(self.recipe_box.currentData()), DATASETS.get(self.dataset_box.currentData())
        told = {
            "recipe": [*map(tr, recipe.explanation)] if recipe else [],
            "dataset": [tr(dataset.summary)] if dataset else [],
        }
        for name, box in (("recipe", self.recipe_box), ("dataset", self.dataset_box)):
            box.setToolTip("\n".join([*told[name], *([kept()] if name in self._locked else [])]))

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(theme.SPACING, theme.SPACING // 2, theme.SPACING, theme.SPACING // 2)
        row.setSpacing(theme.SPACING)
        self._recipe_label.setBuddy(self.recipe_box)
        self._dataset_label.setBuddy(self.dataset_box)
        for part in (self._recipe_label, self.recipe_box, self._dataset_label, self.dataset_box):
            row.addWidget(part)
        row.addSpacing(theme.SPACING)
        for button in self._buttons:
            row.addWidget(button)
        row.addSpacing(theme.SPACING)
        row.addWidget(self.status, 1)


def _fill(box: QComboBox, entries: Iterable[Recipe | DataSet]) -> None:
    for entry in entries:
        box.addItem(tr(entry.title), entry.name)
        box.setItemData(box.count() - 1, tr(entry.summary), Qt.ItemDataRole.ToolTipRole)
