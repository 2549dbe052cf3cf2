"""What a run that branches off another one exactly is recorded as. Knows no weights, and not who trains it."""

from __future__ import annotations

from dataclasses import replace

from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.i18n import number, tr
from engine.recipes.words import differences
from engine.runs.info import Branch, RunInfo, Schedule, check_changes, with_change

_OF_THE_DATA = {"dataset", "classes", "max_images", "image_size", "image_classes"}


def check_networks(parent: Config, config: Config) -> None:
    """Raise ``UserError`` where networks with the options ``config`` could not take the weights of the parent's."""
    for name, option in OPTIONS.items():
        before, after = getattr(parent, name), getattr(config, name)
        if (option.shapes == "value" and before != after) or (option.shapes == "zero" and bool(before) != bool(after)):
            raise UserError(
                tr("The networks to begin with do not fit another “{label}”.", label=tr(option.label)),
                tr("Leave it as it is in the run that they come from, or begin a new training."),
            )


def record_of(parent: RunInfo, origin: Branch, config: Config, schedule: Schedule) -> RunInfo:
    """Return the record of an exact branch: the parent's until that moment, and there what ``config`` changes.

    Raises ``UserError`` for what such a branch cannot change, such as what networks are made of, where nothing would
    be left to train, and where a change on the way would make no sense.
    """
    moment = origin.images_seen
    info = parent.until(moment)
    check_networks(info.config, config)
    changed = differences(config, info.config_at(moment)).keys()
    if fixed := sorted(changed & _OF_THE_DATA):
        raise UserError(
            tr("“{label}” cannot change in a branch that is exact.", label=tr(OPTIONS[fixed[0]].label)),
            tr("Leave it as it is, or begin a new run with the networks alone."),
            options=("--from",),
        )
    live = [name for name in changed if OPTIONS[name].live]
    changes = info.changes
    for name in live:
        changes = with_change(changes, (moment, name, float(getattr(config, name))))
    begun = config.changed(**{name: getattr(info.config, name) for name, option in OPTIONS.items() if option.live})
    total = begun.total_images or begun.epochs * info.facts.image_count
    if total <= moment:
        raise UserError(
            tr(
                "Nothing would be left to train: that moment is at {images} {data:images}.",
                images=number(moment, ",.0f"),
            ),
            tr("Give it more epochs."),
        )
    extensions = info.extended(total, moment, schedule)
    record = replace(info, config=begun, changes=changes, branch_of=origin, extensions=extensions)
    check_changes(record)
    return record
