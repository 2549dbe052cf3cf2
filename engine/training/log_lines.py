"""What the log of a run says of its training, in the language of the moment. It knows no run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from engine import device as devices
from engine.i18n import number, speaking_of, tr
from engine.runs import Branch, RunInfo, Schedule
from engine.training.schedule import TrainState

if TYPE_CHECKING:
    from engine.training.session import Session


def began(device: torch.device) -> str:
    """A new training, and what it runs on."""
    return tr("began on {device}, torch {version}", device=devices.describe(device), version=torch.__version__)


def begun_with(branch: Branch) -> str:
    """A new training that has only its networks from another run."""
    run = Path(branch.run).name
    return tr("the networks are those of epoch {epoch} of {run}; all else is new", epoch=branch.epoch, run=run)


def went_on_from(epoch: int, run: Path) -> str:
    """A branch that is exact."""
    return tr("went on from epoch {epoch} of {run}, exactly", epoch=epoch, run=run.name)


def got_another_length(now: RunInfo, before: RunInfo, schedule: Schedule) -> str:
    """How long the training is from now on, and what becomes of its schedule."""
    with speaking_of(now.facts.noun):
        return tr(
            "the training has {images} {data:images} instead of {before} ({schedule})",
            images=now.total_images,
            before=before.total_images,
            schedule=now.extensions[-1].schedule if now.extensions else schedule,
        )


def resumed(session: Session) -> str:
    """Where a training goes on."""
    images, device = session.state.images_seen, devices.describe(session.device)
    with speaking_of(session.info.facts.noun):
        return tr("resumed at {images} {data:images} on {device}", images=images, device=device)


def finished(session: Session) -> str:
    """Nothing is left to train."""
    images, seconds = session.state.images_seen, number(session.state.seconds, ".1f")
    with speaking_of(session.info.facts.noun):
        return tr("finished after {images} {data:images} and {seconds} s", images=images, seconds=seconds)


def stopped(session: Session) -> str:
    """It was ended before its end."""
    with speaking_of(session.info.facts.noun):
        return tr("stopped at {images} {data:images}", images=session.state.images_seen)


def not_finite(state: TrainState) -> str:
    """It ended by itself."""
    return tr("a number was not finite at step {step}; stopped", step=state.step)


def out_of_memory() -> str:
    """The device does not hold a step."""
    return tr("out of memory; stopped")
