"""The page of a blind duel before one begins, and the axis of its result."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from studio.widgets.plots.eye_plot import EyePlot, EyePoint
from studio.workspaces.compare.duel.presenter import DuelPage
from tests.studio.hands import shown

PICTURE = np.zeros((18, 18), np.uint8)


def test_before_a_duel_nothing_of_one_is_offered(qtbot):
    page, end = DuelPage(), QPushButton("End")
    page.add_buttons([QPushButton("Left")], end)
    shown(qtbot, page, 900, 400)
    assert page.empty.isVisible() and not (end.isVisible() or page.question.isVisible())


@pytest.mark.parametrize("scores", [(0.5, 0.5), (0.47, 0.44), (0.3, 0.6), (0.0, 1.0), (1.0, 1.0)])
def test_some_numbers_stand_beside_the_scores_wherever_they_are(qtbot, monkeypatch, scores):
    plot = shown(qtbot, EyePlot(), 600, 400)
    told = []
    monkeypatch.setattr(plot.getPlotItem().getAxis("left"), "setTicks", told.append)
    plot.show_points([EyePoint(str(at), 10.0 + at, score, PICTURE) for at, score in enumerate(scores)], [])
    low, high = plot.getPlotItem().vb.viewRange()[1]
    assert len([at for at, _ in told[-1][0] if low <= at <= high]) >= 2
