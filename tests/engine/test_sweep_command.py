"""The command ``sweep`` as a person types it: from the first line to the table, interrupted, and going on."""

import json
import shlex
from contextlib import contextmanager
from functools import partial

import pytest

from engine.cli import endings, main
from engine.errors import UserError
from engine.search import calibration, keeping
from engine.search.opening import open_study, studies
from engine.search.search import Search
from tests import tiny
from tests.engine import searching

OPTIONS = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items() if name != "device"]
SHORT = ["--recipe", "studio", *OPTIONS, "--device", "cpu", "--trial-images", "80", "--pruner", "none"]


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data):
    """Trainings that take no time, of which a clock says that each look at them takes a second."""
    clock = searching.Clock()
    searching.use_known_judge(monkeypatch, clock)
    monkeypatch.setattr("engine.search.search.calibrate", measured)
    monkeypatch.setattr(calibration, "calibrate", measured)
    monkeypatch.setattr("engine.search.search.Search", partial(Search, clock=clock))
    return clock


def measured(config, evaluators):
    yield from ()
    return calibration.Speed(10.0, 0.0, 0.0)


def run(capsys, *arguments, code=0):
    assert main(["sweep", *arguments]) == code
    told = capsys.readouterr()
    return told.out, told.err


def test_a_search_ends_with_the_best_trials_and_what_was_found(capsys):
    out, err = run(capsys, *SHORT, "--tune", "d_lr", "--set", "d_lr=0.01", "--minutes", "0,55")
    assert "0.55 min buy about 4 trials of 8 s" in err
    assert "Trial 0 · d_lr 0.01 · 120.00 · trained to its end" in err and "Trial 1 · d_lr 0.0012 · 27.92" in err
    assert "The best trials" in out and "Learning rate of D matters most (100%); best near 0.00" in out
    assert "where the options that the search began with have 120.00." in out.replace("\n", " ")
    assert "The best trial's run: " in out


def test_the_same_as_json(capsys):
    out, err = run(capsys, *SHORT, "--tune", "d_lr=0,0001..0,1", "--minutes", "0.55", "--json", "--no-runs")
    found = json.loads(out)
    best = found["trials"][found["best"]]
    assert err == "" and best["state"] == "finished" and found["objective"] == "frechet"
    assert best["value"] == min(trial["value"] for trial in found["trials"]) == best["frechet"] and best["run"] is None
    assert found["importance"] == {"d_lr": 1.0} and found["sentence"].startswith("Learning rate of D")


def interrupt_after(monkeypatch, count):
    asked = iter(range(10**6))

    @contextmanager
    def interruptible():
        yield lambda: next(asked) >= count

    monkeypatch.setattr(endings, "interruptible", interruptible)


def test_what_is_interrupted_is_saved_and_says_how_to_go_on(capsys, monkeypatch):
    with monkeypatch.context() as patched:
        interrupt_after(patched, 30)
        _, err = run(capsys, *SHORT, "--tune", "d_lr", "--minutes", "0.5", "--study", "mine", code=130)
    states = [trial.state for trial in open_study("", "mine").trials()]
    assert states[-2:] == ["stopped", "waiting"]
    command = shlex.split(err.replace("\n", " ").partition("Go on with: python main.py sweep ")[2].partition("  ")[0])
    assert command[:2] == ["--study", "mine"] and 0.1 < float(command[command.index("--minutes") + 1]) < 0.5
    _, err = run(capsys, *command)
    assert "already." in err
    states = [trial.state for trial in open_study("", "mine").trials()]
    assert states.count("finished") > 2 and "waiting" not in states


