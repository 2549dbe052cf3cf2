"""The dialog for own pictures: reading, preview, report, dropping, canceling and what it tells in the end."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget
from shiboken6 import isValid

from engine.amounts import duration
from engine.config import OPTIONS, Config
from engine.datasets import image_folder
from engine.datasets.image_folder import PrepareOptions
from studio import language
from studio.model.measurements import Measurements
from studio.panels.own_pictures import OwnPicturesDialog
from studio.services.disk import folder_of
from studio.services.picture_reader import PictureReader
from studio.widgets.fields.drop_target import DropTarget
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.picture_options import NAMES
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.tables.record_table import RecordTable
from studio.workers.job_runner import RunningJob
from tests import tiny
from tests.studio.hands import drop, dropped
from tests.studio.shouting import Capitals, shout


@pytest.fixture(autouse=True)
def no_reading_left():
    yield
    left = [thread for thread in threading.enumerate() if thread.name == "pictures"]
    for thread in left:  # it was told to end, which it does after the picture under way
        thread.join(60)
    assert not any(thread.is_alive() for thread in left)


@pytest.fixture
def folder(tmp_path):
    """Two classes with two pictures each, a damaged one and one beside them."""
    for index, name in enumerate(("cat/a", "cat/b", "dog/a", "dog/b", "beside")):
        path = tmp_path / "pictures" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((32, 48), 40 * index, np.uint8)).save(path)
    (tmp_path / "pictures" / "dog" / "bad.jpg").write_bytes(b"no picture")
    return tmp_path / "pictures"


@pytest.fixture
def make(qtbot, jobs):
    made = []

    def make(*args, **values):
        dialog = OwnPicturesDialog(jobs, *args, **values)
        qtbot.addWidget(dialog, before_close_func=lambda dialog: dialog.reject())
        dialog.show()
        made.append(dialog)
        return dialog

    yield make
    for dialog in filter(isValid, made):
        dialog.reject()


def part(dialog, kind, name):
    return dialog.findChild(kind, name)


def train_button(dialog):
    return part(dialog, QPushButton, "train_pictures_button")


def rows(dialog, name):
    model = part(dialog, RecordTable, name).records
    return [tuple(model.index(row, column).data() for column in range(2)) for row in range(model.rowCount())]


def test_a_folder_is_read_shown_and_chosen(make, folder, qtbot):
    dialog = make(Config(image_size=40, image_invert=True))
    assert dialog.objectName() == "own_pictures_dialog" and not train_button(dialog).isEnabled()
    assert "Drop a folder" in part(dialog, ImageView, "picture_preview").placeholder
    dialog.set_folder(str(folder))
    qtbot.waitUntil(train_button(dialog).isEnabled)
    assert rows(dialog, "class_table") == [("cat", "2"), ("dog", "2")]
    assert set(rows(dialog, "skipped_table")) == {
        ("dog/bad.jpg", "cannot be read"),
        ("beside.png", "lies beside the folders of the classes"),
    }
    picture = part(dialog, ImageView, "picture_preview").picture
    assert picture.shape == (40, 8 * 42 - 2) and picture[0, 0] == 255
    assert part(dialog, QProgressBar, "reading_progress").isHidden()
    with qtbot.waitSignal(dialog.chosen) as told:
        train_button(dialog).click()
    values = {"image_size": 40, "image_fit": "crop", "image_color": "auto", "image_invert": True}
    values |= {"image_ground": "auto", "image_classes": "auto"}
    length = {"epochs": 30_000, "sample_every": 1250, "checkpoint_every": 1250}  # 4 pictures instead of 5,000 digits
    assert told.args == [str(folder), values | length]
    assert Config(dataset="pictures", data_root=told.args[0], **values)
    assert not dialog.isVisible()


def test_the_length_is_chosen_for_the_number_of_pictures_and_may_be_changed(make, folder, qtbot):
    dialog = make(Config(recipe="studio"), folder=str(folder))
    length, note = part(dialog, NumberBox, "picture_epochs"), part(dialog, QLabel, "picture_length_note")
    assert length.isHidden()
    qtbot.waitUntil(train_button(dialog).isEnabled)
    assert length.value() == 30_000 and not length.isHidden()
    assert note.text() == "120,000 images in all, about 41 seconds on two cores."
    length.setValue(240)
    assert note.text() == "960 images in all, about 1 second on two cores."
    part(dialog, QWidget, "picture_image_size").setValue(56)  # is read anew, and what was chosen stays
    qtbot.waitUntil(lambda: train_button(dialog).isEnabled() and not length.isHidden())
    assert length.value() == 240 and "about 1 second" in note.text()
    with qtbot.waitSignal(dialog.chosen) as told:
        train_button(dialog).click()
    assert told.args[1]["epochs"] == 240 and told.args[1]["sample_every"] == 10


@pytest.mark.parametrize("is_known", [True, False])
def test_the_time_is_what_trainings_on_this_machine_say_as_the_window_says_it_later(window, qtbot, folder, is_known):
    if is_known:
        config = window.context.plan.config
        window.settings.measurements = Measurements().timed(config, speed=1.0, told=16.0)  # a slow machine
    window.plans.train_requested.disconnect()
    window.plans.ask_for_pictures(str(folder))
    dialog = window.findChild(OwnPicturesDialog)
    note = part(dialog, QLabel, "picture_length_note")
    qtbot.waitUntil(lambda: train_button(dialog).isEnabled() and bool(note.text()))
    if not is_known:
        assert "on two cores" in note.text()
        dialog.reject()
        return
    part(dialog, NumberBox, "picture_epochs").setValue(25_000)
    told, estimates = note.text(), window.estimates
    assert told.startswith("100,000 images") and "as trainings on this machine did" in told
    train_button(dialog).click()
    assert window.context.plan.config.dataset == "pictures"

    def is_estimated():
        return estimates.current and estimates.current.config.dataset == "pictures" and estimates.current.seconds

    qtbot.waitUntil(lambda: bool(is_estimated()))
    assert duration(estimates.current.seconds * 4 / tiny.COUNT) in told, "tests read other images than those 4"


def test_options_come_from_their_declaration_and_read_anew(make, folder, qtbot):
    dialog = make(folder=str(folder))
    qtbot.waitUntil(train_button(dialog).isEnabled)
    for name in NAMES:
        editor = part(dialog, QWidget, f"picture_{name}")
        assert editor.accessibleName() == OPTIONS[name].label and editor.toolTip() == OPTIONS[name].help
    size = part(dialog, QWidget, "picture_image_size")
    assert (size.minimum(), size.maximum()) == (28, 64)
    size.setValue(64)
    assert not train_button(dialog).isEnabled()
    color = part(dialog, QWidget, "picture_image_color")
    assert [color.itemText(index) for index in range(3)] == list(OPTIONS["image_color"].choice_titles)
    color.setCurrentIndex(color.findData("color"))
    qtbot.waitUntil(train_button(dialog).isEnabled)
    assert part(dialog, ImageView, "picture_preview").picture.shape == (64, 8 * 66 - 2, 3)


def test_folders_that_do_not_suffice_are_told(make, folder, qtbot):
    for name in ("a", "b"):
        (folder / "dog" / f"{name}.png").unlink()
    dialog = make(folder=str(folder))
    message = dialog.findChild(MessageBar)
    qtbot.waitUntil(lambda: "“dog”" in message.text)
    assert not train_button(dialog).isEnabled()
    assert rows(dialog, "class_table") == [("cat", "2"), ("dog", "0")]
    dialog.set_folder(str(folder / "none"))
    qtbot.waitUntil(lambda: "cannot be read" in message.text)
    assert part(dialog, ImageView, "picture_preview").picture is None
    assert part(dialog, RecordTable, "class_table").isHidden()


def test_a_path_can_be_typed(make, folder, qtbot):
    dialog = make()
    edit = part(dialog, QLineEdit, "picture_folder")
    edit.setText(f" {folder} ")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.waitUntil(train_button(dialog).isEnabled)


@pytest.fixture
def gate(monkeypatch):
    """Let every picture wait until the test opens the gate."""
    opened, entered, plain = threading.Event(), threading.Event(), image_folder.prepare

    def prepare(*arguments):
        entered.set()
        assert opened.wait(20)
        return plain(*arguments)

    monkeypatch.setattr(image_folder, "prepare", prepare)
    opened.entered = entered
    yield opened
    opened.set()


def test_reading_can_be_stopped_and_begun_again(make, folder, gate, qtbot):
    dialog = make(folder=str(folder))
    stop = part(dialog, QPushButton, "stop_reading_button")
    qtbot.waitUntil(gate.entered.is_set)
    qtbot.waitUntil(lambda: part(dialog, ImageView, "picture_preview").picture is not None)
    assert part(dialog, QProgressBar, "reading_progress").isVisible() and stop.text() == "Stop reading"
    stop.click()
    gate.set()
    assert part(dialog, QProgressBar, "reading_progress").isHidden() and stop.text() == "Read again"
    assert not train_button(dialog).isEnabled()
    stop.click()
    qtbot.waitUntil(train_button(dialog).isEnabled)
    assert stop.isHidden()


def test_closing_while_reading_leaves_nothing_behind(make, folder, gate, qtbot, tmp_path, monkeypatch):
    dialog = make(folder=str(folder))
    qtbot.waitUntil(gate.entered.is_set)
    canceled, cancel = threading.Event(), RunningJob.cancel
    monkeypatch.setattr(RunningJob, "cancel", lambda job, **how: (cancel(job, **how), canceled.set()))
    (job,) = (thread for thread in threading.enumerate() if isinstance(thread, RunningJob))
    opener = threading.Thread(target=lambda: canceled.wait(20) and gate.set())
    opener.start()
    dialog.reject()
    opener.join()
    job.join()
    assert canceled.is_set()
    assert list((tmp_path / "home" / "cache").iterdir()) == []


def test_only_the_newest_request_is_answered(folder, gate, qtbot, jobs):
    reader = PictureReader(4, jobs)
    told = []
    reader.reported.connect(lambda report, enough: told.append((report.taken, enough)))
    reader.read(folder, PrepareOptions())
    qtbot.waitUntil(gate.entered.is_set)
    reader.read(folder / "cat", PrepareOptions())
    gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(2, True)]


def test_defects_are_told_with_their_details(folder, monkeypatch, qtbot, jobs):
    monkeypatch.setattr(image_folder, "prepare_all", None)
    reader = PictureReader(4, jobs)
    with qtbot.waitSignal(reader.failed) as told:
        reader.read(folder, PrepareOptions())
    assert "TypeError" in told.args[0].message and "Traceback" in told.args[0].details


def test_what_is_dropped_is_a_folder_or_pictures_in_one(folder):
    cat, other = folder / "cat", folder / "notes.txt"
    other.write_text("no picture")
    assert folder_of([cat]) == cat
    assert folder_of([cat / "a.png", cat / "b.png", other]) == cat
    assert folder_of([cat, folder / "dog"]) == folder
    assert folder_of([other]) is None
    assert folder_of([cat / "a.png", folder / "dog" / "a.png"]) is None
    assert folder_of([]) is None


def test_any_widget_can_be_a_drop_target(folder, qtbot, jobs):
    widget = QWidget()
    qtbot.addWidget(widget)
    target = DropTarget(widget, jobs)
    with qtbot.waitSignal(target.folder_dropped) as told:
        assert drop(widget, dropped(folder))
    assert Path(told.args[0]) == folder
    with qtbot.waitSignal(target.refused) as refused:
        assert drop(widget, dropped(folder / "nothing.txt"))
    assert "neither a folder nor pictures" in refused.args[0] and "Drop a folder" in refused.args[1]
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.png")])
    assert not drop(widget, web) and not drop(widget, QMimeData())


def test_what_is_no_folder_is_refused_in_the_dialog_and_in_the_window(make, window, folder, qtbot):
    for place in (make(), window):
        assert drop(place, dropped(folder / "notes.txt"))
        message = place.findChild(MessageBar)
        qtbot.waitUntil(lambda message=message: "no" in message.text and "folder" in message.text)
    drop(window, dropped(folder))
    qtbot.waitUntil(lambda: window.findChild(OwnPicturesDialog) is not None)
    assert window.message_bar.text == "", "what was wrong with the drop before is over"
    window.findChild(OwnPicturesDialog).reject()


def test_own_pictures_are_there_again_at_the_next_start_or_it_is_said_why_not(make_window, settings, qtbot, folder):
    first = make_window()
    first.plans.train_requested.disconnect()
    first.plans.ask_for_pictures(str(folder))
    first.findChild(OwnPicturesDialog).chosen.emit(str(folder), {"image_size": 32, "epochs": 7})
    kept = settings.pictures
    first.plans.choose_recipe("studio")
    assert kept and not settings.pictures, "other data were chosen"
    settings.pictures = kept | {"data_root": str(folder / "gone")}
    first.plans.begin()
    qtbot.waitUntil(lambda: "are not there" in first.message_bar.text)
    assert first.context.plan.config.dataset == "digits"
    settings.pictures = kept
    again = make_window()
    again.plans.begin()
    qtbot.waitUntil(lambda: again.context.plan.config.dataset == "pictures")
    config = again.context.plan.config
    assert (config.data_root, config.image_size, config.epochs) == (str(folder), 32, 7)


def test_a_dialog_that_is_closed_upon_a_drop_says_nothing_more(jobs, folder, qtbot, monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr("studio.widgets.fields.drop_target.folder_of", lambda _paths: let_go.wait(20) and folder)
    dialog = OwnPicturesDialog(jobs)
    drop(dialog, dropped(folder))
    dialog.deleteLater()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    let_go.set()
    qtbot.waitUntil(lambda: not [it for it in threading.enumerate() if it.name == "looking at what was dropped"])
    QApplication.processEvents()


def test_a_folder_dropped_on_the_dialog_is_read(make, folder, qtbot):
    dialog = make()
    assert not part(dialog, QLineEdit, "picture_folder").acceptDrops()
    assert drop(dialog, dropped(folder))
    qtbot.waitUntil(train_button(dialog).isEnabled)
    assert part(dialog, QLineEdit, "picture_folder").text() == str(folder)


def test_thousands_of_rows_are_shown_at_once(qtbot):
    table = RecordTable()
    qtbot.addWidget(table)
    table.show()
    asked = []
    plain = table.records.data
    table.records.data = lambda *args: asked.append(args) or plain(*args)
    table.show_rows([(f"{number}.png", number) for number in range(200_000)], ("File", "Number"))
    QApplication.processEvents()
    assert len(asked) < 20_000
    assert table.records.index(199_999, 1).data() == "199,999"
    table.show_rows([], ("File", "Number"))
    assert table.records.rowCount() == 0


def test_every_text_follows_the_language(make, folder, qtbot, monkeypatch):
    dialog = make(folder=str(folder))
    qtbot.waitUntil(train_button(dialog).isEnabled)
    language.switch("es")
    language.switch_unseen()
    shout(monkeypatch, dialog, language=Capitals)
    language.switch_unseen()
    for child in [dialog, *dialog.findChildren(QWidget)]:
        for text in (child.windowTitle(), child.accessibleName(), getattr(child, "placeholderText", str)()):
            assert text == text.upper()
    assert train_button(dialog).text() == "TRAIN ON THESE PICTURES" and train_button(dialog).isEnabled()
    assert dialog.findChild(QLabel, "classes_title").text() == "4 PICTURES ARE TAKEN"
    assert rows(dialog, "skipped_table")[0][1].isupper()
    assert part(dialog, QWidget, "picture_image_invert").text() == OPTIONS["image_invert"].label.upper()
