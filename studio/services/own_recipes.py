"""The door to recipes of a person's own: kept, brought, given away and removed, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.recipes import Recipe, own
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners


class OwnRecipes(QObject):
    """``changed`` tells that there are other recipes than before."""

    changed = Signal()
    kept = Signal(Recipe)
    exported = Signal(Path)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs

    def keep(self, title: str, config: Config, note: str) -> None:
        """Keep the options of ``config`` as a recipe."""
        self._do(partial(own.save, title, config, note), self._on_kept)

    def import_file(self, file: Path) -> None:
        """Keep the recipe that somebody exported as ``file``."""
        self._do(partial(own.import_recipe, file), self._on_kept)

    def export(self, name: str, out: Path) -> None:
        """Write the recipe ``name`` as the file ``out``."""
        self._do(partial(own.export_recipe, name, out), lambda _: self.exported.emit(out))

    def delete(self, name: str) -> None:
        """Remove one of one's own."""
        self._do(partial(own.delete, name), lambda _: self.changed.emit())

    def _on_kept(self, recipe: Recipe) -> None:
        self.changed.emit()
        self.kept.emit(recipe)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self._jobs.keep("own recipes", work, Listeners(result=then, failed=self.failed.emit))
