"""Starting points that are known to work: one visible table.

A recipe states only what differs from the values that go with its architecture and loss; it knows no networks.
"""

from __future__ import annotations

from typing import Any

from engine.i18n import mark
from engine.recipes.entry import Recipe

_THREE_AND_EIGHT: dict[str, Any] = {
    "architecture": "dcgan-3-8",
    "dataset": "mnist",
    "classes": (3, 8),
    "epochs": 50,
    "sample_rows": 1,
    "sample_columns": 6,
}

# D learns faster than G and has no momentum, so that points do not run around the clouds, and both rates fall,
# so that they stay: measured with up to four seeds, engine/bench/MEASURED.md.
_POINTS: dict[str, Any] = {
    "architecture": "mlp-points",
    "epochs": 60,
    "d_lr": 3e-3,
    "g_beta1": 0.0,
    "d_beta1": 0.0,
    "lr_decay_start": 0.3,
    "r1_gamma": 0.05,
    "ema_halflife_kimg": 20.0,
}

_BESIDE_THE_CODE = mark(
    "Unlike the source: logits instead of probabilities, which matters where D is surer than 10 million to 1 (0.3% of "
    "its verdicts in the first epoch, none in the second); batches run on across the end of an epoch, where the source "
    "has one of 14 images; Adam adds ε after its correction and not before, while every gradient is larger than 100 ε; "
    "bfloat16 where the processor has it, which moves both losses by less than 0.5% at the same weights."
)

