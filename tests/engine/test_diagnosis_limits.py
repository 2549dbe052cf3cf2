"""Where each sign of trouble begins: just beyond its limit it is named, just before it nothing is."""

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis import curves_of, diagnose, trends
from engine.diagnosis.grace_period import grace_period
from engine.recipes import recipe
from tests.engine.test_diagnosis import BLOT, CRITIC, FACTS, GOOD, NOISE, looks, named, rows

PATIENCE = 150 * 64  # images: steps of the architecture, each with a batch
FLOOR = GOOD.frechet_real


def curves(columns=None, qualities=(), facts=FACTS, changes=(), **values):
    config = recipe("studio").config(**values)
    return curves_of(config, facts, rows() if columns is None else columns, list(qualities), changes)


def at(*moments, **curves):
    """Judgments at these images_seen; ``curves`` give a value for each."""
    values = [{name: curve[k] for name, curve in curves.items()} for k in range(len(moments))]
    return [replace(GOOD, images_seen=m, epoch=k, **values[k]) for k, m in enumerate(moments)]


@pytest.mark.parametrize(
    ("values", "began", "images"),
    [
        ({}, 0, PATIENCE),
        ({"batch_size": 10, "d_steps": 3}, 0, 150 * 10 * 3),
        (
            {"architecture": "progressive", "batch_size": 10, "total_images": 10_000, "growth_end": 0.5},
            0,
            2_500 + 5_000,
        ),
        (
            {"architecture": "progressive", "batch_size": 10, "total_images": 10_000, "growth_end": 0.5},
            2_000,
            2_500 + 3_000,
        ),
        ({"architecture": "progressive", "batch_size": 10, "total_images": 10_000, "growth_end": 0.5}, 9_000, 2_500),
        ({"architecture": "progressive", "batch_size": 10, "epochs": 3, "growth_end": 0.1}, 0, 2_500 + 1_500),
    ],
)
def test_patience_is_counted_in_steps_and_waits_for_growth(values, began, images):
    found = curves_of(Config.of(values), FACTS, rows(), [], [(began, "g_lr", 1e-3)] if began else [])
    assert (grace_period(found), found.began) == (images, began)


D_WINS, G_WINS, NOBODY = ["d-wins"], ["g-wins"], ["no-learning"]
MOVES = {"precision": 0.25}
ALIKE = MOVES | {"duplicates": 0.4, "frechet": 50.1 * FLOOR}


@pytest.mark.parametrize(
    ("real", "fake", "look", "found"),
    [
        (0.931, 0.149, {}, D_WINS),
        (0.929, 0.149, {}, []),
        (0.931, 0.151, {}, []),
        (0.971, 0.029, MOVES, D_WINS),
        (0.969, 0.029, MOVES, []),
        (0.971, 0.031, MOVES, []),
        (0.931, 0.149, ALIKE, D_WINS),
        (0.929, 0.149, ALIKE, ["mode-collapse"]),
        (0.931, 0.151, ALIKE, ["mode-collapse"]),
        (0.931, 0.149, ALIKE | {"frechet": 50 * FLOOR}, ["mode-collapse"]),
        (0.4, 0.66, {}, G_WINS),
        (0.4, 0.64, {}, []),
        (0.55, 0.66, {}, G_WINS),
        (0.57, 0.66, {}, []),
        (0.4, 0.66, {"frechet": 10.01 * FLOOR}, G_WINS),
        (0.4, 0.66, {"frechet": 10 * FLOOR}, []),
        (0.59, 0.41, {}, NOBODY),
        (0.61, 0.41, {}, []),
        (0.59, 0.39, {}, []),
        (0.5, 0.5, {"precision": 0.19}, NOBODY),
        (0.5, 0.5, {"precision": 0.2}, []),
        (0.5, 0.5, {"frechet": 10.01 * FLOOR}, NOBODY),
        (0.5, 0.5, {"frechet": 10 * FLOOR}, []),
    ],
)
def test_the_limits_of_the_duel(real, fake, look, found):
    assert named(rows(d_real=real, d_fake=fake), looks(replace(NOISE, **look))) == found


