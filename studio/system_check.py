"""Finds out before Qt starts whether a window can be shown, because Qt itself would abort with a riddle."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from engine.errors import UserError
from engine.i18n import tr

# What Qt's xcb and EGL parts load, and the Debian package that brings it.
_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
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
    needed = (
        _LIBRARIES if not chosen or chosen.startswith("xcb") else {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}
    )
    missing = missing_packages(needed)
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
