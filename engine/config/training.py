"""The options that say how long and how fast the two players learn, and in which order they move."""

from __future__ import annotations

from typing import Literal

from engine.config.declare import ANY, BOTH, Declarations, Tune, declare
from engine.i18n import mark

MINUTES = (0.01, 100_000.0)
"""The shortest and the longest training that can be asked for by its time."""


class TrainingOptions(Declarations):
    """Length, optimizers, balance and averaging."""

    epochs: int = declare(
        24,
        mark("Epochs"),
        mark("How many times training passes over all real {data:images}."),
        group="basic",
        minimum=1,
        maximum=100_000,
        overruled_by="total_images",
        fast_paths=BOTH,
    )
    total_images: int = declare(
        0,
        mark("{data:Images} in all"),
        mark("Train on exactly this many real {data:images} instead of whole epochs; 0 means: as the epochs say."),
        group="training",
        minimum=0,
        maximum=10**12,
        unit=mark("{data:images}"),
        zero=mark("as the epochs say"),
        fast_paths=BOTH,
    )
    batch_size: int = declare(
        64,
        mark("Batch size"),
        mark("Real {data:images} in one step. Small batches learn more per {data:image}, large ones run smoother."),
        group="basic",
        minimum=2,
        maximum=4096,
        unit=mark("{data:images}"),
        tune=Tune(16, 256, log=True),
        safe=(16, 128),
        fast_paths=BOTH,
    )
    g_lr: float = declare(
        4e-3,
        mark("Learning rate of G"),
        mark("How far the generator moves in each step. Too high: the {data:pictures} flicker or collapse."),
        group="basic",
        minimum=1e-7,
        maximum=0.5,
        live=True,
        logarithmic=True,
        tune=Tune(1e-5, 2e-2, log=True),
        safe=(1e-4, 1e-2),
        fast_paths=BOTH,
    )
    d_lr: float = declare(
        1.2e-3,
        mark("Learning rate of D"),
        mark("How far the discriminator moves in each step. If D wins too easily, lower it."),
        group="basic",
        minimum=1e-7,
        maximum=0.5,
        live=True,
        logarithmic=True,
        tune=Tune(1e-5, 2e-2, log=True),
        safe=(1e-4, 4e-3),
        fast_paths=BOTH,
    )
    seed: int = declare(
        0,
        mark("Seed"),
        mark("Where chance starts. The same seed and options give the same training again."),
        group="basic",
        minimum=0,
        maximum=2**31 - 1,
        step=1,
        fast_paths=BOTH,
    )

    d_steps: int = declare(
        1,
        mark("D updates per step"),
        mark("How often D learns, each time on new {data:images}, before G learns. More helps a D that falls behind."),
        group="balance",
        minimum=1,
        maximum=20,
        live=True,
        tune=Tune(1, 4),
        safe=(1, 2),
        fast_paths={"manual_mlp": (1,), "cuda_graph": ANY},
    )
    g_steps: int = declare(
        1,
        mark("G updates per step"),
        mark("How often G learns after D has learned. More helps a G that falls behind."),
        group="balance",
        minimum=1,
        maximum=20,
        live=True,
        tune=Tune(1, 4),
        fast_paths={"manual_mlp": (1,), "cuda_graph": ANY},
    )
    d_skip_loss: float = declare(
        0.0,
        mark("Skip D below a loss of"),
        mark("While D's loss is lower than this, D waits and lets G catch up. 0 never skips."),
        group="balance",
        minimum=0.0,
        maximum=10.0,
        live=True,
        tune=Tune(0.0, 1.0),
        fast_paths={"manual_mlp": (0,), "cuda_graph": (0,)},
    )
    update_order: Literal["alternating", "simultaneous"] = declare(
        "alternating",
        mark("Who moves first"),
        mark(
            "Alternating: D learns, then G learns from the D that has just learned. Simultaneous: both learn from the "
            "same moment, before either has moved."
        ),
        group="balance",
        titles=(mark("alternating"), mark("simultaneous")),
        tune=Tune(),
        fast_paths={"manual_mlp": ("alternating",), "cuda_graph": ANY},
    )
    g_batch_source: Literal["same", "new", "double"] = declare(
        "same",
        mark("{data:Pictures} G learns from"),
        mark(
            "The {data:pictures} that D has just judged, which is fast; new ones from new noise; or twice as many "
            "new ones, so that G sees as many examples as D."
        ),
        group="balance",
        titles=(mark("{data:the same}"), mark("{data:new ones}"), mark("{data:new ones}, double")),
        tune=Tune(),
        fast_paths={"manual_mlp": ("new",), "cuda_graph": ANY},
    )
    eval_opponent: bool = declare(
        False,
        mark("Opponent in eval mode"),
        mark("G makes D's lessons, and D gives G's, with batch norm's running statistics and without dropout."),
        group="balance",
        fast_paths=BOTH,
    )
    training_mode: bool = declare(
        True,
        mark("Training mode"),
        mark(
            "Batch norm takes mean and spread from each batch, and dropout is at work. Off, as where training=True was "
            "forgotten: batch norm keeps its first statistics for good, and nothing is left out."
        ),
        group="balance",
        fast_paths=BOTH,
    )

    g_beta1: float = declare(
        0.0,
        mark("Adam β1 of G"),
        mark("Memory of G's Adam for the gradient's direction. GANs like it low, from 0 to 0.5."),
        group="training",
        minimum=0.0,
        maximum=0.999,
        tune=Tune(0.0, 0.9),
        safe=(0.0, 0.5),
        fast_paths=BOTH,
    )
    g_beta2: float = declare(
        0.9,
        mark("Adam β2 of G"),
        mark("Memory of G's Adam for the gradient's size."),
        group="training",
        minimum=0.0,
        maximum=0.9999,
        tune=Tune(0.9, 0.999),
        fast_paths=BOTH,
    )
    d_beta1: float = declare(
        0.0,
        mark("Adam β1 of D"),
        mark("Memory of D's Adam for the gradient's direction. GANs like it low, from 0 to 0.5."),
        group="training",
        minimum=0.0,
        maximum=0.999,
        tune=Tune(0.0, 0.9),
        safe=(0.0, 0.5),
        fast_paths=BOTH,
    )
    d_beta2: float = declare(
        0.9,
        mark("Adam β2 of D"),
        mark("Memory of D's Adam for the gradient's size."),
        group="training",
        minimum=0.0,
        maximum=0.9999,
        tune=Tune(0.9, 0.999),
        fast_paths=BOTH,
    )
    adam_epsilon: float = declare(
        1e-8,
        mark("Adam ε"),
        mark(
            "Added to the size of each gradient before Adam divides by it: PyTorch takes 1e-8, Keras 1e-7. Gradients "
            "smaller than this hardly move a weight."
        ),
        group="training",
        minimum=1e-10,
        maximum=0.1,
        logarithmic=True,
        fast_paths=BOTH,
    )
    lr_decay_start: float = declare(
        0.25,
        mark("Decay starts at"),
        mark(
            "Share of the training after which both learning rates fall, to zero at its end; 1 means that they stay as "
            "they are."
        ),
        group="training",
        minimum=0.0,
        maximum=1.0,
        tune=Tune(0.0, 1.0),
        fast_paths=BOTH,
    )
    lr_decay_shape: Literal["line", "cosine"] = declare(
        "line",
        mark("Shape of the decay"),
        mark("In a straight line, or like a cosine: slowly at first and at the end."),
        group="training",
        titles=(mark("straight line"), mark("cosine")),
        tune=Tune(),
        fast_paths=BOTH,
    )
    ema_halflife_kimg: float = declare(
        20.0,
        mark("Averaging half-life"),
        mark(
            "{data:The pictures} shown come from a running average of the generator, in which weights this many "
            "thousand {data:images} old still count half; early in training it is shorter. 0 shows the generator "
            "itself."
        ),
        group="training",
        minimum=0.0,
        maximum=10_000.0,
        unit=mark("thousand {data:images}"),
        live=True,
        tune=Tune(0.5, 50.0, log=True),
        safe=(0.0, 50.0),
        fast_paths=BOTH,
    )
