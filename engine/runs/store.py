"""The store of many runs: each told at a glance, what changed, where it comes from, names. Loads no weights."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine import files
from engine.errors import UserError
from engine.i18n import again, joined, said, tr
from engine.job import Job, Progress, result_of
from engine.runs.about import About
from engine.runs.folder import RunFolder
from engine.runs.summary import ListedRun, RunSummary, UnreadableRun, is_run, modified, parent_of, parent_title, summary
from engine.runs.summary_cache import Kept, SummaryCache, pack, unpack
from engine.runs.trash import Deleted, Trash, Trashed
from engine.text import plain

_TOLD_EVERY_SECONDS = 0.05
_LOOKED_AT = 100  # runs at rest that are looked at each time somebody asks for news
_CACHE = ".summaries.sqlite"
_TELLING = ("config.json", "about.json", "metrics.csv", "quality.jsonl", "samples", "checkpoints")


@dataclass(frozen=True)
class Listing(Progress):
    """So many folders were looked at; ``runs`` are those that were found since this was told last."""

    runs: tuple[ListedRun, ...] = ()


@dataclass(frozen=True)
class News:
    """``changed`` runs were trained on, judged, named, begun or left; ``has_others``: runs came or went."""

    changed: tuple[Path, ...] = ()
    has_others: bool = False


class RunStore:
    """The runs directly below ``root``; reads again only those that changed since, for there may be a thousand.

    Where it ``keeps`` what was read, a file below ``root`` has it the next time. For any thread, and several at once.
    """

    def __init__(self, root: Path, *, keeps: bool = True) -> None:
        self.root = root
        self._cache = SummaryCache(root / _CACHE) if keeps else None
        self._known: dict[Path, tuple[str, RunSummary]] = {}
        self._kept: dict[str, Kept] | None = None
        self._seen: dict[Path, tuple[str, bool]] | None = None
        self._preferences: Mapping[str, float] = {}
        self._turn = 0

    def runs(self) -> list[ListedRun]:
        """Return the runs, newest first; folders that are no run are passed over.

        A run that cannot be read is listed as such, and none keeps another from being listed.
        """
        return result_of(self.scan())

    def scan(self) -> Job[Listing, list[ListedRun]]:
        """Do the same, and tell in parts what was found, the newest names first, so that a list can fill meanwhile."""
        folders = self._folders()
        self._read_preferences()
        if self._kept is None:
            self._kept = self._cache.read() if self._cache else {}
        yield Listing(0, len(folders))
        runs: list[ListedRun] = []
        seen: dict[Path, tuple[str, bool]] = {}
        new: dict[str, Kept] = {}
        told, due = 0, time.monotonic() + _TOLD_EVERY_SECONDS
        try:
            for number, path in enumerate(reversed(folders), 1):
                if is_run(path):
                    seen[path] = stamp_of(path), RunFolder(path).is_locked()
                    runs.append(self._listed(path, *seen[path], new))
                if time.monotonic() >= due:
                    yield Listing(number, len(folders), runs=tuple(runs[told:]))
                    told, due = len(runs), time.monotonic() + _TOLD_EVERY_SECONDS
        finally:
            gone = self._kept.keys() - {path.name for path in folders}
            if self._cache and (new or gone):
                self._cache.write(new, gone)
                self._kept = {name: kept for name, kept in {**self._kept, **new}.items() if name not in gone}
        yield Listing(len(folders), len(folders), runs=tuple(runs[told:]))
        self._known = {path: kept for path, kept in dict(self._known).items() if path in seen}  # others may add to it
        self._seen = seen
        return sorted(runs, key=lambda run: run.modified, reverse=True)

    def news(self) -> News:
        """Return what happened since the last listing, or since it was asked: who asks every few seconds knows all.

        Of a thousand runs it looks at names, at those that are trained, and at some of the others in turn, and reads
        nothing: it costs milliseconds.
        """
        seen = self._seen
        if seen is None:
            return News(has_others=True)
        there = set(self._folders())
        if seen.keys() - there or any(map(is_run, there - seen.keys())):
            return News(has_others=True)
        resting = [path for path, (_, is_training) in seen.items() if not is_training]
        self._turn = self._turn % max(len(resting), 1)
        looked_at = [path for path in seen if seen[path][1]] + resting[self._turn : self._turn + _LOOKED_AT]
        self._turn += _LOOKED_AT
        now = {path: (stamp_of(path), RunFolder(path).is_locked()) for path in looked_at}
        changed = tuple(path for path, it in now.items() if it != seen[path])
        seen.update({path: now[path] for path in changed})
        return News(changed)

    def one(self, path: Path) -> ListedRun:
        """Return the run in ``path`` as it is now, wherever it lies."""
        self._read_preferences()
        return self._listed(path, stamp_of(path), RunFolder(path).is_locked(), {})

    def describe(
        self, path: Path, *, name: str | None = None, star: bool | None = None, note: str | None = None
    ) -> About:
        """Write what a person says of the run in ``path``; what is None stays. Raises ``DiskError``.

        An empty name means that of its folder.
        """
        run = RunFolder(path)
        try:
            about = run.about()
        except UserError:  # damaged: what is said now is worth more
            about = About()
        run.save_about(
            About(
                about.name if name is None else name,
                about.star if star is None else star,
                about.note if note is None else note,
            )
        )
        return run.about()

    def rename(self, path: Path, name: str) -> None:
        """Give the run in ``path`` a name beside that of its folder, or take it away; raises ``DiskError``."""
        self.describe(path, name=name)

    def delete(self, path: Path) -> Deleted:
        """Move the run in ``path``, readable or not, into the trash; raises ``UserError``. ``trash.rule`` is told."""
        return Trash(path.parent).put(path)

    def restore(self, run: Trashed) -> Path:
        """Take back what ``delete`` did, and return where the run lies; raises ``DiskError``."""
        return self.trash.restore(run)

    @property
    def trash(self) -> Trash:
        """The runs that were deleted here."""
        return Trash(self.root)

    def parent(self, run: RunSummary) -> Path | None:
        """Return the run that ``run`` branches from, None where there is none, or where it is gone.

        It is found also where all of the store was moved.
        """
        return parent_of(run, self.root)

    def branches(self, run: RunSummary, runs: Iterable[ListedRun]) -> list[RunSummary]:
        """Return those of ``runs`` that branch from ``run``."""
        others = (other for other in runs if isinstance(other, RunSummary))
        return [other for other in others if self.parent(other) == run.path]

    def _folders(self) -> list[Path]:
        try:
            with os.scandir(self.root) as entries:
                return [self.root / name for name in sorted(entry.name for entry in entries if _is_folder(entry))]
        except OSError:
            return []

    def _listed(self, path: Path, stamp: str, is_training: bool, new: dict[str, Kept]) -> ListedRun:
        """Return what was known of the run where nothing changed, and else read it; ``new`` takes what was read."""
        try:
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = self._known[path] = (stamp, self._unpacked(path, stamp) or self._read(path, stamp, new))
            liked = self._preferences.get(path.name) if path.parent == self.root else None
            run, parent = known[1], parent_title(known[1], self.root)
            if (run.is_training, run.preference, run.parent_title) != (is_training, liked, parent):
                run = replace(run, is_training=is_training, preference=liked, parent_title=parent)
                self._known[path] = (stamp, run)
            return run  # the same object where nothing changed
        except UserError as error:
            reason = _without_path(joined(error.message, error.hint), plain(path))
        except Exception as error:  # one stranger's run must not hide the others, whatever is in it
            reason = tr("This run cannot be read: {reason}.", reason=f"{type(error).__name__}: {error}")
        return UnreadableRun(path, reason, modified(path))

    def _read_preferences(self) -> None:
        from engine.preference.of_runs import scores  # late: it reads runs, too

        self._preferences = scores(self.root)

    def _unpacked(self, path: Path, stamp: str) -> RunSummary | None:
        kept = (self._kept or {}).get(path.name) if path.parent == self.root else None
        if kept is None or kept[0] != stamp:
            return None
        try:
            return unpack(path, kept)
        except Exception:  # a damaged copy is worth nothing: the run itself is read
            return None

    def _read(self, path: Path, stamp: str, new: dict[str, Kept]) -> RunSummary:
        run = summary(path)
        if path.parent == self.root:
            new[path.name] = pack(stamp, run)
        return run


def list_runs(root: Path) -> list[ListedRun]:
    """Return the runs directly below ``root`` as ``RunStore`` does, each read anew."""
    return RunStore(root, keeps=False).runs()


def runs_root() -> Path:
    """Return where runs go unless a person says otherwise: ``Duelo/runs`` at home, or ``$DUELO_HOME/runs``."""
    return files.home() / "runs"


def new_run_path(recipe: str, root: Path | None = None) -> Path:
    """Return a free folder name made of date, time and recipe, whose letters alone count: it may be a stranger's."""
    root = root or runs_root()
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{re.sub(r'[^A-Za-z0-9-]+', '-', recipe)[:60]}"
    candidates = [root / stem, *(root / f"{stem}_{n}" for n in range(2, 1000))]
    return next(path for path in candidates if not path.exists())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; a link that leads in a circle is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def stamp_of(path: Path) -> str:
    """Return what differs once a run was trained on or described: names, times and sizes of its files, no contents."""
    try:
        newest = max(os.listdir(path / "checkpoints"), default="")  # "state-…" comes last
    except OSError:
        newest = "-"
    return " ".join((newest, *(_stat_of(f"{path}{os.sep}{name}") for name in _TELLING)))


def _stat_of(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_mtime_ns}.{found.st_size}.{found.st_ino}"


def _without_path(text: str, path: str) -> str:
    """Leave out where the run lies: that stands beside it anyway."""
    name = os.path.basename(path)
    return said(lambda: str(again(text)).replace(f"{path}{os.sep}", "").replace(path, name))
