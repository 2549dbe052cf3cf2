"""Numbers that may be large, in as few letters as an axis has room for, in the current language. Knows no window."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.i18n import number, tr

LARGE = 1e5  # from here on, all digits take more room than there is
_FINEST = 2  # decimals of a unit; a finer axis writes all digits after all
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """Return ``value``, at least ``LARGE``, in at most three digits: "400 k", "1.23 M", "1.2·10⁹"."""
    size = abs(value)
    unit = _unit(size * (1 + 5e-4))  # what is rounded up to a million is one
    return _in_unit(value, unit, ",.3g" if unit < 1e9 else ",.2g")


def ticks(values: Sequence[float], spacing: float) -> list[str]:
    """Return the numbers beside the ticks at ``values``, ``spacing`` apart: all of an axis in one unit."""
    unit = _unit(max(map(abs, values), default=0.0))
    places = _places(spacing / unit)
    if unit > 1 and places > _FINEST and unit < 1e9:
        unit, places = 1.0, _places(spacing)
    return [_in_unit(value, unit, f",.{places}f") if value or unit == 1 else number(0) for value in values]


def _places(spacing: float) -> int:
    return max(0, math.ceil(-math.log10(spacing) - 1e-9))


def _unit(size: float) -> float:
    if size < LARGE:
        return 1.0
    if size < 1e9:
        return 1e6 if size >= 1e6 else 1e3
    return float(10.0 ** math.floor(math.log10(size)))


def _in_unit(value: float, unit: float, form: str) -> str:
    digits = number(value / unit, form)
    if unit == 1:
        return digits
    if unit < 1e9:
        return tr("{number} k", number=digits) if unit < 1e6 else tr("{number} M", number=digits)
    power = "10" + str(round(math.log10(unit))).translate(_RAISED)
    return power if digits == "1" else f"{digits}·{power}"
