"""A search from its first trial to its last: budget, pruning, troubles, pausing, stopping, going on, full disks."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from engine.errors import UserError
from engine.events import Quality
from engine.job import Progress
from engine.runs import summary
from engine.runs.pictures import read_png
from engine.search import preference, trial, why
from engine.search.calibration import calibrate
from engine.search.evaluators import Evaluators, cut
from engine.search.records import (
    SearchStarted,
    TrialEnded,
    TrialProgress,
    TrialStarted,
)
from engine.search.search import Search
from tests import tiny
from tests.engine import searching
from tests.engine.searching import begun, plan, search
from tests.engine.small_searches import done, of


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


# --- the whole


def test_a_search_finds_better_options_than_it_began_with(clock):
    job = begun(values={"d_lr": 0.05})
    events, result = done(search(job, 0.4, clock=clock).run())
    trials = job.trials()
    assert [event.number for event in of(TrialStarted, events)] == list(range(len(trials)))
    assert trials[0].is_start and trials[0].values == {"d_lr": 0.05}
    assert result.trials == len(trials) == 12 and {trial.state for trial in trials} == {"finished"}
    best = job.best()
    assert best.value < trials[0].value and abs(best.values["d_lr"] / searching.BEST) < 10
    assert [len(trial.measures) for trial in trials] == [2] * 12
    assert best.measures[-1].frechet == best.value and best.measures[-1].images_seen == 80


def test_what_is_told_on_the_way(clock):
    events, _ = done(search(begun(), 2 / 60, clock=clock).run())
    (started,) = of(SearchStarted, events)
    assert (started.trials, started.trial_seconds, started.known) == (1.0, 2.0, 0)
    looks = [event for event in of(TrialProgress, events) if event.measure]
    assert [event.share for event in looks] == [0.5, 1.0]
    assert looks[-1].grid.shape == (18, 98) and looks[-1].grid.dtype == "uint8"
    (ended,) = of(TrialEnded, events)
    assert ended.trial.state == "finished" and ended.trial.thumbnail.name == "trial-0000.png"
    assert ended.seconds_left == 0 and events.index(ended) == len(events) - 1
    with open(ended.trial.thumbnail, "rb") as file:
        assert (read_png(file) == looks[-1].grid).all()


def test_the_run_of_a_trial_is_a_run_with_its_options(clock):
    job = begun()
    done(search(job, 2 / 60, clock=clock).run())
    (only,) = job.trials()
    run = summary(only.run)
    assert run.finished and run.images_seen == 80 and run.config.d_lr == only.values["d_lr"]
    assert run.quality.frechet == only.value and run.preview is not None


def test_in_memory_a_trial_leaves_its_picture_alone(clock):
    job = begun()
    done(search(job, 4 / 60, clock=clock, keep_runs=False).run())
    assert sorted(path.name for path in job.folder.iterdir()) == ["trial-0000.png", "trial-0001.png"]
    assert job.trials()[0].run is None


@pytest.mark.parametrize("seconds, trials", [(2, 1), (7, 3), (8.9, 4), (9.1, 5), (20, 10)])
def test_the_budget_is_kept(clock, seconds, trials):
    """A trial takes two seconds; another one begins where the end comes nearer to the time asked for."""
    _, result = done(search(begun(), seconds / 60, clock=clock, keep_runs=False).run())
    assert result.trials == trials and abs(result.seconds - seconds) <= max(0.2 * seconds, 1.0)


def test_a_pause_does_not_count(clock):
    events = search(begun(), 6 / 60, clock=clock, keep_runs=False).run()
    told = []
    for event in events:
        told.append(event)
        clock.now += 50.0
    assert len(of(TrialEnded, told)) == 3


def test_a_trial_that_outlasts_the_time_is_cut_short(clock):
    job = begun(looks=8, values={"batch_size": 8})
    _, result = done(search(job, 5 / 60, clock=clock, speed=searching.SPEED).run())  # eight seconds, not two
    (only,) = job.trials()
    assert only.state == "cut" and len(only.measures) == 6 and result.seconds == 6.0
    assert summary(only.run).images_seen == 64 and summary(only.run).preview is not None


def test_a_trial_may_be_as_long_as_a_time(clock):
    job = begun(images=0, seconds=2.0)
    done(search(job, 2 / 60, clock=clock).run())
    only = job.trials()[0]
    assert only.state == "finished" and [measure.share for measure in only.measures][-1] == 1.0
    assert summary(only.run).images_seen == only.measures[-1].images_seen > 80


def test_a_time_that_buys_no_trial_is_refused_before_the_first(clock):
    slow = replace(searching.SPEED, images_per_second=0.5)
    job = begun()
    with pytest.raises(UserError, match=r"buys no trial: one takes about 2.7 minutes here\. Give more minutes"):
        done(Search(job, 1.0, speed=slow, clock=clock).run())
    assert [trial.state for trial in job.trials()] == ["waiting"]


def test_the_goal_of_images_ends_a_trial_that_is_there(clock):
    job = begun(goal="images:40", values={"d_lr": searching.BEST})
    done(search(job, 2 / 60, clock=clock).run())
    first = job.trials()[0]
    assert first.state == "finished" and first.value == 40.0 and len(first.measures) == 1


def test_variety_is_better_when_higher(clock):
    job = begun(goal="variety", values={"d_lr": 0.05})
    done(search(job, 0.2, clock=clock, keep_runs=False).run())
    assert job.best().value == max(trial.value for trial in job.trials()) > job.trials()[0].value


def test_the_seed_says_what_is_tried(clock):
    first, second, other = (begun(name=name, values={"seed": seed}) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    for job in (first, second, other):
        done(search(job, 8 / 60, clock=clock, keep_runs=False).run())
    tried = [[trial.values["d_lr"] for trial in job.trials()] for job in (first, second, other)]
    assert tried[0] == tried[1] != tried[2] and len(set(tried[0])) == len(tried[0])


@pytest.mark.parametrize("pruner", ["median", "hyperband"])
def test_what_is_worse_than_others_is_stopped_early(clock, pruner):
    job = begun(looks=4, pruner=pruner, values={"d_lr": searching.BEST})
    done(search(job, 0.7, clock=clock, speed=replace(searching.SPEED, look_seconds=0.5)).run())
    pruned = [trial for trial in job.trials() if trial.state == "pruned"]
    assert pruned and all(len(trial.measures) < 4 and trial.value is None for trial in pruned)
    assert job.best().value < min(trial.measures[-1].frechet for trial in pruned)
    assert summary(pruned[0].run).images_seen == pruned[0].measures[-1].images_seen < 80
    assert len(job.trials()) > 0.7 * 60 / 4 + 1  # than had all been whole


def test_a_grid_is_tried_once_and_then_nothing_is_left(clock):
    job = begun("d_steps=1..3", "loss=hinge,rpgan", sampler="grid")
    _, result = done(search(job, 1.0, clock=clock, keep_runs=False).run())
    tried = sorted((trial.values["d_steps"], trial.values["loss"]) for trial in job.trials() if not trial.is_start)
    assert result.is_exhausted and tried == [(d, loss) for d in (1, 2, 3) for loss in ("hinge", "rpgan")]


def test_of_two_who_were_given_the_same_point_of_a_grid_the_first_one_keeps_it(clock):
    job = begun("d_steps=1..3", "loss=hinge,rpgan", sampler="grid")
    first, second = job.ask(), job.ask()
    job.study._storage.set_trial_system_attr(second._trial_id, "grid_id", 0)
    assert not job.is_taken(first) and job.is_taken(second)


# --- what goes wrong in a trial


def test_options_that_make_no_sense_are_told_and_the_search_goes_on(clock):
    job = begun("loss=hinge,nonsaturating", "d_lr", values={"label_smoothing": 0.1}, sampler="random")
    done(search(job, 0.2, clock=clock, keep_runs=False).run())
    refused = [trial for trial in job.trials() if trial.state == "refused"]
    assert refused and {trial.values["loss"] for trial in refused} == {"hinge"} and job.best()
    assert "no such target" in refused[0].reason and "Set label smoothing to 0" in refused[0].reason


def test_a_search_in_which_everything_is_refused_ends(clock):
    job = begun("loss=hinge,rpgan", values={"label_smoothing": 0.1})
    with pytest.raises(UserError, match="one set of options after the other is refused"):
        done(search(job, 1.0, clock=clock).run())


def test_what_is_not_finite_ends_a_trial_at_once(clock, monkeypatch):
    class Spoiling(searching.KnownJudge):
        def measure(self, generator, device, epoch, images_seen):
            with torch.no_grad():
                next(generator.parameters()).fill_(float("nan"))
                for player in spoiled:
                    next(player.parameters()).fill_(float("nan"))
            return super().measure(generator, device, epoch, images_seen)

    spoiled = []
    real = trial.Trainer

    class Watched(real):
        def run(self):
            for event in super().run():
                spoiled[:] = [self.session.gan.generator] if self.session else []
                yield event

    Spoiling.clock = clock
    monkeypatch.setattr(Evaluators, "_of", lambda self, config: Spoiling(config, self.data))
    monkeypatch.setattr(trial, "Trainer", Watched)
    job = begun()
    done(search(job, 2 / 60, clock=clock).run())
    first = job.trials()[0]
    assert (first.state, first.failure_mode, first.told) == ("trouble", "not-finite", "Not a number")


@pytest.mark.parametrize("name, stops", [("d-wins", True), ("mode-collapse", True), ("oscillation", False)])
def test_certain_troubles_end_a_trial_by_name(clock, monkeypatch, name, stops):
    monkeypatch.setattr(trial, "diagnose", lambda _curves: (SimpleNamespace(failure_mode=name),))
    job = begun()
    done(
        search(
            job, 1 / 60 if stops else 2 / 60, clock=clock, speed=replace(searching.SPEED, images_per_second=80)
        ).run()
    )
    first = job.trials()[0]
    assert (first.state, first.failure_mode) == (("trouble", name) if stops else ("finished", ""))
    assert len(first.measures) == (1 if stops else 2)


def test_the_diagnosis_sees_rows_and_judgments(clock, monkeypatch):
    seen = []
    monkeypatch.setattr(trial, "diagnose", lambda curves: seen.append(curves) or ())
    done(search(begun(), 2 / 60, clock=clock).run())
    assert [len(curves.qualities) for curves in seen] == [1, 2] and seen[1].images[-1] == 80
    assert isinstance(seen[0].qualities[0], Quality)


# --- before and after


def test_a_calibration_measures_training_and_judging(monkeypatch):
    monkeypatch.setattr("engine.pace.WARM_SECONDS", 0.0)
    monkeypatch.setattr("engine.search.calibration._MEASURED_SECONDS", 0.01)
    events, speed = done(calibrate(tiny.config(), Evaluators(tiny.data())))
    assert of(Progress, events) and speed.images_per_second > 0 and speed.look_seconds > 0
    assert searching.SPEED.trials(plan(), 1.0) == 30 and searching.SPEED.images_of(10, 8) == 2400


def test_a_tile_of_the_contact_sheet_is_bounded():
    import numpy as np

    assert cut(np.zeros((238, 298), np.uint8), 28).shape == (208, 298)
    assert cut(np.zeros((1000, 1000, 3), np.uint8), 64).shape == (196, 262, 3)
    assert cut(np.zeros((600, 600), np.uint8), 512).shape == (512, 512)


def test_what_was_found_is_said_in_words_and_drawn(clock):
    job = begun("d_lr=1e-5..1e-1:log", "d_steps=1..3", "loss=nonsaturating,hinge", values={"d_lr": 0.09})
    assert why.findings(job).sentence == "No trial has finished yet."
    done(search(job, 0.6, clock=clock, keep_runs=False).run())
    found = why.findings(job)
    assert next(iter(found.importance)) == "d_lr" and sum(found.importance.values()) == pytest.approx(1)
    assert found.sentence.startswith("Learning rate of D matters most (") and "; best near 0.00" in found.sentence
    assert "where the options that the search began with have" in found.against_start
    trials = job.trials()
    lines = why.lines(job.plan, trials)
    assert [axis.name for axis in why.axes(job.plan, trials)] == ["d_lr", "d_steps", "loss", ""]
    assert len(lines) == len(trials) and all(0 <= at <= 1 for line in lines for at in line.positions)
    along = why.slice_of(job.plan, trials, "d_lr")
    assert abs(along.positions[along.values.argmin()] - 0.5) < 0.2 and along.axis.title == "Learning rate of D"
    surface = why.contour_of(job.plan, trials, "d_lr", "d_steps").surface
    assert surface.shape == (32, 32) and surface[:, 16].mean() < surface[:, 31].mean()


def test_what_was_stopped_early_counts_for_what_matters(clock):
    job = begun()
    for number, value in enumerate([50.0, 20.0, 5.0, 90.0]):
        asked = job.ask()
        job.claim(asked)
        asked.report(value, 0)
        job.stop(asked, "pruned") if number else job.finish(asked, value)
    assert why.importance(job) == {"d_lr": 1.0} and len(job.completed().trials) == 4


def test_neither_window_nor_commands_import_optuna_before_a_search():
    modules = "engine.cli, engine.search.plan, engine.search.records, studio.window"
    script = f"import sys, {modules}; sys.exit('optuna' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_what_a_person_prefers_takes_the_place_of_what_was_searched_for(clock):
    """Whoever likes what the number calls bad finds another best, another importance, and drawings turned round."""
    job = begun("d_lr=1e-5..1e-1:log", "d_steps=1..3", values={"d_lr": 0.09})
    done(search(job, 0.6, clock=clock, keep_runs=False).run())
    trials = job.trials()
    liked = {trial.number: trial.values["d_steps"] / 4 for trial in trials}
    found = why.findings(job, liked)
    assert next(iter(found.importance)) == "d_steps" and next(iter(why.findings(job).importance)) == "d_lr"
    assert "D updates per step matters most" in found.sentence and "Preference: 75%" in found.against_start
    seen_plan, seen = preference.by_eye(job.plan, trials, {number: liked[number] for number in (0, 1)})
    assert seen_plan.goal.is_better_higher and [trial.number for trial, _ in why.judged(seen_plan, seen)] == [0, 1]


def test_the_pictures_of_trials_meet_with_their_classes_and_distances(clock):
    job = begun(values={"architecture": tiny.config().architecture})  # which is asked for classes
    done(search(job, 0.15, clock=clock, keep_runs=False).run())
    found = preference.players(job)
    finished = [trial for trial in job.trials() if trial.state == "finished"]
    assert [each.key for each in found] == [str(trial.number) for trial in finished]
    assert found[0].labels[:10] == tuple("0123456789") and found[0].pictures.shape[1:] == (8, 8)
    assert found[0].frechet == finished[0].measures[-1].frechet
    assert [each.key for each in preference.players(job, [0])] == ["0"]
    assert preference.scores([]) == {} and preference.answers_of(job.folder).read() == []
