"""Trainings that are lined up: kept whatever happens, taken one by one, gone on with after a failure and a restart."""

import json

import numpy as np
import pytest

from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.runs import Branch, Extension, RunFolder, RunInfo, runs_root
from engine.runs.planned import Planned, in_all, seconds_left
from engine.runs.queue import TrainingQueue
from tests import tiny
from tests.engine import hostile
from tests.engine.test_cli import run
from tests.engine.trained import train

FACTS = DatasetInfo(5000, tuple("0123456789"), 1, 28)


@pytest.fixture
def queue(tmp_path):
    return TrainingQueue(tmp_path / "queue.json")


def told(queue):
    return [(plan.title, plan.config.seed, plan.state) for plan in queue.plans()]


def test_plans_are_kept_in_order_and_moved_and_removed(queue):
    assert queue.plans() == [] and queue.take() is None
    queue.add(tiny.config(), " one\n")
    (two,) = queue.add(tiny.config(d_lr=0.0005))
    seeds = queue.add(tiny.config(seed=5), "many", seeds=3)
    assert [plan.config.seed for plan in seeds] == [5, 6, 7] and len({plan.group for plan in seeds}) == 1
    assert two.group == "" and seeds[0].group and "Learning rate of D 0.0005" in two.told
    again = TrainingQueue(queue.path)
    assert told(again) == [("one", 0, "waiting"), ("", 0, "waiting"), *(("many", n, "waiting") for n in (5, 6, 7))]
    again.move(seeds[2].key, 0)
    again.remove(two.key, "nobody's")
    assert [plan.config.seed for plan in queue.plans()] == [7, 0, 5, 6]
    queue.move(seeds[2].key, 99)
    assert [plan.config.seed for plan in queue.plans()] == [0, 5, 6, 7]


@pytest.mark.parametrize("seeds", [0, -1, 5000])
def test_what_makes_no_sense_is_not_lined_up(queue, seeds):
    with pytest.raises(UserError, match="There cannot be"):
        queue.add(tiny.config(), seeds=seeds)
    with pytest.raises(UserError, match="does not match the range"):
        queue.add(tiny.config(output="sigmoid"))
    with pytest.raises(UserError, match="at most"):
        for _ in range(2):
            queue.add(tiny.config(), seeds=900)
    assert len(queue.plans()) == 900


def test_one_after_the_other_is_taken_and_a_failure_stops_no_other(queue):
    one, two, three = queue.add(tiny.config(), seeds=3)
    first = queue.take()
    assert first.key == one.key and first.run and not first.resumes and first.state == "begun"
    queue.failed(one.key, "It broke.\x1b[2J")
    second = queue.take()
    assert second.key == two.key and second.run != first.run, "also within one second"
    queue.done(two.key)
    assert queue.take().key == three.key
    queue.done(three.key)
    assert queue.take() is None
    assert [(plan.state, plan.is_over) for plan in queue.plans()] == [("failed", True), ("done", True), ("done", True)]
    assert queue.plans()[0].reason == "It broke.�[2J"
    for key in (one.key, two.key):
        queue.again(key)
    assert [plan.state for plan in queue.plans()] == ["waiting", "done", "done"], "nothing of it was begun"
    begun = queue.take()
    assert (begun.key, begun.run) == (one.key, first.run)
    RunFolder(begun.run).create()
    RunFolder(begun.run).save_info(RunInfo(begun.config, FACTS))
    queue.failed(one.key, "Again.")
    queue.again(one.key)
    assert [plan.state for plan in queue.plans()] == ["begun", "done", "done"] and queue.take().resumes


