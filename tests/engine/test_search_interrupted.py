"""A search that is stopped, killed, shared, or has no room on the disk: what is gone on with, and what is refused."""

import subprocess
import sys
from dataclasses import replace

import optuna
import pytest

from engine.errors import DiskError, UserError
from engine.runs import RunFolder, summary
from engine.search import claims, storages, trial
from engine.search.opening import open_study, studies
from engine.search.records import (
    SearchBlocked,
    TrialProgress,
    TrialStarted,
)
from tests import tiny
from tests.engine import searching
from tests.engine.searching import begun, search, where
from tests.engine.small_searches import done, of


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


def dead_worker():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return replace(claims.here(), pid=process.pid)


# --- stopping and going on


def test_what_is_stopped_goes_on_with_the_same_trial(clock):
    job = begun()
    events = search(job, 1.0, clock=clock).run()
    stopped = next(event for event in events if isinstance(event, TrialProgress) and event.number == 1)
    events.close()
    assert stopped.number == 1 and [t.state for t in job.trials()] == ["finished", "stopped", "waiting"]
    again = open_study(where(), job.name, job.plan.config)
    told, _ = done(search(again, 2 / 60, clock=clock).run())
    first = of(TrialStarted, told)[0]
    assert (first.number, first.retry_of, first.values) == (2, 1, again.trials()[1].values)
    assert [trial.state for trial in again.trials()] == ["finished", "stopped", "finished"]
    assert again.trials()[1].run is None and again.trials()[2].run


def test_the_trial_of_a_process_that_is_gone_is_taken_up_once(clock):
    job = begun()
    lost = job.ask()
    values = job.claim(lost)
    job.note(lost, worker=dead_worker().facts())
    for _ in range(2):
        job.take_up_lost()
    assert [trial.state for trial in job.trials()] == ["lost", "waiting"]
    done(search(job, 2 / 60, clock=clock, keep_runs=False).run())
    assert job.trials()[1].values == values and job.trials()[1].retry_of == 0 and job.trials()[1].is_start


def test_a_trial_that_kills_its_process_each_time_is_not_tried_for_ever():
    job = begun()
    for _ in range(3):
        lost = job.ask()
        job.claim(lost)
        job.note(lost, worker=dead_worker().facts())
        job.take_up_lost()
    assert [trial.state for trial in job.trials()] == ["lost"] * 3


def test_who_is_silent_on_another_machine_is_given_up_after_a_while(clock):
    watch = claims.Watch(60.0, clock)
    other = replace(claims.here(), host="elsewhere")
    for beat, seconds, stale in [(1, 0, False), (1, 59, False), (2, 59, False), (2, 59, False), (2, 2, True)]:
        clock.now += seconds
        assert watch.is_stale(7, other, beat) is stale
    assert not watch.is_stale(8, claims.here(), None) and claims.Watch().is_stale(8, dead_worker(), None)


def test_what_somebody_else_ended_meanwhile_is_theirs(clock):
    job = begun()
    mine = job.ask()
    job.claim(mine)
    other = open_study(where(), job.name)
    other.study.tell(0, state=optuna.trial.TrialState.FAIL)
    assert not job.finish(mine, 1.0) and job.trials()[0].state == "failed"
    job.note(mine, seconds=1.0)
    job.beat(mine, 1)


def test_a_heart_beats_while_nobody_asks_on():
    beats = []
    with claims.beating(beats.append, every=0.001):
        while len(beats) < 3:
            pass
    assert beats[:3] == [1, 2, 3]


# --- studies that are not ours


def test_another_search_of_the_same_name_is_refused():
    begun(name="mine")
    with pytest.raises(UserError, match=r"is another one; what differs: images\. Give another name"):
        begun(name="mine", images=160)


def test_a_study_of_another_program_is_refused_and_left_alone():
    storage = storages.open_storage(where())
    foreign = optuna.create_study(study_name="foreign", storage=storage)
    foreign.optimize(lambda trial: trial.suggest_float("x", 0, 1), 2)
    for opening in (lambda: begun(name="foreign"), lambda: open_study(where(), "foreign")):
        with pytest.raises(UserError, match="“foreign” cannot be gone on with: This is no search of Duelo's"):
            opening()
    told = [each.trouble for each in studies(where()) if each.name == "foreign"]
    assert told == ["This is no search of Duelo's."], "the window has no --study"
    assert len(foreign.trials) == 2


