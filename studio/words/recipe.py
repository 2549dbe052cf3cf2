"""What a recipe shows, what to expect and how long it takes, said before it is trained. Knows no Qt."""

from __future__ import annotations

from engine.config import Config
from engine.i18n import tr, trn
from engine.recipes import RECIPES

_MANY = 90  # seconds or minutes that are better said in the next larger unit


def recipe_story(config: Config, image_count: int, measured_speed: float) -> str:
    """Tell the recipe of ``config`` in the current language, an empty text where it is unknown.

    ``image_count`` is 0 while it is not known, and then no duration is told; ``measured_speed`` is what the newest
    run with the recipe reached on this machine in images/s, 0 where there is none.
    """
    recipe = RECIPES.get(config.recipe)
    if recipe is None:
        return ""
    sentences = [tr(recipe.summary), tr(recipe.expect)]
    speed = measured_speed or recipe.images_per_second
    images = config.total_images or config.epochs * image_count
    if images and speed > 0:
        time = duration(images / speed)
        sentences.append(
            tr("It takes about {time} here, as fast as the last time.", time=time)
            if measured_speed
            else tr("It takes about {time} on two cores without a GPU.", time=time)
        )
    return " ".join(sentences)


def duration(seconds: float) -> str:
    """Write a duration as a person estimates it: in seconds, minutes or hours."""
    if seconds < _MANY:
        return trn("{count} second", "{count} seconds", max(round(seconds), 1))
    if seconds < _MANY * 60:
        return trn("{count} minute", "{count} minutes", round(seconds / 60))
    return trn("{count} hour", "{count} hours", round(seconds / 3600))
