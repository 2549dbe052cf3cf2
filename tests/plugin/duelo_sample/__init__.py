"""One of each kind that a package may add to Duelo. What needs torch is in modules that are imported when needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.architectures import Architecture
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DataSet
from engine.diagnosis import Evidence, RunCurves
from engine.diagnosis.spec import Detector
from engine.i18n import number, tr
from engine.losses import Loss
from engine.recipes import Recipe
from engine.translations import Translations

LINEAR = Architecture(
    name="linear",
    title="one layer each",
    networks="duelo_sample.networks",
    grace_steps=20,
    help="A single layer for each player.",
    defaults={"z_dim": 8, "g_lr": 2e-3, "d_lr": 1e-3, "r1_gamma": 0.0},
    unused={"g_channels": "One layer has no width.", "d_channels": "One layer has no width."},
    is_conditional=True,
)

SATURATING_HINGE = Loss(
    name="saturating-hinge",
    title="saturating hinge",
    where="duelo_sample.formulas:SATURATING_HINGE",
    absurd=1e4,
    help="G, too, only gets what lies inside the margin.",
    defaults={"d_beta1": 0.5},
)

STRIPES = DataSet(
    name="stripes",
    title="Stripes",
    summary="64 pictures of stripes, upright or lying, 28×28 gray.",
    where="duelo_sample.stripes:SOURCE",
    class_names=("upright", "lying"),
    image_count=64,
    word="Stripes",
)

RECIPE = Recipe(
    name="stripes-in-a-second",
    title="Stripes in a second",
    summary="One layer each learns two pictures.",
    expect="Stripes after an epoch.",
    images_per_second=10_000,
    options={
        "architecture": "linear",
        "loss": "saturating-hinge",
        "dataset": "stripes",
        "epochs": 4,
        "batch_size": 16,
        "log_every": 1,
        "lr_decay_start": 1.0,
        "eval_time_percent": 0,
    },
)


def _is_short(curves: RunCurves) -> tuple[Evidence, ...]:
    """A training that is planned to be over before it can have taken shape."""
    planned = curves.config.total_images or curves.config.epochs * curves.facts.image_count
    if not len(curves.images) or planned >= 1_000:
        return ()
    return (Evidence("planned-short", "losses", 0, int(curves.images[-1]), (planned,)),)


def _longer(config: Config, proven: Config, facts: DatasetInfo) -> Mapping[str, Any]:
    return {"epochs": 1 + 1_000 // facts.image_count}


TOO_SHORT = Detector(
    name="too-short",
    title="Too short",
    why="So few images teach nobody anything. Train longer.",
    detect=_is_short,
    remedy=_longer,
    sentences={"planned-short": lambda images: tr("Only {images} images are planned.", images=number(images))},
)

TRANSLATIONS = Translations("duelo_sample", Path(__file__).parent / "translations")
