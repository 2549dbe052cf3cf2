"""How far a training is, in one line and a bar. It knows no button and no run folder."""

from __future__ import annotations

import math
from datetime import timedelta

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.amounts import duration
from engine.evaluation.words import describe_learning
from engine.events import EvaluatorTraining, Started, Tick
from engine.i18n import again, number, tr
from engine.job import Progress
from studio import theme
from studio.model.measurements import Estimate
from studio.model.work_state import WorkState
from studio.text.recipe import takes_briefly, takes_words
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.base.throttle import Throttle
from studio.widgets.base.view import View
from studio.widgets.layouts.fitting_label import FittingLabel

_UNITS = ("B", "kB", "MB", "GB", "TB")
_BYTES = "B"  # the unit of a ``Progress`` that people read in kB and MB
_DAY = 86400
_REST_MS = 500  # between two ticks that are shown: nobody reads faster, and the training pays for each


class RunStatus(View):
    """Shows the newest of what it is told: fetching images, training, resting, or a run that is only looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = WorkState.IDLE
        self._loading: Progress | None = None
        self._tick: Tick | None = None
        self._lessons: EvaluatorTraining | None = None
        self._device = self._other = ""
        self._estimate: Estimate | None = None
        self._image_count = 1
        self._images_seen = self._total_images = 0
        self._ticks = Throttle(_REST_MS, self)
        self._ticks.due.connect(self._show)
        self.label = set_object_name(FittingLabel(), "status_label")
        self.bar = set_object_name(ProgressBar(textVisible=False), "progress")
        self.bar.setMaximumHeight(theme.SPACING)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addWidget(self.label)
        lines.addWidget(self.bar)
        self.retranslate()

    def show_state(self, state: WorkState) -> None:
        """Say what is going on; images are only fetched while PREPARING."""
        self._state = state
        if state is not WorkState.PREPARING:
            self._loading = None
        if state is WorkState.IDLE:
            self._lessons = None
        self._show()

    def show_loading(self, loading: Progress) -> None:
        """Show how far the images have been fetched or read."""
        if self._state is WorkState.PREPARING:
            self._loading = loading
            self._show()

    def show_started(self, started: Started) -> None:
        """Note the device of the training that begins."""
        self._device = started.device
        self._show()

    def show_tick(self, tick: Tick) -> None:
        """Show a report at once, those that come soon after it together."""
        self._tick, was_first = tick, self._tick is None
        self._images_seen, self._total_images = tick.images_seen, tick.total_images
        if was_first:
            self._ticks.do_now()
        else:
            self._ticks.ask()

    def show_lessons(self, lessons: EvaluatorTraining | None) -> None:
        """Say that a judge is learning, and how far it is; None: none is."""
        self._lessons = lessons if lessons and lessons.share < 1 else None
        self._show()

    def show_position(self, images_seen: int, total_images: int, image_count: int) -> None:
        """Show how far a run got, until the first tick; ``image_count`` images make an epoch."""
        self._tick = None
        self._images_seen, self._total_images, self._image_count = images_seen, total_images, image_count
        self._show()

    def show_estimate(self, estimate: Estimate | None) -> None:
        """Say what a new training will take, while none is under way; nothing while that is not known."""
        self._estimate = estimate
        self._show()

    def show_other(self, text: str) -> None:
        """Say what else keeps a training from beginning, a text of ``engine.i18n``; nothing once that is over.

        The bar is empty meanwhile: how far a run is says nothing of it.
        """
        self._other = text
        self._show()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.bar.setAccessibleName(tr("Progress"))
        self._show()

    def _show(self) -> None:
        loading, lessons = self._loading, self._lessons
        done, total = (loading.done, loading.total) if loading else (self._images_seen, self._total_images)
        share = min(done / total, 1.0) if total else None if loading else 0.0
        is_other = bool(self._other) and self._state is WorkState.IDLE
        self.bar.show_share(0.0 if is_other else lessons.share if lessons and lessons.is_last else share)
        speed = [self._speed_text(self._tick)] if self._tick else []
        parts = [again(self._other)] if is_other else self._parts() or [tr("Ready")]
        epochs = {self._epoch_text(*place): self._epoch_briefly(*place)} if (place := self._place()) else {}
        if self._estimate and self._state is WorkState.IDLE and not is_other:
            ahead = takes_words(self._estimate)
            short = epochs | {ahead: takes_briefly(self._estimate)}
            self.label.show_parts([*parts, ahead], spare=parts[::-1], short=short)
        else:
            self.label.show_parts(parts, spare=[*self._remarks(), *speed], short=epochs)

    def _parts(self) -> list[str]:
        words = {
            WorkState.PREPARING: loading_text(self._loading) if self._loading else tr("Preparing…"),
            WorkState.STOPPING: tr("Saving…"),
            WorkState.PAUSED: tr("Paused"),
            WorkState.HALTED: tr("Halted"),
        }
        parts = [words[self._state]] if self._state in words else []
        if self._state is WorkState.PREPARING:
            return parts
        return parts + (self._tick_parts(self._tick) if self._tick else self._place_parts())

    def _place_parts(self) -> list[str]:
        place = self._place()
        return [self._epoch_text(*place)] if place else []

    def _place(self) -> tuple[int, int] | None:
        """Return the epoch, and how many there will be; None where there is no training.

        While it trains that is the epoch under way, and where it rests the last one that is done, as everywhere else.
        """
        total = math.ceil(self._total_images / self._image_count)
        if self._tick and self._state not in (WorkState.IDLE, WorkState.PAUSED, WorkState.HALTED):
            reached = min(self._images_seen // self._image_count, total)  # few images: more than an epoch in a step
            return max(self._tick.epoch, reached), total
        is_over = self._images_seen >= self._total_images  # its last epoch may have been cut short by its minutes
        return (total if is_over else self._images_seen // self._image_count, total) if total else None

    def _tick_parts(self, tick: Tick) -> list[str]:
        parts = self._place_parts()
        if self._lessons and self._lessons.is_last:
            return [*parts, describe_learning(self._lessons.share, is_last=True)]
        if self._state is WorkState.WORKING:
            parts += [self._speed_text(tick)] if tick.images_per_second else []
            if tick.seconds_left is not None:
                parts.append(tr("{time} left", time=clock(tick.seconds_left)))
        return [*parts, *self._remarks()]

    def _remarks(self) -> list[str]:
        """Return what is worth knowing where there is room for it."""
        remark = self._lessons_text() or (self._tick and self._threads_text(self._tick)) or again(self._device)
        return [remark] if remark else []

    def _lessons_text(self) -> str:
        is_told = self._lessons is not None and self._state is WorkState.WORKING
        return describe_learning(self._lessons.share) if self._lessons and is_told else ""

    def _threads_text(self, tick: Tick) -> str:
        if tick.threads is None or self._state is not WorkState.WORKING:
            return ""
        from engine.training.threads import describe  # late: reading the system's accounts is not needed for the window

        return describe(*tick.threads)

    def _speed_text(self, tick: Tick) -> str:
        return tr("{speed} {data:images}/s", speed=number(round(tick.images_per_second, -1), ",.0f"))

    def _epoch_text(self, epoch: int, total: int) -> str:
        return tr("Epoch {epoch} of {total}", epoch=number(epoch), total=number(total) if total else "?")

    def _epoch_briefly(self, epoch: int, total: int) -> str:
        return f"{number(epoch)}/{number(total) if total else '?'}"


def loading_text(loading: Progress) -> str:
    """Say what is fetched or read and how much of it is done, bytes as kB and MB."""
    what, unit = again(loading.what), again(loading.unit)
    if not (loading.done or loading.total):
        return f"{what}…"
    done, total = (_size(it) if unit == _BYTES else number(it) for it in (loading.done, loading.total))
    amount = tr("{done} of {total}", done=done, total=total) if loading.total else done
    return f"{what}: {amount}" if unit in ("", _BYTES) else f"{what}: {amount} {unit}"


def _size(count: int) -> str:
    """Write a number of bytes with the largest unit that leaves it above one."""
    power = min(max(len(str(count)) - 1, 0) // 3, len(_UNITS) - 1)
    return f"{number(count / 1000**power, ',.1f' if power else ',.0f')} {_UNITS[power]}"


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds, with hours where there are any; from a day on nobody counts these."""
    if seconds >= _DAY:
        return duration(seconds)
    text = str(timedelta(seconds=round(seconds)))
    return text.removeprefix("0:")
