"""The toolbar: recipe, data, Train, Pause, Stop, and how far training is. It shows states and emits wishes."""

from __future__ import annotations

import math
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from engine.data.catalogue import DATASETS
from engine.events import Started, Tick
from engine.i18n import tr
from engine.recipes import RECIPES, recipe
from studio import theme
from studio.run_controller import State
from studio.widgets.named import named
from studio.widgets.view import View


class RunBar(View):
    """Emits what the person wants; ``show_state`` says which wishes make sense now."""

    train_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    recipe_chosen = Signal(str)
    dataset_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.IDLE
        self._can_go_on = False
        self._device = ""
        self._tick: Tick | None = None
        self._image_count = 1
        self._recipe_label, self._dataset_label = QLabel(), QLabel()
        self.recipe_box = named(QComboBox(), "recipe_box")
        self.dataset_box = named(QComboBox(), "dataset_box")
        self.train_button = _button("train_button", QStyle.StandardPixmap.SP_MediaPlay, self)
        self.pause_button = _button("pause_button", QStyle.StandardPixmap.SP_MediaPause, self)
        self.stop_button = _button("stop_button", QStyle.StandardPixmap.SP_MediaStop, self)
        font = self.train_button.font()
        font.setBold(True)
        self.train_button.setFont(font)
        self._progress = named(QProgressBar(textVisible=False), "progress")
        self._progress.setRange(0, 1000)
        self._progress.setValue(0)
        self._progress.setMaximumHeight(theme.GRID)
        self._status = named(QLabel(), "status_label")
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.recipe_box.activated.connect(lambda _: self.recipe_chosen.emit(self.recipe_box.currentData()))
        self.dataset_box.activated.connect(lambda _: self.dataset_chosen.emit(self.dataset_box.currentData()))
        self.train_button.clicked.connect(self.train_wanted)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.show_state(State.IDLE, can_go_on=False)

    def choose(self, recipe_name: str, dataset_name: str) -> None:
        """Show a recipe and a data set as chosen; nothing is emitted."""
        self.recipe_box.setCurrentIndex(self.recipe_box.findData(recipe_name))
        self.dataset_box.setCurrentIndex(self.dataset_box.findData(dataset_name))
        self._describe_choice()

    def show_state(self, state: State, can_go_on: bool) -> None:
        """Enable what makes sense in ``state``; ``can_go_on`` tells that the run shown rests unfinished."""
        self._state, self._can_go_on = state, can_go_on
        idle = state is State.IDLE
        had_focus = next((b for b in (self.train_button, self.pause_button, self.stop_button) if b.hasFocus()), None)
        self.recipe_box.setEnabled(idle)
        self.dataset_box.setEnabled(idle)
        self.train_button.setEnabled(idle)
        self.pause_button.setEnabled(state in (State.TRAINING, State.PAUSED) or (idle and can_go_on))
        self.stop_button.setEnabled(state in (State.PREPARING, State.TRAINING, State.PAUSED))
        if had_focus and not had_focus.isEnabled():  # so that Space, pressed again, does the opposite
            (self.train_button if idle else self.pause_button).setFocus()
        self.retranslate()

    def show_started(self, started: Started) -> None:
        """Note the device and the length of an epoch."""
        self._device = started.device
        self._image_count = started.facts.image_count
        self._tick = None

    def show_tick(self, tick: Tick) -> None:
        """Show the newest report."""
        self._tick = tick
        share = tick.images_seen / tick.total_images if tick.total_images else 0.0
        self._progress.setValue(round(1000 * min(share, 1.0)))
        self._describe()

    def show_position(self, images_seen: int, total_images: int, image_count: int) -> None:
        """Show how far a run got that is only looked at."""
        self._tick = None
        self._image_count = image_count
        self._progress.setValue(round(1000 * min(images_seen / max(total_images, 1), 1.0)))
        epochs, total = images_seen // image_count, math.ceil(total_images / image_count)
        self._status.setText(
            tr(
                "Epoch {epoch} of {total}",
                epoch=self.locale().toString(min(epochs, total)),
                total=self.locale().toString(total),
            )
        )

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._recipe_label.setText(tr("Recipe"))
        self._dataset_label.setText(tr("Data"))
        for box, entries in ((self.recipe_box, RECIPES.values()), (self.dataset_box, DATASETS.values())):
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            for entry in entries:
                box.addItem(tr(entry.title), entry.name)
                box.setItemData(box.count() - 1, tr(entry.summary), Qt.ItemDataRole.ToolTipRole)
            box.setCurrentIndex(max(box.findData(chosen), 0))
            box.blockSignals(False)
        self.recipe_box.setAccessibleName(tr("Recipe"))
        self.dataset_box.setAccessibleName(tr("Data set"))
        self.train_button.setText(tr("Train"))
        self.train_button.setToolTip(tr("Start a new training (Space)"))
        goes_on = self._state is State.PAUSED or (self._state is State.IDLE and self._can_go_on)
        self.pause_button.setText(tr("Resume") if goes_on else tr("Pause"))
        self.pause_button.setToolTip(
            tr("Go on with this training (Space)") if goes_on else tr("Pause the training (Space)")
        )
        icon = QStyle.StandardPixmap.SP_MediaSeekForward if goes_on else QStyle.StandardPixmap.SP_MediaPause
        self.pause_button.setIcon(self.style().standardIcon(icon))
        self.stop_button.setText(tr("Stop"))
        self.stop_button.setToolTip(tr("Save and end the training; it can be resumed later"))
        self._progress.setAccessibleName(tr("Progress"))
        self._describe_choice()
        self._describe()

    def _on_pause_clicked(self) -> None:
        (self.pause_wanted if self._state is State.TRAINING else self.resume_wanted).emit()

    def _describe_choice(self) -> None:
        chosen = recipe(self.recipe_box.currentData())
        self.recipe_box.setToolTip(f"{tr(chosen.summary)}\n{tr(chosen.expect)}")
        self.dataset_box.setToolTip(tr(DATASETS[self.dataset_box.currentData()].summary))

    def _describe(self) -> None:
        tick, locale = self._tick, self.locale()
        words = {
            State.PREPARING: tr("Preparing…"),
            State.STOPPING: tr("Saving…"),
            State.PAUSED: tr("Paused"),
        }
        parts = [words[self._state]] if self._state in words else []
        if tick is not None:
            total = math.ceil(tick.total_images / self._image_count) if tick.total_images else 0
            parts.append(
                tr(
                    "Epoch {epoch} of {total}",
                    epoch=locale.toString(tick.epoch),
                    total=locale.toString(total) if total else "?",
                )
            )
            if self._state is State.TRAINING:
                parts.append(tr("{speed} images/s", speed=locale.toString(round(tick.images_per_second, -1), "f", 0)))
                if tick.seconds_left is not None:
                    parts.append(tr("{time} left", time=_clock(tick.seconds_left)))
            parts.append(self._device)
        if parts:
            self._status.setText(" · ".join(parts))
            self._status.setToolTip(self._status.text())
        elif self._state is State.IDLE and not self._progress.value():
            self._status.setText(tr("Ready"))

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
        column = QWidget()
        lines = QVBoxLayout(column)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addWidget(self._status)
        lines.addWidget(self._progress)
        row.addWidget(column, 1)


def _button(name: str, icon: QStyle.StandardPixmap, parent: QWidget) -> QPushButton:
    return named(QPushButton(parent.style().standardIcon(icon), "", parent), name)


def _clock(seconds: float) -> str:
    text = str(timedelta(seconds=round(seconds)))
    return text.removeprefix("0:")
