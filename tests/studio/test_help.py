"""Whatever stands in the window can be explained without a mouse that hovers: by “?”, by F1, and all keys on a page."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QTabBar, QTabWidget, QTextBrowser, QWidget

import studio
from engine import i18n
from engine.config import GROUP_TITLES, OPTIONS
from engine.datasets.info import POINTS
from engine.i18n import tr
from studio import language, part_keys, theme
from studio.commands import Command
from studio.help import glossary, page
from studio.help.help_button import HelpButton
from studio.help.help_window import HelpWindow
from studio.help.pictures import picture
from studio.help.shortcuts import ShortcutsDialog
from studio.help.topics import TOPICS, group_topic
from studio.panels.code_dialog import CodeDialog
from studio.panels.draw_digits import DrawDigitsDialog
from studio.panels.film_dialog import FilmDialog
from studio.panels.magnifier_dialog import MagnifierDialog
from studio.panels.own_handwriting import OwnHandwritingDialog
from studio.panels.own_pictures import OwnPicturesDialog
from studio.panels.own_points import OwnPointsDialog
from studio.part_keys import PART_KEYS, PartKey
from studio.widgets.base.manners import teach_manners
from studio.widgets.exploring.sweep_window import SweepWindow
from studio.workspaces.explore.export_dialog import ExportDialog
from tests.studio.shouting import shout

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def text_of(window: QWidget) -> str:
    return HelpWindow.of(window).browser.toPlainText()


def controls_of(workspace):
    """What Tab may enter, save what Qt puts beside a row of tabs."""
    inside = (it for it in workspace.findChildren(QWidget) if not isinstance(it.parent(), QTabBar))
    own = (it for it in inside if it.focusProxy() is None and not it.window().parent())
    return [it for it in own if it.focusPolicy() & Qt.FocusPolicy.TabFocus]


def button(window, topic):
    return window.findChild(HelpButton, f"help_{topic}_button")


# ---------------------------------------------------------------- explanations


def test_every_group_of_options_and_every_part_of_the_window_has_its_explanation(window, qtbot, tmp_path):
    assert {group_topic(group) for group in GROUP_TITLES} == {it for it in TOPICS if it.startswith("options.")}
    jobs = window.services.jobs
    window.commands.do("learn_panel")
    dialogs = [
        OwnPicturesDialog(jobs, parent=window),
        OwnHandwritingDialog(jobs, window),
        OwnPointsDialog(jobs, window),
    ]
    dialogs += [
        DrawDigitsDialog(jobs, parent=window),
        FilmDialog(tmp_path, jobs, window),
        CodeDialog(tmp_path, jobs, window),
        MagnifierDialog(window.services.training, window),
        SweepWindow(window),
        ShortcutsDialog(window.commands, window),
        ExportDialog("run", (), window),
    ]
    found = {it.topic for it in window.findChildren(HelpButton)}
    for dialog in dialogs:
        dialog.reject()
    assert found >= set(TOPICS) - {"window"}
    tools = window.workspaces["explore"].latent_explorer.tools()
    asked = [(tool, tool.findChild(HelpButton)) for tool in tools]
    assert len(tools) >= 6 and all(button.topic == page.topic_of(tool) for tool, button in asked)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_explanation_has_a_few_sentences_and_a_picture_that_can_be_drawn(topic, qapp):
    page = TOPICS[topic]
    sentences = re.findall(r"[.?!:](?:\s|$|”)", " ".join(page[1:5]))
    assert len(sentences) >= 4 and all(page[:5])
    if page.picture:
        drawn = picture(page.picture, QFont(), QPalette(), 2.0)
        assert len({drawn.pixel(x, drawn.height() // 4) for x in range(drawn.width())}) > 2


def test_a_question_mark_explains_the_group_and_every_option_that_stands_in_it(window, qtbot):
    form = window.options_form
    help_button = button(window, "options.balance")
    assert help_button.focusPolicy() & Qt.FocusPolicy.TabFocus
    help_button.setFocus()
    qtbot.keyClick(help_button, Qt.Key.Key_Space)
    text = text_of(window)
    assert HelpWindow.of(window).isVisible() and tr(TOPICS["options.balance"].good) in text
    unused = form.config().unused()
    for option in OPTIONS.values():
        stands_there = option.group == "balance" and option.name not in unused
        assert (tr(option.help) in text) == stands_there, option.name
    qtbot.keyClick(HelpWindow.of(window).browser, Qt.Key.Key_Escape)
    assert not HelpWindow.of(window).isVisible()


def test_f1_explains_what_has_the_focus_and_where_it_stands(window, qtbot):
    editor = window.options_form.editor("g_lr")
    editor.setFocus()
    window.commands.do("explain_focus")
    text = text_of(window)
    assert text.startswith("Learning rate of G") and tr(OPTIONS["g_lr"].help) in text and "(g_lr)" in text
    assert tr(TOPICS["options.basic"].look) in text
    language.switch("es")
    assert text_of(window).startswith("Tasa de aprendizaje de G")


def test_f1_is_heard_in_a_dialog_and_explains_it(window, qtbot, tmp_path):
    dialog = FilmDialog(tmp_path, window.services.jobs, window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_F1)
    assert HelpWindow.of(dialog).isVisible() and tr(TOPICS["film"].look) in text_of(dialog)
    dialog.reject()


def test_the_program_is_left_from_a_window_beside_it(window, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(window, "closeEvent", lambda event: asked.append(event.ignore()))
    window.run_bar.recipe_box.setFocus()
    window.commands.do("explain_focus")
    beside = window.findChild(HelpWindow)
    beside.activateWindow()
    qtbot.waitUntil(beside.isActiveWindow)
    qtbot.keyClick(beside, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 1


def test_an_explanation_that_is_open_follows_language_and_outlives_what_it_explains(window, qtbot, monkeypatch):
    place = QWidget(window)
    HelpWindow.of(window).show_topic("samples", place, window)
    place.deleteLater()
    del place
    shout(monkeypatch, window)
    assert "¡Samples!" in text_of(window) and "Samples" in HelpWindow.of(window).windowTitle()


def test_a_drawing_says_of_points_what_agrees_with_them(qapp):
    i18n.set_language("es")
    of_pictures = picture("duel", QFont(), QPalette(), 1.0)
    with i18n.speaking_of(POINTS):
        assert picture("duel", QFont(), QPalette(), 1.0) != of_pictures, "generados, and not generadas"


def test_drawings_are_drawn_in_the_ink_of_the_theme(qapp):
    light = picture("duel", QFont(), QPalette(), 1.0)
    theme.set_scheme("dark")
    dark = picture("duel", QFont(), qapp.palette(), 1.0)
    assert light != dark


def test_tab_reaches_every_question_mark_of_every_workspace(window):
    for name, workspace in window.workspaces.items():
        window.show_workspace(name)
        assert not [it.objectName() for it in controls_of(workspace) if page.topic_of(it) == "window"], "no F1"
        buttons = [it for it in workspace.findChildren(HelpButton) if it.window() is window]
        buttons = [it for it in buttons if workspace.has_timeline or not workspace.timeline.isAncestorOf(it)]
        assert buttons, name
        for it in buttons:
            assert it.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert any(region.isAncestorOf(it) for region in workspace.regions()), (name, it.topic)


# ---------------------------------------------------------------- all keys


@pytest.fixture
def dialog(window):
    window.commands.do("shortcuts")
    return window.findChild(ShortcutsDialog)


def test_every_command_with_a_key_stands_in_the_list_also_one_that_comes_later(window, dialog):
    assert window.findChild(ShortcutsDialog).isVisible()
    told = {(does, keys) for _, does, keys in dialog.lines()}
    for command in window.commands:
        assert ((command.name, command.keys_told) in told) == bool(command.keys), command.id
    window.commands.add(Command("new", "Help", "Something new", keys=("Ctrl+Shift+F12",)))
    items = dialog.list.findItems("Something new", Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly)
    assert [item.text(1) for item in items] == ["Ctrl+Shift+F12"] and items[0].parent().text(0) == "Help"


def test_the_list_is_searched_by_words_and_keys_without_accents_in_any_language(dialog, qtbot):
    language.switch("es")
    assert dialog.windowTitle() == "Atajos de teclado"
    qtbot.keyClicks(dialog.search, "epoca anterior")
    assert [(does, keys) for _, does, keys in dialog.lines()] == [("Época anterior", "Izquierda")]
    dialog.search.setText("f6")
    assert len(dialog.lines()) == 2
    dialog.search.setText("xyz")
    assert dialog.list.topLevelItemCount() == 0 and not dialog.findChild(QLabel, "no_key_matches").isHidden()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert dialog.isVisible() and len(dialog.lines()) > 30
    qtbot.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# What hears a key without being asked for it: an entry of this table, or one of these.
HEAR_ON_THEIR_OWN = {
    "commands.py": "the table of commands",
    "part_keys.py": "the table of keys that parts hear",
    "window.py": "hands to the table of commands what nothing in it wants",
    "widgets/base/manners.py": "hands on to the window what a control has no use for",
    "widgets/base/undo_keys.py": "whose Ctrl+Z it is, the text's or the window's",
    "workspaces/explore/digit_picker.py": "any letter that is the name of a class",
}
KEYS = re.compile(r"Key\.Key_|QShortcut\(|[sS]etShortcuts?\(|QKeySequence|StandardKey|keyPressEvent\(self")
HEARS_ENTRY = re.compile(r"^from studio\.part_keys import ([^\n]+|\([^)]+\))$", re.M)


def test_every_key_of_the_program_is_in_one_of_the_two_tables():
    house, entries = Path(studio.__path__[0]), {}
    for path in sorted(house.rglob("*.py")):
        name, text = path.relative_to(house).as_posix(), path.read_text(encoding="utf-8")
        entries[name] = set(re.findall(r"\b[A-Z]+_[A-Z]+\b", " ".join(HEARS_ENTRY.findall(text))))
        strange = {it for it in KEYS.findall(text) if not (it == "keyPressEvent(self" and entries[name])}
        assert not strange or name in HEAR_ON_THEIR_OWN, (name, strange)
    heard = {name for name, entry in vars(part_keys).items() if isinstance(entry, PartKey) and not name.startswith("_")}
    assert set().union(*entries.values()) - {"PART_KEYS"} == heard, "each is heard somewhere"
    assert HEAR_ON_THEIR_OWN.keys() <= entries.keys()


def test_every_key_of_the_tables_is_listed_where_it_is_heard(dialog):
    lines = dialog.lines()
    for entry in PART_KEYS:
        assert (tr(entry.place), tr(entry.does), entry.told) in lines
    places = [place for place, *_ in lines]
    assert len(set(places)) == len(list(groupby(places))), "what is heard in one place is told in one"


@pytest.mark.parametrize(
    "key, modifiers, nth",
    [
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, 0),
        (Qt.Key.Key_Equal, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.KeypadModifier, 1),
        (Qt.Key.Key_Minus, CTRL, None),
    ],
)
def test_a_key_is_heard_on_every_keyboard(key, modifiers, nth):
    assert part_keys.PICTURE_ZOOM.nth(QKeyEvent(QKeyEvent.Type.KeyPress, key, modifiers)) == nth
    assert part_keys.PICTURE_ZOOM.told == "+, -"


# A page, and the window in which it is read


@pytest.fixture
def place(qtbot):
    """Two buttons with one tip, a live option's name, and a part that has an explanation of its own."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 200)
    for row, (text, tip) in enumerate((("One", "A tip"), ("Other", "A tip"), ("Rate •", "How fast"))):
        button = QPushButton(text, made)
        button.setToolTip(tip)
        button.move(0, 40 * row)
    own = QWidget(made)
    own.setProperty(page.TOPIC, "health")
    QPushButton("Inside", own).setToolTip("Told elsewhere")
    made.show()
    return made


