"""Points of latent space from elsewhere: those that were kept, and those that a text tells of. Knows no Qt."""

from __future__ import annotations

from engine.latent.point_text import from_text, to_text
from engine.runs import Favorite
from studio.model.explored import Explored, LatentPoint


def point_of(favorite: Favorite) -> LatentPoint:
    """Return the point that was kept."""
    return LatentPoint(favorite.z, favorite.label, favorite.shares)


def text_of(point: LatentPoint, explored: Explored) -> str:
    """Return ``point`` of the generator explored as a text that ``read_point`` understands, there and elsewhere."""
    return to_text(*point, classes=explored.class_names)


def read_point(text: str, explored: Explored) -> LatentPoint:
    """Return the point that ``text`` tells of; raises ``UserError`` where it is none of the generator explored."""
    z, label, shares = from_text(text, explored.z_dim, explored.class_names)
    return LatentPoint(z, explored.point.label if label is None else label, shares)
