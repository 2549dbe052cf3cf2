"""What takes pictures of a person's own: by a file dialog, dropped, or from the clipboard. Reads no file."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from studio.widgets.base.view import View
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.pictures.image_view import image_to_picture


class PictureTaker(View):
    """``file_chosen`` carries a path; ``pixels_given``, as from a browser, uint8 [H, W, 3], or [H, W, 4] with alpha.

    ``nothing_given`` says that the clipboard holds neither.
    """

    file_chosen = Signal(str)
    pixels_given = Signal(np.ndarray)
    nothing_given = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def take_on(self, place: QWidget) -> None:
        """Take also what is dropped anywhere else on ``place``, in which this stands."""
        place.setAcceptDrops(True)
        place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dropped on a place of ``take_on``."""
        if not isinstance(event, QDropEvent) or event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.Drop:
            self.dropEvent(event)
        else:
            self.dragEnterEvent(event)
        return event.isAccepted()

    def ask_for_file(self, _checked: bool = False) -> None:
        """Let the person choose a file."""
        dialog = FileDialog(self, tr("A picture of your own"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()

    def paste(self) -> None:
        """Take the picture that lies on the clipboard, or the file."""
        if not self._take(QGuiApplication.clipboard().mimeData() or QMimeData()):  # none at all where it is empty
            self.nothing_given.emit()

    def dragEnterEvent(self, event: QDropEvent) -> None:
        """A file or a picture may be dropped."""
        if _paths(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, data: QMimeData) -> bool:
        if paths := _paths(data):
            self.file_chosen.emit(paths[0])
            return True
        image = QImage(data.imageData()) if data.hasImage() else QImage()
        if not image.isNull():
            self.pixels_given.emit(image_to_picture(image))
        return not image.isNull()


def _paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
