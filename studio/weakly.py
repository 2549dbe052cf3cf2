"""Methods that do not keep their object alive: what the window lends to tables and helpers leads nowhere back to it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any


def weakly(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return what calls the bound ``method``, Qt's own ones too, and does nothing once its object is gone."""
    owner, name = weakref.ref(method.__self__), method.__name__  # type: ignore[attr-defined]

    def call(*arguments: Any) -> Any:
        known = owner()
        return getattr(known, name)(*arguments) if known is not None else None

    return call
