"""What smoothed curves and their newest values mean, in the current language. Qt-free."""

from __future__ import annotations

from engine.i18n import tr, trn


def value_words(*, is_mean: bool) -> str:
    """Say what the value beside a curve is: ``is_mean`` where the curve shows the mean since the start."""
    if is_mean:
        return tr("Newest value of the thick curve; under the cursor, the mean from the first step to that moment.")
    return tr("Newest value of the thick curve; under the cursor, the value of that moment itself.")


def smoothing_words(notch: int) -> str:
    """Say how the thick curves are smoothed at a ``notch`` of the slider, 0 for not at all."""
    if not notch:
        return tr("The thick curves are not smoothed.")
    return trn(
        "The thick curves average what came before; a point {count} place back counts half.",
        "The thick curves average what came before; a point {count} places back counts half.",
        2 ** (notch - 1),
    )
