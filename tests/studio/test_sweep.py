"""The sweep: its ten labels, and the large window in which it is shown, copied and saved."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from studio import language
from studio.model.snapshot import SnapshotRef
from studio.presenters.pictures import Pictures
from studio.widgets.exploring.sweep_panel import SWEEP
from studio.widgets.exploring.sweep_window import SweepWindow
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.pictures.sweep_sheet import SweepSheet
from studio.workspaces.explore.latent_explorer import LatentExplorer
from tests.studio.hands import choice, shown

DIGITS = tuple("0123456789")
VALUES = ["−1", "−0.78", "−0.56", "−0.33", "−0.11", "0.11", "0.33", "0.56", "0.78", "1"]


def pictures(count, side=28):
    """Pictures that can be told apart: each of one gray."""
    return np.broadcast_to((np.arange(count, dtype=np.uint8) + 100)[:, None, None], (count, side, side)).copy()


@pytest.fixture
def sheet(qtbot):
    return shown(qtbot, SweepSheet())


@pytest.fixture
def view(qtbot):
    made = shown(qtbot, LatentExplorer(), 340, 560)
    made.asked = []
    made.pictures_requested.connect(lambda channel, z, labels: made.asked.append((channel, labels)))
    return made


def enlarged(view, names=DIGITS):
    """Open the sweep of ``names`` in its large window, with pictures."""
    view.set_model(16, names)
    view.pages.setCurrentWidget(view.sweep_panel)
    view.show_pictures(SWEEP, pictures(10 * max(len(names), 1)))
    view.sweep_panel.enlarge_button.click()
    return view.findChild(SweepWindow)


def written(sheet, monkeypatch):
    """Return what is written beside the pictures, with the place of each text on its table."""
    said, draw = [], QPainter.drawText

    def note(painter, rect, flags, text):
        said.append((text, painter.transform().mapRect(QRectF(rect))))
        return draw(painter, rect, flags, text)

    monkeypatch.setattr(QPainter, "drawText", note)
    for table in sheet.tables:
        if table.isVisible():
            table.grab()
    monkeypatch.undo()
    return said


@pytest.mark.parametrize("names", [(), DIGITS])
@pytest.mark.parametrize("size", [(320, 500), (1200, 640), (200, 300)])
def test_all_ten_values_are_written_however_small(sheet, monkeypatch, names, size):
    sheet.set_names(names)
    sheet.show_pictures(pictures(10 * max(len(names), 1)))
    sheet.resize(*size)
    QApplication.processEvents()
    said = written(sheet, monkeypatch)
    assert [text for text, _ in said if text in VALUES and text not in names] == [
        it for it in VALUES if it not in names
    ]
    for table in sheet.tables:  # above the pictures, inside the widget
        if table.isVisible():
            assert 0 < table.contentsMargins().top() <= table.picture_rect().top() + 1
    places = [place for text, place in said if text in VALUES]
    assert all(place.top() >= -1 for place in places)


def test_a_single_row_stands_in_halves_and_is_larger(sheet):
    sheet.resize(340, 400)
    sheet.set_names(DIGITS)
    sheet.show_pictures(pictures(100))
    QApplication.processEvents()
    small = sheet.tables[0].scale
    sheet.set_names(())
    sheet.show_pictures(pictures(10))
    QApplication.processEvents()
    assert all(table.scale >= 2 * small for table in sheet.tables)
    assert [int(table.picture[0, 0]) for table in sheet.tables] == [100, 105]


def test_pictures_of_other_rows_are_not_shown(sheet):
    sheet.set_names(DIGITS)
    sheet.show_pictures(pictures(10))
    assert not sheet.has_pictures


def test_the_large_window_is_large_and_shows_one_class_larger(view):
    window = enlarged(view)
    QApplication.processEvents()
    assert window.isVisible() and window.width() > 0.8 * window.screen().availableSize().width()
    assert window.sheet.tables[0].scale > view.sweep_panel.sheet.tables[0].scale
    window.class_box.setCurrentIndex(4)  # all classes come first
    assert int(window.sheet.tables[1].picture[0, 0]) == 100 + 35
    window.class_box.setCurrentIndex(0)
    assert window.sheet.tables[0].columns == 10


def test_the_large_window_follows_the_generator_while_the_explorer_is_out_of_sight(view):
    window = enlarged(view)
    view.hide()
    view.asked.clear()
    view.render_again(SnapshotRef(12, 12))
    assert [channel for channel, _ in view.asked] == [SWEEP]
    view.show_pictures(SWEEP, pictures(100) + 50)
    assert int(window.sheet.tables[0].picture[0, 0]) == 150
    assert window.findChild(QLabel, "sweep_origin").text() == "Generator of epoch 12"
    window.close()
    view.asked.clear()
    view.render_again(SnapshotRef(13, 13))
    assert view.asked == []
    view.set_model(16, ())  # another run
    view.show()
    assert not window.sheet.has_pictures and not window.save_button.isEnabled()


@pytest.mark.parametrize("names", [(), DIGITS])
def test_it_is_copied_and_saved_with_its_words(qtbot, view, jobs, tmp_path, names):
    window = enlarged(view, names)
    qtbot.mouseClick(window.copy_button, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().image()
    assert copied.width() > 1000 and "clipboard" in window.message_bar.text
    qtbot.mouseClick(window.save_button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    window.show_sweep(names, pictures(10 * max(len(names), 1)) + 9, "")  # training goes on
    path = tmp_path / "sweep.png"
    Pictures(jobs, MessageBar()).save(_wanted(qtbot, view, dialog, path))
    qtbot.waitUntil(lambda: str(path) in window.message_bar.text)
    with Image.open(path) as saved:
        gray = np.asarray(saved.convert("L"))
    assert gray.shape == (copied.height(), copied.width())
    assert {100 + index for index in range(10 * max(len(names), 1))} <= set(np.unique(gray).tolist())
    assert (gray[0] == 255).all() and (gray < 60).any()  # white paper, black words


def _wanted(qtbot, view, dialog, path):
    with qtbot.waitSignal(view.sweep_panel.save_requested) as wanted:
        dialog.fileSelected.emit(str(path))
    dialog.close()
    return wanted.args[0]


def test_copying_from_a_half_copies_the_whole(view):
    view.set_model(16, ())
    view.pages.setCurrentWidget(view.sweep_panel)
    view.show_pictures(SWEEP, pictures(10))
    choice(view.sweep_panel.sheet.tables[1], "copy_picture").trigger()
    assert QApplication.clipboard().image().size() == view.sweep_panel.sheet.document().size()


def test_it_speaks_spanish(qtbot, view):
    window = SweepWindow()
    qtbot.addWidget(window)
    window.show_sweep(("shirt", "bag"), pictures(20), "")
    window.show()
    language.switch("es")
    QApplication.processEvents()
    assert window.windowTitle() == "Barrido" and window.class_box.itemText(0) == "Todas las clases"
    assert window.class_box.itemText(2) == "bolso" and "−0,78" in window.sheet.tables[0].column_labels
    named = (window.copy_button, window.save_button, window.class_box, *window.sheet.tables)
    assert all(part.accessibleName() and part.toolTip() for part in named)


@pytest.mark.parametrize("names", [(), DIGITS])
def test_the_picture_that_is_clicked_is_the_point_looked_at_and_framed_until_another_is(view, names):
    """So it is what is kept, as lessons ask for."""
    view.set_model(16, names)
    view.pages.setCurrentWidget(view.sweep_panel)
    view.show_pictures(SWEEP, pictures(10 * max(len(names), 1)))
    table, label = (view.sweep_panel.sheet.tables[0], 3) if names else (view.sweep_panel.sheet.tables[1], -1)
    index = 39 if names else 4
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=table.place_of(index).center().toPoint())
    point = view.explored.point
    assert point.label == label and (point.z == 1).all() and table.current == index
    view.explored.go(np.zeros(16))
    assert table.current is None
