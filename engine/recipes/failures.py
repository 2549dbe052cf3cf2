"""The failure laboratory: starting points that go wrong in a way worth seeing, each with one clear reason.

What cures them is the business of ``engine.diagnosis``, which must find out by itself what is wrong.
"""

from __future__ import annotations

from typing import Any

from engine.i18n import mark
from engine.recipes.entry import Recipe

# Short, and judged often, so that a class sees the trouble and its name within half a minute.
_SHORT: dict[str, Any] = {"epochs": 12, "eval_time_percent": 25}


FAILURES = [
    Recipe(
        name="fail-d-wins",
        failure_mode="d-wins",
        title=mark("Failure: D wins"),
        summary=mark("D learns a hundred times faster than G, and nothing keeps it smooth."),
        expect=mark("D's loss falls to zero, its verdicts stick at 100% and 0%, and G stops learning."),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 2e-5, "d_lr": 2e-3, "r1_gamma": 0},
    ),
    Recipe(
        name="fail-g-wins",
        failure_mode="g-wins",
        title=mark("Failure: G wins"),
        summary=mark("D hardly learns at all, and G finds something that this D takes for real."),
        expect=mark("D takes generated pictures for more real than real ones, and they look like nothing."),
        images_per_second=2900,
        options=_SHORT | {"d_lr": 1e-6},
    ),
    Recipe(
        name="fail-no-learning",
        failure_mode="no-learning",
        title=mark("Failure: nobody learns"),
        summary=mark("Both learning rates are more than ten thousand times too low."),
        expect=mark("D stays at 50%, both losses near 0.69 per verdict, and the pictures stay noise."),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 1e-7, "d_lr": 1e-7},
    ),
    Recipe(
        name="fail-slow",
        failure_mode="rate-too-low",
        title=mark("Failure: learning rate too low"),
        summary=mark("G's learning rate is a hundred times too low, and everything else is as it should be."),
        expect=mark(
            "Noise for two epochs, then gray shadows of digits that hardly clear up; "
            "D tells them from real ones with ease."
        ),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 4e-5},
    ),
    Recipe(
        name="fail-collapse",
        failure_mode="mode-collapse",
        title=mark("Failure: mode collapse"),
        summary=mark("Adam has a long memory (β1 0.5), and neither R1 nor a class loss keeps D fair."),
        expect=mark("Sharp digits soon, but the same few again and again, whatever the noise is."),
        images_per_second=2900,
        options=_SHORT
        | {
            "g_beta1": 0.5,
            "d_beta1": 0.5,
            "g_beta2": 0.999,
            "d_beta2": 0.999,
            "r1_gamma": 0,
            "aux_classifier_weight": 0,
        },
    ),
    Recipe(
        name="fail-oscillation",
        failure_mode="oscillation",
        title=mark("Failure: oscillation"),
        summary=mark("The steps are several times too long and never get shorter, and no average smooths G's path."),
        expect=mark("Good and bad epochs in turns; play through them with the slider: the digits melt and come back."),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 2e-2, "d_lr": 4e-3, "lr_decay_start": 1, "ema_halflife_kimg": 0, "epochs": 16},
    ),
    Recipe(
        name="fail-critic",
        failure_mode="penalty-too-weak",
        title=mark("Failure: a critic without limit"),
        summary=mark("A Wasserstein critic whose gradient penalty is ten thousand times too weak."),
        expect=mark("Losses that grow and grow, to hundreds and thousands, while the pictures stay blots."),
        images_per_second=900,
        options=_SHORT | {"loss": "wgan_gp", "gp_weight": 0.001, "g_lr": 2e-4, "d_lr": 2e-4},
    ),
    Recipe(
        name="fail-rate",
        failure_mode="rate-too-high",
        title=mark("Failure: learning rate too high"),
        summary=mark("D takes steps that are more than ten times too long."),
        expect=mark("Losses in the thousands from the first seconds on, verdicts that jump, and no digits."),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 2e-2, "d_lr": 2e-2},
    ),
    Recipe(
        name="fail-nan",
        failure_mode="not-finite",
        title=mark("Failure: not a number"),
        summary=mark("Both learning rates are more than fifty times too high."),
        expect=mark("After some 20 steps a loss is infinite; training stops before the weights are spoiled."),
        images_per_second=2900,
        options=_SHORT | {"g_lr": 0.3, "d_lr": 0.3},
    ),
    Recipe(
        name="fail-labels",
        failure_mode="labels-ignored",
        title=mark("Failure: labels ignored"),
        summary=mark("The labels of the real digits are drawn by lot, so they say nothing about the pictures."),
        expect=mark("Good digits of every kind, but never the one that was asked for."),
        images_per_second=2900,
        options=_SHORT | {"label_noise": 1.0},
    ),
    Recipe(
        name="fail-memory",
        failure_mode="memorization",
        title=mark("Failure: learned by heart"),
        summary=mark("There are only 40 real digits to learn from."),
        expect=mark("Perfect digits, all of them copies of the 40 real ones: click on one to see its model."),
        images_per_second=2000,
        options=_SHORT | {"max_images": 40, "epochs": 1500, "sample_every": 125, "checkpoint_every": 125},
    ),
]