def test_a_page_tells_each_control_once_and_none_that_has_its_own_page(place):
    told = page.topic_page("samples", place)
    assert told.count("A tip") == 1 and "Told elsewhere" not in told and "<b>Rate</b>" in told


def test_of_a_tab_the_page_tells_what_the_tab_says(qtbot):
    tabs, inside = QTabWidget(), QPushButton("Inside")
    qtbot.addWidget(tabs)
    tabs.setToolTip("All tabs")
    tabs.setTabToolTip(tabs.addTab(inside, "One"), "Only this tab")
    room = QWidget()
    qtbot.addWidget(room)
    tabs.setParent(room)
    assert "Only this tab" in page.control_page(inside) and "All tabs" not in page.control_page(inside)


def test_f1_on_a_row_of_tabs_and_on_a_question_mark_beside_its_place_tells_what_they_belong_to(qtbot):
    tabs, quality = QTabWidget(), QWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(quality, "Quality")
    button = HelpButton("quality", quality)
    tabs.setCornerWidget(button)
    for part in (tabs.tabBar(), button):
        assert page.topic_of(part) == "quality" and page.control_page(part) == page.topic_page("quality")


def test_the_window_of_help_lies_beside_what_it_explains_and_stays_where_it_was_put(place, qtbot):
    screen = place.screen().availableGeometry()
    place.move(screen.right() - 100, 0)
    window = HelpWindow.of(place)
    window.resize(200, 100)
    window.show_topic("samples", place, place)
    assert window.x() + window.width() <= place.x(), "no room at its right"
    window.move(7, 9)
    window.show_topic("health", place, place)
    assert (window.x(), window.y()) == (7, 9)
    bar = window.browser.verticalScrollBar()
    assert bar.maximum() > 5
    bar.setValue(5)
    language.switch("es")
    assert bar.value() == 5
    window.close()


