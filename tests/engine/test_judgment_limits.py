"""Which judgments count, and when pictures get better, worse, stand still or swing: beyond each limit and before."""

from dataclasses import replace

import numpy as np
import pytest

from engine.diagnosis import diagnose, trends
from tests.engine.course_limits import D_WINS, FLOOR, PATIENCE, at, curves
from tests.engine.courses import BLOT, CRITIC, GOOD, looks, named, rows

# --- how things go over time


def test_judgments_count_when_three_agree_and_two_of_them_are_ripe():
    def agree(*moments, share=1.0, began=0, says=lambda look: True):
        changes = [(began, "g_lr", 1e-3)] if began else []
        return len(trends.agreeing(curves(None, at(*moments), changes=changes), says, share))

    assert agree(100, PATIENCE, PATIENCE + 1) == 3
    assert agree(100, PATIENCE - 1, PATIENCE + 1) == 0
    assert agree(100, PATIENCE // 2, PATIENCE, share=0.5) == 3
    assert agree(PATIENCE, PATIENCE + 1) == 0
    assert agree(1_001, 1_000 + PATIENCE, 1_001 + PATIENCE, began=1_000) == 3
    assert agree(1_001, 999 + PATIENCE, 1_001 + PATIENCE, began=1_000) == 0
    assert agree(1, PATIENCE, 20_000, 30_000, 40_000, says=lambda look: look.images_seen > 1) == 4


@pytest.mark.parametrize(
    ("seen", "moments", "percent", "enough"),
    [
        (9_600, (5_000, 9_600, 9_601), 5.0, True),
        (9_600, (9_600, 9_601), 5.0, False),
        (9_600, (5_000, 9_599, 9_601), 5.0, False),
        (8_960, (5_000, 9_600, 9_601), 5.0, False),
        (19_200, (), 0.0, True),
        (18_560, (), 0.0, False),
        (19_200, (), 5.0, False),
    ],
)
def test_when_enough_was_seen_to_call_a_training_healthy(seen, moments, percent, enough):
    found = curves(rows(seen), at(*moments), eval_time_percent=percent)
    assert trends.has_enough_evaluations(found) == enough


def test_recent_judgments_are_those_of_the_last_patience():
    def recent(*moments, seen=60_800):
        return [look.images_seen for look in trends.recent_evaluations(curves(rows(seen), at(*moments)))]

    assert recent(1, 51_200, 51_201, 60_000) == [51_201, 60_000]
    assert recent(1, 51_200, 60_000) == [51_200, 60_000], "two in any case"
    assert recent(1, 4_800, 4_801, 4_802, seen=6_400) == [4_801, 4_802], "none before half of the first"
    assert recent(7) == [7] and recent() == []
    early = trends.recent_evaluations(curves(np.empty((0, rows().shape[1])), at(1, 2, 5_000)))
    assert [look.images_seen for look in early] == [2, 5_000]


def test_what_goes_on_lately_is_known_after_the_patience_and_pictures_are_bad_by_the_last_judgment():
    early, ripe = curves(rows(8_960)), curves(rows(9_600))
    assert trends.lately(early, early.d_real) is None and trends.lately(ripe, ripe.d_real) == pytest.approx(0.51)
    for frechets, bad in (((), True), ((11,), True), ((10,), False), ((11, 10), False), ((10, 11), True)):
        found = at(*range(1, 1 + len(frechets)), frechet=[number * FLOOR for number in frechets])
        assert trends.is_bad(curves(None, found)) == bad


def test_judgments_of_a_swing_are_a_quarter_of_the_patience_apart():
    found = trends.spaced_evaluations(curves(None, at(9_600, 9_601, 12_000, 12_001, 14_401)))
    assert [look.images_seen for look in found] == [9_601, 12_001, 14_401]


@pytest.mark.parametrize(
    ("frechets", "better"),
    [
        ((100, 100, 89.9), True),
        ((100, 100, 90), False),
        ((80, 100, 100, 89), False),
        ((100, 95, 92, 85.4), True),
        ((100, 95, 92, 85.6), False),
        ((4_000, 4_000, 150.1 * FLOOR), False),
        ((4_000, 4_000, 150 * FLOOR), True),
    ],
)
def test_pictures_get_better_by_a_tenth_below_all_before(frechets, better):
    moments = [60_000 - 2_000 * k for k in reversed(range(len(frechets)))]
    assert trends.gets_better(curves(None, at(*moments, frechet=frechets))) == better


@pytest.mark.parametrize(
    ("frechets", "since"),
    [
        ((100, 115.1, 115.1, 115.1), 0),
        ((100, 114.9, 114.9, 114.9), None),
        ((100, 120, 114, 120), None),  # the last two
        ((100, 101, 120, 120), 0),
        ((100, 120, 120), None),  # three looks since
        ((120, 100, 120, 120, 120), 1),
    ],
)
def test_pictures_get_worse_by_a_seventh_above_the_best_before(frechets, since):
    found = trends.worsening(curves(None, at(*range(1, 1 + len(frechets)), frechet=frechets)))
    assert [look.images_seen for look in found[:1]] == ([] if since is None else [1 + since])
    assert not trends.worsening(curves(None))


@pytest.mark.parametrize(("now", "found"), [(-1.51, ["penalty-too-weak"]), (-1.49, [])])
def test_a_critics_marks_part_to_three_times_what_they_were(now, found):
    columns = rows(d_loss=lambda seen: np.where(seen > 10_000, now, -0.5))  # since the best judgment
    worse = looks(GOOD, frechet=[200, 100, *[130] * 10])
    assert named(columns, worse, CRITIC) == found
    tiny = rows(d_loss=lambda seen: np.where(seen > 50_000, -0.99, -0.1))
    assert named(tiny, worse, CRITIC) == [], "so small a gap means nothing"


def test_without_judgments_pictures_may_get_better_for_twice_the_patience():
    assert trends.gets_better(curves(rows(18_560))) and not trends.gets_better(curves(rows(19_200)))


@pytest.mark.parametrize(
    ("frechets", "precision", "still"),
    [
        ((100, 114), (0.1, 0.1), True),
        ((100, 116), (0.1, 0.1), False),
        ((114, 100), (0.1, 0.1), True),
        ((100, 100), (0.2, 0.2), False),
        ((100, 100), (0.1, 0.2), False),
        ((100, 100), (0.2, 0.1), False),
        ((100,), (0.1,), False),
    ],
)
def test_standing_still_is_within_a_seventh_and_far_from_real(frechets, precision, still):
    found = at(*[59_000 + k for k in range(len(frechets))], frechet=frechets, precision=precision)
    assert trends.stands_still(curves(None, found)) == still


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], []),
        ([10, 13], [(10, 13)]),
        ([10, 12.9], []),
        ([10, 20, 18, 26], [(10, 26)]),  # too little is lost: one climb
        ([10, 20, 15, 26], [(10, 20), (15, 26)]),
        ([20, 10, 5, 13, 4, 9], [(5, 13), (4, 9)]),
        ([10, 20, 17.6, 30], [(10, 30)]),  # √1.3 of 20 is 17.54
        ([10, 20, 17.5, 30], [(10, 20), (17.5, 30)]),
        ([0, 5], []),
        ([1, float("inf")], []),
        ([0.1, 0.5], [(0.1, 0.5)]),
    ],
)
def test_climbs(values, found):
    assert trends.climbs(values, 1.3) == found


