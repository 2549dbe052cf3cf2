"""What people keep of exploring a run: directions, favorites, rounds of "beat the discriminator". Small JSON files.

    directions.json    directions in latent space, each with what it changes
    favorites.json     z with their labels, by name
    rounds.json        who told real pictures from generated ones, how well, and what D made of the same pictures

They may come from a stranger: reading raises ``UserError`` at worst, what is called by a name is plain and short.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.errors import UserError
from engine.i18n import tr
from engine.runs.info import MOST_EPOCHS
from engine.runs.reading import CarefulFolder
from engine.text import LONGEST_NAME, plain

_MOST_BYTES = 32 * 2**20
_MOST_RECORDS = 1_000  # the newest are kept
_MOST_NUMBERS = 4_096
_DAMAGED = "damaged-{name}"

_R = TypeVar("_R", bound="_Record")


@dataclass(frozen=True)
class _Record:
    """``name`` is one plain, short line that a person may change."""

    name: str


@dataclass(frozen=True)
class Direction(_Record):
    """A direction in latent space, found by ``method`` at ``epoch``: ``vector`` is z_dim numbers of length 1.

    ``strength`` is the change of the picture, root mean square over pixels (0 to 1), for each unit along it.
    ``measure`` is the one of ``engine.evaluation.moments`` that it moves most, empty where it moves none, by ``effect``
    standard deviations of samples for each unit, upward where positive; ``correlation`` (-1 to 1) tells how surely.
    """

    method: str
    epoch: int
    vector: tuple[float, ...]
    strength: float
    measure: str
    effect: float
    correlation: float

    @cached_property
    def unit(self) -> NDArray[np.float32]:
        """``vector`` as float32 ``[z_dim]``."""
        return np.array(self.vector, np.float32)


@dataclass(frozen=True)
class Favorite(_Record):
    """A z of a generator at ``epoch`` with its label, -1 where it takes none; ``shares`` of each class, or empty."""

    epoch: int
    numbers: tuple[float, ...]
    label: int = -1
    shares: tuple[float, ...] = ()

    @cached_property
    def z(self) -> NDArray[np.float32]:
        """``numbers`` as float32 ``[z_dim]``."""
        return np.array(self.numbers, np.float32)


@dataclass(frozen=True)
class Round(_Record):
    """A round that the person ``name`` played at ``epoch``: of ``count`` pictures ``right`` were told right, in
    ``seconds``; D told ``d_right`` of the same. ``date`` is ISO 8601 in UTC.
    """

    epoch: int
    count: int
    right: int
    d_right: int
    seconds: float
    date: str


class KeptByPeople(CarefulFolder):
    """Reads and writes those files of the run in ``path``; writing raises ``DiskError``."""

    NAMES = ("directions.json", "favorites.json", "rounds.json")

    def save_directions(self, directions: Sequence[Direction]) -> None:
        """Replace the directions that are kept."""
        self._save("directions.json", directions, Direction)

    def directions(self) -> list[Direction]:
        """Return the directions that are kept; none were where the file is absent."""
        return self._records("directions.json", Direction)

    def save_favorites(self, favorites: Sequence[Favorite]) -> None:
        """Replace the favorites."""
        self._save("favorites.json", favorites, Favorite)

    def favorites(self) -> list[Favorite]:
        """Return the favorites, in the order in which they were saved."""
        return self._records("favorites.json", Favorite)

    def add_round(self, played: Round) -> None:
        """Keep a round beside those before it."""
        self._set_damaged_aside("rounds.json", Round)
        self._save("rounds.json", [*self.rounds(), played], Round)

    def rounds(self) -> list[Round]:
        """Return the rounds that were played, in order."""
        return self._records("rounds.json", Round)

    def _save(self, name: str, records: Sequence[_R], kind: Callable[..., _R]) -> None:
        content = [_to_json(record) for record in records[-_MOST_RECORDS:]]
        self._set_damaged_aside(name, kind)
        files.write_atomically(self.path / name, json.dumps(content, indent=1).encode(), shared=True)

    def _set_damaged_aside(self, name: str, kind: Callable[..., _Record]) -> None:
        """What cannot be read is not written over: somebody may mend it."""
        path = self.path / name
        try:
            self._records(name, kind)
        except UserError:
            with files.telling_disk_errors(path):
                os.replace(path, path.with_name(_DAMAGED.format(name=name)))

    def _records(self, name: str, kind: Callable[..., _R]) -> list[_R]:
        path = Path(self.path / name)
        if not os.path.lexists(path):
            return []
        try:
            with self._reading(path) as file:
                data = file.read(_MOST_BYTES + 1)
                content = json.loads(data) if len(data) <= _MOST_BYTES else None
                if not isinstance(content, list):
                    raise ValueError("no list of records")
                return [_from_json(entry, kind) for entry in content[-_MOST_RECORDS:]]
        except UserError as error:
            hint = tr(
                "Mend it, or restore it from a copy. What is kept from now on goes into a new file,"
                " and this one stays beside it as “{name}”.",
                name=_DAMAGED.format(name=name),
            )
            raise UserError(error.message, hint) from error


def _to_json(record: _Record) -> dict[str, Any]:
    content = asdict(record)
    for name, value in content.items():
        if isinstance(value, tuple):
            content[name] = [float(f"{number:.9g}") for number in value]  # all that a float32 has
        elif isinstance(value, str):
            content[name] = plain(value.strip(), LONGEST_NAME)
    return content


def _from_json(content: Any, kind: Callable[..., _R]) -> _R:
    """Return the record, whatever else a later version wrote into it; raises ``ValueError`` or ``TypeError``."""
    if not isinstance(content, dict):
        raise ValueError("not a record")
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in content:
            found[field.name] = _value(content[field.name], str(field.type))
    return kind(**found)


def _value(value: Any, kind: str) -> Any:
    if kind == "str" and isinstance(value, str):
        return plain(value.strip(), LONGEST_NAME)
    if kind == "int" and type(value) is int and -1 <= value <= MOST_EPOCHS:
        return value
    if kind == "float" and _is_number(value):
        return float(value)
    are_numbers = isinstance(value, list) and len(value) <= _MOST_NUMBERS and all(map(_is_number, value))
    if kind == "tuple[float, ...]" and are_numbers:
        return tuple(np.array(value, np.float32).tolist())
    raise ValueError("an entry is of another type")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e30 and math.isfinite(value)
