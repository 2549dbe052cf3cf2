"""Opens files and folders with the desktop's own programs, and says so where it knows none that could."""

from __future__ import annotations

import mimetypes
import shutil
from functools import partial
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from engine.i18n import mark, tr
from studio.widgets.base.clipboard import copy_text
from studio.widgets.messages.message_bar import MessageBar

_FOLDER = "inode/directory"
NONE_KNOWN = mark("This computer has no program set up that opens “{path}”.")


def open_folder(path: Path, messages: MessageBar) -> None:
    """Open the folder ``path`` in the file manager; ``messages`` tell where there is none."""
    _open(path, _FOLDER, messages)


def open_file(path: Path, messages: MessageBar) -> None:
    """Open the file ``path`` with the program for its kind; ``messages`` tell where there is none."""
    _open(path, mimetypes.guess_type(path.name)[0] or "", messages)


def _open(path: Path, kind: str, messages: MessageBar) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        _tell(path, messages)
    elif kind and (asked := shutil.which("xdg-mime")):  # Qt is content there to have started a helper
        process = QProcess(messages)
        process.finished.connect(partial(_on_answered, process, path, messages))
        process.start(asked, ["query", "default", kind])


def _on_answered(process: QProcess, path: Path, messages: MessageBar, *_how: object) -> None:
    if not bytes(process.readAllStandardOutput().data()).strip():
        _tell(path, messages)
    process.deleteLater()


def _tell(path: Path, messages: MessageBar) -> None:
    messages.tell(
        lambda: tr(NONE_KNOWN, path=path),
        lambda: tr("Copy the path"),
        lambda: copy_text(messages, str(path)),
    )
