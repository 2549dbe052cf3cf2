"""How many real images there are, as far as anybody has counted them. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.runs import ListedRun, RunSummary
from studio.services.images import ImagesService
from studio.services.readers import ImagesAbsent, RealImages, same_images
from studio.services.runs import RunsService


class KnownImages(QObject):
    """Remembers the real images that were looked at last, and what runs tell of theirs."""

    changed = Signal()

    def __init__(self, images: ImagesService, runs: RunsService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._real: RealImages | None = None
        self._runs: list[RunSummary] = []
        images.looked_at.connect(self._on_looked_at)
        runs.listed.connect(self._on_listed)

    def of(self, config: Config) -> RealImages | None:
        """Return the real images that ``config`` names, if they were looked at last."""
        return self._real if self._real and same_images(self._real.config, config) else None

    def count(self, config: Config) -> int:
        """Return how many real images ``config`` names, 0 where nobody has counted them yet."""
        known = ((real.config, real.image_count) for real in (self._real,) if real)
        counted = ((run.config, run.image_count) for run in self._runs)
        return next((count for other, count in (*known, *counted) if same_images(other, config)), 0)

    def _on_looked_at(self, answer: RealImages | ImagesAbsent) -> None:
        if isinstance(answer, RealImages):
            self._real = answer
        self.changed.emit()

    def _on_listed(self, listed: list[ListedRun]) -> None:
        self._runs = [run for run in listed if isinstance(run, RunSummary)]
        self.changed.emit()
