"""What a person is shown when something went wrong in a thread."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from engine import registry
from engine.errors import UserError
from engine.i18n import tr
from engine.runs import NoState


@dataclass(frozen=True)
class Failure:
    """Something went wrong. ``details`` is a traceback where it is a defect, empty where a person can mend it.

    ``epoch`` is that of the newest generator of a run that cannot go on, with which a new one could begin.
    """

    message: str
    hint: str
    details: str = ""
    epoch: int | None = None


def failure(error: BaseException) -> Failure:
    """Turn an exception into what a person is shown."""
    if isinstance(error, UserError):
        return Failure(error.message, error.hint, epoch=error.epoch if isinstance(error, NoState) else None)
    details = "".join(traceback.format_exception(error))
    if strange := registry.blamed(error):
        return Failure(strange.message, strange.hint, details)
    return Failure(
        tr("Something went wrong inside Duelo: {error}.", error=f"{type(error).__name__}: {error}"),
        tr("What was saved is safe. Copy the details and report them, please."),
        details,
    )
