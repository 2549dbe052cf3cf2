"""The options that say where training runs, and how often it reports and saves."""

from __future__ import annotations

from typing import Literal

from engine.config.declare import BOTH, Declarations, declare
from engine.i18n import mark


class MachineOptions(Declarations):
    """Device, precision, reports and checkpoints."""

    device: Literal["auto", "cpu", "cuda", "mps"] = declare(
        "auto",
        mark("Device"),
        mark("Where training runs; auto takes the fastest one present."),
        group="machine",
        titles=(mark("automatic"), "cpu", "cuda", "mps"),
        of_machine=True,
        fast_paths=BOTH,
    )
    precision: Literal["auto", "float32", "bfloat16"] = declare(
        "auto",
        mark("Precision"),
        mark(
            "Numbers inside the networks while training: bfloat16 is faster on a CPU that has it, and auto takes it "
            "there. Weights and averages are always float32."
        ),
        group="machine",
        titles=(mark("automatic"), "float32", "bfloat16"),
        fast_paths=BOTH,
    )
    threads: int = declare(
        0,
        mark("CPU threads"),
        mark("Threads for training on the CPU; 0 follows the machine: one per core that other programs leave free."),
        group="machine",
        zero=mark("automatic"),
        minimum=0,
        maximum=1024,
        of_machine=True,
        fast_paths=BOTH,
    )
    log_every: int = declare(
        10,
        mark("Curve point every"),
        mark("Steps averaged into one point of the curves and one line of metrics.csv."),
        group="machine",
        minimum=1,
        maximum=10_000,
        unit=mark("steps"),
        fast_paths=BOTH,
    )
    sample_every: int = declare(
        1,
        mark("Samples every"),
        mark(
            "Epochs between two sample grids; the first and the last have one in any case. With few {data:images} an "
            "epoch is short, and pictures of each would cost time."
        ),
        group="machine",
        minimum=1,
        maximum=100_000,
        unit=mark("epochs"),
        fast_paths=BOTH,
    )
    checkpoint_every: int = declare(
        1,
        mark("Checkpoint every"),
        mark("Epochs between two checkpoints; after a power cut, training goes on from the last one."),
        group="machine",
        minimum=1,
        maximum=100_000,
        unit=mark("epochs"),
        fast_paths=BOTH,
    )
    max_snapshot_mb: int = declare(
        500,
        mark("Size of the run"),
        mark(
            "The networks kept of each epoch are thinned so that all checkpoints together stay below this; the newest "
            "two checkpoints always stay."
        ),
        group="machine",
        minimum=10,
        maximum=1_000_000,
        unit=mark("MB"),
        fast_paths=BOTH,
    )
    max_branch_mb: int = declare(
        100,
        mark("Size of states to branch from"),
        mark(
            "Full states of epochs spread over the training are kept in this space, beside the size of the run, so "
            "that a new run can branch off from there exactly; 0 keeps none."
        ),
        group="machine",
        minimum=0,
        maximum=1_000_000,
        unit=mark("MB"),
        fast_paths=BOTH,
    )
    eval_time_percent: float = declare(
        5.0,
        mark("Time for the judge"),
        mark(
            "Share of the training time in which samples are judged: how real, how varied, how readable they are. "
            "Epochs too short for it are passed over; 0 turns it off. For {data:images} that it does not know yet, "
            "it must learn first, once, and takes more time until then."
        ),
        group="machine",
        minimum=0.0,
        maximum=50.0,
        unit="%",
        fast_paths=BOTH,
    )
    sample_rows: int = declare(
        6,  # with ten classes as wide as the room of a usual screen
        mark("Sample rows"),
        mark(
            "Rows of the sample grid: {data:pictures} of each class, where the generator knows classes. "
            "The last ones are not shown where all of them would be small."
        ),
        group="machine",
        minimum=1,
        maximum=32,
        fast_paths=BOTH,
    )
    sample_columns: int = declare(
        10,
        mark("Sample columns"),
        mark("Columns of the sample grid of a generator that knows no classes."),
        group="machine",
        minimum=1,
        maximum=32,
        fast_paths=BOTH,
    )
