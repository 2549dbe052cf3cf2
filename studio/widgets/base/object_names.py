"""Naming a widget where it is made, for screen readers' tools and automation."""

from typing import TypeVar

from PySide6.QtCore import QObject

_Thing = TypeVar("_Thing", bound=QObject)


def set_object_name(thing: _Thing, name: str) -> _Thing:
    """Give ``thing`` its object name and return it."""
    thing.setObjectName(name)
    return thing
