"""The door to style transfer: pictures are looked at, one is painted, paused, changed, filmed. Knows no widget."""

from __future__ import annotations

import queue
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.arrays import Picture
from engine.job import Job, Progress
from engine.style.events import GramsReady, StepUndone, StyleBegun, StyleEvent, StyleTick
from engine.style.history import History
from engine.style.options import StyleOptions
from studio.model.work_state import WorkState
from studio.services import disk
from studio.services.style_sources import StyleSource
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

if TYPE_CHECKING:
    from engine.style.transfer import StyleTransfer

_LOOKED_AT = 192  # pixels of a picture to choose by


@dataclass(frozen=True, eq=False)
class StyleWish:
    """What shall be painted, out of what, and with which weights file, None for the network that comes along."""

    content: StyleSource
    styles: tuple[StyleSource, ...]
    options: StyleOptions
    weights_file: Path | None = None


@dataclass
class _StyleJob:
    """Reads the pictures and paints, in the thread of a job; ``changes`` of live options may come from any thread."""

    wish: StyleWish
    wants_grams: bool = False
    changes: queue.SimpleQueue[tuple[str, float | str]] = field(default_factory=queue.SimpleQueue)

    def events(self) -> Job[StyleEvent | Progress, None]:
        from engine.style.transfer import StyleTransfer

        wish = self.wish
        content, *styles = (source.read(wish.options.size) for source in (wish.content, *wish.styles))
        transfer = StyleTransfer(content, styles, wish.options, weights_file=wish.weights_file)
        with closing(transfer.run()) as events:
            for event in events:
                yield event
                self._pass_on(transfer)

    def _pass_on(self, transfer: StyleTransfer) -> None:
        """Tell ``transfer`` what was wished for meanwhile."""
        transfer.wants_grams = self.wants_grams
        while not self.changes.empty():
            transfer.change(*self.changes.get())


class StylingService(QObject):
    """One picture is painted at a time. ``history`` is what was told of it, and is kept until the next begins."""

    state_changed = Signal(WorkState)
    looked_at = Signal(str, np.ndarray)
    """In which place a picture is to be shown, and the picture uint8 [H, W, 3]."""
    not_looked_at = Signal(str, Failure)
    begun = Signal(StyleBegun)
    ticked = Signal(StyleTick)
    undone = Signal(StepUndone)
    grams_ready = Signal(GramsReady)
    failed = Signal(Failure)
    filming = Signal(Progress)
    film_saved = Signal(Path)
    fetching = Signal(Progress)
    limits_known = Signal(int, str)
    """The largest size that the memory allows, and where the weights of VGG-19 lie on this machine, or nothing."""

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = WorkState.IDLE
        self.history = History()
        self.wish: StyleWish | None = None
        self._jobs = jobs
        self._job: _StyleJob | None = None
        self._wants_grams = False
        self._running: RunningJob[Any, Any] | None = None
        self._looks: dict[str, RunningJob[Any, Any]] = {}
        self._film: RunningJob[Any, Any] | None = None
        self._fetch: RunningJob[Any, Any] | None = None

    # --- what is wanted

    def look_at(self, place: str, source: StyleSource) -> None:
        """Read ``source`` to be shown in ``place``, instead of what that was asked for before."""
        if before := self._looks.pop(place, None):
            before.cancel(silently=True)
        listeners: Listeners[None, Picture] = Listeners(
            result=partial(self.looked_at.emit, place), failed=partial(self.not_looked_at.emit, place)
        )
        self._looks[place] = self._jobs.do("looking at a picture", partial(source.read, _LOOKED_AT), listeners)

    def ask_for_limits(self) -> None:
        """Find out what this machine allows; ``limits_known`` answers."""
        listeners: Listeners[None, tuple[int, str]] = Listeners(result=lambda found: self.limits_known.emit(*found))
        self._jobs.do("limits of style transfer", _limits, listeners)

    def fetch_weights(self) -> None:
        """Download the weights of VGG-19; ``fetching`` tells how far it is, ``limits_known`` that they are there."""
        if self._fetch is not None:
            return
        listeners: Listeners[Progress, Path] = Listeners(
            event=self.fetching.emit, failed=self.failed.emit, end=self._on_fetched
        )
        self._fetch = self._jobs.start("VGG-19", _fetch, listeners)

    def _on_fetched(self) -> None:
        self._fetch = None
        self.ask_for_limits()

    def start(self, wish: StyleWish) -> None:
        """Paint, unless something is painted already; raises ``UserError`` where nothing could come of it."""
        if self.state is not WorkState.IDLE:
            return
        wish.options.check()
        self.wish, self.history = wish, History()
        self._job = _StyleJob(wish, self._wants_grams)
        listeners: Listeners[StyleEvent | Progress, None] = Listeners(
            event=self._hear,
            failed=self.failed.emit,
            paused=partial(self._go_to, WorkState.PAUSED),
            resumed=partial(self._go_to, WorkState.WORKING),
            end=self._on_end,
        )
        self._set_state(WorkState.PREPARING)
        self._running = self._jobs.start("painting", self._job.events, listeners)

    def pause(self) -> None:
        """Rest after the step under way."""
        if self.state is WorkState.WORKING and self._running:
            self._running.pause()

    def resume(self) -> None:
        """Go on."""
        if self.state is WorkState.PAUSED and self._running:
            self._running.resume()

    def stop(self) -> None:
        """End; the picture stays as it is."""
        if self._running and self.state.may_stop:
            self._running.cancel()
            self._set_state(WorkState.STOPPING)

    def change(self, name: str, value: float | str) -> None:
        """Give a live option of the picture under way another value."""
        if self._job is not None:
            self._job.changes.put((name, value))

    def want_grams(self, is_wanted: bool) -> None:
        """Let Gram matrices be told, or not: somebody looks at them."""
        self._wants_grams = is_wanted
        if self._job is not None:
            self._job.wants_grams = is_wanted

    def save_film(self, path: Path) -> None:
        """Save the film of what was painted, instead of one that is being saved."""
        if self._film:
            self._film.cancel(silently=True)
        listeners: Listeners[Progress, Path] = Listeners(
            event=self.filming.emit, result=self.film_saved.emit, failed=self.failed.emit
        )
        self._film = self._jobs.start(
            "film of a style", partial(disk.save_style_film, self.history.snapshot(), path), listeners
        )

    # --- what the job tells

    def _hear(self, event: StyleEvent | Progress) -> None:
        match event:
            case StyleBegun():
                self._go_to(WorkState.WORKING)
                self.begun.emit(event)
            case StyleTick():
                self.history.add(event)
                self.ticked.emit(event)
            case StepUndone():
                self.history.undo_to(event.step)
                self.undone.emit(event)
            case GramsReady():
                self.grams_ready.emit(event)

    def _go_to(self, state: WorkState) -> None:
        if self.state is not WorkState.STOPPING:
            self._set_state(state)

    def _set_state(self, state: WorkState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _on_end(self) -> None:
        self._job = self._running = None
        self._set_state(WorkState.IDLE)


def _limits() -> tuple[int, str]:
    from engine.style import memory, weights

    return memory.largest_here(), str(weights.vgg19_here() or "")


def _fetch() -> Job[Progress, Path]:
    from engine.style import weights

    return (yield from weights.fetch())
