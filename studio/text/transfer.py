"""What is said of a run that goes into one file or comes out of one, and of a table that is read. Qt-free."""

from __future__ import annotations

from engine.amounts import duration, megabytes
from engine.i18n import joined, number, tr
from engine.runs.archive import Exported
from engine.text import LONGEST_NAME, plain
from studio.model.transfer import Arrival, Moving, Transfer


def transfer_told(transfer: Transfer) -> str:
    """Say how far it is, and how long it will take on."""
    text = (
        tr("“{run}” is exported", run=transfer.name)
        if transfer.is_export
        else tr("“{run}” is imported", run=transfer.name)
    )
    return _so_far(text, tr("{done} of {total} MB", **_numbers(transfer)), transfer)


def reading_told(reading: Moving) -> str:
    """Say how much of a table is read, and how long the rest will take."""
    text = tr("“{table}” is read", table=plain(reading.name, LONGEST_NAME))
    return _so_far(text, tr("{done} of {total} rows", **_numbers(reading)), reading)


def _numbers(moving: Moving) -> dict[str, str]:
    return {"done": number(moving.progress.done, ",.0f"), "total": number(moving.progress.total, ",.0f")}


def _so_far(text: str, how_far: str, moving: Moving) -> str:
    left = moving.seconds_left
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
