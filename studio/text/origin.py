"""How to say whose pictures are shown. Knows no Qt and no files."""

from __future__ import annotations

from engine.i18n import number, tr
from engine.text import LONGEST_NAME, plain
from studio.model.snapshot import SnapshotRef


def generator_words(origin: SnapshotRef) -> str:
    """Return whose pictures these are, in one short line."""
    if origin.kept is None:
        return tr("Newest generator")
    if origin.kept == origin.asked:
        return tr("Generator of epoch {epoch}", epoch=number(origin.kept))
    return tr("Generator of epoch {epoch}, the nearest kept", epoch=number(origin.kept))


def beside_told(run: str) -> str:
    """Return whose the rest is that is seen beside what the next training learns from."""
    return tr("Curves and epochs below are those of the run “{run}”.", run=plain(run, LONGEST_NAME))


def next_training_told(run: str) -> str:
    """Return what real images are for that are seen beside the curves of the run ``run``, which learned from others."""
    return f"{tr('These are real {data:pictures} for the next training.')} {beside_told(run)}"
