"""The window with the code of a run: what it shows, copies and saves, language, what cannot be shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from engine.code import script
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio import language, theme
from studio.panels.code_dialog import CodeDialog
from studio.widgets.fields.code_view import CodeView
from studio.widgets.messages.message_bar import MessageBar
from tests import tiny
from tests.studio.hands import announced, shown, trained_run


@pytest.fixture
def run(tmp_path, tiny_gan):
    return RunFolder(trained_run(tmp_path / "first", 1))


def opened(qtbot, run, jobs):
    dialog = shown(qtbot, CodeDialog(run.path, jobs))
    view = dialog.findChild(CodeView)
    qtbot.waitUntil(lambda: bool(view.toPlainText()) or bool(dialog.findChild(MessageBar).text))
    return dialog, view


def test_it_shows_the_script_copies_it_and_saves_it(qtbot, run, jobs, tmp_path):
    dialog, view = opened(qtbot, run, jobs)
    text = script.written(run.info()).text
    assert view.toPlainText() == text and view.isReadOnly()
    assert "rounding" in dialog.findChild(QLabel, "code_left_out").text()
    qtbot.mouseClick(dialog.findChild(QPushButton, "copy_code_button"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text
    qtbot.mouseClick(dialog.findChild(QPushButton, "save_code_button"), Qt.MouseButton.LeftButton)
    place = tmp_path / "saved.py"
    dialog.findChild(QFileDialog).fileSelected.emit(str(place))
    qtbot.waitUntil(lambda: "Saved as" in dialog.findChild(MessageBar).text)
    assert place.read_text() == text and (tmp_path / "digits.npz").is_file()


def test_it_follows_language_and_theme(qtbot, run, jobs):
    _, view = opened(qtbot, run, jobs)
    language.switch("es")
    qtbot.waitUntil(lambda: "Tasa de aprendizaje" in view.toPlainText())
    theme.set_scheme("dark")
    qtbot.waitUntil(lambda: inks(view) >= {theme.color("generator").name(), theme.color("discriminator").name()})


def inks(view):
    document = view.document()
    blocks = (document.findBlockByNumber(number) for number in range(document.blockCount()))
    return {part.format.foreground().color().name() for block in blocks for part in block.layout().formats()}


def test_a_text_of_several_lines_is_one_and_code_after_it_is_none(qtbot):
    view = shown(qtbot, CodeView())
    view.setPlainText('"""One\n# two"""\nimport torch  # three')
    faint = view.palette().placeholderText().color().name()
    first, second, third = (
        [
            (p.start, p.length, p.format.foreground().color().name(), p.format.fontItalic())
            for p in block.layout().formats()
        ]
        for block in map(view.document().findBlockByNumber, range(3))
    )
    assert [sum(length for _, length, *_ in line) for line in (first, second)] == [6, 8]
    assert all(ink == faint and not italic for *_, ink, italic in first + second)
    assert third[-1] == (14, 7, faint, True)


def test_what_has_no_short_script_is_said_in_a_sentence(qtbot, tmp_path, jobs, tiny_gan):
    folder = RunFolder(tmp_path / "growing")
    for _ in Trainer(tiny.config(epochs=1, architecture="progressive"), folder).run():
        pass
    dialog, view = opened(qtbot, folder, jobs)
    qtbot.waitUntil(lambda: "too involved" in dialog.findChild(MessageBar).text)
    assert not view.toPlainText() and not dialog.findChild(QPushButton, "save_code_button").isEnabled()


def test_the_menu_opens_it_for_the_run_shown(window, qtbot, run):
    assert window.commands["show_code"].why_not()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run.path)
    window.commands.do("show_code")
    dialog = window.findChild(CodeDialog)
    qtbot.waitUntil(lambda: bool(dialog.findChild(CodeView).toPlainText()))
    dialog.reject()
