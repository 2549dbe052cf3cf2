"""The learn column: a lesson is read beside any workspace, and its steps turn green by what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QWidget,
)

from engine.diagnosis import words
from engine.lessons import library, parsing, progress
from engine.lessons.lesson import PICTURES
from engine.lessons.measures import EXPLORE, MAGNIFIER, MEASURES, STYLE
from engine.lessons.player import LessonPlayer
from studio import language
from studio.help.pictures import picture
from studio.learn.aim import SETUP, aim
from studio.learn.learn_column import LearnColumn
from studio.learn.pointing import Pointing
from studio.model.work_state import WorkState
from studio.widgets.exploring.explore_page import ExplorePage
from tests.engine.test_lessons import of
from tests.studio.test_start import SeenOutside

MINE = """# Mine
minutes: 3

About it.

## Quiz
What?
- [ ] a
- [x] b
> Because.

## Train
Press it.
why: So it is.
set: recipe=studio; epochs=3
point: train_button
check: steps >= 5
wrong d-wins: Too sure.

## Find
Look for it.
point: explore_pages
check: found_off <= 0.5
"""


@pytest.fixture
def lessons(own_home):
    """A teacher's lesson in English alone, beside those that come along."""
    library.folder().mkdir(parents=True)
    (library.folder() / "mine.md").write_text(MINE, "utf-8")


def opened(window, qtbot, name="mine"):
    window.commands.do("learn_panel")
    qtbot.waitUntil(lambda: window.learning.service.is_listed)
    window.learning.service.open(name)
    return window.learning.column


def text_of(part: QWidget) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if label.isVisibleTo(part))


def trained(window, qtbot):
    window.commands.do("train")
    qtbot.waitUntil(lambda: window.services.training.state is not WorkState.IDLE)
    qtbot.waitUntil(lambda: window.services.training.state is WorkState.IDLE)


def test_a_lesson_is_chosen_answered_and_goes_green_by_what_was_trained(window, qtbot, lessons):
    service = window.learning.service
    window.commands.do("learn_panel")
    qtbot.waitUntil(lambda: service.is_listed)
    column = window.learning.column
    assert window.centralWidget().findChildren(LearnColumn) == [column]
    rows = column.list.list
    assert rows.count() >= 6 and "Mine" in rows.item(rows.count() - 1).text()
    rows.setCurrentRow(rows.count() - 1)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert "What?" in text_of(column) and "Because." not in text_of(column)
    column.findChild(QRadioButton, "answer_0_0").click()
    assert "Not quite" in text_of(column) and "Because." in text_of(column)
    column.next_button.click()
    assert "Press it." in text_of(column) and "not measured yet" in text_of(column)
    column.findChild(QPushButton, "lesson_setup_button").click()
    assert window.context.plan.config.epochs == 3
    with qtbot.waitSignal(service.reached):
        trained(window, qtbot)
    assert "✓ Done" in text_of(column) and service.player.is_done(1)
    qtbot.waitUntil(lambda: progress.path().exists() and 1 in progress.read()["mine"].pages)
    kept = progress.read()["mine"]
    assert kept.answers["0.0"].chosen == 0 and not kept.answers["0.0"].right
    assert kept.runs == [window.services.shown.run.path.name]
    names = service.library.names()
    service.close()
    assert rows.currentRow() == names.index("mine"), "which is not done"
    service.open(names[0])
    service.player.progress.pages.update({place: kept.pages[1] for place in range(len(service.player.lesson.pages))})
    service.close()
    assert rows.currentRow() == 1
    changed = MINE.replace("What?", "And this?\n- [x] yes\n- [ ] no\n> Because.\n\nWhat?")
    service.library = library.Library((parsing.parse(changed, "mine"),))
    service.open("mine")
    assert list(service.player.progress.answers) == ["0.1"], "where a teacher put its question"


def test_what_was_trained_before_does_not_count_and_what_is_trained_then_does(window, qtbot, lessons):
    trained(window, qtbot)
    column, service = opened(window, qtbot), window.learning.service
    service.go_to(1)
    qtbot.waitUntil(lambda: "does not count" in text_of(column))
    assert not service.player.is_done()
    trained(window, qtbot)
    qtbot.waitUntil(lambda: service.player.is_done())