WORKING = [
    Recipe(
        name="studio-fine",
        title=mark("Studio, finer: whole strokes"),
        summary=mark(
            "A small conditional GAN made for two CPU cores: you say which digit, it writes one. Beside “Studio” its "
            "players go by way of pieces of 2×2 pixels, and D learns twice as fast."
        ),
        expect=mark(
            "Shapes after 5 seconds, readable digits after 15, good handwriting after a minute; strokes break a third "
            "as often as those of “Studio”, for an eighth more time."
        ),
        images_per_second=2600,
        options={"architecture": "pixelshuffle-fine", "aux_classifier_weight": 0.3},
    ),
    Recipe(
        name="studio",
        title=mark("Studio: digits in a minute"),
        summary=mark("A small conditional GAN made for two CPU cores: you say which digit, it writes one."),
        expect=mark("Shapes after 5 seconds, readable digits after 15, good handwriting after a minute."),
        images_per_second=2900,
        options={
            "aux_classifier_weight": 0.3
        },  # of 0.1 and 0.3 the better one for the first minute: engine/bench/MEASURED.md
    ),
    Recipe(
        name="dcgan-3-8",
        title=mark("DCGAN: only 3 and 8"),
        summary=mark(
            "A DCGAN with dropout in D that learns two digits only, as its text teaches: G learns from new noise, "
            "twice as much, so that both see equally many pictures. The recipe “training mode forgotten” does what the "
            "code does."
        ),
        expect=mark(
            "Digits after 2 epochs, with D's loss near 1.3 and G's near 0.8. Whether the sweep turns a 3 into an 8 "
            "differs from epoch to epoch: look back to each."
        ),
        images_per_second=450,
        against_source=_BESIDE_THE_CODE,
        options=_THREE_AND_EIGHT,
    ),
    Recipe(
        name="dcgan-3-8-as-run",
        title=mark("DCGAN: 3 and 8, training mode forgotten"),
        summary=mark(
            "The same networks as their code runs them: they never enter training mode, one noise serves both lessons, "
            "and the digits come in the order of the data. “DCGAN: only 3 and 8” does what the text says: training "
            "mode, fresh noise for G, shuffled digits."
        ),
        expect=mark("G's loss near 3.3 in the first epoch and near 2 in the second, while D's verdicts come closer."),
        images_per_second=670,
        against_source=_BESIDE_THE_CODE,
        options=_THREE_AND_EIGHT | {"training_mode": False, "g_batch_source": "same", "shuffle": False},
    ),
    Recipe(
        name="dcgan-tutorial",
        title=mark("DCGAN: the tutorial"),
        summary=mark("The well-known first DCGAN: both players learn from one and the same forward pass."),
        expect=mark("Spots in the first epochs, digits after 10, and a slow, steady duel with D near 0.5."),
        images_per_second=710,
        against_source=mark(
            "Unlike the source: batches run on across the end of an epoch, where the source has one of 96 images, and "
            "bfloat16 where the processor has it; with precision float32 the losses are those of a plain loop. What "
            "both do to a whole training was not measured."
        ),
        options={
            "architecture": "dcgan-tutorial",
            "dataset": "mnist",
            "epochs": 50,
            "sample_rows": 4,
            "sample_columns": 4,
        },
    ),
    Recipe(
        name="mlp-fashion",
        title=mark("MLP: clothes without convolutions"),
        summary=mark(
            "Two small networks of plain layers, the oldest kind of GAN. Watch the running mean of both losses."
        ),
        expect=mark("Blurred, grainy clothes; D stays ahead: G near 2.5 and D near 0.3 after 10 epochs."),
        images_per_second=25000,
        against_source=mark(
            "Step by step as its source. Means of ten epochs of MNIST, by seed: D from 0.17 to 0.40 and G from 2.0 to "
            "3.7 here, D from 0.16 to 0.26 and G from 2.9 to 3.8 in a plain loop."
        ),
        options={"architecture": "mlp", "dataset": "fashion-mnist", "epochs": 30},
    ),
    Recipe(
        name="dcgan-fashion",
        title=mark("DCGAN: clothes"),
        summary=mark(
            "A small DCGAN in which each player rests in eval mode while the other one learns. Watch the running "
            "mean of both losses."
        ),
        expect=mark("Recognizable clothes after the first epochs; G near 2.9 and D near 0.2 after 10 epochs."),
        images_per_second=1550,
        against_source=mark(
            "Step by step as its source, but in bfloat16 where the processor has it, which moves D's loss by 1% to 2% "
            "and G's by up to 6% at the same weights. Means of one epoch of MNIST, two seeds: D 0.081 and 0.068, G "
            "4.54 and 4.50 here; D 0.078 and 0.066, G 4.61 and 4.92 in a plain float32 loop."
        ),
        options={"architecture": "dcgan-fashion", "dataset": "fashion-mnist", "epochs": 30},
    ),
    Recipe(
        name="cgan-embedding",
        title=mark("Conditional DCGAN: digits on demand"),
        summary=mark(
            "The label becomes a vector that is multiplied with z, and for D a picture that is multiplied with the "
            "image. Optimizer and batch are ours: Adam 2e-4 with β1 0.5, batches of 128."
        ),
        expect=mark("Rows of digits in order after some 20 epochs; it may be stopped long before 600."),
        images_per_second=770,
        against_source=mark(
            "Unlike the source: logits instead of probabilities, batches that run on across the end of an epoch, and "
            "bfloat16 where the processor has it. What that does to a whole training was not measured."
        ),
        options={"architecture": "embedding", "dataset": "mnist", "epochs": 600},
    ),
    Recipe(
        name="growing",
        title=mark("Progressive growing: 7 → 14 → 28"),
        summary=mark("Both players begin with tiny pictures and fade in finer layers while they train."),
        expect=mark("Blocks at first, then finer and finer digits; with own pictures it grows up to 64×64."),
        images_per_second=1000,
        options={"architecture": "progressive", "epochs": 40},
    ),
    Recipe(
        name="multiscale",
        title=mark("Multi-scale gradients: all sizes at once"),
        summary=mark("G draws each picture in every size, and D judges all sizes together: no growth to plan."),
        expect=mark("Coarse and fine shapes arrive together; with own pictures it works up to 64×64."),
        images_per_second=880,
        options={"architecture": "multiscale", "epochs": 40},
    ),
    Recipe(
        name="faces",
        title=mark("Faces: drawn portraits in color"),
        summary=mark(
            "Both players see a face on three grids, from a coarse one for its shape to a fine one for its lines. The "
            "class is the color of the hair: ask for one. Watch the eyes, which come last."
        ),
        expect=mark(
            "Heads after 1 epoch, with the hair that was asked for after 3 epochs; faces that differ after 6 epochs, "
            "then ever clearer lines, glasses, eyes and mouths."
        ),
        images_per_second=340,
        options={"architecture": "pixelshuffle-deep", "dataset": "faces", "epochs": 100, "image_size": 64},
    ),
    Recipe(
        name="plane-ring",
        title=mark("Plane: a ring of eight clouds"),
        summary=mark(
            "Points instead of pictures: both players see the plane, and so do you. Watch how D's opinion chases the "
            "points, and how they spread over the clouds."
        ),
        expect=mark("All eight clouds after a few seconds, with threads between them that grow thin."),
        images_per_second=100_000,
        options=_POINTS | {"dataset": "plane-ring"},
    ),
    Recipe(
        name="plane-grid",
        title=mark("Plane: a grid of 25 clouds"),
        summary=mark("The same with 25 clouds, which is what mode collapse is often shown on."),
        expect=mark(
            "Threads from cloud to cloud after a few seconds; in the end nearly all points lie in one of the 25."
        ),
        images_per_second=100_000,
        options=_POINTS | {"dataset": "plane-grid", "epochs": 150, "r1_gamma": 0.01, "lr_decay_start": 0.6},
    ),
    Recipe(
        name="plane-moons",
        title=mark("Plane: two moons"),
        summary=mark("Two half moons that reach into each other: no clouds to be lost, but a shape to be bent into."),
        expect=mark("A bar that bends, tears, and lies on both moons after a few seconds."),
        images_per_second=100_000,
        options=_POINTS | {"dataset": "plane-moons"},
    ),
    Recipe(
        name="table",
        title=mark("Table: rows of numbers"),
        summary=mark(
            "A GAN can make tables, too: rows that go together as those of your CSV file do, and are none of them."
        ),
        expect=mark("Spread and relations of all columns after a minute; compare them in the scatter matrix."),
        images_per_second=100_000,
        options=_POINTS | {"dataset": "table"},
    ),
]
