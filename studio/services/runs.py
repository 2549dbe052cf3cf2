"""The door to runs that rest: lists them, reads those that a person opens, and keeps what a person says of them.

All of it happens in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.i18n import language
from engine.job import Job
from engine.recipes import RECIPES
from engine.runs import ListedRun, RunStore, runs_root
from engine.runs.about import About
from studio.model.origins import Origins
from studio.model.run_rows import RunRow
from studio.services import readers
from studio.services.readers import OpenedRun
from studio.text.run_columns import row_of
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_CHANGES = "changing runs"  # what a person says of runs, and what is read of single ones: no older answer comes later


class RunsService(QObject):
    """``found`` carries ``RunRow`` in parts, as they are read; ``listed`` at the end every ``ListedRun``, newest first.

    ``opened`` carries the run that was asked for last.
    """

    found = Signal(list)
    listed = Signal(list)
    others_seen = Signal()
    """Another process trains, made or changed something here."""
    opened = Signal(OpenedRun, bool)
    """The run, and whether it shall be gone on with."""
    described = Signal(Path)
    """What a person says of this run is kept."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store = RunStore(runs_root())
        self._rows = _Rows()
        self._listing: RunningJob[Any, Any] | None = None
        self._looking: RunningJob[Any, Any] | None = None
        self._opening: RunningJob[Any, Any] | None = None

    # --- the list

    def list_runs(self, root: Path) -> None:
        """Look which runs there are directly below ``root``; ``listed`` answers, once for the newest question."""
        if root != self._store.root:
            self._store = RunStore(root)
        if self._listing:
            self._listing.cancel(silently=True)
        self._listing = self._jobs.start(
            "listing runs",
            partial(_listing, self._store, self._rows),
            Listeners(event=self.found.emit, result=self.listed.emit, failed=self.failed.emit),
            keeps_pace=True,
        )

    def list_again(self) -> None:
        """Look again which runs there are, in the language of the moment."""
        self.list_runs(self._store.root)

    def look_again(self, path: Path) -> None:
        """Look again at one run; ``found`` answers."""
        store, rows = self._store, self._rows
        self._jobs.in_turn(_CHANGES, lambda: [rows.of(store.one(path))], Listeners(result=self.found.emit))

    def look_for_news(self, but: Path | None = None) -> None:
        """Look whether another process made, removed, trained or named runs, ``but`` one of which it is known.

        ``found`` answers with those that changed, and ``listed`` where runs came or went.
        """
        if any(job is not None and job.is_alive() for job in (self._listing, self._looking)):
            return
        work = partial(_news, self._store, self._rows, but)
        self._looking = self._jobs.in_turn(_CHANGES, work, Listeners(result=self._on_news))

    def _on_news(self, news: tuple[list[RunRow], bool]) -> None:
        rows, has_others = news
        if rows or has_others:
            self.others_seen.emit()
        if has_others:
            self.list_again()
        elif rows:
            self.found.emit(rows)

    # --- what a person says of a run

    def describe(self, path: Path, **said: Any) -> None:
        """Keep the ``name``, ``star`` or ``note`` that a person gives to the run in ``path``."""
        work = partial(self._store.describe, path, **said)
        listeners: Listeners[None, About] = Listeners(
            result=partial(self._on_described, path, said), failed=self.failed.emit
        )
        self._jobs.keep(_CHANGES, work, listeners)

    def _on_described(self, path: Path, said: Mapping[str, object], _: About) -> None:
        """Tell how the run is called by now, also its branches; a list under way may have read it before."""
        self.described.emit(path)
        self.look_again(path)
        if "name" in said or (self._listing is not None and self._listing.is_alive()):
            self.list_again()

    # --- one of them

    def read_origins(self, path: Path, then: Callable[[Origins], object]) -> None:
        """Read the run in ``path`` and from where another one can branch off it; ``then`` gets it."""
        work = partial(readers.read_origins, path)
        self._jobs.do("reading a run", work, Listeners(result=then, failed=self.failed.emit), after=_CHANGES)

    def open(self, path: Path, *, go_on: bool = False) -> None:
        """Read the run in ``path``; ``opened`` answers, unless another one is asked for meanwhile."""
        self.open_none()
        self._opening = self._jobs.do(
            "opening a run",
            partial(readers.read_run, path),
            Listeners(result=partial(self._on_read, go_on), failed=self.failed.emit),
            after=_CHANGES,
        )

    def look_back(self, path: Path, then: Callable[[OpenedRun], object]) -> None:
        """Read the run in ``path`` for ``then``, unless one is asked for meanwhile; one that is gone is no trouble."""
        self.open_none()
        self._opening = self._jobs.do("opening a run", partial(readers.read_run, path), Listeners(result=then))

    def open_none(self) -> None:
        """Let a run that is being read not come any more."""
        if self._opening:
            self._opening.cancel(silently=True)
            self._opening = None

    def _on_read(self, go_on: bool, run: OpenedRun) -> None:
        self._opening = None
        self.opened.emit(run, go_on)


class _Rows:
    """What was said of runs: only what changed is said anew, or all of it in other words. For any thread."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[object, RunRow]] = {}

    def of(self, run: ListedRun) -> RunRow:
        """Return what the table says of ``run``: the same row for the same summary in the same words."""
        words = _words()
        known = self._known.get(run.path)
        if known is not None and known[0] == words and known[1].run is run:
            return known[1]
        row = row_of(run)
        if words == _words():  # else the language was switched meanwhile
            self._known[run.path] = words, row
        return row

    def keep_only(self, runs: Iterable[ListedRun]) -> None:
        """Forget runs that are gone."""
        there = {run.path for run in runs}
        self._known = {path: row for path, row in dict(self._known).items() if path in there}


def _words() -> tuple[object, ...]:
    """Return what words hang on: the language, and recipes that a person named."""
    return (language(), *RECIPES.values())


def _listing(store: RunStore, rows: _Rows) -> Job[list[RunRow], list[ListedRun]]:
    with closing(store.scan()) as scan:
        while True:
            try:
                part = next(scan)
            except StopIteration as done:
                runs: list[ListedRun] = done.value
                rows.keep_only(runs)
                return runs
            yield [rows.of(run) for run in part.runs]


def _news(store: RunStore, rows: _Rows, but: Path | None) -> tuple[list[RunRow], bool]:
    news = store.news()
    return [rows.of(store.one(path)) for path in news.changed if path != but], news.has_others
