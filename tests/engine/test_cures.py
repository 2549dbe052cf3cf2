"""Every trouble has a cure: which change it is, and for whom."""

from __future__ import annotations

import pytest

from engine import i18n
from engine.config import OPTIONS
from engine.datasets.info import DatasetInfo
from engine.diagnosis import curves_of, diagnose, words
from engine.diagnosis.diagnosing import remedy
from engine.diagnosis.own import OWN
from engine.diagnosis.remedies import after_not_finite, apply_remedy
from engine.recipes import recipe
from engine.recipes.failures import FAILURES
from engine.recipes.working import WORKING
from tests.engine.courses import CRITIC, FACTS, TROUBLED, rows

# --- cures


@pytest.mark.parametrize("trouble", [each.name for each in OWN])
@pytest.mark.parametrize("name", [entry.name for entry in WORKING])
def test_every_cure_is_a_change_that_may_be_made(trouble, name):
    config = recipe(name).config()
    if trouble == "penalty-too-weak":  # where D has batch norm, no critic can be held back by a penalty
        config = recipe("studio" if "r1_gamma" in config.unused() else name).config(loss="wgan_gp", gp_weight=0.01)
    values = remedy(trouble, config, FACTS)
    changed = config.changed(**values)
    changed.check()
    assert all(getattr(changed, option) != getattr(config, option) for option in values)
    assert values and words.describe_remedy(values)


@pytest.mark.parametrize("entry", FAILURES, ids=lambda entry: entry.name)
def test_the_cure_of_each_failure_undoes_what_was_done_to_it(entry):
    config = entry.config()
    after = apply_remedy(config, remedy(entry.failure_mode, config, FACTS))
    assert after.recipe == "studio"
    healthy = recipe("studio").config()
    induced = {name for name in entry.options if name not in ("epochs", "eval_time_percent", "total_images")}
    undone = {name for name in induced if getattr(after, name) != getattr(config, name)}
    assert undone, "the cure touches what was induced"
    assert all(
        abs(getattr(after, n) - getattr(healthy, n)) < abs(getattr(config, n) - getattr(healthy, n)) for n in undone
    )


@pytest.mark.parametrize(
    ("rates", "values"),
    [
        ({"g_lr": 0.5, "d_lr": 0.5}, {"g_lr": 0.004, "d_lr": 0.0012}),
        ({"g_lr": 0.004, "d_lr": 0.5}, {"d_lr": 0.0012}),
        ({"g_lr": 0.5, "d_lr": 1e-6}, {"g_lr": 0.004}),
        ({"g_lr": 0.004, "d_lr": 0.001}, {"g_lr": 0.0012, "d_lr": 0.0003}),
    ],
)
def test_after_nan_every_rate_that_is_too_high_is_lowered_and_no_other(rates, values):
    config = recipe("studio").config(**rates)
    assert after_not_finite(config) == remedy("not-finite", config, FACTS) == values
    assert all(OPTIONS[name].live for name in values), "so that the training may go on with them"


def test_a_critic_without_limit_is_held_back_after_nan_too():
    config = recipe("studio").config(**CRITIC)
    assert remedy("penalty-too-weak", config, FACTS) == after_not_finite(config) == {"gp_weight": 10.0}
    assert after_not_finite(config.changed(d_lr=0.5)) == {"gp_weight": 10.0, "d_lr": 0.0012}


COLLAPSED = {"g_lr": 0.01, "d_lr": 0.01, "g_beta1": 0.9, "g_beta2": 0.999, "d_beta1": 0.9, "d_beta2": 0.999}
PROVEN = {"g_lr": 0.004, "d_lr": 0.0012, "g_beta1": 0.0, "g_beta2": 0.9, "d_beta1": 0.0, "d_beta2": 0.9}


