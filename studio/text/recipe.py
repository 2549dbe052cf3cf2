"""What a recipe shows, what to expect and what it takes, said before it is trained. Knows no Qt."""

from __future__ import annotations

from engine.config import Config
from engine.i18n import joined, number, tr, trn
from engine.recipes import RECIPES
from studio.model.measurements import Estimate

_MANY = 90  # seconds, minutes or hours that are better said in the next larger unit


def recipe_story(config: Config, estimate: Estimate | None) -> str:
    """Tell the recipe of ``config`` in the current language, an empty text where it is unknown."""
    recipe = RECIPES.get(config.recipe)
    return joined(tr(recipe.summary), tr(recipe.expect), takes_sentence(estimate)) if recipe else ""


def takes_sentence(estimate: Estimate | None) -> str:
    """Return what a training takes as a sentence, and how one knows; nothing while its length is not known."""
    if estimate is None or estimate.seconds is None:
        return ""
    time, memory = duration(estimate.seconds), megabytes(estimate.memory)
    if estimate.is_measured:
        return tr("It takes about {time} and {memory}, as trainings on this machine did.", time=time, memory=memory)
    return tr(
        "It takes about {time} on two cores without a GPU, and {memory}; the first training here tells better.",
        time=time,
        memory=memory,
    )


def takes_words(estimate: Estimate) -> str:
    """Return the same in a few words."""
    memory = megabytes(estimate.memory)
    if estimate.seconds is None:
        return tr("a new training takes about {memory}", memory=memory)
    return tr("a new training takes about {time}, {memory}", time=duration(estimate.seconds), memory=memory)


def takes_briefly(estimate: Estimate) -> str:
    """Return the same where there is very little room."""
    memory = megabytes(estimate.memory)
    if estimate.seconds is None:
        return tr("new: {memory}", memory=memory)
    return tr("new: ≈ {time}, {memory}", time=duration(estimate.seconds), memory=memory)


def megabytes(count: float) -> str:
    """Write bytes as a person estimates them, to two digits."""
    size = float(f"{count / 1e6:.2g}")
    return (
        tr("{size} MB", size=number(size, ",.0f")) if size < 1000 else tr("{size} GB", size=number(size / 1000, ".2g"))
    )


def duration(seconds: float) -> str:
    """Write a duration as a person estimates it: in seconds, minutes, hours or days."""
    if seconds < _MANY:
        return trn("{count} second", "{count} seconds", max(round(seconds), 1))
    if seconds < _MANY * 60:
        return trn("{count} minute", "{count} minutes", round(seconds / 60))
    if seconds < _MANY * 3600:
        return trn("{count} hour", "{count} hours", round(seconds / 3600))
    return trn("{count} day", "{count} days", round(seconds / 86400))