def test_a_study_of_another_version_is_refused(monkeypatch):
    begun(name="old")
    monkeypatch.setattr("engine.search.plan.__version__", "99")
    with pytest.raises(UserError, match="was begun by Duelo"):
        begun(name="old")


def test_a_study_about_other_images_is_refused(clock, monkeypatch):
    job = begun()
    done(search(job, 2 / 60, clock=clock).run())
    job.bind(tiny.data().facts)
    with pytest.raises(UserError, match="other images"):
        job.bind(replace(tiny.data().facts, image_count=3))


def test_a_name_that_is_not_there():
    begun(name="studio-search")
    with pytest.raises(UserError, match="Did you mean studio-search"):
        open_study(where(), "studio-serch")
    assert open_study(where()).name == "studio-search"


# --- disks and storages


def test_a_full_disk_in_the_middle_is_told_and_nothing_is_lost(clock, monkeypatch):
    from engine import files

    real, refusals = files.write_atomically, [3]

    def refuse(path, data, **how):
        if path.name == "trial-0000.png" and refusals[0]:
            refusals[0] -= 1
            raise DiskError("The disk is full.", "Make room.")
        real(path, data, **how)

    monkeypatch.setattr(files, "write_atomically", refuse)
    job = begun()
    events, _ = done(search(job, 4 / 60, clock=clock).run())
    assert [event.message for event in of(SearchBlocked, events)] == ["The disk is full."] * 3
    assert [trial.state for trial in job.trials()] == ["finished"] * 2
    seen = [event.images_seen for event in of(TrialProgress, events) if event.number == 0]
    assert seen == sorted(seen), "what was trained by then is not trained again"


@pytest.mark.parametrize("write", ["save_info", "append_quality", "save_samples", "save_snapshot"])
def test_a_run_that_a_full_disk_refuses_is_waited_for(clock, monkeypatch, write):
    """Its beginning, its judgments, and what is kept of a trial that ends early."""
    real, refusals = getattr(RunFolder, write), [3]

    def refuse(self, *given, **how):
        if refusals[0]:
            refusals[0] -= 1
            raise DiskError("The disk is full.", "Make room.")
        return real(self, *given, **how)

    monkeypatch.setattr(RunFolder, write, refuse)
    job = begun(looks=8)
    events, _ = done(search(job, 5 / 60, clock=clock, speed=searching.SPEED).run())  # which is cut short
    (only,) = job.trials()
    assert [event.message for event in of(SearchBlocked, events)] == ["The disk is full."] * 3
    assert only.state == "cut" and summary(only.run).preview is not None and summary(only.run).quality is not None


@pytest.mark.parametrize("where", ["report", "finish", "ask", "claim", "note", "take_up_lost"])
def test_a_storage_that_fails_in_the_middle_is_waited_for(clock, monkeypatch, where):
    job = begun()
    real, refusals = getattr(job, where), [2]

    def refuse(*given, **how):
        if refusals[0]:
            refusals[0] -= 1
            raise storages.StorageError("The storage is away.", "Plug it in.")
        return real(*given, **how)

    monkeypatch.setattr(job, where, refuse)
    events, _ = done(search(job, 4 / 60, clock=clock).run())
    assert len(of(SearchBlocked, events)) == 2
    assert [trial.state for trial in job.trials()] == ["finished"] * 2


def test_the_runs_of_the_worst_trials_go_where_the_disk_is_bounded(clock):
    job = begun()
    done(search(job, 12 / 60, clock=clock, max_mb=0).run())
    kept = [trial.number for trial in job.trials() if trial.run]
    assert kept == [job.best().number] and all(trial.thumbnail for trial in job.trials())


def test_a_defect_in_a_trial_is_told_as_one_and_the_trial_counts_as_failed(clock, monkeypatch):
    monkeypatch.setattr(trial.TrialTraining, "hear", lambda *_: 1 / 0)
    job = begun()
    with pytest.raises(ZeroDivisionError):
        done(search(job, 1.0, clock=clock).run())
    assert job.trials()[0].state == "failed"
