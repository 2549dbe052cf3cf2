"""Beat the discriminator in the window: dealt, answered by keys and buttons, counted, kept with the run."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.runs import Round, RunFolder
from studio import theme
from studio.workspaces.explore.play_page import PlayPage
from tests.studio.hands import explore, shown, trained_run


class Clock:
    now = 10.0

    def __call__(self):
        return self.now


def deal_of(*is_real):
    pictures = np.stack([np.full((8, 8), 20 * index, np.uint8) for index in range(len(is_real))])
    return SimpleNamespace(pictures=pictures, labels=np.zeros(len(is_real)), is_real=np.array(is_real))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def page(qtbot, clock):
    page = shown(qtbot, PlayPage(clock=clock), 900, 500)
    page.set_model(4, ("3", "8"))
    return page


def test_pictures_come_one_after_the_other_and_are_answered_by_keys_and_buttons(page, qtbot, clock):
    played = []
    page.played.connect(lambda answers, seconds: played.append((answers, seconds)))
    assert not page.is_on and not page.real_button.isEnabled() and page.start_button.isEnabled()
    page.begin(deal_of(False, False, True, False), np.array([True, True, True, False]))
    assert page.picture.picture[0, 0] == 0 and not page.start_button.isEnabled()
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert page.picture.picture[0, 0] == 20 and page.count_label.text().startswith("2 of 4")
    qtbot.mouseClick(page.real_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(page, Qt.Key.Key_Right)
    clock.now += 30
    qtbot.mouseClick(page.generated_button, Qt.MouseButton.LeftButton)
    assert played == [([True, True, False, False], 30)]
    assert page.words.text().startswith("You told 1 of 4 right in 30 seconds, D told 2.")
    assert not page.is_on and page.picture.picture is None and page.result.isVisible() and not page.picture.isVisible()
    (first, above), (second, below), *_ = page.result.cells()
    assert (first, second) == (2, 0) and above.bottom() < below.top(), "real ones are above"
    assert page.result.accessibleDescription() == (
        "Real images: 3 you ✗ D ✓. Generated images: 1 you ✗ D ✗, 2 you ✗ D ✗, 4 you ✓ D ✓"
    )
    seen = page.result.grab().toImage()
    framed = {index: seen.pixelColor(place.topLeft().toPoint() + QPoint(1, 1)) for index, place in page.result.cells()}
    assert [color == theme.color("trouble") for _, color in sorted(framed.items())] == [True, True, True, False]
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert len(page.answers) == 4


def test_tab_stops_at_the_page_and_its_picture_in_a_round_alone_and_never_at_the_plot(page):
    def stops():
        parts = (page, page.picture, page.plot, page.name_edit)
        return [bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) for part in parts]

    assert stops() == [False, False, False, True]
    page.begin(deal_of(True, False), np.array([True, True]))
    assert stops() == [True, True, False, True] and page.hasFocus()


def test_another_run_ends_the_round(page):
    page.begin(deal_of(True, False), np.array([True, True]))
    page.set_model(4, ("3", "8"))
    assert not page.is_on and page.picture.picture is None and page.picture.isVisible()


def test_the_best_rounds_are_named_and_the_next_one_of_a_class_types_a_name(page, qtbot):
    rounds = [Round(name, 3, 20, right, 10, seconds, "") for name, right, seconds in
              (("Ana", 12, 40.0), ("Luis", 15, 90.0), ("Eva", 15, 50.0))]  # fmt: skip
    page.show_rounds(rounds)
    assert [line.split(":")[0] for line in page.board.text().splitlines()] == ["1. Eva", "2. Luis", "3. Ana"]
    page.name_edit.setText("Ana")
    page.begin(deal_of(True, False), np.array([True, True]))
    qtbot.keyClick(page, Qt.Key.Key_Left)
    qtbot.keyClick(page, Qt.Key.Key_Right)
    with qtbot.waitSignal(page.deal_requested):
        qtbot.keyClicks(page.name_edit, "Luis")
        qtbot.keyClick(page.name_edit, Qt.Key.Key_Return)
    assert page.name_edit.text() == "Luis"


def test_a_round_is_dealt_from_the_run_and_kept_with_it(window, tiny_gan, tmp_path, qtbot):
    path = trained_run(tmp_path / "run", 2)
    page = explore(qtbot, window, path, PlayPage)
    page.name_edit.setText("Ana")
    rules = page.words.text()
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    assert "Dealing" in page.words.text()
    window.services.shown.run_changed()
    assert page.words.text() == rules, "another run ends the dealing"
    with qtbot.waitSignal(window.services.exploring.ended):
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    assert page.is_on
    for _ in range(20):
        page.answer(True)
    qtbot.waitUntil(lambda: len(page.rounds) == 1)
    (kept,) = RunFolder(path).rounds()
    assert (kept.name, kept.epoch, kept.count, kept.right) == ("Ana", 2, 20, 10)
    epochs, shares = page.plot.listDataItems()[1].getData()
    assert epochs.tolist() == [2] and shares.tolist() == [50]
