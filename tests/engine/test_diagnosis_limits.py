"""Where each sign of trouble begins: just beyond its limit it is named, just before it nothing is."""

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Config
from engine.datasets.info import Column, DatasetInfo
from engine.diagnosis import curves_of, diagnose, trends
from engine.diagnosis.grace_period import grace_period
from tests.engine.course_limits import D_WINS, DRAWN, FLOOR, G_WINS, NOBODY, PATIENCE, at, curves
from tests.engine.courses import CRITIC, FACTS, GOOD, NOISE, looks, named, rows


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


SLOW = {"g_lr": 4e-5}
SHAPELESS = {"precision": 0.25, "recall": 0.06, "frechet": 50.1 * FLOOR}


@pytest.mark.parametrize(
    ("options", "look", "found"),
    [
        (SLOW, {}, ["rate-too-low"]),
        ({"g_lr": 0.00119}, {}, ["rate-too-low"]),
        ({"g_lr": 0.0012}, {}, []),
        (SLOW, {"recall": 0.07}, []),
        (SLOW, {"frechet": 50 * FLOOR}, []),
        ({"g_lr": 3e-5, "architecture": "mlp"}, {}, []),
    ],
)
def test_a_rate_is_too_low_where_it_is_far_below_what_works_and_nothing_has_taken_shape(options, look, found):
    assert named(rows(d_real=0.8, d_fake=0.2), looks(replace(NOISE, **(SHAPELESS | look))), options) == found


def test_a_rate_is_called_too_low_as_soon_as_health_could_be_spoken_of():
    shapeless = [replace(NOISE, **SHAPELESS, images_seen=each, epoch=1) for each in (5_000, PATIENCE - 1)]
    ripe = [replace(shapeless[0], images_seen=PATIENCE + each) for each in (0, 1)]
    undecided = rows(PATIENCE + 640, d_real=0.8, d_fake=0.2)
    assert named(undecided, [*shapeless, ripe[0]], SLOW) == []
    assert named(undecided, [*shapeless, *ripe], SLOW) == ["rate-too-low"]
    assert named(undecided, ripe, SLOW) == [], "two looks are too few"
    assert named(undecided, [], SLOW) == [], "and without a judge nobody knows"
    (found,) = diagnose(curves(undecided, [*shapeless, *ripe], **SLOW))
    assert [(each.sign, each.curve, each.numbers) for each in found.evidence] == [
        ("short-steps", "losses", (4e-5, 4e-3)),
        ("shapeless", "frechet", (50.1 * FLOOR, FLOOR)),
    ]
    steps, shapes = found.evidence
    assert (steps.since, shapes.since, steps.until, shapes.until) == (0, 5_000, PATIENCE + 1, PATIENCE + 1)
    assert found.remedy == {"g_lr": 4e-3}


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


CLOUDS = replace(FACTS, columns=(Column("x", 0.0, 1.0), Column("y", 0.0, 1.0)))
THREE, TWO = (DatasetInfo(5000, tuple("abc")[:n], 1, 28) for n in (3, 2))
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
        (CLOUDS, {"histogram": DRAWN[6], "precision": 0.3}, ["mode-collapse"]),
        (CLOUDS, {"histogram": DRAWN[6], "precision": 0.29}, []),
        (CLOUDS, {"histogram": DRAWN[7], "precision": 0.3}, []),
        (FACTS, {"histogram": DRAWN[6], "precision": 0.3}, []),
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
    (lost,) = diagnose(curves(None, looks(replace(GOOD, histogram=DRAWN[6])), CLOUDS))
    assert (lost.evidence[0].sign, lost.evidence[0].numbers) == ("few-clouds", (6, 10))
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
