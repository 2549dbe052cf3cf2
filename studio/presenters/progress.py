"""What the run bar, the time line and the line of messages show of what is trained and what is shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from engine.datasets.sets import noun_of
from engine.events import EvaluatorTraining
from engine.i18n import tr
from studio import language
from studio.commands import Commands
from studio.estimates import Estimates
from studio.model.messages import Subject
from studio.model.plan import Plan
from studio.model.run import Run
from studio.model.work_state import WorkState
from studio.panels.epoch_strip import EpochStrip
from studio.panels.run_bar import RunBar
from studio.presenters.plans import Plans
from studio.services import Services
from studio.services.readers import ImagesAbsent, RealImages
from studio.widgets.base.throttle import Throttle
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.shown_line import ShownLine


class ProgressPresenter(QObject):
    """Feeds the parts that are the same in every workspace, and takes up what a person chooses there."""

    def __init__(
        self,
        services: Services,
        plan: Plan,
        plans: Plans,
        estimates: Estimates,
        commands: Commands,
        bar: RunBar,
        strip: EpochStrip,
        line: ShownLine,
        messages: MessageBar,
    ) -> None:
        super().__init__(bar)
        self._services, self._plan, self._estimates, self._commands = services, plan, estimates, commands
        self._bar, self._strip, self._line, self._messages = bar, strip, line, messages
        self._is_searching = False
        bar.recipe_chosen.connect(plans.choose_recipe)
        bar.dataset_chosen.connect(plans.choose_dataset)
        plan.replaced.connect(self._show_choice)
        services.own_recipes.changed.connect(self._on_recipes_changed)
        plan.sensible_changed.connect(commands.refresh)
        plan.restricted.connect(lambda: bar.lock(plan.locked))
        plan.restricted.connect(commands.refresh)
        plans.undo.changed.connect(commands.refresh)
        estimates.changed.connect(self._on_estimated)
        commands.refused.connect(partial(messages.tell, about=Subject.ASKED))
        commands.withdrawn.connect(messages.take_back)
        strip.epoch_chosen.connect(services.shown.look_at)
        line.live_requested.connect(services.show_live)
        self._follow_training()
        services.shown.run_changed.connect(self._on_shown)
        services.shown.renamed.connect(self._on_renamed)
        services.images.looked_at.connect(self._on_looked_at)
        services.shown.grid_added.connect(self._on_grid_added)
        services.shown.grids_read.connect(strip.look_again)
        services.shown.rows_added.connect(self._on_followed)
        services.following.changed.connect(self._on_state_changed_elsewhere)
        strip.pictures_requested.connect(services.pictures.want_all)
        self._show_choice()

    def _follow_training(self) -> None:
        training, status = self._services.training, self._bar.status
        training.state_changed.connect(self._on_state_changed)
        self._services.search_changed.connect(self._on_search)  # who searches is made when somebody does
        training.loading.connect(status.show_loading)
        training.started.connect(status.show_started)
        training.ticked.connect(status.show_tick)
        training.evaluator_training.connect(self._on_evaluator_training)
        training.step_over.connect(self._commands.refresh)  # it rests as before, and the next step may be looked at
        training.stopped.connect(self._on_stopped)
        training.current.run_changed.connect(self._on_trained_changed)
        training.current.renamed.connect(self._on_renamed)
        training.current.quality_added.connect(self._on_judged)

    def _show_choice(self) -> None:
        if self._services.shown.run is None:
            language.speak_of(noun_of(self._plan.config.dataset))
        self._bar.choose(self._plan.config.recipe, self._plan.config.dataset)

    def _on_recipes_changed(self) -> None:
        self._bar.retranslate()
        self._show_choice()

    def _on_estimated(self) -> None:
        self._bar.status.show_estimate(self._estimates.current)
        self._commands.refresh()
        self._messages.retranslate()

    # --- training

    def _on_state_changed(self, state: WorkState) -> None:
        self._make_room()
        self._bar.show_state(state)
        self._commands.refresh()
        self._show_which()

    def _on_search(self) -> None:
        searching = self._services.searching
        self._is_searching = searching.is_busy
        self._make_room()
        resting = {WorkState.PAUSED: tr("Search paused"), WorkState.HALTED: tr("Search halted")}
        words = resting.get(searching.state, tr("Search under way"))
        self._bar.status.show_other(words if self._is_searching else "")

    def _make_room(self) -> None:
        Throttle.others_compute = self._is_searching or self._services.training.state is WorkState.WORKING

    def _on_trained_changed(self) -> None:
        """Say where the run that is trained stands, until it tells itself."""
        run = self._services.training.current.run
        if run is not None:
            self._bar.status.show_position(run.images_seen, run.data.total_images, run.data.image_count)

    def _on_evaluator_training(self, lessons: EvaluatorTraining) -> None:
        self._bar.status.show_lessons(lessons)

    def _on_judged(self) -> None:
        self._bar.status.show_lessons(None)

    def _on_stopped(self) -> None:
        run = self._services.shown.run
        if run is not None:
            self._show_rest(run)

    def _on_looked_at(self, answer: RealImages | ImagesAbsent) -> None:
        """Before a run is shown, speak of what is seen, and is known better than by the name of its data set."""
        is_seen = self._services.images.are_wanted(answer) and not self._services.training.is_busy
        if isinstance(answer, RealImages) and is_seen and self._services.shown.run is None:
            language.speak_of(answer.noun)

    # --- the run that is shown

    def _on_shown(self) -> None:
        run = self._services.shown.run
        assert run is not None
        language.speak_of(run.info.facts.noun)
        self._strip.set_run_data(run.data, run.info.facts.tile_size, is_whole=run.info.facts.is_points)
        if not self._services.training.is_busy:
            self._show_rest(run)
        self._commands.refresh()
        self._show_which()

    def _show_rest(self, run: Run) -> None:
        seen = run.images_seen or run.data.images_seen  # without checkpoints a run was trained all the same
        self._bar.status.show_position(seen, run.data.total_images, run.data.image_count)

    def _on_grid_added(self, _epoch: int) -> None:
        self._strip.refresh()
        self._commands.refresh()

    def _on_followed(self) -> None:
        """Say how far another process has come."""
        run = self._services.shown.run
        if run is not None and self._services.following.is_trained_elsewhere and not self._services.training.is_busy:
            self._show_rest(run)

    def _on_state_changed_elsewhere(self) -> None:
        self._commands.refresh()
        self._show_which()

    def _on_renamed(self) -> None:
        self._show_which()
        self._messages.retranslate()

    def _show_which(self) -> None:
        """Say which run is shown, and where another one is trained, which is which; and offer the way back."""
        live, shown = self._services.training.current.run, self._services.shown.run
        elsewhere = self._services.following.is_trained_elsewhere
        trained = live.title if self._services.shows_another and live else ""
        if shown is not None and (trained or elsewhere):
            self._line.show_runs(shown.title, trained, elsewhere=elsewhere)
        else:
            self._line.show_nothing()
        if shown is not None:  # seen also where a message lies upon the line
            self._bar.window().setWindowTitle(f"{shown.title} – {tr('Duelo')}")
