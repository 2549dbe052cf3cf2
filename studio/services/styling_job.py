"""A picture is painted in the thread of a job, and kept at its end, whatever the reason. Knows no widget."""

from __future__ import annotations

import queue
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import UserError
from engine.job import Job, Progress
from engine.style.events import Standing, StyleBegun, StyleEvent
from engine.style.options import StyleOptions
from studio.services.style_sources import StyleSource
from studio.workers.failure import Failure, failure

if TYPE_CHECKING:
    from engine.style.keeper import Keeper
    from engine.style.painting import Painting
    from engine.style.transfer import StyleTransfer


@dataclass(frozen=True, eq=False)
class StyleWish:
    """What shall be painted, out of what, and with which weights file, None for the network that comes along."""

    content: StyleSource
    styles: tuple[StyleSource, ...]
    options: StyleOptions
    weights_file: Path | None = None

    @property
    def name(self) -> str:
        """What its picture is called."""
        return "-".join(each.name for each in (self.content, *self.styles))


@dataclass
class StyleJob:
    """Reads the pictures, paints and keeps, in the thread of a job: a wish begins, and a painting goes on.

    ``changes`` of live options may come from any thread. When it has ended, ``painting`` is what came of it, ``path``
    where its picture was kept, and ``failed`` why it was not.
    """

    begins: StyleWish | Painting
    wants_grams: bool = False
    changes: queue.SimpleQueue[tuple[str, float | str]] = field(default_factory=queue.SimpleQueue)
    painting: Painting | None = None
    path: Path | None = None
    failed: Failure | None = None

    def events(self) -> Job[StyleEvent | Progress, None]:
        """Read, paint and tell; closing ends it, and what is there is kept."""
        from engine.style.keeper import Keeper
        from engine.style.transfer import StyleTransfer

        first = _begun(self.begins) if isinstance(self.begins, StyleWish) else self.begins
        standing = Standing(first.picture, first.step, first.seconds, first.state) if first.step else None
        file = Path(first.weights_file) if first.weights_file else None
        transfer = StyleTransfer(first.content, first.styles, first.options, weights_file=file, going_on=standing)
        keeper = Keeper(first, transfer)
        try:
            with closing(transfer.run()) as events:
                for event in events:
                    if standing and isinstance(event, StyleBegun):
                        event = replace(event, start=first.start)
                    keeper.hear(event)
                    yield event
                    self._pass_on(transfer)
        finally:
            self._keep(keeper)

    def _keep(self, keeper: Keeper) -> None:
        """Whatever the reason of the end, what is painted stays."""
        self.painting = keeper.painting()
        try:
            self.path = keeper.keep()
        except UserError as error:
            self.failed = failure(error)

    def _pass_on(self, transfer: StyleTransfer) -> None:
        """Tell ``transfer`` what was wished for meanwhile."""
        transfer.wants_grams = self.wants_grams
        while not self.changes.empty():
            transfer.change(*self.changes.get())


def _begun(wish: StyleWish) -> Painting:
    """Read the pictures of ``wish``: a painting before its first step."""
    from engine.style.painting import Painting

    content, *styles = (source.read(wish.options.size) for source in (wish.content, *wish.styles))
    names = tuple(source.name for source in (wish.content, *wish.styles))
    file = str(wish.weights_file or "")
    return Painting(content, tuple(styles), content, content, wish.options, names, file, 0, 0.0, np.zeros((0, 5)))
