"""One-file experiments: a run as ``NAME.duelo``, a zip of its files, a manifest and checksums, and back.

An archive may come from a stranger: it can do nothing but be refused. Only files that a run may have are taken, by the
very names that a run gives them, so that no path leads anywhere else; pictures and weights must lie there as they are,
and text may unpack to so much and no more, so that no small file becomes a large one. Nothing in it is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from engine import __version__, files
from engine.amounts import megabytes
from engine.errors import DiskError, UserError
from engine.i18n import mark, tr
from engine.job import Job, Progress
from engine.runs.arriving import arriving, free_path
from engine.runs.folder import RunFolder
from engine.runs.places import PLACED, without_places
from engine.runs.twins import same_files, told_only
from engine.text import LONGEST_NAME, plain

SUFFIX = ".duelo"
SCHEMA = 2  # since 2, a state of which the run has a twin is told twice and stored once
MANIFEST = "manifest.json"

_CHUNK = 2**20
_MOST_FILES = 50_000
_MOST_DIRECTORY_BYTES = 6_000_000
_MOST_MANIFEST_BYTES = 400  # for each file
_MOST_RATIO = 200  # of text: rows of numbers become a quarter, a log of the same line a hundredth
_SMALL = 2**20
_EPOCH_OR_IMAGES = r"\d{4,15}"
_TEXTS = (
    *("config.json", "about.json", "metrics.csv", "quality.jsonl", "verdicts.jsonl", "log.txt"),
    *RunFolder.NAMES,
)
_NUMBERED = (r"samples/epoch-{}\.png", *(rf"checkpoints/{kind}-{{}}\.safetensors" for kind in RunFolder.KINDS))
_ALLOWED = re.compile(
    "|".join(
        [
            *map(re.escape, (*_TEXTS, "samples/noise.safetensors")),
            *(name.format(_EPOCH_OR_IMAGES) for name in _NUMBERED),
        ]
    ),
    re.ASCII,
)
_UNIT = mark("MB")


@dataclass(frozen=True)
class Exported:
    """A file that holds a run: ``size_bytes`` is its own, ``run_bytes`` that of the run.

    ``left_out``: names of folders of this machine are not in it.
    """

    path: Path
    size_bytes: int
    run_bytes: int
    left_out: bool = False


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself: the name of its run's folder, and size and SHA-256 of each file.

    ``title`` is what a person called the run, or that name. ``twins`` are files that another one, which they name,
    holds as well: those are not stored again.
    """

    name: str
    files: dict[str, tuple[int, str]]
    title: str = ""
    twins: dict[str, str] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """What the run takes on the disk."""
        return sum(size for name, (size, _) in self.files.items() if name not in self.twins)


# --- out


def export_size(run: RunFolder) -> int:
    """Return how many bytes an export of ``run`` takes at most, before it is made."""
    found = _files_of(run)
    twins = same_files(found)
    return sum(path.stat().st_size for name, path in found.items() if name not in twins)


def export_run(run: RunFolder, out: Path) -> Job[Progress, Exported]:
    """Write ``run`` as the one file ``out``, which is replaced; raises ``UserError``. Closed, it leaves nothing.

    Where something lies on this machine is not told in it.
    """
    run.info()
    if run.is_locked():
        raise UserError(tr("The run “{path}” is being trained.", path=run.path), tr("Stop the training first."))
    found = _files_of(run)
    if len(found) > _MOST_FILES:
        raise UserError(
            tr("The run has {count} files, more than fit into one.", count=len(found)),
            tr("Copy its folder instead."),
        )
    twins, total = same_files(found), export_size(run)
    yield _progress(0, total)
    with files.atomic_path(out) as part, zipfile.ZipFile(part, "w", allowZip64=True) as archive:
        listed: dict[str, dict[str, Any]] = {}
        done = 0
        for name, path in found.items():
            if name in twins:
                continue
            with files.open_plain(path, run.path) as file:
                told = without_places(name, file, run) if name in PLACED else _pieces(file)
                for listed[name] in _written(archive, name, told):  # noqa: B020 - the last fact is the whole file's
                    yield _progress(done + listed[name]["size"], total)
            done += listed[name]["size"]
        listed |= {name: listed[twin] for name, twin in twins.items()}
        head = {"duelo-experiment": SCHEMA, "duelo": __version__, "name": run.path.resolve().name, "title": _title(run)}
        content = {**head, "files": listed}
        archive.writestr(MANIFEST, json.dumps(content, indent=1), zipfile.ZIP_DEFLATED)
    left_out = any(listed[name]["size"] != found[name].stat().st_size for name in PLACED if name in found)
    return Exported(out, out.stat().st_size, done, left_out)


