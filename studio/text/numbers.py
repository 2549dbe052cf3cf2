"""Numbers of measures as a person reads them, in the current language. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.i18n import number, tr
from engine.large_numbers import LARGE, short


def percent(share: float) -> str:
    """Return ``share`` (0 to 1) as a percentage with one decimal, "0.5%", and "100%" without."""
    return number(share, ".1%" if share < 1 else ".0%")


def whole_percents(shares: Sequence[float]) -> list[int]:
    """Return ``shares`` (0 to 1) of one whole as whole percentages that add up to 100: the largest rests count as one.

    Of equal rests, that of the smaller share does.
    """
    exact = [round(100 * share, 4) for share in shares]  # single floats are told as the numbers they are meant to be
    whole = [math.floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], exact[place]))
    for place in order[: max(100 - sum(whole), 0)]:
        whole[place] += 1
    return whole


def distance(value: float) -> str:
    """Return a Fréchet distance: a decimal where it is small."""
    return number(value, ".1f" if value < 100 else ",.0f")


def curve_value(value: float, *, is_share: bool) -> str:
    """Return a value of a curve, which may be no number: a loss, or a share (0 to 1) as a whole percentage."""
    if not math.isfinite(value):
        return tr("NaN")
    return number(value, ".0%") if is_share else loss_text(value)


def loss_text(value: float) -> str:
    """Return a finite loss in at most eight characters: "1.234", "12,345", "1.23 M"."""
    if abs(value) < 100:
        return number(value, ".3f")
    return number(value, ",.0f") if abs(value) < LARGE - 0.5 else short(value)
