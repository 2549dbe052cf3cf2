"""The class wall in the window: a student's training hangs there while it goes on, and the teacher sees it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton

from engine.diagnosis.own import DETECTORS
from engine.job import result_of
from engine.runs import RunFolder, RunSummary
from engine.runs.summary import UnreadableRun, summary
from engine.wall.cards import Card, Wall
from engine.wall.sharing import SharedRun
from studio import language
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.dialogs.share_dialog import ShareDialog
from studio.widgets.tables.card_list import CardList
from studio.workspaces.compare.wall.page import WallPage
from tests import tiny
from tests.studio.hands import shown


def fill(window, wall, student):
    """Say in the dialog how runs are shared, as a person types it."""
    assert window.wall  # built when it is first looked at
    window.commands.do("share_runs")
    dialog = window.findChild(ShareDialog)
    assert dialog.focusWidget() is dialog.student, "the name comes first"
    dialog.student.setText(student)
    dialog.folder.setText(str(wall))
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    return dialog


def choose(window, wall):
    """Choose the wall as a person does."""
    assert window.wall  # built when it is first looked at
    window.commands.do("choose_wall")
    window.findChild(FileDialog).fileSelected.emit(str(wall))


def train_here(window, qtbot, **options):
    """Train to the end."""
    with qtbot.waitSignal(window.services.training.stopped):
        window.services.training.start(tiny.config(**options))


def cards(wall):
    return result_of(Wall(wall).cards())


def test_what_a_student_trains_hangs_on_the_wall_and_the_teacher_sees_it(window, qtbot, wall):
    dialog = fill(window, wall, "Ana")
    qtbot.waitUntil(lambda: not dialog.isVisible())
    train_here(window, qtbot, epochs=2)
    run = window.services.training.current.run
    qtbot.waitUntil(lambda: any(isinstance(card.run, RunSummary) and card.run.epochs == 2 for card in cards(wall)))
    there = RunFolder(wall / "Ana" / run.path.name)
    qtbot.waitUntil(lambda: there.metrics() == RunFolder(run.path).metrics())
    choose(window, wall)
    qtbot.waitUntil(lambda: len(window.wall_page.list.cards) == 1)
    assert window.workspace is window.workspaces["compare"]
    assert window.workspace.pages.currentWidget() is window.wall_page
    assert "Ana" in window.wall_page.list.model().index(0, 0).data()


def test_the_name_and_the_folder_are_remembered(make_window, qtbot, wall, settings):
    window = make_window()
    dialog = fill(window, wall, "Ana Núñez")
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert (settings.shared_with, settings.student) == (str(wall), "Ana Núñez")
    second = make_window()
    assert second.wall
    assert second.wall.service.shared_with == wall


def test_a_folder_that_is_no_wall_is_refused_in_the_dialog(window, qtbot, share):
    dialog = fill(window, share, "Ana")
    assert dialog.problem.text() == "Looking at the class wall…", "a slow network is waited for"
    qtbot.waitUntil(lambda: "is no class wall" in dialog.problem.text())
    assert dialog.isVisible() and dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    assert window.wall.service.shared_with is None
    dialog.reject()


def test_who_cancels_while_the_wall_is_looked_for_shares_nothing(window, qtbot, wall, monkeypatch):
    may_look = threading.Event()
    monkeypatch.setattr("studio.workspaces.compare.wall.presenter.check_wall", lambda _wall: may_look.wait())
    dialog = fill(window, wall, "Ana")
    (looking,) = (thread for thread in threading.enumerate() if thread.name == "looking for the class wall")
    dialog.reject()
    may_look.set()
    looking.join()
    QApplication.processEvents()
    assert window.wall.service.shared_with is None


def test_a_share_that_vanishes_is_told_once_and_the_training_goes_on(window, qtbot, wall):
    dialog = fill(window, wall, "Ana")
    qtbot.waitUntil(lambda: not dialog.isVisible())
    failures = []
    window.wall.service.out_of_reach.connect(failures.append)
    wall.rename(wall.with_name("away"))
    train_here(window, qtbot, epochs=2)
    qtbot.waitUntil(lambda: bool(failures))
    assert "cannot be reached" in failures[0].message and not wall.exists()
    assert RunFolder(window.services.training.current.run.path).has_state()
    wall.with_name("away").rename(wall)
    with qtbot.waitSignal(window.wall.service.shared):
        train_here(window, qtbot, epochs=1)
    assert len(failures) == 1


def test_a_wall_is_looked_at_while_it_is_seen_and_keeps_its_cards_where_it_vanishes(window, qtbot, wall, trained):
    choose(window, wall)
    page, timer = window.wall_page, window.wall.findChild(QTimer)
    qtbot.waitUntil(lambda: "Nothing hangs" in page.empty.text())
    window.commands.do("go_to_train")
    timer.timeout.emit()  # time goes by elsewhere
    assert not timer.isActive(), "nobody looks"
    SharedRun(trained, wall, "Ana").update()
    window.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: len(page.list.cards) == 1)
    assert timer.isActive(), "whoever comes back sees what is new"
    wall.rename(wall.with_name("away"))
    window.wall.service.look()
    qtbot.waitUntil(lambda: "cannot be reached" in page.count.text())
    assert len(page.list.cards) == 1
    wall.with_name("away").rename(wall)
    window.wall.service.look()
    qtbot.waitUntil(lambda: "cannot be reached" not in page.count.text())


def test_cards_are_seen_side_by_side_and_opened(window, qtbot, wall, trained):
    there, _ = (SharedRun(trained, wall, student).update() for student in ("Ana", "Bea"))
    choose(window, wall)
    view, panel = window.wall_page.list, window.mirror_panel
    qtbot.waitUntil(lambda: len(view.cards) == 2)
    assert "Ctrl+click" in window.commands["mirror_runs"].why_not()
    button = window.wall_page.findChild(QPushButton, "mirror_cards_button")
    assert not button.isEnabled()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert button.isEnabled(), "at once, and not when the wall is looked at again"
    window.commands.do("mirror_runs")
    qtbot.waitUntil(lambda: [each.name.partition(" · ")[0] for each in panel.mirror.runs] == ["Ana", "Bea"])
    assert window.workspace.pages.currentWidget() is panel
    window.workspace.pages.setCurrentWidget(window.wall_page)
    view.setCurrentIndex(view.model().index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.services.shown.run is not None and window.services.shown.run.path == there)


def made_cards(trained):
    run = summary(trained.path)
    trouble = next(iter(DETECTORS))
    return (
        Card("Zoe", replace(run, troubles=(trouble,))),
        Card("ana", replace(run, path=Path("/b")), is_live=True),
        Card("Bea", UnreadableRun(Path("/c"), "It is damaged.", 0.0)),
    )


def test_cards_stand_in_the_order_that_is_asked_for(qtbot, trained):
    page = shown(qtbot, WallPage(), 800, 600)
    page.show_cards("/share", made_cards(trained), True)
    found = []
    for place in range(3):
        page.order.setCurrentIndex(place)
        found.append([card.student for card in page.list.cards])
    assert found == [["Zoe", "ana", "Bea"], ["Zoe", "ana", "Bea"], ["ana", "Bea", "Zoe"]]
    assert page.count.text().startswith("3 runs of 3 students, 1 training now")


def test_what_is_chosen_stays_so_when_others_come(qtbot, trained):
    view = shown(qtbot, CardList(), 800, 600)
    zoe, ana, bea = made_cards(trained)
    view.put([zoe, ana])
    view.setCurrentIndex(view.model().index(1, 0))
    view.put([bea, zoe, ana])
    assert view.cards[view.currentIndex().row()] is ana


def test_a_page_without_cards_says_what_to_do_in_the_language_of_the_moment(qtbot):
    page = shown(qtbot, WallPage(), 800, 600)
    assert "Choose a folder" in page.empty.text()
    language.switch("es")
    assert "Elige una carpeta" in page.empty.text() and page.order.itemText(2) == "Por estudiante"
    page.show_cards("/share", (), False)
    assert "Mirando" in page.empty.text()
    page.show_cards("/share", (), True)
    assert "/share" in page.empty.text()


def test_who_has_chosen_a_wall_stands_where_another_one_is_chosen(window, wall):
    window.show_workspace("compare")
    window.run_table.table.setFocus()
    choose(window, wall)
    assert window.focusWidget() is window.findChild(QPushButton, "choose_wall_button")
