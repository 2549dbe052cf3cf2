"""What a knob card says of an option: where its value stands, and what went wrong elsewhere. Knows no Qt."""

from __future__ import annotations

from engine.config import Option, option
from engine.diagnosis import Evidence, words
from engine.diagnosis.own import DETECTORS
from engine.i18n import joined, number, tr
from engine.knob_strips import KnobPicture, KnobStrip
from engine.recipes import RECIPES
from studio.text.numbers import distance


def safe_told(spec: Option) -> str:
    """Say between which values trainings seldom fail; nothing where nobody knows."""
    if spec.safe is None:
        return ""
    low, high = map(number, spec.safe)
    return tr(
        "Usually from {low} to {high}; farther out, trainings often go wrong or take much longer.", low=low, high=high
    )


def strip_told(strip: KnobStrip) -> str:
    """Say what the pictures are of."""
    recipe = RECIPES.get(strip.recipe)
    told = tr(
        "Real trainings of “{recipe}” that differ in nothing else: {images} images each, seed {seed}. Under each"
        " picture its value and the Fréchet distance, which is better the smaller it is.",
        recipe=tr(recipe.title) if recipe else strip.recipe,
        images=number(strip.images, ",d"),
        seed=number(strip.seed),
    )
    if len(strip.options) < 2:
        return told
    labels = joined(*(tr(option(name).label) for name in strip.options), between=", ")
    return joined(told, tr("Here these have the same value: {options}.", options=labels))


def now_told(strip: KnobStrip, value: float) -> str:
    """Say where ``value``, the one of the form, stands among the pictures."""
    place, pictures = strip.place(value), strip.pictures
    now = number(value)
    if place < 0:
        return tr("Your value, {now}, lies before the first picture.", now=now)
    if place > len(pictures) - 1:
        return tr("Your value, {now}, lies behind the last picture.", now=now)
    left = int(place)
    if place == left:
        return tr("Your value, {now}, is that of picture {number}.", now=now, number=number(left + 1))
    low, high = (number(picture.value) for picture in pictures[left : left + 2])
    return tr("Your value, {now}, lies between {low} and {high}.", now=now, low=low, high=high)


def picture_told(picture: KnobPicture) -> list[str]:
    """Return what stands under a picture: value, Fréchet distance, and what went wrong."""
    trouble = next(iter(picture.troubles), "")
    return [
        number(picture.value),
        tr("Fréchet {value}", value=distance(picture.frechet)) if picture.frechet is not None else "",
        words.title(trouble) if trouble in DETECTORS else "",
    ]


def trouble_told(strip: KnobStrip, picture: KnobPicture) -> str:
    """Return the diagnosis of a picture in a sentence, nothing where nothing went wrong."""
    for name, signs in picture.troubles.items():
        if name in DETECTORS and signs:
            first = signs[0]
            shown = Evidence(first.sign, "samples", first.since, first.until, first.numbers)
            sentence = words.describe(shown, strip.epoch_images)
            return tr("{title}: {value}", title=words.title(name), value=sentence)
    return ""
