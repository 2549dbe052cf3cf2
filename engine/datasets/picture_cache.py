"""Keeps prepared pictures on disk, so that the second start is immediate. Knows nothing of Pillow or of options.

pictures-<key>/images.npy    uint8 [N, C, S, S]
pictures-<key>/labels.npy    int64 [N]
pictures-<key>/report.json   what was taken, what was skipped and why
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
from numpy.typing import NDArray

from engine import files
from engine.datasets import places

_KEPT = 12
_PREFIX = "pictures-"
_LARGEST_SHARE = 0.25  # of the available memory; more stays on disk


class Entry(NamedTuple):
    """What is kept of one folder: ``images`` uint8 ``[N, C, S, S]``, labels int64 ``[N]`` and a report for JSON."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    report: dict[str, Any]


def load(key: str) -> Entry | None:
    """Return what is kept under ``key``, or None where nothing whole is.

    The images are mapped from the disk where they would take more than a quarter of the available memory.
    """
    place = _place(key)
    try:
        for name in ("images.npy", "labels.npy", "report.json"):
            files.insist_on_file(place / name)
        images = np.load(place / "images.npy", mmap_mode=_mmap_mode(place / "images.npy"), allow_pickle=False)
        labels = np.load(place / "labels.npy", allow_pickle=False)
        report = json.loads((place / "report.json").read_text(encoding="utf-8"))
        whole = images.dtype == np.uint8 and images.ndim == 4 and labels.dtype == np.int64
        if not whole or labels.shape != images.shape[:1] or not isinstance(report, dict):
            return None
        os.utime(place)  # the newest are kept
    except (OSError, ValueError, EOFError):
        return None
    return Entry(images, labels, report)


@contextlib.contextmanager
def filling(key: str) -> Iterator[Path]:
    """Give an empty folder to fill; it becomes the entry ``key`` at the end, or goes when anything fails.

    Raises ``DiskError``.
    """
    place = _place(key)
    part = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        part.mkdir(parents=True)
        yield part
        shutil.rmtree(place, ignore_errors=True)
        os.replace(part, place)
    except OSError as error:
        if load(key) is None:  # otherwise somebody else was faster
            raise files.disk_error(place, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        _forget_old()


def _place(key: str) -> Path:
    return places.cache_root() / f"{_PREFIX}{key}"


def _mmap_mode(path: Path) -> Any:
    return "r" if path.stat().st_size > _LARGEST_SHARE * psutil.virtual_memory().available else None


def _forget_old() -> None:
    entries: list[tuple[float, Path]] = []
    for path in places.cache_root().glob(f"*{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another Duelo may tidy up, too
            entries.append((path.stat().st_mtime, path))
    for _, path in sorted(entries, reverse=True)[_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
