"""The dialog that saves films: preview, saving, canceling, what goes wrong, language, and the menu that opens it."""

import threading

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from engine.errors import UserError
from engine.export import ExportOptions
from engine.export.frames import Frames
from engine.export.timeline import epochs_of
from studio import language, theme
from studio.panels.film_dialog import FilmDialog
from studio.services.film_maker import FilmMaker
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.pictures.image_view import ImageView
from tests import films
from tests.studio.hands import announced
from tests.studio.shouting import Capitals, shout

QUICK = ExportOptions(frames_per_second=10, seconds_held=0.5)


@pytest.fixture(autouse=True)
def no_film_left(qtbot):
    yield
    qtbot.waitUntil(lambda: not [thread for thread in threading.enumerate() if thread.name == "film"])


@pytest.fixture
def run(tmp_path):
    return films.make(tmp_path / "runs" / "first", size=28)


@pytest.fixture
def make(qtbot, tmp_path, run, monkeypatch, jobs):
    """Make dialogs for the run, which save into an empty folder unless told otherwise."""
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path / "out"))
    made = []

    def make():
        dialog = FilmDialog(run.path, jobs)
        qtbot.addWidget(dialog, before_close_func=lambda dialog: dialog.reject())
        dialog.show()
        made.append(dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.reject()


@pytest.fixture
def dialog(make, qtbot):
    dialog = make()
    qtbot.waitUntil(part(dialog, QPushButton, "save_film_button").isEnabled)
    return dialog


@pytest.fixture
def gate(monkeypatch):
    """Let every picture of a film wait until the test opens the gate."""
    opened, entered, plain = threading.Event(), threading.Event(), Frames.draw

    def draw(self, moment, grid):
        entered.set()
        assert opened.wait(20)
        return plain(self, moment, grid)

    opened.entered = entered
    opened.set()
    monkeypatch.setattr(Frames, "draw", draw)
    yield opened
    opened.set()


def part(dialog, kind, name):
    return dialog.findChild(kind, name)


def choose(dialog, kind):
    box = part(dialog, QComboBox, "film_kind")
    box.setCurrentIndex(box.findData(kind))


def said(dialog):
    return dialog.findChild(MessageBar).text


def written(tmp_path):
    return sorted(path.name for path in (tmp_path / "out").iterdir())


def test_a_picture_of_the_film_is_shown_with_how_long_it_lasts(dialog):
    picture = part(dialog, ImageView, "film_preview").picture
    assert picture.shape == (360, 640, 3) and (picture[0, 0] == 255).all()
    assert part(dialog, QLabel, "film_summary").text() == "4 epochs · lasts 4.5 s"
    part(dialog, NumberBox, "film_speed").setValue(6)
    assert part(dialog, QLabel, "film_summary").text() == "4 epochs · lasts 2.0 s"


def test_the_preview_follows_what_is_chosen(dialog, qtbot):
    view = part(dialog, ImageView, "film_preview")
    part(dialog, QCheckBox, "film_dark").setChecked(True)
    qtbot.waitUntil(lambda: view.picture[0, 0].max() < 40)
    choose(dialog, ".png")
    qtbot.waitUntil(lambda: view.picture.shape != (360, 640, 3))
    assert not part(dialog, NumberBox, "film_speed").isEnabled()
    assert part(dialog, QLabel, "film_summary").text() == "4 epochs"


def test_a_dark_window_suggests_a_dark_film(make, qtbot):
    theme.set_scheme("dark")
    dialog = make()
    assert part(dialog, QCheckBox, "film_dark").isChecked()
    qtbot.waitUntil(lambda: part(dialog, ImageView, "film_preview").picture is not None)


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
def test_it_is_saved_and_shown_in_its_folder(dialog, qtbot, tmp_path, kind):
    choose(dialog, kind)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert part(dialog, QProgressBar, "film_progress").isVisible()
    assert not part(dialog, QComboBox, "film_kind").isEnabled()
    qtbot.waitUntil(lambda: f"first{kind}”" in said(dialog))
    assert written(tmp_path) == [f"first{kind}"]
    assert dialog.isVisible() and not part(dialog, QProgressBar, "film_progress").isVisible()
    assert part(dialog, QPushButton, "save_film_button").isEnabled()
    qtbot.waitUntil(lambda: "will be replaced" in part(dialog, QLabel, "film_summary").text())


def test_the_ending_and_the_kind_agree(dialog, qtbot, tmp_path):
    edit, box = part(dialog, QLineEdit, "film_path"), part(dialog, QComboBox, "film_kind")
    assert edit.text() == str(tmp_path / "out" / "first.mp4")
    choose(dialog, ".gif")
    assert edit.text() == str(tmp_path / "out" / "first.gif")
    edit.setText(str(tmp_path / "out" / "other.PNG"))
    edit.editingFinished.emit()
    assert box.currentData() == ".png" and edit.text().endswith("other.PNG")
    edit.setText(str(tmp_path / "out" / "v1.2"))
    edit.editingFinished.emit()
    qtbot.waitUntil(part(dialog, QPushButton, "save_film_button").isEnabled)
    part(dialog, QPushButton, "save_film_button").click()
    qtbot.waitUntil(lambda: written(tmp_path) == ["v1.2.png"])


def test_another_name_is_suggested_where_one_is_taken(make, qtbot, tmp_path):
    for name in ("first.mp4", "first-2.mp4"):
        (tmp_path / "out" / name).touch()
    edit = part(make(), QLineEdit, "film_path")
    qtbot.waitUntil(lambda: edit.text() == str(tmp_path / "out" / "first-3.mp4"))
    (tmp_path / "last").mkdir()
    FileDialog.remember(str(tmp_path / "last" / "report.html"))
    last = part(make(), QLineEdit, "film_path")
    qtbot.waitUntil(lambda: last.text() == str(tmp_path / "last" / "first.mp4"))


def test_nothing_can_be_saved_nowhere(dialog):
    part(dialog, QLineEdit, "film_path").setText("  ")
    assert not part(dialog, QPushButton, "save_film_button").isEnabled()


def test_saving_can_be_canceled_and_begun_again(dialog, gate, qtbot, tmp_path):
    gate.clear()
    gate.entered.clear()
    part(dialog, QPushButton, "save_film_button").click()
    stop = part(dialog, QPushButton, "stop_film_button")
    qtbot.waitUntil(gate.entered.is_set)
    assert stop.isVisible() and stop.hasFocus()
    stop.click()
    assert not stop.isVisible() and part(dialog, QPushButton, "save_film_button").isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: written(tmp_path) == [])
    part(dialog, QPushButton, "save_film_button").click()
    qtbot.waitUntil(lambda: "Saved as" in said(dialog))
    assert written(tmp_path) == ["first.mp4"]


