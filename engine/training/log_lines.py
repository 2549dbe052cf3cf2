"""What the log of a run says of its training, in the language of the moment. It knows no run folder."""

from __future__ import annotations

from pathlib import Path

import torch

from engine import device as devices
from engine.i18n import number, tr
from engine.runs import Branch, RunInfo, Schedule
from engine.training.schedule import TrainState


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
    return tr(
        "the training has {images} images instead of {before} ({schedule})",
        images=now.total_images,
        before=before.total_images,
        schedule=now.extensions[-1].schedule if now.extensions else schedule,
    )


def resumed(state: TrainState, device: torch.device) -> str:
    """Where a training goes on."""
    return tr("resumed at {images} images on {device}", images=state.images_seen, device=devices.describe(device))


def finished(state: TrainState) -> str:
    """Nothing is left to train."""
    seconds = number(state.seconds, ".1f")
    return tr("finished after {images} images and {seconds} s", images=state.images_seen, seconds=seconds)


def stopped(state: TrainState) -> str:
    """It was ended before its end."""
    return tr("stopped at {images} images", images=state.images_seen)


def not_finite(state: TrainState) -> str:
    """It ended by itself."""
    return tr("a number was not finite at step {step}; stopped", step=state.step)


def out_of_memory() -> str:
    """The device does not hold a step."""
    return tr("out of memory; stopped")
