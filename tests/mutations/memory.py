"""Remembers which faults were noticed: a check that was cut short goes on, and one after a new test asks little.

What was noticed stays so until its module changes, also when tests do; what survived is asked about again each time.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from tests.mutations.operators import ROOT, Mutant


class Noticed:
    """The faults that some test noticed: a line of ``file`` each, to which several processes may add."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or Path(tempfile.gettempdir()) / "duelo-faults-noticed.txt"
        self._lines = set(self.file.read_text("utf-8").splitlines()) if self.file.exists() else set()

    def __contains__(self, mutant: Mutant) -> bool:
        return _line(mutant) in self._lines

    def add(self, mutant: Mutant) -> None:
        """Remember that ``mutant`` was noticed."""
        self._lines.add(_line(mutant))
        with self.file.open("a", encoding="utf-8") as file:
            file.write(_line(mutant) + "\n")


def _line(mutant: Mutant) -> str:
    code = hashlib.sha256((ROOT / mutant.path).read_bytes()).hexdigest()[:16]
    return f"{code} {mutant.number} {mutant}"
