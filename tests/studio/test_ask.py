"""Ask D: what is drawn or dropped is judged at once by D of the epoch shown, with the pixels that made it say so."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.runs import RunFolder
from studio.services.asking import Answer
from studio.workspaces.explore.ask_page import AskPage
from tests import tiny
from tests.studio.hands import drop, dropped, explore, shown, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    return trained_run(tmp_path / "run", 2)


@pytest.fixture
def page(window, run, qtbot):
    return explore(qtbot, window, run, AskPage)


def answers(window):
    found = []
    window.services.asking.answered.connect(found.append)
    return found


def test_d_answers_while_one_draws_and_of_another_class_when_asked(page, window, run, qtbot):
    found, canvas = answers(window), page.drawing.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    qtbot.waitUntil(lambda: len(found) == 1)
    assert not canvas.can_undo, "the stroke is still under way"
    QTest.mouseMove(canvas, QPoint(70, 120))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(70, 120))
    page.class_box.setCurrentIndex(4)
    page.class_box.activated.emit(4)
    qtbot.waitUntil(lambda: found[-1].label == 3)
    opponent = DiscriminatorSession(tiny.config(), tiny.data().facts)
    opponent.load(RunFolder(run).discriminator(2))
    verdict, heat = opponent.explain(found[-1].picture, 3)
    assert found[-1].verdict == pytest.approx(verdict) and np.allclose(found[-1].saliency, heat)
    assert page.verdict_line.text().startswith("D: ") and "Taken for “3”." in page.words.text()
    assert page.heat.picture is not None and page.picture.verdict == found[-1].verdict
    assert "epoch 2" in page.origin_line.text()
    assert window.learning.service.player is None  # lessons listen
    window.services.asking.answered.emit(found[-1]._replace(reading=(1, 0.9)))
    assert window.services.noted.numbers == {"asked_class": 1, "asked_verdict": pytest.approx(verdict)}
    canvas.clear()
    assert page.heat.picture is None and "Draw something" in page.words.text()


def test_undo_takes_strokes_back_here_and_steps_in_latent_space_elsewhere(page, window, qtbot):
    explored, canvas, undo = window.workspaces["explore"].explored, page.drawing.canvas, window.commands.action("undo")
    window.workspaces["explore"].pages.setCurrentIndex(0)
    explored.set_number(0, 1.5)
    point = explored.point
    assert undo.isEnabled() and "latent" in undo.text()
    window.workspaces["explore"].pages.setCurrentWidget(page)
    assert not undo.isEnabled() and "drawn" in undo.toolTip()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 90))
    assert undo.text() == "&Undo: stroke"
    both = canvas.drawing()
    window.commands.do("undo")
    assert (canvas.drawing() != both).any() and explored.point is point
    window.commands.do("redo")
    assert (canvas.drawing() == both).all()
    window.workspaces["explore"].pages.setCurrentIndex(0)
    window.commands.do("undo")
    assert explored.point is not point and (canvas.drawing() == both).all()


def test_a_picture_is_dropped_and_what_is_none_is_told_in_a_sentence(page, window, qtbot, tmp_path):
    found = answers(window)
    Image.fromarray(tiny.data().images[3, 0].repeat(4, 0).repeat(4, 1)).save(tmp_path / "mine.png")
    drop(page.drawing, dropped(tmp_path / "mine.png"))
    qtbot.waitUntil(lambda: len(found) == 1)
    (tmp_path / "notes.png").write_text("no picture")
    with qtbot.waitSignal(window.services.asking.failed):
        drop(page.drawing, dropped(tmp_path / "notes.png"))
    assert "notes.png" in page.words.text() and page.picture.picture is None


def test_a_discriminator_that_only_compares_says_so(qtbot):
    page = shown(qtbot, AskPage(), 900, 500)
    page.set_model(4, ())
    assert not page.class_box.isVisible()
    picture = np.zeros((8, 8), np.uint8)
    page.show_answer(Answer(picture, -1, None, np.zeros((8, 8), np.float32), None, 5))
    assert "only compares" in page.verdict_line.text() and page.picture.verdict is None
    page.set_model(4, ("3", "8"))  # and where nobody reads which of them it is
    page.show_answer(Answer(picture, 0, 0.5, np.zeros((8, 8), np.float32), None, 5))
    assert page.words.text() == "Taken for “3”: no judge can read it, so choose the class yourself."
    page.class_box.setCurrentIndex(1)
    page.show_answer(Answer(picture, 0, 0.5, np.zeros((8, 8), np.float32), None, 5))
    assert page.words.text() == "Taken for “3”."


def test_a_picture_is_asked_for_that_tells_in_which_ink_one_draws(qtbot):
    page, told = shown(qtbot, AskPage(), 600, 400), []
    page.pictures_requested.connect(lambda channel, z, labels: told.append((z.shape, labels.tolist())))
    for names, label in ((("3", "8"), 0), ((), -1)):
        page.set_model(4, names)
        page.render_again()
        assert told.pop() == ((1, 4), [label])
    page.set_model(0, ())
    page.render_again()
    assert not told
