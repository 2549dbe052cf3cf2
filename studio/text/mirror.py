"""What the mirror of several runs says in words, and what it measures. Qt-free."""

from __future__ import annotations

from engine.i18n import joined, mark, number, speaking_of, tr, trn
from engine.recipes.words import options_told, recipe_title
from engine.runs.words import compared
from studio.model.mirror import Measure, Mirror
from studio.model.run_data import RunData
from studio.text.numbers import distance, loss_text, percent

_MOST_OPTIONS = 6  # of two recipes, nearly all options differ

MEASURES = (
    Measure("frechet", mark("Fréchet"), -1),
    Measure("accuracy", mark("Read as asked"), 1, percent=True),
    Measure("recall", mark("Variety"), 1, percent=True),
    Measure("precision", mark("Fidelity"), 1, percent=True),
    Measure("g_loss", mark("Loss of G"), 0),
    Measure("d_loss", mark("Loss of D"), 0),
    Measure("d_real", mark("D of real {data:pictures}"), 0, percent=True),
    Measure("d_fake", mark("D of generated {data:pictures}"), 0, percent=True),
)


def value_told(mirror: Mirror, place: int, measure: Measure, moment: int) -> str:
    """Return a measure as a person reads it, with its epoch where that is not the one shown; "–" for none."""
    taken, shown = mirror.taken(place, measure, moment), mirror.shown_at(place, moment)
    if taken is None:
        return "–"
    told = _number_told(measure, taken.value)
    if taken.epoch is None or (shown is not None and taken.epoch == shown.epoch):
        return told
    return f"{told} ({tr('epoch {epoch}', epoch=number(taken.epoch))})"


def _number_told(measure: Measure, value: float) -> str:
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
        with speaking_of(mirror.noun):
            first, all_told = options_told(dict(list(values.items())[:_MOST_OPTIONS])), options_told(values)
        rest = trn("and {count} more", "and {count} more", more) if more > 0 else ""
        whole = joined(recipe, all_told, between=": ")
        told.append((joined(recipe, joined(first, rest), between=": ") or tr("The same options"), whole))
    return told


def noise_told(mirror: Mirror, moment: int) -> str:
    """Say whether the pictures beside each other are made of the same noise at ``moment``, and where not, why."""
    if not mirror.runs:
        return ""
    noise, names = mirror.noise, [each.name for each in mirror.shown]
    shown = [mirror.shown_at(place, moment) for place in range(len(names))]
    own = [
        tr("“{run}” shows its own noise: {reason}.", run=name, reason=tr(_REASONS[reason]))
        for name, reason in zip(names, noise.drawn, strict=True)
        if isinstance(reason, str)
    ]
    if not noise.count:
        return joined(tr("These {data:pictures} are not of the same noise."), *own)
    drawn = [name for name, each in zip(names, shown, strict=True) if each is not None and each.drawn is not None]
    early = [
        name
        for name, each, how in zip(names, shown, noise.drawn, strict=True)
        if each is not None and not each.is_shared and not isinstance(how, str)
    ]
    anew = tr("Drawn anew with the networks kept of the epoch: {runs}.", runs=", ".join(drawn))
    none_kept = tr("Of its own noise, as no networks are kept so early: {runs}.", runs=", ".join(early))
    return joined(
        tr("The same place is the same noise z in each: {count} {data:pictures}.", count=number(noise.count)),
        "" if noise.same_classes else tr("They know different classes."),
        anew if drawn else "",
        none_kept if early else "",
        *own,
        "" if mirror.has_same_data else tr("They learn from different data: no measure says which is better."),
    )


_REASONS = {
    "length": mark("its z has another length"),
    "lost": mark("that of its samples is lost"),
    "networks": mark("it keeps no networks to draw another one with"),
}


def moment_told(mirror: Mirror, moment: int, *, by_images: bool) -> str:
    """Return the moment at which the runs are looked at."""
    if by_images or not mirror.has_same_images:
        return tr("{count} {data:images} seen", count=number(moment))
    data = mirror.runs[0].run.data if mirror.runs else RunData()
    return tr("Epoch {epoch}", epoch=number(data.told_epoch(moment / data.image_count), ".6g"))


def epoch_told(mirror: Mirror, place: int, moment: int) -> str:
    """Return which epoch of a run is shown, and where it had ended before."""
    data, shown = mirror.runs[place].run.data, mirror.shown_at(place, moment)
    if shown is None:
        return tr("no picture yet")
    is_over = shown.epoch == max(data.grid_files) and (shown.epoch + 1) * data.image_count <= moment
    told = tr("epoch {epoch}", epoch=number(shown.epoch))
    return joined(told, tr("its last") if is_over else "", between=", ")