def test_the_length_of_a_trial_is_measured_where_nobody_says_it_and_stays(capsys):
    short = [argument for argument in SHORT if argument not in ("--trial-images", "80")]
    run(capsys, *short, "--tune", "d_lr", "--minutes", "0.3", "--study", "mine", "--json")
    length = open_study("", "mine").plan.images
    run(
        capsys,
        *short,
        "--tune",
        "d_lr",
        "--minutes",
        "0.15",
        "--study",
        "mine",
        "--json",
        "--sampler",
        "random",
        code=0,
    )
    assert open_study("", "mine").plan.images == length == 64


def test_out_says_where_runs_go_and_a_journal_where_the_study_is(capsys, tmp_path):
    where = str(tmp_path / "shared.journal")
    out = ("--out", str(tmp_path / "out"), "--storage", where)
    run(capsys, *SHORT, "--tune", "d_lr", "--minutes", "0.2", *out)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"trial-0000", "trial-0000.png"}
    (only,) = studies(where)
    run(capsys, "--storage", where, "--minutes", "0.2", "--out", str(tmp_path / "other"))
    assert [trial.state for trial in open_study(where).trials()] == ["finished"] * 2 and only.best is not None


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "A search needs at least one option to tune."),
        (["--tune", "d_lr", "--minutes", "0.06"], "This time buys no trial"),
        (["--tune", "d_lr", "--minutes", "soon"], "“--minutes” cannot be “soon”. Give a number from"),
        (["--tune", "d_lr=1..0.1"], "Learning rate of D (d_lr) cannot be “1”."),
        (["--tune", "d_lr=0.1..0.01"], "is empty."),
        (["--tune", "nope"], "There is no option “nope”."),
        (["--tune", "d_lr", "--sampler", "guess"], "“--sampler” cannot be “guess”. Choose one of: tpe, random, grid."),
        (["--tune", "d_lr", "--pruner", "media"], "Did you mean median?"),
        (["--tune", "d_lr", "--objective", "beauty"], "There is no objective “beauty”."),
        (["--tune", "d_lr", "--objective", "images"], "needs the Fréchet distance"),
        (["--tune", "d_lr", "--trial-images", "1"], "“--trial-images” cannot be “1”. Give a whole number from 64"),
        (["--tune", "d_lr", "--trial-seconds", "9"], "cannot be given together"),
        (["--tune", "d_lr", "--storage", "nowhere"], "“nowhere” is no storage."),
        (["--tune", "label_smoothing", "--set", "loss=hinge"], "would change nothing: Label smoothing changes"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_one_line(capsys, arguments, said):
    out, err = run(capsys, *SHORT, *arguments, code=1)
    lines = [line for line in err.splitlines() if line.startswith("Error:")]
    assert out == "" and len(lines) == 1 and said in lines[0]


def test_a_hint_names_the_option_that_the_command_has(capsys, tmp_path):
    where = str(tmp_path / "shared.journal")
    run(capsys, *SHORT, "--tune", "d_lr", "--minutes", "0.2", "--storage", where, "--study", "one")
    _, err = run(capsys, *SHORT, "--tune", "g_lr", "--minutes", "0.2", "--storage", where, "--study", "one", code=1)
    assert "Give another name, or the same options. On the command line: --study." in err
    keeping.put_away("one", where)
    _, err = run(capsys, "--study", "one", "--storage", where, code=1)
    assert "is in the trash." in err and err.rstrip().endswith("On the command line: --study.")
    with pytest.raises(UserError) as caught:
        open_study(where, "one")
    assert "--" not in caught.value.whole, "the window says it, too"


def test_what_a_command_has_no_option_for_is_not_named(capsys, tmp_path):
    assert main(["queue", "add", "--branch", str(tmp_path), "--set", "dataset=pictures"]) == 1
    assert "On the command line" not in capsys.readouterr().err


def test_a_study_that_is_there_takes_no_other_options(capsys):
    _, err = run(capsys, "--study", "mine", "--set", "d_lr=0.1", code=1)
    assert "or name a study that is there, and nothing else" in err
    _, err = run(capsys, "--study", "mine", code=1)
    assert "There is no search in" in err
