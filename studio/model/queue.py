"""The queue as it is shown: its plans, and how long each and all will take. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from engine.runs.planned import Planned


@dataclass(frozen=True)
class QueueState:
    """All plans in their order, with the seconds that each will take and all of them; None where nobody knows."""

    plans: tuple[Planned, ...] = ()
    seconds: tuple[float | None, ...] = ()
    total: float | None = None
    is_elsewhere: bool = False
    """Another process trains what is lined up."""
    trained: frozenset[str] = frozenset()
    """The keys of those that somebody trains right now."""

    @property
    def left(self) -> int:
        """How many are not over."""
        return sum(not plan.is_over for plan in self.plans)

    def seconds_of(self, key: str) -> float | None:
        """Return how long one of them will take, None where nobody knows."""
        return next((time for plan, time in zip(self.plans, self.seconds, strict=True) if plan.key == key), None)
