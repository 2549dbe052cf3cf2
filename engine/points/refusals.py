"""What is made for pictures and makes no sense with points: said in one sentence. Knows no tool."""

from __future__ import annotations

from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr


def insist_on_pictures(facts: DatasetInfo) -> None:
    """Raise ``UserError`` where ``facts`` are those of points."""
    if facts.is_points:
        raise UserError(
            tr("This run makes points, and this tool looks into pictures."), tr("Choose a run that makes pictures.")
        )