def test_what_was_under_way_goes_on_first_after_a_restart_unless_somebody_trains_it(tmp_path):
    queue = TrainingQueue(tmp_path / "queue.json")
    one, two = queue.add(tiny.config(), seeds=2)
    taken = queue.take()
    folder = RunFolder(taken.run)
    folder.create()
    other = TrainingQueue(queue.path)
    with folder.lock():
        assert queue.take().key == two.key, "it is being trained"
    assert other.take() is None, "both were taken, and their process is still there"
    queue.rest(one.key)
    again = other.take()
    assert again.key == one.key and again.run == taken.run
    assert other.take().key == one.key, "whoever took it may take it again"
    other.done(one.key)
    del queue
    assert other.take().key == two.key, "its process is gone"
    other.done(two.key)
    assert [path.name for path in other.path.parent.glob(".queue-*.lock")] == []


def test_what_was_begun_goes_on_before_what_waits(queue):
    one, _ = queue.add(tiny.config(), seeds=2)
    queue.take()
    queue.rest(one.key)
    assert TrainingQueue(queue.path).take().key == one.key


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": "x"}', b"\xff", b'{"schema": 1, "plans": [3]}'])
def test_a_damaged_file_is_told_and_kept_and_stops_nobody(queue, damage):
    queue.path.write_bytes(damage)
    assert queue.plans() == [] and "is damaged" in queue.remark
    assert queue.take() is None and queue.path.read_bytes() == damage, "nothing was changed"
    queue.add(tiny.config())
    assert len(queue.plans()) == 1 and queue.remark == ""
    assert queue.path.with_name("queue-damaged-1.json").read_bytes() == damage


def test_one_plan_that_cannot_be_read_leaves_the_others(queue):
    queue.add(tiny.config(), seeds=3)
    content = json.loads(queue.path.read_text())
    content["plans"][1]["config"]["loss"] = "of a package that is gone"
    queue.path.write_text(json.dumps(content))
    assert [plan.config.seed for plan in queue.plans()] == [0, 2] and queue.remark
    queue.path.write_text(json.dumps(content | {"schema": 3}))
    for ask in (queue.plans, queue.take, lambda: queue.add(tiny.config())):
        with pytest.raises(UserError, match="newer Duelo"):
            ask()
    assert json.loads(queue.path.read_text())["schema"] == 3


def images(**values):
    return Planned("x", tiny.config(**values)).images


def test_the_time_of_each_and_of_all_is_told(queue):
    one, two = queue.add(tiny.config(epochs=2), seeds=2)
    assert one.images == 10_000 and images(classes=(3, 8), max_images=100) == 400
    assert images(total_images=77) == 77 and images(dataset="pictures") is None
    taken = queue.take()
    seconds = seconds_left(queue.plans(), lambda _config: 100.0)
    assert seconds == {one.key: 100.0, two.key: 100.0} and in_all(seconds) == 200.0
    run = RunFolder(taken.run)
    run.create()
    run.save_info(RunInfo(one.config, FACTS))
    run.save_state(5000, {}, {})
    assert seconds_left(queue.plans(), lambda _config: 100.0)[one.key] == 50.0
    queue.done(one.key)
    assert list(seconds_left(queue.plans(), lambda _config: 100.0)) == [two.key]
    unknown = Planned("x", tiny.config(dataset="pictures"))
    assert in_all(seconds_left([unknown, two], lambda _config: 1.0)) is None


# branches and longer trainings


@pytest.fixture
def parent(tmp_path):
    """A run of two of four epochs of 80 images each; the first can be branched off from exactly."""
    return hostile.make_run(tmp_path / "parent")


def left(queue):
    return [plan.images_left for plan in queue.plans()]


def test_a_branch_and_a_longer_training_are_lined_up_and_kept_as_they_begin(queue, parent):
    config = parent.info().config
    (exact,) = queue.add(config, branch_of=Branch(str(parent.path), 1, is_exact=True), schedule="hold")
    (inexact,) = queue.add(config.changed(g_lr=0.01), branch_of=Branch(str(parent.path), 2))
    (longer,) = queue.lengthen(parent.path, 6, "hold")
    assert exact.branch_of.images_seen == 80 and inexact.branch_of.images_seen == 0
    assert left(queue) == [320 - 80, 320, 480 - 160]
    assert exact.told.startswith("Branch of “parent”, epoch 1") and longer.told == "“parent” goes on to 6 epochs"
    assert TrainingQueue(queue.path).plans() == [exact, inexact, longer]
    assert exact.beginning() == (config, {"branch_of": exact.branch_of, "schedule": "hold"})
    assert longer.beginning() == (config.changed(epochs=6), {"resume": True, "schedule": "hold"})
    assert [plan.stem for plan in (exact, inexact)] == ["studio-branch-1", "studio-from-epoch-2"]
    for plan in (exact, inexact, longer):
        taken = queue.take()
        assert taken.key == plan.key and taken.state == "begun"
        queue.done(plan.key)
    assert taken.run == str(parent.path)


