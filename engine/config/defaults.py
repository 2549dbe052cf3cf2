"""Which values go with an architecture and a loss, and which options they do not use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.architectures import ARCHITECTURES
from engine.datasets.sets import DATASETS, is_points
from engine.i18n import mark
from engine.losses import LOSSES

if TYPE_CHECKING:
    from engine.config import Config


def defaults(config: Config, architecture: str, loss: str) -> dict[str, Any]:
    """Return the values that go with ``architecture`` and ``loss``, of every option of which any has its own."""
    names = {name for spec in ARCHITECTURES.values() for name in spec.defaults}
    names |= {name for spec in LOSSES.values() for name in spec.defaults}
    declared = {name: field.default for name, field in type(config).model_fields.items() if name in names}
    return {**declared, **ARCHITECTURES[architecture].defaults, **LOSSES[loss].defaults}


def following(config: Config, architecture: str, loss: str) -> dict[str, Any]:
    """Return what changes with another ``architecture`` and ``loss``: each option that has the value of the old ones.

    What a person, or a recipe, has set otherwise stays.
    """
    old, new = defaults(config, config.architecture, config.loss), defaults(config, architecture, loss)
    return {name: value for name, value in new.items() if getattr(config, name) == old[name] != value}


def _takes_any_pictures(name: str) -> bool:
    return name in DATASETS and DATASETS[name].origin == "folder"


class Unused(NamedTuple):
    """``names`` are options that nothing asks for where ``applies`` to a config; ``why`` is an English source text."""

    names: tuple[str, ...]
    applies: Callable[[Config], bool]
    why: str


UNUSED = [
    Unused(
        ("growth_end",),
        lambda c: not ARCHITECTURES[c.architecture].is_progressive,
        mark("Only networks that grow have an end of growth."),
    ),
    Unused(
        ("aux_classifier_weight",),
        lambda c: not ARCHITECTURES[c.architecture].reads_classes,
        mark("The D of this architecture does not say which class it sees, so there is no class loss."),
    ),
    Unused(
        ("r1_gamma", "r1_interval"),
        lambda c: ARCHITECTURES[c.architecture].batch_norm_in_d,
        mark(
            "The R1 penalty needs a D that judges each {data:image} by itself, and this architecture's D has batch "
            "norm."
        ),
    ),
    Unused(
        ("augment",),
        lambda c: ARCHITECTURES[c.architecture].is_multi_scale,
        mark("Augmentation would move the sizes of a multi-scale picture apart."),
    ),
    Unused(
        ("eval_opponent", "d_dropout"),
        lambda c: not c.training_mode,
        mark("Without training mode both players are always in eval mode, and nothing is left out."),
    ),
    Unused(
        ("gp_weight",),
        lambda c: not LOSSES[c.loss].is_critic,
        mark("Only a critic, such as that of the Wasserstein loss, is held back by this penalty."),
    ),
    Unused(
        ("label_smoothing",),
        lambda c: not LOSSES[c.loss].has_targets,
        mark("Label smoothing changes the target 1 of real {data:images}, and this loss has no such target."),
    ),
    Unused(("augment",), lambda c: is_points(c.dataset), mark("Augmentation moves pictures, and these are points.")),
    Unused(
        ("image_size", "image_fit", "image_color", "image_ground", "image_classes", "image_invert"),
        lambda c: not _takes_any_pictures(c.dataset),
        mark("Only own pictures are made to fit."),
    ),
]


def unused(config: Config) -> Mapping[str, str]:
    """Return the options that ``config`` does not use, each with the reason, an English source text."""
    found = {name: each.why for each in UNUSED if each.applies(config) for name in each.names}
    return {**found, **ARCHITECTURES[config.architecture].unused}
