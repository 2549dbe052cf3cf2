from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.events import MetricsRow, Started
from studio.model.run_data import RunData
from studio.workspaces.train.health_panel import HealthPanel, VerdictBars


@pytest.fixture
def panel(qtbot):
    made = HealthPanel()
    qtbot.addWidget(made)
    made.show()
    return made


def rows(count, skipped, start=0, d_steps=1):
    return [
        MetricsRow(10 * n, 1, 80 * d_steps * n, n, 1.0, 1.0, 0.6, 0.4, skipped)
        for n in range(start + 1, start + count + 1)
    ]


def history_of(rows):
    history = RunData(image_count=1000, total_images=10_000, batch_size=8)
    history.append(rows)
    return history


def skipped(panel):
    return fact(panel, "skipped").text() if fact(panel, "skipped").isVisible() else None


def heading(panel):
    return panel.findChild(QLabel, "health_heading").text()


def real(panel):
    return panel.findChild(VerdictBars).values[0]


def fact(panel, name):
    return panel.findChild(QLabel, f"fact_{name}")


@pytest.mark.parametrize("count", [0, 1, 100])
def test_a_d_that_never_waits_is_not_spoken_of(panel, count):
    panel.set_run_data(history_of(rows(count, 0)))
    assert skipped(panel) is None


def test_waiting_is_counted_so_far_and_lately(panel):
    history = history_of(rows(50, 10) + rows(50, 5, start=50))
    panel.set_run_data(history)
    assert skipped(panel) == "750 times, lately in 50% of its turns"
    history.append(rows(20, 0, start=100))
    panel.refresh()
    assert skipped(panel) == "750 times, lately in 0% of its turns"


def test_several_updates_per_step_are_several_turns(panel):
    panel.set_run_data(history_of(rows(5, 10, d_steps=2)))
    assert skipped(panel) == "50 times, lately in 50% of its turns"


def test_one_single_skip_and_the_next_run(panel):
    panel.set_run_data(history_of(rows(1, 1)))
    assert skipped(panel) == "1 time, lately in 10% of its turns"
    panel.set_run_data(history_of([]))
    assert skipped(panel) is None


def test_the_facts_of_a_run_are_shown(panel):
    panel.set_run_data(history_of(rows(3, 0)), Path("here"))
    assert fact(panel, "folder").isVisible(), "also of a run that is only looked at"
    assert not fact(panel, "networks").isVisible(), "nothing is told in a line of its own"
    panel.show_started(Started(Path("here"), "CPU", Config(), DatasetInfo(1000, (), 1, 28), 0, 10, 1234, 99))
    panel.refresh()
    assert "1,234" in fact(panel, "networks").text() and fact(panel, "folder").text() == "here"
    assert fact(panel, "networks").isVisible()


def test_the_verdicts_of_an_older_epoch_can_be_looked_back_to(panel):
    history = history_of([row._replace(d_real=0.9 if row.images_seen <= 1000 else 0.2) for row in rows(100, 0)])
    for epoch in (1, 5, 8):
        history.add_grid(epoch, Path())
    panel.set_run_data(history)
    assert real(panel) == pytest.approx(0.2)
    panel.show_epoch(1)
    assert real(panel) == pytest.approx(0.9) and heading(panel) == "What D believed at epoch 1"
    panel.show_epoch(8)
    assert real(panel) == pytest.approx(0.2) and heading(panel) == "What D believes"
    panel.show_epoch(1)
    panel.set_run_data(history)
    assert heading(panel) == "What D believes"
