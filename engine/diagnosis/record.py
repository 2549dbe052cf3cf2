"""What a diagnosis is: records without words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Curve = Literal["losses", "verdicts", "frechet", "spread", "reading", "samples"]


@dataclass(frozen=True)
class Evidence:
    """What can be seen on ``curve`` from ``since`` to ``until`` images_seen; ``numbers`` fill the words of ``sign``."""

    sign: str
    curve: Curve
    since: int
    until: int
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Spell:
    """A trouble and all that showed it, from its first sign until now, or until it was named no more (``is_over``)."""

    failure_mode: str
    evidence: tuple[Evidence, ...]
    is_over: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """A named trouble: since when, what shows it, and the options whose values would cure it (may be none)."""

    failure_mode: str
    evidence: tuple[Evidence, ...]
    remedy: Mapping[str, Any] = field(default_factory=dict)

    @property
    def since(self) -> int:
        """The images_seen at which its first sign began."""
        return min(evidence.since for evidence in self.evidence)
