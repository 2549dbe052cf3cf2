"""What is said of trainings that are lined up, and of how long they take. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from engine.amounts import duration
from engine.i18n import joined, tr, trn
from engine.runs.planned import Planned, in_all
from studio.model.queue import QueueState


def lined_up_told(new: Sequence[Planned], state: QueueState) -> str:
    """Say that ``new`` ones were lined up, how long they take, and all that is left with them."""
    seconds = in_all({plan.key: state.seconds_of(plan.key) for plan in new})
    count = len(new)
    if seconds is None:
        told = trn("{count} training is lined up.", "{count} trainings are lined up.", count)
    else:
        told = trn(
            "{count} training is lined up: about {time}.",
            "{count} trainings are lined up: about {time}.",
            count,
            time=duration(max(seconds, 1)),
        )
    return joined(told, all_told(state) if state.left > count else "")


def all_told(state: QueueState) -> str:
    """Say how long all takes that is left, or nothing where nothing is."""
    if not state.left:
        return ""
    if state.total is not None:
        return tr("All that is left takes about {time}.", time=duration(max(state.total, 1)))
    if known := sum(seconds for seconds in state.seconds if seconds):
        return tr("All that is left takes longer than {time}.", time=duration(known))
    return tr("How long all that is left takes is not known.")


def offer_told(state: QueueState) -> str:
    """Say what waits in the queue, as it is offered to go on."""
    if state.total is None:
        return trn("{count} training is lined up.", "{count} trainings are lined up.", state.left)
    return trn(
        "{count} training is lined up: about {time}.",
        "{count} trainings are lined up: about {time}.",
        state.left,
        time=duration(max(state.total, 1)),
    )
