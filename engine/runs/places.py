"""Where things lie on this machine, taken out of what a run tells before it is given away. Knows no archive.

Folders tell a person's name and what else is on their disk. Only the last name of a folder stays: of own pictures, so
that whoever gets the run knows which ones to look for; of the run that another one branches off, so that it is found
again where both were given.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from engine import files
from engine.runs.folder import RunFolder

PLACED = ("config.json", "log.txt")
"""The files of a run that may say where something lies."""

_MOST_BYTES = 2**20
_SHORTEST = 4  # a root such as "/" is in everything
_GONE = "…"
_ABSOLUTE = re.compile(r"(?<![\w.…])(?:[A-Za-z]:[\\/]|[\\/])(?:[^\s\\/“”«»\"':*?<>|]+[\\/])+")


def without_places(name: str, file: IO[bytes], run: RunFolder) -> Iterator[bytes]:
    """Yield the contents of the file ``name`` of ``run``, one of ``PLACED``, without any folder of this machine."""
    if name == "config.json":
        yield _config(file.read(_MOST_BYTES))
        return
    known = _known(run)
    while lines := file.readlines(_MOST_BYTES):
        yield "".join(_line(line.decode(errors="surrogateescape"), known) for line in lines).encode(
            errors="surrogateescape"
        )


def _config(data: bytes) -> bytes:
    content = json.loads(data)
    before = json.dumps(content)
    config, branch = content["config"], content.get("branch_of")
    if config.get("data_root"):
        config["data_root"] = "" if _is_home(config["data_root"]) else _last(config["data_root"])
    if branch:
        branch["run"] = _last(branch["run"])
    return data if json.dumps(content) == before else json.dumps(content, indent=2).encode()


def _known(run: RunFolder) -> list[str]:
    """Return the folders whose names may have spaces in them, which no pattern finds, the longest first."""
    info = run.info()
    parents = [Path(it) for it in (info.config.data_root, info.branch_of.run if info.branch_of else "") if it]
    roots: list[Any] = [Path.home(), files.home(), run.path.resolve().parent, run.path.absolute().parent, Path.cwd()]
    found = {str(root) for root in (*roots, *(path.parent for path in parents))}
    return sorted((root for root in found if len(root) >= _SHORTEST), key=len, reverse=True)


def _line(text: str, known: list[str]) -> str:
    for root in known:
        for separator in {os.sep, "/"}:
            text = text.replace(f"{root}{separator}", f"{_GONE}{separator}")
        text = text.replace(root, _GONE)
    return _ABSOLUTE.sub(f"{_GONE}/", text)


def _is_home(path: str) -> bool:
    return Path(path) == Path.home()


def _last(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]
