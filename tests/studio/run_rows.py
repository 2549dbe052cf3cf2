"""Runs as the table of all runs knows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.runs import runs_root
from engine.runs.summary import RunSummary
from tests import tiny
from tests.engine import hostile


def summary(name, **values):
    config = tiny.config()
    return replace(RunSummary(Path("/runs") / name, config, config, 320, 320, 80, 1e9), **values)


def names(rows):
    return [row.run.path.name for row in rows]


def listed(window, qtbot, *names):
    """Make runs, and wait until the table has them; the first is chosen."""
    for name in names:
        hostile.make_run(runs_root() / name)
    window.services.runs.list_again()
    window.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == len(names))
    window.run_table.choose([runs_root() / names[0]])
    window.commands.refresh()
