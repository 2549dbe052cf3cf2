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
from engine.text import plain

_LONGEST = 200_000  # characters: more is no z
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BETWEEN = re.compile(r"[\s,;\[\]()]+")


class PointRead(NamedTuple):
    """``label`` is None where the text names no class; ``shares`` are those of a blend of classes, or empty."""

    z: NDArray[np.float32]
    label: int | None
    shares: tuple[float, ...]


def to_text(
    z: NDArray[np.float32], label: int = -1, shares: Sequence[float] = (), *, classes: Sequence[str] = ()
) -> str:
    """Return ``z`` ``[z_dim]`` and its class as one line of JSON, from which ``from_text`` reads exactly the same.

    ``classes`` are the names of those of its generator: another one may have the class of that name elsewhere.
    """
    content: dict[str, Any] = {"z": [float(f"{number:.9g}") for number in z.tolist()]}
    if label >= 0:
        content["label"] = label
    if 0 <= label < len(classes):
        content["class"] = classes[label]
    if len(shares):
        content["shares"] = [float(f"{share:.9g}") for share in shares]
    return json.dumps(content)


def from_text(text: str, z_dim: int, classes: Sequence[str]) -> PointRead:
    """Return what ``to_text`` wrote, or the numbers in ``text`` as numpy or a table shows them.

    Raises ``UserError``: no numbers, too many or too few, a class that is none of ``classes``.
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
    return PointRead(z, *_class(content, classes))


def _class(content: dict[str, Any], classes: Sequence[str]) -> tuple[int | None, tuple[float, ...]]:
    """Return the place of its class, which is found by its name where it has one, and the shares of a blend."""
    label, name, shares = content.get("label"), content.get("class"), content.get("shares") or []
    if type(label) is not int or not classes:
        return None, ()
    if isinstance(name, str):
        place = classes.index(name) if name in classes else -1
        said = tr("This z asks for “{name}”, which the run that is shown does not have.", name=plain(name))
    else:
        place = label if 0 <= label < len(classes) else -1
        said = tr("This z asks for class number {label}, which the run that is shown does not have.", label=label)
    if place < 0:
        raise UserError(said, tr("Copy its numbers alone, and choose a class."))
    is_same = place == label and isinstance(shares, list) and len(shares) == len(classes)
    return place, tuple(map(float, shares)) if is_same and all(map(_is_number, shares)) else ()


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
