"""Which epochs a film or a sheet shows and how fast, and what may be asked for. Knows no pictures and no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine.errors import UserError
from engine.i18n import mark, number, tr

KINDS = {
    ".mp4": mark("Film (MP4), small and for every player"),
    ".gif": mark("Film (GIF), for pages and slides"),
    ".png": mark("Contact sheet (PNG), all on one page"),
}
"""The endings of a file that can be saved, and what each of them is."""

MOST_FRAMES_PER_SECOND = 30.0
MOST_SECONDS = 600.0
SECONDS_HELD = 1.5
_USUAL_FRAMES_PER_SECOND = 10.0
_UNHURRIED_SECONDS = 5.0  # the film of a dozen epochs would otherwise be over before one has looked

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class ExportOptions:
    """How to save: ``frames_per_second`` epochs a second, ``most_seconds`` at most, on a ``dark`` surface or a white.

    ``frames_per_second`` of None means ten, or fewer where the run is so short that it would be over at once.
    Raises ``UserError`` where a number is out of range.
    """

    frames_per_second: float | None = None
    most_seconds: float = 60.0
    dark: bool = False
    seconds_held: float = SECONDS_HELD

    def __post_init__(self) -> None:
        if self.frames_per_second is not None and not 1 <= self.frames_per_second <= MOST_FRAMES_PER_SECOND:
            raise UserError(
                tr("A film cannot show {value} epochs per second.", value=number(self.frames_per_second)),
                tr("Choose from 1 to {most}.", most=number(MOST_FRAMES_PER_SECOND)),
            )
        for seconds in (self.most_seconds, self.seconds_held):
            if not 0 < seconds <= MOST_SECONDS:
                raise UserError(
                    tr("A film cannot last {value} seconds.", value=number(seconds)),
                    tr("Choose up to {most} seconds.", most=number(MOST_SECONDS)),
                )

    def speed(self, epoch_count: int) -> float:
        """Return how many epochs per second a film of ``epoch_count`` shows."""
        if self.frames_per_second is not None:
            return self.frames_per_second
        return min(max(epoch_count / _UNHURRIED_SECONDS, 1.0), _USUAL_FRAMES_PER_SECOND)

    def chosen(self, epochs: Sequence[int]) -> list[int]:
        """Return which of ``epochs`` the film shows, so that it lasts no longer than ``most_seconds``."""
        pictures = 1 + int((self.most_seconds - self.seconds_held) * self.speed(len(epochs)))
        return evenly(epochs, max(pictures, 2))


def seconds_of(epoch_count: int, options: ExportOptions) -> float:
    """Return how long the film of a run with ``epoch_count`` epochs lasts; its last picture is held."""
    pictures = len(options.chosen(range(epoch_count)))
    return (pictures - 1) / options.speed(epoch_count) + options.seconds_held if pictures else 0.0


def evenly(items: Sequence[_Item], most: int) -> list[_Item]:
    """Return at most ``most`` (≥ 2) of ``items``, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(place)] for place in np.linspace(0, len(items) - 1, most).tolist()]


def kind_of(path: Path, kinds: Sequence[str] = tuple(KINDS)) -> str:
    """Return the ending of ``path`` in small letters; raises ``UserError`` unless it is one of ``kinds``."""
    kind = path.suffix.lower()
    if kind not in kinds:
        raise UserError(
            tr("“{path}” is no file that Duelo can save a film to.", path=path),
            tr("Let its name end in {kinds}.", kinds=", ".join(kinds)),
        )
    return kind
