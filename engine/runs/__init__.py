"""One run is one folder; this package is the only code that knows its file names. Knows no torch: weights are numpy.

    about.json                         what a person says of the run: name, star, note
    directions.json, favorites.json, rounds.json   what people keep of exploring and playing
    config.json                        options, live changes and facts about the data, with a schema version
    metrics.csv                        one line per ``log_every`` steps and at each epoch's end
    quality.jsonl                      what the judge made of each epoch, one record per line
    verdicts.jsonl                     what D made of each picture of each epoch's sample grid, one record per line
    samples/noise.safetensors          z and labels of the sample grid, the same every epoch
    samples/epoch-0001.png             the grid of each epoch
    checkpoints/generator-0001.safetensors   the averaged generator of each epoch, thinned when they grow too many
    checkpoints/discriminator-0001.safetensors   its opponent, kept and thinned with it
    checkpoints/state-000000005056.safetensors   all that resuming needs (the newest two are kept)
    checkpoints/branch-0001.safetensors      the same of epochs spread over the run, for new runs to branch off from
    log.txt                            what happened, line by line

Nothing in it is a pickle. Every file is written to a temporary name, flushed and renamed, except those that only
grow (metrics.csv, quality.jsonl, verdicts.jsonl, log.txt): a reader ignores their torn last line and resuming cuts
them back.

A run may come from a stranger: reading any file of it raises ``UserError`` at worst. It never executes anything,
never waits, and takes no more memory than an honest run of that size.
"""

from engine.runs.about import About
from engine.runs.errors import NoState
from engine.runs.folder import RunFolder
from engine.runs.info import SCHEDULES, SCHEMA, Branch, Change, Extension, RunInfo, Schedule, check_changes, with_change
from engine.runs.kept import Direction, Favorite, Round
from engine.runs.memory import MemoryRun
from engine.runs.store import Listing, News, RunStore, list_runs, new_run_path, runs_root
from engine.runs.summary import ListedRun, RunSummary, UnreadableRun, summary
from engine.runs.unnamed import UnnamedRun

AnyRun = RunFolder | MemoryRun
"""Where a training keeps what comes of it."""

__all__ = [
    "SCHEDULES",
    "SCHEMA",
    "About",
    "AnyRun",
    "Branch",
    "Change",
    "Direction",
    "Extension",
    "Favorite",
    "ListedRun",
    "Listing",
    "MemoryRun",
    "News",
    "NoState",
    "Round",
    "RunFolder",
    "RunInfo",
    "RunStore",
    "RunSummary",
    "Schedule",
    "UnnamedRun",
    "UnreadableRun",
    "check_changes",
    "list_runs",
    "new_run_path",
    "runs_root",
    "summary",
    "with_change",
]
