"""What Qt calls must not raise: an exception there is told in the window, and Qt goes on. Knows no widget.

PySide hands an exception in an override to whatever Python called Qt last, or prints it: a language switch ended
half-way, a window could not be closed any more, and once the process crashed.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, TypeVar

_C = TypeVar("_C", bound=type)


def tell(error: Exception) -> None:
    """Tell what no code expected, where the program tells such things."""
    sys.excepthook(type(error), error, error.__traceback__)


def attempt(work: Callable[[], object]) -> None:
    """Do ``work``; where it fails, tell so and let what comes after it happen."""
    try:
        work()
    except Exception as error:
        tell(error)


def guarded(cls: _C) -> _C:
    """Guard every override of ``cls`` that Qt calls: in this house's code, those in camel case.

    An event handler that failed has done what it could; a method that answers lets its base class answer instead.
    """
    for name, method in list(vars(cls).items()):
        if is_override(cls, name) and callable(method):
            setattr(cls, name, _guarded(cls, name, method))
    return cls


def is_override(cls: type, name: str) -> bool:
    """Whether ``name`` in ``cls`` stands for something of Qt's own classes, or pyqtgraph's."""
    is_qt_name = not name.startswith("_") and (not name.islower() or name in _SHORT_NAMES)
    theirs = [base for base in cls.__mro__[1:] if base.__module__.partition(".")[0] in ("PySide6", "pyqtgraph")]
    return is_qt_name and (name.endswith("Event") or any(hasattr(base, name) for base in theirs))


_SHORT_NAMES = ("event", "paint", "data", "shape", "validate", "polish", "done")


def _guarded(cls: type, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def override(self: object, *arguments: Any, **named: Any) -> Any:
        try:
            return method(self, *arguments, **named)
        except Exception as error:
            tell(error)
        is_event = name.endswith("Event") or name == "paint"
        return None if is_event else getattr(super(cls, self), name)(*arguments, **named)

    return override
