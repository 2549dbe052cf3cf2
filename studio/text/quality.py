"""What the judge's numbers say in plain words, with the standard names behind them. Qt-free; it knows no panel."""

from __future__ import annotations

from typing import NamedTuple

from engine.events import Quality
from engine.i18n import number, tr
from studio.text.numbers import distance, percent

_AS_RARE_AS_REAL = 0.02  # a hundredth of real images are that near, and 500 samples vary
_ALARMING = 0.3


class Line(NamedTuple):
    """A short text and its explanation."""

    text: str
    tip: str


def headline(quality: Quality) -> list[Line]:
    """Return the most important numbers, one to a line."""
    return [*_reading(quality), _frechet(quality), _spread(quality)]


def notes(quality: Quality) -> list[Line]:
    """Return what copies and repetitions mean."""
    copies, twins = quality.memorization, quality.duplicates
    return [
        Line(
            tr("{share} are nearer to a training image than real images are to each other:", share=percent(copies))
            + " "
            + _weigh(copies, tr("G repeats training images.")),
            tr(
                "Samples and training images are made small and compared pixel by pixel. Where many samples are nearer "
                "than 99% of real images are to their nearest one, the generator has learned images by heart."
            ),
        ),
        Line(
            tr("{share} have a twin, a sample just like them:", share=percent(twins))
            + " "
            + _weigh(twins, tr("G draws the same again and again.")),
            tr(
                "Samples are made small and compared with each other pixel by pixel. Many twins are the mark of a mode "
                "collapse: different noise, the same picture."
            ),
        ),
    ]


def _weigh(share: float, verdict: str) -> str:
    if share <= _AS_RARE_AS_REAL:
        return tr("as rare as chance.")
    return verdict if share >= _ALARMING else tr("more than by chance, but no alarm.")


def _reading(quality: Quality) -> list[Line]:
    judged = tr(
        "A judge, a classifier that has seen real images only, reads {count} samples.", count=number(quality.count)
    )
    if quality.accuracy is not None:
        told = tr("This is the share that it reads as the class that was asked for (accuracy).")
        return [Line(tr("{share} read as asked", share=percent(quality.accuracy)), f"{judged} {told}")]
    if quality.low_confidence is not None:
        told = tr("This is the share of which it gives no class a probability above one half.")
        return [Line(tr("{share} unreadable", share=percent(quality.low_confidence)), f"{judged} {told}")]
    return []


def _frechet(quality: Quality) -> Line:
    measured = tr(
        "Fréchet distance between samples and real images, smaller is better; as many real images reach {floor}, and "
        "the interval {low} to {high} says how sure the number is.",
        floor=distance(quality.frechet_real),
        low=distance(quality.frechet_low),
        high=distance(quality.frechet_high),
    )
    why = (
        tr(
            "It compares features of a judge of these images, not of the Inception network behind the usual FID: that "
            "one knows large color photographs, and small gray pictures say little to it."
        )
        if quality.histogram is not None
        else tr("Images without classes have no judge, so coarse pixels are compared: good within this run only.")
    )
    value, real = distance(quality.frechet), distance(quality.frechet_real)
    return Line(tr("Fréchet {value} (real images: {real})", value=value, real=real), f"{measured} {why}")


def _spread(quality: Quality) -> Line:
    return Line(
        tr(
            "variety {recall}, fidelity {precision}",
            recall=percent(quality.recall),
            precision=percent(quality.precision),
        ),
        tr(
            "Variety (recall) is the share of real images that lie among the samples, fidelity (precision) the share "
            "of samples that lie among the real images. Sharp pictures of few kinds have fidelity without variety."
        ),
    )
