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
    QualityReady,
    SamplesReady,
    Started,
    Tick,
    WriteBlocked,
)
from engine.i18n import number, tr
from engine.runs import ListedRun, RunSummary, runs_root
from studio.model.run_data import RunData
from studio.model.training_state import TrainingState
from studio.run_controller import READING_IMAGES
from studio.services.readers import ImagesAbsent, RealImages, same_images
from studio.widgets.message_bar import About
from studio.workers.training_worker import Failed

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
        window, controller = self._window, self._window.controller
        controller.state_changed.connect(self._on_state_changed)
        controller.run_shown.connect(self._on_run_shown)
        controller.loading.connect(window.run_bar.status.show_loading)
        controller.started.connect(self._on_started)
        controller.ticked.connect(self._on_ticked)
        controller.samples_ready.connect(self._on_samples_ready)
        controller.quality_ready.connect(self._on_quality_ready)
        controller.judge_learning.connect(self._on_judge_learning)
        controller.finished.connect(self._on_finished)
        controller.halted.connect(self._on_halted)
        controller.broken.connect(self._on_broken)
        controller.images_looked_at.connect(self._on_images_looked_at)
        controller.runs_listed.connect(self._on_runs_listed)
        controller.stopped.connect(self._on_stopped)
        bar = window.message_bar
        controller.failed.connect(self._on_failed)
        controller.explorer.failed.connect(lambda text: bar.warn(text, ""))

    # --- training

    def _on_state_changed(self, state: TrainingState) -> None:
        window = self._window
        window.run_bar.show_state(state)
        window.options_form.set_training(state is not TrainingState.IDLE)
        window.commands.refresh()
        if state is TrainingState.IDLE:
            window.message_bar.retract(About.BUSY)
            self._health_timer.stop()
        else:
            self._health_timer.start()

    def _on_run_shown(self, history: RunData, config: Config) -> None:
        window, controller = self._window, self._window.controller
        assert controller.info is not None
        if window.loss_plot is not None:
            window.loss_plot.set_history(history)
        enough = history.image_count >= FEWEST_JUDGED
        window.quality_panel.set_history(history, is_judged=config.eval_time_percent > 0, has_enough=enough)
        window.sample_view.select_nothing()
        window.sample_panel.set_names(history.data_classes)
        window.epoch_strip.set_history(history, controller.info.facts.size)
        window.health_panel.set_history(history)
        for view in (window.latent_explorer, window.digit_picker):
            view.set_model(config.z_dim, history.class_names)
        window.name_classes(class_word(config.dataset))
        seen = controller.images_seen or history.images_seen  # without checkpoints a run was trained all the same
        window.run_bar.status.show_position(seen, history.total_images, history.image_count)
        if not controller.is_busy:
            window.message_bar.dismiss()
            now = controller.config_now if controller.can_go_on else None  # what is trained over again begins as it did
            window.options_form.set_config((now or config).changed(**window.settings.machine_options()))
            window.wishes.show_choice()
            window.estimates.refresh()
            if not controller.can_go_on and window.settings.last_run == controller.run_path:
                window.settings.last_run = None  # there is nothing to offer any more
            if controller.owes_verdict:
                self._offer_to_judge(window.wishes.resume)

    def _on_started(self, started: Started) -> None:
        window, real = self._window, self._real_images
        if not window.controller.history.grid_files:
            if real and same_images(real.config, started.config):
                window.sample_view.show_real(
                    real.grid, real.class_names, real.size, class_counts=real.class_counts, is_training=True
                )
            else:
                window.sample_view.show_nothing(lambda: tr("The generator's first pictures come in a moment."))
        window.settings.last_run = started.run
        window.run_bar.status.show_started(started)
        window.health_panel.show_started(started)

    def _on_ticked(self, tick: Tick) -> None:
        self._window.run_bar.status.show_tick(tick)
        self._window.health_panel.show_tick(tick)

    def _on_samples_ready(self, _samples: SamplesReady) -> None:
        self._window.epoch_strip.refresh()
        self._window.commands.refresh()

    def _on_judge_learning(self, lessons: EvaluatorTraining) -> None:
        self._window.quality_panel.show_learning(lessons.share, lessons.remark)
        self._window.run_bar.status.show_lessons(lessons)

    def _on_quality_ready(self, _event: QualityReady) -> None:
        self._window.quality_panel.refresh()
        self._window.run_bar.status.show_lessons(None)

    def _on_finished(self, _event: Finished) -> None:
        self._window.settings.last_run = None
        names = self._window.controller.history.class_names
        knows_digits = bool(names) and all(name.isdecimal() for name in names)
        self._window.message_bar.tell(
            lambda: (
                tr("Finished. See under “Explore” what it learnt, or ask for a digit with the keys 0 to 9.")
                if knows_digits
                else tr("Finished. See under “Explore” what it learnt.")
            )
        )

    def _on_stopped(self) -> None:
        window = self._window
        if window.is_closing:  # before anything that may fail
            window.close()
            return
        window.health_panel.refresh()
        window.quality_panel.show_learning(None)
        window.controller.list_runs(runs_root())

    # --- troubles

    def _on_failed(self, failed: Failed) -> None:
        about, epoch = About.DATA if failed.work == READING_IMAGES else About.RUN, failed.epoch
        offer = "" if epoch is None else lambda: tr("New run from its newest generator")
        branch = None if epoch is None else partial(self._window.wishes.branch, epoch)
        self._window.message_bar.warn(failed.message, failed.hint, failed.details, offer, branch, about)

    def _on_halted(self, event: WriteBlocked) -> None:
        self._window.message_bar.warn(
            event.message, event.hint, action=lambda: tr("Try again"), act=self._window.wishes.resume
        )

    def _on_broken(self, event: NotFinite | OutOfMemory) -> None:
        if isinstance(event, NotFinite):
            self._tell_not_finite(event)
        else:
            self._tell_out_of_memory(event)

    def _tell_not_finite(self, event: NotFinite) -> None:
        epoch = event.safe_images_seen / self._window.controller.history.image_count
        self._window.message_bar.warn(
            lambda: tr(
                "A number became NaN or infinite at step {step}; the run went back to epoch {epoch}.",
                step=number(event.step),
                epoch=number(epoch, ".3g"),
            ),
            lambda: tr("Try: {changes}", changes=remedy_told(event.remedy)),
            action=lambda: tr("Go on with these values"),
            act=partial(self._window.wishes.go_on_with, event.remedy),
        )

    def _tell_out_of_memory(self, event: OutOfMemory) -> None:
        smaller = event.batch_size
        self._window.message_bar.warn(
            lambda: tr("The memory of the device does not hold a step; the last checkpoint is intact."),
            lambda: (
                tr("Go on with smaller batches.")
                if smaller
                else tr("Close other programs, or train narrower networks or smaller pictures.")
            ),
            action=(lambda: tr("Go on with batches of {count}", count=number(smaller))) if smaller else "",
            act=partial(self._window.wishes.go_on_with, {"batch_size": smaller}),
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
        if self._window.controller.is_busy or not same_images(answer.config, config):
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
        if not self._has_offered and self._window.controller.run_path is None:
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
            self._offer_to_judge(partial(self._window.controller.open, run.path, go_on=True))
            return
        epoch = run.images_seen // run.image_count
        self._window.message_bar.tell(
            lambda: tr("Your last run stopped at epoch {epoch}.", epoch=number(epoch)),
            lambda: tr("Go on with it"),
            partial(self._window.controller.open, run.path, go_on=True),
        )


def _absent_told(dataset: DataSet) -> str:
    about = (
        tr("These images are not in the data folder.")
        if dataset.origin == "brought"
        else tr("These images are fetched when you press Train.")
    )
    return f"{about}\n{tr(dataset.summary)}"
