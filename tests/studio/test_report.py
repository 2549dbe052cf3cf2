"""The lab report from the window: asked where, written beside it as a page or as PDF, and what goes wrong."""

import re

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog

from engine import report
from engine.report import html
from studio.printing import text_width
from tests import films
from tests.studio.hands import announced


@pytest.fixture
def opened(window, qtbot, tmp_path):
    run = films.make(tmp_path / "run", size=28)
    assert window.commands["lab_report"].why_not()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run.path)
    return window


@pytest.mark.parametrize(("name", "begins"), [("r.html", b"<!DOCTYPE html>"), ("r.pdf", b"%PDF-")])
def test_it_is_written_as_its_ending_says(opened, qtbot, tmp_path, name, begins):
    opened.commands.do("lab_report")
    opened.findChild(QFileDialog).fileSelected.emit(str(tmp_path / name))
    qtbot.waitUntil(lambda: "Report saved" in opened.message_bar.text)
    written = (tmp_path / name).read_bytes()
    assert written.startswith(begins) and len(written) > 20_000


def test_no_picture_is_wider_than_what_is_printed_of_a_page(tmp_path):
    widths = re.findall(r'width="(\d+)"', report.written(films.make(tmp_path / "run", size=28)))
    assert len(widths) == 2 and max(map(int, widths)) <= text_width()


def test_on_paper_the_text_begins_where_the_printed_room_does():
    printed = QTextDocument()
    printed.setHtml(html.page("Report", "en", []))
    assert printed.begin().blockFormat().leftMargin() == 0


def test_a_place_that_cannot_be_written_is_said(opened, qtbot, tmp_path):
    opened.commands.do("lab_report")
    opened.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "none" / "r.pdf"))
    qtbot.waitUntil(lambda: "could not be written" in opened.message_bar.text)
