"""How to say whose pictures are shown. Knows no Qt and no files."""

from __future__ import annotations

from engine.i18n import number, tr
from studio.model.snapshot import SnapshotRef


def generator_words(origin: SnapshotRef) -> str:
    """Return whose pictures these are, in one short line."""
    if origin.kept is None:
        return tr("Newest generator")
    if origin.kept == origin.asked:
        return tr("Generator of epoch {epoch}", epoch=number(origin.kept))
    return tr("Generator of epoch {epoch}, the nearest kept", epoch=number(origin.kept))
