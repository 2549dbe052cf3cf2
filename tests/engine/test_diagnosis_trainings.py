"""Diagnosis on real trainings that fail, that were cured, and that are healthy: an hour and a half on two cores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.engine.public_failures import PUBLIC
from tests.engine.trials import Trial, cured, described, healthy, induced, public, public_cured

pytestmark = pytest.mark.slow


def _share(trials: Sequence[Trial], right: Sequence[Trial]) -> float:
    print(*map(described, trials), sep="\n")
    return len(right) / len(trials)


@pytest.mark.parametrize(("kind", "fewest"), [(induced, 8), (public, len(PUBLIC))])
def test_troubles_get_their_right_name(kind, fewest):
    trials = list(kind())
    right = [each for each in trials if each.at_the_end[:1] == (each.trouble,)]
    assert len({each.recipe for each in trials}) >= fewest
    assert _share(trials, right) >= 0.95


@pytest.mark.parametrize("kind", [cured, public_cured])
def test_cures_cure(kind):
    """A cure counts where the training with it is healthy: that nothing is said of it yet is not enough."""
    trials = list(kind())
    right = [each for each in trials if each.state == "healthy"]
    assert _share(trials, right) >= 0.95


def test_healthy_trainings_raise_no_alarm_at_any_moment():
    trials = list(healthy())
    alarmed = [each for each in trials if each.ever]
    assert _share(trials, alarmed) <= 0.05
