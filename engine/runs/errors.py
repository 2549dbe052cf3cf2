"""What is said of files of a run that are absent or cannot be read. Knows no folder."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError
from engine.i18n import mark, tr


class Damaged(UserError):
    """A file of a run cannot be read."""


def damaged(path: Path) -> Damaged:
    """Say that a file cannot be read."""
    return Damaged(
        tr("“{path}” is missing or damaged.", path=path),
        tr("Restore it from a copy, or start a new run; the other files of the run are untouched."),
    )


class NoState(UserError):
    """A run has been made, but there is no checkpoint to go on from; ``epoch`` is that of its newest generator."""

    def __init__(self, message: str, hint: str, epoch: int | None) -> None:
        super().__init__(message, hint)
        self.epoch = epoch


def no_state(run: Path, generators: list[int], grids: list[int]) -> NoState:
    """Say that the checkpoints of a run are gone, and which epochs have left a generator or a grid, in order."""
    message = tr(
        "The run “{path}” cannot go on: its checkpoints (state-….safetensors) are missing or damaged.", path=run
    )
    parts = ((mark("generators ({epochs})"), generators), (mark("samples ({epochs})"), grids))
    left = [tr(text, epochs=_span(epochs)) for text, epochs in parts if epochs]
    if left:
        message += " " + tr("What is there: {things}.", things=", ".join(left))
    return NoState(
        message,
        tr("Nothing was changed. Restore them from a copy, or begin a new run with the newest generator.")
        if generators
        else tr("Nothing was changed. Restore them from a copy, or start a new run."),
        generators[-1] if generators else None,
    )


def _span(epochs: list[int]) -> str:
    first, last = epochs[0], epochs[-1]
    if first == last:
        return tr("epoch {epoch}", epoch=first)
    return tr("epochs {first} to {last}", first=first, last=last)


def no_generator(epoch: int, kept: list[int]) -> UserError:
    """Say that there is no generator of ``epoch``, and name the epochs ``kept``, in order, that help."""
    message = tr("The run has no generator of epoch {epoch}.", epoch=epoch)
    if not kept:
        return UserError(message, tr("Train at least one whole epoch first."))
    if not kept[0] < epoch < kept[-1]:
        return UserError(message, tr("Choose one from {first} to {last}.", first=kept[0], last=kept[-1]))
    before, after = max(e for e in kept if e < epoch), min(e for e in kept if e > epoch)
    return UserError(
        tr("The generator of epoch {epoch} was not kept, so that the run stays small.", epoch=epoch),
        tr("The nearest ones kept are those of epochs {before} and {after}.", before=before, after=after),
    )


def no_discriminator(epoch: int) -> UserError:
    """Say that the generator of ``epoch`` was kept without its opponent."""
    return UserError(
        tr("The discriminator of epoch {epoch} was not kept: an older Duelo trained it.", epoch=epoch),
        tr("Look at the newest state of the run, or train on: from now on both players of each epoch are kept."),
    )
