"""The page that searches: a form at the left, the trials at the right, and what a person does with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QPushButton

from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.i18n import joined, number, speaking_of, tr, trn
from engine.job import Progress
from engine.search.records import SearchBlocked, SearchResult, TrialProgress, TrialRecord
from engine.search.why import Findings
from studio.context import Context
from studio.model.messages import Subject
from studio.model.search import OpenedSearch, SearchNews, offer
from studio.model.work_state import WorkState
from studio.text.kept import kept_told
from studio.text.trials import offer_of_known, offer_told, progress_told
from studio.widgets.base.object_names import set_object_name
from studio.workers.failure import Failure
from studio.workspace import go_to
from studio.workspaces.compare.search.commands import BUTTONS, DUEL, OF_ONE_TRIAL, TRIAL_ACTIONS
from studio.workspaces.compare.search.eye_presenter import EyePresenter
from studio.workspaces.compare.search.page import SearchPage
from studio.workspaces.compare.search.studies_presenter import StudiesPresenter

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

_SETTLE_MS = 900  # after the last change of the options, before a trial of them is measured


class SearchPresenter(QObject):
    """Feeds ``page`` from the service, and does what a person wants of it."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        page = SearchPage(context.plan.config)
        super().__init__(page)
        self.page = page
        self._workspace, self._context = workspace, context
        self._services, self._service = context.services, context.services.searching
        self.form, self.sheet, self.why = page.form, page.sheet, page.why
        self.eye = EyePresenter(page.sheet, context.services)
        self._findings: Findings | None = None
        self.problem = ""
        """Why no search can be started as the form is, or nothing."""
        self._looked_at: tuple[Path | None, Config | None] = (None, None)
        self._progress: TrialProgress | None = None
        self._budget = 0.0
        self.studies = StudiesPresenter(self, context)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._measure)
        self._drawing = QTimer(self, singleShot=True, interval=0)
        self._drawing.timeout.connect(self._draw_why)
        self._offer_commands()
        self._connect()
        self.say_offer()

    def _offer_commands(self) -> None:
        commands = self._context.commands

        def buttons(names: Sequence[str]) -> list[QPushButton]:
            made = [set_object_name(QPushButton(), f"{name}_button") for name in names]
            for button, name in zip(made, names, strict=True):
                commands.bind(button, name)
            return made

        self.form.add_buttons(buttons(BUTTONS))
        self.page.trial.add_buttons(buttons(OF_ONE_TRIAL))
        for button in buttons([DUEL]):
            self.sheet.add_button(button)
        self.sheet.view.commands = lambda: [commands[name] for name in TRIAL_ACTIONS]

    def _connect(self) -> None:
        service, training = self._service, self._services.training
        self.page.looked_at.connect(self._watch)
        service.state_changed.connect(self._on_state)
        service.opened.connect(self._on_opened)
        service.preparing.connect(self._on_preparing)
        service.started.connect(lambda started: setattr(self, "_budget", started.seconds))
        service.progressed.connect(self._on_progress)
        service.trial_changed.connect(self._on_trial)
        service.found.connect(self._on_found)
        service.looked.connect(self._on_looked)
        service.measured.connect(self.say_offer)
        service.halted.connect(self._on_halted)
        service.finished.connect(self._on_finished)
        service.failed.connect(self._on_failed)
        training.state_changed.connect(lambda _: self._on_training())
        self._services.shown.run_changed.connect(self._on_shown)  # after those who plan with what is shown
        self._context.plan.replaced.connect(self._on_plan)
        self._context.plan.restricted.connect(self._on_plan)
        self._context.plan.changed.connect(lambda *_: self._on_plan())
        self.form.changed.connect(self.say_offer)
        self.form.search_chosen.connect(self._on_chosen)
        self.sheet.changed.connect(self._on_sheet)
        self.eye.changed.connect(self._show_all)
        self.why.chosen.connect(self.sheet.view.choose)
        self.sheet.view.trial_opened.connect(lambda _: self._context.commands.do("look_at_trial"))

    # --- seen

    @property
    def is_seen(self) -> bool:
        """Whether the page is in front."""
        return self.page.isVisible()

    def _watch(self, is_looked_at: bool) -> None:
        """Look which searches there are, and measure what a trial takes, whenever the page comes in sight."""
        if not is_looked_at:
            return
        self.studies.come()
        self._on_plan()

    # --- what a person does

    @property
    def goes_on(self) -> bool:
        """Whether a search that is there would be gone on with."""
        return bool(self.form.chosen)

    @property
    def chosen(self) -> list[TrialRecord]:
        """The trials that are chosen."""
        return self.sheet.view.trials()

    def start(self) -> None:
        """Begin a search, or go on with the one that is shown."""
        minutes = float(self.form.minutes.value())
        self._context.messages.dismiss()
        if self.goes_on:
            self._service.go_on(self.form.chosen, minutes, self._context.plan.config)
            return
        try:
            wish = self.form.wish()
        except UserError as error:
            self._context.messages.warn(error.message, error.hint, about=Subject.ASKED)
            return
        self._show_none()
        self._service.start(wish, minutes)

    def pause_or_resume(self) -> None:
        """Let the search rest, or go on."""
        self._service.resume() if self._service.state.rests else self._service.pause()

    def stop(self) -> None:
        """End the search."""
        self._service.stop()

    def look(self) -> None:
        """Show the run of the chosen trial where its curves and samples are."""
        trial = self.chosen[0]
        if trial.run is not None and self._workspace.doing is not None:
            self._looked_at = (trial.run, self._config_of(trial))
            self._workspace.doing.open(trial.run)

    def _on_shown(self) -> None:
        """A trial is short and not judged; what is trained next with its options is a whole training."""
        run, (path, config) = self._services.shown.run, self._looked_at
        if run is not None and run.path == path and config is not None and not self._services.training.is_busy:
            self._context.runs.plan_like(config)
        self._looked_at = (None, None)

    def branch(self) -> None:
        """Let the person branch off the run of the chosen trial, with the length of a whole training."""
        trial, plan = self.chosen[0], self._service.plan
        config = self._config_of(trial)
        if trial.run is not None and self._workspace.doing is not None and plan is not None and config is not None:
            trained = plan.training_of(trial.values)
            names = [name for name in OPTIONS if getattr(config, name) != getattr(trained, name)]
            self._workspace.doing.branch_off(trial.run, {name: getattr(config, name) for name in names})

    def keep(self) -> None:
        """Let the person keep the options of the chosen trial as a recipe."""
        from studio.widgets.dialogs.recipe_dialog import RecipeDialog

        trial, config = self.chosen[0], self._config_of(self.chosen[0])
        if config is None:
            return
        title = tr("{search}, trial {number}", search=self._title, number=number(trial.number))
        dialog = RecipeDialog(title, "", self.page.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda name, note: self._services.own_recipes.keep(name, config, note))
        dialog.open()

    def take_options(self) -> None:
        """Plan a training with the options of the chosen trial."""
        trial, config, context = self.chosen[0], self._config_of(self.chosen[0]), self._context
        if config is None:
            return
        context.runs.plan_like(config)
        context.messages.tell(
            lambda: tr("The options are those of trial {number}. Train begins a new run with them.",
                       number=number(trial.number)),
            lambda: tr("Train"),
            lambda: context.commands.do("train"),
        )  # fmt: skip
        context.commands.do(go_to("train"))

    def _config_of(self, trial: TrialRecord) -> Config | None:
        plan = self._service.plan
        try:
            return plan.options_of(trial.values) if plan else None
        except UserError as error:
            self._context.messages.warn(error.message, error.hint, about=Subject.ASKED)
            return None

    @property
    def _title(self) -> str:
        return self._service.plan.config.recipe if self._service.plan else ""

    # --- the form

    def _on_plan(self) -> None:
        if self.is_seen and not self._service.is_busy:
            plan = self._context.plan
            self.form.set_config(plan.config, plan.locked | plan.hidden)
            self._settle.start()
            self.say_offer()

    def _on_chosen(self, name: str) -> None:
        self._show_none()
        study = self.form.chooser.study
        self._service.open_none()
        if name and study is not None and study.plan is not None:
            self._service.open(name, self._context.plan.config)
        self.say_offer()

    def _measure(self) -> None:
        """Measure a trial while nobody else wants the machine."""
        service, config = self._service, self._context.plan.config
        is_free = self.is_seen and not service.is_busy and not self._services.training.is_busy
        if is_free and not self.goes_on and self._context.plan.is_sensible and service.speed_of(config) is None:
            service.measure(config)
            self.say_offer()

    def say_offer(self) -> None:
        """Say what the time buys, or what is in the way."""
        self.problem = ""
        text = ""
        try:
            if trouble := self.studies.trouble:
                raise trouble
            if self.form.minutes.problem:
                raise UserError(tr("The time is not complete."), self.form.minutes.problem)
            text = self._offered_more() if self.goes_on else self._offered()
        except UserError as error:
            self.problem = text = error.whole
        self.form.show_offer(text)
        self._context.commands.refresh()

    def _offered(self) -> str:
        wish, minutes = self.form.wish(), float(self.form.minutes.value())
        if self._service.is_listing:
            return tr("Looking which searches there are…")
        speed = self._service.speed_of(wish.config)
        if speed is not None:
            return offer_told(offer(wish, minutes, speed))
        if self._service.is_measuring or self._settle.isActive():
            return tr("It is being measured how long a trial takes here…")
        return tr("How long a trial takes here is measured when the search begins.")

    def _offered_more(self) -> str:
        service = self._service
        if service.plan is None or service.name != self.form.chosen:
            return tr("The search is being read…")
        locked = self._context.plan.locked
        if kept := [knob.name for knob in service.plan.knobs if knob.moves(locked, service.plan.config)]:
            raise UserError(kept_told(kept), tr("Begin a new search instead of this one."))
        known = offer_of_known(service.plan, service.trials.values(), float(self.form.minutes.value()))
        with speaking_of(service.plan.noun):
            return offer_told(known) if known else tr("How long a trial takes here is measured when the search begins.")

    # --- what the service tells

    def _on_opened(self, search: OpenedSearch) -> None:
        self.eye.look()
        self.sheet.show_search(search.plan, search.trials, search.pictures)
        self._on_found(search.findings if search.trials else None)
        self.say_offer()

    def _show_all(self) -> None:
        """Show all trials as they are judged now; what is chosen stays so."""
        chosen = self.sheet.view.numbers()
        self.sheet.show_search(*self.eye.seen(), self.sheet.model.pictures)
        self.sheet.view.choose(chosen)
        self.sheet.show_sentence(self.eye.told(self._findings))
        self._show_why()

    def _show_none(self) -> None:
        self.eye.forget()
        self.sheet.show_search(None)
        self._on_found(None)
        self.why.show_search(None, (), {})

    def _on_trial(self, trial: TrialRecord) -> None:
        self.sheet.put(trial)
        if trial.is_over:
            self._show_why()

    def _on_looked(self, news: SearchNews) -> None:
        for trial, picture in news.pictures.items():
            self.sheet.put_picture(trial, picture)
        self._show_trial()
        self.say_offer()

    def _on_found(self, found: Findings | None) -> None:
        self._findings = found
        self.sheet.show_sentence(self.eye.told(self._findings))
        self._show_why()

    def _on_sheet(self) -> None:
        self.why.select(self.sheet.view.numbers())
        self._show_trial()
        self._context.commands.refresh()

    def _show_trial(self) -> None:
        """Show the one trial that is chosen, large."""
        chosen, model = self.chosen, self.sheet.model
        trial = chosen[0] if len(chosen) == 1 else None
        picture = model.pictures.get(trial.number) if trial else None
        self.page.trial.show_trial(model.plan, trial, picture, model.rows)

    def _show_why(self) -> None:
        """Draw why some trials are better, once for all that is told of at this moment."""
        self._drawing.start()

    def _draw_why(self) -> None:
        told = self.eye.told(self._findings)
        self.why.show_search(*self.eye.seen(), told.importance if told else {})

    def _on_state(self, state: WorkState) -> None:
        is_busy = self._service.is_busy
        if state is not WorkState.HALTED:
            self._context.messages.retract(Subject.HALT)
        self.form.set_free(not is_busy)
        if is_busy:
            self.eye.forget()
        if state is WorkState.PREPARING:
            self.form.show_offer("")
            self._progress = None
        if not is_busy:
            self.form.show_progress("", 0.0)
            self._service.list_searches()
            self.say_offer()
        else:
            self._say_progress()
        self._context.commands.refresh()

    def _on_training(self) -> None:
        if self._services.training.is_busy:
            self._service.measure_no_more()
        self.say_offer()

    def _on_preparing(self, progress: Progress) -> None:
        if self._service.state is WorkState.PREPARING:  # later each trial reads its images again, and says so
            self.form.show_progress(progress.what, progress.done / progress.total if progress.total else None)

    def _on_progress(self, progress: TrialProgress) -> None:
        self._progress = progress
        if progress.grid is not None:
            self.sheet.put_picture(progress.number, progress.grid)
            self._show_trial()
        self._say_progress()

    def _say_progress(self) -> None:
        told = {
            WorkState.PAUSED: tr("The search rests."),
            WorkState.HALTED: tr("The search waits."),
            WorkState.STOPPING: tr("The search ends…"),
        }.get(self._service.state, "")
        if self._progress is not None:
            share = 1.0 - self._progress.seconds_left / max(self._budget, 1e-9)
            self.form.show_progress(joined(told, progress_told(self._progress)), min(max(share, 0.0), 1.0))
        elif told:
            self.form.show_progress(told, None)

    def _on_halted(self, blocked: SearchBlocked) -> None:
        again, about = lambda: tr("Try again"), Subject.HALT
        self._context.messages.warn(blocked.message, blocked.hint, "", again, self._service.resume, about)

    def _on_finished(self, result: SearchResult) -> None:
        exhausted = tr("Every combination was tried.") if result.is_exhausted else ""
        self._context.messages.tell(
            lambda: joined(
                trn("The search is over: {count} trial.", "The search is over: {count} trials.", result.trials),
                exhausted,
            )
        )

    def _on_failed(self, failed: Failure) -> None:
        self._context.messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)
        self.say_offer()
