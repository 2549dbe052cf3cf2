"""The door to lessons: which there are, how far a student is, and what of the open step is met. Knows no widget.

It holds what the window's models know against the open step, soon after something is measured. A run counts that was
begun, gone on with or opened since its lesson was: what had been there before says nothing about the student. For a
step that proposes options it is one that was trained since that step was opened, or has its options.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from engine import i18n
from engine.errors import UserError
from engine.events import StepStage
from engine.lessons import library as libraries
from engine.lessons import progress as records
from engine.lessons.lesson import Lesson
from engine.lessons.library import Library
from engine.lessons.measured import Measured
from engine.lessons.player import LessonPlayer
from engine.lessons.progress import LessonProgress
from studio.model.findings import Findings, recorded_of
from studio.model.work_state import WorkState
from studio.services.asking import Answer
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import Listeners

if TYPE_CHECKING:
    from studio.services.all import Services

_SOON_MS = 150  # what is measured in one burst is looked at once
_HINTS_MS = 1000
_KEEPING = "lesson progress"
_COUNTED = ("inspected", "looked_back", "watched_steps")  # since the lesson was opened


class LessonsService(QObject):
    """``library`` and ``progress`` are there when ``listed`` was told; ``player`` plays the lesson that is open."""

    listed = Signal()
    opened = Signal()
    """Another lesson, page or language is to be shown, or none."""
    measured = Signal()
    """The checks, hints or wrong turns of the open step are to be shown anew."""
    left = Signal(str)
    """A lesson was left: the one to go on with, which is the next where it is done."""
    reached = Signal()
    """The open step turned green."""
    failed = Signal(Failure)
    left_out = Signal(list)
    """Sentences on files that are no lessons, whenever there are others: ``UserError``; none once all are mended."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.library = Library()
        self.progress: dict[str, LessonProgress] = {}
        self.player: LessonPlayer | None = None
        self.is_listed = False
        self._is_put_aside = False
        self._trained: set[str] = set()  # the runs that were trained since the step was opened
        self._looked_back: set[int] = set()  # epochs, since the lesson began
        self._services = services
        self._findings: Findings | None = None
        self._waiting = ""  # a lesson that was asked for before they were read
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._measure)
        self._hints = QTimer(self, interval=_HINTS_MS)
        self._hints.timeout.connect(self._look_for_hints)
        self._told: tuple[tuple[str, ...], bool] = ((), False)  # hints, and whether Resume goes on
        shown = services.shown
        for news in (shown.rows_added, shown.quality_added, shown.marks_changed, services.noted.changed):
            news.connect(self._ask)
        shown.run_changed.connect(self._on_shown)
        shown.epoch_changed.connect(self._on_epoch)
        services.training.started.connect(lambda _: self._take_live())
        services.training.state_changed.connect(lambda _: self._look_for_hints())
        services.training.stage_reached.connect(self._on_stage)
        services.health.found.connect(self._on_found)
        services.inspection.inspected.connect(lambda _: services.noted.count("inspected"))
        services.asking.answered.connect(self._on_asked)

    # --- what there is

    def list_lessons(self) -> None:
        """Read all files anew, and what was reached."""
        listeners: Listeners[None, tuple[Library, dict[str, LessonProgress], UserError | None]] = Listeners(
            result=self._on_listed, failed=self.failed.emit
        )
        self._services.jobs.in_turn(_KEEPING, _read, listeners)

    def lessons(self) -> list[Lesson]:
        """Return them in the language of the window."""
        return [self.library.in_language(name, i18n.language()) for name in self.library.names()]

    def _on_listed(self, found: tuple[Library, dict[str, LessonProgress], UserError | None]) -> None:
        before = [each.whole for each in self.library.faults]
        self.library, kept, fault = found
        self.progress = {**kept, **self.progress}
        self.is_listed = True
        self.listed.emit()
        if fault or [each.whole for each in self.library.faults] != before:
            self.left_out.emit([*self.library.faults, *([fault] if fault else [])])
        waiting, self._waiting = self._waiting, ""
        if waiting:
            self.open(waiting)

    # --- one lesson

    def open(self, name: str) -> None:
        """Open the lesson ``name`` where it was left; one that is not read yet, as soon as it is."""
        if not self.is_listed:
            self._waiting = name
            return
        progress = self.progress.get(name, LessonProgress())
        try:
            lesson = self.library.begun(name, i18n.language(), progress)
        except UserError as error:  # as of a class file from another school
            self.failed.emit(failure(error))
            return
        self._services.noted.forget()
        self._looked_back.clear()
        for counted in _COUNTED:
            self._services.noted.note(counted, 0)
        self._findings = None
        self._trained.clear()
        self.progress[name] = progress
        self.player = LessonPlayer(lesson, progress)
        if self.player.is_finished:
            self.player.go_to(0)
        self._services.health.look()
        if self._services.shows_live:
            self._take_live()
        self._hints.start()
        self._keep()
        self._show()

    def close(self) -> None:
        """Leave the lesson; what was reached is kept. A teacher may have brought other files meanwhile."""
        left, self.player = self.player, None
        self._hints.stop()
        self.opened.emit()
        if left is not None:
            names = self.library.names()
            self.left.emit(names[min(names.index(left.lesson.name) + left.is_finished, len(names) - 1)])
        self.list_lessons()

    def speak(self) -> None:
        """Go on in the language of the window."""
        if self.player is None:
            self.opened.emit()
            return
        lesson = self.library.in_language(self.player.lesson.name, i18n.language())
        if lesson is not self.player.lesson:
            self.player.read_in(lesson)
            self._show()

    def go_to(self, page: int) -> None:
        """Open another page."""
        if self.player is not None:
            self._trained.clear()
            self.player.go_to(page)
            self._keep()
            self._show()

    def go_on(self) -> None:
        """Open the next page, or leave the lesson after its last one."""
        if self.player is None:
            return
        was_last = self.player.is_last
        self._trained.clear()
        self.player.go_on()
        self._keep()
        if was_last:
            self.close()
        else:
            self._show()

    def answer(self, question: int, chosen: int) -> None:
        """Take an answer to a question of the open quiz."""
        if self.player is not None:
            self.player.answer(question, chosen)
            self._keep()

    def put_aside(self, then: Callable[[], object], failed: Callable[[Failure], object]) -> None:
        """Forget what was reached, which is kept under another name, for the next student; ``then`` is told.

        Nothing is kept any more meanwhile: files may be read by now, with a lesson to be opened after them.
        """

        def on_failed(why: Failure) -> None:
            self._is_put_aside = False
            self.list_lessons()
            failed(why)

        self.player, self.progress, self._waiting, self._is_put_aside = None, {}, "", True
        self._hints.stop()
        self.opened.emit()
        listeners: Listeners[None, Path | None] = Listeners(result=lambda _aside: then(), failed=on_failed)
        self._services.jobs.keep(_KEEPING, records.put_aside, listeners)

    def _show(self) -> None:
        self._told = ((), False)
        self.opened.emit()
        self._measure()

    def _keep(self) -> None:
        if self._is_put_aside:
            return
        listeners: Listeners[None, None] = Listeners(failed=self.failed.emit)
        self._services.jobs.keep(_KEEPING, partial(records.write, deepcopy(self.progress)), listeners)

    # --- what is measured

    def _on_shown(self) -> None:
        self._findings = None
        run = self._services.shown.run
        if self.player is not None and run is not None and self._services.shown.was_asked_for:
            self._take(run.path.name)
        self._ask()

    def _on_epoch(self, epoch: int) -> None:
        if not self._services.shown.is_at_newest:
            self._looked_back.add(epoch)
            self._services.noted.note("looked_back", len(self._looked_back))

    def _take_live(self) -> None:
        run = self._services.training.current.run
        if self.player is not None and run is not None:
            self._trained.add(run.path.name)
            self._take(run.path.name)
            self._ask()

    def _take(self, name: str) -> None:
        if self.player is not None and name not in self.player.progress.runs:
            self.player.progress.runs.append(name)

    def _on_asked(self, answer: Answer) -> None:
        noted, run = self._services.noted, self._services.shown.run
        if answer.reading is not None and run is not None:
            noted.note_class("asked_class", answer.reading[0], run.info.config.classes)
        if answer.verdict is not None:
            noted.note("asked_verdict", answer.verdict)

    def _on_stage(self, stage: StepStage) -> None:
        if stage.name == "g_updated" and not stage.trial:  # the last one of a step
            self._services.noted.count("watched_steps")

    def _on_found(self, findings: Findings | None) -> None:
        self._findings = findings
        self._ask()

    def _ask(self) -> None:
        if self.player is not None and not self._soon.isActive():
            self._soon.start()

    def counts(self) -> bool:
        """Whether no run is shown, or one that counts for the open step."""
        run = self._services.shown.run
        if run is None or self.player is None:
            return run is None
        name, step = run.path.name, self.player.step
        fits = step is None or step.setup is None or name in self._trained or step.setup.is_of(run.info.config)
        return fits and name in self.player.progress.runs

    def _measure(self) -> None:
        if self.player is None:
            return
        is_reached = self.player.measure(self._measured())
        self._told = (self.player.hints, self.can_resume())
        self.measured.emit()
        if is_reached:
            self._keep()
            self.reached.emit()

    def _measured(self) -> Measured:
        noted, run = self._services.noted.numbers, self._services.shown.run
        if run is None or not self.counts():
            return Measured(noted=noted)
        recorded, found = recorded_of(run.info, run.data), self._findings
        if found is None:
            return Measured(recorded, noted=noted)
        return Measured(recorded, found.health, found.spells, noted)

    def _look_for_hints(self) -> None:
        if self.player is None:
            return
        self.player.set_moment(self._moment())
        if (told := (self.player.hints, self.can_resume())) != self._told:
            self._told = told
            self.measured.emit()

    def _moment(self) -> str:
        state = self._services.training.state
        if self.can_resume():
            return ""
        if state is WorkState.IDLE:
            return "resting"
        return "training" if state is WorkState.WORKING and self.trains() else ""

    def can_resume(self) -> bool:
        """Whether a run that counts for the open step was stopped, and all that the step asks for comes of going on."""
        services, player = self._services, self.player
        run = services.shown.run
        if player is None or run is None or not (run.is_unfinished and services.can_resume and self.counts()):
            return False
        return player.has_options and player.needs_training and not (player.is_done() or player.is_missed)

    def trains(self) -> bool:
        """Whether a run that counts for the open step is shown and trained, also one that is paused."""
        return self._services.shows_live and self._services.training.is_busy and self.counts()


def _read() -> tuple[Library, dict[str, LessonProgress], UserError | None]:
    return (libraries.load(), *records.read_or_begin())
