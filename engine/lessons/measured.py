"""What was measured at a moment, of the run that is trained or shown and of what a person did beside it.

Whoever plays a lesson makes one, as the window does from its models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagnosis import Health, Recorded, Spell


@dataclass(frozen=True, eq=False)
class Measured:
    """``run`` is what is known of a run, None without one; ``health`` how it is now, ``spells`` how it was till now.

    ``noted`` are numbers that were measured beside a training, by the names of ``engine.lessons.measures``: how near a
    picture was found, how a round was played, how far a style has come.
    """

    run: Recorded | None = None
    health: Health | None = None
    spells: tuple[Spell, ...] = ()
    noted: Mapping[str, float] = field(default_factory=dict)

    @property
    def troubles(self) -> frozenset[str]:
        """The names of the troubles that the run has now."""
        return frozenset(each.failure_mode for each in self.health.diagnoses) if self.health else frozenset()
