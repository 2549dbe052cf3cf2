"""Where the pictures of a style transfer come from: shipped, files, the clipboard, a generator. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from engine.arrays import Picture
from studio.services.generator import LoadedGenerator
from studio.workers.torch_thread import prepare

_GRID = 5  # samples side by side, and one below the other
_SEED = 15


@dataclass(frozen=True, eq=False)
class StyleSource:
    """``read`` returns the picture uint8 ``[H, W, 3]``, its longer side so many pixels; it is called in a thread.

    ``name`` goes into the names of files.
    """

    name: str
    read: Callable[[int], Picture]


def shipped(name: str) -> StyleSource:
    """Return a picture that comes with Duelo."""
    from engine.style.gallery import GALLERY

    return StyleSource(name, partial(_read, GALLERY[name].path))


def of_file(path: Path) -> StyleSource:
    """Return a person's own."""
    return StyleSource(path.stem, partial(_read, path))


def of_picture(name: str, picture: Picture) -> StyleSource:
    """Return ``picture`` uint8 ``[H, W, 3]``, or ``[H, W, 4]`` with alpha."""
    return StyleSource(name, partial(_given, picture))


def of_generator(name: str, generator: LoadedGenerator, *, is_grid: bool) -> StyleSource:
    """Return one sample of ``generator``, or a grid of them."""
    return StyleSource(name, partial(_sampled, generator, _GRID**2 if is_grid else 1))


def _read(path: Path, size: int) -> Picture:
    from engine.style import pictures

    return pictures.read(path, size)


def _given(picture: Picture, size: int) -> Picture:
    from engine.style import pictures

    return pictures.given(picture, size)


def _fitted(picture: Picture, size: int) -> Picture:
    from engine.style import pictures

    return pictures.fitted(picture, size)


def _sampled(generator: LoadedGenerator, count: int, size: int) -> Picture:
    from engine.latent.generator_session import GeneratorSession
    from engine.latent.sampling import label_cycle, random_z
    from engine.pictures import tile

    prepare()
    session = GeneratorSession(generator.config, generator.facts)
    session.load(generator.state)
    z, labels = random_z(count, session.z_dim, _SEED), label_cycle(count, session.class_count)
    return _fitted(tile(np.asarray(session.render(z, labels)), round(count**0.5)), size)
