"""Names that options, choices and classes had in an older Duelo: runs and commands that say them are understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.i18n import tr

OPTIONS_OF_OLD = {
    "family": "architecture",
    "keep_mb": "max_snapshot_mb",
    "judge_percent": "eval_time_percent",
    "d_skip_below": "d_skip_loss",
    "g_noise": "g_batch_source",
    "order": "update_order",
    "decay_start": "lr_decay_start",
    "decay_shape": "lr_decay_shape",
    "class_weight": "aux_classifier_weight",
    "joined_batch": "concat_real_fake",
    "image_colour": "image_color",
}
CHOICES_OF_OLD = {
    "architecture": {"shuffle": "pixelshuffle", "shuffle-deep": "pixelshuffle-deep", "growing": "progressive"},
    "loss": {"least_squares": "lsgan", "wasserstein": "wgan_gp", "relativistic": "rpgan"},
    "augment": {
        "move": "translation",
        "move-cut": "translation,cutout",
        "move-cut-colour": "translation,cutout,color",
    },
    "image_color": {"grey": "gray", "colour": "color"},
}
_CLASSES = {"faces": {"grey": "gray"}, "cifar10": {"aeroplane": "airplane", "lorry": "truck"}}  # by data set


def option_of_today(name: str) -> str:
    """Return what the option ``name`` is called today."""
    return OPTIONS_OF_OLD.get(name, name)


def choice_of_today(option: str, value: Any) -> Any:
    """Return what the ``value`` of ``option``, both as they may have been called, is called today."""
    known = CHOICES_OF_OLD.get(option_of_today(option), {})
    return known.get(value, value) if isinstance(value, str) else value


def class_of_today(dataset: str, name: str) -> str:
    """Return what the class ``name`` of ``dataset`` is called today."""
    return _CLASSES.get(dataset, {}).get(name, name)


def of_today(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``options`` by the names of today; one that is there under both names keeps what today's says."""
    renamed = {option_of_today(name): choice_of_today(name, value) for name, value in options.items()}
    return renamed | {
        name: choice_of_today(name, value) for name, value in options.items() if name not in OPTIONS_OF_OLD
    }


def assignments_of_today(assignments: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return assignments such as "family=growing" by the names of today, and a sentence for each that was not."""
    found, remarks = [], []
    for assignment in assignments:
        name, equals, value = (part.strip() for part in assignment.partition("="))
        new, choice = option_of_today(name), choice_of_today(name, value)
        found.append(f"{new}={choice}" if equals else assignment)
        old, today = (name, new) if choice == value else (f"{name}={value}", f"{new}={choice}")
        if old != today and equals:
            remarks.append(tr("“{old}” is called “{new}” now.", old=old, new=today))
    return found, remarks
