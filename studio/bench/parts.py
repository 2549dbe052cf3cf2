"""Finds what is measured in a window. Importing this module imports no Qt."""

from __future__ import annotations

from typing import Any


def part(window: Any, name: str) -> Any:
    """Return the part of ``window`` with this object name, wherever it stands."""
    from PySide6.QtWidgets import QWidget

    return window.findChild(QWidget, name)
