"""What command line and window say of a judge that learns. Imports no torch."""

from __future__ import annotations

from engine.i18n import number, tr


def describe_learning(share: float, *, is_last: bool = False) -> str:
    """Say how much (0 to 1) of its lessons a judge has had; ``is_last``: nothing else is left of a training."""
    percent = number(100 * share, ".0f")
    if is_last:
        return tr("Trained and saved; the judge still learns: {percent}%", percent=percent)
    return tr("the judge learns: {percent}%", percent=percent)