def test_a_run_that_is_trained_is_not_made_longer_before_it_rests_nor_twice_at_once(queue, parent):
    for epochs in (6, 8):
        queue.lengthen(parent.path, epochs)
    queue.add(tiny.config(), "other")
    with parent.lock():
        other = queue.take()
    assert other.title == "other"
    queue.done(other.key)
    first = queue.take()
    assert first.config.epochs == 6 and queue.take().key == first.key, "the second waits for the first"
    assert TrainingQueue(queue.path).take() is None, "for another process, too"
    queue.done(first.key)
    assert queue.take().config.epochs == 8


def test_what_cannot_begin_is_not_lined_up(queue, parent):
    config, path = parent.info().config, str(parent.path)
    for epoch, is_exact, values, says in (
        (2, True, {}, "is missing or damaged"),
        (1, True, {"classes": (3, 8)}, "cannot change in a branch that is exact"),
        (1, True, {"epochs": 1}, "Nothing would be left"),
        (9, False, {}, "no generator of epoch 9"),
    ):
        with pytest.raises(UserError, match=says):
            queue.add(config.changed(**values), branch_of=Branch(path, epoch, is_exact=is_exact))
    with pytest.raises(UserError, match="are all the same"):
        queue.add(config, seeds=2, branch_of=Branch(path, 1, is_exact=True))
    with pytest.raises(UserError, match="planned for 4 epochs already"):
        queue.lengthen(parent.path, 4)
    with pytest.raises(UserError, match="holds no run"):
        queue.lengthen(parent.path / "gone", 9)
    assert queue.plans() == []


def test_a_run_that_is_longer_by_then_is_not_made_shorter(queue, parent):
    (plan,) = queue.lengthen(parent.path, 6)
    info = parent.info()
    info.config = info.config.changed(epochs=50)
    parent.save_info(info)
    assert plan.beginning().config.epochs == 50


def test_a_queue_of_before_has_neither(queue):
    queue.add(tiny.config())
    content = json.loads(queue.path.read_text())
    for name in ("branch_of", "lengthens", "schedule"):
        del content["plans"][0][name]
    queue.path.write_text(json.dumps(content | {"schema": 1}))
    (plan,) = queue.plans()
    assert (plan.branch_of, plan.lengthens, plan.schedule) == (None, False, "stretch")
    for name, bad in (("branch_of", {"run": 3}), ("lengthens", "yes"), ("schedule", "bend"), ("key", "../x")):
        queue.path.write_text(json.dumps({"schema": 2, "plans": [content["plans"][0] | {name: bad}]}))
        assert queue.plans() == [] and queue.remark


