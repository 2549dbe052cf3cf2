"""What is wrong with the run that the window shows, and where its curves show it. Qt-free; it knows no view."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config import Config
from engine.diagnosis import Diagnosis, course_of, diagnose
from engine.diagnosis.record import Curve, Evidence
from engine.diagnosis.words import title, told
from engine.run_folder import RunInfo
from studio.run_history import RunHistory


@dataclass(frozen=True)
class Span:
    """Epochs ``first`` to ``last`` of a plot; each of ``texts`` says what is wrong there, the fullest comes first."""

    first: float
    last: float
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """The troubles of a run, the most important first; often none.

    ``config`` holds the options as they are now, live changes included; ``image_count`` real images make an epoch.
    """

    config: Config
    image_count: int
    diagnoses: tuple[Diagnosis, ...] = ()

    def spans(self, curve: Curve) -> list[Span]:
        """Return the epochs to shade on ``curve``, in the current language; what is not finite has a mark already."""
        count = self.image_count
        return [
            Span(seen.since / count, seen.until / count, self._texts(found, seen))
            for found, seen in self._evidence(curve)
            if seen.sign != "not-finite"
        ]

    def missing_classes(self, images_seen: int) -> tuple[int, tuple[str, ...]]:
        """Return how many classes are hardly drawn at that moment, and texts that say so; 0 and none if it is well."""
        for found, seen in self._evidence("samples"):
            if seen.sign == "few-classes" and seen.since <= images_seen <= seen.until:
                drawn, classes = seen.numbers
                return round(classes - drawn), self._texts(found, seen)
        return 0, ()

    def _evidence(self, curve: Curve) -> list[tuple[Diagnosis, Evidence]]:
        return [(found, seen) for found in self.diagnoses for seen in found.evidence if seen.curve == curve]

    def _texts(self, found: Diagnosis, seen: Evidence) -> tuple[str, ...]:
        return told(seen, self.image_count), title(found.trouble)


def findings_of(info: RunInfo, history: RunHistory) -> Findings | None:
    """Diagnose the run of ``info``; None before anything is trained. Takes about a millisecond with 20,000 rows."""
    if not (len(history) or history.troubles):
        return None
    course = course_of(
        info.config, info.facts, history.rows(), history.qualities, history.changes, _not_finite(history)
    )
    return Findings(course.config, history.image_count, diagnose(course))


def _not_finite(history: RunHistory) -> int | None:
    """Return when a number was not finite, unless the training went on from there."""
    seen = history.series("images_seen")[-1] if len(history) else 0
    return next((moment for moment in reversed(history.troubles) if moment >= seen), None)
