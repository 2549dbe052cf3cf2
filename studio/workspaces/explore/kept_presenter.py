"""Keeps points of latent space with the run shown, and shows their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer

from engine.arrays import Pictures
from engine.i18n import tr, trn
from engine.runs import Favorite, RunFolder
from studio.context import Context
from studio.model.explored import Explored
from studio.model.messages import Subject
from studio.model.points import point_of
from studio.once_painted import once_painted
from studio.widgets.exploring.respite import Respite
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners
from studio.workspaces.explore.keeping import ABOUT, Keeping
from studio.workspaces.explore.kept_strip import KeptStrip

PICTURES = "latent.kept"
_SETTLE_MS = 300  # after another generator, before all is painted anew
_REMOVED = "removed kept points"  # what a message is about


class KeptPresenter(QObject):
    """Feeds ``strip`` and keeps what ``explored`` keeps."""

    def __init__(self, strip: KeptStrip, keeping: Keeping, explored: Explored, context: Context) -> None:
        super().__init__(strip)
        self._strip, self._explored, self._context = strip, explored, context
        self._path: Path | None = None
        self._reading: object = None
        """What is kept with the run in ``_path`` is still being read."""
        self._on_disk: tuple[Favorite, ...] = ()
        self._offers_undo = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        respite = Respite(self)
        respite.due.connect(lambda: self._settle.isActive() or self._settle.start())
        services = context.services
        services.generator.pictures_ready.connect(self._on_pictures)
        strip.looked_at.connect(lambda is_looked_at: once_painted(self, self._ask) if is_looked_at else None)
        services.generator.generator_changed.connect(respite.take)
        services.shown.run_changed.connect(self._on_shown)
        explored.kept_changed.connect(self._on_kept)
        strip.kept_by_drop.connect(lambda point: keeping.keep([point]))
        strip.removed.connect(self._on_removed)
        for something_else in (explored.kept_changed, explored.moved, explored.picked_changed, explored.blend_changed):
            something_else.connect(self._forget_removed)
        strip.refused.connect(lambda text: context.messages.warn(text, "", about=Subject.ASKED))
        self._on_shown()

    def _on_shown(self) -> None:
        run = self._context.services.shown.run
        path = None if run is None else run.path
        if path == self._path:
            return
        self._path, self._reading = path, object()
        self._begin(())
        if path is not None:
            listeners: Listeners[None, list[Favorite]] = Listeners(
                result=partial(self._on_read, self._reading), failed=partial(self._on_unreadable, self._reading)
            )
            self._context.services.jobs.in_turn("kept points", partial(_read, path), listeners)

    def _on_read(self, reading: object, found: list[Favorite]) -> None:
        if reading is not self._reading:  # of a run that was shown before
            return
        self._reading = None
        fitting = [it for it in found if self._explored.takes(point_of(it))]
        self._begin((*fitting, *self._explored.kept))  # and what was kept while it was read

    def _on_unreadable(self, reading: object, failed: Failure) -> None:
        """What is kept from now on is kept nevertheless."""
        self._on_read(reading, [])
        self._warn(failed)

    def _begin(self, kept: tuple[Favorite, ...]) -> None:
        self._on_disk = kept
        self._explored.begin_kept(kept)

    def _on_kept(self) -> None:
        self._ask()
        run = self._context.services.shown.run
        # Where another run is shown by now, nobody took these away: its generator has other points.
        if run is None or run.path != self._path or self._explored.kept == self._on_disk:
            return
        self._on_disk = self._explored.kept
        self._context.services.noted.note("kept", len(self._on_disk))
        save = partial(_save if self._reading is None else _add, run.path, self._on_disk)
        listeners: Listeners[None, None] = Listeners(failed=self._warn)
        self._context.services.jobs.keep("kept points", save, listeners)

    def _on_removed(self, count: int) -> None:
        self._offers_undo = True
        self._context.messages.tell(
            lambda: trn("{count} kept point removed.", "{count} kept points removed.", count),
            lambda: tr("Undo"),
            self._explored.undo,
            about=_REMOVED,
        )

    def _forget_removed(self) -> None:
        """What is done or undone now is another step: “Undo” would take back that one."""
        if self._offers_undo:
            self._offers_undo = False
            self._context.messages.retract(_REMOVED)

    def _on_pictures(self, channel: str, images: Pictures) -> None:
        if channel == PICTURES:
            self._strip.show_pictures(images)

    def _ask(self) -> None:
        """Ask for their pictures, if anybody sees them: a training hands over one generator after the other."""
        if not self._strip.isVisible():
            return
        points = [point_of(it) for it in self._explored.kept]
        if points and all(map(self._explored.takes, points)):
            z = np.stack([it.z for it in points])
            self._context.services.generator.request(PICTURES, z, self._explored.labels_of(points))

    def _warn(self, failed: Failure) -> None:
        self._context.messages.warn(failed.message, failed.hint, failed.details, about=ABOUT)


# --- in the thread of a job


def _read(path: Path) -> list[Favorite]:
    return RunFolder(path).favorites()


def _save(path: Path, kept: Sequence[Favorite]) -> None:
    RunFolder(path).save_favorites(kept)


def _add(path: Path, kept: Sequence[Favorite]) -> None:
    known = RunFolder(path).favorites()
    _save(path, [*known, *(it for it in kept if it not in known)])
