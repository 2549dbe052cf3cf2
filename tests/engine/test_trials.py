"""What the slow trainings are asked, asked of trainings written down by hand: no hour to find it out of order."""

import pytest

from engine.datasets.sets import dataset
from engine.recipes.working import WORKING
from tests.engine import test_diagnosis_trainings as slow
from tests.engine.trials import HEALTHY, Trial


def _trials(at_the_end, state):
    said = ((0, ()), (5_000, ("oscillation",)), (9_000, at_the_end))
    return [Trial("fail-collapse", seed, False, said, state, "mode-collapse") for seed in range(4)]


def _named(kind):
    slow.test_troubles_get_their_right_name(kind, 1)


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        (_named, ("mode-collapse",), ("oscillation", "mode-collapse")),
        (slow.test_cures_cure, "healthy", "unknown"),
    ],
)
def test_a_slow_test_tells_right_trainings_from_wrong_ones(asked, right, wrong):
    def kind(answer):
        return _trials(answer, "") if isinstance(answer, tuple) else _trials((), answer)

    asked(lambda: kind(right))
    with pytest.raises(AssertionError):
        asked(lambda: [*kind(right), *kind(wrong)[:1]])


def test_one_alarm_in_some_moment_is_an_alarm(monkeypatch):
    quiet = [Trial("studio", seed, False, ((0, ()),), "healthy", "") for seed in range(20)]
    monkeypatch.setattr(slow, "healthy", lambda: quiet)
    slow.test_healthy_trainings_raise_no_alarm_at_any_moment()
    monkeypatch.setattr(slow, "healthy", lambda: [*quiet, *_trials((), "healthy")])
    with pytest.raises(AssertionError):
        slow.test_healthy_trainings_raise_no_alarm_at_any_moment()


def test_every_recipe_whose_data_are_at_hand_is_watched_for_alarms():
    assert HEALTHY.keys() == {entry.name for entry in WORKING if dataset(entry.config().dataset).origin != "file"}
