"""The door to style transfer: pictures are looked at, one is painted, paused, changed, filmed. Knows no widget."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.arrays import Picture
from engine.job import Job, Progress
from engine.style.events import GramsReady, StepUndone, StyleBegun, StyleEvent, StyleTick
from engine.style.history import History
from engine.style.options import STYLE_OPTIONS, StyleOptions
from studio.model.work_state import WorkState
from studio.services import disk
from studio.services.style_sources import StyleSource
from studio.services.styling_job import StyleJob, StyleWish
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

if TYPE_CHECKING:
    from engine.style.painting import Painting

_LOOKED_AT = 192  # pixels of a picture to choose by


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
    kept = Signal(Path)
    """Where the picture lies that came to its end, or was stopped."""
    found = Signal()
    """A painting of an earlier time can go on: ``painting``."""
    fetching = Signal(Progress)
    limits_known = Signal(int, str)
    """The largest size that the memory allows, and where the weights of VGG-19 lie on this machine, or nothing."""

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = WorkState.IDLE
        self.history = History()
        self.painting: Painting | None = None
        """What was painted last, also before this start, and can go on."""
        self.name = ""
        """What the picture that is painted, or was, is called."""
        self._jobs = jobs
        self._job: StyleJob | None = None
        self._wants_grams = False
        self._running: RunningJob[Any, Any] | None = None
        self._looks: dict[str, RunningJob[Any, Any]] = {}
        self._film: RunningJob[Any, Any] | None = None
        self._fetch: RunningJob[Any, Any] | None = None

    # --- what is wanted

    @property
    def uses_vgg19(self) -> bool:
        """Whether what is painted is seen by VGG-19, and not by the network that comes along."""
        return self._job is not None and bool(self._job.begins.weights_file)

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
        self._begin(wish, wish.name)

    def go_on(self, options: StyleOptions) -> None:
        """Go on with ``painting`` and with what may change of it; raises ``UserError`` as ``start`` does."""
        if self.state is not WorkState.IDLE or self.painting is None:
            return
        options.check()
        live = {name: getattr(options, name) for name, each in STYLE_OPTIONS.items() if each.live}
        self._begin(replace(self.painting, options=self.painting.options.changed(**live)), self.painting.name)

    def look_for_kept(self) -> None:
        """Look whether there is a painting of an earlier time; ``found`` tells of it."""
        listeners: Listeners[None, Painting | None] = Listeners(result=self._on_found)
        self._jobs.do("painting of an earlier time", _kept, listeners)

    def wait_until_kept(self, end: float) -> None:
        """Wait until what was told to end is kept, or ``time.monotonic()`` is ``end``."""
        if self._running is not None:
            self._running.join(max(end - time.monotonic(), 0))

    def _begin(self, begins: StyleWish | Painting, name: str) -> None:
        self.name, self._job = name, StyleJob(begins, self._wants_grams)
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
                if isinstance(self._job and self._job.begins, StyleWish):
                    self.history = History()
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

    def _on_found(self, painting: Painting | None) -> None:
        if painting is not None and self.state is WorkState.IDLE and self.painting is None:
            self.painting, self.history, self.name = painting, painting.history(), painting.name
            self.found.emit()

    def _on_end(self) -> None:
        job, self._job, self._running = self._job, None, None
        if job is not None and job.painting is not None and job.painting.step:
            self.painting = job.painting
        self._set_state(WorkState.IDLE)
        if job is not None and job.path is not None:
            self.kept.emit(job.path)
        if job is not None and job.failed is not None:
            self.failed.emit(job.failed)


def _kept() -> Painting | None:
    from engine.style import painting

    return painting.kept()


def _limits() -> tuple[int, str]:
    from engine.style import memory, weights

    return memory.largest_here(), str(weights.vgg19_here() or "")


def _fetch() -> Job[Progress, Path]:
    from engine.style import weights

    return (yield from weights.fetch())
