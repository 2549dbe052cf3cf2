"""How a training is at a moment, on courses written by hand: a minute of silence is not health."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from engine import i18n
from engine.diagnosis import Diagnosis, Evidence, Hindsight, Recorded, diagnose, hindsight, words
from engine.recipes import recipe
from tests.engine.courses import FACTS, GOOD, NOISE, looks, rows

EPOCH = FACTS.image_count
CONFIG = recipe("studio").config(g_lr=2e-3, d_lr=2e-3, r1_gamma=0.0, epochs=40)
CURE = [(60_000, "g_lr", 0.004), (60_000, "d_lr", 0.0012)]


def sure(seen):
    return np.where(seen <= 60_000, 0.999, 0.55)


def cured(images=100_000, changes=CURE):
    """D wins for twelve epochs, and then no more."""
    columns = rows(images, d_real=sure, d_fake=lambda seen: 1 - sure(seen))
    judged = [*looks(NOISE), *(look for look in looks(GOOD, count=images // EPOCH) if look.images_seen > 60_000)]
    return Recorded(CONFIG, FACTS, columns, judged, changes)


def healthy(images=60_000, **options):
    config = recipe("studio").config(**options)
    judged = looks(GOOD, count=images // EPOCH) if config.eval_time_percent else []
    return Recorded(config, FACTS, rows(images), judged)


def told(run):
    return words.describe_health(run.health(), EPOCH)


@pytest.mark.parametrize("images", [0, 640, 5_000, 9_000, 12_000])
def test_a_young_training_is_not_called_healthy(images):
    young = healthy(images)
    assert young.health().state == "early"
    assert told(young) == "Too early to tell: a training of this kind takes shape by epoch 2." or images == 12_000


def test_silence_counts_once_enough_was_seen():
    health = healthy(20_480).health()
    assert (health.state, health.diagnoses) == ("healthy", ())
    assert told(healthy(20_480)) == "No trouble in the last 1.9 epochs."


def test_without_a_judge_twice_the_time_is_needed():
    assert healthy(12_800, eval_time_percent=0).health().state == "early"
    assert healthy(20_000, eval_time_percent=0).health().state == "healthy"


def test_a_judge_that_has_hardly_looked_is_waited_for():
    run = Recorded(recipe("studio").config(), FACTS, rows(60_000), looks(GOOD)[-1:])
    assert run.health().state == "early" and "not been judged often enough" in told(run)


def test_a_training_that_ends_too_soon_is_told_so():
    run = Recorded(recipe("mlp-fashion").config(dataset="digits", epochs=30), FACTS, rows(60_000), looks(GOOD))
    assert told(run) == "Too early to tell: it takes shape by epoch 71, and the training ends at 30."


@pytest.mark.parametrize(("images", "said"), [(0, "0"), (20, "0.02"), (99, "0.1"), (4_500, "4.5"), (9_990, "10")])
def test_less_than_an_epoch_is_not_called_none(images, said):
    assert words.describe_epoch(images, 1000) == said


def test_a_cure_is_watched_until_it_has_shown_itself():
    assert cured().at(60_000).health().diagnoses[0].failure_mode == "d-wins"
    for moment in (60_640, 65_000, 69_000):
        health = cured().at(moment).health()
        assert (health.state, health.cured, health.since) == ("watched", "d-wins", 60_000)
    assert told(cured(65_000)) == "“D wins” was cured at epoch 12; watching until epoch 14."
    assert cured().health().state == "healthy"


def test_a_watch_never_ends_at_an_epoch_that_is_over():
    """Where the judge had no time to look, it was watched until epoch 5.5 at epoch 8."""
    late = replace(cured(80_000), qualities=looks(GOOD)[:1])
    assert late.health().state == "watched"
    assert told(late) == "“D wins” was cured at epoch 12; the next look of the judge will tell whether all is well."


def test_what_lasted_a_moment_names_one_epoch():
    moment = Evidence("twins", "samples", 5_500, 5_500, (1.0,))
    assert words.describe(moment, 1000, is_over=True) == "100% of the samples have a twin (at epoch 5.5)."


def test_another_change_does_not_end_the_watch():
    run = cured(69_000, [*CURE, (62_000, "ema_halflife_kimg", 10.0), (64_000, "g_lr", 0.003)])
    assert (run.health().state, run.health().since) == ("watched", 60_000)


@pytest.mark.parametrize("changes", [[(60_000, "ema_halflife_kimg", 10.0)], [(60_000, "d_lr", 0.02)]])
def test_a_change_that_is_no_cure_is_not_called_one(changes):
    run = cured(65_000, changes)
    assert run.health().state == "early"
    assert told(run) == "Too early to tell: an option changed at epoch 12, and what follows shows by epoch 14."


def test_a_cure_that_does_not_cure_is_trouble_again():
    columns = rows(100_000, d_real=0.999, d_fake=0.001)
    run = Recorded(CONFIG, FACTS, columns, looks(NOISE, count=20), CURE)
    assert [each.failure_mode for each in run.health().diagnoses] == ["d-wins"]
    assert run.at(65_000).health().state == "watched"


def test_a_moment_is_diagnosed_as_it_was_with_its_own_options():
    run = cured()
    early, ill, well = run.at(5_000).health(), run.at(45_000).health(), run.at(100_000).health()
    assert [early.state, ill.state, well.state] == ["early", "trouble", "healthy"]
    assert ill.config.d_lr == 2e-3 and well.config.d_lr == 0.0012
    assert ill.diagnoses[0].evidence[0].until <= 45_000


def test_a_number_that_is_not_finite_is_not_told_of_the_time_before_it():
    run = Recorded(CONFIG, FACTS, rows(60_000), looks(GOOD), not_finite=60_000)
    assert run.health().diagnoses[0].failure_mode == "not-finite"
    assert run.at(50_000).health().state == "healthy"


def test_nan_is_cured_by_going_on_with_lower_rates():
    config = recipe("studio").config(g_lr=0.5, d_lr=0.5)
    lower = [(60_000, "g_lr", 0.004), (60_000, "d_lr", 0.0012)]
    run = Recorded(config, FACTS, rows(62_000), looks(GOOD), lower, went_back=[(62_400, 60_000)])
    health = run.health()
    assert (health.state, health.cured, health.since) == ("watched", "not-finite", 60_000)
    assert told(run) == "“Not a number” was cured at epoch 12; watching until epoch 14."
    assert replace(run, changes=[(60_000, "ema_halflife_kimg", 9.0)]).health().state == "early", "that is no cure"
    assert replace(run, went_back=[(42_400, 40_000)]).health().state == "early", "that was another time"
    assert replace(run, columns=rows(90_000), qualities=looks(GOOD, count=18)).health().state == "healthy"


def test_nan_before_the_first_checkpoint_is_cured_from_the_beginning():
    config = recipe("studio").config(g_lr=0.5, d_lr=0.5)
    run = Recorded(config, FACTS, rows(1280), (), [(0, "g_lr", 0.004), (0, "d_lr", 0.0012)], went_back=[(1088, 0)])
    assert (run.health().state, run.health().cured) == ("watched", "not-finite")


def passing(images):
    """D wins from the beginning to epoch 12, and then no more, without any change."""
    clear = rows(
        images, d_real=lambda seen: np.maximum(sure(seen), 0.8), d_fake=lambda seen: np.minimum(1 - sure(seen), 0.2)
    )
    return replace(cured(images), columns=clear, changes=[])


def test_a_trouble_that_passes_by_itself_is_watched_before_it_is_forgotten():
    assert passing(60_000).health().diagnoses[0].failure_mode == "d-wins"
    health = passing(64_000).health()
    assert (health.state, health.cured, health.passed) == ("watched", "d-wins", True)
    assert 55_000 < health.since <= 64_000 and health.until == health.since + 9_600
    assert health.since % (9_600 // 8) == 0, "it is looked back in eighths of the patience"
    assert told(passing(64_000)).startswith("“D wins” passed at epoch 12; watching until epoch 15")
    assert passing(66_000).health().since == health.since, "the moment stays the same"
    assert passing(100_000).health().state == "healthy"


def bands(spells):
    return [(spell.failure_mode, spell.evidence[0].since, spell.evidence[0].until, spell.is_over) for spell in spells]


def test_what_passed_or_was_cured_is_still_known():
    for run in (passing(100_000), cured(100_000)):
        ((trouble, since, until, is_over),) = bands(Hindsight().spells(run))
        assert (trouble, since, is_over) == ("d-wins", 640, True) and 58_000 <= until <= 62_000
    ((*_, until, is_over),) = bands(Hindsight().spells(passing(50_000)))
    assert (until, is_over) == (rows(50_000)[-1, 2], False)
    assert Hindsight().spells(healthy()) == ()


def test_a_trouble_that_comes_again_has_two_bands():
    sure = lambda seen: np.where((seen <= 40_000) | (seen > 80_000), 0.999, 0.6)  # noqa: E731
    columns = rows(120_000, d_real=sure, d_fake=lambda seen: 1 - sure(seen))
    judged = [*looks(NOISE, 8), *looks(GOOD, 16)[8:], *looks(NOISE, 24)[16:]]
    first, second = bands(Hindsight().spells(Recorded(CONFIG, FACTS, columns, judged)))
    assert first[1:2] + first[3:] == (640, True) and 40_000 <= first[2] <= 45_000
    assert 80_000 < second[1] <= 85_000 and second[2:] == (119_680, False)


def test_hindsight_grows_with_the_run_and_looks_at_nothing_twice(monkeypatch):
    grown, looked = Hindsight(), []
    for images in range(10_000, 200_001, 10_000):
        grown.spells(passing(images))
    monkeypatch.setattr(hindsight, "diagnose", lambda curves: looked.append(curves) or diagnose(curves))
    spells = grown.spells(passing(200_000))
    assert len(looked) == 1, "only now"
    assert bands(spells) == bands(Hindsight().spells(passing(200_000)))
    assert len(looked) < 200, "of a long run, no more than its curves can show"


def test_a_trouble_is_the_same_one_where_what_shows_it_began_before_it_was_named_no_more(monkeypatch):
    """What is named from row to row is made up: the trouble, its sign, since when, until when, and a number."""
    said = {
        640: [("a", "s", 100, 640, 1)],
        1280: [("a", "s", 300, 1280, 2), ("b", "t", 1280, 1280, 3)],
        1920: [],
        2560: [("a", "s", 1280, 2560, 4)],
        3200: [],
        3840: [("a", "s", 2561, 3840, 5), ("b", "u", 3840, 3840, 6)],
    }
    made_up = lambda curves: tuple(  # noqa: E731
        Diagnosis(trouble, (Evidence(sign, "losses", since, until, (number,)),))
        for trouble, sign, since, until, number in said[int(curves.images[-1])]
    )
    monkeypatch.setattr(hindsight, "diagnose", made_up)
    spells = Hindsight().spells(Recorded(CONFIG, FACTS, rows(3840)))
    assert [(spell.failure_mode, *map(astuple, spell.evidence), spell.is_over) for spell in spells] == [
        ("b", ("t", "losses", 1280, 1280, (3,)), True),
        ("a", ("s", "losses", 100, 2560, (4,)), True),
        ("a", ("s", "losses", 2561, 3840, (5,)), False),
        ("b", ("u", "losses", 3840, 3840, (6,)), False),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_state_is_told(language):
    i18n.set_language(language)
    runs = [healthy(640), healthy(), cured(65_000), healthy(9_000, epochs=1), cured(65_000, [(60_000, "d_lr", 0.02)])]
    texts = [told(run) for run in [*runs, passing(64_000)]]
    assert len(set(texts)) == 6 and not any("{" in text for text in texts)


def test_what_was_known_at_a_moment():
    judged = looks(GOOD, count=4)
    run = Recorded(CONFIG, FACTS, rows(25_600), judged, [(9_600, "g_lr", 0.1), (10_240, "g_lr", 0.2)], 20_480)
    then = run.at(10_240)
    assert then.columns[:, 2].max() == 10_240 and [look.images_seen for look in then.qualities] == [5_000, 10_000]
    assert then.changes == [(9_600, "g_lr", 0.1)], "a change at that very moment comes after it"
    assert run.at(10_000).qualities[-1].images_seen == 10_000
    assert (run.at(20_479).not_finite, run.at(20_480).not_finite) == (None, 20_480)


def test_health_tells_its_moments():
    patience = 150 * 64
    early = healthy(5_000, epochs=7).health()
    assert (early.now, early.since, early.until, early.ends) == (4_480, 0, patience, 7 * EPOCH)
    assert healthy(5_000, total_images=99_000).health().ends == 99_000
    well = healthy(60_160).health()
    assert (well.now, well.since) == (60_160, 60_160 - patience)
    changed = Recorded(recipe("studio").config(), FACTS, rows(60_160), looks(GOOD), [(44_800, "g_lr", 0.003)])
    assert (changed.health().since, changed.health().config.g_lr) == (60_160 - patience, 0.003)
    later = Recorded(recipe("studio").config(), FACTS, rows(64_000), looks(GOOD, 13), [(54_400, "g_lr", 0.003)])
    assert (later.health().state, later.health().since, later.health().until) == ("early", 54_400, 64_000)
    ill = Recorded(CONFIG, FACTS, rows(60_160, d_real=0.999, d_fake=0.001), looks(NOISE)).health()
    assert (ill.state, ill.since) == ("trouble", 640)
    nothing = Recorded(CONFIG, FACTS, rows(0), [], [(500, "g_lr", 0.1)]).health()
    assert (nothing.now, nothing.since) == (500, 500)


def test_the_troubles_at_the_last_eight_changes_are_known_however_long_the_run():
    changes = [(1_280_000 * k + 100, "ema_halflife_kimg", 1.0 + k) for k in range(1, 11)]
    both = [(moment, name, 2 * value) for moment, name, value in changes[-1:]]
    real = lambda seen: np.where((seen - 1) % 1_280_000 > 1_240_000, 0.999, 0.7)  # noqa: E731
    columns = rows(1_280_000 * 11, d_real=real, d_fake=lambda seen: 1 - real(seen))
    spells = Hindsight().spells(Recorded(CONFIG, FACTS, columns, looks(NOISE, count=2_900), [*changes, *both]))
    ends = {spell.evidence[0].until for spell in spells}
    assert [moment - 100 in ends for moment, _, _ in changes] == [False] * 2 + [True] * 8, "to the last row before each"
    assert {spell.failure_mode for spell in spells} == {"d-wins"}


@pytest.mark.parametrize(("more", "state"), [(7, "watched"), (8, "early")])
def test_a_watch_outlives_seven_more_changes(more, state):
    others = [(60_000 + 100 * k, "ema_halflife_kimg", 1.0 + k) for k in range(1, more + 1)]
    assert cured(62_000, [*CURE, *others]).health().state == state