# ---------------------------------------------------------------- the glossary


def test_a_word_is_sought_in_the_glossary_whatever_is_explained(window, qtbot):
    window.commands.do("glossary")
    opened = HelpWindow.of(window)
    assert opened.isVisible() and all(it.term in text_of(window) for it in glossary.ENTRIES)
    qtbot.keyClicks(opened.search, "epoch")
    assert text_of(window).index("Epoch") < text_of(window).index("Oscillation") and "GAN" not in text_of(window)
    opened.search.setText("nothing of the kind")
    assert "No word matches." in text_of(window)
    qtbot.keyClick(opened.search, Qt.Key.Key_Escape)
    assert opened.isVisible() and "Gram matrix" in text_of(window)
    button(window, "options.balance").click()
    assert "Gram matrix" not in text_of(window) and opened.search.text() == ""
    opened.search.setText("gram")
    assert "Gram matrix" in text_of(window) and "Epoch" not in text_of(window)


def test_the_glossary_is_found_in_spanish_without_accents_and_draws_its_pictures(qapp):
    i18n.set_language("es")
    assert next(tr(it.term) for it in glossary.found("epoca")) == "Época"
    assert glossary.found("zzz") == [] and len(glossary.found("")) == len(glossary.ENTRIES) > 30
    for entry in glossary.ENTRIES:
        assert f'src="{entry.picture}"' in glossary.glossary_page(tr(entry.term)) or not entry.picture
        if entry.picture:
            assert not picture(entry.picture, QFont(), QPalette(), 1.0).isNull()


def test_no_scroll_bar_of_a_page_with_links_has_the_focus_when_a_shorter_page_hides_it(qtbot):
    """A screen reader may give it; there Qt goes on to the next link of the page that it is clearing, and crashes."""
    teach_manners()
    page = QTextBrowser()
    qtbot.addWidget(page)
    page.setHtml("<p><a href='#there'>a link</a></p>" * 100)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.verticalScrollBar().setFocus()
    assert page.hasFocus()
    page.setHtml("short")
    assert page.hasFocus() and not page.verticalScrollBar().isVisible()
