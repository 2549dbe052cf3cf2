"""The options that say which images are trained on, and how own pictures become images."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator

from engine.config.declare import BOTH, Declarations, declare
from engine.errors import UserError
from engine.i18n import mark, tr

_BETWEEN_CLASSES = re.compile(r"[,;\s]+")

ImageFit = Literal["crop", "pad", "stretch"]
ImageColor = Literal["auto", "gray", "color"]
ImageGround = Literal["auto", "black", "white"]
ImageClasses = Literal["auto", "folders", "inner"]


class DataOptions(Declarations):
    """Where the real images come from."""

    dataset: str = declare(
        "digits",
        mark("Data set"),
        mark("The real {data:images} that D sees and G imitates."),
        group="hidden",
        fast_paths=BOTH,
    )
    data_root: str = declare(
        "",
        mark("Data folder"),
        mark("Folder that holds, or will hold, the files of a data set that does not come with Duelo."),
        group="hidden",
        fast_paths=BOTH,
    )
    classes: tuple[int, ...] = declare(
        (),
        mark("Classes"),
        mark("Train on these classes only, by number from 0, such as 3, 8; empty means all."),
        group="data",
        fast_paths=BOTH,
    )

    @field_validator("classes")
    @classmethod
    def _in_the_order_of_the_data(cls, classes: tuple[int, ...]) -> tuple[int, ...]:
        """However they were given: labels, columns and names follow the data."""
        return tuple(sorted(set(classes)))

    data_range: Literal["-1..1", "0..1"] = declare(
        "-1..1",
        mark("Range of the data"),
        mark("The numbers that black and white become. The output of G must be able to reach them."),
        group="data",
        titles=(mark("from −1 to 1"), mark("from 0 to 1")),
        fast_paths=BOTH,
    )
    max_images: int = declare(
        0,
        mark("{data:Images} used"),
        mark(
            "Train on this many {data:images} only, spread evenly over the classes; 0 means all. Few are learned by "
            "heart."
        ),
        group="data",
        minimum=0,
        maximum=10**9,
        unit=mark("{data:images}"),
        zero=mark("all"),
        fast_paths=BOTH,
    )
    shuffle: bool = declare(
        True,
        mark("Shuffle"),
        mark("The {data:images} come in a new random order in each epoch. Off: always in the order of the data."),
        group="data",
        fast_paths=BOTH,
    )
    label_noise: float = declare(
        0.0,
        mark("Wrong labels"),
        mark("Share of the real {data:images} whose label is replaced by a random one, to see what bad data does."),
        group="data",
        minimum=0.0,
        maximum=1.0,
        fast_paths=BOTH,
    )
    image_size: int = declare(
        28,
        mark("Size of own pictures"),
        mark("Own pictures are made this wide and high. Other data sets keep their size."),
        group="data",
        minimum=28,
        maximum=64,
        unit=mark("pixels"),
        fast_paths=BOTH,
    )
    image_fit: ImageFit = declare(
        "crop",
        mark("Shape of own pictures"),
        mark("What happens to a picture that is not square."),
        group="data",
        titles=(mark("cut to the middle"), mark("fill up the sides"), mark("stretch")),
        fast_paths=BOTH,
    )
    image_color: ImageColor = declare(
        "auto",
        mark("Color of own pictures"),
        mark("Automatic takes color if any picture has it."),
        group="data",
        titles=(mark("automatic"), mark("gray"), mark("color")),
        fast_paths=BOTH,
    )
    image_ground: ImageGround = declare(
        "auto",
        mark("Ground of own pictures"),
        mark("What lies behind transparent pictures. Automatic takes the one on which the ink of all is seen best."),
        group="data",
        titles=(mark("automatic"), mark("black"), mark("white")),
        fast_paths=BOTH,
    )
    image_classes: ImageClasses = declare(
        "auto",
        mark("Classes of own pictures"),
        mark(
            "Which folders are the classes. Automatic takes those in the chosen folder; where these are called train, "
            "test or the like, those inside them."
        ),
        group="data",
        titles=(mark("automatic"), mark("the folders"), mark("the folders inside them")),
        fast_paths=BOTH,
    )
    image_invert: bool = declare(
        False,
        mark("Invert own pictures"),
        mark("Turns dark ink on light paper into light ink on black, as in the digits that come with Duelo."),
        group="data",
        fast_paths=BOTH,
    )


def parse_classes(text: str) -> tuple[int, ...]:
    """Turn ``"8, 3"`` into ``(3, 8)``, the order of the data; raises ``UserError``."""
    try:
        return tuple(sorted({int(part) for part in _BETWEEN_CLASSES.split(text) if part}))
    except ValueError:
        raise UserError(
            tr("“{text}” is not a list of classes.", text=text), tr("Write whole numbers with commas, e.g. 3,8.")
        ) from None
