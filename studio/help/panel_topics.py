"""The explanations of the parts of the window. Texts only; each part says where it is built which is its own."""

from __future__ import annotations

from engine.i18n import mark
from studio.help.topic import Topic

PANELS: dict[str, Topic] = {
    "window": Topic(
        mark("Duelo"),
        mark(
            "Two networks fight a duel. The generator G makes {data:pictures} out of random numbers; the "
            "discriminator D sees {data:pictures} and says how real it takes each to be. Each learns from the other. "
            "Here you watch the duel, steer it, and look back at any epoch."
        ),
        mark(
            "Look at the samples first: they are what G can do. Then at the curves, which tell how the duel stands,"
            " and at Health, which names what goes wrong."
        ),
        mark("Press Train, or Space, and something happens within seconds. F1 explains whatever has the focus."),
        mark(
            "A training that nobody looks at: most troubles can be seen in the first minute, and cured while it runs."
        ),
        "duel",
    ),
    "options": Topic(
        mark("Options"),
        mark(
            "Everything a training depends on, as the recipe has set it. Options marked • may change while it trains;"
            " each change is recorded and marked on the curves. The line above finds an option by any word of its"
            " name or explanation."
        ),
        mark(
            "Say beforehand what you expect, then change one thing and watch it for some epochs. The arrow beside an"
            " option brings the recipe's value back, and Ctrl+Z undoes what you did last."
        ),
        mark("A change for a reason: “D wins, so I lower its learning rate.”"),
        mark("Several options changed at once: whatever happens then, nobody knows why."),
    ),
    "lessons": Topic(
        mark("Lessons"),
        mark(
            "Short lessons, one idea in each step. A step says what to do and why, frames the control that it is about,"
            " and turns green when it was measured that you got there. A teacher's own lessons are files in the folder"
            " “lessons” of the Duelo folder."
        ),
        mark(
            "The bars below a step: how far the value is, and the mark where it should be. Hints come after a while; a"
            " wrong turn is explained as soon as the diagnosis sees it."
        ),
        mark("You say beforehand what you expect, and then look whether it happens."),
        mark("Only what was trained, or opened, since the lesson began counts: old runs say nothing about you."),
    ),
    "samples": Topic(
        mark("Samples"),
        mark(
            "Pictures that the generator makes, always out of the same random numbers, so that you can compare one"
            " epoch with another. Where there are classes, each has a column. The blue bar under a picture is D's"
            " verdict: the longer it is, the more real D takes the picture to be. The last rows are left out where all"
            " would be small; what is saved has them all. Before the first training you see real pictures."
        ),
        mark(
            "Go through the epochs with the slider: first blots, then strokes, then shapes. Compare the pictures of"
            " one column with each other. Click a picture to look at it closely."
        ),
        mark("Every picture can be read, and no two are alike: thick and thin, upright and slanted."),
        mark(
            "The same picture again and again, whatever the noise: G has found one that fools D and draws no other"
            " (mode collapse)."
        ),
        "variety",
    ),
    "points": Topic(
        mark("Points"),
        mark(
            "Where the data are points instead of pictures, everything that G and D do can be seen at once. Gray"
            " crosses are real points, orange discs are those that G makes, always out of the same random numbers. The"
            " ground is D's opinion: the bluer a place, the more real D takes a point there to be. An arrow tells"
            " where G's loss would have a point go; it is longer where the push is stronger. A table of more than two"
            " columns shows each column against each other, and in the diagonal how often each value occurs."
        ),
        mark(
            "Switch off what is in the way, at the right. Go through the epochs with the slider: how do the discs find"
            " the crosses? Rest the pointer on a place to read its numbers."
        ),
        mark(
            "The discs lie where the crosses lie, in every cloud, and the ground has become even all over: D cannot"
            " tell one from the other."
        ),
        mark(
            "All discs in one or two clouds: a mode collapse, seen as such. Or arrows so short that nobody moves: D is"
            " so certain that its opinion is flat, and G gets no hint where to go."
        ),
        "variety",
    ),
    "drawn_points": Topic(
        mark("Draw points"),
        mark(
            "A plane to spray points on, which become real data: a table with the columns x and y, kept in the folder"
            " “drawings” of the Duelo folder. Hold the mouse button, or Space, to spray; the right button, or the"
            " eraser, takes points away."
        ),
        mark("Draw what is hard for a GAN: clouds far from each other, thin lines, a hole in the middle."),
        mark("Some hundred points or more, so that there is something to learn from."),
        mark("A handful of points: D learns them by heart, and G chases after single ones."),
        "variety",
    ),
    "curves": Topic(
        mark("Curves"),
        mark(
            "Above, the losses of G (orange) and D (blue, dashed): how far each is from its goal. Below, how real D "
            "takes real {data:pictures} (gray) and generated ones (orange) to be. The thin line is every point, the "
            "thick one their average. Dotted lines mark your changes and pauses. In a small window the losses stand "
            "alone; drag the edge above them upward, and D's verdicts are there again."
        ),
        mark(
            "Do not wait for losses to fall to zero, as they would elsewhere: each player's goal moves, because the"
            " other one learns, too. Look at which of the two is ahead, and whether that stays so. Click to see the"
            " samples of that moment."
        ),
        mark("Both losses swing around a level, and the verdicts stay between 20 and 80%: the duel is open."),
        mark(
            "D's loss goes to zero while G's rises, and the verdicts part to 100 and 0%: D has won, and G gets no"
            " useful hints any more."
        ),
        "curves",
    ),
    "strip": Topic(
        mark("Epoch slider"),
        mark(
            "All epochs of the run, each as a small picture, on the same time axis as the curves above. The slider"
            " moves everything through time: samples, verdicts, measures, and the explorer with that epoch's"
            " generator."
        ),
        mark(
            "Play the epochs from the first to the last. At which one can the pictures be read? When do they get no"
            " better?"
        ),
        mark("At the last epoch the strip follows the training; “Newest” takes you back there."),
        mark("While you look back, newer epochs come in unseen: what you see is not what G can do now."),
    ),
    "play": Topic(
        mark("Beat the discriminator"),
        mark(
            "Twenty pictures, half real, half generated: you say which is which, and D of the epoch shown says it of"
            " the same pictures. What was played is kept with the run, so that a class can play in turn."
        ),
        mark("Play at an early epoch and at a late one. Who is better, and when does that turn?"),
        mark("Late, both of you are right half of the time: G draws as the data are."),
        mark("You are right all the time: G is far from real. D is, and you are not: it sees what no eye sees."),
    ),
    "ask": Topic(
        mark("Ask D"),
        mark(
            "D of the epoch shown looks at what you draw or bring, as it would look at a training image: how probably"
            " real it takes it to be, and which of its pixels made it say so."
        ),
        mark("Draw slowly: when does D begin to believe you? Does it believe a 7 that it shall take for a 1?"),
        mark("What looks like the training images pleases D, and what the colors point at is what you would mend."),
        mark("D says the same whatever you draw: it looks at something that no eye sees, or has learned nothing."),
    ),
    "export": Topic(
        mark("Export"),
        mark(
            "Samples and walks are made by the generator that is shown, at its epoch. NPZ holds the images, their"
            " labels and their z. ONNX runs in other languages and on other devices, and the script needs no more than"
            " torch: both take z and, of a conditional generator, a label."
        ),
        mark("Does the generator draw the same elsewhere? What is written is tried first, where that can be done."),
        mark("A file that you can open, and a sentence that says by how little its pictures differ."),
        mark("The package onnx may be missing: a sentence says how to install it. The script needs no package."),
    ),
    "classes": Topic(
        mark("Digits and other classes"),
        mark(
            "Ask the generator for a class, with a button or a key from 0 to 9, and see it in many styles; blend"
            " classes, because G knows each as numbers that can be mixed; or write a line in one handwriting, because"
            " every digit is made from nearly the same z. It needs a generator that was told the classes (a"
            " conditional one); what others draw is sorted by what the judge reads."
        ),
        mark("Does it draw what you ask for? Where on the way from 3 to 8 does the judge change its mind?"),
        mark("Twenty different pictures, and every one of them is the class that you asked for."),
        mark("Other classes among them, or twenty times the same: G ignores the label, or the noise."),
    ),
    "sample": Topic(
        mark("Sample"),
        mark(
            "One sample looked at closely: what D says of it, which places make it say so, what the judge reads, the"
            " training image nearest to it, and the picture after G has followed D's advice 1, 5 and 20 times."
        ),
        mark(
            "The colored map: where would D like more ink, where less? Compare the sample with its nearest training"
            " image, and see whether D's advice makes it better."
        ),
        mark(
            "The advice makes strokes whole and edges clean, and the nearest training image is clearly another picture."
        ),
        mark(
            "The sample is the same as its neighbor: learned by heart. Or the advice is nothing but noise, and D"
            " likes it ever more: D can be fooled by what no person would see."
        ),
    ),
    "quality": Topic(
        mark("Quality"),
        mark(
            "A judge that takes no part in the duel looks at thousands of samples. The Fréchet distance says how far"
            " they are, all together, from real {data:images}: smaller is better. Fidelity says how many could be real,"
            " variety how much of what is real G can draw."
        ),
        mark(
            "Losses do not tell whether {data:pictures} are good; these numbers do. Compare the distance with that "
            "of real {data:images}, which is never zero, and look which class is read worst."
        ),
        mark("The distance falls from epoch to epoch and comes close to that of real images; every class is drawn."),
        mark("Fidelity rises while variety falls: pictures get prettier because G draws ever fewer kinds of them."),
    ),
    "health": Topic(
        mark("Health"),
        mark(
            "Troubles of the training, named while they happen, each with its evidence on the curves, why it happens,"
            " and the options that cure it. Below, D's verdicts right now and the facts of the run."
        ),
        mark("Read the evidence first and find it on the curves. Then try the cure, and watch what becomes of it."),
        mark(
            "Nothing is named, and the two bars lie apart but not at the ends: D can tell real from generated, though"
            " not every time."
        ),
        mark("The same trouble again after its cure: it has another cause. Try one more thing, or begin anew."),
    ),
    "pictures": Topic(
        mark("Own pictures"),
        mark(
            "Turns a folder into training data; sub-folders become classes. You see the pictures exactly as D will"
            " see them, how many there are of each class, and which files were left out and why."
        ),
        mark(
            "Is what matters still to be seen when the pictures are this small? Is the ink the lighter part, as in"
            " the digits? Are all classes equally large?"
        ),
        mark("Some hundred pictures or more, alike in size, place and ground: G can spend its strength on the shapes."),
        mark("Very few pictures, which are soon learned by heart, or pictures that have nothing in common."),
    ),
    "handwriting_sheet": Topic(
        mark("Own handwriting"),
        mark(
            "A page with ten rows of boxes and four black squares. From the squares Duelo knows how the sheet lies in a"
            " photograph; from the row it knows which digit was meant. The judge then reads every digit, and shows"
            " first those that it takes for another one."
        ),
        mark("Look at the first ones: is it a strange hand, or was the wrong box taken? Leave out only the latter."),
        mark("A hundred digits of each kind from twenty hands: G learns hands, not digits alone."),
        mark("One sheet for everything: with a few dozen pictures, G copies them and D knows them by heart."),
    ),
    "drawn_digits": Topic(
        mark("Draw digits"),
        mark(
            "You draw one digit after the other, ten of each kind in a row. Each is cut out as MNIST's were: 20 pixels "
            "in its longer side, its center of mass in the middle. Beside it stands how the judge reads it."
        ),
        mark("Draw large and as you usually write. Ctrl+Z takes back a stroke, and then the last digit."),
        mark("Many hands: let a class take turns, each with ten of every digit."),
        mark("Twice the same digit with the same strokes: G learns them by heart."),
    ),
    "film": Topic(
        mark("Film"),
        mark(
            "Saves the whole training as a film (MP4 or GIF), with samples, curves and the epoch, or as a contact"
            " sheet: one page with the samples of many epochs. A training under way goes on meanwhile."
        ),
        mark("Choose a speed at which the first epochs can be followed: most happens there."),
        mark("A film of ten to thirty seconds; an MP4 is smaller and sharper than a GIF."),
        mark("Very many epochs in a few seconds: nobody sees when it began to work."),
    ),
    "sweep": Topic(
        mark("Sweep"),
        mark(
            "All numbers of z are equal and go from one end to the other in ten steps: a single line through everything"
            " that G can draw, once for each class. Each picture stands under its value."
        ),
        mark(
            "Follow a row from left to right: where does one shape turn into another, and how? What changes in all"
            " rows alike does not depend on the class."
        ),
        mark("Neighbors are alike and the ends differ: G has learned what lies between its pictures."),
        mark("The same picture ten times, or a jump between two neighbors: z means little to G, or not everywhere."),
    ),
    "keys": Topic(
        mark("Keyboard shortcuts"),
        mark(
            "All keys, by what they are for. Those under a part of the window are heard while this part has the focus,"
            " all others wherever you are and no text is being typed."
        ),
        mark(
            "Type a word of what you want to do, or a key. F6 goes from one part of the window to the next, Tab from"
            " control to control; a ring shows where you are."
        ),
        mark("Space trains and pauses, the arrows go through the epochs, Ctrl and a number chooses the workspace."),
        mark("A key that does nothing: another part has the focus, or it makes no sense now; the menu says why."),
    ),
    "code": Topic(
        mark("Code of a run"),
        mark(
            "This run as one short script of plain PyTorch: its images, both networks layer by layer with the shapes"
            " they give, the losses, and the loop. Every number is one of this run's options. G's names are orange,"
            " D's blue."
        ),
        mark(
            "Find the two halves of the loop: where D learns, and where D is frozen and G learns. Then find the option"
            " that you changed last, and see where it is used."
        ),
        mark(
            "You can say of each line what would happen without it. The saved script runs where there is PyTorch, and"
            " has the losses of this run."
        ),
        mark(
            "The script says above what it leaves out. What changes while it trains, such as growing networks, is no"
            " short script and is refused."
        ),
    ),
    "magnifier": Topic(
        mark("One step under the magnifier"),
        mark(
            "One step of the training in slow motion: z, what G draws, what D says of real and of generated pictures,"
            " D's loss with its numbers, D moves; then D is frozen, looks again, and G moves. Under each picture D's"
            " mind: pale before somebody moved, full now. It is the very step that training takes, and the training"
            " goes on from there as if nobody had looked."
        ),
        mark(
            "Look at which layers moved and which stood still; a click on a layer shows what it gives. After “D "
            "learns” compare the two bars of real and of generated {data:pictures}; after “G learns” see how the "
            "same z is drawn now."
        ),
        mark(
            "D's mind moves a little each time, real ones up, generated ones down; then G pulls the generated ones up."
        ),
        mark(
            "Bars that are all full or all empty: one player is so far ahead that the other one learns nothing. “Only D"
            " learns” and “Only G learns” try on copies where that leads."
        ),
        "duel",
    ),
}
