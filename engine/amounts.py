"""Times and sizes in words, as a person estimates them, and rows of numbers. Knows neither what they are of nor Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain

from engine.i18n import joined, number, tr, trn

_MANY = 90  # seconds, minutes or hours that are better said in the next larger unit


def megabytes(count: float) -> str:
    """Write bytes as a person estimates them, to two digits."""
    size = float(f"{count / 1e6:.2g}")
    if size < 1:
        return tr("{size} kB", size=number(math.ceil(count / 1000), ",.0f"))
    if size < 1000:
        return tr("{size} MB", size=number(size, ".2g" if size < 10 else ",.0f"))
    return tr("{size} GB", size=number(size / 1000, ".2g"))


def duration(seconds: float) -> str:
    """Write a duration as a person estimates it: in seconds, minutes, hours or days."""
    if seconds < _MANY:
        return trn("{count} second", "{count} seconds", max(round(seconds), 1))
    if seconds < _MANY * 60:
        return trn("{count} minute", "{count} minutes", round(seconds / 60))
    if seconds < _MANY * 3600:
        return trn("{count} hour", "{count} hours", round(seconds / 3600))
    return trn("{count} day", "{count} days", round(seconds / 86400))


def in_spans(numbers: Iterable[int]) -> str:
    """Return "1, 3, 7 to 300": those that follow each other, from the first to the last."""
    told: list[list[int]] = []
    for each in numbers:
        if told and each == told[-1][-1] + 1:
            told[-1].append(each)
        else:
            told.append([each])
    spans = ([tr("{low} to {high}", low=it[0], high=it[-1])] if len(it) > 2 else map(number, it) for it in told)
    return joined(*chain.from_iterable(spans), between=", ")
