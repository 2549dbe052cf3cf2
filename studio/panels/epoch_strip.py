"""The epochs of a run as a strip of small pictures with a slider and playback, along the time axis of the curves.

It reads a ``RunData`` and says which epoch shall be shown; it knows no other panel.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QComboBox,
    QHBoxLayout,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import number, tr
from studio.help.help_button import HelpButton
from studio.model.run_data import RunData
from studio.theme import SPACING
from studio.widgets.base.ink_icon import ink_icon
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.time_slider import TimeSlider
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.pictures.picture_strip import SLOT_WIDTH, PictureStrip, StripAxis, divide

_SPEEDS = (2, 5, 10)  # epochs per second
_MAX_SLIDER_WIDTH = 16_000
_FREE_CONTROLS = 20 * SPACING  # the width of what stands beside the strip where no plot says it


class EpochStrip(View):
    """Pictures, slider and playback through the epochs of a run that have a sample grid.

    While the newest epoch is shown it follows newer ones; a person who goes back stays there until they return
    to the end. ``epoch_chosen`` tells the epoch that shall be shown everywhere, once for each change
    and for each click on a picture, over which something else may be seen.
    """

    epoch_chosen = Signal(int)
    height_changed = Signal()
    """Workspaces in which it does not lie now keep another room for it."""
    pictures_requested = Signal(list)
    """Grids of these epochs are not in memory; ``look_again`` shall be called when they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = RunData()
        self.epochs: list[int] = []
        """Those that have a grid."""
        self._current: int | None = None
        self._is_following = True
        self._height = 0
        self._axis: StripAxis | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.play_on)
        self._pictures = PictureStrip()
        self._pictures.epoch_clicked.connect(partial(self._go_to, again=True))
        self._pictures.pictures_requested.connect(self.pictures_requested)
        self._track = QWidget()
        self._slider = TimeSlider(self._track)
        self._slider.setObjectName("epoch_slider")
        self._slider.actionTriggered.connect(self._on_slider_action)
        self._slider.valueChanged.connect(self._on_slider_value)
        self._icons = _icons(self)
        self._play_button = set_object_name(_flat_button(self._on_play_clicked), "play_button")
        self._play_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._newest_button = _flat_button(self._on_newest_clicked)
        self._speed_box = ElidingComboBox()
        self._speed_box.setFrame(False)
        self._speed_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for speed in _SPEEDS:
            self._speed_box.addItem("", speed)
        self._speed_box.setCurrentIndex(1)
        self._speed_box.currentIndexChanged.connect(self._on_speed_changed)
        self._label = FittingLabel()
        self._help = HelpButton("strip", self)
        self._controls = set_object_name(QWidget(), "epoch_controls")
        self._lay_out()
        self._on_speed_changed()
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what others tell

    def set_run_data(self, history: RunData, tile_size: int = 0, *, is_whole: bool = False) -> None:
        """Show another run, at its newest epoch.

        ``tile_size``: pixels of one tile of its grids; 0 guesses from the number of classes. ``is_whole``: each grid is
        one picture.
        """
        self._stop()
        self._history, self._current, self._is_following = history, None, True
        self._pictures.set_run_data(history, tile_size, is_whole=is_whole)
        self._say_what_comes()
        self.refresh()

    def _say_what_comes(self) -> None:
        """Say what will stand where there are no pictures; of a run that was trained without any, nothing will."""
        comes = "" if self._history.was_trained else tr("A picture of each epoch will appear here")
        self._pictures.placeholder = comes

    def refresh(self) -> None:
        """Take up the grids that were added to the history; go to the newest if it is followed."""
        self.epochs = self._history.grid_epochs
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, self._total())
        self._show_axis()
        if self.epochs and (self._is_following or self._current is None):
            self._go_to(self.epochs[-1])
        else:
            self._show_state()

    def free_axis(self) -> None:
        """Lie under no plot any more: the axis is as wide as there is room."""
        self._axis = None
        self._controls.setFixedWidth(_FREE_CONTROLS)
        self._show_axis()

    def be_low(self, is_low: bool) -> None:
        """Take little of a low window: the pictures are of fewer samples."""
        self._pictures.be_low(is_low)

    def look_again(self) -> None:
        """Show the pictures that are in memory by now."""
        self._pictures.look_again()

    def set_axis(self, first_epoch: float, last_epoch: float, left_px: float, right_px: float) -> None:
        """Lie under a plot that shows these epochs between these pixels, counted from this widget's left edge."""
        axis = StripAxis(first_epoch, last_epoch, left_px, right_px)
        if all(map(math.isfinite, axis)) and axis.first < axis.last and axis.left < axis.right and axis != self._axis:
            self._axis = axis
            self._show_axis()

    def choose(self, epoch: float) -> None:
        """Go to the epoch nearest to ``epoch`` that has a grid."""
        if self.epochs and math.isfinite(epoch):
            self._go_to(self._nearest(epoch))

    @property
    def current_epoch(self) -> int | None:
        """The epoch shown, or None where no epoch has a grid."""
        return self._current

    @property
    def is_following(self) -> bool:
        """Whether a new epoch will be shown as soon as it is there."""
        return self._is_following

    @property
    def is_playing(self) -> bool:
        """Whether playback is under way."""
        return self._timer.isActive()

    # ---------------------------------------------------------------- what the person does

    def _on_slider_action(self, action: int) -> None:
        actions = QAbstractSlider.SliderAction
        step = {actions.SliderSingleStepAdd: 1, actions.SliderSingleStepSub: -1}.get(actions(action))
        if step and self._current in self.epochs:
            # Epochs without a grid are skipped, or the handle would never leave its place.
            index = self.epochs.index(self._current) + step
            self._slider.setSliderPosition(self.epochs[min(max(index, 0), len(self.epochs) - 1)])

    def _on_slider_value(self, value: int) -> None:
        self.choose(value)
        self._show_state()  # also where no epoch changed: the handle goes back to an epoch that has a grid

    def _on_play_clicked(self) -> None:
        if self.is_playing:
            self._stop()
            return
        if self._current == self.epochs[-1]:
            self._go_to(self.epochs[0])
        self._timer.start()
        self._show_state()

    def play_on(self) -> None:
        """Show the next epoch, as playback does at each of its beats; at the last one playback ends."""
        later = bisect_right(self.epochs, -1 if self._current is None else self._current)
        if later < len(self.epochs):
            self._go_to(self.epochs[later])
        if later >= len(self.epochs) - 1:
            self._stop()

    def _on_newest_clicked(self) -> None:
        self._stop()
        self._go_to(self.epochs[-1])

    def _on_speed_changed(self) -> None:
        self._timer.setInterval(1000 // self._speed_box.currentData())

    # ---------------------------------------------------------------- state

    def _go_to(self, epoch: int, *, again: bool = False) -> None:
        is_new = again or epoch != self._current
        self._current, self._is_following = epoch, epoch == self.epochs[-1]
        self._show_state()
        if is_new:
            self.epoch_chosen.emit(epoch)

    def _stop(self) -> None:
        self._timer.stop()
        self._show_state()

    def _total(self) -> int:
        return max(math.ceil(self._history.total_epochs), self.epochs[-1] if self.epochs else 1)

    def _nearest(self, epoch: float) -> int:
        index = bisect_left(self.epochs, epoch)
        return min(self.epochs[max(index - 1, 0) : index + 1], key=lambda each: abs(each - epoch))

    def _show_state(self) -> None:
        some = bool(self.epochs)
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._current or 0)
        self._pictures.set_current(self._current)
        self._slider.setEnabled(some)
        self._play_button.setEnabled(len(self.epochs) > 1)
        self._play_button.setText(tr("Pause") if self.is_playing else tr("Play"))
        self._play_button.setIcon(self._icons[self.is_playing])
        is_older = some and self._current != self.epochs[-1]
        self._newest_button.setEnabled(is_older)
        self._newest_button.setVisible(is_older)  # otherwise the number of the epoch has its room
        current, total = self._current, number(self._total())
        words = [] if current is None else [tr("Epoch {epoch} / {total}", epoch=number(current), total=total)]
        short = {} if current is None else {words[0]: f"{number(current)} / {total}"}
        self._label.show_parts(words, short=short)
        self._leave_axis_free()

    def _show_axis(self) -> None:
        """Lay pictures and slider along the axis; the slider is longer than the strip where the plot is zoomed."""
        self._leave_axis_free()
        right = self._pictures.width() - SPACING
        left = SPACING + SLOT_WIDTH * (self.epochs[:1] == [0])
        axis = self._axis or StripAxis(0, self._history.axis_end, left, max(right, left + SPACING))
        self._pictures.set_slots(divide(axis, self.epochs))
        start, end = axis.x(0), axis.x(self._slider.maximum())
        if end - start > _MAX_SLIDER_WIDTH:  # zoomed in beyond what a widget can be: no longer aligned, still usable
            start, end = axis.left, axis.right
        self._track.setFixedHeight(self._slider.sizeHint().height())  # the handle grows with the text
        half = self._slider.handle_length() / 2
        self._slider.setGeometry(round(start - half), 0, round(end - start + 2 * half), self._track.height())

    def _leave_axis_free(self) -> None:
        """Keep what stands at the right of the axis beyond the handle at its end."""
        if self._axis is not None:
            room = max(self.width() - round(self._axis.right) - self._slider.handle_length() - SPACING, 4 * SPACING)
            self._controls.setFixedWidth(room)
            self._leave_out_what_has_no_room(room)
        else:
            self._leave_out_what_has_no_room(_FREE_CONTROLS)

    def _leave_out_what_has_no_room(self, room: int) -> None:
        """The speed goes before its words are cut, and the number of the epoch, which the samples tell, too."""
        metrics, arrow = self.fontMetrics(), self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        beside = self._play_button.sizeHint().width() + self._help.sizeHint().width() + SPACING
        speed = max(metrics.horizontalAdvance(self._speed_box.itemText(row)) for row in range(self._speed_box.count()))
        self._speed_box.setVisible(room >= beside + speed + arrow + 2 * SPACING)
        newest = 0 if self._newest_button.isHidden() else self._newest_button.sizeHint().width() + SPACING // 2
        self._label.setVisible(room - newest >= metrics.horizontalAdvance(self._label.shortest))

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self._say_what_comes()
        self._pictures.setAccessibleName(tr("Pictures of the epochs"))
        _name(self._slider, tr("Epoch"), tr("Choose an epoch: left and right, Home for the first, End for the newest"))
        _name(self._play_button, tr("Play through the epochs"), tr("Play through the epochs"))
        _name(self._newest_button, tr("Newest epoch"), tr("Go to the newest epoch and follow the training"))
        _name(self._speed_box, tr("Speed of playback"), tr("Speed of playback"))
        self._newest_button.setText(tr("Newest"))
        for index, speed in enumerate(_SPEEDS):
            self._speed_box.setItemText(index, tr("{count}/s", count=speed))
        self._show_state()

    def apply_palette(self) -> None:
        """The pictures read the palette while painting, icons do not."""
        self._pictures.update()
        self._icons = _icons(self)
        self._show_state()

    def sizeHint(self) -> QSize:
        """Low and wide, as a time line is."""
        return QSize(80 * SPACING, self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Without a plot above, the axis is as wide as the strip; below one, what stands beside it has the rest."""
        super().resizeEvent(event)
        if self.height() != self._height:  # not where it only lies in another place
            self._height = self.height()
            self.height_changed.emit()
        if self._axis is None:
            self._show_axis()
        self._leave_axis_free()

    def _lay_out(self) -> None:
        playback = QHBoxLayout()
        playback.setSpacing(SPACING // 2)
        playback.addWidget(self._play_button)
        playback.addWidget(self._speed_box, 1)
        playback.addWidget(self._help)
        newest = QHBoxLayout()
        newest.setSpacing(SPACING // 2)
        newest.addWidget(self._label, 1)
        newest.addWidget(self._newest_button)
        controls = QVBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(0)
        controls.addStretch(1)
        controls.addLayout(playback)
        controls.addLayout(newest)
        controls.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._pictures)
        column.addWidget(self._track)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, SPACING, 0)
        row.setSpacing(SPACING // 2)
        row.addLayout(column, 1)
        row.addWidget(self._controls)


def _icons(strip: QWidget) -> tuple[QIcon, QIcon]:
    """Return the icons to begin playback and to pause it."""
    kinds = QStyle.StandardPixmap
    return ink_icon(kinds.SP_MediaPlay, strip), ink_icon(kinds.SP_MediaPause, strip)


def _flat_button(slot: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.clicked.connect(slot)
    return button


def _name(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)


def _show_alone() -> None:
    import sys
    from pathlib import Path

    import numpy as np
    from PySide6.QtWidgets import QApplication

    from engine.pictures import tile
    from engine.resources import RESOURCES

    app = QApplication(sys.argv)
    with np.load(RESOURCES / "digits" / "digits.npz") as data:
        images, labels = data["images"], data["labels"]
    columns = np.stack([images[labels == digit][:8] for digit in range(10)], axis=1).reshape(-1, 28, 28)
    chance = np.random.default_rng(0)
    noise = chance.integers(0, 256, columns.shape)
    history = RunData(image_count=1, total_images=36, class_names=tuple("0123456789"))
    for epoch in range(1, 31):
        blurred = (columns + (noise - columns.astype(float)) / epoch).astype(np.uint8)
        history.add_grid(epoch, Path(), tile(blurred, 10))
    strip = EpochStrip()
    strip.set_run_data(history, 28)
    strip.resize(750, 104)
    strip.show()
    app.exec()


if __name__ == "__main__":
    _show_alone()
