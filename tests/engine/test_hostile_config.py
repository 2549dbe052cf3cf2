"""Whatever a stranger writes into `config.json`, reading it ends in ``UserError`` at worst."""

from __future__ import annotations

import json
import shutil

import pytest

from engine.config import OPTIONS
from engine.runs import RunFolder, UnreadableRun, list_runs
from tests.engine import hostile
from tests.engine.hostile import read_everything
from tests.engine.strange_files import checked, put, refused


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    run = hostile.make_run(tmp_path_factory.mktemp("original") / "run")
    read_everything(run)  # what is imported late takes its memory here
    return run.path


@pytest.fixture
def run(original, tmp_path):
    shutil.copytree(original, tmp_path / "runs" / "run")
    return RunFolder(tmp_path / "runs" / "run")


def changed(run, **entries):
    """Return ``config.json`` with entries changed; a double underscore leads one level down."""
    content = json.loads((run.path / "config.json").read_text())
    for name, value in entries.items():
        table, _, key = name.rpartition("__")
        (content[table] if table else content)[key] = value
    return json.dumps(content)


class TestConfig:
    @pytest.mark.parametrize(
        "text",
        [
            "[" * 500_000,
            '{"a":' * 100_000,
            '{"schema": 2, "config": ' + "[" * 100_000,
            "[]",
            "1e999",
            "9" * 5000,
            "[" + "[]," * 300_000 + "[]]",
            "[" + '{"":0},' * 140_000 + "0]",
            " " * (2**20 + 1) + "{}",
            '{"schema": 2}',
            '{"schema": 1e999}',
            '{"schema": -1}',
            '{"schema": true}',
            '{"schema": "2"}',
            '{"schema": NaN}',
            b"\xff\xfe\x00\x00",
            b"\x00" * 100,
        ],
        ids=range(17),
    )
    def test_text_that_is_no_run_is_damaged(self, run, text):
        put(run, "config.json", text)
        refused(run.info, "missing or damaged")
        (listed,) = list_runs(run.path.parent)
        assert isinstance(listed, UnreadableRun) and "missing or damaged" in listed.reason

    @pytest.mark.parametrize(
        "entries",
        [
            {"config__epochs": 10**400},
            {"config__epochs": "9" * 4000},
            {"config__epochs": [1] * 1001},
            {"config__g_lr": float("nan")},
            {"config__g_lr": float("inf")},
            {"config__recipe": "x" * 5000},
            {"config__data_root": "\0"},
            {"config__data_root": "\ud800"},
            {"config__" + "x" * 200: 1},
            {"config__unknown": 1},
            {"config__architecture": "pickle"},
            {"config__classes": [10**400]},
            {"config__classes": [-1]},
            {"config__classes": [3, 8]},
            {"config__classes": [[[]]]},
            {"config__z_dim": {"a": 1}},
            {"config": {str(number): 0 for number in range(50_000)}},
            {"facts__image_count": 0},
            {"facts__image_count": True},
            {"facts__image_count": 2.0},
            {"facts__image_count": float("inf")},
            {"facts__image_count": 10**400},
            {"facts__channels": 2},
            {"facts__channels": 4},
            {"facts__size": 2**40},
            {"facts__size": -8},
            {"facts__class_names": [str(number) for number in range(100_000)]},
            {"facts__class_names": ["x" * 256]},
            {"facts__class_names": ["\ud800"]},
            {"facts__class_names": "0123456789"},
            {"facts__class_names": [0, 1]},
            {"facts": []},
            {"changes": {}},
            {"changes": [[1, "g_lr", 0.01]] * 40_000},
            {"changes": [[1, "g_lr", 0.01, 0]]},
            {"changes": ["abc"]},
            {"changes": [[1, "no_option", 0.01]]},
            {"changes": [[1, ["g_lr"], 0.01]]},
            {"changes": [[1, "batch_size", 64]]},
            {"changes": [[1, "recipe", "studio"]]},
            {"changes": [[1, "g_lr", 0.9]]},
            {"changes": [[1, "g_lr", float("nan")]]},
            {"changes": [[1, "g_lr", float("inf")]]},
            {"changes": [[1, "g_lr", "0.01"]]},
            {"changes": [[1, "d_steps", 10**400]]},
            {"changes": [[1, "d_steps", 2.5]]},
            {"changes": [[1, "d_steps", True]]},
            {"changes": [[-1, "g_lr", 0.01]]},
            {"changes": [[1.5, "g_lr", 0.01]]},
            {"changes": [[10**400, "g_lr", 0.01]]},
        ],
        ids=lambda entries: str(entries)[:60],
    )
    def test_values_that_no_run_has_are_refused(self, run, entries):
        put(run, "config.json", changed(run, **entries))
        refused(run.info)

    @pytest.mark.parametrize("architecture", OPTIONS["architecture"].choices)
    def test_an_allowed_value_at_the_end_of_its_range_is_at_worst_a_sentence(self, run, architecture):
        ends = [{}] + [
            {f"config__{spec.name}": value}
            for spec in OPTIONS.values()
            for value in {spec.minimum, spec.maximum, *spec.choices} - {None}
        ]
        facts = [
            {"facts__size": 4},
            {"facts__size": 1024, "config__z_dim": 1024, "config__g_channels": 1024},
            {"facts__size": 7},
            {"facts__channels": 3},
            {"facts__class_names": []},
            {"facts__class_names": ["x"] * 1000},
        ]
        readers = hostile.readers(run)["config.json"]
        for entries in [*ends, *facts] if architecture == "pixelshuffle" else facts:
            put(run, "config.json", changed(run, **{"config__architecture": architecture} | entries))
            assert {"info", "summary"} <= read_everything(run, readers).keys(), entries

    def test_changes_come_in_the_order_of_the_clock(self, run):
        put(run, "config.json", changed(run, changes=[[9, "g_lr", 0.01], [3, "d_steps", 2]]))
        assert run.info().changes == [(3, "d_steps", 2.0), (9, "g_lr", 0.01)]

    def test_facts_that_fit_no_network_are_the_explorers_to_refuse(self, run):
        put(run, "config.json", changed(run, facts__size=1024, config__z_dim=1024, config__g_channels=1024))
        found = checked(run)
        assert "explorer" in found and "shown newest" not in found

    def test_the_version_of_a_newer_run_is_quoted_briefly(self, run):
        put(run, "config.json", changed(run, schema=99, duelo=["9" * 100_000]))
        assert len(refused(run.info, "newer Duelo")) < 1000
        put(run, "config.json", changed(run, schema=99, duelo=None))
        assert "None" not in refused(run.info, "newer Duelo"), "of which no version is known"
