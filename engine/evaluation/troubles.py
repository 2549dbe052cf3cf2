"""What goes wrong in a run that lies in its folder, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnosis import course_of, diagnose, words
from engine.events import MetricsRow
from engine.run_folder import RunFolder


@dataclass(frozen=True)
class Trouble:
    """A named trouble: its name, title and evidence in the person's language, and the options that would cure it."""

    name: str
    title: str
    evidence: tuple[str, ...]
    cure: Mapping[str, Any]


def troubles_of(run: RunFolder) -> tuple[Trouble, ...]:
    """Return what goes wrong in ``run``, as its rows and judgements tell; raises ``UserError``."""
    info, rows = run.info(), run.metrics()
    table = np.array(rows, np.float64).reshape(-1, len(MetricsRow._fields))
    found = diagnose(course_of(info.config, info.facts, table, run.qualities(), info.changes))
    return tuple(
        Trouble(
            each.trouble,
            words.title(each.trouble),
            tuple(words.told(evidence, info.facts.image_count) for evidence in each.evidence),
            each.cure,
        )
        for each in found
    )
