"""Trainings that are lined up, in one file below the home: they go on after a failure and after a restart.

A plan is options; whoever trains takes the next one and says how it ended. Knows no torch, and not who trains.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from engine import files
from engine.config import OPTIONS, Config
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.i18n import tr
from engine.recipes.words import options_told, recipe_title, set_by_hand
from engine.runs.folder import RunFolder
from engine.runs.store import new_run_path
from engine.text import LONGEST_NAME, plain

if TYPE_CHECKING:
    from filelock import FileLock

State = Literal["waiting", "begun", "done", "failed"]

_SCHEMA = 1
_MOST_BYTES = 32 * 2**20
_MOST_PLANS = 1000
_PATIENCE_SECONDS = 5.0
_LONGEST_KEY = 32
_TEXTS = ("key", "title", "group", "run", "reason")


@dataclass(frozen=True)
class Planned:
    """A training to come, under way, or over. ``title``: what a person calls it; ``group``: the plans made at once.

    ``run``: its folder, once it was begun; ``reason``: why it failed.
    """

    key: str
    config: Config
    title: str = ""
    group: str = ""
    state: State = "waiting"
    run: str = ""
    reason: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do of it."""
        return self.state in ("done", "failed")

    @property
    def told(self) -> str:
        """What it is called, or its recipe and what differs from that, in words."""
        changed = options_told(set_by_hand(self.config))
        return self.title or (f"{recipe_title(self.config)}: {changed}" if changed else recipe_title(self.config))

    @property
    def resumes(self) -> bool:
        """Whether its run was begun before, and goes on."""
        return bool(self.run) and RunFolder(self.run).exists()


