"""The point of latent space that Explore stands at, and those that it stood at before. Knows no Qt and no files."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.i18n import tr
from engine.latent.labels import Labels, together
from engine.latent.sampling import random_z
from engine.runs import Favorite
from studio.model.announcement import Announcement

MOST_STEPS = 1000
_BURST_S = 1.0
"""Steps of one stroke that follow each other faster, as a slider's while it is dragged, are undone as one."""


class LatentPoint(NamedTuple):
    """``z`` float32 ``[z_dim]`` and the class asked for, -1 where the generator knows none.

    ``shares`` are those of each class where several are blended, of which ``label`` is the strongest; else empty.
    """

    z: NDArray[np.float32]
    label: int
    shares: tuple[float, ...] = ()

    def equals(self, other: LatentPoint) -> bool:
        """Whether both draw the same picture."""
        return self[1:] == other[1:] and np.array_equal(self.z, other.z)

    def place_in(self, z: NDArray[np.float32], labels: NDArray[np.int64]) -> int | None:
        """Return which of the points ``z`` ``[N, z_dim]`` of the classes ``labels`` ``[N]`` this is; None: none."""
        if self.shares or z.shape[1:] != self.z.shape:
            return None
        places = np.flatnonzero((labels == self.label) & (z == self.z).all(1))
        return int(places[0]) if len(places) else None


class _Standing(NamedTuple):
    """All that can be undone; what did not change is the same object from step to step, and ``picked`` is replaced."""

    point: LatentPoint
    kept: tuple[Favorite, ...] = ()
    picked: Mapping[str, tuple[LatentPoint, ...]] = {}
    stroke: Hashable | None = None
    """That told something of the point's z when it led there."""
    told: Mapping[Hashable, object] = {}
    """What each stroke told last."""
    seed: int = 0
    """Of the z that one went to last by a seed."""
    blend: object = None
    """How classes are blended, None where nobody has chosen that."""


