"""What the judge's numbers say in plain words, with the standard names behind them. Qt-free; it knows no panel."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from engine.events import Quality
from engine.i18n import PICTURES, noun_spoken_of, number, tr
from studio.text.numbers import distance, percent

_AS_RARE_AS_REAL = 0.02  # a hundredth of real images are that near, and 500 samples vary
_ALARMING = 0.3


class Line(NamedTuple):
    """A short text and its explanation."""

    text: str
    tip: str


def headline(quality: Quality, classes: Collection[str] = ()) -> list[Line]:
    """Return the most important numbers, one to a line; ``classes`` are those that the real images have."""
    return [*_reading(quality, classes), _frechet(quality, classes), _spread(quality)]


def notes(quality: Quality) -> list[Line]:
    """Return what copies and repetitions mean, and where a distance is so small that it means no more."""
    copies, twins = quality.memorization, quality.duplicates
    return [
        *_chance(quality),
        Line(
            tr(
                "{share} are nearer to a training {data:image} than real {data:images} are to each other:",
                share=percent(copies),
            )
            + " "
            + _weigh(copies, tr("G repeats training {data:images}.")),
            tr(
                "Samples and training {data:images} are compared {data:pixel by pixel, made small}. Where many "
                "samples are nearer than 99% of real {data:images} are to their nearest one, the generator has "
                "learned {data:images} by heart."
            ),
        ),
        Line(
            tr("{share} have a twin, a sample just like them:", share=percent(twins))
            + " "
            + _weigh(twins, tr("G {data:draws} the same again and again.")),
            tr(
                "Samples are compared with each other {data:pixel by pixel, made small}. Many twins are the mark of "
                "a mode collapse: different noise, the same {data:picture}."
            ),
        ),
    ]


def _chance(quality: Quality) -> list[Line]:
    if quality.frechet > quality.frechet_real or not quality.frechet_real:  # of two or three none is known
        return []
    return [
        Line(
            tr(
                "By the Fréchet distance, these samples are as near to real {data:images} as two parts of those are to "
                "each other."
            ),
            tr(
                "So few real {data:images} scatter more than the samples are off: a smaller number would be no better "
                "generator. More real {data:images} would tell more."
            ),
        )
    ]


def _weigh(share: float, verdict: str) -> str:
    if share <= _AS_RARE_AS_REAL:
        return tr("as rare as chance.")
    return verdict if share >= _ALARMING else tr("more than by chance, but no alarm.")


def _reading(quality: Quality, classes: Collection[str]) -> list[Line]:
    judged = tr(
        "A judge, a classifier that has seen real {data:images} only, reads {count} samples.",
        count=number(quality.count),
    )
    if quality.accuracy is not None:
        told = tr("This is the share that it reads as the class that was asked for (accuracy).")
        return [Line(tr("{share} read as asked", share=percent(quality.accuracy)), f"{judged} {told}")]
    if quality.low_confidence is not None:
        told = tr("This is the share of which it gives no {data:class} a probability above one half.")
        return [Line(tr("{share} {data:unreadable}", share=percent(quality.low_confidence)), f"{judged} {told}")]
    if classes:
        told = tr("No judge can tell the classes of these images apart, so what samples show is not read.")
        return [Line(told, _compared(quality, classes))]
    return []


def _frechet(quality: Quality, classes: Collection[str]) -> Line:
    measured = tr(
        "Fréchet distance between samples and real {data:images}, smaller is better; as many real {data:images} "
        "reach {floor}, and the interval {low} to {high} says how sure the number is.",
        floor=distance(quality.frechet_real),
        low=distance(quality.frechet_low),
        high=distance(quality.frechet_high),
    )
    value, real = distance(quality.frechet), distance(quality.frechet_real)
    return Line(
        tr("Fréchet {value} (real {data:images}: {real})", value=value, real=real),
        f"{measured} {_compared(quality, classes)}",
    )


def _compared(quality: Quality, classes: Collection[str]) -> str:
    """Return what the distance is measured by."""
    if noun_spoken_of() != PICTURES:
        return tr(
            "It compares the numbers themselves, in hundredths of the scale of each: good for runs on the same data."
        )
    if quality.histogram is not None:
        return tr(
            "It compares features of a judge of these images, not of the Inception network behind the usual FID: that "
            "one knows large color photographs, and small gray pictures say little to it."
        )
    if classes:
        return tr(
            "A judge mistakes even the real images that it learned from, so coarse pixels are compared: good within "
            "this run only. More images of each class would teach it more."
        )
    return tr("Images without classes have no judge, so coarse pixels are compared: good within this run only.")


def _spread(quality: Quality) -> Line:
    return Line(
        tr(
            "variety {recall}, fidelity {precision}",
            recall=percent(quality.recall),
            precision=percent(quality.precision),
        ),
        tr(
            "Variety (recall) is the share of real {data:images} that lie among the samples, fidelity (precision) "
            "the share of samples that lie among the real {data:images}. Good {data:pictures} of few kinds have "
            "fidelity without variety."
        ),
    )
