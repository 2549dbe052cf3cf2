"""What the mirror of several runs says in words, and what it measures. Qt-free."""

from __future__ import annotations

from engine.i18n import joined, mark, number, tr, trn
from engine.recipes.words import options_told, recipe_title
from engine.runs.words import compared
from studio.model.mirror import Measure, Mirror
from studio.text.numbers import distance, loss_text, percent

_MOST_OPTIONS = 6  # of two recipes, nearly all options differ

MEASURES = (
    Measure("frechet", mark("Fréchet"), -1),
    Measure("accuracy", mark("Read as asked"), 1, percent=True),
    Measure("recall", mark("Variety"), 1, percent=True),
    Measure("precision", mark("Fidelity"), 1, percent=True),
    Measure("g_loss", mark("Loss of G"), 0),
    Measure("d_loss", mark("Loss of D"), 0),
    Measure("d_real", mark("D of real pictures"), 0, percent=True),
    Measure("d_fake", mark("D of generated pictures"), 0, percent=True),
)


def value_told(measure: Measure, value: float | None) -> str:
    """Return a value as a person reads it, "–" where there is none."""
    if value is None:
        return "–"
    if measure.percent:
        return percent(value)
    return distance(value) if measure.name == "frechet" else loss_text(value)


def differing(mirror: Mirror) -> list[tuple[str, str]]:
    """Return for each run, in words, its values of the options in which they differ: the first ones, and all."""
    configs = [each.run.config_now for each in mirror.runs]
    found = compared({str(place): config for place, config in enumerate(configs)})
    is_of_many = len({config.recipe for config in configs}) > 1
    told = []
    for place, config in enumerate(configs):
        values = {name: each[str(place)] for name, each in found.items()}
        recipe = recipe_title(config) if is_of_many else ""
        more = len(values) - _MOST_OPTIONS
        first = options_told(dict(list(values.items())[:_MOST_OPTIONS]))
        rest = trn("and {count} more", "and {count} more", more) if more > 0 else ""
        whole = joined(recipe, options_told(values), between=": ")
        told.append((joined(recipe, joined(first, rest), between=": ") or tr("The same options"), whole))
    return told


def noise_told(mirror: Mirror) -> str:
    """Say whether the pictures beside each other are made of the same noise, and why not."""
    if not mirror.runs:
        return ""
    if same := mirror.same_noise():
        return tr("The same place is the same noise z in each: {count} pictures.", count=number(same))
    configs = [each.run.info.config for each in mirror.shown]
    reasons = [
        tr("they have z of different length") if len({config.z_dim for config in configs}) > 1 else "",
        tr("they have different seeds") if len({config.seed for config in configs}) > 1 else "",
        tr("they draw different classes") if len({each.run.info.classes for each in mirror.shown}) > 1 else "",
    ]
    reason = joined(*reasons, between=", ") or tr("the noise of one of them is lost")
    return tr("These pictures are not of the same noise: {reason}.", reason=reason)


def moment_told(mirror: Mirror, moment: int, *, by_images: bool) -> str:
    """Return the moment at which the runs are looked at."""
    if by_images or not mirror.has_same_images:
        return tr("{count} images seen", count=number(moment))
    count = mirror.runs[0].run.data.image_count if mirror.runs else 1
    return tr("Epoch {epoch}", epoch=number(moment / count, ".6g"))


def epoch_told(mirror: Mirror, place: int, moment: int) -> str:
    """Return which epoch of a run is shown, and where it had ended before."""
    data = mirror.runs[place].run.data
    epoch = mirror.epoch_of(place, moment)
    if epoch is None:
        return tr("no picture yet")
    is_over = epoch == max(data.grid_files) and (epoch + 1) * data.image_count <= moment
    told = tr("epoch {epoch}", epoch=number(epoch))
    return joined(told, tr("its last") if is_over else "", between=", ")