def test_verdicts_are_looked_at_over_half_the_patience_and_not_before_it_is_over():
    hopeless = looks(replace(NOISE, **MOVES))
    assert named(rows(PATIENCE - 640, d_real=0.99, d_fake=0.01), hopeless[:1]) == []
    early = rows(2 * PATIENCE + 640, d_real=0.99, d_fake=0.01)
    assert named(early, hopeless[:4]) == D_WINS
    doubt = rows(d_real=lambda seen: np.where(seen > 60_000 - 0.45 * PATIENCE, 0.99, 0.5), d_fake=0.01)
    assert named(doubt, hopeless) == [], "a tenth of the half still says otherwise"
    sure = rows(d_real=lambda seen: np.where(seen > 60_000 - 0.55 * PATIENCE, 0.99, 0.5), d_fake=0.01)
    assert named(sure, hopeless) == D_WINS


def test_evidence_begins_where_the_rows_begin_to_show_it():
    columns = rows(d_real=lambda seen: np.where(seen > 30_000, 0.99, 0.5), d_fake=0.01)
    columns[70, 6] = 0.5  # a row alone that does not
    (found,) = diagnose(curves(columns, looks(NOISE, frechet=[1285.0 + k for k in range(12)])))
    rows_seen, standstill = found.evidence
    assert (rows_seen.sign, rows_seen.curve, standstill.sign, standstill.curve) == (
        "d-is-sure",
        "verdicts",
        "standstill",
        "frechet",
    )
    assert (rows_seen.since, rows_seen.until) == (30_080, 59_520)
    assert rows_seen.numbers == pytest.approx((0.99, 0.01))
    assert (standstill.since, standstill.until) == (50_000, 60_000)
    assert standstill.numbers == (1296.0, NOISE.frechet_real), "the newest"
    always = diagnose(curves(rows(d_real=0.99, d_fake=0.01), looks(NOISE)))[0].evidence[0]
    assert always.since == 640


@pytest.mark.parametrize(
    ("loss", "limit"),
    [
        ("nonsaturating", 100),
        ("minimax", 100),
        ("rpgan", 100),
        ("lsgan", 1e4),
        ("hinge", 1e4),
        ("wgan_gp", 1e4),
    ],
)
def test_how_large_a_loss_may_be(loss, limit):
    for factor, found in ((1.01, ["rate-too-high"]), (0.99, [])):
        for columns in (rows(d_loss=factor * limit), rows(g_loss=-factor * limit)):
            assert named(columns, looks(GOOD), {"loss": loss}) == found
    assert named(rows(8 * 640, d_loss=1e6), []) == ["rate-too-high"]
    assert named(rows(7 * 640, d_loss=1e6), []) == [], "too few rows"
    half = {share: rows(d_loss=lambda seen, s=share: np.where(seen > s * 60_000, 1e6, 1.0)) for share in (0.85, 0.9)}
    assert [named(half[share], looks(GOOD)) for share in (0.85, 0.9)] == [["rate-too-high"], []]


@pytest.mark.parametrize(("real", "fake", "sign"), [(0.4, 0.8, "d-is-fooled"), (0.5, 0.5, "undecided")])
@pytest.mark.parametrize("before", [{"d_real": 0.9}, {"d_fake": 0.1}])
def test_the_other_evidence_begins_there_too(real, fake, sign, before):
    def since_half(late, early):
        return lambda seen: np.where(seen > 30_000, late, early)

    columns = rows(
        d_real=since_half(real, before.get("d_real", real)), d_fake=since_half(fake, before.get("d_fake", fake))
    )
    evidence = diagnose(curves(columns, looks(NOISE)))[0].evidence[0]
    assert (evidence.sign, evidence.since, evidence.numbers) == (sign, 30_080, pytest.approx((real, fake)))


def test_huge_losses_are_shown_since_they_are_huge():
    (found,) = diagnose(curves(rows(d_loss=lambda seen: np.where(seen > 30_000, 5e4, 1.0)), looks(GOOD)))
    (evidence,) = found.evidence
    assert (evidence.sign, evidence.since, evidence.numbers) == ("huge-losses", 30_080, (5e4,))


