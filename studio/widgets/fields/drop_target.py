"""Lets any widget, also the whole window, take what is dropped: a folder, pictures, a table, a class, a run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from engine.class_file import ENDING
from engine.i18n import tr
from studio.guard import guarded
from studio.services.disk import file_of, folder_of, runs_of
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners


class _Found(NamedTuple):
    folder: Path | None
    file: Path | None  # a table or a class
    runs: tuple[Path, ...]


@guarded
class DropTarget(QObject):
    """Watches ``widget`` and tells the folder that was dropped on it, or in which the dropped pictures lie.

    ``table_dropped`` and ``class_dropped`` tell the file of a table of numbers or of a class, and ``runs_dropped`` the
    folder of a run, or files that hold some, where ``takes_files``.
    What has a name on this machine may be dropped: only the disk knows what is a folder, and it is asked beside the
    window. ``refused`` carries two sentences: what is wrong with what was dropped, and what to do.
    """

    folder_dropped = Signal(str)
    table_dropped = Signal(str)
    class_dropped = Signal(str)
    runs_dropped = Signal(list)
    refused = Signal(object, object)

    def __init__(self, widget: QWidget, jobs: JobRunner, *, takes_files: bool = False) -> None:
        super().__init__(widget)
        self._jobs, self._takes_files = jobs, takes_files
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what may be a folder or a picture."""
        # A drop is an event of another kind that looks like entering.
        if isinstance(event, QDropEvent) and event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            paths = _paths(event.mimeData())
            if paths:
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent):
                    self._take(paths)
                return True
        return super().eventFilter(watched, event)

    def _take(self, paths: list[Path]) -> None:
        listeners: Listeners[None, _Found] = Listeners(result=self._on_found, failed=self._on_failed)
        look = partial(_meant, paths, self._takes_files)
        self._jobs.do("looking at what was dropped", look, listeners)

    def _on_found(self, found: _Found) -> None:
        if not isValid(self):  # closed meanwhile
            return
        if found.file is not None:
            is_class = found.file.suffix.lower() == ENDING
            (self.class_dropped if is_class else self.table_dropped).emit(str(found.file))
        elif found.runs:
            self.runs_dropped.emit(list(found.runs))
        elif found.folder is not None:
            self.folder_dropped.emit(str(found.folder))
        elif self._takes_files:
            self.refused.emit(
                tr("What was dropped is no folder, no pictures of the same one, no table, no class file and no run."),
                tr("Drop a folder with pictures, each of whose sub-folders is a class, or one CSV file of numbers."),
            )
        else:
            self.refused.emit(
                tr("What was dropped is neither a folder nor pictures that lie in the same one."),
                tr("Drop a folder with pictures; each of its sub-folders is a class."),
            )

    def _on_failed(self, failed: Failure) -> None:
        if isValid(self):
            self.refused.emit(failed.message, failed.hint)


def _meant(paths: list[Path], takes_files: bool) -> _Found:
    file, runs = (file_of(paths), runs_of(paths)) if takes_files else (None, ())
    return _Found(None if file or runs else folder_of(paths), file, runs)


def _paths(dropped: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
