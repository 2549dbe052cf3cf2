"""The vocabulary of lessons: everything that a check can ask about, in one table.

A measure says what it is called, in what it is counted, between which values it lies, and where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.i18n import mark
from engine.lessons import readings
from engine.lessons.readings import Read

Kind = Literal["share", "number", "count", "yes"]
TRAINING, MAGNIFIER, JUDGE, EXPLORE, STYLE, DATA = (
    mark("the curves of the training"),
    mark("the magnifier"),
    mark("the judge"),
    mark("the workspace Explore"),
    mark("the workspace Style"),
    mark("the data"),
)


@dataclass(frozen=True)
class Quantity:
    """``name`` is what a lesson calls it; ``title`` and ``help`` are English source texts.

    ``kind``: a share (0 to 1, shown in percent), a number, a count, or a yes (1) or no (0). It lies between ``low`` and
    ``high``, which a gauge spans. ``read`` returns the values of a run in order, and those of ``classes`` (indices)
    where it is measured ``by_class``; nothing where it has not been measured.
    """

    name: str
    title: str
    help: str
    source: str
    kind: Kind
    read: Read
    low: float = 0.0
    high: float = 1.0
    by_class: bool = False


def _beside(name: str, title: str, help: str, source: str, kind: Kind, high: float = 1.0, low: float = 0.0) -> Quantity:
    return Quantity(name, title, help, source, kind, readings.noted(name), low, high)


_TABLE = (
    Quantity("steps", mark("Steps"), mark("Updates of G so far"), TRAINING, "count", readings.row("step"), high=1e9),
    Quantity(
        "epochs",
        mark("Epochs"),
        mark("Times that all real {data:images} were seen"),
        TRAINING,
        "number",
        readings.epochs_seen,
        high=1e6,
    ),
    Quantity(
        "images",
        mark("{data:Images} seen"),
        mark("Real {data:images} that D was shown"),
        TRAINING,
        "count",
        readings.row("images_seen"),
        high=1e12,
    ),
    Quantity(
        "seconds",
        mark("Seconds of training"),
        mark("Pauses do not count"),
        TRAINING,
        "number",
        readings.row("seconds"),
        high=1e9,
    ),
    Quantity(
        "d_loss",
        mark("D's loss"),
        mark("Mean of the last epoch"),
        TRAINING,
        "number",
        readings.mean("d_loss"),
        -1e6,
        1e6,
    ),
    Quantity(
        "g_loss",
        mark("G's loss"),
        mark("Mean of the last epoch"),
        TRAINING,
        "number",
        readings.mean("g_loss"),
        -1e6,
        1e6,
    ),
    Quantity(
        "d_real",
        mark("D of real {data:pictures}"),
        mark("How real D takes real {data:pictures} to be, mean of the last epoch"),
        TRAINING,
        "share",
        readings.mean("d_real"),
    ),
    Quantity(
        "d_fake",
        mark("D of generated {data:pictures}"),
        mark("How real D takes generated {data:pictures} to be, mean of the last epoch"),
        TRAINING,
        "share",
        readings.mean("d_fake"),
    ),
    Quantity(
        "d_lead",
        mark("D's lead"),
        mark("D's verdict on real {data:pictures} minus that on generated ones: 0 is indecision, 1 is certainty"),
        TRAINING,
        "share",
        readings.lead,
        -1.0,
    ),
    Quantity(
        "swings",
        mark("Turns of G's loss"),
        mark("How often it rose after falling, or fell after rising"),
        TRAINING,
        "count",
        readings.swings,
        high=1e9,
    ),
    Quantity(
        "d_skipped",
        mark("Updates that D left out"),
        mark("Because its loss was too low"),
        TRAINING,
        "count",
        readings.total("d_skipped"),
        high=1e9,
    ),
    Quantity(
        "changes",
        mark("Options changed while training"),
        mark("Those that are marked on the curves"),
        TRAINING,
        "count",
        readings.changes,
        high=1e6,
    ),
    _beside(
        "watched_steps",
        mark("Steps under the magnifier"),
        mark("So many were seen stage by stage to their last one since the lesson began"),
        MAGNIFIER,
        "count",
        1e6,
    ),
    Quantity(
        "frechet",
        mark("Fréchet distance"),
        mark("How far the samples are from real {data:images}; smaller is better"),
        JUDGE,
        "number",
        readings.judged(lambda look: look.frechet),
        high=1e6,
    ),
    Quantity(
        "precision",
        mark("Fidelity"),
        mark("The share of samples that look like real {data:images}"),
        JUDGE,
        "share",
        readings.judged(lambda look: look.precision),
    ),
    Quantity(
        "recall",
        mark("Variety"),
        mark("The share of real {data:images} that samples come near to"),
        JUDGE,
        "share",
        readings.judged(lambda look: look.recall),
    ),
    Quantity(
        "read_as_asked",
        mark("Read as asked"),
        mark("The share of samples in which the judge reads what was asked for; of several classes, the worst"),
        JUDGE,
        "share",
        readings.as_asked,
        by_class=True,
    ),
    Quantity(
        "drawn",
        mark("{data:Drawn}"),
        mark("The share of all samples that the judge reads as the class; of several classes, the rarest"),
        JUDGE,
        "share",
        readings.drawn,
        by_class=True,
    ),
    Quantity(
        "classes_drawn",
        mark("{data:Classes} that are {data:drawn}"),
        mark("Those with at least 2% of the samples"),
        JUDGE,
        "count",
        readings.judged(readings.classes_drawn),
        high=1000,
    ),
    Quantity(
        "readable",
        mark("Readable"),
        mark("The share of samples of which the judge is sure"),
        JUDGE,
        "share",
        readings.judged(readings.readable),
    ),
    Quantity(
        "memorized",
        mark("Learned by heart"),
        mark("The share of samples that are copies of training {data:images}"),
        JUDGE,
        "share",
        readings.judged(lambda look: look.memorization),
    ),
    Quantity(
        "duplicates",
        mark("{data:Drawn} twice"),
        mark("The share of samples that have a double among the samples"),
        JUDGE,
        "share",
        readings.judged(lambda look: look.duplicates),
    ),
    Quantity(
        "data_images",
        mark("Real {data:images}"),
        mark("So many make an epoch"),
        DATA,
        "count",
        readings.of_data(lambda run: float(run.facts.image_count)),
        high=1e9,
    ),
    Quantity(
        "data_classes",
        mark("Classes of the data"),
        mark("So many kinds of real {data:images}"),
        DATA,
        "count",
        readings.of_data(lambda run: float(len(run.facts.class_names))),
        high=1000,
    ),
    _beside(
        "found_off",
        mark("Difference to your picture"),
        mark("How far off each pixel of the picture is that was found"),
        EXPLORE,
        "share",
    ),
    _beside(
        "found_alike",
        mark("Read as the same"),
        mark("The judge reads the same in your picture and in the one found"),
        EXPLORE,
        "yes",
    ),
    _beside(
        "found_class",
        mark("The judge reads"),
        mark("As which class of the data it reads the picture that was found"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "play_right",
        mark("Told apart"),
        mark("How many of the 20 pictures of your last round you told right"),
        EXPLORE,
        "count",
        20,
    ),
    _beside(
        "play_lead",
        mark("Your lead over D"),
        mark("What you told right in your last round minus what D did"),
        EXPLORE,
        "count",
        20,
        -20,
    ),
    _beside(
        "asked_verdict",
        mark("D's verdict on your picture"),
        mark("How real D takes to be what you drew or dropped"),
        EXPLORE,
        "share",
    ),
    _beside(
        "asked_class",
        mark("The judge reads"),
        mark("As which class of the data it reads what you drew or dropped for D"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "inspected",
        mark("Samples looked at closely"),
        mark("So many were examined since the lesson began"),
        EXPLORE,
        "count",
        1e6,
    ),
    _beside(
        "looked_back",
        mark("Earlier epochs looked at"),
        mark("So many different ones, with the slider or the strip of epochs, since the lesson began"),
        EXPLORE,
        "count",
        1e6,
    ),
    _beside(
        "kept",
        mark("Points kept"),
        mark("So many points of latent space are kept with the run"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "directions",
        mark("Directions found"),
        mark("Ways through z that change a picture in one respect"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "truncated_variety",
        mark("Variety at the strongest truncation"),
        mark("What ψ = 0.3 left of it when its effect was measured"),
        EXPLORE,
        "share",
    ),
    _beside(
        "style_steps", mark("Steps of the painting"), mark("How often the picture was changed"), STYLE, "count", 100_000
    ),
    _beside(
        "style_left",
        mark("Style that is missing"),
        mark("The style loss of now, of what it was before the first step"),
        STYLE,
        "share",
        10,
    ),
)

MEASURES: dict[str, Quantity] = {each.name: each for each in _TABLE}
