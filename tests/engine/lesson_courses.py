"""Courses of trainings written by hand, in which a trouble is named, is over, or never was."""

from __future__ import annotations

from dataclasses import replace

from engine.config import Config
from engine.datasets.sets import is_points
from engine.diagnosis import Recorded
from engine.lessons.conditions import StateCondition
from tests.engine.test_diagnosis import FACTS, GOOD, NOISE, looks, rows

EVEN_TWICE = (0.5, 0.5, *(0.0,) * 8)
COLLAPSED = replace(GOOD, frechet=600.0, recall=0.0, duplicates=0.9, histogram=EVEN_TWICE, accuracy=0.2)
_SHOWS = {
    "d-wins": ({"d_real": 0.999, "d_fake": 0.001}, NOISE),
    "mode-collapse": ({}, COLLAPSED),
    "labels-ignored": ({}, replace(GOOD, accuracy=0.1)),
    "memorization": ({}, replace(GOOD, memorization=0.9)),
    "rate-too-high": ({"d_loss": 900.0, "g_loss": 700.0}, NOISE),
}
_UNTIL = 60_000


def course(condition: StateCondition, config: Config) -> Recorded:
    """Return one of digits that meets ``condition``, with the options of ``config`` unless it is about points."""
    usual = Config() if is_points(config.dataset) else config
    config = usual.changed(dataset="digits", classes=(), epochs=40)
    if condition.kind == "diagnosis":
        if condition.name == "not-finite":
            return Recorded(config, FACTS, rows(640), not_finite=640)
        values, look = _SHOWS[condition.name]
        return Recorded(config, FACTS, rows(_UNTIL, **values), looks(look))
    return Recorded(config, FACTS, rows(_UNTIL), looks(GOOD))
