"""What can be chosen by name: our own, and what other packages bring along. Knows no kind of thing.

A package adds to a registry by an entry point of its ``group`` that leads to a declaration, which has a ``name``. One
that cannot be taken, or fails later while the rest goes on, is left out, and ``faults`` says so in a sentence. Where
nothing can go on without it, ``blamed`` says whose code it was.
"""

from __future__ import annotations

import glob
import importlib
import os
import pkgutil
import re
import sys
import threading
import traceback
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from engine.errors import UserError
from engine.i18n import set_more_catalogs, tr

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_PREFIX = b"[duelo."  # of our groups in the file in which a package declares its entry points
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Declaration(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str:
        """What it is called in options, files and commands."""


T = TypeVar("T", bound=Declaration)
_Code = TypeVar("_Code")


class Registry(MutableMapping[str, T], Generic[T]):
    """Declarations of one ``kind`` by name, ``own`` ones first; plug-ins are looked for when it is first read.

    ``check`` raises ``UserError`` for a plug-in's declaration that cannot work.
    """

    def __init__(self, group: str, kind: type[T], own: Iterable[T], check: Callable[[T], None] | None = None) -> None:
        self._group, self._kind, self._check = group, kind, check
        self._own = {each.name: each for each in own}
        self._forget()
        self._lock = threading.RLock()
        insort(_ALL, self, key=lambda each: each._group)  # what is told of all does not hang on what was loaded first

    def __getitem__(self, name: str) -> T:
        return self._loaded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())

    def __setitem__(self, name: str, entry: T) -> None:
        self._loaded()[name] = entry

    def __delitem__(self, name: str) -> None:
        del self._loaded()[name]

    @property
    def faults(self) -> list[UserError]:
        """What was left out, and why."""
        self._loaded()
        return self._faults

    def news(self) -> list[UserError]:
        """Return what was left out since this was asked last."""
        with self._lock:
            found = [fault for fault in self.faults if fault not in self._told]
            self._told.extend(found)
            return found

    def working(self) -> list[T]:
        """Return all entries but those that failed while they were used."""
        return [entry for name, entry in self.items() if name not in self._failed]

    def leave_out(self, name: str, error: Exception) -> None:
        """Do without the plug-in ``name`` from now on, whose code raised ``error``; our own is a defect and raised."""
        with self._lock:
            if name not in self._points:
                raise error
            if name not in self._failed:
                self._failed.add(name)
                self._note(self._points[name], its_author_should_know(error))

    def look_again(self) -> None:
        """Forget what was found; plug-ins are looked for anew."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._entries = dict(self._own)
        self._points: dict[str, EntryPoint] = {}
        self._failed: set[str] = set()
        self._faults: list[UserError] = []
        self._told: list[UserError] = []
        self._is_loaded = False

    def _loaded(self) -> dict[str, T]:
        if not self._is_loaded:
            with self._lock:
                if not self._is_loaded:
                    self._is_loaded = True  # at once: a plug-in may ask for our own while it is loaded
                    points = list(_entry_points(self._group))
                    for point in points:
                        self._take(point)
                    if points:
                        from engine import translations  # is a registry itself

                        translations.load()
        return self._entries

    def _take(self, point: EntryPoint) -> None:
        try:
            entry = self._read(point)
        except UserError as error:
            self._note(point, error.whole)
        else:
            self._entries[entry.name], self._points[entry.name] = entry, point

    def _note(self, point: EntryPoint, why: str) -> None:
        message = tr(
            "The plug-in “{name}” ({group}) of the package “{package}” was left out.",
            name=point.name,
            group=self._group,
            package=_package_of(point),
        )
        self._faults.append(UserError(message, why))

    def _read(self, point: EntryPoint) -> T:
        """Return what the entry point leads to; raises ``UserError`` where it is of no use."""
        entry = _resolved(point.load, f"{point.group}: {point.value}")
        if not isinstance(entry, self._kind):
            raise UserError(
                tr("It leads to something that is no {kind}.", kind=_path_of(self._kind)),
                tr("Tell its author."),
            )
        if wrong := _no_text(entry):
            raise UserError(tr("Its “{field}” is no text.", field=wrong), tr("Tell its author."))
        if not _NAME.fullmatch(entry.name):
            raise UserError(
                tr("“{name}” cannot be a name.", name=entry.name), tr("A name is of small letters, digits and hyphens.")
            )
        if entry.name in self._entries:
            raise UserError(tr("The name “{name}” is taken.", name=entry.name), tr("Remove one of the two packages."))
        if self._check is not None:
            self._check(entry)
        return entry


_ALL: list[Registry[Any]] = []


def faults() -> list[UserError]:
    """Return what was left out of all registries, each with the reason."""
    return [fault for registry in _ALL for fault in registry.faults]


def news() -> list[UserError]:
    """Return what was left out of all registries and was not told yet."""
    return [fault for registry in _ALL for fault in registry.news()]


def blamed(error: BaseException) -> UserError | None:
    """Return what to tell of an exception that came out of a plug-in's code, None where it is a defect of ours."""
    points = {point.module.partition(".")[0]: point for registry in _ALL for point in registry._points.values()}
    for frame, _ in traceback.walk_tb(error.__traceback__):
        point = points.get(str(frame.f_globals.get("__name__")).partition(".")[0])
        if point is not None:
            return UserError(
                tr("The package “{package}”, which adds to Duelo, failed.", package=_package_of(point)),
                its_author_should_know(error),
            )
    return None


def look_again() -> None:
    """Look anew for the plug-ins of every registry, as after a package was installed."""
    _any_declared.cache_clear()
    importlib.invalidate_caches()
    for registry in _ALL:
        registry.look_again()
    set_more_catalogs(())


def resolve(reference: str, kind: type[_Code]) -> _Code:
    """Return the ``kind`` that ``"package.module"`` or ``"package.module:name"`` stands for; raises ``UserError``.

    A declaration says by such a reference where its code is, which is imported when it is first needed.
    """
    found = _resolved(lambda: pkgutil.resolve_name(reference), reference)
    if not isinstance(found, kind):
        raise UserError(
            tr("“{reference}” is no {kind}.", reference=reference, kind=_path_of(kind)), tr("Tell its author.")
        )
    return found


def its_author_should_know(error: BaseException) -> str:
    """Return a sentence that says what a stranger's code raised."""
    return tr("Its author should know why: {error}.", error=f"{type(error).__name__}: {error}".rstrip(".: "))


def _resolved(load: Callable[[], Any], reference: str) -> Any:
    try:
        return load()
    except (Exception, SystemExit) as error:  # whatever a stranger's module does while it is imported
        raise UserError(
            tr("“{reference}” cannot be loaded.", reference=reference), its_author_should_know(error)
        ) from error


def _package_of(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "?"


def _path_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def _no_text(entry: object) -> str:
    """Return the first field of a declaration that should be a text and is none, or nothing."""
    declared = fields(entry) if is_dataclass(entry) and not isinstance(entry, type) else ()
    return next((it.name for it in declared if it.type == "str" and not isinstance(getattr(entry, it.name), str)), "")


@cache
def _any_declared() -> bool:
    """Whether any package has an entry point of ours: importing what reads them takes longer than all that is here."""
    return any(map(_declares, _declaring_files()))


def _entry_points(group: str) -> Iterable[EntryPoint]:
    if not _any_declared():
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=group)


def _declaring_files() -> Iterator[str]:
    for place in dict.fromkeys(sys.path):
        yield from glob.iglob(os.path.join(glob.escape(place or "."), "*.*-info", "entry_points.txt"))


def _declares(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _PREFIX in file.read()
    except OSError:
        return False
