"""The explanations of the pages of Compare. Texts only; each page says where it is built which is its own."""

from __future__ import annotations

from engine.i18n import mark
from studio.help.topic import Topic

COMPARE: dict[str, Topic] = {
    "wall": Topic(
        mark("Class wall"),
        mark(
            "A folder that the whole class can reach. Each student shares with it, and here hangs a card for every run:"
            " its newest samples, whose it is, how far it is, how well its pictures are read, and what goes wrong."
            " Nothing else is needed, no server and no account. Where no folder is shared, a USB stick is one: plugged"
            " in at one computer after the other, and chosen there, it takes along the run that was just trained there."
        ),
        mark(
            "Begin with the dashed frames: there a trouble is seen. Then compare samples of the same epoch: Ctrl+click"
            " chooses several cards, and “Side by side” (Ctrl+M) shows them beside each other. A double"
            " click opens a run: its curves, its samples, and its newest generator to explore."
        ),
        mark("Cards that change every few seconds: somebody trains, and the folder is within reach."),
        mark(
            "A card that stands still: that student stopped, or the computer lost the folder; the run itself is safe."
        ),
    ),
    "queue": Topic(
        mark("Queue"),
        mark(
            "Trainings that are lined up: other options, other seeds, branches, longer trainings, recipes of your own."
            " They are trained one by one; where one fails, it says why, and the next begins. The queue is kept: after"
            " a restart it offers to go on."
        ),
        mark("Line up one question: the same training with one option at three values, three seeds each."),
        mark("What you want to know in the morning stands here in the evening, and the time it takes as well."),
        mark("Everything at once: a queue of unlike trainings answers no question."),
    ),
    "branch": Topic(
        mark("Branches"),
        mark(
            "A new run that goes on from an epoch of another one. Where the full state of that epoch is kept, it goes"
            " on exactly: with the same options it would become the very same run, so that whatever becomes different"
            " comes from what you change. Full states are kept of epochs spread over the training, as far as “Size of"
            " states to branch from” allows. What the networks are made of, such as their widths, stays as it is."
        ),
        mark("Branch off shortly before a trouble, change one option, and lay both runs side by side."),
        mark("The same moment, one change: a clean experiment that takes half the time."),
        mark("Only the networks are kept of an epoch: optimizers and chance begin anew, which changes things, too."),
    ),
    "mirror": Topic(
        mark("Side by side"),
        mark(
            "Two to four runs at the same moment: above, the options in which they differ; below, the "
            "{data:pictures} that each drew of the same noise, its measures then (the best one bold), and the curves "
            "of all over each other. Where the seeds differ, a run draws the noise of the first one anew, with the "
            "networks that it kept. Of runs that differ in their seed only, one curve is drawn, their mean, in a "
            "band from the least to the most."
        ),
        mark("Move the slider: which is ahead early, and which in the end? Is that more than the band of chance?"),
        mark(
            "They differ in one option, and the bands of several seeds do not touch: the option makes the difference."
        ),
        mark("One seed each: the next seed may turn the order round."),
    ),
    "search": Topic(
        mark("Search"),
        mark(
            "Duelo looks for better options by itself: it trains many short trials, each with other values of the"
            " options that you tick, judges them several times on their way, and stops those early that are in trouble"
            " or worse than the others. Optuna chooses the values. A search is kept: it can be paused, stopped, and"
            " gone on with after a restart. Kept in a file on a shared folder or on a server, it is worked on by"
            " several machines at once, and each sees what the others do. “…” renames it, deletes it, and brings it"
            " back."
        ),
        mark(
            "Tick the few options that you have a question about; each one more needs several times as many trials."
            " Look below what the time buys: ten whole trials are a beginning, fifty tell a lot."
        ),
        mark("Two or three options, a trial long enough that good and bad can be told apart, and some time."),
        mark("Ten options in ten trials: chance decides. Trials so short that every picture is still a blot."),
    ),
    "trials": Topic(
        mark("Trials"),
        mark(
            "Each tile is one trial: its newest samples, its measure (in brackets while it is not at its end), how it"
            " is, and the values that it tried. The frame tells the state: blue while it learns, green when it is"
            " trained to its end, dotted gray when others were better, and a color and dashes of their own for each"
            " trouble. The mouse enlarges a tile; a click shows it large at the side, with its curve and what can be"
            " done with it; a double click or Enter opens its run, a right click offers the rest."
        ),
        mark("Which values have the good ones in common, and which the bad ones? Where does eye and measure disagree?"),
        mark("The best ones are alike in one value: that is the one that matters."),
        mark("The best trial stands alone among bad neighbors: perhaps it was luck. Train it again with other seeds."),
    ),
    "why": Topic(
        mark("Why some trials are better"),
        mark(
            "All options at once: each trial is a line over an axis for each option, and the last axis is the measure."
            " Along one option, and over two: each trial is a point; the map behind it guesses what lies between them."
            " What matters most: how much of the difference between trials each option explains. The greener, the"
            " better. What is chosen here is chosen among the tiles, too."
        ),
        mark("Where do the green lines run together? That option matters; where they spread, any value will do."),
        mark(
            "The good points lie in the middle of a range, with worse ones at both sides: the search has found a hill."
        ),
        mark("The best ones lie at the end of a range: look further there, with another range."),
    ),
    "duel": Topic(
        mark("Blind duel"),
        mark(
            "Two grids of samples without names, left and right by lot: as many pictures, and the same classes in the"
            " same places. You say which is better, and the next two come, those first of which least is known. Your"
            " answers are kept; at any time you may end, see the result, and go on another day."
        ),
        mark(
            "Look at the whole grid before you answer: are the strokes clean, and are the pictures different from each"
            " other? The result shows where your eye and the Fréchet distance disagree: look there again."
        ),
        mark("The ranking of your eye and that of the number are alike: you can trust the number where nobody looks."),
        mark("You answer by a single picture, or before you have looked: then chance makes the ranking."),
    ),
    "runs": Topic(
        mark("Runs"),
        mark(
            "Every training that you began, with its last samples; the one under way is bold. A run keeps everything:"
            " options, curves, samples, networks. Click a title to sort, drag it to another place, and type below it"
            " what that column shall have. A double click looks at a run, also while another one trains."
        ),
        mark("Compare runs that differ in one option only, and look at the same epoch of both."),
        mark("You can say in one sentence what you changed between two runs."),
        mark(
            "Runs of different length or on different data: their {data:pictures} say nothing about the option you "
            "changed."
        ),
    ),
}