@pytest.mark.parametrize(
    ("trouble", "name", "options", "values"),
    [
        ("d-wins", "studio", {"g_lr": 2e-5, "d_lr": 2e-3, "r1_gamma": 0}, {"g_lr": 4e-3, "d_lr": 12e-4, "r1_gamma": 2}),
        ("d-wins", "studio", {"d_lr": 0.001}, {"d_lr": 0.0003}),
        (
            "d-wins",
            "studio",
            {"d_beta1": 0.9, "aux_classifier_weight": 0},
            {"d_lr": 36e-5, "d_beta1": 0, "aux_classifier_weight": 0.3},
        ),
        ("d-wins", "mlp-fashion", {}, {"d_lr": 9e-5, "g_beta1": 0.5, "d_beta1": 0.5, "r1_gamma": 1}),
        (
            "d-wins",
            "dcgan-fashion",
            {"d_lr": 0.1, "instance_noise": 0},
            {"d_lr": 3e-4, "g_beta1": 0.5, "d_beta1": 0.5, "instance_noise": 0.1},
        ),
        ("g-wins", "studio", {"g_lr": 0.02, "d_lr": 1e-5, "r1_gamma": 0.5}, {"g_lr": 0.004, "d_lr": 0.0012}),
        ("g-wins", "studio", {}, {"g_lr": 0.0012}),
        ("no-learning", "studio", {"g_lr": 1e-6, "d_lr": 1e-6}, {"g_lr": 0.004, "d_lr": 0.0012}),
        ("no-learning", "studio", {}, {"g_lr": 0.013, "d_lr": 0.004}),
        (
            "memorization",
            "studio",
            {"max_images": 500, "epochs": 2000, "sample_every": 100, "checkpoint_every": 50},
            {"max_images": 0, "epochs": 24, "sample_every": 1, "checkpoint_every": 1},
        ),
        ("memorization", "studio", {"max_images": 1, "epochs": 3}, {"max_images": 0}),
        ("memorization", "studio", {}, {"augment": "translation,cutout"}),
        ("memorization", "multiscale", {}, {"instance_noise": 0.2}),
        ("labels-ignored", "studio", {"label_noise": 0.9}, {"label_noise": 0}),
        ("labels-ignored", "studio", {}, {"aux_classifier_weight": 1}),
        ("labels-ignored", "studio", {"aux_classifier_weight": 0.5}, {"aux_classifier_weight": 1.5}),
        (
            "mode-collapse",
            "studio",
            COLLAPSED | {"r1_gamma": 0, "aux_classifier_weight": 0},
            PROVEN | {"r1_gamma": 2, "aux_classifier_weight": 0.3},
        ),
        ("mode-collapse", "studio", {}, {"g_lr": 0.0012, "d_lr": 0.00036}),
        (
            "oscillation",
            "studio",
            {"g_lr": 0.02, "lr_decay_start": 1, "ema_halflife_kimg": 0, "r1_gamma": 0},
            {"g_lr": 0.004, "lr_decay_start": 0.25, "ema_halflife_kimg": 20, "r1_gamma": 2},
        ),
        ("oscillation", "studio", {"d_lr": 0.02, "lr_decay_start": 0.1, "ema_halflife_kimg": 5}, {"d_lr": 0.0012}),
    ],
)
def test_each_cure_gives_these_values_and_no_others(trouble, name, options, values):
    assert remedy(trouble, recipe(name).config(**options), FACTS) == pytest.approx(values)


def test_without_classes_no_cure_asks_d_to_read_them():
    config = recipe("studio").config(g_beta1=0.9, aux_classifier_weight=0.0)
    facts = DatasetInfo(5000, (), 1, 28)
    for trouble in ("d-wins", "g-wins", "mode-collapse"):
        assert "aux_classifier_weight" in remedy(trouble, config, FACTS) and "aux_classifier_weight" not in remedy(
            trouble, config, facts
        )


def test_labels_are_taught_by_a_architecture_whose_d_reads_them():
    config = recipe("growing").config()
    values = remedy("labels-ignored", config, FACTS)
    assert (
        values["architecture"] == "pixelshuffle" and values["aux_classifier_weight"] == 1.0 and values["g_lr"] == 4e-3
    )
    assert "aux_classifier_weight" not in config.changed(**values).unused()


def test_every_trouble_has_a_failure_and_a_story():
    assert {entry.failure_mode for entry in FAILURES} == {each.name for each in OWN}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("trouble", [*TROUBLED, "not-finite"])
def test_every_trouble_is_told(trouble, language):
    columns, qualities, *options = TROUBLED.get(trouble, (rows(), []))
    config = recipe("studio").config(**(options[0] if options else {}))
    spoiled = 9 if trouble == "not-finite" else None
    curves = curves_of(config, FACTS, columns, qualities, not_finite=spoiled)
    found = diagnose(curves)[0]
    i18n.set_language(language)
    texts = [words.title(found.failure_mode), words.why(found.failure_mode), words.describe_remedy(found.remedy)]
    texts += [words.describe(evidence, 5000) for evidence in found.evidence]
    assert all(texts) and not any("{" in text for text in texts)
    assert 0 <= found.since <= 60_000
    assert all(name in OPTIONS for name in found.remedy)
