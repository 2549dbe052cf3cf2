"""Diagnosis on courses written by hand: each sign speaks when it should, is silent when it should, and has a cure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.diagnosis import curves_of, diagnose, words
from engine.diagnosis.grace_period import grace_period
from engine.events import MetricsRow
from engine.recipes import RECIPES, recipe
from tests.engine.courses import BLOT, CRITIC, EVEN, FACTS, GOOD, NOISE, TROUBLED, looks, named, rows

FALLING = [200, 60, 30, 20, 16, 14, 13, 12, 12, 12, 12, 12]


def test_a_healthy_course_has_no_trouble():
    assert named(rows(), looks(GOOD, frechet=FALLING)) == []


def test_nothing_is_said_of_nothing():
    assert named(np.empty((0, len(MetricsRow._fields))), []) == []
    assert named(rows(640), []) == []


@pytest.mark.parametrize("trouble", TROUBLED)
def test_each_trouble_is_named(trouble):
    columns, qualities, *options = TROUBLED[trouble]
    assert named(columns, qualities, *options)[0] == trouble


def test_a_number_that_is_not_finite_is_named_at_once():
    assert named(rows(1280), [], not_finite=1500) == ["not-finite"]


def test_few_classes_are_a_collapse_and_counted():
    three = tuple([0.4, 0.3, 0.3] + [0.0] * 7)
    config = recipe("studio").config()
    few = looks(replace(GOOD, histogram=three, recall=0.0, frechet=500.0))
    found = diagnose(curves_of(config, FACTS, rows(d_real=0.7, d_fake=0.4), few))
    signs = {evidence.sign: evidence.numbers for evidence in found[0].evidence}
    assert found[0].failure_mode == "mode-collapse" and signs["few-classes"] == (3, 10)
    assert "Only 3 of 10" in words.describe(found[0].evidence[0], 5000)


def test_twins_are_no_collapse_where_there_are_fewer_images_than_samples():
    twins = looks(replace(GOOD, duplicates=0.9, recall=0.0))
    config = recipe("studio").config()
    for count, found in ((5000, ["mode-collapse"]), (40, [])):
        curves = curves_of(config, replace(FACTS, image_count=count), rows(), twins)
        assert [each.failure_mode for each in diagnose(curves)] == found


def test_d_may_be_sure_while_the_pictures_get_better():
    better = looks(NOISE, frechet=[1200 * 0.8**k for k in range(12)])
    assert named(rows(d_real=0.999, d_fake=0.001), better) == []


def test_an_undecided_d_with_good_pictures_is_the_goal_and_no_trouble():
    assert named(rows(d_real=0.5, d_fake=0.5), looks(GOOD)) == []


def test_a_trouble_that_passes_is_not_named():
    ended = rows(d_real=lambda seen: np.where(seen < 30_000, 0.999, 0.6), d_fake=lambda s: np.where(s < 30_000, 0, 0.4))
    assert named(ended, looks(GOOD, frechet=[1000] * 6 + [500, 200, 100, 50, 30, 20])) == []
    assert named(rows(), looks(GOOD, memorization=[0.8] * 11 + [0.02])) == []
    assert named(rows(d_loss=lambda seen: np.where(seen < 20_000, 1e5, 1.3)), looks(GOOD)) == []


def test_slow_architectures_get_their_time():
    columns, qualities = rows(d_real=0.85, d_fake=0.15), looks(replace(NOISE, duplicates=1.0, precision=0.6))
    assert named(columns, qualities) == ["mode-collapse"]
    assert named(columns, qualities, recipe_name="mlp-fashion") == []


def test_a_live_change_begins_a_new_course():
    columns, qualities = TROUBLED["d-wins"]
    assert named(columns, qualities, changes=[(55_000, "d_lr", 1e-4)]) == []
    assert named(columns, qualities, changes=[(20_000, "d_lr", 1e-4)]) == ["d-wins"]
    assert named(columns, qualities, changes=[(60_000, "d_lr", 1e-4)]) == [], "before the first row after it"


def test_growing_networks_are_not_blamed_while_they_grow():
    bad = looks(
        replace(NOISE, duplicates=1.0, precision=0.6),
        frechet=[500, 900, 500, 900, 500, 900, 500, 900, 500, 900, 500, 900],
    )
    assert named(rows(), bad, {"epochs": 40}, "growing") == []


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_has_a_patience(name):
    curves = curves_of(recipe(name).config(), FACTS, rows(640), [])
    assert 0 < grace_period(curves) < 10**7


def test_nan_in_the_rows_is_named():
    assert named(rows(d_loss=lambda seen: np.where(seen == 3200, np.nan, 1.4)), looks(GOOD)) == ["not-finite"]
    assert named(rows(d_real=np.nan), looks(GOOD)) == []


def test_without_a_judge_only_the_verdicts_speak():
    assert named(rows(d_real=0.999, d_fake=0.001), []) == ["d-wins"]
    assert named(rows(12_000, d_real=0.999, d_fake=0.001), []) == [], "not before twice the patience"
    assert named(rows(d_real=0.5, d_fake=0.5), []) == []


def test_pictures_without_classes():
    unlabeled = replace(GOOD, histogram=None, accuracy=None, low_confidence=None)
    assert named(rows(), looks(unlabeled)) == []
    assert named(rows(), looks(replace(unlabeled, duplicates=0.9, recall=0.0))) == ["mode-collapse"]


@pytest.mark.parametrize(
    ("options", "loss", "found"),
    [
        (CRITIC, -2000, ["penalty-too-weak"]),
        (CRITIC, -30, []),  # as far apart as real and generated images may be
        (CRITIC | {"spectral_norm": True}, -2000, []),
        (CRITIC | {"gp_weight": 10.0}, -2000, []),
        (CRITIC | {"gp_weight": 10.0}, -3e4, ["rate-too-high"]),
        (CRITIC | {"d_loss_over": "mean"}, -30, ["penalty-too-weak"]),
        (CRITIC | {"data_range": "0..1", "output": "sigmoid"}, -30, ["penalty-too-weak"]),
        ({"loss": "hinge"}, -2000, []),
    ],
)
def test_a_critic_is_measured_by_what_a_slope_of_1_allows(options, loss, found):
    assert named(rows(d_loss=loss, g_loss=900), looks(GOOD), options) == found


def test_a_critic_may_be_sure_unless_the_pictures_stand_still():
    sure = rows(d_loss=-12, g_loss=9, d_real=0.999, d_fake=0.001)
    slow = looks(GOOD, frechet=[300 - 3 * k for k in range(12)])
    assert named(sure, slow, {"loss": "wgan_gp"}) == [] and named(sure, slow) == ["d-wins"]
    assert named(sure, looks(NOISE), {"loss": "wgan_gp"}) == ["d-wins"]


MLP = {"output": "sigmoid", "batch_size": 128, "g_lr": 1e-3, "d_lr": 1e-3, "epochs": 200}
BY_TURNS = [3894, 2200, 3570, 3850, 2470, 3540, 2600, 2710, 1970, 2090]


def at_once(blots, d_real=0.998, d_fake=0.002):
    """What is named of an MLP after 3,900 of its 11,000 steps of patience."""
    spaced = [replace(look, epoch=10 * k, images_seen=50_000 * k) for k, look in enumerate(blots, 1)]
    return named(rows(500_000, d_real=d_real, d_fake=d_fake), spaced, MLP, "mlp-fashion")


def test_total_evidence_needs_no_long_patience():
    assert at_once(looks(BLOT, 10, frechet=[758] * 10)) == ["d-wins"]
    assert at_once(looks(BLOT, 10, frechet=BY_TURNS)) == ["d-wins"]
    assert at_once(looks(BLOT, 10, frechet=[3894 - 120 * k for k in range(10)])) == ["d-wins"], "absurd all the same"


def test_what_is_not_total_gets_its_time():
    assert at_once(looks(BLOT, 10, frechet=[758] * 10), 0.96, 0.04) == [], "D has doubts"
    assert at_once(looks(replace(BLOT, duplicates=0.8), 10)) == [], "not every picture is the same"
    assert at_once(looks(BLOT, 10, frechet=[900 - 20 * k for k in range(10)])) == [], "it gets better"
    assert at_once(looks(BLOT, 2, frechet=[758] * 2)) == [], "two looks are too few"


def drawn(spreads, blots=(), images=180_000, d_real=0.998, d_fake=0.002):
    """What is named of an MLP after 1,400 of its 11,000 steps, by grids that vary so much, 60,000 images apart."""
    grids = [(60_000 * k, spread) for k, spread in enumerate(spreads, 1)]
    blots = [replace(look, images_seen=50_000 * k) for k, look in enumerate(blots, 1)]
    return named(rows(images, d_real=d_real, d_fake=d_fake), blots, MLP, "mlp-fashion", spreads=grids)


def test_total_evidence_needs_no_judge():
    assert drawn([0.02, 0.13, 0.01, 0.1, 0.02], images=300_000) == ["d-wins"], "grids, each one picture again and again"
    assert drawn([0.02, 0.13, 0.01]) == [], "without any look, twice as long"
    assert drawn([0.02, 0.13, 0.01], looks(BLOT, 2, frechet=[3017, 3430])) == ["d-wins"], "and a judge that is slow"
    assert drawn([0.9, 0.02, 0.13, 0.01, 0.02], images=300_000) == ["d-wins"], "what was before does not matter"


def test_grids_that_prove_nothing_name_nothing():
    late = [0.9, 0.9, 0.9]
    assert drawn([*late, 0.02, 0.3, 0.01], images=360_000) == [], "pictures that differ"
    assert drawn([*late, 0.02, 0.01], images=300_000) == [], "two are too few"
    assert drawn([*late, 0.02, 0.13, 0.01], images=360_000, d_real=0.96, d_fake=0.04) == [], "D has doubts"
    assert drawn([0.02, 0.13, 0.01], looks(BLOT, 2, frechet=[900, 700])) == [], "the judge sees it getting better"
    assert drawn([0.02, 0.13, 0.01], looks(replace(BLOT, duplicates=0.5), 2)) == [], "the judge sees several pictures"
    early = named(rows(100_000, d_real=0.998, d_fake=0.002), [], MLP, "mlp-fashion", spreads=[(30_000, 0.0)] * 3)
    assert early == [], "too young"


def test_coming_back_to_where_it_was_is_no_progress():
    swing = [400, 900, 1250, 1200, 1100, 1000, 900, 800, 750, 700, 650, 600]
    assert named(rows(d_real=0.999, d_fake=0.001), looks(NOISE, frechet=swing)) == ["d-wins"]
    absurd = [3894 - 100 * k for k in range(12)]
    assert named(rows(d_real=0.999, d_fake=0.001), looks(NOISE, frechet=absurd)) == ["d-wins"]


ALIKE = replace(NOISE, duplicates=0.6, precision=0.5)


def test_pictures_that_are_all_alike_and_refused_are_no_collapse_but_ds_win():
    refusing = rows(d_real=0.955, d_fake=0.12)
    slowly_better = [1100 - 30 * k for k in range(12)]
    assert named(refusing, looks(ALIKE, frechet=slowly_better)) == ["d-wins"]
    assert named(refusing, looks(ALIKE, frechet=[300] * 12)) == ["mode-collapse"], "these could be taken for real"
    assert named(rows(d_real=0.9, d_fake=0.4), looks(ALIKE, frechet=slowly_better)) == ["mode-collapse"]
    critic = named(refusing, looks(ALIKE, frechet=slowly_better), {"loss": "wgan_gp"})
    assert critic == ["mode-collapse"], "the marks of a critic are no probabilities"


def test_where_nothing_moves_d_need_not_be_quite_as_sure():
    nearly = rows(d_real=0.95, d_fake=0.05)
    assert named(nearly, looks(NOISE)) == ["d-wins"]
    assert named(nearly, looks(NOISE), {"loss": "wgan_gp"}) == []
    assert named(nearly, looks(replace(NOISE, precision=0.25))) == [], "some pictures lie among real ones"
    assert named(rows(d_real=0.9, d_fake=0.1), looks(NOISE)) == []


PARTING = [300, 200, 150, 110, 120, 130, 140, 150, 160, 170, 175, 180]


def parting(seen):
    return -0.3 - np.maximum(seen - 20_000, 0) / 2_000


@pytest.mark.parametrize(
    ("options", "loss", "frechet", "found"),
    [
        (CRITIC, parting, PARTING, ["penalty-too-weak"]),
        (CRITIC, parting, FALLING, []),
        (CRITIC, parting, [*PARTING[:4], *[112] * 8], []),  # no better, but hardly worse
        (CRITIC, -0.3, PARTING, []),  # worse, but not because of the marks
        ({"loss": "wgan_gp", "gp_weight": 10.0}, parting, PARTING, []),
    ],
)
def test_a_critic_whose_marks_part_while_the_pictures_get_worse_is_held_back_too_little(options, loss, frechet, found):
    columns, judged = rows(d_loss=loss), looks(GOOD, frechet=frechet)
    assert named(columns, judged, options) == found
    config = recipe("studio").config(**options)
    signs = [seen.sign for each in diagnose(curves_of(config, FACTS, columns, judged)) for seen in each.evidence]
    assert signs == ["marks-part", "gets-worse"] * bool(found)


SHIRTS = (0.73, 0.0, *[0.03] * 7, 0.06)


@pytest.mark.parametrize(
    ("images", "changes", "found"),
    [
        (600_000, {}, ["mode-collapse"]),
        (500_000, {}, []),  # half as long again as a healthy training needs
        (600_000, {"recall": 0.05}, []),
        (600_000, {"histogram": EVEN}, []),
        (600_000, {"histogram": (0.64, *[0.04] * 9)}, []),
        (600_000, {"real_histogram": SHIRTS}, []),  # the data is like this
        (600_000, {"real_histogram": (0.7, *[0.03] * 9), "histogram": (0.03, 0.73, *[0.03] * 8)}, ["mode-collapse"]),
    ],
)
def test_far_too_much_of_one_class_and_no_variety_is_a_collapse(images, changes, found):
    look = replace(GOOD, frechet=150.0, recall=0.004, duplicates=0.15, accuracy=None, histogram=SHIRTS)
    judged = [replace(look, **changes, epoch=10 * k, images_seen=50_000 * k) for k in range(1, images // 50_000 + 1)]
    columns = rows(images, d_real=0.87, d_fake=0.13)
    assert named(columns, judged, recipe_name="mlp-fashion") == found
    better = [replace(look, frechet=150.0 - 10 * k) for k, look in enumerate(judged)]
    assert named(columns, better, recipe_name="mlp-fashion") == [], "it still learns"
