"""From where a new run can branch off another one: exactly, or with its networks alone. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.config import Config
from engine.runs import Branch
from engine.runs.branches import check_networks, record_of
from studio.model.run import Run


@dataclass(frozen=True, eq=False)
class Origins:
    """``exact``: epochs whose full state is kept; ``kept``: those of which there are networks, both in order.

    ``moments`` are the images that had been seen where an exact one ended, as far as that could be read.
    """

    name: str
    run: Run
    exact: tuple[int, ...]
    kept: tuple[int, ...]
    moments: Mapping[int, int] = field(default_factory=dict)

    @property
    def epochs(self) -> list[int]:
        """All from which something can begin, in order."""
        return sorted({*self.exact, *self.kept})

    def offered(self, wish: int | None, *, is_longer: bool = False) -> int:
        """Return the epoch that is offered first: ``wish``, unless nothing is left to train exactly after it.

        Without one it is the newest exact epoch after which something is left. Where the branch ``is_longer`` than the
        run, as that of a search's short trial, that may be the run's end.
        """
        end = math.inf if is_longer else self.run.info.total_images
        before = [epoch for epoch in self.epochs if epoch * self.run.data.image_count < end]
        if wish is not None and (wish in before or wish not in self.exact):
            return wish
        before = before or self.epochs
        return max((epoch for epoch in before if epoch in self.exact), default=before[-1])

    def check(self, epoch: int, config: Config) -> None:
        """Raise ``UserError`` where no training with the options ``config`` could begin with what ``epoch`` left."""
        config.check()
        check_networks(self.run.info.config, config)
        if epoch in self.exact:
            moment = self.moments.get(epoch, epoch * self.run.data.image_count)
            origin = Branch(str(self.run.path), epoch, moment, is_exact=True)
            record_of(self.run.info, origin, config, "stretch")

    def nearest_exact(self, epoch: int) -> int | None:
        """Return the epoch nearest to ``epoch`` whose full state is kept."""
        return min(self.exact, key=lambda it: (abs(it - epoch), it), default=None)
