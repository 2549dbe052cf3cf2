"""The window's part of the benchmark: what the turns found becomes one table."""

import json
import re
from contextlib import closing
from pathlib import Path

from engine import bench as engine_bench
from engine import cli
from engine.search.opening import open_study
from studio import bench
from studio.bench.many_trials import make_search
from studio.bench.switching import WORKSPACES


def rows_of(table):
    return {row[0]: row[1:] for row in zip(*(column.cells for column in table.columns), strict=True)}


def test_the_table_tells_the_middle_and_the_worst_of_all_turns_that_measured_it():
    turns = [
        {"on_screen_s": 0.7, "first_step_s": 1.0, "gap_p99_ms": 10.0, "gap_max_ms": gap, "memory_mb": 700.0}
        | {"training": 950.0, "headless training": 1000.0}
        | {"exploring": 700.0 + gap, "headless exploring": 1000.0}
        for gap in (40.0, 90.0, 60.0)
    ]
    of_the_long_turn = (
        "slider_p95_ms",
        "frame_p95_ms",
        "table_fill_s",
        "table_gap_ms",
        "mirror_step_ms",
        "wall_gap_ms",
    )
    turns[0] |= dict.fromkeys(of_the_long_turn, 9.0)
    (table,) = bench.PART.tables(turns)
    rows = rows_of(table)
    assert rows["event-loop gap while training, max"] == ("60 ms", "90 ms", "≤ 100 ms")
    assert rows["slider to picture while training, p95"] == ("9.0 ms", "9.0 ms", "≤ 33 ms")
    assert rows["training speed, of headless"] == ("0.95", "0.95", "≥ 0.95")
    assert rows["training speed while exploring, of headless"] == ("0.76", "0.74", "≥ 0.80")


def test_the_first_switch_to_a_workspace_is_told_beside_the_later_ones():
    switches = {f"{kind} {name}": [60.0, 20.0, 30.0] for kind in ("clock", "own") for name in WORKSPACES}
    switches["own explore"] = [31.0, 15.0, 16.0]
    turns = [{"switches": switches}, {"switches": switches | {"clock explore": [40.0, 25.0, 90.0]}}]
    (table,) = bench.PART.tables(turns)
    rows = rows_of(table)
    assert len(rows) == 2 * len(WORKSPACES)
    assert rows["Explore, the first time"] == ("50 ms", "60 ms", "31 ms", "≤ 50 ms")
    assert rows["Explore, later"] == ("28 ms", "90 ms", "16 ms", "≤ 50 ms")


def test_the_help_of_the_command_names_every_part():
    (command,) = (each for each in cli.app.registered_commands if each.callback is cli.benchmark.bench)
    parts = {part.name for part in (*engine_bench.PARTS, *bench.PARTS)}
    assert len(parts) > 8 and parts <= set(re.findall(r"\w+", str(command.help)))


def test_only_the_first_turn_measures_what_one_turn_tells_well_enough(monkeypatch):
    """Each beside a training, which a switch of the workspace is not."""
    beside, alone = [], []
    monkeypatch.setattr(
        bench, "measure_beside", lambda command, environment, launched: beside.append(command) or {"training": 1.0}
    )
    monkeypatch.setattr(bench, "_run", lambda command, environment: alone.append(command) or '{"clock train": [1.0]}')
    found = [step.measure() for step in bench.PART.steps()]
    assert found == [{"training": 1.0}] * 5 + [{"switches": {"clock train": [1.0]}}] * 3
    assert all("studio.bench" in command for command in (*beside, *alone))
    assert [bench.SHORT in command for command in beside] == [False, True, True, True, True]
    assert [command[-1] for command in alone] == [bench.SWITCH] * 3


def test_a_search_with_many_trials_is_a_part_of_its_own(monkeypatch):
    figures = dict.fromkeys(("redraw_ms", "begin_gap_ms", "gap_p99_ms", "gap_max_ms", "searching_mb"), 12.0)
    asked = []
    monkeypatch.setattr(
        bench, "_run", lambda command, variables: asked.append((command, variables)) or json.dumps(figures)
    )
    (table,) = bench.SEARCH_PART.tables([step.measure() for step in bench.SEARCH_PART.steps()])
    rows = rows_of(table)
    assert rows["resident memory while it goes on, at most"] == ("12 MB", "12 MB", "≤ 1100 MB")
    ((command, variables),) = asked
    assert command[-1] == bench.SEARCH and not Path(variables["DUELO_HOME"]).exists(), "its home is gone"


def test_the_window_while_a_picture_is_painted_is_a_part_of_its_own(monkeypatch):
    figures = dict.fromkeys(("begin_gap_ms", "gap_p99_ms", "gap_max_ms", "memory_mb"), 24.0)
    asked = []
    monkeypatch.setattr(bench, "_run", lambda command, variables: asked.append(command) or json.dumps(figures))
    (table,) = bench.STYLE_PART.tables([step.measure() for step in bench.STYLE_PART.steps()])
    rows = rows_of(table)
    assert rows["event-loop gap while it goes on, p99"] == ("24.0 ms", "24.0 ms", "≤ 25 ms")
    assert asked[0][-1] == bench.STYLE and bench.STYLE_PART in bench.PARTS


def test_the_search_that_is_measured_has_all_that_a_trial_leaves():
    name = make_search(3, 5.0)
    with closing(open_study("", name)) as study:
        trials = study.trials()
    assert [trial.state for trial in trials] == ["finished"] * 3 and all(len(trial.measures) == 8 for trial in trials)
    assert all(trial.thumbnail is not None and trial.seconds == 5.0 for trial in trials)