def test_a_step_that_proposes_options_is_not_met_by_the_run_of_the_step_before(window, qtbot, lessons):
    step = "## {0}\nText.\nset: recipe=studio; seed={0}\ncheck: steps >= 1\n"
    (library.folder() / "mine.md").write_text("# Mine\n\n" + "\n".join(map(step.format, "12")), "utf-8")
    column, service = opened(window, qtbot), window.learning.service
    for page in (0, 1):
        service.go_to(page)
        if page:
            qtbot.waitUntil(lambda: "does not count here" in text_of(column))
        window.learning.take_setup()
        assert window.message_bar.text.endswith("are taken. Press Train.")
        window.commands.do("train")
        window.learning.take_setup()
        assert "stop this one, then press Train" in window.message_bar.text
        qtbot.waitUntil(lambda: window.services.training.state is WorkState.IDLE)
        window.message_bar.findChild(QToolButton, "close_message_button").click()  # that it is finished
        assert window.message_bar.text.endswith("are taken. Press Train.")
        qtbot.waitUntil(service.player.is_done)
    service.go_to(0)
    service.player.progress.pages.clear()
    service.go_to(1)
    qtbot.waitUntil(service.player.is_done)  # by the run with its options, whenever it was trained


def test_what_is_noted_beside_a_training_counts_at_once(window, qtbot, monkeypatch, lessons):
    opened(window, qtbot)
    service, shown = window.learning.service, window.services.shown
    monkeypatch.setattr(shown.data, "grid_files", dict.fromkeys(range(4), Path()))
    for epoch in (3, 0, 1, 0):
        shown.look_at(epoch)
    assert window.services.noted.numbers["looked_back"] == 2, "each once, and the newest is none"
    service.open("mine")
    shown.look_at(2)
    assert window.services.noted.numbers["looked_back"] == 1, "since the lesson was opened"
    service.go_to(2)
    with qtbot.waitSignal(service.reached):
        window.services.noted.note("found_off", 0.1)
    assert service.player.is_done() and "10%" in text_of(window.learning.column)
    window.services.noted.note("found_off", 0.9)
    qtbot.waitUntil(lambda: "10%" not in text_of(window.learning.column))
    assert "reached" in text_of(window.learning.column) and "90%" not in text_of(window.learning.column)


