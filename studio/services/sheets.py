"""What the window wants of own handwriting, on sheets or drawn: to be called in jobs, never in the UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs.arriving import free_path


@dataclass(frozen=True, eq=False)
class ReadSheets:
    """What was written on some sheets: ``images`` uint8 ``[N, 28, 28]``, ``labels`` by their lines, and what the judge
    reads in each, all int64 ``[N]``; ``refused`` says of each photograph that cannot be used why.
    """

    images: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 28, 28), np.uint8))
    labels: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    read_as: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    refused: tuple[UserError, ...] = ()

    @property
    def odd(self) -> NDArray[np.int64]:
        """The places int64 ``[M]`` of those that the judge reads otherwise."""
        return np.flatnonzero(self.labels != self.read_as)

    def without_odd(self) -> ReadSheets:
        """Return the others."""
        same = self.labels == self.read_as
        return ReadSheets(self.images[same], self.labels[same], self.read_as[same], self.refused)

    def united(self, drawn: Sequence[DrawnDigit]) -> ReadSheets:
        """Return these and what was ``drawn``."""
        if not drawn:
            return self
        images, labels, read_as = map(np.array, zip(*drawn, strict=True))
        return ReadSheets(
            np.concatenate([self.images, images]),
            np.concatenate([self.labels, labels]),
            np.concatenate([self.read_as, read_as]),
            self.refused,
        )


class DrawnDigit(NamedTuple):
    """One digit ``image`` uint8 ``[28, 28]`` with what was meant and what the judge reads."""

    image: NDArray[np.uint8]
    label: int
    read_as: int


def read_drawing(drawing: NDArray[np.uint8], label: int) -> DrawnDigit | None:
    """Return the digit on ``drawing`` uint8 ``[S, S]``, white on black; None where there is next to nothing."""
    from engine.sheets.keeping import read_by_judge
    from engine.sheets.reading import Digits, cut_drawing

    image = cut_drawing(drawing)
    if image is None:
        return None
    (read_as,) = read_by_judge(Digits(image[None], np.array([label]), 0)).tolist()
    return DrawnDigit(image, label, read_as)


def read_photographs(paths: Sequence[Path]) -> Job[Progress, ReadSheets]:
    """Return what is written on the sheets in the photographs ``paths``."""
    from engine.sheets.keeping import read_by_judge
    from engine.sheets.reading import read_sheet

    found, refused = [], []
    for number, path in enumerate(paths):
        yield Progress(number, len(paths), tr("Reading {name}", name=path.name))
        try:
            digits = read_sheet(path)
            found.append((digits.images, digits.labels, read_by_judge(digits)))
        except UserError as error:
            refused.append(error)
    if not found:
        return ReadSheets(refused=tuple(refused))
    images, labels, read_as = map(np.concatenate, zip(*found, strict=True))
    return ReadSheets(images, labels, read_as, tuple(refused))


def save_empty_sheet(path: Path) -> Path:
    """Write the sheet to be printed, and return ``path``; raises ``UserError``."""
    from engine.sheets.drawing import save_sheet

    save_sheet(path)
    return path


def keep_digits(sheets: ReadSheets, name: str) -> Path:
    """Write the digits into a new folder among those of this person, and return it; raises ``DiskError``."""
    from engine.sheets.keeping import keep
    from engine.sheets.reading import Digits

    folder = free_path(files.home() / "handwriting", name)
    keep(Digits(sheets.images, sheets.labels, 0), folder, name)
    return folder