@pytest.mark.parametrize(
    ("frechets", "found"),
    [
        ((40, 64, 40, 63, 40), ["oscillation"]),  # 1.6 times 1.575 is 2.52
        ((40, 64, 40, 62, 40), []),  # 2.48
        ((40, 64, 40, 63, 2 * FLOOR), ["oscillation"]),
        ((40, 64, 40, 63, 1.99 * FLOOR), []),
        ((40, 64, 40, 51, 40, 51, 40), []),  # climbs below 1.3 do not count
    ],
)
def test_an_oscillation_climbs_two_and_a_half_times_in_all(frechets, found):
    moments = [20_000 + 3_000 * k for k in range(len(frechets))]
    diagnoses = diagnose(curves(None, at(*moments, frechet=frechets)))
    assert [each.failure_mode for each in diagnoses] == found
    for each in diagnoses:
        assert each.evidence[0].numbers == (2, min(frechets), 64) and each.evidence[0].since == 20_000


def test_distances_that_may_as_well_be_those_of_real_images_are_no_oscillation():
    """Of 500 points in 25 clouds the interval is wide: healthy trainings went up and down between 4 and 33."""
    swings = at(*(20_000 + 3_000 * k for k in range(5)), frechet=(40, 64, 40, 63, 40))
    for low, found in ((FLOOR, 0), (FLOOR + 0.1, 1)):
        assert len(diagnose(curves(None, [replace(each, frechet_low=low) for each in swings]))) == found


def test_only_the_last_ten_judgments_make_a_swing():
    frechets = [40, 64, 40, 63, 40, *[41] * 8]
    moments = [20_000 + 3_000 * k for k in range(len(frechets))]
    assert diagnose(curves(None, at(*moments, frechet=frechets)))[:1] == ()
    assert len(diagnose(curves(None, at(*moments[:10], frechet=frechets[:10])))) == 1


@pytest.mark.parametrize(
    ("look", "frechets", "d_real", "d_fake", "total"),
    [
        ({}, (500, 500, 500, 500), 0.985, 0.015, True),
        ({}, (500, 500, 500, 500), 0.975, 0.015, False),
        ({}, (500, 500, 500, 500), 0.985, 0.025, False),
        ({"duplicates": 0.95}, (500, 500, 500, 500), 0.985, 0.015, True),
        ({"duplicates": 0.94}, (500, 500, 500, 500), 0.985, 0.015, False),
        ({"recall": 0.01}, (500, 500, 500, 500), 0.985, 0.015, False),
        ({}, (500, 500, 500, 484), 0.985, 0.015, False),
        ({}, (500, 500, 486, 486), 0.985, 0.015, True),
        ({"count": 5_001}, (500, 500, 500, 500), 0.985, 0.015, False),
        ({"count": 5_000}, (500, 500, 500, 500), 0.985, 0.015, True),
    ],
)
def test_total_evidence(look, frechets, d_real, d_fake, total):
    """Where D has no doubt and every picture is the same, a tenth of the patience is enough."""
    blots = [replace(BLOT, images_seen=960 + k, frechet=f, **look) for k, f in enumerate(frechets)]
    assert (named(rows(1_920, d_real=d_real, d_fake=d_fake, every=64), blots) == D_WINS) == total
