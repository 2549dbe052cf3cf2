"""Lets any widget, also the whole window, take a dropped folder or dropped pictures. Opens none of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from engine.i18n import tr
from studio.guard import guarded
from studio.services.disk import folder_of
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners


@guarded
class DropTarget(QObject):
    """Watches ``widget`` and tells the folder that was dropped on it, or in which the dropped pictures lie.

    What has a name on this machine may be dropped: only the disk knows what is a folder, and it is asked beside the
    window. ``refused`` carries two sentences: what is wrong with what was dropped, and what to do.
    """

    folder_dropped = Signal(str)
    refused = Signal(object, object)

    def __init__(self, widget: QWidget, jobs: JobRunner) -> None:
        super().__init__(widget)
        self._jobs = jobs
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
        listeners: Listeners[None, Path | None] = Listeners(result=self._on_found, failed=self._on_failed)
        self._jobs.do("looking at what was dropped", partial(folder_of, paths), listeners)

    def _on_found(self, folder: Path | None) -> None:
        if not isValid(self):  # closed meanwhile
            return
        if folder is not None:
            self.folder_dropped.emit(str(folder))
        else:
            self.refused.emit(
                tr("What was dropped is neither a folder nor pictures that lie in the same one."),
                tr("Drop a folder with pictures; each of its sub-folders is a class."),
            )

    def _on_failed(self, failed: Failure) -> None:
        if isValid(self):
            self.refused.emit(failed.message, failed.hint)


def _paths(dropped: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
