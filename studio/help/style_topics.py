"""The explanations of the workspace Style. Texts only; each part says where it is built which is its own."""

from __future__ import annotations

from engine.i18n import mark
from studio.help.topic import Topic

STYLE: dict[str, Topic] = {
    "style": Topic(
        mark("Style transfer"),
        mark(
            "Here no network learns: a picture does. A network that has seen a million photographs (VGG) looks at it."
            " What its deeper layers see where is the content; which of its features occur together, wherever, is the"
            " style. Step by step, every pixel is moved so that the content becomes that of one picture and the style"
            " that of the other."
        ),
        mark(
            "Move the weights while it paints: more style, and the picture comes apart into strokes; more content, and"
            " they follow its outlines. Slide the curtain to compare, and the step slider to see how it came about."
        ),
        mark("One still knows what is shown, and it looks as if it had been painted that way."),
        mark(
            "Colored grain everywhere: the smoothness counts too little. Hardly any change: the style counts too"
            " little, or its picture is nearly empty."
        ),
    ),
    "style_losses": Topic(
        mark("Losses of a style transfer"),
        mark(
            "How far the picture is from what is wished for, each as a share of that: content (blue, dashed), style"
            " (orange) and variation (gray, dotted), which says how much neighboring pixels differ. The scale is"
            " logarithmic: each step down is as much again, by a factor. What is minimized is their sum, each times its"
            " weight."
        ),
        mark(
            "From the content picture, its own loss begins at nothing and rises, while that of the style falls: one is"
            " paid for with the other."
        ),
        mark("The style falls to a tenth or a hundredth in the first fifty steps, then slowly."),
        mark("A curve that jumps: the steps are too long. They are undone and shortened where numbers get too large."),
    ),
    "gram": Topic(
        mark("Gram matrices"),
        mark(
            "In a layer, each feature is a map: where does the picture have such an edge, color or pattern? The Gram"
            " matrix forgets where, and keeps which two features occur together, and how strongly: a row and a column"
            " for each. That is what is called style here. Both matrices have the same scale, and the style's strongest"
            " features come first."
        ),
        mark(
            "Watch the right one become like the left one. Then let only the first layer count: color and grain of the"
            " style, and none of its shapes; or only the last."
        ),
        mark("After some dozen steps the two can hardly be told apart."),
        mark("One stays dark: this layer does not count, or the content holds it back. Give the style more weight."),
    ),
}
