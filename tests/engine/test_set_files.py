"""MNIST and its sisters under the names and in the places where people have them."""

import gzip
import struct

import numpy as np
import pytest
from PIL import Image

from engine.config import Config
from engine.datasets import catalog, set_files, torchvision_repair
from engine.datasets.info import DatasetInfo
from engine.errors import UserError

COUNT = 30
IMAGES = np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28)).astype(np.uint8)
LABELS = np.arange(COUNT) // 3  # sorted, as folders are


def idx(array):
    return struct.pack(">BBBB" + "I" * array.ndim, 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def put_idx(folder, images="train-images-idx3-ubyte", labels="train-labels-idx1-ubyte", pack=bytes):
    put(folder / images, pack(idx(IMAGES)))
    put(folder / labels, pack(idx(LABELS)))


def put_table(path, header=True, last=False, pack=bytes):
    names = [f"pixel{number}" for number in range(784)]
    columns = [*names, "class"] if last else ["label", *names]
    rows = np.insert(IMAGES.reshape(COUNT, 784).astype(int), 784 if last else 0, LABELS, axis=1)
    lines = [",".join(columns)] * header + [",".join(map(str, row)) for row in rows]
    put(path, pack("\n".join(lines).encode() + b"\n"))


def put_folders(folder, names=tuple("0123456789")):
    for index, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
        (folder / names[label]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / names[label] / f"{index}.png")


PLACES = {
    "torchvision's": lambda root: put_idx(root / "MNIST" / "raw"),
    "flat": put_idx,
    "flat in a folder of its name": lambda root: put_idx(root / "mnist"),
    "in raw": lambda root: put_idx(root / "raw"),
    "with dots": lambda root: put_idx(root, "train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    "with dots, packed": lambda root: put_idx(
        root, "train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", gzip.compress
    ),
    "packed": lambda root: put_idx(
        root / "MNIST" / "raw", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", gzip.compress
    ),
    "packed under unpacked names": lambda root: put_idx(root, pack=gzip.compress),
    "short names": lambda root: put_idx(root, "train-images", "train-labels"),
    "table": lambda root: put_table(root / "train.csv"),
    "table without names": lambda root: put_table(root / "mnist_train.csv", header=False),
    "table, label last": lambda root: put_table(root / "mnist.csv", last=True),
    "packed table": lambda root: put_table(root / "train.csv.gz", pack=gzip.compress),
    "folders": put_folders,
    "folders in train": lambda root: put_folders(root / "train"),
    "folders below its name": lambda root: put_folders(root / "MNIST" / "training"),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_the_same_images_are_read_however_they_are_stored(tmp_path, place):
    place(tmp_path)
    config = Config(dataset="mnist", data_root=str(tmp_path))
    assert catalog.is_at_hand(config)
    data = catalog.load(config)
    assert np.array_equal(data.images[:, 0], IMAGES) and data.labels.tolist() == LABELS.tolist()
    assert data.facts == DatasetInfo(COUNT, tuple("0123456789"), 1, 28)
    assert data.images.dtype == np.uint8


@pytest.mark.parametrize("part", ["", "MNIST", "MNIST/raw"])
def test_any_folder_on_the_way_to_the_files_will_do(tmp_path, part):
    put_idx(tmp_path / "MNIST" / "raw")
    assert len(catalog.load(Config(dataset="mnist", data_root=str(tmp_path / part))).images) == COUNT


def test_however_many_files_lie_beside_them_none_is_passed_over(tmp_path):
    for number in range(10_001):
        (tmp_path / f"{number}.png").touch()
    assert len(set_files.names_in(tmp_path)) == 10_001


def test_it_is_what_torchvision_reads(tmp_path):
    put_idx(tmp_path / "MNIST" / "raw")
    for half in ("images-idx3", "labels-idx1"):
        put(tmp_path / "MNIST" / "raw" / f"t10k-{half}-ubyte", b"")
    theirs = torchvision_repair.import_torchvision().datasets.MNIST(tmp_path, train=True)
    ours = catalog.load(Config(dataset="mnist", data_root=str(tmp_path)))
    assert np.array_equal(ours.images[:, 0], theirs.data) and np.array_equal(ours.labels, theirs.targets)


def test_a_sister_is_never_taken_for_another(tmp_path):
    put_idx(tmp_path / "FashionMNIST" / "raw")
    for root in (tmp_path, tmp_path / "FashionMNIST", tmp_path / "FashionMNIST" / "raw"):
        assert not catalog.is_at_hand(Config(dataset="mnist", data_root=str(root)))
        assert catalog.is_at_hand(Config(dataset="fashion-mnist", data_root=str(root)))
    put_idx(tmp_path / "EMNIST", "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte")
    assert not catalog.is_at_hand(Config(dataset="emnist-digits", data_root=str(tmp_path)))


def test_folders_may_have_the_names_of_the_classes(tmp_path):
    names = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "Ankle_boot")
    put_folders(tmp_path, names)
    data = catalog.load(Config(dataset="fashion-mnist", data_root=str(tmp_path)))
    assert data.labels.tolist() == LABELS.tolist()


def huge(shape):
    return struct.pack(">BBBBIII", 0, 0, 8, 3, *shape) + bytes(100)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("train-images-idx3-ubyte", huge((4_000_000_000, 28, 28)), "train-images-idx3-ubyte"),
        ("train-images-idx3-ubyte", huge((60_000, 28, 28)), "length"),
        ("train-images-idx3-ubyte", huge((1, 60_000, 60_000)), "28 pixels wide"),
        ("train-images-idx3-ubyte", gzip.compress(idx(IMAGES))[:-500], "cannot be read"),
        ("train-images-idx3-ubyte", idx(np.tile(IMAGES, (2, 1, 1))), "30 labels for 60 images"),
        ("train-labels-idx1-ubyte", idx(LABELS + 5), "none of the 10 classes"),
    ],
)
def test_files_that_are_not_what_they_say_are_named(tmp_path, name, content, says):
    put_idx(tmp_path)
    put(tmp_path / name, content)
    with pytest.raises(UserError, match=says) as told:
        catalog.load(Config(dataset="mnist", data_root=str(tmp_path)))
    assert name in told.value.message or "labels" in told.value.message


@pytest.mark.parametrize("content", [b"", b"label,pixel0\n", b"a,b\n1,2\n", b"1" * 1_000_000, b"label\n" + b"x," * 785])
def test_tables_of_something_else_are_named(tmp_path, content):
    put(tmp_path / "train.csv", content)
    with pytest.raises(UserError, match=r"train\.csv.*784 pixels"):
        catalog.load(Config(dataset="mnist", data_root=str(tmp_path)))


def test_a_picture_of_another_size_is_named(tmp_path):
    put_folders(tmp_path)
    Image.new("L", (30, 28)).save(tmp_path / "3" / "odd.png")
    with pytest.raises(UserError, match=r"odd\.png.*28 pixels"):
        catalog.load(Config(dataset="mnist", data_root=str(tmp_path)))


def test_what_is_not_recognized_is_named_with_what_to_do(tmp_path, monkeypatch):
    def nowhere(url, remote, what):
        raise OSError("no network")
        yield

    monkeypatch.setattr("engine.datasets.download._fetch_from", nowhere)
    put(tmp_path / "mnist_final_2.bin", b"x")
    put(tmp_path / "old" / "notes.txt", b"x")
    with pytest.raises(UserError) as told:
        catalog.load(Config(dataset="mnist", data_root=str(tmp_path)))
    assert "mnist_final_2.bin, old/" in told.value.message and "train-images-idx3-ubyte" in told.value.hint
