"""Searches among TinyGANs."""

from engine.events import Tick
from engine.search.records import Measure


def done(job):
    """Return a job's events, and its result."""
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def measure(frechet, share=1.0, images=80):
    return Measure(share, images, 1.0, frechet, frechet, 0.5, 0.5)


def claimed(job):
    asked = job.ask()
    job.claim(asked)
    return asked


def tick(images, seconds):
    return Tick(images, 1, images, 0, seconds, 1.0, None)
