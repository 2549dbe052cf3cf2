"""Saves a path through latent space as a film or as arrays, beside the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from engine.i18n import tr
from engine.job import Job, Progress
from studio.context import Context
from studio.services.exploring import Ground, generator_session
from studio.widgets.exploring.path_panel import PathPanel, PathWish
from studio.workspaces.explore.work import Work

SAVE = "path"


class PathPresenter(QObject):
    """Serves ``panel``."""

    def __init__(self, panel: PathPanel, context: Context) -> None:
        super().__init__(panel)
        self._panel = panel
        self._work = Work(SAVE, panel, context.services.exploring, told=self._on_told, done=self._on_saved)
        panel.path_requested.connect(lambda wish: self._work.start(partial(_saved, wish=wish)))
        panel.cancel_requested.connect(self._work.cancel)

    def retranslate(self) -> None:
        """The panel says everything itself."""

    def _on_told(self, progress: Progress) -> None:
        self._panel.show_progress(progress.done / max(progress.total, 1))

    def _on_saved(self, path: Path) -> None:
        self._panel.say(tr("Path saved as “{path}”.", path=path))


# --- in the thread of a job


def _saved(ground: Ground, wish: PathWish) -> Job[Progress, Path]:
    from engine.export import samples

    session, config = generator_session(ground), ground.generator.config
    return (yield from samples.save_way(session, config, wish.z, wish.labels, wish.path))
