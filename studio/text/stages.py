"""What the magnifier says of each stage of a step: what happened, and the numbers put into the loss. Knows no Qt."""

from __future__ import annotations

import re

import numpy as np

from engine.architectures import ARCHITECTURES
from engine.config import Config
from engine.events import StepStage
from engine.i18n import joined, mark, number, tr, trn
from engine.losses import LOSSES

TITLES: dict[str, str] = {
    "z": mark("z is drawn"),
    "generated": mark("G {data:draws} {data:pictures}"),
    "d_on_real": mark("D looks at real {data:pictures}"),
    "d_on_generated": mark("D looks at generated {data:pictures}"),
    "d_loss": mark("D's loss"),
    "d_updated": mark("D learns"),
    "d_again": mark("D, frozen, looks again"),
    "g_loss": mark("G's loss"),
    "g_updated": mark("G learns"),
}
_UP_TO_SMALL = 0.0005


def title_of(stage: StepStage) -> str:
    """Return what a stage is called."""
    return tr(TITLES[stage.name])


def told(stage: StepStage, config: Config, *, has_classes: bool) -> str:
    """Return what happened in ``stage``, in some sentences; ``has_classes``: the data of the run have some."""
    arrays = stage.arrays
    match stage.name:
        case "z":
            count, dimensions = arrays["z"].shape
            return tr(
                "{count} times {dimensions} random numbers are drawn: a z for each {data:picture} to come. Gray is 0, "
                "bright is above it, dark below.",
                count=number(count),
                dimensions=number(dimensions),
            )
        case "generated":
            return tr("G makes {data:a picture} of each z. It has never seen a real one: it knows only what D told it.")
        case "d_on_real":
            return _looked(stage, tr("D gives each real {data:picture} a number, its logit: above 0 means “real”."))
        case "d_on_generated":
            return _looked(stage, tr("D gives each generated {data:picture} a number, too: below 0 means “generated”."))
        case "d_updated":
            return _d_moved(stage)
        case "d_again":
            says = tr("D is frozen now: its weights only pass on what would have to change in the {data:pictures}.")
            return _looked(stage, says)
        case "g_updated":
            return _g_moved(stage)
    return _loss_told(stage, follows_classes=has_classes and _follows_classes(config))


def _looked(stage: StepStage, says: str) -> str:
    logits = stage.arrays["logits"]
    return joined(says, tr("The mean is {mean}.", mean=number(float(logits.mean()), ".3f")))


def _d_moved(stage: StepStage) -> str:
    arrays = stage.arrays
    if "found_inf" not in arrays:
        return tr("D is left out this time: its loss is so low that G has to catch up first.")
    return joined(
        _kept(stage) or tr("D's weights move against the slope of its loss; G stands still."),
        _mind(tr("Real {data:pictures}"), arrays["real_before"], arrays["real_after"]),
        _mind(tr("Generated {data:pictures}"), arrays["generated_before"], arrays["generated_after"]),
    )


def _g_moved(stage: StepStage) -> str:
    arrays = stage.arrays
    return joined(
        _kept(stage) or tr("G's weights move; D stands still. You see what G now {data:draws} of the same z."),
        _mind(tr("Generated {data:pictures}"), arrays["generated_before"], arrays["generated_after"]),
    )


def _kept(stage: StepStage) -> str:
    if not stage.arrays["found_inf"].any():
        return ""
    return tr("A gradient was not finite and was kept from the weights.")


def _mind(whose: str, before: np.ndarray, after: np.ndarray) -> str:
    return tr(
        "{whose}: real to D by {before} before, {after} after.",
        whose=whose,
        before=number(float(before.mean()), ".1%"),
        after=number(float(after.mean()), ".1%"),
    )


def _follows_classes(config: Config) -> bool:
    return ARCHITECTURES[config.architecture].reads_classes and config.aux_classifier_weight > 0


def _loss_told(stage: StepStage, *, follows_classes: bool) -> str:
    arrays, of_d = stage.arrays, stage.name == "d_loss"
    loss, total, count = float(arrays["loss"]), float(arrays["total"]), arrays["pairs"].size
    words = [
        tr("What D wants small: {loss}.", loss=number(loss, ".4f"))
        if of_d
        else tr("What G wants small, through D: {loss}.", loss=number(loss, ".4f")),
        trn(
            "It is that of {count} pair of a real and a generated {data:picture}.",
            "It is the mean of {count} pairs of a real and a generated {data:picture}.",
            count,
        ),
    ]
    if abs(total - loss) > _UP_TO_SMALL:
        followed = number(total, ".4f")
        words.append(
            tr("With penalties and class loss it follows {total}.", total=followed)
            if follows_classes
            else tr("With penalties it follows {total}.", total=followed)
        )
    return joined(*words)


def formula_told(stage: StepStage, config: Config, real: float, generated: float) -> str:
    """Return the loss of the first pair, with D's logits ``real`` and ``generated`` put in; nothing where no
    formula is known, or smoothing changes it.
    """
    known, of_d = LOSSES.get(config.loss), stage.name == "d_loss"
    formula = "" if known is None else known.d_formula if of_d else known.g_formula
    if not formula or (of_d and known is not None and known.has_targets and config.label_smoothing > 0):
        return ""
    half = "½·(" if of_d and config.d_loss_over == "mean" else ""
    formula = f"{half}{formula}{')' if half else ''}"
    put_in = re.sub(r"\b[rg]\b", lambda name: _put(real if name.group() == "r" else generated), formula)
    put_in = re.sub(r"\((\(−[^()]*\))\)", r"\1", put_in)  # one pair of brackets is enough
    value = number(float(stage.arrays["pairs"].flat[0]), ".4f")
    return f"{formula}\n= {put_in}\n= {value}   ({tr('the first pair')})"


def _put(value: float) -> str:
    text = number(value, ".3f")
    return f"({text})" if value < 0 else text
