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
class GalleryPicture:
    """A picture that comes with Duelo; ``title`` is an English source text."""

    name: str
    title: str
    kind: Literal["content", "style"]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / f"{self.name}.webp"


GALLERY: dict[str, GalleryPicture] = {
    each.name: each
    for each in (
        GalleryPicture("astronaut", mark("Astronaut"), "content"),
        GalleryPicture("cat", mark("Cat"), "content"),
        GalleryPicture("coffee", mark("Cup of coffee"), "content"),
        GalleryPicture("landscape", mark("Hills by a lake"), "content"),
        GalleryPicture("photographer", mark("Photographer"), "content"),
        GalleryPicture("rocket", mark("Rocket"), "content"),
        GalleryPicture("swirls", mark("Swirls"), "style"),
        GalleryPicture("mosaic", mark("Mosaic"), "style"),
        GalleryPicture("stained_glass", mark("Stained glass"), "style"),
        GalleryPicture("waves", mark("Waves"), "style"),
        GalleryPicture("dots", mark("Dabs of color"), "style"),
        GalleryPicture("hatching", mark("Hatching"), "style"),
        GalleryPicture("shapes", mark("Poster"), "style"),
        GalleryPicture("galaxies", mark("Galaxies"), "style"),
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
