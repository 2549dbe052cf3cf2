"""A new run that goes on exactly from where another one stood, and what it takes over."""

from __future__ import annotations

from dataclasses import replace

from engine.config import Config
from engine.job import Job, Progress
from engine.runs import Branch, RunFolder, Schedule
from engine.runs.arriving import arriving
from engine.runs.branches import record_of
from engine.training import checkpoint, log_lines
from engine.training.schedule import train_state_from


def branch_off(
    source: RunFolder, origin: Branch, config: Config, target: RunFolder, schedule: Schedule
) -> Job[Progress, None]:
    """Make ``target`` what ``source`` was when the epoch of ``origin`` ended, with the options ``config`` from then on.

    It is whole at the end or not there at all; raises ``UserError`` where options do not fit the state that was kept.
    """
    arrays, facts = source.branch_state(origin.epoch)
    state = train_state_from(facts)
    info = record_of(source.info(), replace(origin, images_seen=state.images_seen), config, schedule)
    checkpoint.check_adoptable(info.config, info.facts, arrays, "generator", "discriminator")
    del arrays
    with arriving(target.path) as folder:
        begun = RunFolder(folder)
        yield from source.copy_until(origin.epoch, state.images_seen, state.step, begun)
        begun.save_info(info)
        begun.log(log_lines.went_on_from(origin.epoch, source.path))