def test_a_frame_follows_what_a_step_points_at_and_lets_clicks_through(window, qtbot, lessons):
    column, service = opened(window, qtbot), window.learning.service
    service.go_to(1)
    column.findChild(QPushButton, "lesson_setup_button").click()
    button = window.run_bar.train_button
    frame = window.findChild(QWidget, "lesson_frame")
    place = button.mapTo(window, button.rect().center())
    qtbot.waitUntil(lambda: frame.isVisible() and frame.geometry().contains(place))
    assert frame.geometry().width() == button.width() + 6, "a ring of four pixels, three of them around it"
    assert frame.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    within = frame.mapFrom(window, button.mapTo(window, QPoint(1, button.height() // 2)))
    assert not frame.mask().contains(within), "it hides no words within the edge"
    window.resize(window.width() + 60, window.height())
    qtbot.waitUntil(lambda: frame.geometry().contains(button.mapTo(window, button.rect().center())))
    service.go_to(2)
    reveal = column.findChild(QPushButton, "lesson_reveal_button")
    qtbot.waitUntil(reveal.isVisible)
    reveal.click()
    assert window.workspace.name == "explore" and not reveal.isVisible()
    window.commands.do("learn_panel")
    qtbot.waitUntil(lambda: not frame.isVisible())
    assert not column.isVisible()


def test_a_step_points_at_what_can_be_pressed_now():
    player = LessonPlayer(library.load().in_language("02-two-phases", "en"))
    idle, works, rests = WorkState.IDLE, WorkState.WORKING, WorkState.PAUSED
    told = []
    for page, work, has_run, is_taken in (
        *((0, idle, False, False), (1, idle, False, False), (1, idle, False, True), (1, works, False, True)),
        *((1, works, True, True), (2, works, True, False), (2, rests, True, False), (3, works, True, False)),
        (3, rests, True, False),
    ):
        player.go_to(page)
        told.append(aim(player, work, has_run=has_run, is_taken=is_taken))
    assert told[:7] == ["", SETUP, "train_button", "stop_button", "", "pause_button", "step_button"]
    assert told[7:] == ["loss_plot", "pause_button"], "which resumes"
    player.go_to(4)
    for source, name in (("new", SETUP), ("same", "option_g_batch_source")):
        player.measure(of(g_batch_source=source))
        assert aim(player, works, has_run=True, is_taken=False) == name, "trained with other options, it is none"
    own = LessonPlayer(library.load().in_language("12-own-pictures", "en"))
    own.go_to(2)
    own.measure(of())
    for work, name in ((works, "stop_button"), (idle, "dataset_box")):
        assert aim(own, work, has_run=True, is_taken=False) == name, "data are chosen when nothing trains"


def test_no_part_of_a_page_flashes_up_beside_the_window(window, qtbot, qapp):
    opened(window, qtbot, "01-what-is-a-gan")
    outside = SeenOutside(qapp)
    for page in range(6):
        window.learning.service.go_to(page)
        QApplication.processEvents()
    qapp.removeEventFilter(outside)
    assert outside.widgets == []


def test_the_text_follows_the_language_of_the_window(window, qtbot):
    column = opened(window, qtbot, "01-what-is-a-gan")
    window.learning.service.go_to(1)
    assert "discriminator" in text_of(column)
    language.switch("es")
    qtbot.waitUntil(lambda: "discriminador" in text_of(column))
    assert "Tomar esta receta" in column.findChild(QPushButton, "lesson_setup_button").text()
    language.switch("en")
    qtbot.waitUntil(lambda: "discriminator" in text_of(column))


def test_a_presentation_shows_the_text_of_the_step_large(window, qtbot, lessons):
    column = opened(window, qtbot)
    window.learning.service.go_to(1)
    before = column.page.fontMetrics().height()
    window.commands.do("present")
    QApplication.processEvents()
    assert column.isVisible() and not column.list_button.isVisible() and "Press it." in text_of(column)
    assert column.page.fontMetrics().height() > before and column.next_button.isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for place, key in ((window, "PageDown"), (window.epoch_strip, "PageUp"), (window.epoch_strip, "PageDown")):
        qtbot.keyClick(place, Qt.Key[f"Key_{key}"])  # as a presenter's remote does, whatever has the focus
    assert window.learning.service.player.page == 2
    window.commands.do("leave_presentation")
    qtbot.waitUntil(column.list_button.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert window.learning.service.player.page == 2


def test_it_is_open_again_where_it_was_left(make_window, qtbot, settings, lessons):
    first = make_window()
    opened(first, qtbot)
    first.learning.service.go_to(2)
    qtbot.waitUntil(lambda: progress.path().exists() and progress.read()["mine"].page == 2)
    first.close()
    second = make_window()
    second.wake()
    qtbot.waitUntil(lambda: second.learning.is_open)
    qtbot.waitUntil(lambda: second.learning.service.player is not None)
    assert second.learning.service.player.lesson.name == "mine" and second.learning.service.player.page == 2


def test_a_wrong_turn_is_told_as_soon_as_the_diagnosis_sees_it(window, qtbot, lessons):
    column, service = opened(window, qtbot), window.learning.service
    service.go_to(1)
    service.player.troubles = frozenset({"d-wins"})
    service.measured.emit()
    assert "**D wins.** Too sure." in text_of(column)
    service.player.troubles = frozenset({"g-wins"})
    service.measured.emit()
    assert words.why("g-wins") in text_of(column), "what the lesson does not foresee is explained, too"


def test_lesson_zero_stands_before_lesson_one(window, qtbot):
    window.commands.do("learn_panel")
    rows = window.learning.column.list.list
    qtbot.waitUntil(lambda: rows.count() > 1)
    assert [rows.item(place).text().partition(". ")[0] for place in range(3)] == ["0", "1", "2"]


def test_faulty_files_are_told_and_the_others_are_listed(window, qtbot, lessons):
    (library.folder() / "broken.md").write_text("# Broken\n\n## Do\nText.\nchek: steps >= 1\npoint: a b\n", "utf-8")
    window.commands.do("learn_panel")
    qtbot.waitUntil(lambda: "line 5" in window.message_bar.text)
    assert "2 mistakes" in window.message_bar.text and "<br>“broken.md”, line 6" in window.message_bar.text
    assert "Mine" in window.learning.column.list.list.item(window.learning.column.list.list.count() - 1).text()


def test_a_lesson_that_is_not_there_is_told_and_nothing_else_happens(window, qtbot, lessons):
    column = opened(window, qtbot, "nine")
    assert "There is no lesson “nine”." in window.message_bar.text and window.learning.service.player is None
    assert column.list.list.count() > 0


def test_what_a_teacher_brings_or_mends_meanwhile_is_listed_when_the_window_is_looked_at_again(window, qtbot, lessons):
    window.commands.do("learn_panel")
    rows = window.learning.column.list.list
    qtbot.waitUntil(lambda: rows.count() > 0)
    broken = library.folder() / "newer.md"
    broken.write_text(MINE.replace("# Mine", "# Newer").replace("check: steps", "check: stps"), "utf-8")
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: "line" in window.message_bar.text)
    broken.write_text(MINE.replace("# Mine", "# Newer"), "utf-8")
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: "Newer" in rows.item(rows.count() - 1).text())
    assert not window.message_bar.is_telling, "it is mended"


def test_every_control_that_a_lesson_points_at_is_in_the_window_and_can_be_brought_into_sight(window):
    points = {step.point for lesson in library.load().lessons for step in lesson.steps if step.point}
    assert len(points) > 15
    pointing = Pointing(window.workspace, window.commands)
    assert window.findChild(QWidget, "option_d_skip_loss") is None, (
        "its group is closed, and built when it is pointed at"
    )
    for page in window.findChildren(ExplorePage):
        page.say_why_not("")  # as if there were a generator
    for name in sorted(points):
        window.commands.do("go_to_compare")
        pointing.point_at(name)
        control = window.findChild(QWidget, name)
        assert control is not None, name
        pointing.reveal()
        QApplication.processEvents()
        assert control.isVisible(), name
        if isinstance(control.parentWidget(), QStackedWidget):
            edge = QRect(control.mapTo(window, QPoint()), control.size())
            assert edge.contains(window.findChild(QWidget, "lesson_frame").geometry()), "no word above is hidden"
    frame = window.findChild(QWidget, "lesson_frame")
    for name in ("train_button", "dataset_box"):
        for is_enabled in (True, False):
            window.findChild(QWidget, name).setEnabled(is_enabled)
            pointing.point_at(name)
            assert frame.isVisible() == is_enabled, "what is gray can be neither pressed nor chosen now"
    find = window.findChild(QWidget, "find_panel")
    tabs = next(each for each in window.findChildren(QTabWidget, "explore_pages") if each.isAncestorOf(find))
    tabs.setTabEnabled(next(index for index in range(tabs.count()) if tabs.widget(index).isAncestorOf(find)), False)
    window.commands.do("go_to_compare")
    pointing.point_at("find_panel")
    assert not pointing.is_hidden, "what is shut to the run, as pictures to points, is not offered to be shown"
    pointing.point_at("")


@pytest.mark.parametrize("name", PICTURES)
def test_every_drawing_of_a_lesson_can_be_drawn(name, qapp):
    drawn = picture(name, QFont(), QPalette(), 2.0)
    assert len({drawn.pixel(x, y) for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3)}) > 2


def test_the_column_can_be_read_and_used_by_keyboard_alone(window, qtbot, lessons):
    column = opened(window, qtbot)
    assert column in window.learning.regions()
    named = [part for part in column.findChildren(QPushButton) if part.isVisible()]
    assert named and all(part.accessibleName() or part.text() for part in named)
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.learning.service.player.page == 1)
    window.run_bar.train_button.setFocus()
    column.list_button.click()
    assert QApplication.focusWidget() is column.list.list, "Return pressed Train instead of choosing a lesson"


def test_a_step_speaks_of_its_own_data_and_the_explanation_of_an_answer_is_seen_at_once(qtbot):
    player = LessonPlayer(library.load().in_language("00-points-in-the-plane", "en"))
    column = LearnColumn()
    qtbot.addWidget(column)
    column.list.show_lessons([], {})
    column.resize(262, 300)
    column.show()
    player.go_to(2)
    column.show_player(player)
    assert "Clouds that are made" in text_of(column), "where pictures are planned, too"
    player.go_to(len(player.lesson.pages) - 1)
    column.show_player(player)
    column.findChild(QRadioButton, "answer_2_1").click()
    qtbot.waitUntil(lambda: not column.findChild(QLabel, "verdict_2").visibleRegion().isEmpty())


def test_whatever_is_measured_beside_a_training_is_noted_by_somebody():
    """A name that nobody notes could never turn green."""
    from tests import sources

    told = "\n".join(sources.text(path) for path in sources.of("studio"))
    beside = [name for name, measure in MEASURES.items() if measure.source in (MAGNIFIER, EXPLORE, STYLE)]
    assert beside and [name for name in beside if f'"{name}"' not in told] == []
