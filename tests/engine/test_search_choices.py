"""Which trial comes next, who may have it, and how long it takes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine import pace
from engine.errors import UserError
from engine.events import NotFinite, Started
from engine.search import samplers
from engine.search.calibration import Speed, calibrate
from engine.search.opening import join, open_study, studies
from tests import tiny
from tests.engine import searching
from tests.engine.searching import begun, plan, search, where
from tests.engine.small_searches import claimed, measure, tick


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


# --- how long a trial takes


class Ticking:
    """A training whose clock says what it wants: slow at first, then 100 images a second."""

    events = ()

    def __init__(self, _config, data=None):
        self.session = SimpleNamespace()

    def run(self):
        yield from self.events


def calibrated(monkeypatch, *events):
    monkeypatch.setattr(Ticking, "events", events)
    monkeypatch.setattr(pace, "Trainer", Ticking)
    judge = SimpleNamespace(data=None, look=lambda *_: None)
    job = calibrate(tiny.config(), judge)
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def hundred_a_second(first, steps):
    """Return ticks, each after another hundred images, the first after ``first`` seconds."""
    return [tick(10 + 100 * step, first + step) for step in range(steps)]


def test_what_the_first_steps_take_is_not_how_fast_it_trains(monkeypatch):
    started, never = object.__new__(Started), tick(10**6, 100.0)
    assert calibrated(monkeypatch, started, *hundred_a_second(1.0, 7), never).images_per_second == pytest.approx(100.0)
    slow = [*hundred_a_second(9.0, 7), never]
    assert calibrated(monkeypatch, started, *slow).images_per_second == pytest.approx(100.0), "a first step of 9 s"
    assert calibrated(monkeypatch, tick(10, 0.1)).images_per_second == pytest.approx(100.0), "over before it was warm"


def test_steps_that_wait_for_another_program_are_not_how_fast_it_trains(monkeypatch):
    waited = [*hundred_a_second(1.0, 4), *(tick(410 + 100 * step, 14.0 + step) for step in range(4))]
    lazy = [tick(10 + 100 * step, 1.0 + step + (step // 2)) for step in range(7)]  # each second one takes twice as long
    monkeypatch.setattr(pace, "_LONGEST_SECONDS", 100.0)
    assert calibrated(monkeypatch, *waited).images_per_second == pytest.approx(100.0)
    assert calibrated(monkeypatch, *lazy).images_per_second == pytest.approx(600 / 9)


def test_networks_whose_steps_take_long_are_not_waited_for(monkeypatch):
    long = [tick(100 * step, 5.0 * step) for step in range(1, 9)]
    made = []
    monkeypatch.setattr(Ticking, "run", lambda self: (made.append(each) or each for each in self.events))
    assert calibrated(monkeypatch, *long).images_per_second == pytest.approx(20.0) and len(made) == 3


def test_options_that_break_at_once_cannot_be_begun_with(monkeypatch):
    broken = object.__new__(NotFinite)
    with pytest.raises(UserError, match="cannot train a single step"):
        calibrated(monkeypatch, broken, tick(10, 9.0))


def test_a_trial_takes_its_training_its_beginning_and_its_judgments():
    speed = Speed(images_per_second=100.0, look_seconds=0.5, start_seconds=2.0)
    assert speed.trial_seconds(plan(images=1000, looks=4)) == 2 + 10 + 2
    assert speed.trial_seconds(plan(images=0, seconds=30.0, looks=4)) == 2 + 30 + 2


# --- what is tried first, and where


def test_what_is_known_to_work_is_tried_second_unless_it_is_what_it_begins_with():
    job = begun(values={"d_lr": 0.05})
    values = [each.values for each in job.trials()]
    assert values == [{"d_lr": 0.05}, job.plan.proven] and job.plan.proven["d_lr"] != 0.05
    known = job.plan.proven["d_lr"]
    assert [each.values for each in begun(name="other", values={"d_lr": known}).trials()] == [{"d_lr": known}]


def test_a_start_that_is_out_of_range_is_not_tried_and_a_grid_begins_on_its_points():
    away = begun("d_lr=1e-4..1e-2:log", name="away", values={"d_lr": 0.05})
    assert [each.is_start for each in away.trials()] == [False] and away.trials()[0].values == away.plan.proven
    grid = begun("d_lr=1e-4..1e-2:log", name="grid", values={"d_lr": 0.05}, sampler="grid")
    assert grid.trials() == []


def test_who_opens_a_search_works_on_it_with_his_own_machine(tmp_path):
    planned = begun(name="one").plan.config
    mine = tiny.config(threads=1, data_root=str(tmp_path))
    found = open_study(where(), "one", mine).plan.config
    assert (found.threads, found.data_root) == (1, str(tmp_path)) and found.d_lr == planned.d_lr != mine.d_lr


def test_the_newest_search_stands_first():
    for name in ("first", "second"):
        claimed(begun(name=name))
    assert [each.name for each in studies(where())] == ["second", "first"]


def test_a_grid_is_not_done_while_a_point_of_it_waits_to_be_taken_up_again(clock):
    job = begun("d_steps=1..2", "loss=hinge,rpgan", sampler="grid")
    list(search(job, 1.0, clock=clock, keep_runs=False).run())
    assert job.is_exhausted()
    job.again(job.trials()[-1].number)
    assert not job.is_exhausted()


def test_workers_of_a_grid_go_through_it_in_one_order():
    whole = plan("d_steps=1..3", "loss=hinge,rpgan", sampler="grid")
    one, other = (samplers.sampler(whole, seed) for seed in (1, 2))
    assert one._all_grids == other._all_grids


def test_no_two_workers_are_given_one_point_of_a_grid_when_a_trial_was_taken_up_again():
    job = begun("d_steps=1..2", "loss=hinge,rpgan", sampler="grid")
    job.finish(claimed(job), 1.0)
    job.study.enqueue_trial({"d_steps": 1, "loss": "hinge"})
    for _ in range(4):
        job.ask()
    points = [each.system_attrs.get("grid_id") for each in job.study.trials[1:]]
    assert points == [None, 1, 2, 3], "each by what was there before, and none by chance"


def test_a_median_is_not_asked_before_half_of_a_trial():
    job = join(plan(looks=4, pruner="median"), where(), "half")
    for frechet in (1.0, 1.0, 1.0, 1.0, 50.0):
        asked = claimed(job)
        says = [job.report(asked, step, [measure(frechet)]) for step in (1, 2, 3)]
        if frechet == 1.0:
            job.finish(asked, frechet)
    assert says == [False, True, True]


def test_two_who_begin_at_the_same_moment_do_not_try_the_same():
    job = begun(sampler="random")
    for _ in range(2):
        job.finish(claimed(job), 1.0)
    other = open_study(where(), job.name)
    other.worker = replace(other.worker, pid=other.worker.pid + 1)
    mine = job.ask()
    job.claim(mine)
    theirs = other.ask()
    assert job.trials()[mine.number].values != other.claim(theirs)
