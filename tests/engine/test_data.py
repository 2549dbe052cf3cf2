import struct
import urllib.error

import numpy as np
import pytest
import torch

from engine.config import Config
from engine.data import catalogue, digits, torchvision_repair
from engine.data.batches import Batches
from engine.errors import UserError
from tests import tiny


def write_idx(path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">BBBB" + "I" * array.ndim, 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


@pytest.fixture
def mnist_root(tmp_path):
    """A folder in torchvision's layout with 20 pictures."""
    raw = tmp_path / "MNIST" / "raw"
    images = np.arange(20 * 28 * 28).reshape(20, 28, 28) % 251
    for part in ("train", "t10k"):
        write_idx(raw / f"{part}-images-idx3-ubyte", images)
        write_idx(raw / f"{part}-labels-idx1-ubyte", np.arange(20) % 10)
    return tmp_path, images


def test_the_embedded_digits_are_500_of_each_class_in_their_own_grey_values():
    images, labels = digits.load()
    assert images.shape == (5000, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [500] * 10
    assert images.min() == 0 and images.max() == 255
    assert 0.1 < images.mean() / 255 < 0.16  # MNIST's mean is 0.1307
    assert len({image.tobytes() for image in images}) > 4990


def test_missing_digits_say_how_to_mend_it(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "PATH", tmp_path / "none.npz")
    with pytest.raises(UserError, match="Install Duelo again"):
        digits.load()
    (tmp_path / "none.npz").write_bytes(b"PK\x03\x04 rubbish")
    with pytest.raises(UserError):
        digits.load()


def test_a_class_filter_keeps_those_classes_and_numbers_them_anew():
    data = catalogue.load(Config(classes=(3, 8)))
    assert data.class_names == ("3", "8")
    assert np.bincount(data.labels).tolist() == [500, 500]
    everything = catalogue.load(Config())
    assert np.array_equal(data.images[data.labels == 1], everything.images[everything.labels == 8])
    assert catalogue.original_labels(np.array([0, 1, -1]), (3, 8)).tolist() == [3, 8, -1]


def test_unknown_data_sets_and_classes_are_refused():
    with pytest.raises(UserError, match="fashion-mnist"):
        catalogue.load(Config(dataset="fashionmnist"))
    with pytest.raises(UserError, match="from 0 to 9"):
        catalogue.load(Config(classes=(3, 10)))


def test_torchvision_imports_beside_cpu_torch():
    assert torchvision_repair.import_torchvision().datasets.MNIST
    assert torchvision_repair.import_torchvision() is torchvision_repair.import_torchvision()


def test_files_that_are_there_are_used_as_they_are(mnist_root):
    root, images = mnist_root
    data = catalogue.load(Config(dataset="mnist", data_root=str(root)))
    assert np.array_equal(data.images[:, 0], images)
    assert data.labels.tolist() == list(range(10)) * 2
    assert data.facts.image_count == 20


def test_offline_says_where_the_files_belong(tmp_path, monkeypatch):
    datasets = torchvision_repair.import_torchvision().datasets

    def offline(*_args, **_kwargs):
        raise urllib.error.URLError("offline")

    monkeypatch.setattr(datasets.mnist, "download_and_extract_archive", offline)
    with pytest.raises(UserError, match="raw") as caught:
        catalogue.load(Config(dataset="kmnist", data_root=str(tmp_path)))
    assert "KMNIST" in caught.value.message


def test_damaged_files_are_told(mnist_root):
    root, _ = mnist_root
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03rubbish")
    with pytest.raises(UserError, match="damaged"):
        catalogue.load(Config(dataset="mnist", data_root=str(root)))


def test_every_image_is_seen_once_per_epoch_in_an_order_of_seed_and_position():
    data = tiny.data()
    marked = type(data)(np.arange(80, dtype=np.uint8).reshape(80, 1, 1, 1), data.labels, data.class_names)
    batches = Batches(marked, 5, torch.device("cpu"))
    pixels = [
        ((batches.at(position, 16)[0] + 1) * 127.5).round().flatten().int().tolist() for position in range(0, 160, 16)
    ]
    first, second = [p for part in pixels[:5] for p in part], [p for part in pixels[5:] for p in part]
    assert sorted(first) == sorted(second) == list(range(80))
    assert first != second != list(range(80))
    across = Batches(marked, 5, torch.device("cpu")).at(72, 16)[0]
    assert ((across.flatten() + 1) * 127.5).round().int().tolist() == first[72:] + second[:8]
    other = Batches(marked, 6, torch.device("cpu")).at(0, 16)[0]
    assert ((other.flatten() + 1) * 127.5).round().int().tolist() != first[:16]


def test_batches_have_pixels_from_minus_one_to_one():
    images, labels = Batches(catalogue.load(Config()), 0, torch.device("cpu")).at(0, 64)
    assert images.shape == (64, 1, 28, 28) and images.dtype == torch.float32
    assert images.min() == -1 and images.max() == 1
    assert labels.dtype == torch.int64
