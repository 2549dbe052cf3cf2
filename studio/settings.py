"""What the window remembers between starts: layout, language, theme, recipe, the last run.

The file may be damaged, foreign, or no file at all: whatever it is, the window opens.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

import platformdirs
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, QTimer

from engine.config import OPTIONS, Config, parse_value
from engine.errors import UserError
from engine.i18n import LANGUAGES, system_language, tr
from engine.recipes import FIRST_RECIPE, RECIPES
from engine.search.places import without_password
from engine.text import LONGEST_NAME, plain
from studio import text_size
from studio.guard import guarded
from studio.model.measurements import Measurements

_MOST_BYTES = 2**20
_SEAL_BYTES = 16
_MOST_PLACES = 8
_REST_MS = 300  # what was chosen is seen first, and written with whatever else is chosen meanwhile
# Qt would build any of its objects out of these; nothing that is remembered here is one.
_OBJECTS = (b"@Variant(", b"@DateTime(")


class Settings:
    """A typed door to one INI file; a missing or foreign value counts as its default.

    It is the one at ``path``. ``problem`` says that it cannot be used and how to mend it: nothing is read from it then,
    nor written; or that it can only be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(platformdirs.user_config_dir("duelo", appauthor=False)) / "studio.ini"
        self.problem = _problem_of(self.path)
        self._text_size: int | None = None
        self._store: _Nothing | _Store
        if self.problem is not None:
            self._store = _Nothing()
            return
        self._store = _Store(str(self.path), QSettings.Format.IniFormat)
        if not self._store.isWritable():
            self.problem = UserError(
                tr("The settings in “{path}” can be read, but not written.", path=self.path),
                tr("Allow yourself to write there; until then what you choose lasts until the window closes."),
            )

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
    def text_size(self) -> int:
        """How large text is, in percent of the system's size."""
        if self._text_size is None:  # asked for at each change of anything in the window, by every command about it
            found = str(self._store.value("text_size", ""))
            self._text_size = int(found) if found in map(str, text_size.SIZES) else text_size.USUAL
        return self._text_size

    @text_size.setter
    def text_size(self, percent: int) -> None:
        self._text_size = percent
        self._store.setValue("text_size", str(percent))

    @property
    def recipe(self) -> str:
        """The recipe chosen last, of those that are made to work: the next person is not met by a failure."""
        found = str(self._store.value("recipe", FIRST_RECIPE))
        return found if found in RECIPES and not RECIPES[found].failure_mode else FIRST_RECIPE

    @recipe.setter
    def recipe(self, name: str) -> None:
        if name in RECIPES and not RECIPES[name].failure_mode:
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
    def table(self) -> str:
        """The file of the person's own table that was chosen last, or nothing."""
        return str(self._store.value("table", ""))

    @table.setter
    def table(self, path: str) -> None:
        self._store.setValue("table", path)

    @property
    def pictures(self) -> dict[str, Any]:
        """The options by which own pictures were chosen last; none where other data were chosen since."""
        with suppress(ValueError, TypeError, UserError):
            values: dict[str, Any] = json.loads(str(self._store.value("pictures", "")))
            Config.parse(values)
            return values if values.get("data_root") else {}
        return {}

    @pictures.setter
    def pictures(self, values: Mapping[str, Any]) -> None:
        self._store.setValue("pictures", json.dumps(dict(values)))

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

    @property
    def shown_run(self) -> Path | None:
        """The run looked at last, finished or not."""
        found = os.fsdecode(unquote_to_bytes(str(self._store.value("shown_run", ""))))
        return Path(found) if found else None

    @shown_run.setter
    def shown_run(self, path: Path) -> None:
        self._store.setValue("shown_run", quote(os.fsencode(path.absolute())))

    @property
    def lesson(self) -> str:
        """The name of the lesson that was open last, or nothing."""
        return str(self._store.value("lesson", ""))

    @lesson.setter
    def lesson(self, name: str) -> None:
        self._store.setValue("lesson", name)

    @property
    def is_welcomed(self) -> bool:
        """Whether the card of the first start was read."""
        return str(self._store.value("welcomed", "")) == "1"

    @is_welcomed.setter
    def is_welcomed(self, is_welcomed: bool) -> None:
        self._store.setValue("welcomed", "1" if is_welcomed else "")

    @property
    def introduced(self) -> frozenset[str]:
        """The words that were introduced where they first appeared."""
        return frozenset(str(self._store.value("introduced", "")).split())

    @introduced.setter
    def introduced(self, words: frozenset[str]) -> None:
        self._store.setValue("introduced", " ".join(sorted(words)))

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window, empty at first."""
        return _unsealed(self._store.value("geometry"))

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", _sealed(geometry))

    @property
    def workspace(self) -> str:
        """The name of the workspace that was in front last; it is kept at once, also where the process is killed."""
        return str(self._store.value("workspace", ""))

    @workspace.setter
    def workspace(self, name: str) -> None:
        if name != self.workspace:  # the file is written anew, which a start has no time for
            self._store.setValue("workspace", name)

    def layout_of(self, workspace: str) -> dict[str, int]:
        """Return what a person chose of the layout of a workspace: sizes in pixels, pages, what is open (1)."""
        found = str(self._store.value(f"layout/{workspace}", ""))
        pairs = (pair.partition("=") for pair in found.split(";"))
        return {
            name: int(value) for name, _, value in pairs if value.isascii() and value.isdecimal() and len(value) < 5
        }

    def set_layout_of(self, workspace: str, layout: Mapping[str, int]) -> None:
        """Remember the layout of a workspace; the docks of older versions are forgotten."""
        for gone in ("docks", "dock_sizes"):
            self._store.remove(gone)
        self._store.setValue(f"layout/{workspace}", ";".join(f"{name}={value}" for name, value in layout.items()))

    @property
    def search_places(self) -> list[str]:
        """The storages of searches beside the one at home, those chosen last first; never a password."""
        found = str(self._store.value("search_places", "")).split("\n")
        return [where for each in found if (where := without_password(unquote(each))[0])][:_MOST_PLACES]

    @property
    def search_place(self) -> str:
        """The storage chosen last, nothing for the one at home."""
        where = unquote(str(self._store.value("search_place", "")))
        return where if where in self.search_places else ""

    @search_place.setter
    def search_place(self, where: str) -> None:
        where, _ = without_password(where)
        if where:
            self._store.setValue("search_places", "\n".join(map(quote, dict.fromkeys([where, *self.search_places]))))
        self._store.setValue("search_place", quote(where))

    @property
    def wall(self) -> str:
        """The folder of the class wall that was looked at last, or nothing."""
        return unquote(str(self._store.value("wall", "")))

    @wall.setter
    def wall(self, folder: str) -> None:
        self._store.setValue("wall", quote(folder))

    @property
    def shared_with(self) -> str:
        """The folder of the class wall with which the runs of this computer are shared, or nothing."""
        return unquote(str(self._store.value("shared_with", "")))

    @shared_with.setter
    def shared_with(self, folder: str) -> None:
        self._store.setValue("shared_with", quote(folder))

    @property
    def student(self) -> str:
        """The name under which they are shared; the system's name of the user where none was chosen."""
        return plain(unquote(str(self._store.value("student", ""))), LONGEST_NAME) or _user()

    @student.setter
    def student(self, name: str) -> None:
        self._store.setValue("student", quote(name))

    def forget(self) -> None:
        """Let the next start be the first one, but for what trainings took on this machine.

        What is set from now on, as while a window closes, is remembered until that has closed, and not in the file.
        """
        measured = self._store.value("measurements", "")
        self._store.clear()
        self._store.setValue("measurements", measured)
        self._store.sync()
        self._store = _Nothing()

    def style_choice(self, name: str) -> str:
        """Return what was chosen last in the workspace Style, of a picture or an option, as text; nothing at first."""
        return unquote(str(self._store.value(f"style/{name}", "")))

    def set_style_choice(self, name: str, choice: str) -> None:
        """Remember what was chosen."""
        self._store.setValue(f"style/{name}", quote(choice))

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()


def _user() -> str:
    try:
        return plain(getpass.getuser(), LONGEST_NAME)
    except OSError:  # a user without a name
        return ""


@guarded
class _Store(QSettings):
    """Writes what changed beside the window: Qt would wait for the disk, which takes 20 ms and a busy one 250."""

    _is_written = False

    def __init__(self, path: str, form: QSettings.Format) -> None:
        super().__init__(path, form)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(lambda: Thread(target=self._write, name="writing settings").start())

    def event(self, event: QEvent) -> bool:
        """Let a thread write when Qt wants to; what comes meanwhile is written by Qt, which is told then."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        if self._is_written:
            self._is_written = False
            return super().event(event)
        self._rest.start()
        return True

    def _write(self) -> None:
        QSettings(self.fileName(), self.format()).sync()  # all objects for one file share what is to be written
        self._is_written = True
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.UpdateRequest))


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

    def clear(self) -> None:
        self._values.clear()

    def sync(self) -> None:
        pass


def _problem_of(path: Path) -> UserError | None:
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
