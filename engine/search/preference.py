"""Blind duels between the trials of a search, and what they make of it: a search after what a person prefers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.files import open_plain
from engine.i18n import number, tr
from engine.preference.answers import FILE, Answer, Answers
from engine.preference.players import Player, cut
from engine.preference.ranking import ranked
from engine.runs.pictures import read_png
from engine.search.objectives import PREFERENCE
from engine.search.plan import Plan
from engine.search.records import TrialRecord

if TYPE_CHECKING:
    from engine.datasets.info import DatasetInfo
    from engine.search.study import SearchStudy

_SHOWN = ("finished", "pruned", "trouble", "cut")


def answers_of(folder: Path) -> Answers:
    """Return the answers about the trials of the search whose pictures lie in ``folder``."""
    return Answers(folder / FILE)


def may_take_part(trial: TrialRecord) -> bool:
    """Whether there is something to see of what a trial came to."""
    return trial.state in _SHOWN and trial.thumbnail is not None


def players(study: SearchStudy, numbers: Sequence[int] = ()) -> list[Player]:
    """Return the trials with these ``numbers`` that can be compared; without any, all that were trained to the end."""
    facts, trials = study.facts(), [trial for trial in study.trials() if may_take_part(trial)]
    chosen = [t for t in trials if (t.number in numbers if numbers else t.state == "finished")]
    found = (_player(study.plan, facts, trial) for trial in chosen) if facts else ()
    return [player for player in found if player is not None]


def scores(answers: Sequence[Answer]) -> dict[int, float]:
    """Return how well a person likes each trial, by its number; nothing while too little was said to build on it."""
    ranking = ranked(answers, "better")
    return {int(key): score for key, score in ranking.scores.items()} if ranking.is_enough else {}


def by_eye(
    plan: Plan, trials: Sequence[TrialRecord], liked: Mapping[int, float]
) -> tuple[Plan, tuple[TrialRecord, ...]]:
    """Return the search as if it had been after the preference: ``liked`` in place of measures, nothing elsewhere."""
    seen = tuple(replace(trial, value=liked.get(trial.number), measures=()) for trial in trials)
    return replace(plan, objective=PREFERENCE, target=0.0), seen


def _player(plan: Plan, facts: DatasetInfo, trial: TrialRecord) -> Player | None:
    assert trial.thumbnail is not None
    try:
        with open_plain(trial.thumbnail, trial.thumbnail.parent) as file:
            grid = read_png(file)
    except (OSError, ValueError):
        return None
    pictures, labels = cut(grid, facts.tile_size, plan.options_of(trial.values).asked_classes(facts.class_names))
    frechet = trial.measures[-1].frechet if trial.measures else None
    title = tr("Trial {number}", number=number(trial.number))
    told = (title, pictures, labels, frechet)
    return Player(str(trial.number), *told, noun=facts.noun) if len(pictures) else None
