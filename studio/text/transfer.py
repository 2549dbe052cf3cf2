"""What is said of a run that goes into one file or comes out of one. Qt-free."""

from __future__ import annotations

from engine.amounts import duration, megabytes
from engine.i18n import joined, number, tr
from engine.runs.archive import Exported
from studio.model.transfer import Arrival, Transfer


def transfer_told(transfer: Transfer) -> str:
    """Say how far it is, and how long it will take on."""
    text = (
        tr("“{run}” is exported", run=transfer.name)
        if transfer.is_export
        else tr("“{run}” is imported", run=transfer.name)
    )
    done, total = number(transfer.progress.done, ",.0f"), number(transfer.progress.total, ",.0f")
    left = transfer.seconds_left
    how_far = tr("{done} of {total} MB", done=done, total=total)
    how_long = "" if left is None else tr("about {time} left", time=duration(left))
    return joined(text, joined(how_far, how_long, between=", "), between=": ")


def arrival_told(arrival: Arrival) -> str:
    """Say what a file holds, how much room it will take, and where it will lie."""
    beside = tr(
        "There is a run in a folder of this name; this one will lie beside it, in “{folder}”.", folder=arrival.folder
    )
    size = megabytes(arrival.size_bytes)
    return joined(
        tr("“{file}” holds the run “{run}”: {size}.", file=arrival.file.name, run=arrival.name, size=size),
        beside if arrival.is_beside else "",
    )


def exported_told(done: Exported) -> str:
    """Say which file holds the run, and what is not in it."""
    return joined(
        tr("“{file}” holds the whole run: {size}.", file=done.path.name, size=megabytes(done.size_bytes)),
        tr("Names of folders of this machine are not in it.") if done.left_out else "",
    )
