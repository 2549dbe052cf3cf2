"""Puts something on the clipboard for a person, and says so where they pressed: else nothing is seen of it."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QToolTip, QWidget

from engine.i18n import tr

_SHOWN_MS = 2500


def copy_picture(place: QWidget, image: QImage) -> None:
    """Copy ``image``, and say so at ``place``."""
    QGuiApplication.clipboard().setImage(image)
    _tell(place)


def copy_text(place: QWidget, text: str) -> None:
    """Copy ``text``, and say so at ``place``."""
    QGuiApplication.clipboard().setText(text)
    _tell(place)


def _tell(place: QWidget) -> None:
    told = tr("Copied")
    QToolTip.showText(place.mapToGlobal(place.rect().center()), told, place, msecShowTime=_SHOWN_MS)
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(place, told))
