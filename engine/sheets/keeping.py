"""Digits cut out of photographs, kept as a folder of own pictures, and looked at by the judge of digits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.evaluation import judge
from engine.runs.pictures import to_png
from engine.sheets.reading import Digits
from engine.text import plain


def keep(digits: Digits, folder: Path, name: str) -> list[Path]:
    """Write each digit as PNG below ``folder``, a sub-folder for each class, and return the paths.

    Their names begin with ``name``, or with one beside it: nothing is written over. Raises ``DiskError``.
    """
    with files.telling_disk_errors(folder):
        for label in set(digits.labels.tolist()):
            (folder / str(label)).mkdir(parents=True, exist_ok=True)
        stem = next(stem for stem in _stems(plain(name, 60)) if not any(folder.glob(f"*/{_escaped(stem)}-???.png")))
    paths = [folder / str(label) / f"{stem}-{number:03d}.png" for number, label in enumerate(digits.labels)]
    for path, image in zip(paths, digits.images, strict=True):
        files.write_atomically(path, to_png(image))
    return paths


def read_by_judge(digits: Digits) -> NDArray[np.int64]:
    """Return which digit the judge reads in each image, int64 ``[N]``."""
    if not len(digits.images):
        return digits.labels
    probabilities, _ = judge.shipped(judge.SHIPPED["digits"]).predict_proba(digits.images)
    return probabilities.argmax(1).astype(np.int64)


def _stems(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)
