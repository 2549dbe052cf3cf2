"""Parts of a search, each alone: who works on a trial, how long one takes, what is tried first, what is found."""

import signal
import subprocess
import sys
import threading
import weakref
from dataclasses import replace
from types import SimpleNamespace

import optuna
import psutil
import pytest

from engine.datasets import catalog
from engine.errors import DiskError, UserError
from engine.events import OutOfMemory, Started, Tick
from engine.runs import RunFolder
from engine.search import claims, samplers, trial, why
from engine.search.calibration import Speed
from engine.search.evaluators import Evaluators
from engine.search.records import SearchBlocked, TrialRecord
from engine.search.trial import Step, TrialTraining
from tests import tiny
from tests.engine import searching
from tests.engine.searching import begun, plan, search
from tests.engine.small_searches import claimed, measure


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


def record(number, state="finished", value=None, frechet=9.0, **facts):
    return TrialRecord(number, state, {"d_lr": 0.001}, value, (measure(frechet),), **facts)


# --- the clock


def test_a_pause_of_any_length_leaves_the_minutes_as_they_were(clock):
    job = search(begun(), 6 / 60, clock=clock, keep_runs=False)
    left, ended = [], 0
    for event in job.run():
        ended += type(event).__name__ == "TrialEnded"
        left.append(job.seconds_left)
        clock.now += 1e6
        assert job.seconds_left == left[-1], "a pause is not worked"
    assert ended == 3 and job.seconds == 6.0 and sorted(left, reverse=True) == left


# --- who works on what


def test_a_later_process_with_the_same_number_is_another_one():
    mine = claims.here()
    assert mine.is_gone() is False and replace(mine, born=mine.born - 60).is_gone() is True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such processes")
def test_a_process_that_nobody_has_buried_is_gone():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    worker = replace(claims.here(), pid=process.pid, born=psutil.Process(process.pid).create_time())
    assert worker.is_gone() is False
    process.send_signal(signal.SIGKILL)
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert worker.is_gone() is True
    process.communicate()


def test_a_heart_goes_on_where_a_beat_was_refused_and_stops_at_the_end():
    beats = []

    def beat(count):
        beats.append(count)
        if count == 1:
            raise UserError("The storage is away.", "Plug it in.")

    with claims.beating(beat, every=0.001):
        while len(beats) < 3:
            pass
    assert beats[:3] == [1, 2, 3] and "heartbeat" not in {each.name for each in threading.enumerate()}


def test_a_search_that_was_stopped_often_is_gone_on_with_all_the_same():
    job = begun()
    for _ in range(5):
        asked = claimed(job)
        job.stop(asked, "stopped")
        job.again(asked.number)
    assert [each.state for each in job.trials()] == ["stopped"] * 5 + ["waiting"]
    assert [each.retry_of for each in job.trials()] == [None, 0, 1, 2, 3, 4]


def test_an_end_that_was_told_before_is_ours_and_another_one_is_not():
    job = begun()
    asked = claimed(job)
    assert job.finish(asked, 1.0) and job.finish(asked, 1.0) and not job.stop(asked, "pruned")
    lost = claimed(job)
    assert job.stop(lost, "lost") and not job.stop(lost, "failed"), "both are the same to the storage"


def test_how_long_a_trial_takes_is_known_of_this_machine_alone():
    job = begun()
    for number, seconds in enumerate([10.0, 12.0, 90.0, 500.0]):
        asked = claimed(job)
        job.note(asked, seconds=seconds)
        if number == 3:
            job.note(asked, worker=job.worker.facts() | {"name": "slower"})
        job.finish(asked, 1.0)
    assert job.seconds_per_trial() == 12.0


# --- one trial


def told(values=None, **how):
    job = begun(values=values or {}, **how)
    return job, TrialTraining(job.plan, job.plan.training_of({"d_lr": 0.001}), RunFolder(job.folder / "trial"),
                              Evaluators(tiny.data()), lambda: False)  # fmt: skip


def test_images_are_read_once_for_all_trials(clock, monkeypatch):
    asked = []
    monkeypatch.setattr(catalog, "read", lambda config, read=catalog.read: (asked.append(config), read(config))[1])
    job = begun()
    list(search(job, 4 / 60, clock=clock, keep_runs=False).run())
    assert [each.state for each in job.trials()] == ["finished"] * 2 and len(asked) == 1


def test_the_memory_of_each_trial_goes_back_to_the_system(clock, monkeypatch):
    given, networks = [], []

    class Known(trial.Trainer):
        def run(self):
            for event in super().run():
                if isinstance(event, Started):
                    networks.append(weakref.ref(self.session.gan))
                yield event

    monkeypatch.setattr(trial, "Trainer", Known)
    monkeypatch.setattr("engine.search.search.give_back", lambda: given.append([ref() for ref in networks]))
    list(search(begun(), 4 / 60, clock=clock, keep_runs=False).run())
    assert len(given) == 3 and len(networks) == 2 and not any(map(any, given)), "when its networks are gone"


def test_others_that_were_better_do_not_end_a_trial_that_is_over_anyway(clock, monkeypatch):
    job = begun()
    monkeypatch.setattr(job, "report", lambda _trial, step, _measures: step == 2)
    list(search(job, 2 / 60, clock=clock, keep_runs=False).run())
    assert [each.state for each in job.trials()] == ["finished"]


def test_a_device_that_is_too_small_fails_the_trial_with_a_reason(clock, monkeypatch):
    class Small:
        def __init__(self, *_given, **_how):
            self.session = None

        def run(self):
            yield OutOfMemory(0, 0)

    monkeypatch.setattr(trial, "Trainer", Small)
    job = begun()
    with pytest.raises(UserError, match="One trial after the other fails: The memory of the device"):
        list(search(job, 1.0, clock=clock, keep_runs=False).run())
    assert [each.state for each in job.trials()] == ["failed"] * 3


