"""The sample view: what it says, where the class names stand, exact pixels, zoom, copy and save."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from engine.arrays import Picture
from engine.pictures import tile
from studio import theme
from studio.model.messages import Subject
from studio.presenters.pictures import Pictures
from studio.widgets.fields.save_picture import PictureToSave
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.pictures.tile_layout import layouts, tile_starts
from studio.workspaces.train.sample_view import SampleView
from tests.studio.hands import choice, shown, with_commands
from tests.studio.sample_grids import screenshot
from tests.studio.shouting import shout

DIGITS = tuple("0123456789")


@pytest.fixture
def view(qtbot: QtBot) -> SampleView:
    return with_commands(shown(qtbot, SampleView(), 750, 330))


def grid(rows: int = 8, columns: int = 10, size: int = 28, seed: int = 0) -> Picture:
    images = np.random.default_rng(seed).integers(0, 256, (rows * columns, size, size), dtype=np.uint8)
    return tile(images, columns)


def words(view: SampleView) -> str:
    return " | ".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_between_two_bands_of_classes_are_read_on_their_dark_ground(view: SampleView, scheme: str) -> None:
    theme.set_scheme(scheme)
    view.resize(300, 800)
    view.show_epoch(1, 1, np.zeros_like(grid()), DIGITS, 28)
    place = {name: rect for name, rect in view.grid.headings()}
    assert place["5"].top() > place["0"].top() + 50, "in two bands"
    pixels = screenshot(view.grid)
    for name, is_inside in (("0", False), ("5", True)):
        words = pixels[place[name].top() : place[name].bottom(), place[name].left() : place[name].right()]
        is_light = is_inside or scheme == "dark"
        assert (words.max() > 200) if is_light else (words.min() < 60), name
        assert int(words.max()) - int(words.min()) > 120, name


# ---------------------------------------------------------------- what it says


def test_before_the_first_run_it_shows_real_digits_and_says_what_to_do(view: SampleView) -> None:
    picture = grid()
    view.show_real(picture, DIGITS, 28)
    assert words(view) == "Real digits from the training data"
    assert view.hint == "These are real digits. Press Train and watch the generator learn to write its own."
    assert view.grid.objectName() == "sample_grid"
    assert np.array_equal(view.grid.picture, picture)
    assert "real digits" in view.grid.accessibleDescription()


def test_pictures_that_are_no_digits_are_not_called_digits(view: SampleView) -> None:
    view.show_real(grid(columns=2), ("Shirt", "Bag"), 28)
    assert "digits" not in words(view) and "Real pictures" in words(view)
    view.show_real(grid(), (), 28)
    assert "digits" not in words(view)


def test_after_train_it_no_longer_asks_to_press_train(view: SampleView) -> None:
    view.show_real(grid(), DIGITS, 28, is_training=True)
    assert "Press Train" not in view.hint and "in a moment" in view.hint


def test_an_epoch_says_its_number_and_who_made_it(view: SampleView) -> None:
    view.show_real(grid(), DIGITS, 28)
    view.show_epoch(12, 35.5, grid(seed=1), DIGITS, 28, is_average=True)
    assert words(view) == "Epoch 12 of 36 · averaged generator"
    assert np.array_equal(view.grid.picture, grid(seed=1))
    view.show_epoch(13, 35.5, grid(seed=1), DIGITS, 28, is_average=False)
    assert words(view) == "Epoch 13 of 36 · generator"
    view.show_epoch(0, 35.5, grid(seed=1), DIGITS, 28, is_average=True)
    assert words(view) == "Epoch 0 of 36 · before the first step"


def test_two_runs_in_a_row_and_back_to_real(view: SampleView) -> None:
    view.show_epoch(36, 36, grid(), DIGITS, 28)
    view.show_real(grid(size=32), (), 32)
    assert words(view).startswith("Real pictures")
    view.show_epoch(1, 5, grid(rows=2, size=32), (), 32)
    assert words(view) == "Epoch 1 of 5 · generator"


def test_without_pictures_there_is_a_placeholder_and_nothing_to_save(view: SampleView) -> None:
    assert words(view).strip(" |") == "" and view.grid.placeholder == "No pictures yet"
    assert not any(choice(view, name).isEnabled() for name in ("save_samples", "copy_picture", "verdicts"))
    view.show_real(np.empty((0, 0), np.uint8), DIGITS, 28)
    assert view.grid.picture is None and not choice(view, "save_samples").isEnabled()
    assert view.findChild(QFileDialog) is None
    assert view.grab().width() == 750


def test_what_was_shown_is_not_laid_out_anew_as_if_it_were_nothing(view, monkeypatch) -> None:
    view.show_real(grid(), DIGITS, 28)
    asked = []
    monkeypatch.setattr(
        "studio.widgets.pictures.sample_grid_view.layouts", lambda *shape, **_: asked.append(shape) or []
    )
    view.show_nothing(lambda: "These images are fetched when you press Train.")
    assert not asked, "ten thousand ways for tiles of one pixel took seconds and a gigabyte"


def test_a_grid_of_very_many_tiles_is_laid_out_in_a_few_ways() -> None:
    assert len(layouts(600, 600, 8, has_classes=False)) < 200
    assert len(layouts(10 * 3000, 10, 8, has_classes=True)) < 200


def test_every_text_follows_the_language(view: SampleView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.show_epoch(3, 9, grid(), DIGITS, 28, is_average=True)
    shout(monkeypatch, view)
    assert words(view) == "¡Epoch 3 of 9! · ¡averaged generator!"
    assert view.grid.accessibleName().startswith("¡")


def test_colors_tell_generated_from_real_and_follow_the_theme(view: SampleView) -> None:
    picture = np.full((58, 58), 255, np.uint8)

    def frame() -> QColor:
        rect = view.grid.picture_rect().toRect()
        return view.grid.grab().toImage().pixelColor(rect.left() - 1, rect.center().y())

    view.show_real(picture, (), 28)
    assert frame() == QColor("#707070")
    view.show_epoch(1, 2, picture, (), 28)
    assert frame() == theme.color("generator")
    view.show_real(picture, (), 28)
    before = QApplication.palette()
    dark = QPalette(QColor("#202020"))
    try:
        QApplication.setPalette(dark)
        QApplication.processEvents()
        assert frame() == QColor("#A8A8A8")
    finally:
        QApplication.setPalette(before)


# ---------------------------------------------------------------- class names above the columns


@pytest.mark.parametrize(("width", "size", "count", "rim"), [(298, 28, 10, 0), (302, 28, 10, 2), (28, 28, 1, 0)])
def test_tiles_are_found_with_and_without_a_rim(width: int, size: int, count: int, rim: int) -> None:
    starts = tile_starts(width, size)
    assert len(starts) == count and starts[0] == rim and starts[-1] + size + rim == width


@pytest.mark.parametrize("window", [(420, 330), (1300, 1100), (220, 200)])
def test_names_stand_exactly_above_their_columns(view: SampleView, window: tuple[int, int]) -> None:
    view.resize(*window)
    view.show_epoch(1, 2, grid(), DIGITS, 28)
    rect, scale = view.grid.picture_rect(), view.grid.scale
    headings = view.grid.headings()
    assert [name for name, _ in headings] == list(DIGITS)
    for index, (_, place) in enumerate(headings):
        middle = rect.left() + (index * 30 + 14) * scale
        assert abs(place.x() + place.width() / 2 - middle) <= 1
        assert 0 <= place.bottom() < rect.top()


def test_names_follow_zoom(view: SampleView) -> None:
    view.resize(420, 330)  # in a wider one, the classes would stand in two bands
    view.show_epoch(1, 2, grid(), DIGITS, 28)
    for _ in range(3):
        view.grid.zoom_in()
    name, place = view.grid.headings()[4]
    assert name == "4" and place.width() == 28 * view.grid.scale
    assert place.left() == round(view.grid.picture_rect().left() + 4 * 30 * view.grid.scale)


def test_unconditional_data_has_no_names_and_more_room(view: SampleView) -> None:
    view.show_epoch(1, 2, grid(), DIGITS, 28)
    assert view.grid.contentsMargins().top() > 0
    view.show_epoch(1, 2, grid(), (), 28)
    assert view.grid.headings() == [] and view.grid.contentsMargins().top() == 0


def test_names_that_do_not_match_the_columns_are_left_out(view: SampleView) -> None:
    view.show_epoch(1, 2, grid(columns=7), DIGITS, 28)
    assert view.grid.headings() == []
    view.show_epoch(1, 2, np.full((1, 1), 128, np.uint8), DIGITS, 28)
    assert view.grid.headings() == []
    assert view.grab().height() == 330


def test_a_whole_grid_of_digits_fits_at_1366x768(view: SampleView) -> None:
    view.show_real(grid(), DIGITS, 28)
    QApplication.processEvents()
    assert view.grid.scale >= 1


# ---------------------------------------------------------------- save and copy


@pytest.fixture
def messages(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_a_saved_picture_is_the_picture(messages, jobs, qtbot: QtBot, tmp_path: Path) -> None:
    pictures = Pictures(jobs, messages)
    for name, picture in (("a.png", grid()), ("b.png", grid()[:9, :7].repeat(3).reshape(9, 7, 3))):
        pictures.save(PictureToSave(tmp_path / name, picture))
        qtbot.waitUntil(lambda name=name: name in messages.text)
        assert "saved" in messages.text
        with Image.open(tmp_path / name) as saved:
            assert np.array_equal(np.asarray(saved), picture)


def test_a_place_that_cannot_be_written_is_told(messages, jobs, qtbot: QtBot, tmp_path: Path) -> None:
    Pictures(jobs, messages).save(PictureToSave(tmp_path / "gone" / "a.png", grid()))
    qtbot.waitUntil(lambda: "could not be written" in messages.text and "folder is not there" in messages.text)
    assert messages.is_about(Subject.ASKED), "the next notice takes its place"


def test_the_dialog_saves_the_picture_it_was_opened_for(view: SampleView, qtbot: QtBot, tmp_path: Path) -> None:
    view.show_epoch(12, 36, grid(), DIGITS, 28)
    choice(view, "save_samples").trigger()
    dialog = view.findChild(QFileDialog)
    assert dialog is not None and dialog.isVisible() and not dialog.testOption(QFileDialog.Option.ReadOnly)
    assert Path(dialog.selectedFiles()[0]).name == "epoch-0012.png"
    view.show_epoch(13, 36, grid(seed=1), DIGITS, 28)
    with qtbot.waitSignal(view.save_requested) as wanted:
        dialog.fileSelected.emit(str(tmp_path / "a.png"))
    dialog.close()
    assert wanted.args[0].path == tmp_path / "a.png" and np.array_equal(wanted.args[0].picture, grid())


def test_copy_puts_the_picture_itself_on_the_clipboard(view: SampleView, qtbot: QtBot) -> None:
    view.show_epoch(1, 2, grid(), DIGITS, 28)
    view.grid.zoom_in()
    view.grid.setFocus()
    qtbot.keyClick(view.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (298, 238) and QToolTip.text() == "Copied"
    assert image.pixelColor(5, 7).red() == grid()[7, 5]
    QApplication.clipboard().clear()
    choice(view, "copy_picture").trigger()
    assert QApplication.clipboard().image() == image
