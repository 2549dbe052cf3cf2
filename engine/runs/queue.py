"""Trainings that are lined up, in one file below the home: they go on after a failure and after a restart.

A plan is options; whoever trains takes the next one and says how it ended. Knows no torch, and not who trains.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine import files
from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.i18n import tr
from engine.runs.branches import record_of
from engine.runs.errors import no_generator
from engine.runs.folder import RunFolder
from engine.runs.info import Branch, Schedule
from engine.runs.planned import DAMAGE, Planned, State, from_entry, to_entry
from engine.runs.store import new_run_path
from engine.text import LONGEST_NAME, plain

if TYPE_CHECKING:
    from filelock import FileLock

_SCHEMA = 2  # 1 knew no branches and no longer trainings
_MOST_BYTES = 32 * 2**20
_MOST_PLANS = 1000
_PATIENCE_SECONDS = 5.0


class TrainingQueue:
    """The plans in ``path``, in the order in which they are trained. For any thread and several processes at once.

    Every change raises ``DiskError`` where it cannot be kept. What is damaged is told by ``remark``, and kept in a file
    beside before anything is written over it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or files.home() / "queue.json"
        self.remark = ""
        self._claims: dict[str, FileLock] = {}

    def plans(self) -> list[Planned]:
        """Return all plans that can be read; ``remark`` tells of the others."""
        plans, damage = self._read()
        self.remark = tr("Part of the queue cannot be read; “{path}” is damaged.", path=self.path) if damage else ""
        return plans

    def stamp(self) -> tuple[int, int]:
        """Return what differs once the queue was changed, by whomever. Reads nothing."""
        try:
            found = os.stat(self.path)
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def add(
        self,
        config: Config,
        title: str = "",
        seeds: int = 1,
        *,
        branch_of: Branch | None = None,
        schedule: Schedule = "stretch",
    ) -> list[Planned]:
        """Line up a training, or ``seeds`` that differ in their seed alone, as one group; raises ``UserError``.

        ``branch_of`` says where it branches off another run, ``schedule`` what becomes of its rates there.
        """
        config.check()
        if branch_of is not None:
            branch_of = _checked(branch_of, config, schedule)
        highest = int(OPTIONS["seed"].maximum or 0)
        if not 1 <= seeds <= min(_MOST_PLANS, highest - config.seed + 1):
            raise UserError(tr("There cannot be {count} seeds.", count=seeds), tr("Give a number from 1 to 1000."))
        if seeds > 1 and branch_of is not None and branch_of.is_exact:
            raise UserError(
                tr("Exact branches that differ in their seed alone are all the same: chance goes on as it stood."),
                tr("Line up one of them."),
            )
        plan = Planned("", config, plain(title.strip(), LONGEST_NAME), branch_of=branch_of, schedule=schedule)
        group = secrets.token_hex(4) if seeds > 1 else ""
        configs = (config.changed(seed=config.seed + number) for number in range(seeds))
        return self._append([replace(plan, key=_new_key(), config=each, group=group) for each in configs])

    def lengthen(self, run: Path, epochs: int, schedule: Schedule = "stretch", title: str = "") -> list[Planned]:
        """Line up that ``run`` is trained on to ``epochs`` epochs in all; raises ``UserError``."""
        info = RunFolder(run).info()
        config = info.config.changed(epochs=epochs, total_images=0)
        if epochs * info.facts.image_count <= info.total_images:
            planned = -(-info.total_images // info.facts.image_count)
            raise UserError(
                tr("The run “{run}” is planned for {count} epochs already.", run=RunFolder(run).title(), count=planned),
                tr("Give it more epochs."),
            )
        config.check(info.config)
        title = plain(title.strip(), LONGEST_NAME)
        where = str(run.absolute())
        return self._append([Planned(_new_key(), config, title, run=where, lengthens=True, schedule=schedule)])

    def _append(self, new: list[Planned]) -> list[Planned]:
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
            under_way = {plan.run for plan in plans if plan.state == "begun"}
            resting = [plan for plan in plans if plan.state == "begun" and not plan.is_trained]
            waiting = [plan for plan in plans if plan.state == "waiting" and plan.run not in under_way]
            ready = (*resting, *(plan for plan in waiting if not plan.is_trained))
            chosen = next((plan for plan in ready if self._claim(plan.key)), None)
            if chosen is not None and chosen.state == "waiting":
                chosen = replace(chosen, run=chosen.run or _free_run(chosen, plans), state="begun")
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
            lock = FileLock(self.path.with_name(f".{self.path.stem}-{key}.lock"), timeout=0, thread_local=False)
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

        with files.telling_disk_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=_PATIENCE_SECONDS)
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
                    files.link_or_copy(self.path, self._aside())
                files.write_atomically(self.path, _to_json(plans))
        finally:
            lock.release()

    def _read(self) -> tuple[list[Planned], bool]:
        """Return the plans that can be read, and whether anything cannot; raises ``UserError`` of a newer queue."""
        try:
            with files.open_plain(self.path, self.path.parent) as file:
                data = file.read(_MOST_BYTES + 1)
            content = json.loads(data) if len(data) <= _MOST_BYTES else {}
            schema, entries = content["schema"], list(content["plans"])
            is_newer = schema > _SCHEMA
        except FileNotFoundError:
            return [], False
        except (OSError, *DAMAGE):
            return [], True
        if is_newer:
            raise UserError(tr("The queue was made by a newer Duelo."), tr("Update Duelo to open it."))
        found = [from_entry(entry) for entry in entries]
        return [plan for plan in found if plan is not None], None in found

    def _aside(self) -> Path:
        names = (f"{self.path.stem}-damaged-{number}{self.path.suffix}" for number in range(1, 10**6))
        return next(path for path in map(self.path.with_name, names) if not path.exists())


def _checked(origin: Branch, config: Config, schedule: Schedule) -> Branch:
    """Return ``origin`` with its moment; raises ``UserError`` where no such run could begin there as things are."""
    source = RunFolder(origin.run)
    info = source.info()
    if not origin.is_exact:
        if origin.epoch not in source.snapshot_epochs():
            raise no_generator(origin.epoch, source.snapshot_epochs())
        return replace(origin, images_seen=0)
    origin = replace(origin, images_seen=source.branch_moment(origin.epoch))
    record_of(info, origin, config, schedule)
    return origin


def _new_key() -> str:
    return secrets.token_hex(4)


def _free_run(plan: Planned, plans: Sequence[Planned]) -> str:
    """Return a folder for a new run; it is made by whoever trains, and two plans of one second must not share it."""
    taken = {each.run for each in plans}
    path = new_run_path(plan.stem)
    names = (path, *(path.with_name(f"{path.name}-{number}") for number in range(2, _MOST_PLANS + 2)))
    return next(str(each) for each in names if str(each) not in taken)


def _put(plans: list[Planned], changed: Planned) -> None:
    plans[:] = [changed if plan.key == changed.key else plan for plan in plans]


def _to_json(plans: Sequence[Planned]) -> bytes:
    return json.dumps({"schema": _SCHEMA, "plans": list(map(to_entry, plans))}, indent=1).encode()
