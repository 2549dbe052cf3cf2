"""Decides of which epoch the explorer shows the generator. Knows no widgets, and reads no file in the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine.runs import Arrays, RunInfo
from studio.services import readers
from studio.services.explorer import ExplorerThread
from studio.text.origin import NEWEST, Origin


class SnapshotSelector:
    """Hands the explorer the newest generator, until a person goes back to an older epoch.

    ``want_live`` asks a training under way for its generator, which comes back by ``take_live``.
    """

    def __init__(self, explorer: ExplorerThread, want_live: Callable[[], None]) -> None:
        self._explorer = explorer
        self._want_live = want_live
        self._run: tuple[Path, RunInfo] | None = None
        self.is_at_newest = True

    def show_run(self, path: Path, info: RunInfo) -> None:
        """Begin at the newest moment of another run, or of the same one that goes on."""
        self._run, self.is_at_newest = (path, info), True

    def take_live(self, state: Arrays, origin: Origin = NEWEST) -> None:
        """Explore this newest generator, unless a person looks at an older one."""
        if self._run and self.is_at_newest:
            info = self._run[1]
            self._explorer.read_generator(info.config, info.facts, lambda: (state, origin))

    def rest(self) -> None:
        """Training is over: explore what it kept last, which a short one had no time to hand over."""
        if self._run and self.is_at_newest:
            path, info = self._run
            read = partial(readers.read_generator, path, 0, newest=True)
            self._explorer.read_generator(info.config, info.facts, read)

    def go_to(self, epoch: int, *, is_newest: bool, is_training: bool) -> None:
        """Explore the generator of ``epoch``; ``is_newest``: of the last one, which training has perhaps surpassed."""
        if self._run is None or (is_newest and self.is_at_newest):
            return
        self.is_at_newest = is_newest
        path, info = self._run
        at_rest = is_newest and not is_training
        read = partial(readers.read_generator, path, epoch, newest=at_rest)
        self._explorer.read_generator(info.config, info.facts, read)
        if is_newest:
            self._want_live()
