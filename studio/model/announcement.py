"""How a plain object tells that it changed: a Qt signal without Qt."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Announcement(Generic[P]):
    """Calls whoever has connected, in that order; to be called itself by the object that changed.

    A bound method is held weakly, so that who listens may go, and no circle of objects arises; a function is held as
    long as this announcement lives.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[], Callable[P, object] | None]] = []

    def connect(self, listener: Callable[P, object]) -> None:
        """Call ``listener`` at each change from now on."""
        self._listeners.append(_reference(listener))

    def disconnect(self, listener: Callable[P, object]) -> None:
        """Call ``listener`` no more."""
        self._listeners = [known for known in self._listeners if known() not in (None, listener)]

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> None:
        """Tell everybody who has connected by now."""
        for known in tuple(self._listeners):
            listener = known()
            if listener is not None:
                listener(*arguments, **named)


def _reference(listener: Callable[P, object]) -> Callable[[], Callable[P, object] | None]:
    try:
        return weakref.WeakMethod(listener)
    except TypeError:  # a function, or a method of what is not written in Python
        return lambda: listener
