"""Summaries kept in one file, so that a thousand runs are listed without being read again. Knows no folder of a run.

It is a copy of what the runs say: damaged, of another Duelo or not writable, it is done without, and made anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine import __version__
from engine.config import Config
from engine.runs import quality as qualities
from engine.runs.about import About
from engine.runs.info import Branch
from engine.runs.summary import RunSummary

_LAYOUT = f"4 {__version__}"
_PATIENCE_SECONDS = 0.5
_PLAIN = (
    *("images_seen", "total_images", "image_count", "modified", "left_epoch"),
    *("health", "troubles", "seconds", "size_bytes"),
)

Kept = tuple[str, str, bytes | None]
"""The stamp of a run, its summary as JSON, and the pixels of its preview."""


class SummaryCache:
    """The summaries of the runs below one folder, by the names of theirs, each with the ``stamp`` it was made at.

    Names are kept as the bytes that the system has: those of an old archive need not be UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Kept]:
        """Return what is kept; nothing where the file is of no use."""
        try:
            with self._opened() as database:
                return {
                    os.fsdecode(name): (stamp, text, pixels) for name, stamp, text, pixels in database.execute(_SELECT)
                }
        except (sqlite3.Error, OSError):
            return {}

    def write(self, new: Mapping[str, Kept], gone: Iterable[str]) -> None:
        """Keep ``new`` ones and forget those that are ``gone``; where that cannot be, nobody misses it."""
        try:
            self._write(new, gone)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # in use, or not writable
                return
            with suppress(OSError, sqlite3.Error):
                self._path.unlink()
                self._write(new, ())
        except OSError:
            return

    def _write(self, new: Mapping[str, Kept], gone: Iterable[str]) -> None:
        with self._opened() as database, database:
            database.executemany("DELETE FROM runs WHERE name = ?", [(os.fsencode(name),) for name in gone])
            database.executemany(_INSERT, [(os.fsencode(name), *kept) for name, kept in new.items()])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE_SECONDS)) as database:
            database.execute("PRAGMA synchronous = OFF")  # it is a copy
            with database:
                database.execute("CREATE TABLE IF NOT EXISTS layout (said TEXT)")
                if database.execute("SELECT said FROM layout").fetchall() != [(_LAYOUT,)]:
                    database.execute("DROP TABLE IF EXISTS runs")
                    database.execute("DELETE FROM layout")
                    database.execute("INSERT INTO layout VALUES (?)", (_LAYOUT,))
                database.execute(_CREATE)
            yield database


_CREATE = "CREATE TABLE IF NOT EXISTS runs (name BLOB PRIMARY KEY, stamp TEXT, summary TEXT, preview BLOB)"
_SELECT = "SELECT name, stamp, summary, preview FROM runs"
_INSERT = "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)"


def pack(stamp: str, run: RunSummary) -> Kept:
    """Return ``run`` as it is kept."""
    preview = run.preview
    content = {name: getattr(run, name) for name in _PLAIN} | {
        "config": run.config.model_dump(mode="json"),
        "config_now": run.config_now.model_dump(mode="json"),
        "about": asdict(run.about),
        "branch_of": run.branch_of and asdict(run.branch_of),
        "quality": run.quality and asdict(run.quality),
        "preview": [] if preview is None else preview.shape,
    }
    return stamp, json.dumps(content), None if preview is None else preview.tobytes()


def unpack(path: Path, kept: Kept) -> RunSummary:
    """Return the summary of the run in ``path``; raises ``Exception`` of any kind where the file is damaged."""
    _, text, pixels = kept
    content: dict[str, Any] = json.loads(text)
    config = Config.parse(content["config"])
    now = config if content["config_now"] == content["config"] else Config.parse(content["config_now"])
    shape, branch, quality = content["preview"], content["branch_of"], content["quality"]
    return RunSummary(
        path,
        config,
        now,
        preview=np.frombuffer(pixels, np.uint8).reshape(shape) if shape and pixels else None,
        about=About(**content["about"]),
        branch_of=Branch(**branch) if branch else None,
        quality=qualities.parse(quality) if quality else None,
        **{name: content[name] for name in _PLAIN if name != "troubles"},
        troubles=tuple(content["troubles"]),
    )
