"""What was found out about a sample, in sentences. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from engine.i18n import number, tr
from studio.model.sample import Sample
from studio.text.numbers import percent

# Of the usual distance between a real image and its nearest other one. A plain stroke has near neighbors without
# being copied: among the samples of a good run the nearest lie at 0.4.
_COPY, _CLOSE = 0.25, 0.6


def heading(sample: Sample, names: Sequence[str]) -> str:
    """Return which sample of which epoch this is, and what was asked for."""
    parts = [tr("Sample {number}", number=number(sample.tile + 1)), tr("epoch {epoch}", epoch=number(sample.epoch))]
    if 0 <= sample.label < len(names):
        parts.insert(1, tr("asked for “{name}”", name=tr(names[sample.label])))
    return " · ".join(parts)


def verdict_words(verdict: float | None) -> str:
    """Return how probably real D takes a picture to be, as short as on a tile."""
    return "" if verdict is None else tr("D: {share} real", share=percent(verdict))


def reads_none(reading: tuple[int, float], names: Sequence[str]) -> bool:
    """Whether the judge, which may know more classes than ``names``, reads another one.

    Of shares that add up to 1 the largest is at least 1 / N.
    """
    return reading[1] < 1 / len(names)


def reading_words(reading: tuple[int, float] | None, label: int, names: Sequence[str]) -> str:
    """Return what the judge reads, how surely, and whether that was asked for; nothing without a judge."""
    if reading is None or not reading[0] < len(names):
        return ""
    if reads_none(reading, names):
        return tr("The judge reads none of the classes of this run.")
    read, share = tr(names[reading[0]]), percent(reading[1])
    if not 0 <= label < len(names):
        return tr("The judge reads “{name}” ({share} sure).", name=read, share=share)
    if label == reading[0]:
        return tr("The judge reads “{name}” ({share} sure), as asked.", name=read, share=share)
    return tr(
        "The judge reads “{name}” ({share} sure), but “{asked}” was asked for.",
        name=read,
        share=share,
        asked=tr(names[label]),
    )


def neighbor_words(label: int | None, index: int | None, names: Sequence[str]) -> str:
    """Return which training image the nearest one is."""
    if index is None:
        return ""
    place = tr("image {number}", number=number(index + 1))
    if label is None or not 0 <= label < len(names):
        return place
    return tr("“{name}” · {place}", name=tr(names[label]), place=place)


def copy_words(distance: float | None, usual: float | None) -> str:
    """Return whether a picture at ``distance`` from its nearest training image is a copy, and how one can tell."""
    if distance is None:
        return ""
    difference = percent(distance)
    if usual is None:
        return tr("It differs from its nearest training image by {share}.", share=difference)
    if distance < _COPY * usual:
        verdict = tr("A copy, learned by heart.")
    elif distance < _CLOSE * usual:
        verdict = tr("Close to a training image, as plain shapes are, but no copy.")
    else:
        verdict = tr("No copy.")
    return (
        verdict
        + " "
        + tr(
            "It differs from its nearest training image by {share}; real images differ from theirs by {usual}.",
            share=difference,
            usual=percent(usual),
        )
    )
