"""Courses of trainings, written by hand, and what the diagnosis names in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.datasets.info import DatasetInfo
from engine.diagnosis import curves_of, diagnose
from engine.events import Quality
from engine.recipes import recipe

FACTS = DatasetInfo(5000, tuple("0123456789"), 1, 28)
EVEN = (0.1,) * 10
GOOD = Quality(1, 5000, 500, 12.0, 11.0, 13.0, 8.8, 0.9, 0.7, 0.02, 0.03, 0.0, EVEN, 0.99, None)
NOISE = replace(
    GOOD,
    frechet=1285.0,
    precision=0.0,
    recall=0.0,
    duplicates=0.1,
    accuracy=0.1,
    histogram=(*(0.0,) * 9, 1.0),
    memorization=0,
)


def rows(images=60_000, d_loss=1.38, g_loss=0.8, d_real=0.51, d_fake=0.49, every=640):
    """Columns of ``MetricsRow`` ``[N, fields]``; a number or a function of images_seen for each value."""
    seen = np.arange(every, images + 1, every)
    values = [value(seen) if callable(value) else value for value in (d_loss, g_loss, d_real, d_fake)]
    columns = [seen // 64, seen // 5000 + 1, seen, seen / 2500, *values, 0]
    return np.stack([np.broadcast_to(column, seen.shape) for column in columns], axis=1).astype(float)


def looks(quality, count=12, **curves):
    """``count`` judgments like ``quality``, an epoch apart; ``curves`` give a value for each."""
    return [
        replace(quality, epoch=k, images_seen=5000 * k, **{name: values[k - 1] for name, values in curves.items()})
        for k in range(1, count + 1)
    ]


def named(columns, qualities, options=None, recipe_name="studio", **more):
    """The names of what is found."""
    config = recipe(recipe_name).config(**{"dataset": "digits", "classes": (), **(options or {})})
    return [d.failure_mode for d in diagnose(curves_of(config, FACTS, columns, qualities, **more))]


SLOW = {"g_lr": 4e-5}
CRITIC = {"loss": "wgan_gp", "gp_weight": 0.001}
TROUBLED = {
    "d-wins": (rows(d_real=0.999, d_fake=0.001), looks(NOISE)),
    "g-wins": (rows(d_real=0.55, d_fake=0.93), looks(NOISE)),
    "no-learning": (rows(d_real=0.5, d_fake=0.5), looks(NOISE)),
    "rate-too-low": (rows(d_real=0.8, d_fake=0.2), looks(NOISE, frechet=[1250 - 30 * k for k in range(12)]), SLOW),
    "penalty-too-weak": (rows(d_loss=-2000, g_loss=900), looks(NOISE), CRITIC),
    "rate-too-high": (rows(d_loss=5e4, g_loss=2e3), looks(NOISE)),
    "memorization": (rows(), looks(GOOD, memorization=[0, 0.1, *[0.8] * 10])),
    "labels-ignored": (rows(), looks(replace(GOOD, accuracy=0.09))),
    "mode-collapse": (rows(d_real=0.7, d_fake=0.4), looks(replace(GOOD, duplicates=0.9, recall=0.0, frechet=300.0))),
    "oscillation": (rows(), looks(GOOD, frechet=[200, 60, 40, 90, 40, 40, 95, 45, 30, 80, 40, 30])),
}


BLOT = replace(NOISE, duplicates=1.0, precision=1.0)
