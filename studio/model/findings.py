"""What is wrong with the run that the window shows, and where its curves show it. Qt-free; it knows no view."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config import Config
from engine.diagnosis import Diagnosis, Health, Hindsight, Recorded, Spell
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.record import Curve, Evidence
from engine.diagnosis.words import describe, title
from engine.runs import RunInfo
from studio.model.run_data import RunData


@dataclass(frozen=True)
class Span:
    """Epochs ``first`` to ``last`` of a plot; each of ``texts`` says what is wrong there, the fullest comes first."""

    first: float
    last: float
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """How a run is at a moment, by its own record; ``image_count`` real images make an epoch.

    ``is_newest``: the moment is the end of what was trained so far, and not one that a person looks back to. ``spells``
    are the troubles of all the time until then, which the curves go on showing; none where only the moment counts.
    """

    health: Health
    image_count: int
    is_newest: bool = True
    spells: tuple[Spell, ...] = ()

    @property
    def config(self) -> Config:
        """The options of that moment, live changes included."""
        return self.health.config

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """The troubles of that moment, the most important first; often none."""
        return self.health.diagnoses

    def spans(self, curve: Curve) -> list[Span]:
        """Return the epochs to shade on ``curve``, in the current language; what is not finite has a mark already."""
        count = self.image_count
        return [
            Span(seen.since / count, seen.until / count, self._texts(found, seen))
            for found, seen in self._evidence(curve)
            if not DETECTORS[found.failure_mode].ends_training
        ]

    def missing_classes(self, images_seen: int) -> tuple[int, tuple[str, ...]]:
        """Return how many classes are hardly drawn at that moment, and texts that say so; 0 and none if it is well."""
        for found, seen in self._evidence("samples"):
            if seen.sign == "few-classes" and seen.since <= images_seen <= seen.until:
                drawn, classes = seen.numbers
                return round(classes - drawn), self._texts(found, seen)
        return 0, ()

    def _evidence(self, curve: Curve) -> list[tuple[Spell, Evidence]]:
        known = self.spells or [Spell(each.failure_mode, each.evidence) for each in self.diagnoses]
        return [(spell, seen) for spell in known for seen in spell.evidence if seen.curve == curve]

    def _texts(self, spell: Spell, seen: Evidence) -> tuple[str, ...]:
        return describe(seen, self.image_count, is_over=spell.is_over), title(spell.failure_mode)


def findings_of(
    info: RunInfo, history: RunData, images_seen: int | None = None, hindsight: Hindsight | None = None
) -> Findings | None:
    """Diagnose the run of ``info`` as it is now, or was at ``images_seen``; None before anything is trained.

    ``hindsight`` remembers what was found of this run before. Takes about a millisecond with 20,000 rows.
    """
    hindsight = hindsight or Hindsight()
    if not (len(history) or history.not_finite):
        return None
    run = recorded_of(info, history)
    if images_seen is not None:
        return Findings(run.at(images_seen).health(hindsight.named), history.image_count, is_newest=False)
    return Findings(run.health(hindsight.named), history.image_count, spells=hindsight.spells(run))


def recorded_of(info: RunInfo, history: RunData) -> Recorded:
    """Return what is known of the run of ``info`` as the engine's diagnosis and lessons take it."""
    changes, spoiled = history.changes, _not_finite(history)
    return Recorded(
        *(info.config, info.facts, history.rows(), history.qualities, changes, spoiled, history.went_back),
        spreads=history.spreads,
    )


def _not_finite(history: RunData) -> int | None:
    """Return when a number was not finite, unless the training went on from there."""
    seen = history.series("images_seen")[-1] if len(history) else 0
    return next((moment for moment in reversed(history.not_finite) if moment >= seen), None)
