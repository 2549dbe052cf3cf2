"""Times and sizes in words, as a person estimates them. Knows neither what takes them nor Qt."""

from __future__ import annotations

import math

from engine.i18n import number, tr, trn

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
