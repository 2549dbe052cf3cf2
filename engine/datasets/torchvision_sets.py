"""MNIST and its sisters through torchvision: files that are there are used as they are, others are downloaded.

Names, addresses and checksums are torchvision's own; the download is ours, because it reports and can be canceled.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.config import Config
from engine.datasets import download, places, set_files, set_readers, torchvision_repair, unpack
from engine.datasets.images import ImageData
from engine.datasets.sets import DataSet
from engine.datasets.source import Source
from engine.errors import UserError
from engine.i18n import joined, tr
from engine.job import Job, Progress

_PARTS = ("images-idx3-ubyte", "labels-idx1-ubyte")
_IDX = tuple(f"{half}-{part}" for half in ("train", "t10k") for part in _PARTS)
_MOST = 2  # times as many images as the set has are read
_NAMED = 12
_CIFAR = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")
_DAMAGE = (ValueError, AssertionError, TypeError, EOFError, KeyError, IndexError)


class _Layout(NamedTuple):
    """Where torchvision looks below the data folder, for which files, and how it is asked for them."""

    folder: str
    files: tuple[str, ...] = _IDX
    arguments: dict[str, str] = {}  # noqa: RUF012 - never changed
    more_mirrors: tuple[str, ...] = ()


_LAYOUTS = {
    "MNIST": _Layout("MNIST/raw", more_mirrors=("https://storage.googleapis.com/cvdf-datasets/mnist/",)),
    "FashionMNIST": _Layout(
        "FashionMNIST/raw",
        more_mirrors=("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",),
    ),
    "KMNIST": _Layout("KMNIST/raw"),
    "EMNIST": _Layout("EMNIST/raw", tuple(f"emnist-digits-train-{part}" for part in _PARTS), {"split": "digits"}),
    "CIFAR10": _Layout("cifar-10-batches-py", _CIFAR),
}


class _Archive(NamedTuple):
    remote: download.Remote
    members: dict[str, Path]


def is_at_hand(dataset: DataSet, root: Path) -> bool:
    """Whether the training images of ``dataset`` lie in or near ``root``."""
    if dataset.torchvision_class == "CIFAR10":
        return all((root / _LAYOUTS["CIFAR10"].folder / file).is_file() for file in _CIFAR)
    return set_files.find(dataset, root) is not None


def read(dataset: DataSet, root: Path) -> Job[Progress, ImageData]:
    """Return the training images of ``dataset`` with their labels, and report on the way.

    Takes what lies in or near ``root`` under any of its usual names, and downloads into torchvision's own layout what
    does not. Raises ``UserError`` when the files are damaged or cannot be fetched.
    """
    title = tr(dataset.title)
    yield Progress(0, 0, tr("Reading {name}", name=title))
    if dataset.torchvision_class != "CIFAR10" and (stored := set_files.find(dataset, root)):
        return (yield from _read_stored(stored, dataset))
    kind = getattr(torchvision_repair.import_torchvision().datasets, dataset.torchvision_class)
    place = root / _LAYOUTS[dataset.torchvision_class].folder
    if not is_at_hand(dataset, root):
        yield from _bring(kind, title, root)
    if dataset.torchvision_class != "CIFAR10" and (stored := set_files.find(dataset, root)):
        return (yield from _read_stored(stored, dataset))
    try:
        return _arrays(kind(root, train=True, **_LAYOUTS[dataset.torchvision_class].arguments), dataset)
    except (*_DAMAGE, RuntimeError, OSError) as error:
        raise _damaged(place) from error


def _read_stored(stored: set_files.Stored, dataset: DataSet) -> Job[Progress, ImageData]:
    title = tr(dataset.title)
    try:
        images, labels = yield from set_readers.read(
            stored, title, _MOST * dataset.image_count, len(dataset.class_names)
        )
    except set_readers.BadFileError as error:
        raise UserError(
            tr("“{path}” is damaged, or is not {name}: {reason}.", path=error.path, name=title, reason=error.reason),
            tr("Put another copy in its place, or remove it: what is missing is fetched anew."),
        ) from error
    if dataset.torchvision_class == "EMNIST" and not isinstance(stored, set_files.ClassFolders):
        images = np.ascontiguousarray(images.swapaxes(1, 2))  # its makers stored columns as rows
    return ImageData(images[:, None], labels, dataset.class_names)


def _arrays(found: Any, dataset: DataSet) -> ImageData:
    images, labels = np.asarray(found.data, np.uint8), np.asarray(found.targets, np.int64)
    return ImageData(np.ascontiguousarray(images.transpose(0, 3, 1, 2)), labels, dataset.class_names)


def _bring(kind: Any, title: str, root: Path) -> Job[Progress, None]:
    layout = _LAYOUTS[kind.__name__]
    place = root / layout.folder
    archives = [archive for archive in _archives(kind, root) if not all(map(Path.is_file, archive.members.values()))]
    for number, (remote, members) in enumerate(archives, 1):
        was_here = remote.is_here()
        try:
            if not was_here:
                what = tr(
                    "Downloading {name}, file {number} of {count}", name=title, number=number, count=len(archives)
                )
                yield from download.fetch(remote, what)
            yield from unpack.unpack(remote.path, members, tr("Unpacking {name}", name=title))
        except download.NotFetchedError as error:
            raise _missing(title, root, place, layout.files) from error
        except unpack.DamagedArchiveError as error:
            raise _damaged(place) from error
        if not was_here:
            remote.path.unlink(missing_ok=True)


def _archives(kind: Any, root: Path) -> list[_Archive]:
    layout = _LAYOUTS[kind.__name__]
    place = root / layout.folder
    if kind.__name__ == "CIFAR10":
        remote = download.Remote((kind.url,), kind.tgz_md5, root / kind.filename)
        return [_Archive(remote, {f"{layout.folder}/{file}": place / file for file in layout.files})]
    if kind.__name__ == "EMNIST":
        remote = download.Remote((kind.url,), kind.md5, place / "gzip.zip")
        return [_Archive(remote, {f"gzip/{file}.gz": place / file for file in layout.files})]
    return [
        _Archive(
            download.Remote(
                tuple(f"{mirror}{name}" for mirror in (*kind.mirrors, *layout.more_mirrors)), md5, place / name
            ),
            {"": place / Path(name).stem},
        )
        for name, md5 in kind.resources
    ]


def _missing(title: str, root: Path, place: Path, wanted: tuple[str, ...]) -> UserError:
    message = tr("{name} is not in “{root}” and could not be downloaded.", name=title, root=root)
    names = set_files.names_in(root)
    if names:
        shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        message = joined(message, tr("There lie: {names}.", names=shown))
    if wanted == _CIFAR:
        files = ", ".join(wanted)
        hint = tr("Connect to the internet, or put these files into “{place}”: {files}.", place=place, files=files)
        return UserError(message, hint)
    hint = tr(
        "Connect to the internet, or put one of these into “{root}”: {files}, packed or not; a CSV table with a label "
        "and 784 pixels in each row; a folder with pictures for each class.",
        root=root,
        files=", ".join(name for name in wanted if "train" in name),
    )
    return UserError(message, hint)


def _damaged(place: Path) -> UserError:
    return UserError(
        tr("The files in “{place}” are damaged.", place=place),
        tr("Delete that folder and start again; they are fetched anew."),
    )


class _Torchvision(Source):
    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return the training images, downloaded where they are not at hand."""
        return (yield from read(chosen, places.data_root(config)))

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether they lie in or near the data folder."""
        return is_at_hand(chosen, places.data_root(config))


SOURCE = _Torchvision()
