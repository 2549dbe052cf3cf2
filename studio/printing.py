"""Prints a page of HTML as PDF with Qt's rich text. Needs no window; outside of a program that has one, it makes a bare
application of its own. Called in jobs, or by the command line.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

_DOTS_PER_INCH = 96  # Qt's rich text counts in pixels
_RIM_CM, _CM_PER_INCH = 2.2, 2.54  # what Qt leaves around by itself, as measured, with the number of the page in it
_PAGE = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Millimeter
)


def text_width() -> int:
    """Return how many pixels of a page are printed upon: a wider picture would be cut."""
    return int(_PAGE.paintRectPixels(_DOTS_PER_INCH).width() - 2 * _RIM_CM / _CM_PER_INCH * _DOTS_PER_INCH)


def print_pdf(page: str, path: Path) -> None:
    """Write ``page`` to ``path`` as PDF on A4."""
    writer = QPdfWriter(str(path))
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageLayout(_PAGE)
    document = QTextDocument()
    document.setHtml(page)
    document.print_(writer)
    del writer  # which ends the file


def print_alone(page: str, path: Path) -> None:
    """Do the same where no program with a window runs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        print_pdf(page, path)
    finally:
        del application
