"""The window of one step: stages by keys and buttons, what they show, trials, a training that nothing happened to."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QScrollArea, QWidget

from engine.config import Config
from engine.datasets.info import POINTS
from engine.events import StepStage
from engine.i18n import speaking_of, tr
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio import language
from studio.model.work_state import WorkState
from studio.panels.magnifier_dialog import MagnifierDialog
from studio.text.stages import TITLES, told
from studio.widgets.pictures.activations_view import ActivationsView, activations_picture, z_pictures
from studio.widgets.pictures.verdict_row import VerdictRow
from studio.widgets.plots.network_diagram import NetworkDiagram
from tests import tiny
from tests.studio.hands import settle


@pytest.fixture
def watched(window, qtbot):
    """The window, which rests at the first stage of the first step of a new training."""
    window.commands.do("step")
    training = window.services.training
    with qtbot.waitSignal(training.stage_reached):
        pass
    qtbot.waitUntil(lambda: names(dialog_of(window)) == ["1. z is drawn"])
    yield window
    if (left := dialog_of(window)) is not None:
        left.reject()


def dialog_of(window):
    return window.findChild(MagnifierDialog)


def names(dialog):
    stages = dialog.findChild(QListWidget)
    return [stages.item(row).text() for row in range(stages.count())]


def text(dialog, name):
    return dialog.findChild(QLabel, f"magnifier_{name}").text()


def go_on(window, qtbot, by_key=True):
    dialog = dialog_of(window)
    before = (len(names(dialog)), text(dialog, "title"))
    if by_key:
        qtbot.keyClick(dialog, Qt.Key.Key_Right)
    else:
        qtbot.mouseClick(dialog.findChild(QPushButton, "next_stage_button"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (len(names(dialog)), text(dialog, "title")) != before)


def to_the_end(window, qtbot):
    while window.services.training.is_looked_at:
        go_on(window, qtbot)


def test_stages_are_called_after_what_the_data_are():
    language.switch("es")
    with speaking_of(POINTS):
        assert tr(TITLES["generated"]) == "G hace puntos"
        assert tr(TITLES["d_on_generated"]) == "D mira puntos generados"


@pytest.mark.parametrize(
    ("has_classes", "weight", "words"),
    [(True, 0.5, "penalties and class loss it"), (True, 0.0, "penalties it"), (False, 0.5, "penalties it")],
)
def test_a_class_loss_is_told_of_where_there_is_one(has_classes, weight, words):
    arrays = {"loss": np.float32(0.5), "total": np.float32(0.75), "pairs": np.zeros(4, np.float32)}
    config = Config(aux_classifier_weight=weight)
    for name in ("d_loss", "g_loss"):
        assert words in told(StepStage(0, name, arrays), config, has_classes=has_classes)


def test_a_step_is_walked_through_by_keys_and_looked_back_at(watched, qtbot):
    dialog = dialog_of(watched)
    to_the_end(watched, qtbot)
    assert [name.partition(". ")[2] for name in names(dialog)] == [
        *("z is drawn", "G draws pictures", "D looks at real pictures", "D looks at generated pictures", "D's loss"),
        *("D learns", "D, frozen, looks again", "G's loss", "G learns"),
    ]
    assert watched.services.training.state is WorkState.PAUSED and "step is over" in text(dialog, "title")
    stages, font = dialog.findChild(QListWidget), dialog.font()
    font.setPointSizeF(1.6 * font.pointSizeF())
    stages.setFont(font)
    stages.doItemsLayout()
    first, longest = (stages.visualItemRect(stages.item(row)).height() for row in (0, 3))
    assert longest > 1.5 * first, "its end tells it from the one before"
    for _ in range(4):
        qtbot.keyClick(dialog, Qt.Key.Key_Left)
    assert "D's loss" in text(dialog, "title")
    formula, put_in, value = text(dialog, "formula").split("\n")
    assert formula == "ln(1 + exp(−r)) + ln(1 + exp(g))" and "exp" in put_in and "((" not in put_in
    assert float(value.split()[1]) > 0
    go_on(watched, qtbot, by_key=False)
    assert (
        "D learns" in text(dialog, "title")
        and "before" in dialog.findChild(VerdictRow, "magnifier_real").accessibleDescription()
    )


def test_who_asks_faster_than_stages_come_gets_as_many_and_no_further_step(watched, qtbot):
    button = dialog_of(watched).findChild(QPushButton, "next_stage_button")
    for _ in range(3):
        button.click()
    qtbot.waitUntil(lambda: len(names(dialog_of(watched))) == 4)
    for _ in range(30):
        button.click()
    qtbot.waitUntil(lambda: not watched.services.training.is_looked_at)
    count = len(names(dialog_of(watched)))
    assert "the step is over" in text(dialog_of(watched), "title") and button.text() == "Next step"
    go_on(watched, qtbot, by_key=False)
    assert names(dialog_of(watched)) == ["1. z is drawn"] and count > 8


def test_the_z_are_seen_where_the_pictures_will_be_that_are_made_of_them(watched, qtbot):
    """Both rows were empty in the stage that is about nothing else."""
    dialog = dialog_of(watched)
    row = dialog.findChild(VerdictRow, "magnifier_generated")
    assert (row.count, row.accessibleName()) == (8, "The z of the step, as squares")
    assert "Gray is 0" in text(dialog, "text")
    left = row.x()
    go_on(watched, qtbot)
    assert (row.count, row.accessibleName()) == (8, "Generated pictures of the step")
    assert row.x() == left, "each where its z was"
    qtbot.keyClick(dialog, Qt.Key.Key_Left)
    assert "The z" in row.accessibleName()
    same = z_pictures(np.float32([[0, 1, -1, 0.5], [0, 0.5, 0, 0]]))
    assert same.tolist() == [[[128, 255], [1, 192]], [[128, 192], [128, 128]]], "one scale for all"


def test_the_next_step_follows_and_closing_takes_the_rest_of_it(watched, qtbot):
    training, reached = watched.services.training, []
    training.stage_reached.connect(lambda stage: reached.append(stage.name))
    to_the_end(watched, qtbot)
    assert dialog_of(watched).findChild(QPushButton, "next_stage_button").text() == "Next step"
    go_on(watched, qtbot)
    assert names(dialog_of(watched)) == ["1. z is drawn"] and "Step 2" in text(dialog_of(watched), "title")
    with qtbot.waitSignal(training.step_over):
        dialog_of(watched).reject()
    assert training.state is WorkState.PAUSED and watched.services.shown.run.images_seen == 16
    assert reached.count("g_updated") == 1, "nobody looks at the rest of the second one"
    assert watched.run_bar.step_button.isEnabled(), "the next one may be looked at"


def test_a_trial_shows_one_player_learning_and_leaves_the_training_where_it_is(watched, qtbot):
    training, dialog = watched.services.training, dialog_of(watched)
    to_the_end(watched, qtbot)
    with qtbot.waitSignal(training.stage_reached):
        qtbot.mouseClick(dialog.findChild(QPushButton, "only_d_button"), Qt.MouseButton.LeftButton)
    to_the_end(watched, qtbot)
    assert [name.partition(". ")[2] for name in names(dialog)][-1] == "D learns" and "only D" in text(dialog, "title")
    assert watched.services.shown.run.images_seen == 8


def test_a_training_that_was_looked_at_is_the_one_that_nobody_looked_at(watched, qtbot, tmp_path):
    training = watched.services.training
    to_the_end(watched, qtbot)
    go_on(watched, qtbot)
    run = watched.services.shown.run
    with qtbot.waitSignal(training.stopped):
        watched.commands.do("pause")  # goes on, also in the middle of a step
    alone = RunFolder(tmp_path / "alone")
    for _ in Trainer(run.info.config, alone, data=tiny.data()).run():
        pass
    looked_at = RunFolder(run.path)
    assert [row._replace(seconds=0) for row in looked_at.metrics()] == [
        row._replace(seconds=0) for row in alone.metrics()
    ]
    (first, _), (second, _) = looked_at.state(), alone.state()
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_who_closes_it_before_the_first_stage_finds_a_training_that_rests(window, qtbot):
    training = window.services.training
    window.commands.do("step")
    dialog_of(window).reject()
    qtbot.waitUntil(lambda: training.state is WorkState.PAUSED)
    assert not training.is_looked_at and not window.commands["step"].why_not()
    with qtbot.waitSignal(training.stage_reached):
        window.commands.do("step")
    dialog_of(window).reject()


def test_a_layer_shows_what_it_gives_and_follows_the_step(watched, qtbot):
    dialog = dialog_of(watched)
    diagram = dialog.findChild(NetworkDiagram)
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Right)  # not the next stage
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    shown = dialog.findChild(ActivationsView)
    told = shown.findChild(QLabel, "activations_told")
    assert len(names(dialog)) == 1 and shown.isVisible() and "“G " in told.text()
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert "“G " in told.text(), "D has not worked yet"
    go_on(watched, qtbot)
    assert "“D " in told.text()
    before = told.text()
    while "real pictures" not in names(dialog)[-1]:
        go_on(watched, qtbot)
    assert told.text() != before and shown.isVisible()
    language.switch("es")
    assert "primera imagen" in told.text()


def test_activations_are_gray_at_nothing_whatever_their_size():
    maps = np.zeros((70, 4, 4), np.float32)
    maps[0, 0, 0], maps[1] = -2, 2
    picture = activations_picture(maps)
    assert picture[0, 0] == 1 and picture[1, 1] == 128 and picture.max() == 255
    assert activations_picture(np.zeros(1, np.float32)).tolist() == [[128]]
    assert activations_picture(np.array([1, -1, 0], np.float32)).tolist() == [[255, 1], [128, 128]]


def test_one_map_and_one_number_are_told_as_one(qtbot):
    view = ActivationsView()
    qtbot.addWidget(view)
    for values, said in ((np.ones((1, 2, 2)), "1 map. Gray"), (np.ones(1), "picture: 1.")):
        view.show_layer("D verdict", values.astype(np.float32))
        assert said in view.findChild(QLabel, "activations_told").text()


@pytest.mark.usefixtures("restless")
def test_slow_motion_walks_by_itself_and_stops(watched, qtbot):
    dialog = dialog_of(watched)
    qtbot.mouseClick(dialog.findChild(QPushButton, "slow_motion_button"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(dialog)) >= 2)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog.findChild(QPushButton, "slow_motion_button").text() == "Slow motion"
    to_the_end(watched, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog.findChild(QListWidget).currentRow() == 0, "who asks for it at the end sees the step once more"
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    before = text(dialog, "title")
    dialog.findChild(QPushButton, "next_stage_button").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert text(dialog, "title") != before, "Space presses what Tab was led to"
    assert dialog.findChild(QPushButton, "slow_motion_button").text() == "Slow motion"


def test_it_speaks_the_language_of_the_moment(watched):
    language.switch("es")
    dialog = dialog_of(watched)
    assert names(dialog) == ["1. Se sortea z"] and "Paso 1" in text(dialog, "title")


def test_step_waits_for_a_pause(watched, qtbot):
    to_the_end(watched, qtbot)
    assert not watched.commands["step"].why_not()
    watched.commands.do("pause")
    assert watched.services.training.state is not WorkState.WORKING or watched.commands["step"].why_not()


def test_the_focus_ring_lies_upon_no_letter(watched, qtbot):
    dialog = dialog_of(watched)
    while not text(dialog, "formula"):
        go_on(watched, qtbot)
    texts = [label for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()]
    focused = [dialog.findChild(QLabel, "magnifier_formula"), dialog.findChild(QScrollArea)]
    for each in focused:
        each.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        ring = dialog.findChild(QWidget, "focus_ring")
        assert ring.isVisible()
        covered = ring.mask().translated(ring.pos())
        places = {label: QRect(label.mapTo(dialog, QPoint()), label.size()) for label in texts}
        assert [label.text() for label, place in places.items() if covered.intersects(place)] == [], each
