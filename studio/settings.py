"""What the window remembers between starts: layout, language, theme, recipe, the last run.

The file may be damaged, foreign, or no file at all: whatever it is, the window opens.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from engine.config import OPTIONS, Config, parse_value
from engine.errors import UserError
from engine.i18n import LANGUAGES, system_language, tr
from engine.recipes import DEFAULT_RECIPE, RECIPES
from studio.model.measurements import Measurements

_MOST_BYTES = 2**20
_SEAL_BYTES = 16
# Qt would build any of its objects out of these; nothing that is remembered here is one.
_OBJECTS = (b"@Variant(", b"@DateTime(")


class Settings:
    """A typed door to one INI file; a missing or foreign value counts as its default.

    ``trouble`` says that the file cannot be used and how to mend it: nothing is read from it then, nor written.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or Path(platformdirs.user_config_dir("duelo", appauthor=False)) / "studio.ini"
        self.trouble = _trouble_of(path)
        self._store = _Nothing() if self.trouble else QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """The chosen language, or the system's."""
        code = str(self._store.value("language", ""))
        return code if code in LANGUAGES else system_language()

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def scheme(self) -> str:
        """Light, dark, or as the desktop says."""
        found = str(self._store.value("scheme", "system"))
        return found if found in ("light", "dark") else "system"

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._store.setValue("scheme", scheme)

    @property
    def recipe(self) -> str:
        """The recipe chosen last, of those that are made to work: the next person is not met by a failure."""
        found = str(self._store.value("recipe", DEFAULT_RECIPE))
        return found if found in RECIPES and not RECIPES[found].trouble else DEFAULT_RECIPE

    @recipe.setter
    def recipe(self, name: str) -> None:
        if name in RECIPES and not RECIPES[name].trouble:
            self._store.setValue("recipe", name)

    def machine_options(self) -> dict[str, Any]:
        """Return the options of this machine that were set by hand; they outlive a start and a change of recipe."""
        values = {}
        for name in (name for name, option in OPTIONS.items() if option.of_machine):
            text = self._store.value(f"machine/{name}")
            if text is not None:
                with suppress(UserError):
                    values[name] = getattr(Config.parse({name: parse_value(name, str(text))}), name)
        return values

    def set_machine_option(self, name: str, value: object) -> None:
        """Remember an option of this machine; its default is none to remember."""
        if value == OPTIONS[name].default:
            self._store.remove(f"machine/{name}")
        else:
            self._store.setValue(f"machine/{name}", str(value))

    @property
    def measurements(self) -> Measurements:
        """What trainings on this machine took."""
        return Measurements.parse(str(self._store.value("measurements", "")))

    @measurements.setter
    def measurements(self, found: Measurements) -> None:
        self._store.setValue("measurements", found.text())

    @property
    def last_run(self) -> Path | None:
        """The run trained last."""
        found = str(self._store.value("last_run", ""))
        return Path(found) if found else None

    @last_run.setter
    def last_run(self, path: Path | None) -> None:
        self._store.setValue("last_run", str(path) if path else "")

    def layout(self) -> tuple[QByteArray, QByteArray]:
        """Return the window's geometry and the state of its docks, both empty at first."""
        return _unsealed(self._store.value("geometry")), _unsealed(self._store.value("docks"))

    def set_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Remember geometry and docks."""
        self._store.setValue("geometry", _sealed(geometry))
        self._store.setValue("docks", _sealed(docks))

    @property
    def dock_sizes(self) -> dict[str, int]:
        """The sizes in pixels that a person has dragged docks to, by side of the window."""
        found = str(self._store.value("dock_sizes", ""))
        pairs = (pair.partition("=") for pair in found.split(";"))
        return {side: int(size) for side, _, size in pairs if size.isascii() and size.isdecimal() and len(size) < 5}

    @dock_sizes.setter
    def dock_sizes(self, sizes: Mapping[str, int]) -> None:
        self._store.setValue("dock_sizes", ";".join(f"{side}={size}" for side, size in sizes.items()))

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()


class _Nothing:
    """Stands in for a file that cannot be used: remembers until the window closes."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def value(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, default)

    def setValue(self, key: str, value: Any) -> None:
        self._values[key] = value

    def remove(self, key: str) -> None:
        self._values.pop(key, None)

    def sync(self) -> None:
        pass


def _trouble_of(path: Path) -> UserError | None:
    """Return what keeps the file at ``path`` from being used; one that is absent will be made.

    A pipe would be waited for, and what Qt builds out of a stranger's bytes may end the program.
    """
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            reason = tr("it is no file")
        elif about.st_size > _MOST_BYTES:
            reason = tr("it is far too large")
        elif any(start in path.read_bytes() for start in _OBJECTS):
            reason = tr("it holds what Duelo never wrote")
        else:
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or str(error)
    return UserError(
        tr("The settings in “{path}” cannot be used: {reason}.", path=path, reason=reason),
        tr("Remove it; until then Duelo starts with its defaults and remembers nothing."),
    )


def _sealed(data: QByteArray) -> QByteArray:
    """Return ``data`` behind its digest: Qt crashes on a layout in which a few bits are wrong."""
    content = bytes(data.data())
    return QByteArray(_digest(content) + content)


def _unsealed(value: object) -> QByteArray:
    """Return the data whole, or none."""
    content = bytes(value.data()) if isinstance(value, QByteArray) else b""
    seal, data = content[:_SEAL_BYTES], content[_SEAL_BYTES:]
    return QByteArray(data) if seal == _digest(data) else QByteArray()


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SEAL_BYTES).digest()
