"""Numbers of measures as a person reads them, in the current language. Qt-free."""

from __future__ import annotations

from engine.i18n import number, tr

_LARGE = 1e5


def percent(share: float) -> str:
    """Return ``share`` (0 to 1) as a percentage with one decimal, "0.5%", and "100%" without."""
    return tr("{number}%", number=number(100 * share, ".1f") if share < 1 else "100")


def distance(value: float) -> str:
    """Return a Fréchet distance: a decimal where it is small."""
    return number(value, ".1f" if value < 100 else ",.0f")


def loss_text(value: float) -> str:
    """Return a finite loss in at most seven characters: "1.234", "12,345", "1.2e6"."""
    if abs(value) < 100:
        return number(value, ".3f")
    return number(value, ",.0f") if abs(value) < _LARGE - 0.5 else scientific(value)


def scientific(value: float) -> str:
    """Return a number in at most two digits and its power of ten: "1.2e14", "5e6", "0"."""
    mantissa, power = f"{value:.1e}".split("e")
    digits = number(float(mantissa), ".2g")
    return f"{digits}e{int(power)}" if value else digits
