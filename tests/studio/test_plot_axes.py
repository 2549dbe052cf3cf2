"""The numbers on the axes of every plot, in another language."""

from __future__ import annotations

import pytest

from studio import language
from studio.widgets.plots.overlaid_curves import OverlaidCurves
from studio.widgets.plots.trial_curve import TrialCurve
from studio.workspaces.style.style_curves import StyleCurves
from tests.studio.hands import shown


@pytest.mark.parametrize("kind", [StyleCurves, OverlaidCurves, TrialCurve])
def test_the_numbers_on_the_axes_follow_the_language_of_the_window(qtbot, kind):
    before = shown(qtbot, kind(), 400, 200)
    pictures = [_left(before)]
    for code in ("es", "en"):
        language.switch(code)
        language.switch_unseen()
        pictures.append(_left(before))
        assert pictures[-1] == _left(shown(qtbot, kind(), 400, 200)), code
    assert pictures[0] == pictures[2] != pictures[1]


def _left(part):
    """The left axis as it is seen."""
    plot = part.plot if isinstance(part, StyleCurves) else part
    area = plot.mapFromScene(plot.getAxis("left").sceneBoundingRect()).boundingRect()
    return plot.grab(area).toImage()
