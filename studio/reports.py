"""What the window shows when training, or a thread in the background, reports something."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from engine.config import Config
from engine.datasets.catalogue import DATASETS, DataSet
from engine.datasets.info import FEWEST_JUDGED
from engine.datasets.sets import class_word
from engine.diagnosis.words import remedy_told
from engine.events import (
    EvaluatorTraining,
    Finished,
    NotFinite,
    OutOfMemory,
    Started,
    Tick,
    WriteBlocked,
)
from engine.i18n import number, tr
from engine.runs import ListedRun, RunSummary, runs_root
from studio.model.run import Run
from studio.model.training_state import TrainingState
from studio.services.readers import ImagesAbsent, RealImages, same_images
from studio.widgets.message_bar import About
from studio.workers.failure import Failure

if TYPE_CHECKING:
    from studio.window import MainWindow

_HEALTH_REFRESH_MS = 500


class Reports:
    """Passes reports to the panels and says in the message bar what a person must know."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._runs: list[RunSummary] = []
        self._real_images: RealImages | None = None
        self._has_offered = False
        self._health_timer = QTimer(window, interval=_HEALTH_REFRESH_MS)
        self._health_timer.timeout.connect(window.health_panel.refresh)
        self._connect()

    def _connect(self) -> None:
        window, services = self._window, self._window.services
        training, shown, bar = services.training, services.shown, window.message_bar
        training.state_changed.connect(self._on_state_changed)
        training.loading.connect(window.run_bar.status.show_loading)
        training.started.connect(self._on_started)
        training.ticked.connect(self._on_ticked)
        training.judge_learning.connect(self._on_judge_learning)
        training.finished.connect(self._on_finished)
        training.halted.connect(self._on_halted)
        training.broken.connect(self._on_broken)
        training.stopped.connect(self._on_stopped)
        training.current.run_changed.connect(self._on_trained_changed)
        training.current.quality_added.connect(self._on_judged)
        shown.run_changed.connect(self._on_shown)
        shown.grid_added.connect(self._on_grid_added)
        shown.quality_added.connect(window.quality_panel.refresh)
        services.images.looked_at.connect(self._on_images_looked_at)
        services.runs.listed.connect(self._on_runs_listed)
        for service in (training, services.runs, services.inspection):
            service.failed.connect(self._on_failed)
        services.images.failed.connect(self._on_images_failed)
        services.generator.failed.connect(lambda text: bar.warn(text, ""))
        window.shown_line.live_wanted.connect(services.show_live)

    # --- training

    def _on_state_changed(self, state: TrainingState) -> None:
        window = self._window
        window.run_bar.show_state(state)
        window.options_form.set_training(state is not TrainingState.IDLE)
        window.commands.refresh()
        self._show_which()
        if state is TrainingState.IDLE:
            window.message_bar.retract(About.BUSY)
            self._health_timer.stop()
        else:
            self._health_timer.start()

    def _on_trained_changed(self) -> None:
        """Say where the run that is trained stands, until it tells itself."""
        run = self._window.services.training.current.run
        if run is not None:
            self._window.run_bar.status.show_position(run.images_seen, run.data.total_images, run.data.image_count)

    def _on_started(self, started: Started) -> None:
        window, real = self._window, self._real_images
        window.settings.last_run = started.run
        window.run_bar.status.show_started(started)
        if window.services.shows_live and not window.services.shown.data.grid_files:
            if real and same_images(real.config, started.config):
                window.sample_view.show_real(
                    real.grid, real.class_names, real.size, class_counts=real.class_counts, is_training=True
                )
            else:
                window.sample_view.show_nothing(lambda: tr("The generator's first pictures come in a moment."))

    def _on_ticked(self, tick: Tick) -> None:
        self._window.run_bar.status.show_tick(tick)
        if self._window.services.shows_live:
            self._window.health_panel.show_tick(tick)

    def _on_judge_learning(self, lessons: EvaluatorTraining) -> None:
        self._window.run_bar.status.show_lessons(lessons)
        if self._window.services.shows_live:
            self._window.quality_panel.show_learning(lessons.share, lessons.remark)

    def _on_judged(self) -> None:
        self._window.run_bar.status.show_lessons(None)

    def _on_finished(self, _event: Finished) -> None:
        window = self._window
        window.settings.last_run = None
        run = window.services.training.current.run
        assert run is not None
        if not window.services.shows_live:
            name = run.path.name
            window.message_bar.tell(
                lambda: tr("The training of “{run}” is finished.", run=name),
                lambda: tr("Show it"),
                window.services.show_live,
            )
            return
        names = run.data.class_names
        knows_digits = bool(names) and all(name.isdecimal() for name in names)
        window.message_bar.tell(
            lambda: (
                tr("Finished. See under “Explore” what it learnt, or ask for a digit with the keys 0 to 9.")
                if knows_digits
                else tr("Finished. See under “Explore” what it learnt.")
            )
        )

    def _on_stopped(self) -> None:
        window, services = self._window, self._window.services
        if window.is_closing:  # before anything that may fail
            window.close()
            return
        if services.shown.run is services.training.current.run:
            window.health_panel.refresh()
            window.quality_panel.show_learning(None)
        elif services.shown.run:
            self._show_what_rests(services.shown.run)
        services.runs.list_runs(runs_root())

    # --- the run that is shown

    def _on_shown(self) -> None:
        window, services, run = self._window, self._window.services, self._window.services.shown.run
        assert run is not None
        data, config = run.data, run.info.config
        if window.loss_plot is not None:
            window.loss_plot.set_history(data)
        enough = data.image_count >= FEWEST_JUDGED
        window.quality_panel.set_history(data, is_judged=config.eval_time_percent > 0, has_enough=enough)
        window.quality_panel.show_learning(None)
        window.sample_view.select_nothing()
        window.sample_panel.set_names(data.data_classes)
        window.epoch_strip.set_history(data, run.info.facts.size)
        window.health_panel.set_history(data)
        if services.shows_live and services.training.begun:
            window.health_panel.show_started(services.training.begun)
        for view in (window.latent_explorer, window.digit_picker):
            view.set_model(config.z_dim, data.class_names)
        window.name_classes(class_word(config.dataset))
        if not data.grid_files and not services.shows_live:
            window.sample_view.show_nothing(lambda: tr("No pictures yet"))
        if not services.training.is_busy:
            window.message_bar.dismiss()
            self._show_what_rests(run)
        window.commands.refresh()
        self._show_which()

    def _show_what_rests(self, run: Run) -> None:
        """Show position and options of a run that is not trained; one trained over again begins as it did."""
        window, data = self._window, run.data
        seen = run.images_seen or data.images_seen  # without checkpoints a run was trained all the same
        window.run_bar.status.show_position(seen, data.total_images, data.image_count)
        can_resume = window.services.can_resume
        config = run.config_now if can_resume else run.info.config
        window.options_form.set_config(config.changed(**window.settings.machine_options()))
        window.wishes.show_choice()
        window.estimates.refresh()
        if not can_resume and window.settings.last_run == run.path:
            window.settings.last_run = None  # there is nothing to offer any more
        if window.services.owes_verdict:
            self._offer_to_judge(window.wishes.resume)

    def _show_which(self) -> None:
        """Where another run than the one trained is shown, say which is which, and offer the way back."""
        window, services = self._window, self._window.services
        live, shown = services.training.current.run, services.shown.run
        is_elsewhere = live is not None and services.training.trains(live) and shown is not live
        if is_elsewhere and live and shown:
            window.shown_line.show_runs(shown.path.name, live.path.name)
        else:
            window.shown_line.show_nothing()
        window.health_panel.show_state(services.training.state, is_elsewhere=is_elsewhere)

    def _on_grid_added(self, _epoch: int) -> None:
        self._window.epoch_strip.refresh()
        self._window.commands.refresh()

    # --- troubles

    def _on_failed(self, failed: Failure, about: About = About.RUN) -> None:
        epoch, run = failed.epoch, self._window.services.shown.run
        offer = "" if epoch is None else lambda: tr("New run from its newest generator")
        branch = None if epoch is None or run is None else partial(self._window.wishes.branch, run, epoch)
        self._window.message_bar.warn(failed.message, failed.hint, failed.details, offer, branch, about)

    def _on_images_failed(self, failed: Failure) -> None:
        self._on_failed(failed, About.DATA)

    def _on_halted(self, event: WriteBlocked) -> None:
        self._window.message_bar.warn(
            event.message, event.hint, action=lambda: tr("Try again"), act=self._window.wishes.resume
        )

    def _on_broken(self, event: NotFinite | OutOfMemory) -> None:
        run = self._window.services.training.current.run
        assert run is not None
        if isinstance(event, NotFinite):
            self._tell_not_finite(run, event)
        else:
            self._tell_out_of_memory(run, event)

    def _tell_not_finite(self, run: Run, event: NotFinite) -> None:
        epoch = event.safe_images_seen / run.data.image_count
        self._window.message_bar.warn(
            lambda: tr(
                "A number became NaN or infinite at step {step}; the run went back to epoch {epoch}.",
                step=number(event.step),
                epoch=number(epoch, ".3g"),
            ),
            lambda: tr("Try: {changes}", changes=remedy_told(event.remedy)),
            action=lambda: tr("Go on with these values"),
            act=partial(self._window.wishes.show_and_go_on, run, event.remedy),
        )

    def _tell_out_of_memory(self, run: Run, event: OutOfMemory) -> None:
        smaller = event.batch_size
        self._window.message_bar.warn(
            lambda: tr("The memory of the device does not hold a step; the last checkpoint is intact."),
            lambda: (
                tr("Go on with smaller batches.")
                if smaller
                else tr("Close other programs, or train narrower networks or smaller pictures.")
            ),
            action=(lambda: tr("Go on with batches of {count}", count=number(smaller))) if smaller else "",
            act=partial(self._window.wishes.show_and_go_on, run, {"batch_size": smaller}),
        )

    # --- what was read in the background

    def image_count(self, config: Config) -> int:
        """Return how many real images ``config`` names, 0 where nobody has counted them yet."""
        known = ((real.config, real.image_count) for real in (self._real_images,) if real)
        counted = ((run.config, run.image_count) for run in self._runs)
        return next((count for other, count in (*known, *counted) if same_images(other, config)), 0)

    def _on_images_looked_at(self, answer: RealImages | ImagesAbsent) -> None:
        config = self._window.options_form.config()
        self._window.message_bar.retract(About.DATA)
        self._window.estimates.refresh()
        if self._window.services.training.is_busy or not same_images(answer.config, config):
            return
        if isinstance(answer, RealImages):
            self._real_images = answer
            self._window.sample_view.show_real(
                answer.grid, answer.class_names, answer.size, class_counts=answer.class_counts
            )
        else:
            self._window.sample_view.show_nothing(partial(_absent_told, DATASETS[config.dataset]))

    def _on_runs_listed(self, listed: list[ListedRun]) -> None:
        self._window.run_list.show_runs(listed)
        self._runs = runs = [run for run in listed if isinstance(run, RunSummary)]
        self._window.estimates.refresh()  # runs may know how many images there are
        if not self._has_offered and self._window.services.shown.run is None:
            last = self._window.settings.last_run
            for run in runs:
                if run.path == last and run.images_seen:
                    self._offer_to_go_on(run)
        self._has_offered = True

    def _offer_to_judge(self, judge: Callable[[], object]) -> None:
        self._window.message_bar.tell(
            lambda: tr("The run is trained; its last samples are not judged yet."),
            lambda: tr("Judge the last samples"),
            judge,
        )

    def _offer_to_go_on(self, run: RunSummary) -> None:
        """Offer what the window was closed upon; of a run that is trained, only its judge was still at work."""
        if run.finished:
            self._offer_to_judge(partial(self._window.services.open, run.path, go_on=True))
            return
        epoch = run.images_seen // run.image_count
        self._window.message_bar.tell(
            lambda: tr("Your last run stopped at epoch {epoch}.", epoch=number(epoch)),
            lambda: tr("Go on with it"),
            partial(self._window.services.open, run.path, go_on=True),
        )


def _absent_told(dataset: DataSet) -> str:
    about = (
        tr("These images are not in the data folder.")
        if dataset.origin == "brought"
        else tr("These images are fetched when you press Train.")
    )
    return f"{about}\n{tr(dataset.summary)}"
