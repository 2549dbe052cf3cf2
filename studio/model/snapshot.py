"""Of which epoch the networks are whose pictures are shown. Knows no Qt and no files."""

from __future__ import annotations

from typing import NamedTuple


class SnapshotRef(NamedTuple):
    """Networks were ``asked`` for of an epoch, and those ``kept`` of the nearest one stepped in; None: the newest."""

    asked: int | None = None
    kept: int | None = None


NEWEST = SnapshotRef()
