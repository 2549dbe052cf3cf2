"""The one table of data sets that can be named. Knows nothing of how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from engine import registry
from engine.datasets.info import POINTS, ROWS
from engine.errors import UserError, unknown_name
from engine.i18n import PICTURES, Noun, mark, tr

if TYPE_CHECKING:
    from engine.datasets.source import Source

_DIGIT_NAMES = tuple("0123456789")


@dataclass(frozen=True)
class DataSet:
    """A set that can be chosen by name; ``title``, ``summary`` and words in ``class_names`` are English source texts.

    ``where`` leads to the ``Source`` that reads it, "module:name". ``origin`` says where the images come from: out of
    the program, or the package, that knows the set; out of the net, where they are not in the data folder; out of files
    that a person brings because nothing fetches them; out of a folder of the person's own pictures, whose classes only
    the folder tells; or out of one file that the person names. ``points``: what is learned are points, rows of numbers
    (``engine.points``), and no pictures.
    """

    name: str
    title: str
    summary: str
    where: str
    class_names: tuple[str, ...] = ()
    origin: Literal["embedded", "fetched", "brought", "folder", "file"] = "embedded"
    torchvision_class: str = ""
    image_count: int = 0  # for training; 0 where only the folder or the file tells
    size: int = 28  # of the sides, in pixels; own pictures have that of their option
    channels: int = 1
    judge: str = ""  # the shipped judge that reads its pictures, where one does
    word: str = mark("Classes")  # what the classes are, all together; an English source text
    points: bool = False

    @property
    def is_embedded(self) -> bool:
        """Whether the images come with what knows the set."""
        return self.origin == "embedded"

    @property
    def noun(self) -> Noun:
        """What its data are called in sentences while nobody has read them (``DatasetInfo.noun``)."""
        return PICTURES if not self.points else ROWS if self.origin == "file" else POINTS

    @cached_property
    def source(self) -> Source:
        """What reads the images, imported now; raises ``UserError`` where it cannot be."""
        from engine.datasets.source import Source

        return registry.resolve(self.where, Source)  # type: ignore[type-abstract]


_TABLE = [
    DataSet(
        "digits",
        mark("Handwritten digits"),
        mark("5,000 handwritten digits of MNIST, 500 of each class, 28×28 gray. Comes with Duelo."),
        "engine.datasets.digits:SOURCE",
        _DIGIT_NAMES,
        image_count=5_000,
        judge="digits",
        word=mark("Digits"),
    ),
    DataSet(
        "faces",
        mark("Drawn faces"),
        mark("4,000 drawn faces, 500 with each color of hair, 64×64 in color. Comes with Duelo."),
        "engine.datasets.faces:SOURCE",
        (
            mark("black"),
            mark("brown"),
            mark("ginger"),
            mark("blond"),
            mark("gray"),
            mark("pink"),
            mark("blue"),
            mark("green"),
        ),
        image_count=4_000,
        size=64,
        channels=3,
        judge="faces",
        word=mark("Hair"),
    ),
    DataSet(
        "mnist",
        mark("MNIST, complete"),
        mark("60,000 handwritten digits, 28×28 gray. Read from the data folder, or else downloaded (11 MB)."),
        "engine.datasets.torchvision_sets:SOURCE",
        _DIGIT_NAMES,
        origin="fetched",
        torchvision_class="MNIST",
        image_count=60_000,
        judge="digits",
        word=mark("Digits"),
    ),
    DataSet(
        "fashion-mnist",
        mark("Fashion-MNIST"),
        mark("60,000 pictures of clothes, 28×28 gray. Read from the data folder, or else downloaded (30 MB)."),
        "engine.datasets.torchvision_sets:SOURCE",
        (
            mark("T-shirt"),
            mark("trousers"),
            mark("pullover"),
            mark("dress"),
            mark("coat"),
            mark("sandal"),
            mark("shirt"),
            mark("sneaker"),
            mark("bag"),
            mark("ankle boot"),
        ),
        origin="fetched",
        torchvision_class="FashionMNIST",
        image_count=60_000,
        word=mark("Clothes"),
    ),
    DataSet(
        "kmnist",
        mark("KMNIST"),
        mark("60,000 old Japanese characters, 28×28 gray. Read from the data folder, or else downloaded (20 MB)."),
        "engine.datasets.torchvision_sets:SOURCE",
        ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"),
        origin="fetched",
        torchvision_class="KMNIST",
        image_count=60_000,
        word=mark("Characters"),
    ),
    DataSet(
        "emnist-digits",
        mark("EMNIST digits"),
        mark(
            "240,000 handwritten digits of many more writers, 28×28 gray. Read from the data folder, or else "
            "downloaded (560 MB)."
        ),
        "engine.datasets.torchvision_sets:SOURCE",
        _DIGIT_NAMES,
        origin="fetched",
        torchvision_class="EMNIST",
        image_count=240_000,
        word=mark("Digits"),
    ),
    DataSet(
        "cifar10",
        mark("CIFAR-10"),
        mark("50,000 small photographs, 32×32 in color. Read from the data folder, or else downloaded (170 MB)."),
        "engine.datasets.torchvision_sets:SOURCE",
        (
            mark("airplane"),
            mark("car"),
            mark("bird"),
            mark("cat"),
            mark("deer"),
            mark("dog"),
            mark("frog"),
            mark("horse"),
            mark("ship"),
            mark("truck"),
        ),
        origin="fetched",
        torchvision_class="CIFAR10",
        image_count=50_000,
        size=32,
        channels=3,
    ),
    DataSet(
        "celeba",
        mark("CelebA, photographs of faces"),
        mark(
            "202,599 photographs of faces, cut to the middle, 64×64 in color. Read from celeba/img_align_celeba in "
            "the data folder, where you put them yourself."
        ),
        "engine.datasets.celeba:SOURCE",
        origin="brought",
        image_count=202_599,
        size=64,
        channels=3,
    ),
    DataSet(
        "pictures",
        mark("Own pictures"),
        mark("The pictures in a folder of your own; each of its sub-folders is a class."),
        "engine.datasets.folder:SOURCE",
        origin="folder",
    ),
    DataSet(
        "plane-ring",
        mark("Plane: a ring of eight clouds"),
        mark("10,000 points in the plane, in eight small clouds on a circle. Comes with Duelo."),
        "engine.points.clouds:RING",
        tuple(map(str, range(8))),
        image_count=10_000,
        size=1,
        channels=2,
        word=mark("Clouds"),
        points=True,
    ),
    DataSet(
        "plane-grid",
        mark("Plane: a grid of 25 clouds"),
        mark("10,000 points in the plane, in 25 small clouds, five by five. Comes with Duelo."),
        "engine.points.clouds:GRID",
        tuple(map(str, range(25))),
        image_count=10_000,
        size=1,
        channels=2,
        word=mark("Clouds"),
        points=True,
    ),
    DataSet(
        "plane-moons",
        mark("Plane: two moons"),
        mark("10,000 points in the plane, in two half moons that reach into each other. Comes with Duelo."),
        "engine.points.clouds:MOONS",
        (mark("upper moon"), mark("lower moon")),
        image_count=10_000,
        size=1,
        channels=2,
        word=mark("Clouds"),
        points=True,
    ),
    DataSet(
        "table",
        mark("Table of numbers"),
        mark("The rows of a CSV file of your own, two or more columns of numbers; two are drawn as points."),
        "engine.points.table:SOURCE",
        origin="file",
        size=1,
        channels=2,
        points=True,
    ),
]

DATASETS = registry.Registry("duelo.datasets", DataSet, _TABLE)


def dataset(name: str) -> DataSet:
    """Return the data set called ``name``; raises ``UserError`` with the names that exist."""
    try:
        return DATASETS[name]
    except KeyError:
        raise unknown_name(tr("There is no data set “{name}”.", name=name), name, DATASETS) from None


def is_points(name: str) -> bool:
    """Whether the data set ``name`` is known, and made of points."""
    return name in DATASETS and DATASETS[name].points


def noun_of(name: str) -> Noun:
    """Return what the data set ``name`` is called in sentences while nobody has read it."""
    return DATASETS[name].noun if name in DATASETS else PICTURES


def class_word(name: str) -> str:
    """Return what the classes of the data set ``name`` are, all together: a source text."""
    return DATASETS[name].word if name in DATASETS else DataSet.word


def check_classes(name: str, classes: tuple[int, ...]) -> None:
    """Raise ``UserError`` where the data set ``name`` has not all of ``classes``; of own pictures nobody knows yet."""
    chosen = dataset(name)
    wrong = next((label for label in classes if not 0 <= label < len(chosen.class_names)), None)
    if chosen.class_names and wrong is not None:
        raise UserError(
            tr("The data set “{name}” has no class {label}.", name=chosen.name, label=wrong),
            tr("Choose classes from 0 to {last}.", last=len(chosen.class_names) - 1),
        )
