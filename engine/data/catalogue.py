"""The data sets that can be named, and reading them into arrays. Knows no torch until a torchvision set is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.data import digits
from engine.data.facts import DataFacts
from engine.errors import UserError, unknown_name
from engine.i18n import mark, tr

_DIGIT_NAMES = tuple("0123456789")


@dataclass(frozen=True)
class DataSet:
    """A set that can be chosen by name; ``title`` and ``summary`` are English source texts."""

    name: str
    title: str
    summary: str
    class_names: tuple[str, ...]
    torchvision_class: str = ""

    @property
    def is_embedded(self) -> bool:
        """Whether the images come with Duelo."""
        return not self.torchvision_class


DATASETS: dict[str, DataSet] = {
    dataset.name: dataset
    for dataset in [
        DataSet(
            "digits",
            mark("Handwritten digits"),
            mark("5,000 handwritten digits of MNIST, 500 of each class, 28×28 grey. Comes with Duelo."),
            _DIGIT_NAMES,
        ),
        DataSet(
            "mnist",
            mark("MNIST, complete"),
            mark("60,000 handwritten digits, 28×28 grey. Read from the data folder, or else downloaded (11 MB)."),
            _DIGIT_NAMES,
            "MNIST",
        ),
        DataSet(
            "fashion-mnist",
            mark("Fashion-MNIST"),
            mark("60,000 pictures of clothes, 28×28 grey. Read from the data folder, or else downloaded (30 MB)."),
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
            "FashionMNIST",
        ),
        DataSet(
            "kmnist",
            mark("KMNIST"),
            mark("60,000 old Japanese characters, 28×28 grey. Read from the data folder, or else downloaded (20 MB)."),
            ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"),
            "KMNIST",
        ),
    ]
}


@dataclass(frozen=True)
class ImageData:
    """Images uint8 ``[N, C, H, W]``, labels int64 ``[N]`` from 0, and the name of each label."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]

    @property
    def facts(self) -> DataFacts:
        """What stays in the run when the data is gone."""
        count, channels, size, _ = self.images.shape
        return DataFacts(count, self.class_names, channels, size)


def dataset(name: str) -> DataSet:
    """Return the data set called ``name``; raises ``UserError`` with the names that exist."""
    try:
        return DATASETS[name]
    except KeyError:
        raise unknown_name(tr("There is no data set “{name}”.", name=name), name, DATASETS) from None


def load(config: Config) -> ImageData:
    """Read the images that ``config`` names, with only the chosen classes. Raises ``UserError``."""
    chosen = dataset(config.dataset)
    _check_classes(config.classes, chosen)
    if chosen.is_embedded:
        images, labels = digits.load()
    else:
        from engine.data import torchvision_sets

        images, labels = torchvision_sets.load(chosen.torchvision_class, _data_root(config))
    return _only(ImageData(images[:, None], labels, chosen.class_names), config.classes)


def original_labels(labels: NDArray[np.int64], classes: tuple[int, ...]) -> NDArray[np.int64]:
    """Map labels of a run that trains on some classes only back to the data set's own; -1 stays -1."""
    if not classes:
        return labels
    return np.where(labels < 0, -1, np.asarray(classes)[labels])


def _data_root(config: Config) -> Path:
    return Path(config.data_root).expanduser() if config.data_root else Path.home() / "Duelo" / "data"


def _check_classes(classes: tuple[int, ...], chosen: DataSet) -> None:
    for label in classes:
        if not 0 <= label < len(chosen.class_names):
            raise UserError(
                tr("The data set “{name}” has no class {label}.", name=chosen.name, label=label),
                tr("Choose classes from 0 to {last}.", last=len(chosen.class_names) - 1),
            )


def _only(data: ImageData, classes: tuple[int, ...]) -> ImageData:
    if not classes:
        return data
    keep = np.isin(data.labels, classes)
    new_label = np.full(len(data.class_names), -1, np.int64)
    new_label[list(classes)] = np.arange(len(classes))
    names = tuple(data.class_names[label] for label in classes)
    return ImageData(data.images[keep], new_label[data.labels[keep]], names)