class TrainingQueue:
    """The plans in ``path``, in the order in which they are trained. For any thread and several processes at once.

    Every change raises ``DiskError`` where it cannot be kept. What is damaged is told by ``remark``, and kept in a file
    beside before anything is written over it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or files.home() / "queue.json"
        self.remark = ""
        self._claims: dict[str, FileLock] = {}

    def plans(self) -> list[Planned]:
        """Return all plans that can be read; ``remark`` tells of the others."""
        plans, damage = self._read()
        self.remark = tr("Part of the queue cannot be read; “{path}” is damaged.", path=self._path) if damage else ""
        return plans

    def add(self, config: Config, title: str = "", seeds: int = 1) -> list[Planned]:
        """Line up a training, or ``seeds`` that differ in their seed alone, as one group; raises ``UserError``."""
        config.check()
        highest = int(OPTIONS["seed"].maximum or 0)
        if not 1 <= seeds <= min(_MOST_PLANS, highest - config.seed + 1):
            raise UserError(tr("There cannot be {count} seeds.", count=seeds), tr("Give a number from 1 to 1000."))
        group = secrets.token_hex(4) if seeds > 1 else ""
        title = plain(title.strip(), LONGEST_NAME)
        new = [
            Planned(secrets.token_hex(4), config.changed(seed=config.seed + number), title, group)
            for number in range(seeds)
        ]
        with self._changing() as plans:
            if len(plans) + len(new) > _MOST_PLANS:
                raise UserError(
                    tr("The queue holds {count} trainings at most.", count=_MOST_PLANS),
                    tr("Remove those that are over first."),
                )
            plans += new
        return new

    def remove(self, *keys: str) -> None:
        """Take plans out; a run that was begun stays among the runs."""
        with self._changing() as plans:
            plans[:] = [plan for plan in plans if plan.key not in keys]

    def move(self, key: str, place: int) -> None:
        """Put a plan at ``place``, counted from 0, among all."""
        with self._changing() as plans:
            moved = [plan for plan in plans if plan.key == key]
            rest = [plan for plan in plans if plan.key != key]
            plans[:] = rest[: max(place, 0)] + moved + rest[max(place, 0) :]

    def take(self) -> Planned | None:
        """Return what to train next, in its folder ``run``, or None; no other process takes it meanwhile.

        One that was begun and that nobody trains goes on first: its process ended, or its computer did.
        """
        with self._changing() as plans:
            resting = [plan for plan in plans if plan.state == "begun" and not RunFolder(plan.run).is_locked()]
            waiting = [plan for plan in plans if plan.state == "waiting"]
            chosen = next((plan for plan in (*resting, *waiting) if self._claim(plan.key)), None)
            if chosen is not None and not chosen.run:
                # The folder is made by whoever trains; two plans of one second must not share it.
                taken = {plan.run for plan in plans}
                path = new_run_path(chosen.config.recipe)
                names = (path.with_name(f"{path.name}-{number}") for number in range(2, _MOST_PLANS + 2))
                path = path if str(path) not in taken else next(each for each in names if str(each) not in taken)
                chosen = replace(chosen, run=str(path), state="begun")
                _put(plans, chosen)
        return chosen

    def rest(self, key: str) -> None:
        """Train a plan that was taken no further for now: whoever takes next, may be another process, goes on."""
        claim = self._claims.pop(key, None)
        if claim is not None:
            claim.release()
            with suppress(OSError):
                os.unlink(claim.lock_file)

    def done(self, key: str) -> None:
        """Note that a plan was trained to its end."""
        self._end(key, "done", "")

    def failed(self, key: str, reason: str) -> None:
        """Note that a plan cannot be trained, and why; the others go on."""
        self._end(key, "failed", plain(reason))

    def again(self, key: str) -> None:
        """Let a plan that failed wait once more; a run that it had begun goes on."""
        with self._changing() as plans:
            for plan in [plan for plan in plans if plan.key == key and plan.state == "failed"]:
                _put(plans, replace(plan, state="begun" if plan.resumes else "waiting", reason=""))

    def _end(self, key: str, state: State, reason: str) -> None:
        with self._changing() as plans:
            for plan in [plan for plan in plans if plan.key == key]:
                _put(plans, replace(plan, state=state, reason=reason))
        self.rest(key)

    def _claim(self, key: str) -> bool:
        """Make a plan ours until ``rest``, ``done`` or ``failed``, or until this process ends; tells whether it is."""
        from filelock import FileLock, Timeout

        if key not in self._claims:
            lock = FileLock(self._path.with_name(f".{self._path.stem}-{key}.lock"), timeout=0, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                return False
            self._claims[key] = lock
        return True

    @contextmanager
    def _changing(self) -> Iterator[list[Planned]]:
        """Give the plans to be changed in place, and keep them; nobody else changes them meanwhile."""
        from filelock import FileLock, Timeout  # late: the window looks at the queue without it

        with files.telling_disk_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path.with_name(f".{self._path.name}.lock"), timeout=_PATIENCE_SECONDS)
            try:
                lock.acquire()
            except Timeout:
                raise UserError(tr("The queue is in use by another Duelo."), tr("Try again in a moment.")) from None
        try:
            plans, damage = self._read()
            before = list(plans)
            yield plans
            if plans != before:
                if damage:  # kept beside what is written over it now
                    files.link_or_copy(self._path, self._aside())
                files.write_atomically(self._path, _to_json(plans))
        finally:
            lock.release()

    def _read(self) -> tuple[list[Planned], bool]:
        """Return the plans that can be read, and whether anything cannot; raises ``UserError`` of a newer queue."""
        try:
            with files.open_plain(self._path, self._path.parent) as file:
                data = file.read(_MOST_BYTES + 1)
            content = json.loads(data) if len(data) <= _MOST_BYTES else {}
            schema, entries = content["schema"], list(content["plans"])
            is_newer = schema > _SCHEMA
        except FileNotFoundError:
            return [], False
        except (OSError, *_DAMAGE):
            return [], True
        if is_newer:
            raise UserError(tr("The queue was made by a newer Duelo."), tr("Update Duelo to open it."))
        found = [_planned(entry) for entry in entries]
        return [plan for plan in found if plan is not None], None in found

    def _aside(self) -> Path:
        names = (f"{self._path.stem}-damaged-{number}{self._path.suffix}" for number in range(1, 10**6))
        return next(path for path in map(self._path.with_name, names) if not path.exists())


_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def planned_images(config: Config) -> int | None:
    """Return how many real images a training sees, None where nobody knows before they are read."""
    if config.total_images:
        return config.total_images
    known = DATASETS.get(config.dataset)
    if known is None or not known.image_count:
        return None
    share = len(config.classes) / len(known.class_names) if config.classes and known.class_names else 1.0
    count = round(known.image_count * share)
    return config.epochs * min(count, config.max_images or count)


def seconds_left(plans: Sequence[Planned], speed: Callable[[Config], float]) -> dict[str, float | None]:
    """Return for each plan that is not over how long it will take, by its key, None where nobody knows.

    ``speed`` says how many images a second are trained with some options.
    """
    return {plan.key: _seconds(plan, speed) for plan in plans if not plan.is_over}


def in_all(seconds: dict[str, float | None]) -> float | None:
    """Return how long all of them take, None where that of one is not known."""
    known = [each for each in seconds.values() if each is not None]
    return math.fsum(known) if len(known) == len(seconds) else None


def _seconds(plan: Planned, speed: Callable[[Config], float]) -> float | None:
    images = planned_images(plan.config)
    if images is None:
        return None
    trained = RunFolder(plan.run).images_seen() if plan.run else 0
    return max(images - trained, 0) / max(speed(plan.config), 1e-9)


def _put(plans: list[Planned], changed: Planned) -> None:
    plans[:] = [changed if plan.key == changed.key else plan for plan in plans]


def _to_json(plans: Sequence[Planned]) -> bytes:
    entries = [
        {**{name: getattr(plan, name) for name in (*_TEXTS, "state")}, "config": plan.config.model_dump(mode="json")}
        for plan in plans
    ]
    return json.dumps({"schema": _SCHEMA, "plans": entries}, indent=1).encode()


def _planned(entry: Any) -> Planned | None:
    """Return the plan of an entry, None where it is none that this Duelo knows."""
    try:
        texts = {name: entry[name] for name in _TEXTS}
        if not all(isinstance(text, str) for text in texts.values()) or entry["state"] not in get_args(State):
            return None
        if not texts["key"].isalnum() or len(texts["key"]) > _LONGEST_KEY:  # it becomes part of a file's name
            return None
        return Planned(config=Config.parse(entry["config"]), state=entry["state"], **texts)
    except (UserError, *_DAMAGE):
        return None
