"""A painting as it stands, kept in the home so that it is there at the next start and can go on. Knows no torch.

style/last.safetensors            what it is made of, how far it is, and its losses; the header tells its options
style/NAME.png, NAME-2.png ...    each picture that came to an end, also one that was stopped
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, NonNegativeFloat, NonNegativeInt
from safetensors.numpy import save

from engine import files
from engine.arrays import Arrays, Picture
from engine.errors import UserError
from engine.runs.tensors import read_tensors
from engine.style import pictures
from engine.style.events import Losses, StyleTick
from engine.style.history import History
from engine.style.options import SIZES, StyleOptions
from engine.text import LONGEST_NAME, plain

_LONGEST_FILE_NAME = 100
_STYLES = ("style", "second_style")
_STATE = "state."
_LOSSES = 5


class _About(BaseModel):
    step: NonNegativeInt
    seconds: NonNegativeFloat
    names: list[str]
    weights_file: str
    options: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Painting:
    """``start`` has become ``picture`` in ``step`` steps, which took ``seconds``; ``styles`` are one or two.

    All pictures are uint8 ``[H, W, 3]``; ``names`` are those of content and styles. ``losses`` float64 ``[N, 5]`` are
    step, content, style, variation and total. ``state`` is what the next step needs beside them (``StyleTransfer``).
    ``weights_file`` is empty for the network that comes with Duelo.
    """

    content: Picture
    styles: tuple[Picture, ...]
    start: Picture
    picture: Picture
    options: StyleOptions
    names: tuple[str, ...]
    weights_file: str
    step: int
    seconds: float
    losses: NDArray[np.float64]
    state: Arrays = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called."""
        return "-".join(self.names)

    def history(self) -> History:
        """Return what can be told of how it came about: its losses, its beginning, and how it stands."""
        history, last = History(), len(self.losses) - 1
        for place, (step, *values) in enumerate(self.losses.tolist()):
            picture = self.picture if place == last else self.start
            history.add(StyleTick(int(step), self.options.steps, picture, Losses(*values), self.seconds, None, 0.0))
        history.ticks = history.ticks[:1] + history.ticks[1:][-1:]  # of the steps between, no pictures are kept
        return history


def folder() -> Path:
    """Return where paintings are kept."""
    return files.home() / "style"


def keep(painting: Painting) -> None:
    """Let ``painting`` be the one that is there at the next start; raises ``DiskError``."""
    arrays: Arrays = {"content": painting.content, "start": painting.start, "picture": painting.picture}
    arrays |= {"losses": painting.losses, **dict(zip(_STYLES, painting.styles, strict=False))}
    arrays |= {_STATE + name: array for name, array in painting.state.items()}
    about = _About(
        step=painting.step,
        seconds=painting.seconds,
        names=list(painting.names),
        weights_file=painting.weights_file,
        options=painting.options.model_dump(),
    )
    whole = save({name: np.array(it, order="C") for name, it in arrays.items()}, {"about": about.model_dump_json()})
    files.write_atomically(_made() / "last.safetensors", whole, shared=True)


def kept() -> Painting | None:
    """Return the painting that was kept last, None where there is none, or none that can be read."""
    try:
        with open(folder() / "last.safetensors", "rb") as file:
            arrays, metadata = read_tensors(file)
        return _read(arrays, _About.model_validate(json.loads(metadata["about"])))
    except (OSError, ValueError, KeyError, RecursionError, MemoryError, UserError):
        return None  # nobody asked for it: one begins anew


def file_picture(painting: Painting) -> Path:
    """Write the picture beside all that were painted before, and return its path; raises ``DiskError``."""
    name = _plain_name(painting.name)
    candidates = (_made() / (f"{name}-{number}.png" if number > 1 else f"{name}.png") for number in count(1))
    path = next(path for path in candidates if not path.exists())
    files.write_atomically(path, pictures.png(painting.picture))
    return path


def _made() -> Path:
    path = folder()
    with files.telling_disk_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def _plain_name(text: str) -> str:
    """Return ``text`` as a part of a file's name that every system takes."""
    return re.sub(r"[^\w-]+", "_", text).strip("_")[:_LONGEST_FILE_NAME] or "picture"


def _read(arrays: Arrays, about: _About) -> Painting:
    """Return what is whole; raises ``ValueError`` or ``KeyError`` for anything else."""
    styles = tuple(_picture(arrays, name) for name in _STYLES if name in arrays)
    content, start, picture = (_picture(arrays, name) for name in ("content", "start", "picture"))
    losses = arrays["losses"]
    if not start.shape == picture.shape == content.shape or len(about.names) != 1 + len(styles) or not styles:
        raise ValueError("pictures of several paintings")
    if losses.dtype != np.float64 or losses.ndim != 2 or losses.shape[1] != _LOSSES or not np.isfinite(losses).all():
        raise ValueError("no losses")
    if len(losses) and ((np.diff(losses[:, 0]) <= 0).any() or losses[0, 0] < 0 or losses[-1, 0] > about.step):
        raise ValueError("steps in no order")
    return Painting(
        content=content,
        styles=styles,
        start=start,
        picture=picture,
        options=StyleOptions.parse(about.options),
        names=tuple(plain(name, LONGEST_NAME) for name in about.names),
        weights_file=about.weights_file,
        step=about.step,
        seconds=about.seconds,
        losses=losses,
        state={name.removeprefix(_STATE): it for name, it in arrays.items() if name.startswith(_STATE)},
    )


def _picture(arrays: Arrays, name: str) -> Picture:
    found = arrays[name]
    is_size = found.ndim == 3 and found.shape[2] == 3 and min(found.shape) > 0 and max(found.shape) <= 2 * SIZES[1]
    if found.dtype != np.uint8 or not is_size:
        raise ValueError(f"{name} is no picture")
    return found
