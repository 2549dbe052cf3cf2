"""Lets a double click on a class file open Duelo: told to the system for this person alone, and taken back.

Linux is told by files in the person's own folders (Shared MIME-info, Desktop Entry and MIME applications of
freedesktop.org), Windows by its registry. macOS opens files with application bundles alone, so there it is said how.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from engine import files
from engine.class_file import ENDING
from engine.errors import UserError
from engine.i18n import tr
from engine.resources import RESOURCES

MIME = "application/x-duelo-class"
APPLICATION = "duelo.desktop"
_TYPE_FILE = "duelo-class.xml"
_DEFAULTS = "[Default Applications]"
_RESERVED = str.maketrans({sign: f"\\{sign}" for sign in '\\"`$'} | {"%": "%%"})
_ODD = re.compile(r"[^\w%+,./:=@-]")
_WINDOWS_KIND = "Duelo.Class"
_WINDOWS_KEYS = (
    rf"{_WINDOWS_KIND}\shell\open\command",
    rf"{_WINDOWS_KIND}\shell\open",
    rf"{_WINDOWS_KIND}\shell",
    _WINDOWS_KIND,
    ENDING,
)
_CHANGED = 0x08000000  # SHCNE_ASSOCCHANGED


def register() -> None:
    """Let a double click open class files from now on; raises ``UserError`` where that cannot be."""
    _of_system(_register_linux, _register_windows)()


def unregister() -> None:
    """Take that back; where nothing was told there is nothing to do."""
    _of_system(_unregister_linux, _unregister_windows)()


def told(*, is_registered: bool) -> str:
    """Return a sentence that says what was done."""
    if is_registered:
        return tr("A double click on a class file opens Duelo now.")
    return tr("A double click on a class file no longer opens Duelo.")


def _of_system(linux: Callable[[], None], windows: Callable[[], None]) -> Callable[[], None]:
    if sys.platform == "darwin":
        raise UserError(
            tr("macOS opens a file by a double click with an application alone, and Duelo is none."),
            tr(
                "In Automator, make an application with the action “Run Shell Script”, input as arguments, and the "
                "line {command}; choose it in the Finder: Get Info, Open with, Change All.",
                command=f'"{sys.executable}" "{_main()}" "$1"',
            ),
        )
    return windows if sys.platform == "win32" else linux


def _main() -> Path:
    return Path(__file__).resolve().parents[1] / "main.py"


# --- Linux


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _defaults_file() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "mimeapps.list"


def _register_linux() -> None:
    if shutil.which("update-mime-database") is None:
        raise UserError(
            tr("This system has no “update-mime-database”, by which kinds of files are told to it."),
            tr("Install the package shared-mime-info, or open a class with the command “open”."),
        )
    home = _data_home()
    _write(home / "mime" / "packages" / _TYPE_FILE, _kind_of_file())
    _write(home / "applications" / APPLICATION, _desktop_entry())
    _write_defaults([f"{MIME}={APPLICATION}"])
    _update()


def _unregister_linux() -> None:
    for path in (("mime", "packages", _TYPE_FILE), ("applications", APPLICATION)):
        files.delete(_data_home().joinpath(*path))
    _write_defaults([])
    _update()


def _kind_of_file() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME}">
    <comment>{escape(tr("Class for Duelo"))}</comment>
    <sub-class-of type="application/json"/>
    <glob pattern="*{ENDING}"/>
  </mime-type>
</mime-info>
"""


def _desktop_entry() -> str:
    command = " ".join(_quoted(str(each)) for each in (sys.executable, _main()))
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Duelo",
        f"Comment={tr('Train GANs and understand what happens')}",
        f"Exec={command.replace(chr(92), chr(92) * 2)} %f",  # the file itself reads backslashes, too
        f"Icon={RESOURCES / 'icons' / 'duelo.svg'}",
        f"MimeType={MIME};",
        "Categories=Education;",
    )
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """Quote ``word`` where it must be: without a desktop's own programs, xdg-open takes quotes for part of the name."""
    return f'"{word.translate(_RESERVED)}"' if _ODD.search(word) else word.translate(_RESERVED)


def _write_defaults(ours: list[str]) -> None:
    """Let ``ours`` be what the person's list of programs says of class files; every other line stays."""
    path = _defaults_file()
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(tr("“{path}” cannot be read.", path=path), tr("Mend or remove it.")) from error
    kept = [line for line in lines if not line.startswith(f"{MIME}=")]
    if ours and _DEFAULTS not in kept:
        kept.append(_DEFAULTS)
    place = kept.index(_DEFAULTS) + 1 if ours else 0
    wanted = [*kept[:place], *ours, *kept[place:]]
    if wanted != lines:
        _write(path, "\n".join(wanted) + "\n")


def _write(path: Path, text: str) -> None:
    with files.telling_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomically(path, text.encode())


def _update() -> None:
    """Let the system read what was told; desktops without the second program look for themselves."""
    for program, folder in (("update-mime-database", "mime"), ("update-desktop-database", "applications")):
        if shutil.which(program) is not None and (_data_home() / folder).is_dir():
            subprocess.run([program, str(_data_home() / folder)], check=False, capture_output=True, timeout=60)


# --- Windows


def _register_windows() -> None:
    python = Path(sys.executable).with_name("pythonw.exe")  # which opens no black window
    command = f'"{python if python.exists() else sys.executable}" "{_main()}" "%1"'
    values = {ENDING: _WINDOWS_KIND, _WINDOWS_KIND: tr("Class for Duelo"), _WINDOWS_KEYS[0]: command}
    winreg: Any = importlib.import_module("winreg")
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, r"Software\Classes") as classes:
        for name, value in values.items():
            with winreg.CreateKey(classes, name) as key:
                winreg.SetValueEx(key, "", 0, winreg.REG_SZ, value)
    _tell_windows()


def _unregister_windows() -> None:
    winreg: Any = importlib.import_module("winreg")
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, r"Software\Classes") as classes:
        for name in _WINDOWS_KEYS:
            try:
                winreg.DeleteKey(classes, name)
            except FileNotFoundError:
                continue
    _tell_windows()


def _tell_windows() -> None:
    ctypes: Any = importlib.import_module("ctypes")
    ctypes.windll.shell32.SHChangeNotify(_CHANGED, 0, None, None)
