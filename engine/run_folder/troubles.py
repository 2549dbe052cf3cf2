"""What is said of files of a run that are absent or cannot be read. Knows no folder."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError
from engine.i18n import tr


def damaged(path: Path) -> UserError:
    """Say that a file cannot be read."""
    return UserError(
        tr("“{path}” is missing or damaged.", path=path),
        tr("Restore it from a copy, or start a new run; the other files of the run are untouched."),
    )


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
