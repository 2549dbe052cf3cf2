"""Nothing of the panels at the right is cut, however narrow the window may become, whatever classes are called."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from engine.evaluation.sample_inspector import GeneratorUpdate, SampleReport
from studio import language
from studio.model.sample import InspectedSample, Sample
from studio.model.snapshot import SnapshotRef
from studio.widgets.exploring.handwriting_panel import Written
from studio.widgets.exploring.sweep_panel import SWEEP
from studio.widgets.exploring.written_line import Mark
from studio.widgets.fields.class_buttons import ClassButtons
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.picture_table import PictureTable
from studio.workspaces.explore.digit_picker import STYLES, WAY, DigitPicker
from studio.workspaces.explore.latent_explorer import PICTURE
from studio.workspaces.train.sample_panel import SamplePanel
from tests.studio.hands import settle
from tests.studio.judgments import history_of, judged

SMALL = (853, 480)  # a screen of 1280×720 with everything half as large again
CLASSES = {
    "two": ("3", "8"),
    "digits": tuple("0123456789"),
    "words": tuple(f"{word} of a long name" for word in ("WWWWWWWWWWWW", "ankle boot", "bag")),
    "many": tuple(f"class number {index} of forty" for index in range(40)),
}


def pictures(count, size):
    return np.zeros((count, size, size), np.uint8)


def fill(window, names, size):
    """Show in every panel as much as it ever has."""
    explorer, picker, sample = window.latent_explorer, window.digit_picker, window.sample_panel
    for view in (explorer, picker):
        view.set_model(64, names)
        view.render_again(SnapshotRef(12, 12))
    explorer.show_pictures(PICTURE, pictures(1, size))
    for channel in ("latent.path.spherical", "latent.path.linear"):
        explorer.show_pictures(channel, pictures(10, size))
    explorer.show_pictures(SWEEP, pictures(10 * (len(names) if len(names) <= 20 else 1), size))
    picker.show_pictures(STYLES, pictures(20, size))
    picker.dial.set_can_blend(True)
    picker.show_pictures(WAY, pictures(11, size))
    picker.show_readings(WAY, np.full((11, len(names)), 1 / max(len(names), 1), np.float32))
    line = np.zeros((64, 600, 4), np.uint8)
    picker.writer.show_written(
        Written(line, (Mark(5, 60, False, "the last of them"),), "The judge reads 2 as 7 (60%).")
    )
    found = Sample(12, 1, pictures(1, size)[0], 1, 0.3)
    pushes = tuple(GeneratorUpdate(steps, found.picture, 0.5) for steps in (1, 5, 20))
    heat = np.zeros((size, size), np.float32)
    examination = SampleReport(found.picture, 1, 0.3, (1, 0.98), found.picture, 1234, 1, 0.15, 0.18, heat, pushes)
    sample.set_names(names)
    sample.show_sample(found)
    sample.show_inspected(InspectedSample(found, SnapshotRef(12, 12), examination))
    window.quality_panel.set_run_data(history_of(judged(classes=len(names)), names=names))


def cut(panel):
    """Return what lies beyond the sides of ``panel``, and the words that have not enough room."""
    found = []
    for part in panel.findChildren(QWidget):
        if not part.isVisibleTo(panel) or part.isWindow() or isinstance(part.parent(), QLineEdit):
            continue
        area = next((it for it in ancestors(part, panel) if isinstance(it, QScrollArea)), None)
        frame = area.viewport() if area is not None and area.isAncestorOf(part) else panel
        if part is frame or (area is not None and not area.widget().isAncestorOf(part)):
            continue
        place = QRect(part.mapTo(frame, part.rect().topLeft()), part.size())
        is_cut = place.left() < 0 or place.right() >= frame.width()
        if isinstance(part, QAbstractButton | QLabel | PictureTable) and part.isVisible():
            needed = max(part.minimumWidth(), 0) if isinstance(part, QPushButton) else part.minimumSizeHint().width()
            is_cut |= part.width() < min(needed, part.maximumWidth())
        if is_cut:
            found.append((type(part).__name__, part.objectName(), place, frame.width()))
    return found


def ancestors(part, top):
    while part is not top and part is not None:
        part = part.parentWidget()
        yield part


@pytest.mark.parametrize(("classes", "size"), [("two", 28), ("digits", 28), ("words", 64), ("many", 32)])
def test_nothing_is_cut_however_narrow_the_window_is(window, classes, size):
    """In the longer words of the two languages."""
    language.switch("es")
    window.resize(*SMALL)
    settle()
    panels = right_panels(window)
    looks = [(SMALL[0], True), (SMALL[0], False), (1, False)]  # again when all are filled: one may need more then
    for (width, is_first), panel in product(looks, panels):
        bring(window, panel)
        if is_first:
            fill(window, CLASSES[classes], size)
        pages = window.latent_explorer.pages
        for page in range(pages.count() if panel is window.latent_explorer else 1):
            pages.setCurrentIndex(page)
            window.resize(width, SMALL[1])
            settle()
            assert window.width() <= SMALL[0], "the window is not wider than the screen"
            assert cut(panel) == [], (type(panel).__name__, page, width)
            for area in panel.findChildren(QScrollArea):
                assert area.horizontalScrollBar().maximum() == 0


def bring(window, panel):
    """Bring ``panel`` to the front, wherever it stands."""
    name = next(name for name, workspace in window.workspaces.items() if workspace.isAncestorOf(panel))
    window.show_workspace(name)
    if name == "train":
        window.workspace.inspect(panel)
    elif name == "explore":
        window.workspace.pages.setCurrentWidget(panel)
    settle()


def right_panels(window):
    return (
        window.latent_explorer,
        window.digit_picker,
        window.sample_panel,
        window.quality_panel,
        window.health_panel,
        window.run_table,
    )


def test_showing_a_sample_grid_never_makes_the_window_wider(window):
    """All tools of the samples stood side by side for a moment, and the window kept the width they needed."""
    language.switch("es")
    window.resize(*SMALL)
    settle()
    grid = np.zeros((88, 298), np.uint8)
    widest = []
    first = window.findChild(QAbstractButton, "verdicts_button")
    show, layout = first.setVisible, window.sample_view.layout()
    first.setVisible = lambda on: (show(on), widest.append(layout.totalMinimumSize().width()))
    window.sample_view.show_epoch(1, 9, grid, tuple("0123456789"), 28, [0.5] * 30)
    assert widest and max(widest) <= window.sample_view.width() and window.width() == SMALL[0]


# ---------------------------------------------------------------- the buttons of the classes


@pytest.fixture
def buttons(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    made = ClassButtons(room)
    room.show()
    yield made


def lines(view, width):
    """Return how many buttons stand on each line."""
    settle()
    view.resize(width, view.heightForWidth(width))
    settle()
    tops = [button.y() for button in view.buttons()]
    return [tops.count(top) for top in sorted(set(tops))]


@pytest.mark.parametrize(("width", "expected"), [(400, [10]), (240, [5, 5]), (120, [4, 4, 2]), (30, [1] * 10)])
def test_classes_stand_on_as_many_lines_as_they_need(buttons, width, expected):
    buttons.set_names(tuple("0123456789"))
    assert lines(buttons, width) == expected
    rects = [button.geometry() for button in buttons.buttons()]
    assert all(buttons.rect().contains(rect) for rect in rects)
    widths = [rect.width() for rect in rects]
    assert max(widths) - min(widths) <= 1, "equally wide, up to a pixel"
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)
    assert max(rect.right() for rect in rects) == width - 1, "from edge to edge"


def test_long_names_and_many_of_them(buttons):
    buttons.set_names(CLASSES["words"])
    assert lines(buttons, 180) == [1, 1, 1] and lines(buttons, 640) == [3]
    buttons.set_names(tuple(f"c{index}" for index in range(20)))
    assert lines(buttons, 240) == [5, 5, 5, 5]
    buttons.set_names(CLASSES["many"])
    assert buttons.buttons() == [] and buttons.minimumSizeHint().width() < 180
    buttons.set_names(tuple(f"{'W' * 40} {index}" for index in range(40)))
    assert buttons.minimumSizeHint().width() < 180, "a list is as narrow whatever is in it"
    buttons.set_names(("a",))
    assert lines(buttons, 240) == [1] and buttons.buttons()[0].width() == 240


@pytest.mark.parametrize(("width", "expected"), [(166, 1), (165, 2), (107, 3)])
def test_what_is_not_in_columns_keeps_its_spaces_on_every_line(qtbot, width, expected):
    room = QWidget()
    qtbot.addWidget(room)
    layout = WrappingLayout(room, spacing=8)
    for _ in range(3):
        part = QWidget()
        part.setMinimumSize(50, 10)
        layout.addWidget(part)
    assert layout.heightForWidth(width) == 10 * expected + 8 * (expected - 1)


def test_a_name_without_a_space_is_broken_instead_of_being_cut(qtbot):
    panel, picture = SamplePanel(), pictures(1, 28)[0]
    qtbot.addWidget(panel)
    panel.resize(260, 600)
    panel.show()
    panel.set_names(("W" * 200, "b"))
    found = Sample(12, 0, picture, 0, 0.3)
    heat = np.zeros((28, 28), np.float32)
    report = SampleReport(picture, 0, 0.3, (0, 0.98), picture, 1234, 0, 0.15, 0.18, heat, ())
    panel.show_sample(found)
    panel.show_inspected(InspectedSample(found, SnapshotRef(12, 12), report))
    settle()
    assert panel.width() == 260 and cut(panel) == [], "the panel grew with the name"


def test_pictures_that_are_large_shrink_instead_of_being_cut(qtbot):
    picker = DigitPicker()
    qtbot.addWidget(picker)
    picker.set_model(64, tuple("0123456789"))
    picker.show_pictures(STYLES, pictures(20, 64))
    picker.resize(220, 500)
    picker.show()
    settle()
    for table in (picker.styles_table,):
        shown = table.picture_rect()
        assert shown.left() >= 0 and shown.right() <= table.width()
        assert shown.height() <= table.height() and table.visibleRegion().boundingRect().width() == table.width()
    assert 0 < picker.styles_table.scale < 1
