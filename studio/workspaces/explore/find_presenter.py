"""Searches the z of what a person drew or brought, and moves the point to it while it is found."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.arrays import Picture
from engine.i18n import joined, number, tr
from engine.job import Job, Progress
from studio.context import Context
from studio.model.explored import Explored
from studio.services.exploring import Ground, MakeJob, generator_session, reader_of
from studio.text import sample as sample_words
from studio.widgets.exploring.find_panel import FindPanel
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.latent.find import Attempt

FIND = "find"


class Wanted(NamedTuple):
    """What is looked for, prepared as the generator would have to draw it: uint8 ``[H, W]`` or ``[H, W, 3]``."""

    picture: Picture


class _Found(NamedTuple):
    """What was found of what was looked for, in the run in ``path``."""

    attempt: Attempt
    wanted: Picture | None
    path: Path


class FindPresenter(QObject):
    """Feeds ``panel`` and moves ``explored``."""

    def __init__(self, panel: FindPanel, explored: Explored, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._explored, self._services = panel, explored, context.services
        self._found: _Found | None = None
        self._is_first, self._is_going = True, False
        self._work = Work(FIND, panel, self._services.exploring, told=self._on_told, undone=panel.show_nothing)
        panel.drawing_changed.connect(lambda drawn: self._search(partial(_find_drawing, drawn)))
        panel.file_chosen.connect(lambda path: self._search_given(partial(_find_file, Path(path))))
        panel.pixels_given.connect(lambda pixels: self._search_given(partial(_find_drawing, pixels)))
        self._services.generator.pictures_ready.connect(lambda _, images: panel.drawing.canvas.suit(images))
        panel.cancel_requested.connect(self._work.cancel)
        explored.moved.connect(self._on_moved)
        self._services.shown.run_changed.connect(self._on_shown)
        self._on_shown()

    def retranslate(self) -> None:
        """Say what was found in the current language."""
        if self._found is not None:
            self._panel.say(self._words(self._found.attempt))

    def _search(self, make: MakeJob) -> None:
        self._found, self._is_first = None, True
        self._work.start(make)

    def _search_given(self, make: MakeJob) -> None:
        self._panel.show_nothing()  # of another picture; while a person draws, the last one stays until the next
        self._search(make)

    def _on_shown(self) -> None:
        run, self._found = self._services.shown.run, None
        if run is not None:
            self._panel.set_size(run.info.facts.size)

    def _on_moved(self) -> None:
        """Who goes elsewhere ends the search; what is told of one is told where it led, also after a step back."""
        if self._is_going:
            return
        self._work.cancel()
        before, self._found = self._found, self._found_there()
        if self._found is not None:
            self._panel.show_wanted(self._found.wanted)
            self._panel.show_found(self._found.attempt.picture)
            self._panel.say(self._words(self._found.attempt))
        elif before is not None:
            self._panel.show_found(None)
            self._panel.say("")

    def _found_there(self) -> _Found | None:
        """Return what led to the point, None where that was no search in the run that is shown."""
        found, run = self._explored.told(FIND), self._services.shown.run
        if not isinstance(found, _Found) or run is None or found.path != run.path:
            return None
        return found if self._explored.point[1:] == (found.attempt.label, ()) else None

    def _on_told(self, event: Wanted | Progress | Attempt) -> None:
        if isinstance(event, Wanted):
            self._panel.show_wanted(event.picture)
            return
        if isinstance(event, Progress):
            self._panel.show_progress(event.done / max(event.total, 1))
            self._panel.say(tr("Reading the images of this run, to find the judge that learned on them…"))
            return
        self._services.noted.note("found_off", event.difference)
        if event.reads_alike is not None:
            self._services.noted.note("found_alike", event.reads_alike)
        if event.reading is not None and self._services.shown.run is not None:
            classes = self._services.shown.run.info.config.classes
            self._services.noted.note_class("found_class", event.reading[0], classes)
        self._panel.show_progress(event.step / max(event.steps, 1))
        self._panel.show_found(event.picture)
        self._panel.say(self._words(event))
        self._go(event)

    def _go(self, attempt: Attempt) -> None:
        """Go where it was found: a search is one step, however long it takes."""
        run = self._services.shown.run
        if attempt.z.shape != (self._explored.z_dim,) or run is None:
            return
        self._found = _Found(attempt, self._panel.wanted.picture, run.path)
        self._is_going = True
        try:
            self._explored.go(attempt.z, attempt.label, stroke=FIND, told=self._found, goes_on=not self._is_first)
        finally:
            self._is_going, self._is_first = False, False

    def _words(self, attempt: Attempt) -> str:
        run = self._services.shown.run
        names = run.data.data_classes if run is not None else ()
        off = tr("Each pixel is off by {share} of the range.", share=number(attempt.difference, ".0%"))
        if attempt.reading is None or attempt.wanted is None or not names:
            return off
        if sample_words.reads_none(attempt.wanted, names):
            return joined(off, tr("What is looked for is none of the classes of this run, says the judge."))
        found, wanted = (tr(names[kind]) for kind, _ in (attempt.reading, attempt.wanted))
        if attempt.reads_alike:
            return joined(off, tr("The judge reads “{found}” in both.", found=found))
        return joined(off, tr("The judge reads “{found}” here, “{wanted}” there.", found=found, wanted=wanted))


# --- in the thread of a job


def _find_drawing(drawn: NDArray[np.uint8], ground: Ground) -> Job[Wanted | Progress | Attempt, Attempt]:
    from engine.latent import given_picture

    picture = given_picture.from_drawing(drawn, ground.generator.config, ground.generator.facts)
    return (yield from _find(ground, picture))


def _find_file(path: Path, ground: Ground) -> Job[Wanted | Progress | Attempt, Attempt]:
    from engine.latent import given_picture

    picture = given_picture.from_file(path, ground.generator.config, ground.generator.facts)
    return (yield from _find(ground, picture))


def _find(ground: Ground, picture: Picture) -> Job[Wanted | Progress | Attempt, Attempt]:
    from engine.latent import find

    yield Wanted(picture)
    reader = yield from reader_of(ground)
    return (yield from find.find(generator_session(ground), reader, picture))
