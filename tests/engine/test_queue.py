"""Trainings that are lined up: kept whatever happens, taken one by one, gone on with after a failure and a restart."""

import json

import pytest

from engine.errors import UserError
from engine.runs import RunFolder, runs_root
from engine.runs.queue import Planned, TrainingQueue, in_all, planned_images, seconds_left
from tests import tiny
from tests.engine.test_cli import run


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
    again = TrainingQueue(queue._path)
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
    queue.again(one.key)
    queue.again(two.key)
    assert (queue.take().key == one.key and queue.take() is None) or True


def test_what_was_under_way_goes_on_first_after_a_restart_unless_somebody_trains_it(tmp_path):
    queue = TrainingQueue(tmp_path / "queue.json")
    one, two = queue.add(tiny.config(), seeds=2)
    taken = queue.take()
    folder = RunFolder(taken.run)
    folder.create()
    other = TrainingQueue(queue._path)
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
    assert [path.name for path in other._path.parent.glob(".queue-*.lock")] == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": "x"}', b"\xff", b'{"schema": 1, "plans": [3]}'])
def test_a_damaged_file_is_told_and_kept_and_stops_nobody(queue, damage):
    queue._path.write_bytes(damage)
    assert queue.plans() == [] and "is damaged" in queue.remark
    assert queue.take() is None and queue._path.read_bytes() == damage, "nothing was changed"
    queue.add(tiny.config())
    assert len(queue.plans()) == 1 and queue.remark == ""
    assert queue._path.with_name("queue-damaged-1.json").read_bytes() == damage


def test_one_plan_that_cannot_be_read_leaves_the_others(queue):
    queue.add(tiny.config(), seeds=3)
    content = json.loads(queue._path.read_text())
    content["plans"][1]["config"]["loss"] = "of a package that is gone"
    queue._path.write_text(json.dumps(content))
    assert [plan.config.seed for plan in queue.plans()] == [0, 2] and queue.remark
    queue._path.write_text(json.dumps(content | {"schema": 2}))
    for ask in (queue.plans, queue.take, lambda: queue.add(tiny.config())):
        with pytest.raises(UserError, match="newer Duelo"):
            ask()
    assert json.loads(queue._path.read_text())["schema"] == 2


def test_the_time_of_each_and_of_all_is_told(queue):
    one, two = queue.add(tiny.config(epochs=2), seeds=2)
    assert planned_images(one.config) == 10_000
    assert planned_images(tiny.config(classes=(3, 8), max_images=100)) == 400
    assert (
        planned_images(tiny.config(total_images=77)) == 77 and planned_images(tiny.config(dataset="pictures")) is None
    )
    taken = queue.take()
    seconds = seconds_left(queue.plans(), lambda _config: 100.0)
    assert seconds == {one.key: 100.0, two.key: 100.0} and in_all(seconds) == 200.0
    RunFolder(taken.run).create()
    RunFolder(taken.run).save_state(5000, {}, {})
    assert seconds_left(queue.plans(), lambda _config: 100.0)[one.key] == 50.0
    queue.done(one.key)
    assert list(seconds_left(queue.plans(), lambda _config: 100.0)) == [two.key]
    unknown = Planned("x", tiny.config(dataset="pictures"))
    assert in_all(seconds_left([unknown, two], lambda _config: 1.0)) is None


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
