"""The explanations of the tools of Explore. Texts only; each tool says where it is built which is its own."""

from __future__ import annotations

from engine.i18n import mark
from studio.help.topic import Topic

TOOLS: dict[str, Topic] = {
    "explored_points": Topic(
        mark("Points of z"),
        mark(
            "The large disc is the point that G makes of the z at the right; small ones are those of other, random z;"
            " gray crosses are real points. The thin lines are a sheet: along each of them, one number of z goes from"
            " -2.5 to 2.5 while another one stays."
        ),
        mark(
            "Move a slider: the disc runs along. Where do the lines lie close together, and where are they torn apart?"
        ),
        mark("The sheet is folded so that it covers all clouds, and crosses the gaps between them quickly."),
        mark("The whole sheet is drawn together into one cloud: whatever z is, the point is the same (mode collapse)."),
        "way",
    ),
    "explorer": Topic(
        mark("Explorer"),
        mark(
            "A picture is made out of a row of random numbers called z. Here you turn single numbers, go from one"
            " picture to another in small steps, or move all numbers together, and see at once what G makes of it."
        ),
        mark("Find out what a number does: thickness, slant, size? Go from A to B and watch the pictures in between."),
        mark("The picture changes smoothly and can be read all the way: G has understood what such pictures are like."),
        mark(
            "It jumps from one picture to another with rubbish in between, as if G had learned pictures by heart; or"
            " it hardly changes at all: G ignores its noise."
        ),
        "way",
    ),
    "dimensions": Topic(
        mark("Dimensions"),
        mark(
            "Each slider is one of the numbers that z consists of. At both its ends stands the picture that G would"
            " make there while all other numbers stay as they are."
        ),
        mark("Which numbers change the picture most, and in what? Do they do the same to another class?"),
        mark("Each number changes a little of everything, smoothly: z is a place, and its numbers are the way there."),
        mark("The pictures at both ends of most sliders are the same: G ignores these numbers."),
        "way",
    ),
    "directions": Topic(
        mark("Directions"),
        mark(
            "Some ways through z change the picture in one respect alone: it leans, it gets thicker, wider. They are"
            " found in the weights of G's first layer, or in what its second layer does, and named after what changes"
            " most. Each slider moves z along one of them."
        ),
        mark("Does a direction do the same to a 1 as to an 8? And still at another epoch? “Measure here” looks."),
        mark("One respect changes, the rest stays: G has told the ways of writing apart."),
        mark("Everything changes at once, or nothing does: G mixes all up, or ignores these numbers."),
    ),
    "path": Topic(
        mark("Path"),
        mark(
            "The way through several points, twice: along the sphere, where z keeps the length that random z have, and"
            " straight, where it becomes shorter in between. The curve below each strip shows |z|; the band is where"
            " most z lie that G was trained with, and hollow dots lie outside it."
        ),
        mark("Where do the two ways differ? Are the straight way's middle pictures blurred, plainer, or just others?"),
        mark("Every picture on the way is a good one: between what it has seen, G has learned something, too."),
        mark("Two pictures fade into each other, or it jumps half-way: G knows single pictures, and nothing between."),
        "way",
    ),
    "plane": Topic(
        mark("Plane"),
        mark(
            "Three points of latent space span a plane. You see its pictures, all in the class that is chosen; in the"
            " green ring z is as long as those that G was trained with."
        ),
        mark("Drag slowly from A to B, then through the middle. What changes across, what changes up?"),
        mark("The pictures change evenly, and all of them can be read within the ring."),
        mark("Whole regions of the same picture, with sharp borders between them: G ignores most of its noise."),
    ),
    "arithmetic": Topic(
        mark("Arithmetic"),
        mark(
            "The experiment of the paper of DCGAN: the mean of some pictures, minus the mean of others, plus that of"
            " more. Slanted eights minus upright eights plus upright threes should be slanted threes. A mean is"
            " shorter than any trained z; “Usual length” gives it the length back."
        ),
        mark("Say beforehand what should come out. Take three or more for each mean: a single z is full of accidents."),
        mark("What you took away is gone, what you added is there, and the judge still reads a digit."),
        mark("The result lies far out, and is a blot: too much was added up for G to know it."),
    ),
    "truncation": Topic(
        mark("Truncation"),
        mark(
            "ψ leaves so much of the way from the middle of latent space to z. Near the middle G was trained most, so"
            " pictures are safer there, and more alike. “Measure its effect” says it in numbers: fidelity is the share"
            " of samples that look like real ones, variety the share of real ones that samples come near to."
        ),
        mark("Watch both numbers: where does fidelity stop growing while variety falls on?"),
        mark("A ψ of 0.7 to 0.9 with better pictures and nearly all of the variety."),
        mark("Fine pictures at a ψ of 0.3 that are shown as what G can do: it is one picture, with small changes."),
    ),
    "kept": Topic(
        mark("Kept points"),
        mark(
            "Points of latent space that you kept with the run: z and class, drawn by the generator that is shown now."
            " Drag one into a tool, or choose in its menu what it is used as."
        ),
        mark("Look back to another epoch: what has become of the same z?"),
        mark("The same z keeps its style over the epochs while the picture becomes better."),
        mark("The same z draws something else in each epoch: G is still far from settled (oscillation)."),
    ),
    "find": Topic(
        mark("Find a picture"),
        mark(
            "You draw, or bring a picture; many z are tried at once and moved until G draws the most similar one. What"
            " you see in the middle is the search itself. Afterwards, change only the class, or only the style."
        ),
        mark("Does it find your own handwriting? What does it do with a digit that was never among the data?"),
        mark("What is found looks like what was drawn, and the judge reads the same in both."),
        mark("It finds only something near: what you drew lies outside of what G has learned."),
    ),
    "map": Topic(
        mark("Map"),
        mark(
            "Two thousand samples in the plane: what the judge finds alike lies side by side. The distances between"
            " heaps mean little, what lies in which heap means much."
        ),
        mark("Is there a heap for each class? With real images beside them: is there gray where no sample lies?"),
        mark("Heaps as many as classes, and real images everywhere among the samples."),
        mark("Few dense heaps far from the real images: G draws the same again and again (mode collapse)."),
    ),
}
