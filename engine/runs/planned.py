"""A training to come: its options, where it begins, how it is called, how long it takes. Knows no queue, no torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from engine.config import Config
from engine.datasets.sets import DATASETS, noun_of
from engine.errors import UserError
from engine.i18n import joined, mark, number, speaking_of, tr
from engine.recipes.words import options_told, recipe_title, set_by_hand, set_to
from engine.runs.folder import RunFolder
from engine.runs.info import SCHEDULES, Branch, Schedule, branch_from
from engine.text import LONGEST_NAME, plain

State = Literal["waiting", "begun", "done", "failed"]

_STATES: dict[State, str] = {
    "waiting": mark("waiting"),
    "begun": mark("begun"),
    "done": mark("finished"),
    "failed": mark("has failed"),
}
_LONGEST_KEY = 32
_TEXTS = ("key", "title", "group", "run", "reason", "schedule")


class Beginning(NamedTuple):
    """With which options a trainer is made, and what else it is told."""

    config: Config
    how: Mapping[str, Any]


@dataclass(frozen=True)
class Planned:
    """A training to come, under way, or over. ``title``: what a person calls it; ``group``: the plans made at once.

    ``source``: what the run is called by now that it branches off or lengthens, where that was read.
    ``run``: its folder, once it was begun; ``reason``: why it failed. ``branch_of``: where a new run begins that
    branches off another one. ``lengthens``: ``run`` was there before, and is trained on to the epochs of ``config``.
    """

    key: str
    config: Config
    title: str = ""
    group: str = ""
    state: State = "waiting"
    run: str = ""
    reason: str = ""
    branch_of: Branch | None = None
    lengthens: bool = False
    schedule: Schedule = "stretch"
    source: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do of it."""
        return self.state in ("done", "failed")

    @property
    def told(self) -> str:
        """What it is called; else how it begins, or its recipe, and what differs from that, in words; and its seed."""
        if self.lengthens and not self.title:
            return tr("“{run}” goes on to {count} epochs", run=self._source_told, count=number(self.config.epochs))
        values = set_by_hand(self.config)
        seed = set_to("seed", values.pop("seed", self.config.seed))
        source = recipe_title(self.config)
        if branch := self.branch_of:
            source = tr("Branch of “{run}”, epoch {epoch}", run=self._source_told, epoch=number(branch.epoch))
        with speaking_of(noun_of(self.config.dataset)):
            text = self.title or joined(source, options_told(values), between=": ")
        return joined(text, seed, between=" · ")

    @property
    def _source_told(self) -> str:
        return self.source or plain(Path(self._source_path).name, LONGEST_NAME)

    @property
    def _source_path(self) -> str:
        return self.branch_of.run if self.branch_of else self.run if self.lengthens else ""

    def named(self) -> Planned:
        """Read what the run is called that it branches off or lengthens, for ``told``."""
        return replace(self, source=RunFolder(self._source_path).title()) if self._source_path else self

    def state_told(self, *, is_trained: bool) -> str:
        """Return its state in words, with why it failed; ``is_trained``: somebody trains it right now."""
        return joined(tr("training now") if is_trained else tr(_STATES[self.state]), self.reason, between=": ")

    @property
    def stem(self) -> str:
        """How the name of its folder shall end."""
        branch = self.branch_of
        if branch is None:
            return self.config.recipe
        return f"{self.config.recipe}-{'branch' if branch.is_exact else 'from-epoch'}-{branch.epoch}"

    @property
    def resumes(self) -> bool:
        """Whether its run was begun before, and goes on."""
        return bool(self.run) and RunFolder(self.run).exists()

    @property
    def is_trained(self) -> bool:
        """Whether somebody trains in its run right now."""
        return bool(self.run) and RunFolder(self.run).is_locked()

    def beginning(self) -> Beginning:
        """Return how a trainer of its run is made, now; raises ``UserError`` where the run to go on with is gone."""
        if self.lengthens:
            return Beginning(self._lengthened(), {"resume": True, "schedule": self.schedule})
        if self.resumes:
            return Beginning(RunFolder(self.run).info().config, {"resume": True})
        if self.branch_of is not None:
            return Beginning(self.config, {"branch_of": self.branch_of, "schedule": self.schedule})
        return Beginning(self.config, {})

    def _lengthened(self) -> Config:
        """Return the options of the run as they are by now, with its new length unless it is longer already."""
        info = RunFolder(self.run).info()
        longer = info.config.changed(epochs=self.config.epochs, total_images=0)
        return longer if longer.epochs * info.facts.image_count > info.total_images else info.config

    @property
    def images(self) -> int | None:
        """How many real images are seen at its end, None where nobody knows before they are read."""
        return self.config.total_images or _times(self.config.epochs, self._image_count())

    @property
    def images_left(self) -> int | None:
        """How many of them it has not seen, as its run stands."""
        if self.images is None:
            return None
        begins_at = self.branch_of.images_seen if self.branch_of else 0
        return max(self.images - (RunFolder(self.run).images_seen() if self.resumes else begins_at), 0)

    def _image_count(self) -> int | None:
        """Return the images of an epoch: a run tells how many it has, and else the data set."""
        known = self.run if self.resumes else self.branch_of.run if self.branch_of else ""
        try:
            return RunFolder(known).info().facts.image_count if known else _images_of(self.config)
        except UserError:  # said when it is trained
            return _images_of(self.config)


