"""Finds out before Qt starts whether a window can be shown, because Qt itself would abort with a riddle."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.errors import UserError
from engine.i18n import tr

# What Qt loads, and the Debian package that brings it: always, and for a window on an X display.
NEEDED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
NEEDED_ON_X = NEEDED | {
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
    """Raise ``UserError`` where no window can open: no screen, none that answers, or no system libraries of Qt's."""
    if platform != "linux":
        return
    chosen = environment.get("QT_QPA_PLATFORM", "")
    needs_screen = not chosen or chosen.startswith(("xcb", "wayland"))
    excluded = {"xcb": "WAYLAND_DISPLAY", "way": "DISPLAY"}.get(chosen[:3])
    screens = {name: environment[name] for name in ANSWERS if environment.get(name) and name != excluded}
    if needs_screen and not screens:
        raise UserError(
            tr("There is no screen here for Duelo's window."),
            tr("Train without it: python main.py train   (python main.py --help lists all commands)."),
        )
    missing = missing_packages(NEEDED_ON_X if needs_screen and "DISPLAY" in screens else NEEDED)
    if missing:
        raise UserError(
            tr("Qt's system libraries are missing on this machine."),
            tr("Install them: sudo apt-get install {packages}", packages=" ".join(missing)),
        )
    if needs_screen and not any(ANSWERS[name](environment) for name in screens):
        raise UserError(
            tr("The screen does not answer: {screen}.", screen=", ".join(f"{k}={v}" for k, v in screens.items())),
            tr("Open Duelo on a screen that you may use, or train without one: python main.py train."),
        )


def wayland_answers(environment: Mapping[str, str]) -> bool:
    """Say whether somebody listens at the socket that ``WAYLAND_DISPLAY`` names, in ``XDG_RUNTIME_DIR`` as a rule."""
    path = Path(environment.get("XDG_RUNTIME_DIR", ""), environment["WAYLAND_DISPLAY"])
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
    except OSError:
        return False
    return True


def x_answers(environment: Mapping[str, str]) -> bool:
    """Say whether the X server that ``DISPLAY`` names (such as ``:0``) lets us in."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(environment["DISPLAY"]), None)  # a failed one is one, too
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


ANSWERS = {"WAYLAND_DISPLAY": wayland_answers, "DISPLAY": x_answers}
"""How to find out whether there is a screen, by the variable that names it, in the order in which Qt tries them."""


def missing_packages(needed: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Return the packages of those libraries in ``needed`` that cannot be loaded."""
    missing = []
    for library, package in needed.items():
        try:
            load(library)
        except OSError:
            missing.append(package)
    return missing
