"""Fetches one file from the first mirror that gives it whole. Knows nothing of data sets or archives."""

from __future__ import annotations

import hashlib
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

from engine import __version__
from engine.files import atomic_file
from engine.job import Job, Progress

BYTES = "B"
_ROUNDS = 2  # a server that drops a connection once mostly does not do it again
_TIMEOUT_SECONDS = 15.0
_CHUNK = 2**18


class Remote(NamedTuple):
    """A file with the addresses that offer it, its MD5 in hexadecimal, and where it belongs.

    ``sha256`` is how its SHA-256 begins, for a file of which no MD5 is known.
    """

    urls: tuple[str, ...]
    md5: str
    path: Path
    sha256: str = ""

    def is_here(self) -> bool:
        """Whether the whole file lies in its place."""
        if not self.path.is_file():
            return False
        with open(self.path, "rb") as file:
            return self.is_of(hashlib.file_digest(file, self.new_digest))

    def new_digest(self) -> hashlib._Hash:
        """Return what its bytes are to be fed to."""
        return hashlib.sha256() if self.sha256 else hashlib.md5(usedforsecurity=False)

    def is_of(self, digest: hashlib._Hash) -> bool:
        """Whether the bytes that were fed to ``digest`` are those of the file."""
        return digest.hexdigest().startswith(self.sha256 or self.md5)


class NotFetchedError(Exception):
    """No mirror gave the file; the message holds what each of them said."""


class _ChecksumError(Exception):
    pass


def fetch(remote: Remote, what: str) -> Job[Progress, None]:
    """Download ``remote`` and yield how many bytes of how many have come; ``what`` is the text of these records.

    Closing the generator cancels. Raises ``NotFetchedError`` when no mirror gives the file, ``DiskError`` when it
    cannot be written; the file is in its place whole or not at all.
    """
    reasons: list[str] = []
    for url in remote.urls * _ROUNDS:
        try:
            yield from _fetch_from(url, remote, what)
            return
        except (OSError, HTTPException, _ChecksumError) as error:
            reasons.append(f"{url}: {error!r}")
    raise NotFetchedError("\n".join(reasons))


def _fetch_from(url: str, remote: Remote, what: str) -> Job[Progress, None]:
    yield Progress(0, 0, what, BYTES)  # connecting may take a while
    request = urllib.request.Request(url, headers={"User-Agent": f"Duelo/{__version__}"})
    digest, done = remote.new_digest(), 0
    with (
        urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer,
        atomic_file(remote.path) as file,
    ):
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else 0
        while chunk := answer.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            yield Progress(done, total, what, BYTES)
        if not remote.is_of(digest):
            kind = "SHA-256" if remote.sha256 else "MD5"
            raise _ChecksumError(f"the {kind} of these {done} bytes is not {remote.sha256 or remote.md5}")
