"""Takes chosen files out of an archive, each whole or not at all. Knows nothing of data sets."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from engine.datasets.download import BYTES
from engine.files import atomic_file
from engine.job import Job, Progress

_CHUNK = 2**20


class DamagedArchiveError(Exception):
    """The archive cannot be read, or a file is missing in it."""


def unpack(archive: Path, members: Mapping[str, Path], what: str) -> Job[Progress, None]:
    """Write the files ``members`` (name in the archive: where to) and yield how many bytes have been written.

    ``archive`` is a ``.tar.gz``, a ``.zip`` of gzip files, or one gzip file, whose only member's name does not matter.
    Closing the generator cancels. Raises ``DamagedArchiveError`` and ``DiskError``.
    """
    done = 0
    try:
        for stream, target in _streams(archive, members):
            with atomic_file(target) as file:
                while chunk := stream.read(_CHUNK):
                    file.write(chunk)
                    done += len(chunk)
                    yield Progress(done, 0, what, BYTES)
    except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise DamagedArchiveError(f"{archive}: {error!r}") from error


def _streams(archive: Path, members: Mapping[str, Path]) -> Iterator[tuple[IO[bytes] | gzip.GzipFile, Path]]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as bundle:
            for name, target in members.items():
                with bundle.open(name) as packed, gzip.open(packed) as stream:
                    yield stream, target
    elif archive.name.endswith(".tar.gz"):
        with tarfile.open(archive) as tar:
            for entry in tar:  # in the archive's own order: going back would unpack it all again
                if entry.name in members and (file := tar.extractfile(entry)):
                    yield file, members[entry.name]
    else:
        with gzip.open(archive) as stream:
            for target in members.values():
                yield stream, target
