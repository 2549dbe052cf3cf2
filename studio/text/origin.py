"""Of which epoch the networks are whose pictures are shown, and how to say it. Knows no Qt and no files."""

from __future__ import annotations

from typing import NamedTuple

from engine.i18n import number, tr


class Origin(NamedTuple):
    """Networks were ``asked`` for of an epoch, and those ``kept`` of the nearest one stepped in; None: the newest."""

    asked: int | None = None
    kept: int | None = None


NEWEST = Origin()


def generator_words(origin: Origin) -> str:
    """Return whose pictures these are, in one short line."""
    if origin.kept is None:
        return tr("Newest generator")
    if origin.kept == origin.asked:
        return tr("Generator of epoch {epoch}", epoch=number(origin.kept))
    return tr("Generator of epoch {epoch}, the nearest kept", epoch=number(origin.kept))