def _title(run: RunFolder) -> str:
    try:
        return run.about().name
    except UserError:  # what is said of a run may be damaged: it travels as it is
        return ""


def _files_of(run: RunFolder) -> dict[str, Path]:
    """Return the files of ``run`` by their names in an archive."""
    folders = ("", "samples", "checkpoints")
    paths = (path for folder in folders for path in sorted(_plain_files(run.path / folder)))
    named = ((path.relative_to(run.path).as_posix(), path) for path in paths)
    return {name: path for name, path in named if _ALLOWED.fullmatch(name)}


def _plain_files(folder: Path) -> Iterator[Path]:
    if not folder.is_symlink() and folder.is_dir():
        with os.scandir(folder) as entries:
            yield from (folder / entry.name for entry in entries if entry.is_file(follow_symlinks=False))


def _pieces(file: BufferedReader) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _written(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Add a file, and tell after each piece and at the end its size and checksum so far."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED if name in _TEXTS else zipfile.ZIP_STORED
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)
            digest.update(piece)
            size += len(piece)
            yield {"size": size, "sha256": digest.hexdigest()}
    yield {"size": size, "sha256": digest.hexdigest()}


# --- in


def read_manifest(path: Path) -> Manifest:
    """Return what the archive says that it holds, before anything is unpacked; raises ``UserError``."""
    with _Opened(path) as archive:
        return _manifest(archive, path)


def import_run(path: Path, root: Path) -> Job[Progress, Path]:
    """Unpack the experiment ``path`` as a new run below ``root`` and return its folder; no run is written over.

    Raises ``UserError`` where it is no experiment, damaged, or does not fit. Closed or failing, it leaves nothing.
    """
    with _Opened(path) as archive:
        manifest = _manifest(archive, path)
        total = manifest.size_bytes
        with files.telling_disk_errors(root):
            root.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(root).free
        if total > free:
            raise DiskError(
                tr("The experiment takes {size}, and {free} are free.", size=megabytes(total), free=megabytes(free)),
                tr("The disk is full: free some space, then import it again."),
            )
        yield _progress(0, total)
        target = free_path(root, manifest.name)
        with arriving(target) as folder:
            for part in ("samples", "checkpoints"):
                (folder / part).mkdir()
            done = 0
            for name in (name for name in manifest.files if name not in manifest.twins):
                for size in _unpacked(archive, path, name, manifest.files[name], folder / name):
                    yield _progress(done + size, total)
                done += manifest.files[name][0]
            for name, twin in manifest.twins.items():
                files.link_or_copy(folder / twin, folder / name)
            _check_run(folder, path)
    return target


def _check_run(folder: Path, path: Path) -> None:
    """Raise ``UserError`` about the archive ``path`` where the run in it cannot be opened."""
    try:
        RunFolder(folder).info()
    except UserError as error:
        raise UserError(str(error.message).replace(plain(folder), plain(path)), error.hint, error.options) from None


