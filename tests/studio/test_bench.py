"""The window's part of the benchmark: what the turns found becomes one table."""

from studio import bench


def test_the_table_tells_the_middle_and_the_worst_of_all_turns_that_measured_it():
    turns = [
        {"on_screen_s": 0.7, "first_step_s": 1.0, "gap_p99_ms": 10.0, "gap_max_ms": gap, "memory_mb": 700.0}
        | {"images_per_second": 950.0, "headless": 1000.0}
        for gap in (40.0, 90.0, 60.0)
    ]
    of_the_long_turn = ("slider_p95_ms", "frame_p95_ms", "table_fill_s", "table_gap_ms", "mirror_step_ms")
    turns[0] |= dict.fromkeys(of_the_long_turn, 9.0)
    (table,) = bench.PART.tables(turns)
    rows = {row[0]: row[1:] for row in zip(*(column.cells for column in table.columns), strict=True)}
    assert rows["event-loop gap while training, max"] == ("60 ms", "90 ms", "≤ 100 ms")
    assert rows["slider to picture while training, p95"] == ("9.0 ms", "9.0 ms", "≤ 33 ms")
    assert rows["training speed, of headless"] == ("0.95", "", "≥ 0.95")


def test_only_the_first_turn_measures_what_one_turn_tells_well_enough(monkeypatch):
    asked = []
    monkeypatch.setattr(bench, "_run", lambda command, environment: asked.append(command) or "1")
    monkeypatch.setattr(bench.json, "loads", lambda text: {"speed": float(text)})
    found = [step.measure() for step in bench.PART.steps()]
    assert found == [{"speed": 1.0, "headless": 1.0}] * 5
    windows = [command for command in asked if "studio.bench" in command]
    assert [bench.SHORT in command for command in windows] == [False, True, True, True, True]
