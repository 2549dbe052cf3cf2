"""What the evidence of our own detectors shows, in the person's language: a sentence for each sign and its numbers."""

from __future__ import annotations

from collections.abc import Callable

from engine.i18n import number, tr


def _percent(share: float) -> str:
    return number(share, ".0%")


def _size(value: float) -> str:
    return number(value, ",.0f" if abs(value) >= 100 else ".1f")


SENTENCES: dict[str, Callable[..., str]] = {
    "not-finite": lambda: tr("A number became NaN or infinite."),
    "marks-part": lambda before, now: tr(
        "The critic's marks for real and generated {data:images} move apart: first {before}, now {now}.",
        before=_size(before),
        now=_size(now),
    ),
    "gets-worse": lambda best, now: tr(
        "{data:The pictures} get worse: Fréchet distance {now}, and it was {best} already.",
        now=_size(now),
        best=_size(best),
    ),
    "uneven": lambda share, real: tr(
        "{share} of the samples are read as one {data:class}; of the real {data:images}, {real} are.",
        share=_percent(share),
        real=_percent(real),
    ),
    "huge-losses": lambda loss: tr("Losses of about {loss}.", loss=_size(loss)),
    "marks-apart": lambda gap, reach: tr(
        "The critic's marks for real and generated {data:images} are {gap} apart; with a slope of 1, {reach} is the "
        "most.",
        gap=_size(gap),
        reach=_size(reach),
    ),
    "d-is-sure": lambda real, fake: tr(
        "D gives real {data:images} {real} and generated ones {fake}.", real=_percent(real), fake=_percent(fake)
    ),
    "d-is-fooled": lambda real, fake: tr(
        "D gives generated {data:images} {fake} and real ones only {real}.", real=_percent(real), fake=_percent(fake)
    ),
    "undecided": lambda real, fake: tr(
        "D gives real {data:images} {real} and generated ones {fake}: it tells nothing apart.",
        real=_percent(real),
        fake=_percent(fake),
    ),
    "standstill": lambda frechet, real: tr(
        "{data:The pictures} do not get better: Fréchet distance {frechet}, real {data:images} {real}.",
        frechet=_size(frechet),
        real=_size(real),
    ),
    "short-steps": lambda rate, proven: tr(
        "G learns at a rate of {rate}; {proven} is known to work.",
        rate=number(rate, ".12g"),
        proven=number(proven, ".12g"),
    ),
    "shapeless": lambda frechet, real: tr(
        "{data:The pictures} have hardly taken shape: Fréchet distance {frechet}, real {data:images} {real}.",
        frechet=_size(frechet),
        real=_size(real),
    ),
    "copies": lambda share: tr("{share} of the samples are copies of training {data:images}.", share=_percent(share)),
    "not-as-asked": lambda share, chance: tr(
        "Only {share} are read as asked; chance alone gives {chance}.",
        share=_percent(share),
        chance=_percent(chance),
    ),
    "few-classes": lambda drawn, classes: tr(
        "Only {drawn} of {classes} {data:classes} are {data:drawn}.", drawn=number(drawn), classes=number(classes)
    ),
    "few-clouds": lambda drawn, clouds: tr(
        "The points reach only {drawn} of {clouds} clouds.", drawn=number(drawn), clouds=number(clouds)
    ),
    "twins": lambda share: tr("{share} of the samples have a twin.", share=_percent(share)),
    "alike": lambda share: tr(
        "{data:The pictures} of the sample grid differ from each other only {share} as much as real {data:images} do.",
        share=_percent(share),
    ),
    "no-variety": lambda share: tr("The samples cover {share} of the real {data:images}.", share=_percent(share)),
    "up-and-down": lambda rises, low, high: tr(
        "The Fréchet distance goes up and down between {low} and {high}.", low=_size(low), high=_size(high)
    ),
}
