"""Saves what the export dialog asks for, beside the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.i18n import number, tr
from engine.job import Job, Progress
from studio.context import Context
from studio.model.explored import Explored
from studio.model.run import Run
from studio.services import disk
from studio.services.exploring import Ground, generator_session
from studio.widgets.dialogs.dialogs import FileDialog
from studio.workers.job_runner import Listeners
from studio.workspaces.explore.export_dialog import ExportDialog, ExportWish
from studio.workspaces.explore.work import Work

EXPORT = "export"


class Exported(NamedTuple):
    """Where it is, and a sentence on how it was tried, if it was."""

    path: Path
    told: str = ""


class ExportPresenter(QObject):
    """Serves ``dialog`` about ``run`` as long as it is open, and that run is the one that is shown."""

    def __init__(self, dialog: ExportDialog, run: Run, explored: Explored, context: Context) -> None:
        super().__init__(dialog)
        self._path, self._title, self._shown = run.path, run.title, context.services.shown
        self._dialog, self._explored, self._jobs = dialog, explored, context.services.jobs
        self._work = Work(EXPORT, dialog, context.services.exploring, told=self._on_told, done=self._on_done)
        dialog.wanted.connect(self._save)
        dialog.cancel_requested.connect(self._work.cancel)
        dialog.place_wanted.connect(self._find_place)
        dialog.place.asked.connect(self._look_at)

    def _save(self, wish: ExportWish) -> None:
        run = self._shown.run
        if run is None or run.path != self._path:
            self._dialog.say(tr("Another run is shown now. Show “{run}” again to export it.", run=self._title))
            return
        z = self._explored.point.z if wish.from_point else None
        self._work.start(partial(_exported, wish, z))

    def _find_place(self, name: str) -> None:
        listeners: Listeners[None, Path] = Listeners(result=self._dialog.place.suggest)
        self._jobs.in_turn("place of an export", partial(disk.free_path, name, FileDialog.last_folder), listeners)

    def _look_at(self, path: Path) -> None:
        listeners: Listeners[None, bool] = Listeners(result=partial(self._dialog.place.show_taken, path))
        self._jobs.in_turn("place of an export", partial(disk.is_taken, path), listeners)

    def _on_told(self, progress: Progress) -> None:
        self._dialog.show_progress(progress.done / max(progress.total, 1))

    def _on_done(self, exported: Exported) -> None:
        self._dialog.show_saved(*exported)


# --- in the thread of a job


def _exported(wish: ExportWish, z: NDArray[np.float32] | None, ground: Ground) -> Job[Progress, Exported]:
    from engine.export import onnx_file, samples, script

    yield Progress(0, 1)
    session, facts = generator_session(ground), ground.generator.facts
    if wish.kind == ".onnx":
        done = yield from onnx_file.save(session, facts, wish.path)
        if done.apart is None:
            return Exported(done.path, tr("Not tried: onnxruntime is not installed."))
        apart = number(done.apart, ".6f")
        return Exported(done.path, tr("Tried with onnxruntime: pictures differ by {apart} at most.", apart=apart))
    if not wish.kind:
        return Exported((yield from script.save(session, facts, wish.path)).script)
    wanted = samples.SampleWish(wish.count, wish.label, wish.seed, z)
    return Exported((yield from samples.save(session, ground.generator.config, wanted, wish.path)))