@pytest.mark.parametrize(("size", "options"), [(100.0, {}), (2 * 28.0, CRITIC | {"d_loss_over": "sum"})])
def test_what_is_as_large_as_the_limit_is_named_and_shown(size, options):
    (found,) = diagnose(curves(rows(d_loss=-size), looks(GOOD), **options))
    (evidence,) = found.evidence
    assert (evidence.since, evidence.numbers[0]) == (640, size)


@pytest.mark.parametrize(
    ("facts", "values", "reach"),
    [
        (FACTS, {}, 2 * 28),
        (FACTS, {"data_range": "0..1", "output": "sigmoid"}, 28),
        (FACTS, {"d_loss_over": "mean"}, 28),
        (DatasetInfo(5000, (), 3, 32), {}, 2 * 32 * 3**0.5),
    ],
)
def test_how_far_a_critics_marks_may_be_apart(facts, values, reach):
    for factor, found in ((1.01, ["penalty-too-weak"]), (0.99, [])):
        columns = rows(d_loss=lambda seen, f=factor: np.where(seen > 30_000, -f * reach, -1.0))
        diagnoses = diagnose(curves(columns, facts=facts, **CRITIC | values))
        assert [each.failure_mode for each in diagnoses] == found
        gap = 1.01 * reach * (2 if "d_loss_over" in values else 1)
        for each in diagnoses:
            assert each.evidence[0].since == 30_080
            assert each.evidence[0].numbers == pytest.approx((gap, reach * (2 if "d_loss_over" in values else 1)))
    weak = {"loss": "wgan_gp", "gp_weight": 0.99}
    assert [named(rows(d_loss=-90), [], weak | {"gp_weight": gp}) for gp in (0.99, 1.0)] == [["penalty-too-weak"], []]
    assert named(rows(7 * 640, d_loss=-90), [], weak) == []


def uneven(share):
    """A histogram with so much of one class, and the rest even."""
    return (share, *((1 - share) / 9,) * 9)


THREE, TWO = (DatasetInfo(5000, tuple("abc")[:n], 1, 28) for n in (3, 2))
DRAWN = {n: (*(1 / n,) * n, *(0.0,) * (10 - n)) for n in (4, 5)}
BARELY = (0.2, 0.2, 0.2, 0.38, 0.02, *(0.0,) * 5)
HARDLY = (0.2, 0.2, 0.2, 0.381, 0.019, *(0.0,) * 5)


@pytest.mark.parametrize(
    ("facts", "look", "found"),
    [
        (FACTS, {"memorization": 0.3}, ["memorization"]),
        (FACTS, {"memorization": 0.29}, []),
        (FACTS, {"accuracy": 0.3}, ["labels-ignored"]),
        (FACTS, {"accuracy": 0.31}, []),
        (FACTS, {"accuracy": 0.3, "precision": 0.3}, ["labels-ignored"]),
        (FACTS, {"accuracy": 0.3, "precision": 0.29}, []),
        (FACTS, {"accuracy": 0.3, "histogram": DRAWN[5]}, ["labels-ignored"]),
        (FACTS, {"accuracy": 0.3, "histogram": BARELY}, ["labels-ignored"]),
        (FACTS, {"accuracy": 0.3, "histogram": HARDLY}, []),
        (THREE, {"accuracy": 2 / 3, "histogram": (0.3, 0.3, 0.4)}, ["labels-ignored"]),
        (THREE, {"accuracy": 0.67, "histogram": (0.3, 0.3, 0.4)}, []),
        (TWO, {"accuracy": 0.5, "histogram": (0.5, 0.5)}, []),
        (FACTS, {"duplicates": 0.4, "recall": 0.06}, ["mode-collapse"]),
        (FACTS, {"duplicates": 0.39, "recall": 0.06}, []),
        (FACTS, {"duplicates": 0.4, "recall": 0.07}, []),
        (FACTS, {"histogram": DRAWN[4], "recall": 0.06, "precision": 0.3}, ["mode-collapse"]),
        (FACTS, {"histogram": DRAWN[5], "recall": 0.06, "precision": 0.3}, []),
        (FACTS, {"histogram": DRAWN[4], "recall": 0.07, "precision": 0.3}, []),
        (FACTS, {"histogram": DRAWN[4], "recall": 0.06, "precision": 0.29}, []),
        (FACTS, {"histogram": HARDLY, "recall": 0.06}, ["mode-collapse"]),
        (FACTS, {"histogram": BARELY, "recall": 0.06}, []),
        (FACTS, {"histogram": uneven(0.701), "recall": 0.02, "precision": 0.3}, ["mode-collapse"]),
        (FACTS, {"histogram": uneven(0.699), "recall": 0.02, "precision": 0.3}, []),
        (FACTS, {"histogram": uneven(0.701), "recall": 0.021, "precision": 0.3}, []),
        (FACTS, {"histogram": uneven(0.701), "recall": 0.02, "precision": 0.29}, []),
        (THREE, {"histogram": (1.0, 0.0, 0.0), "recall": 0.06}, []),
        (replace(FACTS, class_names=tuple("abcd")), {"histogram": (1.0, 0, 0, 0), "recall": 0.06}, ["mode-collapse"]),
    ],
)
def test_the_limits_of_the_pictures(facts, look, found):
    assert [each.failure_mode for each in diagnose(curves(None, looks(replace(GOOD, **look)), facts))] == found


