"""The colors of the duel, in light and dark, and the sizes of the 8-pixel grid. Everything else is the palette's.

The five hues are told apart by color-blind people (Okabe and Ito, 2008); no view relies on color alone.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from engine.resources import RESOURCES

Role = Literal["generator", "discriminator", "real", "trouble", "good"]

SPACING = 8
MOST_OF_SCREEN = 0.95  # for a window beside the main one

_LIGHT: dict[Role, str] = {
    "generator": "#E69F00",
    "discriminator": "#0072B2",
    "real": "#707070",
    "trouble": "#D55E00",
    "good": "#009E73",
}
_DARK: dict[Role, str] = _LIGHT | {"discriminator": "#56B4E9", "real": "#A8A8A8"}
TRACK_ON_DARK = QColor("#5A5A5A")
"""The ground of a bar upon a sample grid; told from the bar, from black tiles, and from white ones."""
_BOX_IN_THE_DARK = 0.45
_QT_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def is_dark() -> bool:
    """Whether the window's background is darker than its text."""
    palette = QGuiApplication.palette()
    return (
        palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()
    )


def color(role: Role) -> QColor:
    """Return the color of ``role`` for the current theme."""
    return QColor((_DARK if is_dark() else _LIGHT)[role])


def ink_on_dark(role: Role) -> QColor:
    """Return the color of ``role`` upon pictures, whose ground is dark in either theme."""
    return QColor(_DARK[role])


def blend(front: QColor, paper: QColor, share: float) -> QColor:
    """Return ``front`` thinned with ``paper`` to ``share``: opaque, because Qt paints translucent lines slowly."""
    red, green, blue = (
        share * ink + (1 - share) * ground
        for ink, ground in (
            (front.redF(), paper.redF()),
            (front.greenF(), paper.greenF()),
            (front.blueF(), paper.blueF()),
        )
    )
    return QColor.fromRgbF(red, green, blue)


def set_scheme(scheme: str) -> None:
    """Show "light" or "dark" whatever the desktop says, or follow it again with "system".

    Where no desktop theme listens (plain X11, offscreen), a palette of our own steps in.
    """
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(_QT_SCHEMES[scheme])
    listens = scheme == "system" or hints.colorScheme() == _QT_SCHEMES[scheme]
    QGuiApplication.setPalette(QPalette() if listens else _palette(dark=scheme == "dark"))
    boxes = QPalette()
    if not listens and scheme == "dark":  # where the style draws a darker edge around a dark box, nobody sees it
        boxes.setColor(QPalette.ColorRole.Base, QColor.fromHslF(0, 0, _BOX_IN_THE_DARK))
    for kind in ("QCheckBox", "QRadioButton"):
        QApplication.setPalette(boxes, kind)  # type: ignore[arg-type]  # takes text, and no bytes


def _palette(*, dark: bool) -> QPalette:
    """Return the gray palette that Qt derives from one color, with fields that stand out from the window."""
    palette = QPalette(QColor.fromHslF(0, 0, 0.17 if dark else 0.94))
    roles = QPalette.ColorRole
    palette.setColor(roles.Base, QColor.fromHslF(0, 0, 0.12 if dark else 1.0))
    palette.setColor(roles.AlternateBase, QColor.fromHslF(0, 0, 0.22 if dark else 0.9))
    if dark:  # what is pressed in, and the handles of sliders, are told from the window
        palette.setColor(roles.Button, QColor.fromHslF(0, 0, 0.27))
    palette.setColor(roles.ToolTipBase, palette.color(roles.Base))
    palette.setColor(roles.ToolTipText, palette.color(roles.Text))
    palette.setColor(roles.Highlight, QColor((_DARK if dark else _LIGHT)["discriminator"]))
    palette.setColor(roles.HighlightedText, palette.color(roles.Base))
    text = palette.color(roles.Text)
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        faint = QColor(text)
        faint.setAlphaF(0.4)
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    faint = QColor(text)
    faint.setAlphaF(0.6)
    palette.setColor(roles.PlaceholderText, faint)
    return palette


def icon() -> QIcon:
    """Return the program's icon."""
    return QIcon(str(RESOURCES / "icons" / "duelo.svg"))