class _Opened:
    """Opens a stranger's archive; whatever its bytes bring the library to is one clear sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self._file: IO[bytes] = files.open_plain(self._path, self._path.parent)
        except OSError as error:
            raise UserError(
                tr("“{path}” cannot be read.", path=self._path), tr("Choose a file that Duelo exported.")
            ) from error
        try:
            _check_directory(self._file)
            self._archive = zipfile.ZipFile(self._file)
        except Exception as error:
            self._file.close()
            raise _no_experiment(self._path) from error
        return self._archive

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._archive.close()
        self._file.close()
        if isinstance(error, _BAD_BYTES):
            raise _no_experiment(self._path) from error


_BAD_BYTES = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError),
    *(ValueError, EOFError, KeyError, TypeError, AttributeError, OSError),
)


def _check_directory(file: IO[bytes]) -> None:
    """Raise ``ValueError`` where the archive's directory, which the library reads at once, is longer than honest ones.

    The format is that of APPNOTE.TXT 4.3.14 to 4.3.16 (pkware.com).
    """
    end = file.seek(0, os.SEEK_END)
    start = max(end - 2**16 - 98, 0)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) < place + 22:
        raise ValueError("no zip")
    (size,) = struct.unpack_from("<L", tail, place + 12)
    if place >= 76 and tail[place - 20 : place - 16] == b"PK\6\7" and tail[place - 76 : place - 72] == b"PK\6\6":
        (size,) = struct.unpack_from("<Q", tail, place - 76 + 40)
    if size > _MOST_DIRECTORY_BYTES:
        raise ValueError("the directory is too large")
    file.seek(0)


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return the manifest, if every entry of the archive is one that a run may have, and is as it says."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(names) > _MOST_FILES + 1 or len(set(names)) != len(names) or MANIFEST not in names:
        raise _no_experiment(path)
    for entry in entries:
        _check_entry(entry, path)
    if sum(entry.compress_size for entry in entries) > os.stat(path).st_size:
        raise ValueError("entries overlap")
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST_BYTES * (len(names) + 10):
        raise ValueError("the manifest is too large")
    content = json.loads(archive.read(MANIFEST))
    if not isinstance(content, dict) or type(content.get("duelo-experiment")) is not int:
        raise ValueError("no manifest")
    if content["duelo-experiment"] > SCHEMA:
        raise UserError(
            tr(
                "“{path}” was made by a newer Duelo ({version}).",
                path=path,
                version=plain(content.get("duelo") or "?", 20),
            ),
            tr("Update Duelo to open it."),
        )
    listed = {name: _listed(fact) for name, fact in content["files"].items()}
    stored = set(names) - {MANIFEST}
    if not stored <= listed.keys() or "config.json" not in stored:
        raise ValueError("the manifest names other files")
    twins = told_only(listed, stored)
    if not all(map(_ALLOWED.fullmatch, twins)):
        raise ValueError("a name that no run gives")
    if any(archive.getinfo(name).file_size != listed[name][0] for name in stored):
        raise ValueError("the manifest says other sizes")
    name, title = (plain(content.get(entry) or "", LONGEST_NAME) for entry in ("name", "title"))
    return Manifest(name, listed, title or name, twins)


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    """Raise where an entry is none that an export writes."""
    name = entry.filename
    is_text = name in (*_TEXTS, MANIFEST)
    if name != MANIFEST and not _ALLOWED.fullmatch(name):
        raise UserError(
            tr("“{path}” holds “{name}”, which is no file of a run.", path=path, name=plain(name, LONGEST_NAME)),
            tr("Nothing was unpacked. Ask its author for a file that Duelo exported."),
        )
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG) or entry.flag_bits & 0x1:
        raise ValueError("a link, or encrypted")
    if entry.compress_type not in ((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) if is_text else (zipfile.ZIP_STORED,)):
        raise ValueError("packed in another way")
    if entry.file_size > (_MOST_RATIO * entry.compress_size + _SMALL if is_text else entry.compress_size):
        raise ValueError("it would become too large")


def _listed(fact: Any) -> tuple[int, str]:
    size, digest = fact["size"], fact["sha256"]
    if type(size) is not int or not isinstance(digest, str):
        raise ValueError("a size and a checksum")
    return size, digest


def _unpacked(archive: zipfile.ZipFile, path: Path, name: str, fact: tuple[int, str], target: Path) -> Iterator[int]:
    """Unpack a file, and tell after each piece its size so far; raises unless it is what the manifest says."""
    digest, size = hashlib.sha256(), 0
    with files.telling_disk_errors(target):
        opened = open(target, "xb")  # noqa: SIM115 - closed below, where what fails is the archive's fault
    with opened, archive.open(name) as source:
        file = files.GrowingFile(opened, target)
        while piece := source.read(_CHUNK):
            size += len(piece)
            if size > fact[0]:
                break
            digest.update(piece)
            file.write(piece)
            yield size
    if (size, digest.hexdigest()) != fact:
        raise UserError(
            tr("“{path}” is damaged: “{name}” is not what it was when it was exported.", path=path, name=name),
            tr("Copy it again from where it came from."),
        )


def _progress(done: int, total: int) -> Progress:
    return Progress(round(done / 1e6), round(total / 1e6), unit=tr(_UNIT))


def _no_experiment(path: Path) -> UserError:
    return UserError(
        tr("“{path}” is no experiment of Duelo, or it is damaged.", path=path),
        tr("Choose a file that Duelo exported, or copy it again."),
    )
