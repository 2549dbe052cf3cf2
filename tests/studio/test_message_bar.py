from html import escape

import pytest
from PySide6.QtCore import QPoint, QProcess, QRect, Qt, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.i18n import tr
from studio import language
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.messages.opening import open_folder
from studio.widgets.messages.shown_line import ShownLine
from tests.studio.hands import settle, shown


@pytest.fixture
def bar(qtbot):
    made = MessageBar()
    qtbot.addWidget(made)
    made.show()
    made.dismiss()
    return made


def action(bar):
    return bar.findChild(QPushButton, "message_action")


def test_it_is_hidden_while_there_is_nothing_to_say(bar):
    assert bar.isHidden() and bar.text == ""
    bar.tell("News.")
    assert bar.isVisible() and bar.text == "News." and not action(bar).isVisible()
    bar.dismiss()
    assert bar.isHidden() and bar.text == ""


@pytest.mark.parametrize("show", ["tell", "warn"])
def test_a_message_follows_a_switch_of_the_language(bar, show):
    hint = (lambda: tr("Stop"),) if show == "warn" else ()
    getattr(bar, show)(lambda: tr("Train"), *hint, action=lambda: tr("Pause"))
    assert "Train" in bar.text and action(bar).text() == "Pause"
    language.switch("es")
    assert "Entrenar" in bar.text and "Train" not in bar.text and action(bar).text() == "Pausar"
    language.switch("en")
    assert "Train" in bar.text and action(bar).text() == "Pause"


def test_a_dismissed_message_is_not_asked_again(bar):
    asked = []
    bar.tell(lambda: asked.append(1) or "News.")
    bar.dismiss()
    asked.clear()
    language.switch("es")
    assert asked == [] and bar.isHidden()


def test_a_trouble_may_have_an_action_and_the_next_message_none(bar, qtbot):
    done = []
    bar.warn("Disk full.", "Make room.", action="Try again", act=lambda: done.append(bar.isHidden()))
    qtbot.mouseClick(action(bar), Qt.MouseButton.LeftButton)
    assert done == [True]
    bar.tell("News.")
    assert not action(bar).isVisible()


@pytest.mark.parametrize("text", ["<b>", "a < b & c", "“/tmp/<x>”"])
def test_no_text_is_taken_for_markup(bar, text):
    label = next(label for label in bar.findChildren(QLabel) if label.wordWrap())
    bar.tell(text)
    assert label.textFormat() == Qt.TextFormat.PlainText and bar.text == text
    bar.warn(text, text)
    assert label.text() == f"<b>{escape(text)}</b> {escape(text)}"


def test_one_button_leads_to_what_was_told_in_the_same_instant(bar, qtbot):
    def press(name):
        qtbot.mouseClick(bar.findChild(QToolButton, name), Qt.MouseButton.LeftButton)

    others = bar.findChild(QToolButton, "next_message_button")
    done = []
    bar.tell("Saved.", action="Open", act=lambda: done.append("Saved."))
    assert not others.isVisible()
    bar.warn("Disk full.", "Make room.")
    bar.tell("Finished.")
    assert "Disk full." in bar.text and others.text().startswith("1 of 3")
    press("next_message_button")
    assert bar.text == "Finished." and others.text().startswith("2 of 3") and not action(bar).isVisible()
    press("next_message_button")
    qtbot.mouseClick(action(bar), Qt.MouseButton.LeftButton)
    assert done == ["Saved."] and "Disk full." in bar.text and others.text().startswith("1 of 2")
    press("close_message_button")
    assert bar.text == "Finished." and not others.isVisible()
    press("close_message_button")
    assert bar.isHidden() and bar.text == ""


def test_what_waits_behind_can_lose_its_cause(bar):
    bar.warn("Disk full.", "Make room.")
    bar.warn("No such folder.", "Choose another.", about="folder")
    bar.retract("folder")
    assert "Disk full." in bar.text and not bar.findChild(QToolButton, "next_message_button").isVisible()


def test_the_way_back_to_what_is_trained_stays_free_beside_a_message(qtbot):
    window, bar, line = QWidget(), MessageBar(), ShownLine()
    QVBoxLayout(window).addWidget(MessagePlace(bar, line))
    shown(qtbot, window, 700, 100)
    bar.tell("News.")
    for name in ("run", ""):
        line.show_runs("another", name) if name else line.show_nothing()
        settle()
        free = QRect(line.button.mapTo(window, QPoint()), line.button.size()).adjusted(0, -9, 0, 9)
        assert bar.isVisible() and bar.geometry().intersects(free) != bool(name)


@pytest.mark.parametrize(("is_opened", "program"), [(False, ""), (True, ""), (True, "files.desktop")])
def test_a_folder_that_no_program_opens_is_told_with_its_path(bar, qtbot, tmp_path, monkeypatch, is_opened, program):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: is_opened)
    asked = tmp_path / "xdg-mime"
    asked.write_text(f'#!/bin/sh\nprintf "%s" "{program}"\n')
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    open_folder(tmp_path, bar)
    if is_opened:
        with qtbot.waitSignal(bar.findChild(QProcess).finished):
            pass
    assert (str(tmp_path) in bar.text) == (not program)
    if not program:
        action(bar).click()
        assert QGuiApplication.clipboard().text() == str(tmp_path)


def test_a_long_message_gives_back_what_it_covers_once_it_could_be_read_unless_somebody_is_at_it(
    bar, qtbot, monkeypatch
):
    monkeypatch.setattr(bar, "underMouse", lambda: False)
    label = next(label for label in bar.findChildren(QLabel) if label.wordWrap())
    more, reading = bar.findChild(QLabel, "more_of_message"), bar.findChild(QTimer)
    bar.resize(300, 60)
    bar.tell("A long message, of which more is to be read than a line has room for. " * 3, action="Undo")
    settle()
    assert reading.isActive() and more.isHidden()
    bar.activateWindow()
    action(bar).setFocus()
    qtbot.waitUntil(action(bar).hasFocus)
    reading.timeout.emit()
    assert more.isHidden(), "somebody is about to press it"
    action(bar).clearFocus()
    with monkeypatch.context() as pointed:
        pointed.setattr(bar, "underMouse", lambda: True)
        reading.timeout.emit()
    assert more.isHidden()
    reading.timeout.emit()
    line = label.fontMetrics().lineSpacing()
    assert more.isVisible() and label.maximumHeight() == line
    bar.tell("Short.", about="another")
    bar.tell("Another long message, of which more is to be read than a line has room for. " * 3, about="a third")
    assert reading.isActive()


def test_more_of_a_message_is_told_of_only_while_there_is_more(bar, qtbot):
    more = bar.findChild(QLabel, "more_of_message")
    bar.setAttribute(Qt.WidgetAttribute.WA_Hover, False)  # wherever the pointer is
    bar.tell("A message that has no room in a narrow window. " * 3)
    bar.resize(300, 60)
    bar.fold(True)
    settle()
    assert more.isVisible()
    bar.resize(2500, 60)
    settle()
    assert not more.isVisible()
    bar.resize(300, 60)
    settle()
    assert more.isVisible()
    font = bar.font()
    font.setPointSizeF(2.0)
    bar.setFont(font)
    settle()
    assert not more.isVisible(), "with smaller letters, too"
