"""A point of latent space as text, to be copied, pasted, dragged and mailed. Numpy only; knows no clipboard."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.i18n import tr

_LONGEST = 200_000  # characters: more is no z
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BETWEEN = re.compile(r"[\s,;\[\]()]+")


class PointRead(NamedTuple):
    """``label`` is None where the text names no class; ``shares`` are those of a blend of classes, or empty."""

    z: NDArray[np.float32]
    label: int | None
    shares: tuple[float, ...]


def to_text(z: NDArray[np.float32], label: int = -1, shares: Sequence[float] = ()) -> str:
    """Return ``z`` ``[z_dim]`` and its class as one line of JSON, from which ``from_text`` reads exactly the same."""
    content: dict[str, Any] = {"z": [float(f"{number:.9g}") for number in z.tolist()]}
    if label >= 0:
        content["label"] = label
    if len(shares):
        content["shares"] = [float(f"{share:.9g}") for share in shares]
    return json.dumps(content)


def from_text(text: str, z_dim: int, class_count: int) -> PointRead:
    """Return what ``to_text`` wrote, or the numbers in ``text`` as numpy or a table shows them.

    Raises ``UserError``: no numbers, too many or too few, a class that is none of ``class_count``.
    """
    content = _content(text)
    numbers = content.get("z")
    if not isinstance(numbers, list) or not numbers or not all(map(_is_number, numbers)):
        raise _no_point()
    with np.errstate(over="ignore"):
        z = np.array(numbers, np.float32)
    if not np.isfinite(z).all():
        raise UserError(tr("This z holds numbers that are not finite."), tr("Copy a z of the run that is shown."))
    if len(z) != z_dim:
        raise UserError(
            tr("This z has {count} numbers, the generator that is shown takes {z_dim}.", count=len(z), z_dim=z_dim),
            tr("Copy a z of the run that is shown."),
        )
    return PointRead(z, *_class(content, class_count))


def _class(content: dict[str, Any], class_count: int) -> tuple[int | None, tuple[float, ...]]:
    label, shares = content.get("label"), content.get("shares") or []
    if type(label) is not int or not class_count:
        return None, ()
    if not 0 <= label < class_count:
        raise UserError(
            tr("This z asks for class number {label}, which the run that is shown does not have.", label=label),
            tr("Copy its numbers alone, and choose a class."),
        )
    are_shares = isinstance(shares, list) and len(shares) == class_count and all(map(_is_number, shares))
    return label, tuple(map(float, shares)) if are_shares else ()


def _content(text: str) -> dict[str, Any]:
    if len(text) > _LONGEST:
        raise _no_point()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        words = [word for word in _BETWEEN.split(text) if word]
        if not all(map(_NUMBER.fullmatch, words)):
            raise _no_point() from None
        content = [float(word) for word in words]
    return content if isinstance(content, dict) else {"z": content}


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) < 1e38  # type: ignore[arg-type]


def _no_point() -> UserError:
    return UserError(tr("That is no z."), tr("Copy a z here or in another window first, or numbers between commas."))
