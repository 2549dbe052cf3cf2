"""What the middle of the workspace Train shows where the data are points: real ones, then those of each epoch, live."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from engine.events import Started
from engine.i18n import tr
from studio.context import Context
from studio.model.scatter import Scatter
from studio.services.images import run_beside
from studio.services.points import SeenPoints
from studio.services.readers import ImagesAbsent, RealImages
from studio.weakly import weakly
from studio.workers.failure import Failure
from studio.workspaces.train.points_view import PointsView


class PointsPresenter(QObject):
    """Feeds ``view``, and brings it to the front of ``place`` where a run, or the plan, is about points."""

    def __init__(self, view: PointsView, place: QStackedWidget, context: Context) -> None:
        super().__init__(view)
        self._view, self._place = view, place
        self._services = services = context.services
        services.points.watch(weakly(view.isVisible))
        services.points.seen.connect(self._on_seen)
        services.points.failed.connect(self._on_failed)
        services.images.looked_at.connect(self._on_looked_at)
        services.training.started.connect(self._on_started)
        services.training.stopped.connect(self._on_stopped)
        services.shown.run_changed.connect(self._on_shown)
        services.shown.epoch_changed.connect(self._show_epoch)
        view.save_requested.connect(context.pictures.save)

    def _bring(self, is_points: bool) -> None:
        if is_points != (self._place.currentWidget() is self._view):
            self._place.setCurrentIndex(self._place.indexOf(self._view) if is_points else 0)

    def _on_looked_at(self, answer: RealImages | ImagesAbsent) -> None:
        if self._services.training.is_busy or not self._services.images.are_wanted(answer):
            return
        scatter = answer.scatter if isinstance(answer, RealImages) else None
        self._bring(scatter is not None)
        if scatter is None or not isinstance(answer, RealImages):
            return
        shown, beside = self._services.shown, run_beside(self._services.shown, answer.config)
        if shown.epoch is not None and not beside:
            self._show_epoch(shown.epoch)  # whose curves are below
        else:
            self._view.show_real(scatter, beside=beside, noun=answer.noun)

    def _on_started(self, started: Started) -> None:
        if self._services.shows_live and started.facts.is_points and not self._services.shown.data.grid_files:
            real = self._services.known_images.of(started.config)
            self._show_beginning(real.scatter if real is not None else None)

    def _on_stopped(self) -> None:
        """What was seen last may be a little older than what the training came to."""
        shown = self._services.shown
        if shown.run is self._services.training.current.run and shown.epoch is not None:
            self._show_epoch(shown.epoch)

    def _show_beginning(self, scatter: Scatter | None) -> None:
        if scatter is not None:
            self._view.show_real(scatter, is_training=True)
        else:
            self._view.show_nothing(lambda: tr("The generator's first {data:pictures} come in a moment."))

    def _on_shown(self) -> None:
        run = self._services.shown.run
        assert run is not None
        self._bring(run.info.facts.is_points)
        if run.info.facts.is_points and not self._services.shows_live:
            self._view.show_nothing(lambda: tr("No {data:pictures} yet"))

    def _show_epoch(self, epoch: int) -> None:
        """Show the points of ``epoch``, as soon as they are read; live ones come by themselves."""
        run = self._services.shown.run
        self._bring(run is not None and run.info.facts.is_points)  # real ones of the plan may be in front
        if not self._services.points.is_live:
            self._services.points.want(epoch)

    def _on_seen(self, seen: SeenPoints) -> None:
        run, data = self._services.shown.run, self._services.shown.data
        if run is not None:
            halflife = data.value_at("ema_halflife_kimg", seen.epoch, run.info.config.ema_halflife_kimg)
            total = max(math.ceil(data.total_epochs), seen.epoch)
            self._view.show_epoch(seen.epoch, total, seen.scatter, is_average=halflife > 0)

    def _on_failed(self, failed: Failure) -> None:
        self._view.show_nothing(lambda: failed.message)