def test_what_the_pictures_show_is_told_in_numbers():
    def told(**look):
        (found,) = diagnose(curves(None, looks(replace(GOOD, **look))))
        return [(each.sign, each.curve, each.since, each.until, each.numbers) for each in found.evidence]

    assert told(memorization=0.5) == [("copies", "samples", 5_000, 60_000, (0.5,))]
    assert told(accuracy=0.2) == [("not-as-asked", "reading", 5_000, 60_000, (0.2, 0.1))]
    assert told(duplicates=0.7, recall=0.05) == [
        ("twins", "samples", 5_000, 60_000, (0.7,)),
        ("no-variety", "spread", 5_000, 60_000, (0.05,)),
    ]
    assert told(histogram=DRAWN[4], recall=0.05)[0] == ("few-classes", "samples", 5_000, 60_000, (4, 10))


def test_twins_that_get_fewer_are_no_collapse():
    """By a fifth, since half a patience ago or three judgments, whichever is longer."""

    def of(*twins, spaced=PATIENCE):
        moments = [spaced * (k + 1) for k in range(len(twins))]
        return trends.thins_out(curves(None, at(*moments, duplicates=twins)))

    assert of(0.9, 0.9, 0.9, 0.71) and not of(0.9, 0.9, 0.9, 0.73)
    assert of(0.9, 0.9, 0.71, 0.71) and not of(0.9, 0.71, 0.71, 0.71)
    assert of(0.9, *[0.71] * 5, spaced=PATIENCE // 10), "five judgments are half a patience"
    assert not of(0.9, 0.9, *[0.71] * 5, spaced=PATIENCE // 8)


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
    columns = rows(d_loss=lambda seen: np.where(seen > 50_000, now, -0.5))
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


# --- the course


def test_a_course_begins_after_the_last_change():
    found = curves(None, at(5_000, 20_000, 25_000), changes=[(9_000, "d_lr", 0.5), (20_000, "d_lr", 1e-4)])
    assert (found.began, found.images[0], found.config.d_lr) == (20_000, 20_480, 1e-4)
    assert [look.images_seen for look in found.qualities] == [25_000]
    assert found.seen == 59_520 - 20_000
    assert all(len(c) == len(found.images) for c in (found.d_loss, found.g_loss, found.d_real, found.d_fake))
    exact = curves(None, changes=[(640, "d_lr", 1e-4)])
    assert exact.images[0] == 1_280, "the row of the moment itself was trained before"


def test_the_last_rows_are_those_after_a_moment():
    found = curves(rows(6_400))
    assert found.images[found.last_rows(1_280)].tolist() == [5_760, 6_400]
    assert found.last_rows(0) == slice(10, 10)
    assert curves(np.empty((0, rows().shape[1]))).last_rows(100) == slice(0, 0)