class Explored:
    """One point for all pages of Explore: what one finds, the others go on from. And those that are kept, or picked.

    ``moved`` tells of each change of the point, ``kept_changed`` of those that are kept, ``picked_changed`` of those
    that a tool works with, ``blend_changed`` of how classes are blended; a step may be undone, up to
    ``MOST_STEPS`` of them.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.z_dim = 0
        self.class_names: tuple[str, ...] = ()
        self._now = _Standing(LatentPoint(np.zeros(0, np.float32), -1))
        self.moved = Announcement[[]]()
        self.kept_changed = Announcement[[]]()
        self.picked_changed = Announcement[[]]()
        self.blend_changed = Announcement[[]]()
        self.history_changed = Announcement[[]]()
        """There is a step to take back, or to do again, where there was none, or none any more."""
        self._clock = clock
        self._before: deque[_Standing] = deque(maxlen=MOST_STEPS)
        self._after: list[_Standing] = []
        self._stroke: tuple[Hashable, float] | None = None
        self._seeds: dict[bytes, int] = {}  # of each z that was asked for by its seed

    @property
    def point(self) -> LatentPoint:
        """Where it stands."""
        return self._now.point

    @property
    def seed(self) -> int:
        """The seed of the point's z, or of that which one came from."""
        return self._now.seed

    def z_of(self, seed: int) -> NDArray[np.float32]:
        """Return the z ``[z_dim]`` that ``seed`` gives."""
        return random_z(1, self.z_dim, seed)[0] if self.z_dim else np.zeros(0, np.float32)

    @property
    def kept(self) -> tuple[Favorite, ...]:
        """The points that are kept with the run, in order."""
        return self._now.kept

    @property
    def blend(self) -> object:
        """How classes are blended, in the words of who blends them; None before the first choice."""
        return self._now.blend

    def begin(self, z_dim: int, class_names: tuple[str, ...]) -> bool:
        """Explore a generator with ``z_dim`` numbers and these classes; return whether it differs from the one before.

        Where it does, the first point is that of seed 0, of the class called as the one before or else of the first,
        and what was before is forgotten.
        """
        if (z_dim, class_names) == (self.z_dim, self.class_names):
            return False
        before = dict(enumerate(self.class_names)).get(self.point.label)
        first = 0 if class_names else -1
        label = class_names.index(before) if before in class_names else first
        blend = self.blend if class_names == self.class_names else None
        self.z_dim, self.class_names = z_dim, class_names
        point = LatentPoint(self.z_of(0), label)
        self._stroke, self._seeds = None, {point.z.tobytes(): 0}
        self._take(_Standing(point, blend=blend))
        self._forget()
        return True

    def begin_kept(self, kept: Sequence[Favorite]) -> None:
        """Another run is explored, with which these are kept: what was done to those of the run before is no step."""
        could, found = self._possible(), tuple(kept)
        self._before = deque(_only_moves(self._before, found, self._now), maxlen=MOST_STEPS)
        self._after = list(_only_moves(self._after, found, self._now))
        self._stroke = None
        self._take(self._now._replace(kept=found), could)

    def set_number(self, dimension: int, value: float) -> None:
        """Change one number of z; those of one slider that follow quickly are one step."""
        z = self.point.z.copy()
        z[dimension] = value
        self.go(z, stroke=("number", dimension))

    def go_to_seed(self, seed: int) -> None:
        """Go to the z that ``seed`` gives."""
        z = self.z_of(seed)
        self._seeds[z.tobytes()] = seed
        self.go(z)

    def go(
        self,
        z: NDArray[np.float32] | None = None,
        label: int | None = None,
        shares: Sequence[float] | None = None,
        *,
        stroke: Hashable | None = None,
        told: object = None,
        goes_on: bool = False,
    ) -> None:
        """Go to ``z`` ``[z_dim]`` and ``label``, or a blend of classes with ``shares``; what is not given stays.

        A ``label`` without shares is that class alone. Steps of one ``stroke`` that follow quickly are one, and where
        it ``goes_on`` however slowly; ``told`` is what it wants to be ``told`` again wherever a step leads to this z.
        """
        if shares is None:
            shares = self.point.shares if label is None else ()
        z = self.point.z if z is None else np.array(z, np.float32)
        point = LatentPoint(z, self.point.label if label is None else label, tuple(map(float, shares)))
        if not self.takes(point):
            raise ValueError(f"z {z.shape} and label {label} are none of this generator's")
        there = self._now._replace(seed=self._seeds.get(z.tobytes(), self.seed))
        if told is not None:
            there = there._replace(stroke=stroke, told={**there.told, stroke: told})
        elif not np.array_equal(z, self.point.z):
            there = there._replace(stroke=None)
        if not point.equals(self.point):
            self._step(there._replace(point=point), stroke, goes_on=goes_on)
        else:
            self._now = there

    def told(self, stroke: Hashable) -> object:
        """Return what ``stroke`` told when it led to the z of the point; None where it was not ``stroke`` that did."""
        return self.told_last(stroke) if self._now.stroke == stroke else None

    def told_last(self, stroke: Hashable) -> object:
        """Return what ``stroke`` told when it led anywhere last, before or at the point; None where it never did."""
        return self._now.told.get(stroke)

    def takes(self, point: LatentPoint) -> bool:
        """Whether ``point`` is one of the generator that is explored."""
        count = len(self.class_names)
        is_label = 0 <= point.label < count if count else point.label == -1
        return point.z.shape == (self.z_dim,) and is_label and len(point.shares) in (0, count)

    def keep(self, kept: Sequence[Favorite]) -> None:
        """Let these be the points that are kept, which is a step."""
        if tuple(kept) != self.kept:
            self._step(self._now._replace(kept=tuple(kept)), None)

    def picked(self, tool: str) -> tuple[LatentPoint, ...]:
        """Return the points that ``tool`` works with."""
        return self._now.picked.get(tool, ())

    def pick(self, tool: str, points: Sequence[LatentPoint]) -> None:
        """Let ``tool`` work with ``points``, which is a step."""
        if len(points) != len(self.picked(tool)) or not all(map(LatentPoint.equals, points, self.picked(tool))):
            self._step(self._now._replace(picked={**self._now.picked, tool: tuple(points)}), None)

    def choose_blend(self, blend: object, stroke: Hashable | None = None) -> None:
        """Let classes be blended so; choices of one ``stroke`` that follow quickly are one step."""
        if blend != self.blend:
            self._step(self._now._replace(blend=blend), stroke)

    def labels_of(self, points: Sequence[LatentPoint]) -> Labels:
        """Return what asks the generator for the classes of ``points`` at once."""
        return together([it.label for it in points], [it.shares for it in points], len(self.class_names))

    def undo(self) -> None:
        """Go back to where it stood before the last step."""
        could = self._possible()
        if self._before:
            self._after.append(self._now)
            self._stroke = None
            self._take(self._before.pop(), could)

    def redo(self) -> None:
        """Do again what was undone last."""
        could = self._possible()
        if self._after:
            self._before.append(self._now)
            self._stroke = None
            self._take(self._after.pop(), could)

    def words(self, *, back: bool) -> str:
        """Say what would be taken back, or done again."""
        if self.why_not(back=back):
            return ""
        there = (self._before if back else self._after)[-1]
        if there.kept is not self.kept:
            return tr("change of the kept points")
        if there.blend != self.blend:
            return tr("blend of classes")
        return tr("step in latent space") if there.point is not self.point else tr("choice of points")

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be taken back, or done again."""
        if back:
            return "" if self._before else tr("No step in latent space can be undone.")
        return "" if self._after else tr("No step in latent space was undone.")

    def _step(self, standing: _Standing, stroke: Hashable | None, *, goes_on: bool = False) -> None:
        now = self._clock()
        before, last = self._stroke or (None, now)
        goes_on = self._stroke is not None and before == stroke and (goes_on or now - last <= _BURST_S)
        could = None if goes_on and not self._after else self._possible()
        if not goes_on:
            self._before.append(self._now)
        self._stroke = None if stroke is None else (stroke, now)
        self._after.clear()
        self._take(standing, could)

    def _take(self, standing: _Standing, could: tuple[str, str] | None = None) -> None:
        before, self._now = self._now, standing
        if standing.point is not before.point:
            self.moved()
        if standing.kept is not before.kept:
            self.kept_changed()
        if standing.picked is not before.picked:
            self.picked_changed()
        if standing.blend != before.blend:
            self.blend_changed()
        if could is not None and self._possible() != could:
            self.history_changed()

    def _forget(self) -> None:
        could = self._possible()
        self._before.clear()
        self._after.clear()
        if any(could):
            self.history_changed()

    def _possible(self) -> tuple[str, str]:
        return self.words(back=True), self.words(back=False)


def _only_moves(steps: Iterable[_Standing], kept: tuple[Favorite, ...], now: _Standing) -> Iterator[_Standing]:
    """Yield those of ``steps``, the last next to ``now``, that differ from the one after them in more than ``kept``."""
    found = list(steps)
    for step, following in zip(found, [*found, now][1:], strict=True):
        own, next_own = (each._replace(kept=()) for each in (step, following))
        if any(one is not other for one, other in zip(own, next_own, strict=True)):
            yield step._replace(kept=kept)
