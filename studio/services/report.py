"""Writes the lab report of a run: to be called in jobs, never in the UI thread."""

from __future__ import annotations

from pathlib import Path

from engine import report
from engine.files import atomic_path
from engine.runs import RunFolder
from studio.printing import print_pdf


def save_report(run: Path, path: Path) -> Path:
    """Write the report of the run in ``run`` to ``path``, as its ending says; raises ``UserError``."""
    if path.suffix.lower() == ".pdf":
        with atomic_path(path) as part:
            print_pdf(report.written(RunFolder(run)), part)
        return path
    return report.save_html(RunFolder(run), path)
