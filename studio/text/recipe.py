"""What a recipe shows, what to expect and what it takes, said before it is trained. Knows no Qt."""

from __future__ import annotations

from engine.amounts import duration, megabytes
from engine.config import Config
from engine.i18n import joined, tr
from engine.recipes import RECIPES
from studio.model.measurements import Estimate


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
