"""The door to the pictures of knob cards, which are read once, beside the window. Knows no widget."""

from __future__ import annotations

from engine.knob_strips import read_strips
from studio.model.knob_strips import KNOB_STRIPS
from studio.workers.job_runner import JobRunner, Listeners


def read_once(jobs: JobRunner) -> None:
    """Let the pictures be there soon, unless they are already."""
    if not KNOB_STRIPS:
        jobs.do("reading pictures of help", read_strips, Listeners(result=KNOB_STRIPS.update))
