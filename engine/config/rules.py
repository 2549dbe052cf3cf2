"""Which options make no sense together, and why: one visible table, checked before a training begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from engine.architectures import ARCHITECTURES
from engine.datasets.sets import DATASETS, is_points
from engine.errors import UserError
from engine.i18n import joined, mark, tr
from engine.losses import LOSSES

if TYPE_CHECKING:
    from engine.config import Config


class Rule(NamedTuple):
    """``is_broken`` says of a config whether it makes no sense; ``why`` and ``mend``, in which ``{losses}`` may
    stand for those that have targets and ``{for_points}`` for the architectures that take points, are English source
    texts.

    ``spares_old_runs``: trainings were begun before there was this rule, and they may go on.
    """

    is_broken: Callable[[Config], bool]
    why: str
    mend: str
    spares_old_runs: bool = False


def _rests(config: Config) -> bool:
    """Whether a player is in another mode while the other one learns."""
    return config.eval_opponent and config.training_mode


def _takes_points(config: Config) -> bool:
    return ARCHITECTURES[config.architecture].takes_points


RULES = [
    Rule(
        lambda c: is_points(c.dataset) and not _takes_points(c),
        mark("These networks make pictures, and the data are points."),
        mark("Take an architecture for points ({for_points}), as the recipes of the plane do."),
    ),
    Rule(
        lambda c: c.dataset in DATASETS and not is_points(c.dataset) and _takes_points(c),
        mark("These networks make points, and the data are pictures."),
        mark("Choose another architecture, or a data set of points."),
    ),
    Rule(
        lambda c: is_points(c.dataset) and c.augment != "none",
        mark("Augmentation moves and recolors pictures, and the data are points."),
        mark("Turn augmentation off."),
    ),
    Rule(
        lambda c: (c.output, c.data_range) in (("tanh", "0..1"), ("sigmoid", "-1..1")),
        mark("The output of G does not match the range of the data."),
        mark("Take tanh with data from −1 to 1, or sigmoid with data from 0 to 1."),
    ),
    Rule(
        lambda c: c.update_order == "simultaneous" and (c.d_steps > 1 or c.g_steps > 1),
        mark("Players that move at the same moment cannot make different numbers of updates."),
        mark("Set the order to alternating, or both numbers of updates to 1."),
    ),
    Rule(
        lambda c: c.update_order == "simultaneous" and (c.g_batch_source != "same" or _rests(c)),
        mark("Players that move at the same moment learn from the same {data:pictures} of one forward pass."),
        mark("Set the order to alternating, or take the same {data:pictures} and no eval mode for the opponent."),
    ),
    Rule(
        lambda c: _rests(c) and c.g_batch_source == "same",
        mark("With the opponent in eval mode, the {data:pictures} made for D cannot teach G."),
        mark("Let G learn from new {data:pictures}."),
    ),
    Rule(
        lambda c: c.spectral_norm and not c.training_mode,
        mark("Spectral norm follows D's weights in training mode only."),
        mark("Turn training mode on, or spectral norm off."),
    ),
    Rule(
        lambda c: c.g_steps > 1 and c.g_batch_source == "same",
        mark("G cannot learn twice from the same forward pass."),
        mark("Let G learn from new {data:pictures}, or set its updates per step to 1."),
    ),
    Rule(
        lambda c: LOSSES[c.loss].is_critic and c.gp_weight == 0 and not c.spectral_norm,
        mark("A Wasserstein critic that nothing holds back grows without limit."),
        mark("Set the gradient penalty to 10, or turn spectral norm on."),
    ),
    Rule(
        lambda c: LOSSES[c.loss].is_critic and c.gp_weight > 0 and ARCHITECTURES[c.architecture].batch_norm_in_d,
        mark(
            "The gradient penalty needs a D that judges each {data:image} by itself, and this architecture's D has "
            "batch norm."
        ),
        mark("Choose another architecture or another loss."),
    ),
    Rule(
        lambda c: c.r1_gamma > 0 and ARCHITECTURES[c.architecture].batch_norm_in_d,
        mark(
            "The R1 penalty needs a D that judges each {data:image} by itself, and this architecture's D has batch "
            "norm."
        ),
        mark("Set the R1 penalty to 0, or choose another architecture."),
        spares_old_runs=True,
    ),
    Rule(
        lambda c: c.label_smoothing > 0 and not LOSSES[c.loss].has_targets,
        mark("Label smoothing changes the target 1 of real {data:images}, and this loss has no such target."),
        mark("Set label smoothing to 0, or take one of these losses: {losses}."),
    ),
    Rule(
        lambda c: LOSSES[c.loss].compares and not LOSSES[c.loss].is_critic and c.g_batch_source == "double",
        mark("This loss compares real and generated {data:images} in pairs."),
        mark("Let G learn from as many {data:pictures} as D."),
    ),
    Rule(
        lambda c: c.augment != "none" and ARCHITECTURES[c.architecture].is_multi_scale,
        mark("Augmentation would move the sizes of a multi-scale picture apart."),
        mark("Turn augmentation off, or choose another architecture."),
    ),
]


def check(config: Config, earlier: Config | None = None) -> None:
    """Raise ``UserError`` with the reason when options of ``config`` make no sense together.

    ``earlier`` are the options that its run was begun with, if it was: what old runs may do, it may go on doing.
    """
    for rule in RULES:
        is_spared = rule.spares_old_runs and earlier is not None and rule.is_broken(earlier)
        if rule.is_broken(config) and not is_spared:
            raise UserError(tr(rule.why), tr(rule.mend, losses=_with_targets(), for_points=_for_points()))


def _with_targets() -> str:
    return joined(*(tr(loss.title) for loss in LOSSES.values() if loss.has_targets), between=", ")


def _for_points() -> str:
    return joined(*(tr(each.title) for each in ARCHITECTURES.values() if each.takes_points), between=", ")
