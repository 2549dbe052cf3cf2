"""When a run was in trouble: all that was named at any time, also what passed since. Knows no files and no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.diagnosis.diagnosing import diagnose
from engine.diagnosis.health import Recorded
from engine.diagnosis.record import Diagnosis, Evidence, Spell
from engine.events import MetricsRow

_MOST_MOMENTS = 128  # that are diagnosed of a run: what lasted less than one could not be seen on its curves
_MOST_CHANGES = 8


class Hindsight:
    """Remembers what was named at each moment of one run, so that one that grows is only looked at where it grew."""

    def __init__(self) -> None:
        self._named: dict[int, tuple[Diagnosis, ...]] = {}

    def named(self, run: Recorded, moment: int) -> tuple[Diagnosis, ...]:
        """Return the troubles that ``run`` had at ``moment``, also where ``run`` is known to an earlier end only."""
        if moment not in self._named:
            self._named[moment] = diagnose(run.at(moment).curves())
        return self._named[moment]

    def spells(self, run: Recorded) -> tuple[Spell, ...]:
        """Return the troubles of ``run`` so far in order, those of now among them."""
        earlier = [self.named(run, moment) for moment in self._moments(run)[:-1]]
        return _spells([*earlier, diagnose(run.curves())])

    def _moments(self, run: Recorded) -> list[int]:
        """Return the last moment, and others before it; as the run grows they stay, or every second of them does."""
        seen = run.columns[:, MetricsRow._fields.index("images_seen")]
        apart = 1
        while len(seen) > apart * _MOST_MOMENTS:
            apart *= 2
        changes = sorted({moment for moment, _, _ in run.changes})[-_MOST_CHANGES:]
        return sorted({*map(int, seen[::apart]), *map(int, seen[-1:]), *changes})


def _spells(named: Sequence[tuple[Diagnosis, ...]]) -> tuple[Spell, ...]:
    """Make one spell of what was named of a trouble at moment after moment, or is seen in evidence that overlaps."""
    ended: list[Spell] = []
    going_on: dict[str, Spell] = {}
    for found in named:
        names = {each.failure_mode for each in found}
        ended += [replace(spell, is_over=True) for name, spell in going_on.items() if name not in names]
        going_on = {name: spell for name, spell in going_on.items() if name in names}
        for each in found:
            before = going_on.get(each.failure_mode) or _overlapping(ended, each)
            going_on[each.failure_mode] = Spell(
                each.failure_mode, _united(before.evidence if before else (), each.evidence)
            )
    return (*ended, *going_on.values())


def _overlapping(ended: list[Spell], found: Diagnosis) -> Spell | None:
    """Take the last spell of the same trouble out of ``ended`` if what shows the trouble now began before it ended."""
    for place in range(len(ended) - 1, -1, -1):
        if ended[place].failure_mode == found.failure_mode:
            until = max(seen.until for seen in ended[place].evidence)
            return ended.pop(place) if found.since <= until else None
    return None


def _united(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return each sign of both from its first moment to its last, with its newest numbers."""
    signs = {seen.sign: seen for seen in one}
    for seen in other:
        earlier = signs.get(seen.sign, seen)
        signs[seen.sign] = replace(seen, since=min(seen.since, earlier.since), until=max(seen.until, earlier.until))
    return tuple(signs.values())
