"""What the pages of the workspace Explore show of the generator of the run shown, and what they ask it for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from engine.arrays import Samples
from engine.datasets.sets import class_word
from studio.context import Context
from studio.model.snapshot import SnapshotRef
from studio.services.points import SeenPoints
from studio.weakly import weakly
from studio.widgets.exploring.explore_page import ExplorePage

if TYPE_CHECKING:
    from studio.workspaces.explore.workspace import ExploreWorkspace


class ExplorePresenter(QObject):
    """Feeds the pages of ``workspace``."""

    def __init__(self, workspace: ExploreWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._workspace, self._context = workspace, context
        self._shown, self._plan = context.services.shown, context.plan
        self._pages: list[ExplorePage] = []

    def feed(self, page: ExplorePage) -> None:
        """Let ``page`` ask the generator, and be told of it."""
        generator = self._context.services.generator
        page.pictures_requested.connect(generator.request)
        page.save_requested.connect(self._context.pictures.save)
        page.point_chosen.connect(self._workspace.explored.go)
        page.point_opened.connect(self._workspace.look_at)
        generator.pictures_ready.connect(partial(self._on_pictures, page))
        generator.generator_changed.connect(partial(self._on_generator, page))
        self._pages.append(page)
        self._tell(page)
        page.say_why_not(self._context.services.snapshots.why_none)

    def begin(self) -> None:
        """Follow the run shown from now on."""
        self._shown.run_changed.connect(self._on_shown)
        self._shown.renamed.connect(self._on_renamed)
        self._context.services.generator.generator_changed.connect(self._say_origin)
        self._context.services.snapshots.availability_changed.connect(self.say_why_none)
        self._plan.replaced.connect(self._name_classes)
        points = self._context.services.points
        points.watch(weakly(self._workspace.points_page.isVisible))
        points.seen.connect(self._on_points_seen)
        self._on_shown()
        if points.last is not None:
            self._on_points_seen(points.last)

    def _on_points_seen(self, seen: SeenPoints) -> None:
        self._workspace.points_page.show_ground(seen.scatter)

    def _on_pictures(self, page: ExplorePage, channel: str, made: Samples) -> None:
        """What another run made, of the other kind, may come late."""
        if page.of_points == (made.dtype != np.uint8):
            page.show_pictures(channel, made)

    def _on_generator(self, page: ExplorePage, origin: SnapshotRef) -> None:
        loaded = self._context.services.generator.loaded
        page.can_blend = loaded is not None and loaded.can_blend
        page.render_again(origin)

    def _say_origin(self, origin: SnapshotRef | None = None) -> None:
        run = self._shown.run
        if run is not None:
            epoch = run.data.images_seen / run.data.image_count
            self._workspace.origin_line.show_origin(run.title, origin, epoch)

    def _on_renamed(self) -> None:
        if self._shown.run is not None:
            self._workspace.origin_line.call(self._shown.run.title)

    def _tell(self, page: ExplorePage) -> None:
        run = self._shown.run
        if run is not None:
            page.set_read_names(run.data.data_classes)
            page.set_model(run.info.config.z_dim, run.data.class_names)

    def _on_shown(self) -> None:
        run = self._shown.run
        self._workspace.turn_to_points(run is not None and run.info.facts.is_points)
        self._say_origin()
        for page in self._pages:
            self._tell(page)
        self._name_classes()
        self.say_why_none()

    def say_why_none(self) -> None:
        """Have every page say why there is no generator, or show what it can do with it."""
        for page in self._pages:
            page.say_why_not(self._context.services.snapshots.why_none)
        self._workspace.show_strip()
        self._context.commands.refresh()
        self._workspace.layout_changed.emit(self._workspace)

    def _name_classes(self) -> None:
        """Call them after the data of the run shown, and before there is one after those of the plan."""
        config = self._shown.run.info.config if self._shown.run else self._plan.config
        self._workspace.name_classes(class_word(config.dataset))