def test_the_commands_line_up_branches_longer_trainings_and_the_same_again(parent, capsys):
    assert run("queue", "add", "--branch", parent.path, "--epoch", 1, "--set", "g_lr=0.001", "--title", "b") == 0
    assert run("queue", "add", "--longer", parent.path, "--epochs", 9, "--schedule", "hold") == 0
    assert run("queue", "add", "--like", parent.path, "--epochs", 3, "--seeds", 2) == 0
    text = capsys.readouterr().err
    assert text.count("About") == 5 and "4 trainings are left." in text, "the new ones, and all"
    branch, longer, *again = TrainingQueue().plans()
    assert branch.branch_of == Branch(str(parent.path), 1, 80, is_exact=True) and branch.config.g_lr == 0.001
    assert longer.lengthens and (longer.config.epochs, longer.schedule) == (9, "hold")
    assert [(plan.config.epochs, plan.config.seed) for plan in again] == [(3, 0), (3, 1)]
    capsys.readouterr()
    assert run("queue", "list", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [each["schedule"] for each in facts] == ["stretch", "hold", None, None]
    assert facts[0]["branch_of"]["epoch"] == 1 and facts[1]["lengthens"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--like", "x", "--recipe", "studio"], "--like cannot be given with --recipe"),
        (["--branch", "x", "--longer", "y"], "--longer cannot be given with --branch"),
        (["--longer", "x"], "not said how long"),
        (["--longer", "x", "--epochs", "9", "--set", "g_lr=0.1"], "--set cannot be given with --longer"),
        (["--longer", "x", "--epochs", "9", "--seeds", "2"], "--seeds cannot be given with --longer"),
        (["--epoch", "3"], "--epoch says where"),
        (["--schedule", "hold"], "--schedule is for a run that exists"),
        (["--branch", "x"], "holds no run"),
    ],
)
def test_what_makes_no_sense_for_a_queue_is_refused(arguments, says, capsys):
    assert run("queue", "add", *arguments) == 1
    assert says in capsys.readouterr().err and TrainingQueue().plans() == []


def test_the_queue_trains_a_branch_exactly_and_a_run_longer(tiny_data, folder, capsys):
    train(folder, epochs=2)
    assert run("queue", "add", "--branch", folder.path, "--epoch", 1) == 0
    assert run("queue", "add", "--longer", folder.path, "--epochs", 3, "--schedule", "hold") == 0
    before = folder.state()
    assert run("queue", "run") == 0
    branch, longer = (RunFolder(plan.run) for plan in TrainingQueue().plans())
    assert branch.info().branch_of.is_exact and branch.images_seen() == 160
    assert all(np.array_equal(before[0][name], array) for name, array in branch.state()[0].items())
    assert longer.path == folder.path and folder.images_seen() == 240
    assert folder.info().extensions == [Extension(160, 160, "hold")]


def test_the_commands_train_what_is_lined_up(tiny_data, capsys):
    options = [f"--set={name}={value}" for name, value in (tiny.OPTIONS | {"epochs": 1}).items()]
    assert run("queue", "add", *options, "--seeds", 2, "--title", "twins") == 0
    assert run("queue", "add", *options, "--set", "seed=9") == 0
    assert run("queue", "move", 3, 1) == 0 and run("queue", "remove", 3) == 0 and run("queue", "remove", 9) == 1
    capsys.readouterr()
    assert run("queue", "list") == 0
    captured = capsys.readouterr()
    assert "twins" in captured.out and "waiting" in captured.out and "2 trainings are left." in captured.err
    assert run("queue", "run") == 0
    capsys.readouterr()
    assert run("queue", "run") == 0 and "No training is lined up" in capsys.readouterr().err
    assert run("queue", "list", "--json") == 0
    plans = json.loads(capsys.readouterr().out)
    assert [(plan["title"], plan["options"]["seed"]) for plan in plans] == [("", 9), ("twins", 0)]
    assert all(plan["state"] == "done" and RunFolder(plan["run"]).images_seen() == 80 for plan in plans)
    assert len(list(runs_root().glob("2*"))) == 2


def test_a_plan_that_fails_says_why_and_the_next_one_is_trained(tiny_data, monkeypatch, capsys):
    from engine.trainer import Trainer

    whole = Trainer.run

    def fails_at_first(self):
        if self._live.config.seed == 0:
            raise UserError("It is broken.", "Mend it.")
        yield from whole(self)

    monkeypatch.setattr(Trainer, "run", fails_at_first)
    TrainingQueue().add(tiny.config(epochs=1), seeds=2)
    assert run("queue", "run") == 1
    assert [(plan.state, plan.reason) for plan in TrainingQueue().plans()] == [
        ("failed", "It is broken. Mend it."),
        ("done", ""),
    ]
    assert "It is broken." in capsys.readouterr().err
