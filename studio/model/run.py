"""A run as the window knows it, and the places for the run that is shown and the one that is trained. Reads no file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.config import Config
from engine.evaluation.owed import judged_share, owes_verdict
from engine.runs import RunInfo
from engine.text import LONGEST_NAME, plain
from studio.model.announcement import Announcement
from studio.model.run_data import RunData


@dataclass(eq=False)
class Run:
    """What the folder ``path`` tells of a run, and what is added while it is trained.

    ``images_seen`` is its position: that of its newest checkpoint, 0 where there is none, or of the training under way.
    ``name`` is what a person calls it, empty where it goes by its folder: ``title`` is told, ``call`` changes it.
    """

    path: Path
    info: RunInfo
    data: RunData
    images_seen: int = 0
    name: str = ""
    renamed: Announcement[[]] = field(default_factory=Announcement, repr=False)

    @property
    def title(self) -> str:
        """What it is called: by a person, or by its folder."""
        return self.name or plain(self.path.name, LONGEST_NAME)

    def call(self, name: str) -> None:
        """Take the name that a person gave it, or took away."""
        if name != self.name:
            self.name = name
            self.renamed()

    @property
    def is_unfinished(self) -> bool:
        """Whether something is left to train."""
        return self.images_seen < self.info.total_images

    @property
    def owes_verdict(self) -> bool:
        """Whether it is trained to its end, and ended before its judge had looked at the last samples."""
        if not 0 < self.info.total_images <= self.images_seen:
            return False
        share = judged_share(self.info.config, self.info.facts.image_count)
        return owes_verdict(share, self.data.qualities, self.images_seen)

    @property
    def can_go_on(self) -> bool:
        """Whether something is left to do, be it only to judge."""
        return self.is_unfinished or self.owes_verdict

    @property
    def config_now(self) -> Config:
        """The options as they stand at its position, with what was changed on the way."""
        return self.config_at(self.images_seen)

    def config_at(self, images_seen: int) -> Config:
        """Return the options as they stood at that moment."""
        return replace(self.info, changes=self.data.changes).config_at(images_seen)

    def take_up(self, now: Run) -> bool:
        """Take up what another process added until ``now``; return whether it went back, and nothing is as it was."""
        self.info, self.images_seen = now.info, now.images_seen
        self.call(now.name)
        return self.data.take_up(now.data)


class CurrentRun:
    """Holds a run, None at first, and tells its changes as long as it holds it.

    So whoever shows or watches a run connects once, whichever run it will be.
    """

    def __init__(self) -> None:
        self.run: Run | None = None
        self.run_changed = Announcement[[]]()
        """Another run is here, or the same one goes on from an earlier moment."""
        self.rows_added = Announcement[[]]()
        self.grid_added = Announcement[[int]]()
        """The sample grid of this epoch."""
        self.grids_read = Announcement[[]]()
        """Grids that were missed are in memory."""
        self.quality_added = Announcement[[]]()
        self.marks_changed = Announcement[[]]()
        self.renamed = Announcement[[]]()

    @property
    def data(self) -> RunData:
        """The data of the run; empty ones where there is none."""
        return self.run.data if self.run else _NOTHING

    def put(self, run: Run) -> None:
        """Hold ``run`` from now on."""
        if self.run is not run:
            if self.run:
                self._follow(self.run, False)
            self._follow(run, True)
        self.run = run
        self.run_changed()

    def _follow(self, run: Run, follows: bool) -> None:
        data = run.data
        for theirs, ours in (
            (data.rows_added, self.rows_added),
            (data.grids_read, self.grids_read),
            (data.quality_added, self.quality_added),
            (data.marks_changed, self.marks_changed),
            (run.renamed, self.renamed),
        ):
            (theirs.connect if follows else theirs.disconnect)(ours.__call__)
        (data.grid_added.connect if follows else data.grid_added.disconnect)(self.grid_added.__call__)


class ShownRun(CurrentRun):
    """The run that the window shows, and the epoch at which it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch: int | None = None
        self.was_asked_for = False
        """Whether a person opened or trained it; what a start shows again, nobody asked for."""
        self.is_at_newest = True
        """Whether the epoch was the newest when it was chosen: what comes after it will be shown, too."""
        self.epoch_changed = Announcement[[int]]()

    def put(self, run: Run, *, asked_for: bool = True) -> None:
        """Show ``run`` from now on, at its newest moment."""
        self.epoch, self.is_at_newest, self.was_asked_for = None, True, asked_for
        super().put(run)

    def look_at(self, epoch: int) -> None:
        """Look at the end of ``epoch``."""
        self.epoch, self.is_at_newest = epoch, epoch >= max(self.data.grid_files, default=0)
        self.epoch_changed(epoch)


_NOTHING = RunData()
