"""What a person reads calls a run by the name that a person gave it, and by its folder where nobody did."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from engine.runs import Branch, RunFolder, RunStore, runs_root
from engine.runs.planned import Beginning
from studio.text.run_columns import place as at
from tests import tiny
from tests.studio.hands import announced, begin_training, trained_run


@pytest.fixture
def old(tiny_gan):
    return trained_run(runs_root() / "old", 2)


@pytest.fixture
def seen(window, qtbot, old):
    """A window that shows the run “old”, in Explore."""
    window.whole()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(old)
    window.commands.do("go_to_explore")
    qtbot.waitUntil(lambda: "old" in window.origin_line.text())
    return window


def test_a_run_that_is_renamed_is_called_so_at_once_wherever_it_is_told(seen, qtbot, old):
    assert seen.windowTitle().startswith("old –")
    with announced(qtbot, seen.services.shown.renamed):
        seen.services.runs.describe(old, name="base")
    assert seen.windowTitle().startswith("base –") and "“base”" in seen.origin_line.text()
    with announced(qtbot, seen.services.shown.renamed):
        seen.services.runs.describe(old, name="")
    assert seen.windowTitle().startswith("old –") and "“old”" in seen.origin_line.text()


def test_what_another_program_calls_it_is_taken_up(seen, qtbot, old):
    RunStore(old.parent).rename(old, "theirs")
    with announced(qtbot, seen.services.shown.renamed):
        seen.services.runs.look_again(old)
    assert seen.windowTitle().startswith("theirs –")


def test_a_run_is_opened_with_its_name_and_what_lies_beside_other_images_says_it(window, qtbot, old):
    RunStore(old.parent).rename(old, "base")
    window.whole()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(old)
    assert window.windowTitle().startswith("base –")
    config = window.services.shown.run.info.config
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.show_config(config.changed(classes=(3, 8)))
    assert "of the run “base”" in window.findChild(QLabel, "hint").text()
    with qtbot.waitSignal(window.services.images.looked_at):
        window.services.runs.describe(old, name="roots")
    assert "of the run “roots”" in window.findChild(QLabel, "hint").text()


def test_a_branch_says_by_name_whose_it_is(window, qtbot, old):
    RunStore(old.parent).rename(old, "base")
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(old)
    window.trainings.branch(window.services.shown.run, 1, {"epochs": 100_000})
    with qtbot.waitSignal(window.services.training.ticked):
        pass
    assert "epoch 1 of “base”" in window.message_bar.text
    with qtbot.waitSignal(window.services.training.stopped):
        window.services.training.stop()


def test_a_training_under_way_is_told_by_its_name(services, qtbot):
    begin_training(services.training)
    run = services.training.current.run
    told = []
    services.shown.renamed.connect(lambda: told.append(run.title))
    run.call("live")
    run.call("live")
    assert told == ["live"] and services.shown.run.title == "live"
    services.training.hear_end()


def test_a_planned_run_that_has_a_name_is_trained_under_it(services, qtbot, old):
    RunStore(old.parent).rename(old, "base")
    config = tiny.config(epochs=100_000)
    with qtbot.waitSignal(services.training.ticked):
        services.training.train_planned(Beginning(config, {"resume": True}), old)
    assert services.training.current.run.title == "base"
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()


def test_what_is_lined_up_says_the_name_of_the_run_that_it_goes_on_with(window, qtbot, old):
    RunStore(old.parent).rename(old, "base")
    queue = window.services.queue
    with qtbot.waitSignal(queue.lined_up):
        queue.lengthen(old, 9, "stretch")
    assert [plan.told for plan in queue.state.plans] == ["“base” goes on to 9 epochs"]
    with qtbot.waitSignal(queue.changed):
        window.services.runs.describe(old, name="roots")
    assert [plan.told for plan in queue.state.plans] == ["“roots” goes on to 9 epochs"]


def test_the_table_says_whose_branch_a_run_is_and_follows_the_name_of_that_run(window, qtbot, old):
    branch = RunFolder(trained_run(runs_root() / "branch", 2))
    info = branch.info()
    info.branch_of = Branch(str(old), 1)
    branch.save_info(info)
    window.services.runs.list_again()
    window.commands.do("go_to_compare")
    rows = window.run_table.model

    def told():
        row = rows.row_in(branch.path)
        return row.texts[at("differences")] if row else ""

    qtbot.waitUntil(lambda: told().startswith("Branch of “old”, epoch 1"))
    window.services.runs.describe(old, name="base")
    qtbot.waitUntil(lambda: told().startswith("Branch of “base”, epoch 1"))
