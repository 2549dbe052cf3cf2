"""Styles of Qt with something of the house's: all else is the style that the system has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

from studio.guard import guarded

_NAME = "house_style"
_told: list[Callable[[QWidget], object]] = []


@guarded
class HouseStyle(QProxyStyle):
    """The usual one, which tells of every control that is made, Qt's own parts included, before it is first shown.

    An event filter of the application would hear of them too, and of all else that happens, in Python.
    """

    def polish(self, about: Any) -> Any:
        """Tell of a control; Qt lets a style see the application and its palette in the same way."""
        polished = super().polish(about)
        if isinstance(about, QWidget):
            for tell in list(_told):
                tell(about)
        return polished


@guarded
class MeasuredStyle(HouseStyle):
    """The usual one but for some of its measures, in pixels. It belongs to ``parent``.

    Worn where it makes a difference alone: Python is asked ten times whenever a control that wears it is painted.
    """

    def __init__(self, measures: Mapping[QStyle.PixelMetric, int], parent: QObject) -> None:
        super().__init__()
        self.setParent(parent)
        self._measures = dict(measures)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return the house's measure, or the usual one."""
        measure = self._measures.get(metric)
        return super().pixelMetric(metric, option, widget) if measure is None else measure


def wear(application: QApplication) -> None:
    """Let every control of ``application`` have the house's style, unless they have it: best before any is made."""
    if application.findChild(HouseStyle, _NAME) is None:
        style = HouseStyle()
        style.setObjectName(_NAME)
        application.setStyle(style)


def tell_of_controls(hearer: QObject, tell: Callable[[QWidget], object]) -> None:
    """Let ``tell`` hear of every control that is made from now on, until ``hearer`` goes."""
    _told.append(tell)
    hearer.destroyed.connect(lambda: _told.remove(tell))
