"""The losses that come with Duelo, in one visible table; their formulas are in ``engine.losses.formulas``."""

from __future__ import annotations

from engine.i18n import mark
from engine.losses.spec import Loss

_RECORDED = frozenset({"cuda_graph"})

OWN = (
    Loss(
        "nonsaturating",
        mark("non-saturating"),
        "engine.losses.formulas:NONSATURATING",
        absurd=100.0,
        help=mark("Binary cross-entropy; G wants its {data:pictures} called real."),
        has_targets=True,
        d_formula="ln(1 + exp(−r)) + ln(1 + exp(g))",
        g_formula="ln(1 + exp(−g))",
        fast_paths=_RECORDED | {"manual_mlp"},
    ),
    Loss(
        "minimax",
        mark("minimax"),
        "engine.losses.formulas:MINIMAX",
        absurd=100.0,
        help=mark(
            "Binary cross-entropy; G wants its {data:pictures} not called false, which teaches little while D wins."
        ),
        has_targets=True,
        d_formula="ln(1 + exp(−r)) + ln(1 + exp(g))",
        g_formula="−ln(1 + exp(g))",
        fast_paths=_RECORDED,
    ),
    Loss(
        "lsgan",
        mark("least squares"),
        "engine.losses.formulas:LSGAN",
        absurd=1e4,
        help=mark("Distance to 1 and 0."),
        has_targets=True,
        d_formula="½·((r − 1)² + g²)",
        g_formula="½·(g − 1)²",
        fast_paths=_RECORDED,
    ),
    Loss(
        "hinge",
        mark("hinge"),
        "engine.losses.formulas:HINGE",
        absurd=1e4,
        help=mark("Only verdicts inside the margin count."),
        d_formula="max(0, 1 − r) + max(0, 1 + g)",
        g_formula="−g",
        fast_paths=_RECORDED,
    ),
    Loss(
        "wgan_gp",
        mark("Wasserstein"),
        "engine.losses.formulas:WGAN",
        absurd=1e4,
        help=mark("D is a critic without probabilities."),
        compares=True,
        is_critic=True,
        defaults={"r1_gamma": 0.0},
        d_formula="g − r",
        g_formula="−g",
        fast_paths=_RECORDED,
    ),
    Loss(
        "rpgan",
        mark("relativistic"),
        "engine.losses.formulas:RPGAN",
        absurd=100.0,
        help=mark("D says which of two is more real."),
        compares=True,
        d_formula="ln(1 + exp(g − r))",
        g_formula="ln(1 + exp(r − g))",
        fast_paths=_RECORDED,
    ),
)
