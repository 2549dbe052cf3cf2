"""Finds directions of the generator shown, moves the point along them, keeps them with their run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from engine.arrays import Pictures
from engine.i18n import number, tr
from engine.job import Job, Progress
from engine.runs import Direction, RunFolder
from studio.context import Context
from studio.model.explored import Explored
from studio.services.exploring import Ground, epoch_of, generator_session
from studio.widgets.exploring.directions_panel import DirectionRow, DirectionsPanel
from studio.widgets.exploring.respite import Respite
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.latent.directions import Held, Method

FIND, AGAIN, PICTURES = "directions", "directions.again", "latent.directions"
_REACH = 3.0
_SETTLE_MS = 150  # after the last move, before the pictures at the ends are painted anew


class DirectionsPresenter(QObject):
    """Feeds ``panel`` and moves ``explored``."""

    def __init__(self, panel: DirectionsPanel, explored: Explored, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._explored, self._context = panel, explored, context
        self._services = context.services
        self._directions: list[Direction] = []
        self._held: list[Held] = []  # what became of each where it was measured again
        self._path: Path | None = None
        self._is_read = self._was_found = False  # what is kept with the run; somebody looked, and some were found
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        exploring, generator = self._services.exploring, self._services.generator
        self._finding = Work(FIND, panel, exploring, told=self._on_told, done=self._on_found)
        self._looking = Work(FIND, panel, exploring, told=self._on_told, done=self._put)
        self._measuring = Work(AGAIN, panel, exploring, told=self._on_told, done=self._on_measured)
        panel.find_requested.connect(lambda method: self._finding.start(partial(_find, method=method)))
        panel.looked_at.connect(self._on_looked_at)
        panel.measure_requested.connect(self._measure)
        panel.cancel_requested.connect(self._finding.cancel)
        panel.cancel_requested.connect(self._measuring.cancel)
        panel.moved.connect(self._move)
        panel.reset_requested.connect(lambda row: self._move(row, 0.0))
        panel.renamed.connect(self._rename)
        generator.pictures_ready.connect(self._on_pictures)
        respite = Respite(self)
        respite.due.connect(self._settle.start)
        generator.generator_changed.connect(respite.take)
        generator.generator_changed.connect(lambda _: self._find_first())
        explored.moved.connect(self._on_moved)
        self._services.shown.run_changed.connect(self._on_shown)
        self._on_shown()

    # --- what a person wants

    def _measure(self) -> None:
        self._measuring.start(partial(_measure, kept=list(self._directions)))

    def _move(self, row: int, place: float) -> None:
        z, unit = self._explored.point.z, self._directions[row].unit
        self._explored.go(z + np.float32(place - float(z @ unit)) * unit, stroke=("direction", row))

    def _rename(self, row: int, name: str) -> None:
        self._directions[row] = replace(self._directions[row], name=name)
        self._save()
        self._show()

    # --- what is told

    def _on_shown(self) -> None:
        run = self._services.shown.run
        path = None if run is None else run.path
        if path == self._path:
            return
        self._path = path
        self._is_read = self._was_found = False
        self._put([])
        if path is not None:
            listeners: Listeners[None, list[Direction]] = Listeners(
                result=partial(self._on_read, path), failed=partial(self._on_unreadable, path)
            )
            self._services.jobs.in_turn("directions", partial(_read, path), listeners)

    def _on_read(self, path: Path, directions: list[Direction]) -> None:
        run = self._services.shown.run
        if path == self._path and not self._directions and run is not None:
            z_dim = run.info.config.z_dim
            self._put([direction for direction in directions if len(direction.vector) == z_dim])
        self._is_read |= path == self._path
        self._find_first()

    def _on_unreadable(self, path: Path, failed: Failure) -> None:
        if path == self._path:
            self._finding.fail(failed)

    def _on_looked_at(self, is_looked_at: bool) -> None:
        """What came while nobody looked has no pictures yet."""
        if is_looked_at:
            self._find_first()
            self._show_places()
            self._ask()

    def _find_first(self) -> None:
        """Find some as soon as somebody looks, where none are kept; a person's own wish alone keeps them."""
        is_there = self._is_read and self._services.generator.loaded is not None
        if is_there and not self._directions and not self._was_found and self._panel.isVisible():
            self._was_found = True
            self._looking.start(partial(_find, method="sefa"))

    def _on_told(self, event: Progress) -> None:
        self._panel.show_progress(event.done / max(event.total, 1))

    def _on_found(self, directions: list[Direction]) -> None:
        self._put(directions)
        self._save()

    def _on_measured(self, result: list[Held]) -> None:
        """They stay what they are: measured at yet another epoch, they are held against where they were found."""
        self._held = result
        self._show()

    def _on_moved(self) -> None:
        if self._panel.isVisible():
            self._show_places()
            self._settle.start()

    def _show_places(self) -> None:
        z = self._explored.point.z
        if all(len(direction.vector) == len(z) for direction in self._directions):
            self._panel.set_places([float(z @ direction.unit) for direction in self._directions])

    def _on_pictures(self, channel: str, images: Pictures) -> None:
        if channel == PICTURES:
            self._panel.show_pictures(images)

    # --- shown and kept

    def _put(self, directions: list[Direction]) -> None:
        self._directions, self._held = directions, []
        self._show()
        self._panel.show_progress(None)
        self._show_places()
        self._settle.start()

    def _show(self) -> None:
        if not self._directions:
            self._panel.set_rows([])
            return
        from engine.latent.directions import ends, titles  # by now torch is there: a generator was shown

        notes = list(map(_note, self._held)) or [""] * len(self._directions)
        self._panel.set_rows(
            [
                DirectionRow(title, it.name, *ends(it), note)
                for it, title, note in zip(self._directions, titles(self._directions), notes, strict=True)
            ]
        )

    def retranslate(self) -> None:
        """Say what each direction does in the current language."""
        self._show()

    def _ask(self) -> None:
        """Ask for the pictures at the ends, if anybody can see them; whoever sees directions has found them."""
        point = self._explored.point
        z = point.z
        if not self._directions or not self._panel.isVisible():
            return
        self._services.noted.note("directions", len(self._directions))
        rows = [
            z + np.float32(end - float(z @ direction.unit)) * direction.unit
            for direction in self._directions
            for end in (-_REACH, _REACH)
        ]
        labels = self._explored.labels_of([point] * len(rows))
        self._services.generator.request(PICTURES, np.array(rows, np.float32), labels)

    def _save(self) -> None:
        if self._path is not None:
            listeners: Listeners[None, None] = Listeners(failed=self._finding.fail)
            self._services.jobs.keep("directions", partial(_save, self._path, list(self._directions)), listeners)


# --- in the thread of a job


def _find(ground: Ground, method: Method) -> Job[Progress, list[Direction]]:
    from engine.latent import directions

    return (yield from directions.find(generator_session(ground), epoch_of(ground), method))


def _measure(ground: Ground, kept: list[Direction]) -> Job[Progress, list[Held]]:
    from engine.latent import directions

    return (yield from directions.measure_again(generator_session(ground), epoch_of(ground), kept))


def _note(held: Held) -> str:
    epoch = number(held.now.epoch)
    if held.holds:
        return tr("✓ still holds at epoch {epoch}", epoch=epoch)
    return tr("✗ does not do that at epoch {epoch}", epoch=epoch)


def _read(path: Path) -> list[Direction]:
    return RunFolder(path).directions()


def _save(path: Path, directions: list[Direction]) -> None:
    RunFolder(path).save_directions(directions)
