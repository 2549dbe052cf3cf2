"""The troubles that Duelo knows by itself, in one visible table, the most important first; others may bring more."""

from __future__ import annotations

from engine.diagnosis import detectors, remedies
from engine.diagnosis.sentences import SENTENCES
from engine.diagnosis.spec import Detector
from engine.i18n import mark
from engine.registry import Registry

NOT_FINITE = "not-finite"
"""What the trainer itself finds."""

OWN = (
    Detector(
        NOT_FINITE,
        mark("Not a number"),
        mark(
            "A step was so large that a loss or a gradient became infinite, and nothing can be computed with that. It "
            "was kept from the weights: the run stands at its last good checkpoint."
        ),
        detectors.not_finite,
        remedies.not_finite,
        about="duel",
        sentences=SENTENCES,
        line="dash-dotted",
        ends_training=True,
    ),
    Detector(
        "penalty-too-weak",
        mark("Penalty too weak"),
        mark(
            "A Wasserstein critic is fair only while its slope stays near 1, and the gradient penalty alone keeps it "
            "there. With so little of it the marks grow without end, and G follows them into nowhere."
        ),
        detectors.penalty_too_weak,
        remedies.hold_back,
        about="duel",
        sentences=SENTENCES,
    ),
    Detector(
        "rate-too-high",
        mark("Learning rate too high"),
        mark(
            "Each step throws the weights farther than the slope it followed reaches, so the next one starts from a "
            "worse place. Losses in the hundreds mean that the players only correct their own last step."
        ),
        detectors.rate_too_high,
        remedies.slow_down,
        about="duel",
        sentences=SENTENCES,
    ),
    Detector(
        "d-wins",
        mark("D wins"),
        mark(
            "D is so sure of every {data:picture} that its verdict hardly changes when G changes {data:a pixel}, so "
            "there is no gradient for G to follow. G must learn faster, or D slower and more smoothly."
        ),
        detectors.d_wins,
        remedies.weaken_d,
        about="duel",
        sentences=SENTENCES,
        ink="discriminator",
        line="dashed",
    ),
    Detector(
        "g-wins",
        mark("G wins"),
        mark(
            "D learns too slowly to see what is wrong with the {data:pictures}, so G is paid for anything. A judge "
            "that takes nonsense for real cannot teach how real {data:images} look."
        ),
        detectors.g_wins,
        remedies.strengthen_d,
        about="duel",
        sentences=SENTENCES,
        ink="generator",
    ),
    Detector(
        "no-learning",
        mark("Nobody learns"),
        mark(
            "D finds nothing that tells real from generated, and the {data:pictures} do not change. Either the steps "
            "are too small to matter, or the networks are dead after steps that were too large."
        ),
        detectors.no_learning,
        remedies.raise_rates,
        about="duel",
        sentences=SENTENCES,
    ),
    Detector(
        "rate-too-low",
        mark("Learning rate too low"),
        mark(
            "G moves so little in each step that its {data:pictures} need many times as long as usual to take any "
            "shape. D goes on learning meanwhile, and the surer it grows, the less G can learn from it."
        ),
        detectors.rate_too_low,
        remedies.raise_rates,
        about="duel",
        sentences=SENTENCES,
        ink="generator",
        line="dashed",
    ),
    Detector(
        "memorization",
        mark("Learned by heart"),
        mark(
            "D has so few real {data:images} that it knows each of them, and then copying them is G's best move. The "
            "samples look perfect, but nothing between them was learned."
        ),
        detectors.memorization,
        remedies.more_images,
        sentences=SENTENCES,
    ),
    Detector(
        "labels-ignored",
        mark("Labels ignored"),
        mark(
            "G {data:draws} good {data:pictures} and does not care what was asked for. It is not paid for the label, "
            "or the labels of the real {data:images} say nothing about them."
        ),
        detectors.labels_ignored,
        remedies.teach_labels,
        sentences=SENTENCES,
    ),
    Detector(
        "mode-collapse",
        mark("Mode collapse"),
        mark(
            "G has found a few {data:pictures} that D takes for real, and {data:draws} them whatever the noise is. "
            "By the time that D learns to refuse them, G moves on to the next few, and variety never pays."
        ),
        detectors.collapse,
        remedies.widen,
        sentences=SENTENCES,
        ends_trial=True,
        ink="generator",
        line="dotted",
    ),
    Detector(
        "oscillation",
        mark("Oscillation"),
        mark(
            "Each player overshoots the other's last move, so they chase each other in circles instead of meeting. "
            "Smaller steps, which shrink toward the end, and an average over G's past let them settle."
        ),
        detectors.oscillation,
        remedies.calm,
        sentences=SENTENCES,
    ),
)

DETECTORS = Registry("duelo.detectors", Detector, OWN)
