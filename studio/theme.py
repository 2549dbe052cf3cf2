"""The colours of the duel, in light and dark, and the sizes of the 8-pixel grid. Everything else is the palette's.

The five hues are told apart by colour-blind people (Okabe and Ito, 2008); no view relies on colour alone.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

Role = Literal["generator", "discriminator", "real", "trouble", "good"]
Scheme = Literal["system", "light", "dark"]

GRID = 8

_LIGHT: dict[Role, str] = {
    "generator": "#E69F00",
    "discriminator": "#0072B2",
    "real": "#707070",
    "trouble": "#D55E00",
    "good": "#009E73",
}
_DARK: dict[Role, str] = _LIGHT | {"discriminator": "#56B4E9", "real": "#A8A8A8"}
_QT_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def is_dark() -> bool:
    """Whether the window's background is darker than its text."""
    palette = QGuiApplication.palette()
    return palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()


def colour(role: Role) -> QColor:
    """Return the colour of ``role`` for the current theme."""
    return QColor((_DARK if is_dark() else _LIGHT)[role])


def set_scheme(scheme: Scheme) -> None:
    """Show light or dark whatever the desktop says, or follow it again."""
    QGuiApplication.styleHints().setColorScheme(_QT_SCHEMES[scheme])
