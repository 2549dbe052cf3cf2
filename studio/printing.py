"""Prints a page of HTML as PDF with Qt's rich text. Needs no window; outside of a program that has one, it makes a bare
application of its own. Called in jobs, or by the command line.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from engine.files import atomic_path

_MARGIN_MM = 15.0
_DOTS_PER_INCH = 96  # Qt's rich text counts in pixels: an image of 720 fills the page


def print_pdf(page: str, path: Path) -> Path:
    """Write ``page`` to ``path`` as PDF on A4; raises ``DiskError``. Returns ``path``."""
    with atomic_path(path) as part:
        writer = QPdfWriter(str(part))
        writer.setResolution(_DOTS_PER_INCH)
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
                QPageLayout.Unit.Millimeter,
            )
        )
        document = QTextDocument()
        document.setHtml(page)
        document.print_(writer)
        del writer  # which ends the file
    return path


def print_alone(page: str, path: Path) -> Path:
    """Do the same where no program with a window runs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        return print_pdf(page, path)
    finally:
        del application
