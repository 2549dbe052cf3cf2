"""What the window remembers between starts: layout, language, theme, recipe, the last run."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from engine.i18n import LANGUAGES, system_language
from engine.recipes import DEFAULT_RECIPE, RECIPES


class Settings:
    """A typed door to one INI file; a missing or foreign value counts as its default."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or Path(platformdirs.user_config_dir("duelo", appauthor=False)) / "studio.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

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
        """The recipe chosen last."""
        found = str(self._store.value("recipe", DEFAULT_RECIPE))
        return found if found in RECIPES else DEFAULT_RECIPE

    @recipe.setter
    def recipe(self, name: str) -> None:
        self._store.setValue("recipe", name)

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
        geometry, state = (self._store.value(key, QByteArray()) for key in ("geometry", "docks"))
        return (
            geometry if isinstance(geometry, QByteArray) else QByteArray(),
            state if isinstance(state, QByteArray) else QByteArray(),
        )

    def set_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Remember geometry and docks."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("docks", docks)

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()
