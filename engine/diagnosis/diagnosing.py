"""Which troubles a run has, and what helps against them."""

from __future__ import annotations

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis.curves import RunCurves
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.record import Diagnosis, Evidence
from engine.diagnosis.remedies import Values, proven_options, rounded
from engine.diagnosis.spec import Detector


def diagnose(curves: RunCurves) -> tuple[Diagnosis, ...]:
    """Return the troubles of ``curves``, the most important first; none where nothing speaks for one.

    Where the duel itself is broken, what the pictures look like is its consequence and not named beside it.
    """
    known = DETECTORS.working()
    for detector in known:
        if detector.about == "duel" and (found := _found(detector, curves)):
            return (found,)
    return tuple(found for each in known if each.about == "pictures" and (found := _found(each, curves)))


def remedy(failure_mode: str, config: Config, facts: DatasetInfo) -> Values:
    """Return the values that options of ``config`` should take against ``failure_mode``; only those that differ."""
    wanted = DETECTORS[failure_mode].remedy(config, proven_options(config), facts)
    return {name: rounded(name, value) for name, value in wanted.items() if value != getattr(config, name)}


def _found(detector: Detector, curves: RunCurves) -> Diagnosis | None:
    try:
        evidence = tuple(detector.detect(curves))
        if not all(isinstance(each, Evidence) for each in evidence):
            raise TypeError("a detector returns evidence")
        return (
            Diagnosis(detector.name, evidence, remedy(detector.name, curves.config, curves.facts)) if evidence else None
        )
    except Exception as error:  # a stranger's: the others go on without it
        DETECTORS.leave_out(detector.name, error)
        return None
