"""What may come after a person sees something. It knows no widget."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_PAINTED_MS = 2  # what is posted is painted before a timer is heard; one of no time at all counts as posted


def once_painted(owner: QObject, work: Callable[[], object]) -> None:
    """Do ``work`` once what changed by now is painted, unless ``owner`` is gone by then."""
    QTimer.singleShot(_PAINTED_MS, owner, lambda: work())  # Qt would not keep the object of a method alive
