"""The explanations of the groups of options, by the groups of ``engine.config``. Texts only."""

from __future__ import annotations

from engine.i18n import mark
from studio.help.topic import Topic

GROUPS: dict[str, Topic] = {
    "basic": Topic(
        mark("Training"),
        mark(
            "How long the training takes and how far the two players move in each step: epochs, images in a step, and"
            " a learning rate for each of them."
        ),
        mark(
            "The learning rates matter most, and above all their ratio: it decides who is ahead. Change one of them"
            " by half or to the double, not by a hundredth."
        ),
        mark("The samples of each epoch look a little better than those before, and the losses swing around a level."),
        mark(
            "Pictures flicker or dissolve: a learning rate is too high. Nothing changes for many epochs: it is too low."
        ),
    ),
    "balance": Topic(
        mark("Balance of the duel"),
        mark(
            "Who learns how often, and from what. A duel teaches both only while neither is far ahead: a D that knows"
            " everything has no hints for G, and a D that knows nothing has none either."
        ),
        mark(
            "Look at the verdicts below the losses: who is ahead? Then help the other one, first with the learning"
            " rate, and with more updates if that is not enough."
        ),
        mark("D is a little ahead all the time: right more often than not, and never sure."),
        mark("More updates for the player that is already ahead; and every further update makes each step slower."),
        "duel",
    ),
    "training": Topic(
        mark("Optimizers and schedule"),
        mark(
            "How Adam turns gradients into steps, when the learning rates fall, and over how many images the shown"
            " generator is averaged. The recipe's values are tried and tested; you seldom need others."
        ),
        mark(
            "β1 is the memory for the direction. In a duel the right direction changes all the time, so GANs like it"
            " short: from 0 to 0.5. The average makes the samples calmer than G itself is."
        ),
        mark("Toward the end the rates fall, and the samples become cleaner without any other change."),
        mark(
            "β1 of 0.9, as other networks have it: the two players run after each other in circles, and losses swing."
        ),
    ),
    "networks": Topic(
        mark("Networks"),
        mark(
            "What kind of networks play, and how large they are. MLPs see a picture as a list of numbers;"
            " convolutional networks know which pixels are neighbors; conditional ones are told the class."
        ),
        mark(
            "Start with small networks: they show within a minute whether something works at all. G and D should be"
            " about equally strong."
        ),
        mark("A network just wide enough for the pictures: digits need little, faces more."),
        mark("A D much wider than G wins at once; a wide network for few images learns them by heart."),
    ),
    "loss": Topic(
        mark("Loss"),
        mark(
            "What each player is paid for. All losses want the same, that D tells real from generated and that G"
            " fools it; they differ in how strongly they pull when one player is far behind."
        ),
        mark(
            "Numbers of different losses cannot be compared: 0.7 may be splendid with one and hopeless with another."
            " Compare samples and quality instead."
        ),
        mark("Non-saturating or hinge, with a penalty: they work almost everywhere."),
        mark(
            "A Wasserstein critic without its gradient penalty, or the original loss without balance: they stop"
            " teaching, or blow up."
        ),
    ),
    "regularization": Topic(
        mark("Regularization"),
        mark(
            "Reins for D. They keep it from becoming too sure, from changing its mind too fast, and from learning few"
            " images by heart, so that its hints stay useful to G."
        ),
        mark(
            "Look at the verdicts and at Health: does D win, or does it know the training images by heart? Then a"
            " rein helps. One or two of them are enough."
        ),
        mark("R1 or spectral norm against a D that wins; augmentation where there are few images."),
        mark("All reins at once: D cannot learn any more, and the pictures stay blurred."),
    ),
    "data": Topic(
        mark("{data:Images}"),
        mark(
            "Which real images D learns from, and in what form: classes, number, range of the pixels, and what is"
            " done to your own pictures."
        ),
        mark(
            "The form of the data and the output of G must go together: tanh reaches from −1 to 1, sigmoid from 0 to"
            " 1. Fewer classes make the task easier."
        ),
        mark("Thousands of images that look alike in size and place."),
        mark("A hundred images, long trained: G copies them. Wrong labels: a 3 where an 8 was asked for."),
    ),
    "machine": Topic(
        mark("Machine and reports"),
        mark(
            "Where and with how many threads it is computed, how often something is told and saved, and how much room"
            " a run may take. None of this changes what is learned, the precision aside. These options belong to this"
            " computer and stay when you choose another recipe."
        ),
        mark("Leave them as they are, until something is too slow, too large, or too seldom told."),
        mark("Threads at 0: Duelo then takes the cores that other programs leave free."),
        mark("A judge that takes half of the time, or samples every epoch where an epoch lasts a second."),
    ),
}
