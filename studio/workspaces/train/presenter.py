"""What the panels of the workspace Train show of plan, training and the run shown, and what they ask for."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.config import Config
from engine.datasets.catalog import DATASETS, DataSet
from engine.datasets.info import FEWEST_JUDGED
from engine.events import EvaluatorTraining, Started, Tick
from engine.ghosts import Ghost, fitting, read_ghosts
from engine.i18n import tr
from studio.context import Context
from studio.model.findings import Findings
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.services.images import run_beside
from studio.services.readers import ImagesAbsent, RealImages, same_images
from studio.text.origin import beside_told
from studio.widgets.base.throttle import Throttle
from studio.workers.job_runner import Listeners

if TYPE_CHECKING:
    from studio.workspaces.train.loss_plot import LossPlot
    from studio.workspaces.train.workspace import TrainWorkspace

_HEALTH_REFRESH_MS = 1000
_CURVES_MS = 1000  # between two drawings of the curves: nobody reads faster, and the training pays for each
_CURVES_SHARE = 0.02  # of a core, for all that the window does meanwhile: on a slow machine they are drawn less often


class TrainPresenter(QObject):
    """Feeds the panels of ``workspace``; ``show_curves`` adds the plot when it is built."""

    def __init__(self, workspace: TrainWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._context, self._services, self._plan = context, context.services, context.plan
        self._form, self._samples, self._sample = workspace.options_form, workspace.sample_view, workspace.sample_panel
        self._health, self._quality = workspace.health_panel, workspace.quality_panel
        self._inspector = workspace.inspector
        self._plot: LossPlot | None = None
        self._ghosts: tuple[Ghost, ...] = ()
        self._findings: Findings | None = None
        self._missed: int | None = None  # the epoch whose samples are being read, to be shown
        self._health_timer = QTimer(self, interval=_HEALTH_REFRESH_MS)
        self._health_timer.timeout.connect(self._health.refresh)
        self._follow_plan()
        self._follow_training()
        self._follow_what_is_shown()

    def show_curves(self, plot: LossPlot) -> None:
        """Feed the curves, too, and show in them what is shown elsewhere by now."""
        self._plot = plot
        shown, timeline = self._services.shown, self._context.timeline
        drawing = Throttle(_CURVES_MS, plot, _CURVES_SHARE)
        drawing.due.connect(plot.refresh)
        shown.marks_changed.connect(plot.refresh)
        shown.rows_added.connect(drawing.ask)
        listeners: Listeners[None, tuple[Ghost, ...]] = Listeners(result=self._on_ghosts_read)
        self._services.jobs.do("reading the bands of healthy runs", read_ghosts, listeners)
        plot.epoch_picked.connect(timeline.choose)
        timeline.epoch_chosen.connect(plot.set_cursor_epoch)
        if shown.run is not None:
            plot.set_run_data(shown.run.data)
            plot.show_findings(self._findings)
            plot.set_cursor_epoch(shown.epoch)

    def _on_ghosts_read(self, ghosts: tuple[Ghost, ...]) -> None:
        self._ghosts = ghosts
        self._show_ghost()

    def _show_ghost(self) -> None:
        """Show behind the curves where healthy runs of the same recipe lie, where that is known."""
        run = self._services.shown.run
        if self._plot is not None and run is not None and self._ghosts:
            total = run.info.total_images
            self._plot.ghost.show_ghost(
                fitting(self._ghosts, run.info.config, total), total / max(run.data.image_count, 1)
            )

    # --- the plan and its real images

    def _follow_plan(self) -> None:
        plan, form = self._plan, self._form
        form.edited.connect(self._on_edited)
        form.changed.connect(plan.changed.__call__)
        form.shown.connect(self._take_up)
        form.sensible_changed.connect(plan.set_sensible)
        plan.replaced.connect(self._show_plan)
        plan.about_to_be_used.connect(form.finish_editing)
        plan.restricted.connect(lambda: form.restrict(plan.locked, plan.hidden))
        plan.restricted.connect(lambda: self._health.restrict(plan.locked))
        self._services.images.looked_at.connect(self._on_images_looked_at)
        plan.set_sensible(form.is_sensible)

    def _on_edited(self, name: str, before: Config, after: Config) -> None:
        self._take_up()
        self._plan.edited(name, before, after)

    def _take_up(self) -> None:
        self._plan.config = self._form.config()

    def _show_plan(self) -> None:
        self._form.set_config(self._plan.config)

    def _on_images_looked_at(self, answer: RealImages | ImagesAbsent) -> None:
        self._context.messages.retract(Subject.DATA)
        if self._services.training.is_busy or not self._services.images.are_wanted(answer):
            return
        shown = self._services.shown
        if shown.run is not None and shown.epoch is not None and same_images(shown.run.info.config, answer.config):
            self._show_epoch(shown.epoch)  # whose curves are below; real images of other data say that they are
            return
        beside = run_beside(shown, answer.config)
        if isinstance(answer, RealImages):
            self._show_real(answer, beside=beside)
        else:
            self._samples.show_nothing(partial(_absent_told, DATASETS[self._plan.config.dataset], beside))

    def _show_real(self, real: RealImages, *, is_training: bool = False, beside: str = "") -> None:
        if real.scatter is not None:  # which is seen in place of pictures
            self._samples.show_nothing(str)
            return
        self._samples.show_real(
            *(real.grid, real.class_names, real.size),
            class_counts=real.class_counts,
            is_training=is_training,
            beside=beside,
            noun=real.noun,
        )

    # --- training

    def _follow_training(self) -> None:
        training = self._services.training
        training.state_changed.connect(self._on_state_changed)
        training.started.connect(self._on_started)
        training.ticked.connect(self._on_ticked)
        training.evaluator_training.connect(self._on_evaluator_training)
        training.stopped.connect(self._on_stopped)

    def _on_state_changed(self, state: WorkState) -> None:
        self._form.set_training(state is not WorkState.IDLE)
        self._show_state()
        if state is WorkState.IDLE:
            self._health_timer.stop()
        else:
            self._health_timer.start()

    def _show_state(self) -> None:
        self._health.show_state(self._services.training.state, is_elsewhere=self._services.shows_another)

    def _on_started(self, started: Started) -> None:
        if self._services.shows_live and not self._services.shown.data.grid_files:
            real = self._services.known_images.of(started.config)
            if real is not None:
                self._show_real(real, is_training=True)
            else:
                self._samples.show_nothing(lambda: tr("The generator's first {data:pictures} come in a moment."))

    def _on_ticked(self, tick: Tick) -> None:
        if self._services.shows_live:
            self._health.show_tick(tick, self._services.training.resident)

    def _on_evaluator_training(self, lessons: EvaluatorTraining) -> None:
        if self._services.shows_live:
            self._quality.show_learning(lessons.share, lessons.remark)

    def _on_stopped(self) -> None:
        if self._services.shown.run is self._services.training.current.run and not self._services.is_ending:
            self._health.refresh()
            self._quality.show_learning(None)

    # --- the run that is shown

    def _follow_what_is_shown(self) -> None:
        services, timeline, inspection = self._services, self._context.timeline, self._services.inspection
        shown = services.shown
        shown.run_changed.connect(self._on_shown)
        shown.quality_added.connect(self._quality.refresh)
        shown.grids_read.connect(self._on_grids_read)
        for show_epoch in (self._show_epoch, self._health.show_epoch, self._quality.show_epoch):
            shown.epoch_changed.connect(show_epoch)
        services.health.found.connect(self._on_found)
        services.health.found.connect(self._quality.show_findings)
        services.health.seen.connect(self._health.show_findings)
        self._health.remedy_requested.connect(self._context.troubles.cure)
        self._quality.epoch_picked.connect(timeline.choose)
        self._samples.sample_shown.connect(self._sample.show_sample)
        self._samples.save_requested.connect(self._context.pictures.save)
        self._sample.inspection_requested.connect(inspection.inspect)
        inspection.inspected.connect(self._sample.show_inspected)
        inspection.failed.connect(self._sample.stop_waiting)

    def _on_shown(self) -> None:
        services, run = self._services, self._services.shown.run
        assert run is not None
        data, config = run.data, run.info.config
        if self._plot is not None:
            self._plot.set_run_data(data)
            self._show_ghost()
        enough = data.image_count >= FEWEST_JUDGED
        self._quality.set_run_data(data, is_judged=config.eval_time_percent > 0, has_enough=enough)
        self._quality.show_learning(None)
        self._samples.select_nothing()
        self._sample.set_names(data.data_classes)
        self._health.set_run_data(data, run.path)
        if services.shows_live and services.training.begun:
            self._health.show_started(services.training.begun)
        if run.info.facts.is_points:
            self._samples.show_nothing(str)
        elif not data.grid_files and not services.shows_live:
            was_trained = data.was_trained
            self._samples.show_nothing(
                lambda: tr("The run keeps no pictures.") if was_trained else tr("No {data:pictures} yet")
            )
        self._show_state()

    def _on_grids_read(self) -> None:
        if self._missed is not None and self._missed == self._services.shown.epoch:
            self._show_epoch(self._missed)

    def _show_epoch(self, epoch: int) -> None:
        """Show the samples of ``epoch``, as soon as they are read."""
        run, data = self._services.shown.run, self._services.shown.data
        if run is not None and epoch in data.grid_files and not run.info.facts.is_points:
            config, grid = run.info.config, data.grid(epoch)
            self._missed = epoch if grid is None else None
            if grid is None:
                self._services.pictures.want(epoch)
                return
            self._samples.show_epoch(
                epoch,
                max(math.ceil(data.total_epochs), epoch),
                grid,
                data.class_names,
                run.info.facts.size,
                data.verdicts_at(epoch),
                is_average=data.value_at("ema_halflife_kimg", epoch, config.ema_halflife_kimg) > 0,
            )

    def _on_found(self, findings: Findings | None) -> None:
        self._findings = findings
        if self._plot is not None:
            self._plot.show_findings(findings)
        self._inspector.mark_trouble(bool(findings and findings.diagnoses))


def _absent_told(dataset: DataSet, beside: str) -> str:
    if dataset.origin == "file":
        return tr("No table is chosen yet.\nOpen one (File, Table of numbers), or drop a CSV file here.")
    about = (
        tr("These images are not in the data folder.")
        if dataset.origin == "brought"
        else tr("These images are fetched when you press Train.")
    )
    return "\n".join(filter(None, (about, tr(dataset.summary), beside and beside_told(beside))))
