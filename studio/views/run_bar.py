"""The toolbar: recipe, data, Train, Pause, Stop, and how far training is. It shows states and emits wishes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QStyle, QWidget

from engine.datasets.catalogue import DATASETS, DataSet
from engine.i18n import joined, tr
from engine.recipes import RECIPES, Recipe
from studio import theme
from studio.model.measurements import Estimate
from studio.model.training_state import TrainingState
from studio.widgets.choice_box import ChoiceBox
from studio.widgets.ink_icon import ink_icon
from studio.widgets.named import named
from studio.widgets.run_status import RunStatus
from studio.widgets.view import View
from studio.words.recipe import takes_sentence

_WIDEST_BOX = 33 * theme.GRID  # so that the whole bar has room on a small screen


class RunBar(View):
    """Emits what the person wants; ``show_state`` says which wishes make sense now, ``status`` how far training is."""

    train_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    recipe_chosen = Signal(str)
    dataset_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = TrainingState.IDLE
        self._can_go_on = False
        self._is_sensible = True
        self._goes_on = False
        self._estimate: Estimate | None = None
        self._recipe_label, self._dataset_label = QLabel(), QLabel()
        self.recipe_box = named(ChoiceBox(_WIDEST_BOX), "recipe_box")
        self.dataset_box = named(ChoiceBox(_WIDEST_BOX), "dataset_box")
        self.train_button = named(QPushButton(), "train_button")
        self.pause_button = named(QPushButton(), "pause_button")
        self.stop_button = named(QPushButton(), "stop_button")
        font = self.train_button.font()
        font.setBold(True)
        self.train_button.setFont(font)
        self.status = RunStatus()
        self._lay_out()
        self.recipe_box.activated.connect(lambda _: self.recipe_chosen.emit(self.recipe_box.currentData()))
        self.dataset_box.activated.connect(lambda _: self.dataset_chosen.emit(self.dataset_box.currentData()))
        self.train_button.clicked.connect(self.train_wanted)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.show_state(TrainingState.IDLE, can_go_on=False)

    def choose(self, recipe_name: str, dataset_name: str) -> None:
        """Show a recipe and a data set as chosen; nothing is emitted."""
        self.recipe_box.setCurrentIndex(self.recipe_box.findData(recipe_name))
        self.dataset_box.setCurrentIndex(self.dataset_box.findData(dataset_name))
        self._describe_choice()

    def show_state(self, state: TrainingState, can_go_on: bool) -> None:
        """Enable what makes sense in ``state``; ``can_go_on`` tells that the run shown rests unfinished."""
        self._state, self._can_go_on = state, can_go_on
        idle = state is TrainingState.IDLE
        self.recipe_box.setEnabled(idle)
        self.dataset_box.setEnabled(idle)
        self.train_button.setEnabled(idle and self._is_sensible)
        self.pause_button.setEnabled(state.is_under_way or (idle and can_go_on))
        self.stop_button.setEnabled(state not in (TrainingState.IDLE, TrainingState.STOPPING))
        self.status.show_state(state)
        self.retranslate()

    def show_estimate(self, estimate: Estimate) -> None:
        """Say what a new training will take."""
        self._estimate = estimate
        self.status.show_estimate(estimate)
        self._describe_train()

    def set_sensible(self, sensible: bool) -> None:
        """Let Train be pressed only while the options make sense together."""
        self._is_sensible = sensible
        self.train_button.setEnabled(self._state is TrainingState.IDLE and sensible)
        self._describe_train()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._recipe_label.setText(tr("Recipe"))
        self._dataset_label.setText(tr("Data"))
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
        self.train_button.setText(tr("Train"))
        self._describe_train()
        goes_on = self._state.rests or (self._state is TrainingState.IDLE and self._can_go_on)
        self.pause_button.setText(tr("Resume") if goes_on else tr("Pause"))
        self.pause_button.setToolTip(
            tr("Go on with this training (Space)") if goes_on else tr("Pause the training (Space)")
        )
        self._goes_on = goes_on
        self.recolour()
        self.stop_button.setText(tr("Stop"))
        self.stop_button.setToolTip(tr("Save and end the training; it can be resumed later"))
        self._describe_choice()

    def recolour(self) -> None:
        """Draw the icons in the ink of the theme."""
        icons = QStyle.StandardPixmap
        pause = icons.SP_MediaSeekForward if self._goes_on else icons.SP_MediaPause
        buttons = (self.train_button, self.pause_button, self.stop_button)
        for button, kind in zip(buttons, (icons.SP_MediaPlay, pause, icons.SP_MediaStop), strict=True):
            button.setIcon(ink_icon(kind, self))

    def _fill_recipes(self) -> None:
        """Offer what works, and below a heading that nobody can choose what is made to fail."""
        box, entries = self.recipe_box, RECIPES.values()
        _fill(box, (entry for entry in entries if not entry.trouble))
        box.insertSeparator(box.count())
        box.addItem(tr("Failure laboratory"))
        model = box.model()
        assert isinstance(model, QStandardItemModel)
        heading = model.item(box.count() - 1)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setFont(self.train_button.font())
        _fill(box, (entry for entry in entries if entry.trouble))

    def _on_pause_clicked(self) -> None:
        (self.pause_wanted if self._state is TrainingState.TRAINING else self.resume_wanted).emit()

    def _describe_choice(self) -> None:
        recipe, dataset = RECIPES.get(self.recipe_box.currentData()), DATASETS.get(self.dataset_box.currentData())
        self.recipe_box.setToolTip("\n".join(map(tr, recipe.explanation)) if recipe else "")
        self.dataset_box.setToolTip(tr(dataset.summary) if dataset else "")

    def _describe_train(self) -> None:
        start = joined(tr("Start a new training (Space)"), takes_sentence(self._estimate), between="\n")
        self.train_button.setToolTip(
            start if self._is_sensible else tr("The options make no sense together; the line above them says why.")
        )

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        row.setSpacing(theme.GRID)
        self._recipe_label.setBuddy(self.recipe_box)
        self._dataset_label.setBuddy(self.dataset_box)
        for part in (self._recipe_label, self.recipe_box, self._dataset_label, self.dataset_box):
            row.addWidget(part)
        row.addSpacing(theme.GRID)
        for button in (self.train_button, self.pause_button, self.stop_button):
            row.addWidget(button)
        row.addSpacing(theme.GRID)
        row.addWidget(self.status, 1)


def _fill(box: QComboBox, entries: Iterable[Recipe | DataSet]) -> None:
    for entry in entries:
        box.addItem(tr(entry.title), entry.name)
        box.setItemData(box.count() - 1, tr(entry.summary), Qt.ItemDataRole.ToolTipRole)
