"""The options that say what the two players are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.architectures import ARCHITECTURES
from engine.config.declare import BOTH, Declarations, OneOf, Tune, declare
from engine.i18n import mark


class NetworkOptions(Declarations):
    """The architecture of the networks, and their size."""

    architecture: Annotated[str, OneOf(ARCHITECTURES)] = declare(
        "pixelshuffle",
        mark("Architecture"),
        mark(
            "The kind of networks that both players use. Options that you have not set yourself take the values that "
            "are known to work with it."
        ),
        group="networks",
        tune=Tune(),
        shapes="value",
        fast_paths=BOTH,
    )
    z_dim: int = declare(
        64,
        mark("Latent dimensions"),
        mark("How many random numbers describe one {data:picture}."),
        group="networks",
        minimum=2,
        maximum=1024,
        tune=Tune(8, 256, log=True),
        shapes="value",
        fast_paths=BOTH,
    )
    g_channels: int = declare(
        48,
        mark("Width of G"),
        mark(
            "Channels of the generator's widest convolution, or neurons of its widest layer. More can learn more and "
            "train slower."
        ),
        group="networks",
        minimum=4,
        maximum=1024,
        tune=Tune(16, 128, log=True),
        shapes="value",
        fast_paths=BOTH,
    )
    d_channels: int = declare(
        48,
        mark("Width of D"),
        mark(
            "Channels of the discriminator's first convolution, or neurons of its first layer. More can learn more "
            "and train slower."
        ),
        group="networks",
        minimum=4,
        maximum=1024,
        tune=Tune(16, 128, log=True),
        safe=(24, 128),
        shapes="value",
        fast_paths=BOTH,
    )
    output: Literal["tanh", "sigmoid", "none"] = declare(
        "tanh",
        mark("Output of G"),
        mark(
            "What keeps G's {data:pixels} inside the data's range: tanh from −1 to 1, sigmoid from 0 to 1, or nothing."
        ),
        group="networks",
        titles=("tanh", "sigmoid", mark("nothing")),
        fast_paths=BOTH,
    )
    d_dropout: float = declare(
        0.0,
        mark("Dropout in D"),
        mark("Share of D's activations that are left out at random in each step, so that D does not learn by heart."),
        group="regularization",
        minimum=0.0,
        maximum=0.9,
        tune=Tune(0.0, 0.5),
        shapes="zero",
        fast_paths=BOTH,
    )
    spectral_norm: bool = declare(
        False,
        mark("Spectral norm in D"),
        mark("Divides each weight of D by its largest singular value, so that D's verdict cannot change too fast."),
        group="regularization",
        tune=Tune(),
        shapes="value",
        fast_paths=BOTH,
    )
    growth_end: float = declare(
        0.6,
        mark("Growth ends at"),
        mark("Share of the training after which the growing networks work at full resolution."),
        group="networks",
        minimum=0.05,
        maximum=1.0,
        tune=Tune(0.3, 0.9),
        fast_paths=BOTH,
    )