def _times(epochs: int, count: int | None) -> int | None:
    return None if count is None else epochs * count


def _images_of(config: Config) -> int | None:
    known = DATASETS.get(config.dataset)
    if known is None or not known.image_count:
        return None
    share = len(config.classes) / len(known.class_names) if config.classes and known.class_names else 1.0
    count = round(known.image_count * share)
    return min(count, config.max_images or count)


def seconds_left(plans: Sequence[Planned], speed: Callable[[Config], float]) -> dict[str, float | None]:
    """Return for each plan that is not over how long it will take, by its key, None where nobody knows.

    ``speed`` says how many images a second are trained with some options.
    """
    left = {plan.key: (plan, plan.images_left) for plan in plans if not plan.is_over}
    return {
        key: None if images is None else images / max(speed(plan.config), 1e-9) for key, (plan, images) in left.items()
    }


def in_all(seconds: Mapping[str, float | None]) -> float | None:
    """Return how long all of them take, None where that of one is not known."""
    known = [each for each in seconds.values() if each is not None]
    return math.fsum(known) if len(known) == len(seconds) else None


def to_entry(plan: Planned) -> dict[str, Any]:
    """Return ``plan`` as JSON keeps it."""
    texts = {name: getattr(plan, name) for name in (*_TEXTS, "state", "lengthens")}
    branch = plan.branch_of and asdict(plan.branch_of)
    return {**texts, "branch_of": branch, "config": plan.config.model_dump(mode="json")}


def from_entry(entry: Any) -> Planned | None:
    """Return the plan of what JSON says, None where it is none that this Duelo knows."""
    try:
        entry = {"schedule": SCHEDULES[0], "lengthens": False, **entry}  # which older queues do not name
        texts = {name: entry[name] for name in _TEXTS}
        if not all(isinstance(text, str) for text in texts.values()) or entry["state"] not in get_args(State):
            return None
        if not texts["key"].isalnum() or len(texts["key"]) > _LONGEST_KEY:  # it becomes part of a file's name
            return None
        if texts["schedule"] not in SCHEDULES or (lengthens := entry["lengthens"]) not in (True, False):
            return None
        branch = branch_from(entry.get("branch_of"))
        config = Config.parse(entry["config"])
        return Planned(config=config, state=entry["state"], branch_of=branch, lengthens=lengthens, **texts)
    except (UserError, *DAMAGE):
        return None


DAMAGE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a damaged file raises."""
