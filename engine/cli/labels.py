"""How commands read labels: by number, by name, or all in turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.i18n import tr
from engine.runs import RunInfo
from engine.text import plain

Labels = NDArray[np.int64]


def labels_of(labels: str, info: RunInfo) -> Labels:
    """Turn “cycle”, “3”, “2025”, “trousers” or “bag, 3” into the run's labels ``[N]``; raises ``UserError``."""
    known = list(info.config.classes or range(len(info.classes))) if info.classes else []
    if labels == "cycle":
        return np.arange(len(known), dtype=np.int64) if known else np.full(10, -1, np.int64)
    if not known:
        raise UserError(
            tr("This run's generator takes no labels."), tr("Leave --labels out, or choose a conditional run.")
        )
    called = {str(number): index for index, number in enumerate(known)}
    for form in (str, tr):  # a class is called what it is called, in either language; a number is second to that
        called |= {form(name).casefold(): index for index, name in enumerate(info.classes)}
    whole = plain(labels.strip(), 2 * len(labels)).casefold()  # as the names of classes were made when they were read
    parts = [whole] if whole in called else whole.split(",") if "," in whole else list(whole) or [""]
    try:
        return np.array([called[part.strip()] for part in parts], np.int64)
    except KeyError:
        both = [(str(number), str(tr(name))) for number, name in zip(known, info.classes, strict=True)]
        numbers = ", ".join(number if number == name else f"{number} ({name})" for number, name in both)
        raise UserError(
            tr("This run cannot write “{labels}”.", labels=labels),
            tr("Use “cycle” or these labels, by number or name: {known}.", known=numbers),
        ) from None