def test_closing_while_saving_leaves_nothing(dialog, gate, qtbot, tmp_path):
    gate.clear()
    gate.entered.clear()
    part(dialog, QPushButton, "save_film_button").click()
    qtbot.waitUntil(gate.entered.is_set)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: written(tmp_path) == [])


def test_progress_says_how_long_it_takes(dialog):
    maker = dialog.findChild(FilmMaker)
    maker.progressed.emit(3, 40, 75.0)
    bar = part(dialog, QProgressBar, "film_progress")
    assert (bar.share, bar.format()) == (3 / 40, "3 of 40 · 01:15 left")
    maker.progressed.emit(0, 40, None)
    assert bar.format() == "0 of 40"


def test_progress_is_told_from_first_to_last(run, qtbot, tmp_path, jobs):
    maker, told = FilmMaker(run.path, jobs), []
    maker.progressed.connect(lambda *numbers: told.append(numbers))
    with qtbot.waitSignal(maker.saved) as saved:
        maker.save(tmp_path / "film.gif", QUICK)
    assert saved.args == [tmp_path / "film.gif"]
    assert told[0] == (0, 4, None) and told[-1][:2] == (4, 4) and told[-1][2] == 0


def test_a_place_that_cannot_be_written_is_told(dialog, qtbot, tmp_path):
    part(dialog, QLineEdit, "film_path").setText(str(tmp_path / "none" / "film.gif"))
    part(dialog, QPushButton, "save_film_button").click()
    qtbot.waitUntil(lambda: "could not be written" in said(dialog))
    assert part(dialog, QPushButton, "save_film_button").isEnabled()