def test_two_searches_in_one_folder_keep_their_runs_and_pictures(clock, tmp_path):
    one, other = begun(name="one"), begun("g_lr", name="other")
    for job in (one, other, one):
        list(search(job, 2 / 60, clock=clock, folder=tmp_path).run())
    trials = [*one.trials(), *other.trials()]
    assert [each.state for each in trials] == ["finished"] * 3
    assert len({each.run for each in trials}) == len({each.thumbnail for each in trials}) == 3
    assert all(list(RunFolder(each.run).info().config.model_dump()) for each in trials)
    names = {path.name for path in tmp_path.glob("*.png")}
    assert names == {"trial-0000.png", "trial-0000_2.png", "trial-0001.png"}


def test_a_search_learns_on_its_way_how_long_a_trial_takes(clock):
    job = begun()
    slow = Speed(images_per_second=80.0, look_seconds=0.0, start_seconds=0.0)  # says 1 second of a trial that takes 2
    list(search(job, 4.6 / 60, clock=clock, keep_runs=False, speed=slow).run())
    assert [each.state for each in job.trials()] == ["finished"] * 2


def test_a_knob_is_tried_only_where_it_has_an_effect():
    job = begun("loss=hinge,wgan-gp", "gp_weight", sampler="random")
    tried = [job.claim(job.ask()) for _ in range(8)]
    assert {values["loss"] for values in tried} == {"hinge", "wgan_gp"}
    assert all(("gp_weight" in values) == (values["loss"] == "wgan_gp") for values in tried)


def test_only_failures_in_a_row_end_a_search(clock, monkeypatch):
    begun_ones = []

    class TooSmallNowAndThen(trial.Trainer):
        def run(self):
            begun_ones.append(self)
            if len(begun_ones) % 3:
                clock.now += 1.0
                yield OutOfMemory(0, 0)
            else:
                yield from super().run()

    monkeypatch.setattr(trial, "Trainer", TooSmallNowAndThen)
    job = begun()
    list(search(job, 13 / 60, clock=clock, keep_runs=False).run())
    assert [each.state for each in job.trials()][:6] == ["failed", "failed", "finished"] * 2


def test_what_the_training_cannot_write_is_told_as_a_search_that_waits(clock, monkeypatch):
    real, refusals = RunFolder.append_metrics, [2]

    def refuse(self, rows):
        if refusals[0]:
            refusals[0] -= 1
            raise DiskError("The disk is full.", "Make room.")
        return real(self, rows)

    monkeypatch.setattr(RunFolder, "append_metrics", refuse)
    job = begun()
    events = list(search(job, 2 / 60, clock=clock).run())
    assert sum(isinstance(event, SearchBlocked) for event in events) == 2
    assert [each.state for each in job.trials()] == ["finished"]


def test_a_training_that_begins_anew_is_diagnosed_by_its_new_rows_alone():
    """Where a trial is as long as a time, its first seconds only say how many images that is."""
    _, training = told(images=0, seconds=10.0)
    rows = [(SimpleNamespace(d_loss=1.0, g_loss=1.0, images_seen=images),) for images in (64, 128, 64)]
    ticks = [Tick(1, 1, row[0].images_seen, 0, 0.1, 1.0, None, row) for row in rows]
    for tick in ticks:
        (step,) = list(training.hear(tick, None))
        assert isinstance(step, Step)
    assert [kept.images_seen for kept in training.rows] == [64]


# --- what was found


def test_the_start_is_compared_with_something_else_alone():
    whole = plan()
    start, better = record(0, value=50.0, is_start=True), record(1, value=10.0)
    assert why.against_start(whole, [start], start) == ""
    assert why.against_start(whole, [better], better) == ""
    said = why.against_start(whole, [start, better], better)
    assert said == "Fréchet distance: 10.00, where the options that the search began with have 50.00."
    early = record(0, "trouble", frechet=50.0, is_start=True, failure_mode="d-wins")
    assert why.against_start(whole, [early, better], better).endswith("Those were stopped early: D wins.")


def test_what_still_learns_is_not_judged_and_alike_ones_stand_in_the_middle():
    whole = plan()
    trials = [record(0, value=5.0, frechet=5.0), record(1, "pruned", frechet=5.0), record(2, "learning")]
    assert [each.number for each, _ in why.judged(whole, trials)] == [0, 1]
    assert [line.positions[-1] for line in why.lines(whole, trials)] == [0.5, 0.5]
    assert why.judged(plan(goal="images:40"), trials)[1:] == []


def test_of_two_that_were_given_one_point_the_earlier_keeps_it_and_is_waited_for_while_it_chooses():
    running, done = optuna.trial.TrialState.RUNNING, optuna.trial.TrialState.COMPLETE

    def trial(state=running, **attributes):
        return optuna.trial.create_trial(state=state, value=1.0 if state == done else None, system_attrs=attributes)

    chosen, other = trial(grid_id=3), trial(grid_id=4)
    assert samplers.is_taken(1, [chosen, chosen]) and not samplers.is_taken(1, [other, chosen])
    assert samplers.is_choosing(1, [trial(), chosen]), "it may yet get the same"
    assert not samplers.is_choosing(0, [chosen, trial()])
    for first in (chosen, trial(done), trial(fixed_params={})):
        assert not samplers.is_choosing(1, [first, chosen])
    assert not samplers.is_choosing(1, [trial(), trial()]), "not on a grid"
