"""The pictures that come with Duelo to begin with: contents and styles, by name. Reads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine import files
from engine.errors import unknown_name
from engine.i18n import mark, tr
from engine.resources import RESOURCES

FOLDER = RESOURCES / "style" / "pictures"


@dataclass(frozen=True)
class Shipped:
    """A picture that comes with Duelo; ``title`` is an English source text."""

    name: str
    title: str
    kind: Literal["content", "style"]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / f"{self.name}.webp"


GALLERY: dict[str, Shipped] = {
    each.name: each
    for each in (
        Shipped("astronaut", mark("Astronaut"), "content"),
        Shipped("cat", mark("Cat"), "content"),
        Shipped("coffee", mark("Cup of coffee"), "content"),
        Shipped("landscape", mark("Hills by a lake"), "content"),
        Shipped("photographer", mark("Photographer"), "content"),
        Shipped("rocket", mark("Rocket"), "content"),
        Shipped("swirls", mark("Swirls"), "style"),
        Shipped("mosaic", mark("Mosaic"), "style"),
        Shipped("stained_glass", mark("Stained glass"), "style"),
        Shipped("waves", mark("Waves"), "style"),
        Shipped("dots", mark("Dabs of color"), "style"),
        Shipped("hatching", mark("Hatching"), "style"),
        Shipped("shapes", mark("Poster"), "style"),
        Shipped("galaxies", mark("Galaxies"), "style"),
    )
}


def names(kind: str) -> str:
    """Return the names of all of a ``kind``, as they are typed."""
    return ", ".join(each.name for each in GALLERY.values() if each.kind == kind)


def find(text: Path) -> Path:
    """Return the picture that a person typed: a file, or the name of one that comes with Duelo; raises ``UserError``.

    A file is only looked for here, and opened by whoever reads it.
    """
    path = files.typed(text)
    if path.exists():
        return path
    if str(text) in GALLERY:
        return GALLERY[str(text)].path
    raise unknown_name(tr("There is no picture “{path}”.", path=text), str(text), GALLERY)