def test_a_run_without_samples_is_told(make, run, qtbot):
    for file in run.sample_files().values():
        file.unlink()
    dialog = make()
    qtbot.waitUntil(lambda: "has no samples yet" in said(dialog))
    assert not part(dialog, QPushButton, "save_film_button").isEnabled()


def test_defects_are_told_with_their_details(run, qtbot, monkeypatch, jobs):
    monkeypatch.setattr(Frames, "draw", None)
    maker = FilmMaker(run.path, jobs)
    with qtbot.waitSignal(maker.failed) as told:
        maker.preview(".gif", QUICK, (640, 400))
    assert "TypeError" in told.args[0].message and "Traceback" in told.args[0].details


def test_the_dialog_needs_no_icon_that_is_black_on_black(dialog):
    buttons = dialog.findChild(QDialogButtonBox).buttons()
    assert len(buttons) >= 2 and all(button.icon().isNull() and button.text() for button in buttons)


def test_every_text_follows_the_language(dialog, qtbot, monkeypatch):
    before = part(dialog, ImageView, "film_preview").picture.copy()
    language.switch("es")
    language.switch_unseen()
    shout(monkeypatch, dialog, language=Capitals)
    language.switch_unseen()
    for child in [dialog, *dialog.findChildren(QWidget)]:
        for text in (child.windowTitle(), child.accessibleName(), getattr(child, "specialValueText", str)()):
            assert text == text.upper()
    box = part(dialog, QComboBox, "film_kind")
    assert all(box.itemText(index).isupper() for index in range(3))
    assert part(dialog, QLabel, "film_summary").text() == "4 EPOCHS · LASTS 4,5 S"
    for name in ("film_kind", "film_speed", "film_path", "film_preview", "film_progress"):
        assert part(dialog, QWidget, name).accessibleName()
    qtbot.waitUntil(lambda: (part(dialog, ImageView, "film_preview").picture != before).any())


def test_every_control_is_reached_by_keyboard(dialog):
    reached, widget = set(), dialog
    for _ in range(30):
        widget = widget.nextInFocusChain()
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget.objectName())
    assert {
        "film_kind",
        "film_speed",
        "film_dark",
        "film_path",
        "choose_film_path_button",
        "save_film_button",
    } <= reached
    assert part(dialog, QPushButton, "save_film_button").isDefault()


def menu_action(window):
    return window.commands.action("save_film")


def test_the_menu_opens_it_once_a_run_with_samples_is_shown(window, run, qtbot):
    action = menu_action(window)
    assert not action.isEnabled()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run.path)
    assert action.isEnabled()
    action.trigger()
    dialog = window.findChild(FilmDialog)
    qtbot.waitUntil(part(dialog, QPushButton, "save_film_button").isEnabled)
    assert dialog.isVisible() and not dialog.isModal()
    dialog.reject()


@pytest.mark.parametrize("is_begun", [False, True], ids=["nothing", "epoch 0 alone"])
def test_a_run_without_samples_has_no_film(window, tmp_path, qtbot, is_begun):
    empty = films.make(tmp_path / "empty", epochs=0)
    if is_begun:
        empty.save_samples(0, films.grid(0))
        with pytest.raises(UserError, match="no samples yet"):
            epochs_of(empty)
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(tmp_path / "empty")
    assert not menu_action(window).isEnabled()
