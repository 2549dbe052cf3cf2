"""A new run that goes on exactly from where another one stood: what it takes over, and what cannot be changed."""

from __future__ import annotations

from dataclasses import replace

from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.i18n import number, tr
from engine.job import Job, Progress
from engine.recipes.words import differences
from engine.runs import Branch, RunFolder, RunInfo, Schedule, check_changes, with_change
from engine.runs.arriving import arriving
from engine.training import checkpoint
from engine.training.schedule import train_state_from

_OF_THE_DATA = {"dataset", "classes", "max_images", "image_size", "image_classes"}


def branch_off(
    source: RunFolder, origin: Branch, config: Config, target: RunFolder, schedule: Schedule
) -> Job[Progress, None]:
    """Make ``target`` what ``source`` was when the epoch of ``origin`` ended, with the options ``config`` from then on.

    It is whole at the end or not there at all; raises ``UserError`` where options do not fit the state that was kept.
    """
    arrays, facts = source.branch_state(origin.epoch)
    state = train_state_from(facts)
    info = _info(source.info(), replace(origin, images_seen=state.images_seen), config, schedule)
    checkpoint.check_adoptable(info.config, info.facts, arrays, "generator", "discriminator")
    del arrays
    check_changes(info)
    with arriving(target.path) as folder:
        begun = RunFolder(folder)
        yield from source.copy_until(origin.epoch, state.images_seen, state.step, begun)
        begun.save_info(info)
        begun.log(f"went on from epoch {origin.epoch} of {origin.run}, exactly")


def _info(parent: RunInfo, origin: Branch, config: Config, schedule: Schedule) -> RunInfo:
    """Return the record of the branch: the parent's until that moment, and there what ``config`` changes."""
    moment = origin.images_seen
    info = parent.until(moment)
    changed = differences(config, info.config_at(moment)).keys()
    if fixed := sorted(changed & _OF_THE_DATA):
        raise UserError(
            tr("“{label}” cannot change in a branch that is exact.", label=tr(OPTIONS[fixed[0]].label)),
            tr("Leave it as it is, or begin a new run with the networks alone (--from)."),
        )
    live = [name for name in changed if OPTIONS[name].live]
    changes = info.changes
    for name in live:
        changes = with_change(changes, (moment, name, float(getattr(config, name))))
    begun = config.changed(**{name: getattr(info.config, name) for name, option in OPTIONS.items() if option.live})
    total = begun.total_images or begun.epochs * info.facts.image_count
    if total <= moment:
        raise UserError(
            tr("Nothing would be left to train: that moment is at {images} images.", images=number(moment, ",.0f")),
            tr("Give it more epochs."),
        )
    extensions = info.extended(total, moment, schedule)
    return replace(info, config=begun, changes=changes, branch_of=origin, extensions=extensions)
