"""What the panels of the workspace Explore show of the generator of the run shown, and what they ask it for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.datasets.sets import class_word
from studio.context import Context

if TYPE_CHECKING:
    from studio.workspaces.explore.workspace import ExploreWorkspace


class ExplorePresenter(QObject):
    """Feeds the panels of ``workspace``."""

    def __init__(self, workspace: ExploreWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._workspace, self._shown, self._plan = workspace, context.services.shown, context.plan
        self._views = (workspace.latent_explorer, workspace.digit_picker)
        generator = context.services.generator
        for view in self._views:
            view.pictures_requested.connect(generator.request)
            generator.pictures_ready.connect(view.show_pictures)
            generator.generator_changed.connect(view.render_again)
        for source in (workspace.digit_picker, workspace.latent_explorer.sweep_panel):
            source.save_requested.connect(context.pictures.save)
        self._shown.run_changed.connect(self._on_shown)
        self._plan.replaced.connect(self._name_classes)
        if self._shown.run is not None:
            self._on_shown()
        self._name_classes()

    def _on_shown(self) -> None:
        run = self._shown.run
        assert run is not None
        for view in self._views:
            view.set_model(run.info.config.z_dim, run.data.class_names)
        self._name_classes()

    def _name_classes(self) -> None:
        """Call them after the data of the run shown, and before there is one after those of the plan."""
        config = self._shown.run.info.config if self._shown.run else self._plan.config
        self._workspace.name_classes(class_word(config.dataset))
