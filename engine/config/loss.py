"""The options that say what each player is paid for, and what keeps D fair."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.config.declare import ANY, BOTH, Declarations, OneOf, Tune, declare
from engine.i18n import mark
from engine.losses import LOSSES


class LossOptions(Declarations):
    """Loss, regularizers and augmentation."""

    loss: Annotated[str, OneOf(LOSSES)] = declare(
        "nonsaturating",
        mark("Loss"),
        mark("What each player is paid for."),
        group="loss",
        tune=Tune(),
        fast_paths=BOTH,
    )
    d_loss_over: Literal["sum", "mean"] = declare(
        "sum",
        mark("D's loss is the"),
        mark(
            "Sum of the losses on real and on generated {data:images}, or mean over both together, which is half of it."
        ),
        group="loss",
        titles=(mark("sum"), mark("mean")),
        fast_paths=BOTH,
    )
    concat_real_fake: bool = declare(
        True,
        mark("D sees one joined batch"),
        mark(
            "Generated and real {data:images} go through D together; apart, batch norm in D sees each kind by itself."
        ),
        group="loss",
        fast_paths=BOTH,
    )
    aux_classifier_weight: float = declare(
        0.1,
        mark("Weight of the class loss"),
        mark(
            "How much D and G are taught to agree on which class {data:a picture} shows, where D can tell. 0 turns "
            "it off."
        ),
        group="loss",
        minimum=0.0,
        maximum=100.0,
        live=True,
        tune=Tune(0.01, 1.0, log=True),
        fast_paths=BOTH,
    )
    label_smoothing: float = declare(
        0.0,
        mark("Label smoothing"),
        mark("D is told that real {data:images} are real to 1 minus this, so that it never becomes too sure."),
        group="regularization",
        minimum=0.0,
        maximum=0.5,
        live=True,
        tune=Tune(0.0, 0.3),
        safe=(0.0, 0.3),
        fast_paths={"manual_mlp": (0,), "cuda_graph": ANY},
    )
    instance_noise: float = declare(
        0.0,
        mark("Instance noise"),
        mark("Noise on all {data:images} that D sees, in the data's own units; it falls to zero in a straight line."),
        group="regularization",
        minimum=0.0,
        maximum=2.0,
        live=True,
        tune=Tune(0.0, 0.5),
        safe=(0.0, 0.5),
        fast_paths={"manual_mlp": (0,), "cuda_graph": (0,)},
    )
    r1_gamma: float = declare(
        2.0,
        mark("R1 penalty"),
        mark("Keeps D smooth around real {data:images}, so that its gradient still teaches G. 0 turns it off."),
        group="regularization",
        minimum=0.0,
        maximum=1000.0,
        live=True,
        tune=Tune(0.01, 20.0, log=True),
        safe=(0.2, 20.0),
        fast_paths={"manual_mlp": (0,), "cuda_graph": ANY},
    )
    r1_interval: int = declare(
        16,
        mark("R1 every"),
        mark("The penalty is computed lazily, once in this many steps, and weighted accordingly."),
        group="regularization",
        minimum=1,
        maximum=1000,
        unit=mark("steps"),
        tune=Tune(1, 32, log=True),
        fast_paths=BOTH,
    )
    gp_weight: float = declare(
        10.0,
        mark("Gradient penalty"),
        mark("Only with a critic (Wasserstein): pulls the length of D's gradient between real and generated to 1."),
        group="regularization",
        minimum=0.0,
        maximum=1000.0,
        live=True,
        tune=Tune(1.0, 30.0, log=True),
        fast_paths=BOTH,
    )
    augment: Literal["none", "translation", "translation,cutout", "translation,cutout,color"] = declare(
        "none",
        mark("Augmentation"),
        mark(
            "Moves, cuts holes into, or recolors every image that D sees, real or generated, so that a small data "
            "set is not learned by heart. G learns through it."
        ),
        group="regularization",
        titles=(mark("none"), mark("move"), mark("move, cut"), mark("move, cut, color")),
        tune=Tune(),
        fast_paths={"manual_mlp": ("none",), "cuda_graph": ANY},
    )
