"""Finds out before Qt starts whether a window can be shown, because Qt itself would abort with a riddle."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from engine.errors import UserError
from engine.i18n import tr

# What Qt loads, and the Debian package that brings it: always, and for a window on an X display.
_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_ON_X = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def check(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Raise ``UserError`` where no window can open: no screen, or Qt's system libraries are missing."""
    if platform != "linux":
        return
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if not (chosen or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise UserError(
            tr("There is no screen here for Duelo's window."),
            tr("Train without it: python main.py train   (python main.py --help lists all commands)."),
        )
    on_x = chosen.startswith("xcb") or (not chosen and bool(environment.get("DISPLAY")))
    missing = missing_packages(_ALWAYS | _ON_X if on_x else _ALWAYS)
    if missing:
        raise UserError(
            tr("Qt's system libraries are missing on this machine."),
            tr("Install them: sudo apt-get install {packages}", packages=" ".join(missing)),
        )


def missing_packages(needed: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Return the packages of those libraries in ``needed`` that cannot be loaded."""
    missing = []
    for library, package in needed.items():
        try:
            load(library)
        except OSError:
            missing.append(package)
    return missing
