"""The folder ``checkpoints`` of a run: states to go on or to branch off from, and the players of each epoch."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from engine import files
from engine.arrays import Arrays
from engine.errors import UserError
from engine.i18n import tr
from engine.runs import errors
from engine.runs.info import MOST_EPOCHS, MOST_IMAGES
from engine.runs.numbered import numbered, numbered_names, select_for_pruning
from engine.runs.reading import CarefulFolder
from engine.runs.tensors import read_tensors

_STATES_KEPT = 2
_MB = 1_000_000
_GENERATOR = "generator-{:04d}.safetensors"
_DISCRIMINATOR = "discriminator-{:04d}.safetensors"
_STATE = "state-{:012d}.safetensors"
_BRANCH = "branch-{:04d}.safetensors"
_AVERAGE = "average."
_OPPONENT = "discriminator."
_NO_ARRAY = "\0"  # no name begins so


class Checkpoints(CarefulFolder):
    """Reads and writes the checkpoints of the run in ``path``; raises as ``RunFolder`` does."""

    KINDS = ("generator", "discriminator", "state", "branch")
    """How the names of their files begin."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        self._checkpoints = self.path / "checkpoints"

    def save_snapshot(self, epoch: int, generator: Arrays, discriminator: Arrays) -> None:
        """Keep the averaged generator of ``epoch`` and its opponent, for sampling and looking closely later."""
        files.write_atomically(self._checkpoints / _DISCRIMINATOR.format(epoch), save(discriminator))
        files.write_atomically(self._checkpoints / _GENERATOR.format(epoch), save(generator))

    def prune(self, max_snapshot_mb: int, keep: Collection[int] = ()) -> None:
        """Drop players, evenly over the epochs, until all checkpoints take at most ``max_snapshot_mb`` · 10⁶ bytes.

        The two of an epoch go together. Those of the first epoch, the newest, and of the epochs in ``keep``, and the
        states always stay.
        """
        states = sum(_size(path) for path in self._states().values())
        players = self._snapshots()
        sizes = {epoch: sum(map(_size, paths)) for epoch, paths in players.items()}
        for epoch in select_for_pruning(sizes, max_snapshot_mb * _MB - states, keep):
            for path in players[epoch]:
                files.delete(path)

    def save_state(self, images_seen: int, arrays: Arrays, facts: Mapping[str, Any]) -> Path:
        """Write all that resuming needs, then thin older states to the newest two."""
        path = self._checkpoints / _STATE.format(images_seen)
        files.write_atomically(path, save(arrays, metadata={"duelo": json.dumps(facts)}))
        for old in list(self._states().values())[:-_STATES_KEPT]:
            files.delete(old)
        return path

    def keep_for_branching(self, epoch: int, images_seen: int, max_mb: int) -> None:
        """Keep the state saved at ``images_seen``, where ``epoch`` ended, so that a new run can branch off from there.

        All that are kept take at most ``max_mb`` · 10⁶ bytes, beside the newest two states, and stay spread evenly. It
        is the same file under a second name where the file system knows such.
        """
        state = self._checkpoints / _STATE.format(images_seen)
        kept = {last: _size(path) for last, path in self._branches().items() if last != epoch} | {epoch: _size(state)}
        dropped = select_for_pruning(kept, max_mb * _MB)
        if sum(kept.values()) - sum(kept[last] for last in dropped) > max_mb * _MB:
            dropped = list(kept)  # not even the first and the newest fit
        for last in dropped:
            files.delete(self._checkpoints / _BRANCH.format(last))
        if epoch not in dropped:
            files.link_or_copy(state, self._checkpoints / _BRANCH.format(epoch))

    def snapshot_epochs(self) -> list[int]:
        """Return the epochs of which both players are kept, so that a new run can begin with them."""
        return sorted(self._generators().keys() & self._discriminators().keys())

    def branch_epochs(self) -> list[int]:
        """Return the epochs from whose end a new run can branch off exactly."""
        return list(self._branches())

    def branch_state(self, epoch: int) -> tuple[Arrays, dict[str, Any]]:
        """Return the state in which ``epoch`` ended, one of ``branch_epochs``."""
        with self._reading(self._checkpoints / _BRANCH.format(epoch)) as file:
            arrays, metadata = read_tensors(file)
            return arrays, _state_facts(metadata)

    def branch_moment(self, epoch: int) -> int:
        """Return how many images had been seen where ``epoch`` ended, one of ``branch_epochs``. Reads no weights."""
        with self._reading(self._checkpoints / _BRANCH.format(epoch)) as file:
            _, metadata = read_tensors(file, _NO_ARRAY)
            images_seen = _state_facts(metadata).get("images_seen")
            if type(images_seen) is not int or not 0 <= images_seen <= MOST_IMAGES:
                raise ValueError("no moment")
            return images_seen

    def has_state(self) -> bool:
        """Whether there is a checkpoint, readable or not."""
        return bool(self._states())

    def images_seen(self) -> int:
        """Return the position of the newest checkpoint, 0 where there is none. Reads names only."""
        return max(self._states(), default=0)

    def generator_epochs(self) -> list[int]:
        """Return the epochs whose averaged generator is kept."""
        return list(self._generators())

    def generator(self, epoch: int | None = None) -> Arrays:
        """Return the averaged generator of ``epoch``, or the newest one there is."""
        generators = self._generators()
        if epoch is None:
            try:
                return self._newest_part(_AVERAGE)
            except UserError:
                if not generators:
                    raise
                epoch = max(generators)
        if epoch not in generators:
            raise errors.no_generator(epoch, list(generators))
        return self._tensors(self._checkpoints / generators[epoch])

    def discriminator(self, epoch: int | None = None) -> Arrays:
        """Return the discriminator of ``epoch``, or the newest one; a run of an older version has the newest alone."""
        if epoch is None:
            return self._newest_part(_OPPONENT)
        discriminators = self._discriminators()
        if epoch not in discriminators:
            kept = self.generator_epochs()
            raise errors.no_discriminator(epoch) if epoch in kept else errors.no_generator(epoch, kept)
        return self._tensors(self._checkpoints / discriminators[epoch])

    def snapshot(self, epoch: int) -> tuple[Arrays, Arrays]:
        """Return the averaged generator of ``epoch`` and its opponent, which is empty where it was not kept."""
        return self.generator(epoch), self.discriminator(epoch) if epoch in self._discriminators() else {}

    def nearest_snapshot_epoch(self, epoch: int) -> int | None:
        """Return the epoch nearest to ``epoch`` whose generator is kept, of two the earlier; None where none is."""
        return min(self.generator_epochs(), key=lambda kept: (abs(kept - epoch), kept), default=None)

    def players(self) -> list[Path]:
        """Return the files of players, oldest first, without any state."""
        return [path for paths in self._snapshots().values() for path in paths]

    def _files_after(self, epoch: int, images_seen: int) -> set[Path]:
        """Return the files of players of later epochs than ``epoch``, and of states later than ``images_seen``."""
        snapshots = (path for last, paths in self._snapshots().items() if last > epoch for path in paths)
        opponents = (self._checkpoints / name for last, name in self._discriminators().items() if last > epoch)
        states = (path for moment, path in self._states().items() if moment > images_seen)
        branches = (path for last, path in self._branches().items() if last > epoch)
        return {*snapshots, *opponents, *states, *branches}

    def _snapshot_files_until(self, epoch: int) -> list[Path]:
        return [path for last, paths in self._snapshots().items() if last <= epoch for path in paths]

    def _link_state(self, epoch: int, images_seen: int, to: Checkpoints) -> None:
        """Let ``to`` go on from the state in which ``epoch`` ended."""
        files.link_or_copy(self._checkpoints / _BRANCH.format(epoch), to._checkpoints / _STATE.format(images_seen))

    def _branches(self) -> dict[int, Path]:
        return numbered(self._checkpoints, _BRANCH, MOST_EPOCHS)

    def _states(self) -> dict[int, Path]:
        return numbered(self._checkpoints, _STATE, MOST_IMAGES)

    def _generators(self) -> dict[int, str]:
        return numbered_names(self._checkpoints, _GENERATOR, MOST_EPOCHS)

    def _discriminators(self) -> dict[int, str]:
        return numbered_names(self._checkpoints, _DISCRIMINATOR, MOST_EPOCHS)

    def _snapshots(self) -> dict[int, list[Path]]:
        """Return the files of each epoch; the discriminator, which nothing is listed by, is the first to go."""
        discriminators = self._discriminators()
        return {
            epoch: [self._checkpoints / each for each in (discriminators.get(epoch), name) if each]
            for epoch, name in self._generators().items()
        }

    def _newest_part(self, prefix: str) -> Arrays:
        arrays, _ = self._newest_state(prefix)
        return {name.removeprefix(prefix): array for name, array in arrays.items()}

    def _newest_state(self, prefix: str = "") -> tuple[Arrays, dict[str, Any]]:
        states = self._states()
        if not states:
            raise UserError(
                tr("The run “{path}” has no checkpoint yet.", path=self.path),
                tr("Start it again from the beginning in another folder."),
            )
        problems = []
        for path in reversed(states.values()):
            try:
                with self._reading(path) as file:
                    arrays, metadata = read_tensors(file, prefix)
                    return arrays, _state_facts(metadata)
            except UserError as error:
                problems.append(error)
        raise problems[0]


def _state_facts(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the facts that ``save_state`` got; raises ``ValueError``. Whether they make sense is the trainer's."""
    facts = json.loads(metadata.get("duelo", ""))
    if not isinstance(facts, dict) or any(isinstance(fact, int) and abs(fact) > 2**63 for fact in facts.values()):
        raise ValueError("the facts are no table of numbers")
    return facts


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
