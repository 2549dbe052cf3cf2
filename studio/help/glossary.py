"""The words of the field and of the window, each in a sentence or two, with drawings. Texts, and how they are found."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from engine.i18n import mark, tr
from studio.text.search import folded


class Entry(NamedTuple):
    """A ``term`` and what it ``means``, both marked for translation; ``picture`` is a drawing of the help, or nothing.

    ``also`` are other words that are sought for it.
    """

    term: str
    means: str
    picture: str = ""
    also: str = ""


ENTRIES = (
    Entry(
        mark("GAN"),
        mark(
            "Generative adversarial network: two networks that learn by playing against each other, a generator "
            "and a discriminator."
        ),
        "duel",
    ),
    Entry(
        mark("G, the generator"),
        mark(
            "{data:Draws} {data:pictures} out of random numbers. It never sees a real one: all it learns comes from "
            "what D says."
        ),
        "look_inside",
    ),
    Entry(
        mark("D, the discriminator"),
        mark(
            "Is shown real and {data:drawn pictures}, and says of each how probably it is real. Its answer tells G in "
            "which direction to change."
        ),
        "",
        mark("critic"),
    ),
    Entry(
        mark("z, the noise"),
        mark(
            "The row of random numbers out of which G makes one {data:picture}. The same z gives the same "
            "{data:picture}, as long as G does not change."
        ),
        "look_inside",
        mark("latent vector"),
    ),
    Entry(
        mark("Latent space"),
        mark(
            "All z together, as a map: each place is {data:a picture}, and good generators have good {data:pictures} "
            "on every way between two of them."
        ),
        "way",
    ),
    Entry(
        mark("Step"),
        mark("One lesson for D and one for G, on a handful of {data:pictures} (a batch). The weights move by a hair."),
        "phases",
    ),
    Entry(
        mark("Epoch"),
        mark(
            "Once through all real {data:pictures}, in many steps. After each, samples are drawn from the same z, so "
            "that they can be compared."
        ),
        "epochs",
    ),
    Entry(
        mark("Batch"),
        mark("{data:The pictures} of one step. Small batches learn more per {data:picture}, large ones run smoother."),
        "",
        mark("mini-batch"),
    ),
    Entry(
        mark("• (a dot behind an option)"),
        mark(
            "This option may change while it trains. Each change is recorded with its moment, and marked on the curves."
        ),
        "",
        mark("live option"),
    ),
    Entry(
        mark("Loss"),
        mark(
            "How wrong a player was in its lesson. In a GAN the losses swing and need not fall: each player's task "
            "is made by the other."
        ),
        "curves",
    ),
    Entry(
        mark("Verdict"),
        mark(
            "How real D takes {data:a picture} to be, from 0% to 100%. A D that says 50% to everything cannot tell "
            "them apart, which is what G wants."
        ),
    ),
    Entry(
        mark("Two phases"),
        mark(
            "First D learns, with the labels 1 for real and 0 for drawn. Then G learns, wishing for a 1, through a "
            "D that is frozen: its weights stay as they are."
        ),
        "phases",
        mark("frozen"),
    ),
    Entry(
        mark("Gradient"),
        mark("In which direction, and how strongly, each weight would have to move to lower the loss."),
    ),
    Entry(
        mark("Learning rate"),
        mark(
            "How far a network moves in each step. Too high, and it falls beyond its goal; too low, and nothing "
            "happens."
        ),
    ),
    Entry(
        mark("Adam, β1 and β2"),
        mark("The way steps are made out of gradients. β1 is its memory for the direction; GANs like it short."),
    ),
    Entry(
        mark("Balance"),
        mark(
            "Both learn only while neither is far ahead. D is helped or held back by learning rates, by more or "
            "fewer updates, or by skipping its turn."
        ),
        "balance",
        mark("D wins, G wins"),
    ),
    Entry(
        mark("Mode collapse"),
        mark(
            "G {data:draws} the same few {data:pictures}, whatever the noise. Each single one may look well; variety "
            "is gone."
        ),
        "variety",
    ),
    Entry(
        mark("Oscillation"),
        mark(
            "The players run after each other in circles: good and bad epochs in turns. Smaller steps let them settle."
        ),
        "curves",
    ),
    Entry(
        mark("Learned by heart"),
        mark("The samples are copies of training {data:pictures}. It happens where there are few of them."),
        "",
        mark("memorization, overfitting"),
    ),
    Entry(
        mark("Judge"),
        mark(
            "A network that plays no part in the duel. It has learned to read the data, and measures how good the "
            "samples are."
        ),
    ),
    Entry(
        mark("Fréchet distance"),
        mark(
            "How far the samples, all together, are from real {data:pictures}, by the judge's features. Smaller is "
            "better; real {data:pictures} do not have zero either."
        ),
        "",
        "FID",
    ),
    Entry(mark("Fidelity"), mark("The share of samples that could be real."), "", mark("precision")),
    Entry(
        mark("Variety"),
        mark("The share of real {data:pictures} that samples come near to. It is small in a mode collapse."),
        "variety",
        mark("recall"),
    ),
    Entry(
        mark("Label"),
        mark("The class that a picture belongs to. A conditional GAN is told labels, so one can ask it for a 7."),
    ),
    Entry(
        mark("Embedding"),
        mark("The row of numbers that stands for a label, and is learned along with everything else."),
    ),
    Entry(
        mark("Sweep"),
        mark("All numbers of z are equal and go from −1 to 1: one line through everything that G can draw."),
        "way",
    ),
    Entry(
        mark("Truncation, ψ"),
        mark(
            "z is pulled toward the middle: {data:pictures} become safer and more alike. Fidelity rises, variety falls."
        ),
    ),
    Entry(mark("Seed"), mark("Where chance starts. The same seed and options give the same training again.")),
    Entry(
        mark("Average (EMA)"),
        mark("The samples are drawn by a running average of G's weights, which is calmer than G itself."),
    ),
    Entry(
        mark("Output range"),
        mark("What G's last layer can put out must match the data: tanh with −1 to 1, sigmoid with 0 to 1."),
        "",
        "tanh, sigmoid",
    ),
    Entry(
        mark("Batch norm"),
        mark(
            "Brings the numbers between two layers to a common size, by those of the whole batch. It behaves "
            "differently in training and afterward."
        ),
    ),
    Entry(
        mark("Dropout"),
        mark("Leaves out a part of a network at random while it trains, so that it relies on no single number."),
    ),
    Entry(
        mark("R1, spectral norm"),
        mark("Reins for D: they keep it from becoming too sure and from changing its mind too fast."),
    ),
    Entry(
        mark("Convolution"),
        mark(
            "A small window that slides over the picture, so that a stroke is known wherever it stands. Plain "
            "layers (MLP) do not know which pixels are neighbors."
        ),
    ),
    Entry(
        mark("Progressive growing"),
        mark("Both players begin with tiny pictures, and finer layers fade in while they train."),
        "growing",
    ),
    Entry(
        mark("Multi-scale gradients"),
        mark("G draws each picture in every size, and D judges all of them together."),
        "growing",
    ),
    Entry(mark("Recipe"), mark("A named set of options that is known to work, or to fail in a way worth seeing.")),
    Entry(
        mark("Run"),
        mark(
            "One training with all that it left: options, curves, samples, networks. It can be looked at, resumed "
            "and branched off from."
        ),
    ),
    Entry(
        mark("Style transfer"),
        mark("A picture, not a network, is trained: it shall show what one picture shows, painted as another one is."),
        "style",
    ),
    Entry(
        mark("Gram matrix"),
        mark(
            "How often features come together in a picture, wherever they stand. It is what style transfer takes "
            "for style."
        ),
        "style",
    ),
)


def found(wanted: str) -> list[Entry]:
    """Return the entries in which every word of ``wanted`` stands, those whose term has them first; all for "
    "nothing."""
    words = folded(wanted).split()

    def has(text: str) -> bool:
        return all(word in folded(text) for word in words)

    fitting = [it for it in ENTRIES if has(" ".join((tr(it.term), tr(it.means), tr(it.also) if it.also else "")))]
    return sorted(fitting, key=lambda it: not has(tr(it.term)))


def glossary_page(wanted: str = "") -> str:
    """Return the entries that are sought as HTML, the drawings with them."""
    entries = found(wanted)
    heading = f"<h2>{escape(tr('Glossary'))}</h2>"
    if not entries:
        return f"{heading}<p>{escape(tr('No word matches.'))}</p>"
    drawn: set[str] = set()
    parts = [heading]
    for entry in entries:
        parts.append(f"<p><b>{escape(tr(entry.term))}</b><br/>{escape(tr(entry.means))}</p>")
        if entry.picture and entry.picture not in drawn:  # once on a page
            drawn.add(entry.picture)
            parts.append(f'<p align="center"><img src="{entry.picture}"/></p>')
    return "".join(parts)
