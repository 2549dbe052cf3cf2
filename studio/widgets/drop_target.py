"""Lets any widget, also the whole window, take a dropped folder or dropped pictures. Opens none of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from engine.datasets.picture_files import is_picture_name
from studio.guard import guarded


@guarded
class DropTarget(QObject):
    """Watches ``widget`` and tells the folder that was dropped on it, or in which the dropped pictures lie."""

    folder_dropped = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what holds a folder or a picture."""
        if isinstance(event, QDragEnterEvent):
            if folder_of(event.mimeData()):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            folder = folder_of(event.mimeData())
            if folder:
                event.acceptProposedAction()
                self.folder_dropped.emit(str(folder))
                return True
        return super().eventFilter(watched, event)


def folder_of(dropped: QMimeData) -> Path | None:
    """Return the folder that is meant: a single one itself, else the one that holds everything; None without any."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    wanted = [path for path in paths if path.is_dir() or is_picture_name(path.name)]
    if not wanted:
        return None
    if len(wanted) == 1 and wanted[0].is_dir():
        return wanted[0]
    parents = {path.parent for path in wanted}
    return parents.pop() if len(parents) == 1 else None
