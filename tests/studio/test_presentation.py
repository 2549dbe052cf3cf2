"""What a class looks at, over the whole screen, until Escape, F11 or the button ends it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QToolBar, QToolButton

from studio import text_size
from studio.panels.workspace_bar import WorkspaceBar


@pytest.fixture
def usual(window):
    """How large letters are before anything is presented."""
    return window.font().pointSizeF()


@pytest.fixture
def presenting(window, usual, qtbot):
    window.resize(1366, 768)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    QApplication.processEvents()
    yield window
    window.presentation.leave()
    text_size.show(text_size.USUAL)
    QApplication.processEvents()


def frame(window):
    bars = (bar for bar in window.findChildren(QToolBar) if bar.objectName() != "presentation")
    return [window.menuBar(), *bars, window.options_form, window.inspector]


def test_f11_shows_samples_curves_and_slider_alone_with_large_text(presenting):
    assert presenting.isFullScreen() and not any(part.isVisible() for part in frame(presenting))
    parts = (presenting.sample_view.grid, presenting.loss_plot, presenting.epoch_strip)
    assert all(part.isVisible() for part in parts)
    height = presenting.screen().size().height()
    assert all(part.fontInfo().pixelSize() >= height / 40 for part in parts)


@pytest.mark.parametrize("way", ["Escape", "F11", "button"])
def test_it_is_left_by_keys_and_by_its_button_and_everything_is_as_before(presenting, usual, qtbot, way):
    button = presenting.findChild(QPushButton, "leave_presentation_button")
    assert button.isVisible() and "Esc" in button.toolTip()
    place = presenting.centralWidget().geometry()
    assert not place.intersects(QRect(button.mapTo(presenting, QPoint()), button.size())), "it covers no heading"
    if way == "button":
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(presenting.focusWidget() or presenting, Qt.Key[f"Key_{way}"])
    presenting.resize(1366, 768)  # the screen of these tests is smaller
    QApplication.processEvents()
    assert not presenting.isFullScreen() and all(part.isVisible() for part in frame(presenting))
    assert not button.isVisible() and presenting.font().pointSizeF() == usual


def test_how_far_the_training_is_stands_beside_the_way_out_and_is_in_its_place_again_after(presenting):
    status, button = presenting.run_bar.status, presenting.presentation.button
    status.show_position(500, 1000, 100)
    assert status.label.isVisible() and "5" in status.label.text() and status.bar.value() == status.bar.maximum() // 2
    ends = status.mapTo(presenting, status.rect().topRight()).x(), button.mapTo(presenting, QPoint()).x()
    assert ends[0] < ends[1] and status.height() <= status.parentWidget().height()
    presenting.presentation.leave()
    QApplication.processEvents()
    bar = presenting.run_bar
    assert bar.isAncestorOf(status) and status.isVisible()
    stop = bar.stop_button
    assert status.mapTo(bar, QPoint()).x() > stop.mapTo(bar, stop.rect().topRight()).x()


def test_keys_work_and_a_sample_may_be_chosen_but_opens_no_panel(presenting, qtbot):
    qtbot.keyClick(presenting, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert presenting.settings.text_size == 110 and presenting.fontInfo().pixelSize() >= 20
    presenting.commands.do("usual_text")
    presenting.workspaces["train"].inspect(presenting.sample_panel)
    assert not presenting.inspector.isVisible()
    qtbot.keyClick(presenting, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert presenting.workspace.name == "explore" and not presenting.menuBar().isVisible()
    qtbot.keyClick(presenting, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not presenting.options_form.isVisible()


class Painted(QObject):
    """Notes how large the window is whenever ``part`` is painted."""

    def __init__(self, part):
        super().__init__(part)
        self.sizes = []
        part.installEventFilter(self)

    def eventFilter(self, part, event):
        if event.type() == QEvent.Type.Paint:
            self.sizes.append(part.window().size())
        return False


@pytest.mark.parametrize("workspace", ["train", "explore", "compare"])
def test_between_the_presentation_and_the_window_nothing_half_done_is_seen(presenting, workspace, monkeypatch, qtbot):
    """The desktop gives a window its size when it likes, and what had changed by then was seen in wrong places."""
    presenting.show_workspace(workspace)
    QApplication.processEvents()
    painted, asked = Painted(presenting.run_bar), []
    with monkeypatch.context() as slow_desktop:
        slow_desktop.setattr(presenting, "setWindowState", asked.append)
        presenting.presentation.leave()
        QApplication.processEvents()
    assert painted.sizes == [] and len(asked) == 1
    presenting.setWindowState(asked[0])
    qtbot.waitUntil(lambda: painted.sizes != [])
    assert set(painted.sizes) == {presenting.size()} and not presenting.isFullScreen()
    presenting.message_bar.tell("Something happened.")
    qtbot.waitUntil(presenting.message_bar.isVisible)
    assert presenting.updatesEnabled()


def test_a_desktop_that_leaves_the_size_as_it_is_holds_nothing_up(presenting, monkeypatch, qtbot):
    painted = Painted(presenting.run_bar)
    monkeypatch.setattr(presenting, "setWindowState", lambda state: None)
    presenting.presentation.leave()
    qtbot.waitUntil(lambda: painted.sizes != [])


def test_panels_that_had_room_before_have_it_again_after(window, qtbot):
    window.resize(1200, 700)
    QApplication.processEvents()
    assert window.options_form.isVisible()
    text_size.show(200)
    qtbot.waitUntil(lambda: window.workspaces["train"].sides.is_narrow, timeout=10_000)
    text_size.show(text_size.USUAL)
    qtbot.waitUntil(window.options_form.isVisible, timeout=10_000)
    assert window.inspector.isVisible()


def test_what_was_told_before_waits_too_and_the_menu_row_takes_no_more_room_after(window, qtbot):
    choices = window.findChild(WorkspaceBar).findChildren(QToolButton)
    widths = [button.minimumWidth() for button in choices]
    window.message_bar.tell("Something happened.")
    window.commands.do("present")
    QApplication.processEvents()
    hidden = not window.message_bar.isVisible()
    window.presentation.leave()
    QApplication.processEvents()
    assert hidden and window.message_bar.isVisible()
    assert [button.minimumWidth() for button in choices] == widths


def test_what_is_told_meanwhile_waits_until_the_end(presenting, qtbot):
    presenting.message_bar.tell("Something happened.")
    QApplication.processEvents()
    assert not presenting.message_bar.isVisible()
    presenting.presentation.leave()
    QApplication.processEvents()
    assert presenting.message_bar.isVisible() and "happened" in presenting.message_bar.text


def test_a_window_closed_while_presenting_opens_as_it_was(presenting, make_window, settings):
    presenting.close()
    again = make_window()
    assert not again.isFullScreen() and again.menuBar().isVisible() and again.options_form.isVisible()
    assert settings.text_size == 100
