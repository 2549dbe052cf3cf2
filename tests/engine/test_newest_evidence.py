"""Of several judgments and rows it is the newest that count, and that are told."""

from dataclasses import replace

import numpy as np
import pytest

from engine.diagnosis import diagnose
from tests.engine.course_limits import DRAWN, at, curves
from tests.engine.courses import CRITIC, GOOD, NOISE, rows

MOMENTS = (15_000, 30_000, 45_000, 60_000)
OF_THREE = (*(1 / 3,) * 3, *(0.0,) * 7)


def told(**looks):
    (found,) = diagnose(curves(None, at(*MOMENTS, **looks)))
    return {each.sign: each.numbers for each in found.evidence}


def test_the_newest_judgment_is_told():
    assert told(accuracy=(0.3, 0.28, 0.25, 0.2)) == {"not-as-asked": (0.2, 0.1)}
    few = told(histogram=(*(DRAWN[4],) * 3, OF_THREE), recall=(0.05,) * 4, precision=(0.5,) * 4)
    assert few["few-classes"] == (3, 10)


@pytest.mark.parametrize(("share", "found"), [(10 / 93, []), (13 / 93, ["penalty-too-weak"])])
def test_a_critics_marks_are_looked_at_over_the_last_quarter(share, found):
    """Of 93 rows the last 23: half of those must be far apart, and half of the last 18 are not enough."""
    late = 60_000 * (1 - share)
    columns = rows(d_loss=lambda seen: np.where(seen > late, -100.0, -1.0))
    assert [each.failure_mode for each in diagnose(curves(columns, **CRITIC))] == found


@pytest.mark.parametrize(("second", "last", "found"), [(1285.0, 60.0, "mode-collapse"), (60.0, 1285.0, "d-wins")])
def test_whether_pictures_are_nonsense_is_seen_in_the_newest(second, last, found):
    looks = at(*MOMENTS, frechet=(1285.0, second, 1285.0, last))
    looks = [replace(NOISE, images_seen=it.images_seen, epoch=it.epoch, frechet=it.frechet) for it in looks]
    looks = [replace(it, duplicates=1.0, recall=0.0, frechet_real=GOOD.frechet_real) for it in looks]
    diagnoses = diagnose(curves(rows(d_real=0.95, d_fake=0.1), looks))
    assert found in [each.failure_mode for each in diagnoses]


def test_d_is_sure_from_the_row_on_that_is_beyond_the_limit():
    columns = rows(d_real=lambda seen: np.where(seen > 30_000, 0.96, 0.93), d_fake=0.1)
    (found,) = diagnose(
        curves(columns, at(*MOMENTS, **{"frechet": (1285.0,) * 4, "duplicates": (1.0,) * 4, "recall": (0.0,) * 4}))
    )
    assert found.failure_mode == "d-wins"
    assert {each.sign: each.since for each in found.evidence}["d-is-sure"] == 30_080
