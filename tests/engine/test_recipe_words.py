"""What recipes say of themselves follows from their options, wherever that can be decided from them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS, Config
from engine.diagnosis.remedies import proven_options
from engine.diagnosis.words import describe_remedy
from engine.i18n import tr
from engine.recipes import RECIPES, recipe
from engine.recipes.words import set_by_hand, set_to

Follows = Callable[[Config, Config, "re.Match[str]"], bool]


def _times(name: str, least: float, most: float = math.inf) -> Follows:
    """Whether an option is this many times what works with the same networks."""
    return lambda c, proven, _: least <= getattr(c, name) / getattr(proven, name) <= most


def _all(*each: Follows) -> Follows:
    return lambda *given: all(follows(*given) for follows in each)


def _is(**values: Any) -> Follows:
    return lambda c, *_: all(getattr(c, name) == value for name, value in values.items())


# A phrase of a title, a summary or an expectation, and what must be true of every recipe that says it.
CLAIMS: dict[str, Follows] = {
    r"dropout": lambda c, *_: c.d_dropout > 0 and c.training_mode,
    r"training mode forgotten$|never enter training mode": _is(training_mode=False),
    r"one noise serves both lessons": _is(g_batch_source="same", update_order="alternating"),
    r"new noise, twice as much": _is(g_batch_source="double"),
    r"unshuffled|in the order of the data": _is(shuffle=False),
    r"two digits|only 3 and 8": lambda c, *_: len(c.classes) == 2,
    r"one and the same forward pass": _is(update_order="simultaneous", g_batch_source="same"),
    r"eval mode while the other": _is(eval_opponent=True, training_mode=True),
    r"[Cc]onditional|you say which|on demand": lambda c, *_: ARCHITECTURES[c.architecture].is_conditional,
    r"plain layers|without convolutions": _is(architecture="mlp"),
    r"DCGAN": lambda c, *_: c.architecture.startswith("dcgan") or c.architecture == "embedding",
    r"Adam (\S+) with β1 ([\d.]+)": lambda c, _, m: c.g_lr == c.d_lr == float(m[1]) and c.g_beta1 == float(m[2]),
    r"batches of (\d+)": lambda c, _, m: c.batch_size == int(m[1]),
    r"long before (\d+)": lambda c, _, m: c.epochs == int(m[1]),
    r"after (\d+) epochs": lambda c, _, m: c.epochs >= int(m[1]),
    r"fade in finer layers|Progressive": lambda c, *_: ARCHITECTURES[c.architecture].is_progressive,
    r"all sizes together": lambda c, *_: ARCHITECTURES[c.architecture].is_multi_scale,
    r"up to 64×64": lambda c, *_: (
        ARCHITECTURES[c.architecture].is_progressive or ARCHITECTURES[c.architecture].is_multi_scale
    ),
    r"clothes": _is(dataset="fashion-mnist"),
    r"rates fall": lambda c, *_: c.lr_decay_start < 1,
    r"never get shorter": _is(lr_decay_start=1.0),
    r"no average": _is(ema_halflife_kimg=0.0),
    r"averaged": lambda c, *_: c.ema_halflife_kimg > 0,
    r"a hundred times faster than G": lambda c, *_: c.d_lr == pytest.approx(100 * c.g_lr),
    r"nothing keeps it smooth": _is(r1_gamma=0.0, spectral_norm=False),
    r"neither R1 nor a class loss": _is(r1_gamma=0.0, aux_classifier_weight=0.0),
    r"long memory \(β1 ([\d.]+)\)": lambda c, _, m: c.g_beta1 == c.d_beta1 == float(m[1]),
    r"more than ten thousand times too low": _all(_times("g_lr", 0, 1e-4), _times("d_lr", 0, 1e-4)),
    r"more than fifty times too high": _all(_times("g_lr", 50), _times("d_lr", 50)),
    r"several times too long": _all(_times("g_lr", 3, 9), _times("d_lr", 3, 9)),
    r"more than ten times too long": _times("d_lr", 10),
    r"hardly learns at all": _times("d_lr", 0, 1e-3),
    r"Wasserstein": _is(loss="wgan_gp"),
    r"ten thousand times too weak": lambda c, *_: c.gp_weight * 10_000 == OPTIONS["gp_weight"].default,
    r"drawn by lot": _is(label_noise=1.0),
    r"only (\d+) real|copies of the (\d+)": lambda c, _, m: c.max_images == int(m[1] or m[2]),
}


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_recipe_says_follows_from_its_options(name):
    found, config = recipe(name), recipe(name).config()
    for text in (found.title, found.summary, found.expect):
        for phrase, follows in CLAIMS.items():
            match = re.search(phrase, text)
            assert match is None or follows(config, proven_options(config), match), (phrase, text)


# What decides how a recipe behaves and is so unusual that it must be said.
SAID: dict[str, Callable[[Config], bool]] = {
    "eval mode while the other": lambda c: c.eval_opponent,
    "one and the same forward pass": lambda c: c.update_order == "simultaneous",
    "never enter training mode": lambda c: not c.training_mode,
    "twice as much": lambda c: c.g_batch_source == "double",
    "in the order of the data": lambda c: not c.shuffle,
    "drawn by lot": lambda c: c.label_noise == 1,
    "real digits to learn from": lambda c: c.max_images > 0,
}


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_unusual_in_a_recipe_is_said(name):
    for phrase, is_so in SAID.items():
        assert (phrase in recipe(name).summary) == is_so(recipe(name).config()), phrase


def test_every_phrase_is_said_somewhere_and_no_text_is_told_twice():
    texts = [text for each in RECIPES.values() for text in (each.title, each.summary, each.expect)]
    assert len(texts) == len(set(texts))
    unsaid = [phrase for phrase in CLAIMS if not any(re.search(phrase, text) for text in texts)]
    assert unsaid == ["rates fall", "averaged"], "these two were said, and false"


def test_an_option_that_belongs_to_some_recipes_is_not_explained_as_if_to_all():
    assert [name for name, each in OPTIONS.items() if "rates fall" in each.help] == ["lr_decay_start"]
    assert not any("averaged generator" in each.help for each in OPTIONS.values())


@pytest.mark.parametrize(
    ("name", "said"), [("total_images", "as the epochs say"), ("max_images", "all"), ("threads", "automatic")]
)
def test_a_0_that_is_no_amount_is_said_in_words(name, said):
    label = tr(OPTIONS[name].label)
    assert set_to(name, 0) == f"{label} {said}" and describe_remedy({name: 0}) == f"{label} → {said}"
    assert set_to(name, 7) == f"{label} 7"


def test_what_is_shown_and_kept_is_no_difference_between_trainings_and_yet_part_of_what_was_set():
    shown = {"sample_rows": 8, "sample_every": 6, "checkpoint_every": 6, "max_snapshot_mb": 50}
    config = recipe("studio").config(**shown, d_lr=0.5)
    assert set_by_hand(config) == {"d_lr": 0.5}
    assert set_by_hand(config, also_shown=True) == {"d_lr": 0.5, **shown}
