"""Where a picture is saved is asked of a person; who hears of it writes the file, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine.arrays import Picture
from engine.i18n import tr
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.messages.message_bar import MessageBar


@dataclass(frozen=True, eq=False)
class PictureToSave:
    """``picture``, uint8 [H, W] or [H, W, 3], as PNG at ``path``, pixel for pixel.

    How it went is told in ``told_in``, where that is not the window's own place for messages.
    """

    path: Path
    picture: Picture
    told_in: MessageBar | None = None


def ask_where_to_save(
    place: QWidget,
    name: str,
    picture: Picture,
    wanted: Callable[[PictureToSave], object],
    told_in: MessageBar | None = None,
) -> None:
    """Ask above ``place`` where ``picture`` goes, called ``name`` unless the person says otherwise.

    It is the picture of this moment: training may show the next epoch while the person is choosing a folder.
    """
    dialog = FileDialog(place, tr("Save as PNG"))
    dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(tr("PNG picture (*.png)"))
    dialog.setDefaultSuffix("png")
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda file: wanted(PictureToSave(Path(file), picture, told_in)))
    dialog.open()
