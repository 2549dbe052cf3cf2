"""What is measured of a run in a test: of one that is known whole, and of one that tells its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.diagnosis import Hindsight, Recorded
from engine.events import (
    Event,
    MetricsRow,
    NotFinite,
    OptionChanged,
    Quality,
    QualityReady,
    SamplesReady,
    Started,
    Tick,
)
from engine.lessons.measured import Measured


def measured_of(
    run: Recorded, noted: Mapping[str, float] | None = None, hindsight: Hindsight | None = None
) -> Measured:
    """Return what is measured of ``run`` at its last moment; ``hindsight`` remembers what was found of it before."""
    hindsight = hindsight or Hindsight()
    if not len(run.columns) and run.not_finite is None:
        return Measured(run, noted=noted or {})
    return Measured(run, run.health(hindsight.named), tuple(hindsight.spells(run)), noted or {})


class RunWatch:
    """Puts together what a training tells, event by event, as the window's own model does."""

    def __init__(self) -> None:
        self._course: _Course | None = None

    def hear(self, event: Event) -> None:
        """Take up an event; most say nothing that is measured."""
        course = self._course
        if isinstance(event, Started):
            self._course = _Course(event)
        elif course is not None:
            course.hear(event)

    def recorded(self) -> Recorded | None:
        """Return the run as it is known by now, None before it has started."""
        return self._course.recorded() if self._course else None


@dataclass
class _Course:
    """What was told since ``begun``."""

    begun: Started
    rows: list[MetricsRow] = field(default_factory=list)
    qualities: list[Quality] = field(default_factory=list)
    changes: list[tuple[int, str, float]] = field(default_factory=list)
    spreads: list[tuple[int, float]] = field(default_factory=list)
    not_finite: int | None = None

    def hear(self, event: Event) -> None:
        match event:
            case Tick():
                self.rows += event.rows
            case QualityReady():
                self.qualities.append(event.quality)
            case SamplesReady() if event.spread is not None:
                self.spreads.append((event.images_seen, event.spread))
            case OptionChanged():
                self.changes.append((event.images_seen, event.name, event.value))
            case NotFinite():
                self.not_finite = event.images_seen

    def recorded(self) -> Recorded:
        columns = np.array(self.rows, np.float64).reshape(-1, len(MetricsRow._fields))
        told = (columns, tuple(self.qualities), tuple(self.changes), self.not_finite)
        return Recorded(self.begun.config, self.begun.facts, *told, spreads=tuple(self.spreads))
