"""Which noise several runs can show beside each other: the same z, and where they know classes, of the same class.

The grids of a run are of its own noise, which follows its seed. Where that is another one, its networks can draw the
noise of the others, if only z is as long. Qt-free, and without torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays
from engine.runs import RunInfo

_USUAL_COLUMNS = 10
_MOST_PICTURES = 80
_MOST_DRAWN = 40  # anew, by three other runs: a step of the slider shall be one to the eye

Reason = Literal["length", "lost", "networks"]
"""Why a run shows noise of its own: its z has another length; its noise is lost; it keeps no networks to draw with."""


class Drawn(NamedTuple):
    """What a run draws: z float32 ``[N, z_dim]`` and labels int64 ``[N]``, its own numbers of the classes.

    ``places``: where its own grids hold just these, None where it must draw them anew.
    """

    z: NDArray[np.float32]
    labels: NDArray[np.int64]
    places: tuple[int, ...] | None


class Source(NamedTuple):
    """What is known of a run: its record, the noise of its grids, and whether it keeps networks."""

    info: RunInfo
    noise: Arrays | None
    can_draw: bool


@dataclass(frozen=True, eq=False)
class SharedNoise:
    """Of each run what it draws, or why it shows its own noise; ``columns``: so many pictures stand in a row.

    ``same_classes`` tells whether the same place is of the same class, too.
    """

    drawn: tuple[Drawn | Reason, ...] = ()
    columns: int = 1
    same_classes: bool = True

    @property
    def count(self) -> int:
        """How many pictures are of the same noise in two runs at least; 0 where none is."""
        shared = [each for each in self.drawn if isinstance(each, Drawn)]
        return len(shared[0].z) if len(shared) > 1 else 0


def shared_noise(runs: Sequence[Source]) -> SharedNoise:
    """Return what ``runs`` can show of the noise of the first of them whose z is as long as that of most."""
    if not runs:
        return SharedNoise()
    length = Counter(run.info.config.z_dim for run in runs).most_common(1)[0][0]
    reasons: list[Reason | None] = [None if run.info.config.z_dim == length else "length" for run in runs]
    members = [run for run, reason in zip(runs, reasons, strict=True) if reason is None]
    source = next((run for run in members if _is_sound(run)), None)
    if source is None or source.noise is None:
        return SharedNoise(tuple(reason or "lost" for reason in reasons))
    names = source.info.classes
    common = [name for name in names if all(name in run.info.classes for run in members if run.info.classes)]
    z, labels = source.noise["z"].astype(np.float32), source.noise["labels"]
    chosen = [at for at in range(len(z)) if not common or names[labels[at]] in common]
    is_points = source.info.facts.is_points  # which lie in one picture: few of them look like another set
    chosen = chosen if is_points else chosen[:_MOST_PICTURES]
    columns = _columns(len(common) or len(names) or source.info.config.sample_columns)
    chosen = chosen[: max(len(chosen) - len(chosen) % columns, min(columns, len(chosen)))]

    def drawn(places: Sequence[int]) -> tuple[Drawn | Reason, ...]:
        wanted = [names[labels[at]] if names else None for at in places]
        return tuple(why or _drawn(run, z[places], wanted) for run, why in zip(runs, reasons, strict=True))

    found = drawn(chosen)
    if not is_points and any(isinstance(each, Drawn) and each.places is None for each in found):
        found = drawn(chosen[: max(_MOST_DRAWN - _MOST_DRAWN % columns, 1)])
    return SharedNoise(found, columns, bool(common) or not any(run.info.classes for run in members))


def _columns(together: int) -> int:
    """Return so many columns that what belongs ``together`` stays so, and few classes are no ribbon."""
    return together * max(_USUAL_COLUMNS // together, 1)


def _drawn(run: Source, z: NDArray[np.float32], wanted: Sequence[str | None]) -> Drawn | Reason:
    names = run.info.classes
    known = [names.index(name) if name in names else at % len(names) for at, name in enumerate(wanted)] if names else []
    labels = np.array(known or [-1] * len(wanted), np.int64)
    places = _places(run, z, labels)
    if places is not None or run.can_draw:
        return Drawn(z, labels, places)
    return "networks" if _is_sound(run) else "lost"


def _places(run: Source, z: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[int, ...] | None:
    """Return where in its grids a run has all of these, None where it has not."""
    if run.noise is None or not _is_sound(run):
        return None
    own = zip(run.noise["z"].astype(np.float32), run.noise["labels"], strict=True)
    at: dict[tuple[bytes, int], int] = {}
    for place, (each, label) in enumerate(own):
        at.setdefault((each.tobytes(), int(label)), place)
    found = [at.get((each.tobytes(), int(label))) for each, label in zip(z, labels, strict=True)]
    places = tuple(place for place in found if place is not None)
    return places if len(places) == len(found) else None


def _is_sound(run: Source) -> bool:
    """Whether the noise of a run, perhaps a stranger's, is what its options say."""
    noise, classes = run.noise, len(run.info.classes)
    if noise is None or not {"z", "labels"} <= noise.keys():
        return False
    z, labels = noise["z"], noise["labels"]
    low, high = (0, classes) if classes else (-1, 0)
    fits = z.shape == (len(labels), run.info.config.z_dim) and labels.ndim == 1 and labels.dtype.kind in "iu"
    return fits and len(z) > 0 and bool(np.all((labels >= low) & (labels < high)))
