"""Opening runs, their folder and their film, and what is offered at the start. Knows no panel but dialogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.config import Config
from engine.errors import UserError
from engine.i18n import number, tr
from engine.runs import ListedRun, RunSummary, Schedule, runs_root
from engine.runs.archive import SUFFIX
from studio.model.messages import Subject
from studio.model.origins import Origins
from studio.model.plan import Plan
from studio.model.queue import QueueState
from studio.model.run import Run
from studio.model.run_rows import RunRow
from studio.presenters.lined_up import LinedUp
from studio.presenters.plans import Plans
from studio.presenters.trainings import Trainings
from studio.services import Services
from studio.services.readers import OpenedRun
from studio.settings import Settings
from studio.text.queue import offer_told
from studio.widgets.dialogs.dialog import show_beside
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.opening import open_file, open_folder
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners


class Runs(QObject):
    """Shows another run on a person's wish, with its options as the plan while nothing is trained."""

    def __init__(
        self,
        services: Services,
        plan: Plan,
        plans: Plans,
        trainings: Trainings,
        settings: Settings,
        messages: MessageBar,
        place: QWidget,
    ) -> None:
        super().__init__(place)
        self._services, self._plan, self._plans, self._trainings = services, plan, plans, trainings
        self._settings, self._messages, self._place = settings, messages, place
        self.has_offered = False
        self._listed: list[ListedRun] | None = None
        self._planned_at_start = plan.config
        services.queue.measured = lambda: settings.measurements
        services.shown.run_changed.connect(self._on_shown)
        services.training.stopped.connect(self._on_stopped)
        services.runs.listed.connect(self._on_listed)
        services.queue.changed.connect(self._on_queue_changed)
        services.runs.found.connect(self._on_found)
        services.runs.described.connect(services.queue.refresh)  # its plans say whose branches they are
        services.shown.renamed.connect(services.images.tell_again)
        plans.runs_dropped.connect(self.take_drop)
        LinedUp(services, plan, plans)

    def begin(self) -> None:
        """Show the run again that was looked at last, and look which runs there are, at the start."""
        self._planned_at_start = self._plan.config
        if last := self._settings.shown_run:
            self._services.runs.look_back(last, self._on_seen_again)
        self._services.runs.list_runs(runs_root())

    def ask_for_run(self) -> None:
        """Let the person point to a run folder anywhere."""
        dialog = FileDialog(self._place.window(), tr("Open a run folder"), str(runs_root()))
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.open_run(Path(path)))
        dialog.open()

    def open_run(self, path: Path) -> None:
        """Show another run; what is being trained goes on."""
        self._services.open(path)

    def take_drop(self, paths: list[Path]) -> None:
        """Show the run whose folder was dropped, or take files that hold some."""
        self._messages.retract(Subject.ASKED)  # that something else was refused before
        if paths[0].suffix.lower() == SUFFIX:
            self._services.run_files.take(paths)
        else:
            self.open_run(paths[0])

    def show_run_folder(self) -> None:
        """Open the folder of the run shown, or of all runs, in the desktop's file manager."""
        run = self._services.shown.run
        self.show_folder(run.path if run else runs_root())

    def show_folder(self, path: Path) -> None:
        """Open a folder in the desktop's file manager."""
        open_folder(path, self._messages)

    def branch(self, run: Run, epoch: int, changes: Mapping[str, Any], *, exactly: bool, later: bool = False) -> None:
        """Train a new run that branches off ``run``, now or ``later``; what makes no sense is refused with why."""
        begin = self._trainings.line_up_branch if later else self._trainings.branch
        try:
            begin(run, epoch, changes, exactly=exactly)
        except UserError as error:
            self._messages.warn(error.message, error.hint, about=Subject.ASKED)

    def check_branch(self, origins: Origins, epoch: int, changes: Mapping[str, Any]) -> None:
        """Raise ``UserError`` where ``branch`` could train nothing so; nothing is begun."""
        origins.check(epoch, self._trainings.branched(origins.run, epoch, changes))

    def lengthen(self, run: Run, epochs: int, schedule: Schedule, *, later: bool = False) -> None:
        """Train a run on to ``epochs`` epochs in all: now, where it rests, or ``later``."""
        if later:
            self._services.queue.lengthen(run.path, epochs, schedule)
        else:
            self._trainings.lengthen(run, epochs, schedule)

    def choose_recipe(self, name: str) -> None:
        """Take all options of the next training from a recipe, while nothing is trained."""
        if not self._services.training.is_busy:
            self._plans.choose_recipe(name)

    def plan_like(self, config: Config) -> None:
        """Plan a training with the options of another one."""
        self._plans.show_config(config)

    def save_film(self) -> None:
        """Let the person save the film of the run shown, or its contact sheet, while whatever is trained goes on."""
        run = self._services.shown.run
        if run is None:
            return
        from studio.panels.film_dialog import FilmDialog

        window = self._place.window()
        show_beside(window, FilmDialog, run.path, lambda: FilmDialog(run.path, self._services.jobs, window))

    def show_code(self) -> None:
        """Show the run shown as a script of plain PyTorch."""
        run = self._services.shown.run
        if run is None:
            return
        from studio.panels.code_dialog import CodeDialog

        window = self._place.window()
        show_beside(window, CodeDialog, run.path, lambda: CodeDialog(run.path, self._services.jobs, window))

    def save_report(self) -> None:
        """Ask where the lab report of the run shown goes, and write it beside the window."""
        run = self._services.shown.run
        if run is None:
            return
        dialog = FileDialog(self._place.window(), tr("Save the lab report"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Web page (*.html)"), tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("html")
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("pdf" if "pdf" in kind else "html"))
        dialog.selectFile(f"{run.path.name}.html")
        dialog.fileSelected.connect(lambda file: self._write_report(run, Path(file)))
        dialog.open()

    def _write_report(self, run: Run, path: Path) -> None:
        from studio.services.report import save_report

        def tell(saved: Path) -> None:
            show = partial(open_file, saved, self._messages)
            self._messages.tell(lambda: tr("Report saved as “{path}”.", path=saved), lambda: tr("Open it"), show)

        def warn(failed: Failure) -> None:
            self._messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)

        listeners: Listeners[None, Path] = Listeners(result=tell, failed=warn)
        self._services.jobs.keep("writing a report", partial(save_report, run.path, path), listeners)

    def watch_step(self) -> None:
        """Look at the next step of what rests, or at the first one of a new training, stage by stage."""
        from studio.panels.magnifier_dialog import MagnifierDialog

        training, window = self._services.training, self._place.window()
        show_beside(window, MagnifierDialog, None, lambda: MagnifierDialog(training, window))
        if training.is_busy:
            training.step()
        else:
            self._trainings.watch()

    # --- what is shown

    def _on_seen_again(self, opened: OpenedRun) -> None:
        """Show what nobody asked for, unless something is shown or trained by now."""
        services = self._services
        if services.shown.run is None and not services.training.is_busy:
            services.shown.put(opened.run, asked_for=False)
            services.snapshots.begin_with(opened.generator)

    def _on_shown(self) -> None:
        run = self._services.shown.run
        if run is not None:
            self._settings.shown_run = run.path
            if not self._services.shown.was_asked_for:
                self._plan_what_was_shown(run)
                return
        for about in (Subject.SHOWN, Subject.ASKED):
            self._messages.retract(about)
        if run is not None and not self._services.training.is_busy:
            self._messages.dismiss()
            self._plan_what_rests(run)

    def _on_found(self, rows: list[RunRow]) -> None:
        """Call the runs at hand as a person does by now."""
        names = {row.run.path: row.run.name for row in rows if isinstance(row.run, RunSummary)}
        for run in (self._services.shown.run, self._services.training.current.run):
            if run is not None and run.path in names:
                run.call(names[run.path])

    def _on_stopped(self) -> None:
        services = self._services
        if services.is_ending:
            return
        if services.shown.run is not None and services.shown.run is not services.training.current.run:
            self._plan_what_rests(services.shown.run)
        services.runs.list_runs(runs_root())

    def _plan_what_rests(self, run: Run) -> None:
        """Plan with the options of a run that is not trained; one trained over again begins as it did."""
        self._plan.replace(self._plans.on_this_machine(self._options_of(run)))
        if not self._services.can_resume and self._settings.last_run == run.path:
            self._settings.last_run = None  # there is nothing to offer any more
        if self._services.owes_verdict:
            self._offer_to_judge(self._trainings.resume)

    def _plan_what_was_shown(self, run: Run) -> None:
        """Plan with the options of the run that a start shows again, unless others were chosen after it."""
        before = self._plan.config
        if before == self._planned_at_start and before.recipe == run.info.config.recipe:
            self._plan.replace(self._plans.on_this_machine(self._options_of(run)))

    def _options_of(self, run: Run) -> Config:
        return run.config_now if self._services.can_resume else self._plan.with_locks(run.info.config)

    # --- what is offered

    def _on_listed(self, listed: list[ListedRun]) -> None:
        if not self.has_offered:
            self._listed = listed
            self._offer() if self._services.queue.is_known else self._services.queue.refresh()

    def _is_to_offer(self, state: QueueState) -> bool:
        """Whether something is lined up that nobody trains."""
        return bool(state.left) and not state.is_elsewhere and not self._services.queue.is_on

    def _on_queue_changed(self) -> None:
        if self.has_offered and not self._is_to_offer(self._services.queue.state):
            self._messages.retract(Subject.QUEUE)
        self._offer()

    def _offer(self) -> None:
        """Offer once what can be gone on with: what is lined up, or else the run that the window was closed upon."""
        services = self._services
        if self.has_offered or not services.queue.is_known or self._listed is None:
            return
        self.has_offered = True
        if (services.shown.run is not None and services.shown.was_asked_for) or services.training.is_busy:
            return
        state = services.queue.state
        if self._is_to_offer(state):
            go_on, text = services.queue.turn_on, partial(offer_told, state)
            self._messages.tell(text, lambda: tr("Go on with the queue"), go_on, Subject.QUEUE)
            return
        for run in self._listed:
            if isinstance(run, RunSummary) and run.path == self._settings.last_run and run.images_seen:
                self._offer_to_go_on(run)

    def _offer_to_judge(self, judge: Callable[[], object]) -> None:
        self._messages.tell(
            lambda: tr("The run is trained; its last samples are not judged yet."),
            lambda: tr("Judge the last samples"),
            judge,
        )

    def _offer_to_go_on(self, run: RunSummary) -> None:
        """Offer what the window was closed upon; of a run that is trained, only its judge was still at work."""
        go_on = partial(self._services.open, run.path, go_on=True)
        if run.finished:
            self._offer_to_judge(go_on)
            return
        epoch = run.images_seen // run.image_count
        self._messages.tell(
            lambda: tr("Your last run stopped at epoch {epoch}.", epoch=number(epoch)),
            lambda: tr("Go on with it"),
            go_on,
        )
