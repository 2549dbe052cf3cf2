"""Diagnosis on real trainings that fail, that were cured, and that are healthy: an hour on two cores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.recipes import recipe
from tests.engine.trials import Trial, cured, described, healthy, induced

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2 * 3600)]


def _share(trials: Sequence[Trial], right: Sequence[Trial]) -> float:
    print(*map(described, trials), sep="\n")
    return len(right) / len(trials)


def test_induced_troubles_get_their_right_name():
    trials = list(induced())
    right = [each for each in trials if each.at_the_end[:1] == (recipe(each.recipe).trouble,)]
    assert len(trials) >= 8 * 5
    assert _share(trials, right) >= 0.95


def test_cures_cure():
    trials = list(cured())
    right = [each for each in trials if not each.at_the_end]
    assert _share(trials, right) >= 0.95


def test_healthy_trainings_raise_no_alarm_at_any_moment():
    trials = list(healthy())
    alarmed = [each for each in trials if each.ever]
    assert _share(trials, alarmed) <= 0.05
