import hashlib
import pickle
import struct

import numpy as np
import pytest
import torch

from engine.config import Config
from engine.datasets import catalog, digits, torchvision_repair
from engine.datasets.batches import Batches
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.recipes import recipe
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


def test_the_embedded_digits_are_500_of_each_class_in_their_own_gray_values():
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
    data = catalog.load(Config(classes=(3, 8)))
    assert data.class_names == ("3", "8")
    assert np.bincount(data.labels).tolist() == [500, 500]
    everything = catalog.load(Config())
    assert np.array_equal(data.images[data.labels == 1], everything.images[everything.labels == 8])
    assert catalog.original_labels(np.array([0, 1, -1]), (3, 8)).tolist() == [3, 8, -1]


def test_unknown_data_sets_and_classes_are_refused():
    with pytest.raises(UserError, match="fashion-mnist"):
        catalog.load(Config(dataset="fashionmnist"))
    with pytest.raises(UserError, match="from 0 to 9"):
        catalog.load(Config(classes=(3, 10)))


def test_torchvision_imports_beside_cpu_torch():
    assert torchvision_repair.import_torchvision().datasets.MNIST
    assert torchvision_repair.import_torchvision() is torchvision_repair.import_torchvision()


def test_files_that_are_there_are_used_as_they_are(mnist_root):
    root, images = mnist_root
    data = catalog.load(Config(dataset="mnist", data_root=str(root)))
    assert np.array_equal(data.images[:, 0], images)
    assert data.labels.tolist() == list(range(10)) * 2
    assert data.facts.image_count == 20


def test_what_is_at_hand_is_told_without_reading_it(mnist_root, tmp_path):
    root, _ = mnist_root
    assert catalog.is_at_hand(Config())
    assert catalog.is_at_hand(Config(dataset="mnist", data_root=str(root)))
    assert not catalog.is_at_hand(Config(dataset="kmnist", data_root=str(root)))
    (root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").unlink()
    assert catalog.is_at_hand(Config(dataset="mnist", data_root=str(root)))
    (root / "MNIST" / "raw" / "train-labels-idx1-ubyte").unlink()
    assert not catalog.is_at_hand(Config(dataset="mnist", data_root=str(root)))
    assert catalog.is_at_hand(Config(dataset="pictures", data_root=str(tmp_path)))
    assert not catalog.is_at_hand(Config(dataset="pictures"))


def test_emnist_stands_upright(tmp_path):
    lying = np.arange(4 * 28 * 28).reshape(4, 28, 28) % 251
    raw = tmp_path / "EMNIST" / "raw"
    write_idx(raw / "emnist-digits-train-images-idx3-ubyte", lying)
    write_idx(raw / "emnist-digits-train-labels-idx1-ubyte", np.arange(4))
    data = catalog.load(Config(dataset="emnist-digits", data_root=str(tmp_path)))
    assert np.array_equal(data.images[:, 0], lying.transpose(0, 2, 1))
    assert data.labels.tolist() == [0, 1, 2, 3]


def test_cifar_is_in_color_with_channels_first(tmp_path, monkeypatch):
    kind = torchvision_repair.import_torchvision().datasets.CIFAR10
    pixels = (np.arange(2 * 3072).reshape(2, 3072) % 256).astype(np.uint8)
    folder = tmp_path / kind.base_folder
    folder.mkdir()
    md5 = {}
    for name in ("batches.meta", "test_batch", *(f"data_batch_{number}" for number in range(1, 6))):
        content = pickle.dumps({"data": pixels, "labels": [3, 9], "label_names": list("abcdefghij")})
        (folder / name).write_bytes(content)
        md5[name] = hashlib.md5(content).hexdigest()
    monkeypatch.setattr(kind, "train_list", [[f"data_batch_{n}", md5[f"data_batch_{n}"]] for n in range(1, 6)])
    monkeypatch.setattr(kind, "test_list", [["test_batch", md5["test_batch"]]])
    monkeypatch.setattr(kind, "meta", kind.meta | {"md5": md5["batches.meta"]})
    data = catalog.load(Config(dataset="cifar10", data_root=str(tmp_path), classes=(9,)))
    assert data.images.shape == (5, 3, 32, 32) and data.images.dtype == np.uint8
    assert np.array_equal(data.images[0].reshape(-1), pixels[1])
    assert data.class_names == ("truck",)
    (folder / "data_batch_3").write_bytes(b"another file")
    with pytest.raises(UserError, match="damaged"):
        catalog.load(Config(dataset="cifar10", data_root=str(tmp_path)))


def test_damaged_files_are_told(mnist_root):
    root, _ = mnist_root
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03rubbish")
    with pytest.raises(UserError, match="damaged"):
        catalog.load(Config(dataset="mnist", data_root=str(root)))


@pytest.mark.parametrize("labels", [np.arange(7), np.full(20, 10)])
def test_labels_that_do_not_fit_the_images_are_damage(mnist_root, labels):
    root, _ = mnist_root
    write_idx(root / "MNIST" / "raw" / "train-labels-idx1-ubyte", labels)
    with pytest.raises(UserError, match="damaged"):
        catalog.load(Config(dataset="mnist", data_root=str(root)))


def test_every_image_is_seen_once_per_epoch_in_an_order_of_seed_and_position():
    data = tiny.data()
    marked = type(data)(np.arange(80, dtype=np.uint8).reshape(80, 1, 1, 1), data.labels, data.class_names)
    batches = Batches(marked, 5, torch.device("cpu"))
    pixels = [
        ((batches.get_batch(position, 16)[0] + 1) * 127.5).round().flatten().int().tolist()
        for position in range(0, 160, 16)
    ]
    first, second = [p for part in pixels[:5] for p in part], [p for part in pixels[5:] for p in part]
    assert sorted(first) == sorted(second) == list(range(80))
    assert first != second != list(range(80))
    across = Batches(marked, 5, torch.device("cpu")).get_batch(72, 16)[0]
    assert ((across.flatten() + 1) * 127.5).round().int().tolist() == first[72:] + second[:8]
    other = Batches(marked, 6, torch.device("cpu")).get_batch(0, 16)[0]
    assert ((other.flatten() + 1) * 127.5).round().int().tolist() != first[:16]


def test_batches_have_pixels_from_minus_one_to_one():
    images, labels = Batches(catalog.load(Config()), 0, torch.device("cpu")).get_batch(0, 64)
    assert images.shape == (64, 1, 28, 28) and images.dtype == torch.float32
    assert images.min() == -1 and images.max() == 1
    assert labels.dtype == torch.int64


def test_batches_can_have_pixels_from_zero_to_one():
    images, _ = Batches(catalog.load(Config()), 0, torch.device("cpu"), "0..1").get_batch(0, 64)
    assert images.min() == 0 and images.max() == 1


def test_images_mapped_from_the_disk_give_the_same_batches(tmp_path):
    data = tiny.data()
    np.save(tmp_path / "images.npy", data.images)
    mapped = type(data)(np.load(tmp_path / "images.npy", mmap_mode="r"), data.labels, data.class_names)
    assert isinstance(mapped.images, np.memmap)
    for position in (0, 72, 803):
        expected = Batches(data, 3, torch.device("cpu")).get_batch(position, 16)
        got = Batches(mapped, 3, torch.device("cpu")).get_batch(position, 16)
        assert all(torch.equal(one, other) for one, other in zip(expected, got, strict=True))


def test_a_few_images_are_spread_evenly_over_the_classes():
    data = catalog.load(recipe("studio").config(max_images=35))
    assert len(data.images) == 35
    assert sorted(np.bincount(data.labels).tolist()) == [3] * 5 + [4] * 5
    whole = catalog.load(recipe("studio").config())
    assert whole.subset(0) is whole and whole.subset(10**6) is whole
    first = np.flatnonzero(whole.labels == 9)[0]
    assert np.array_equal(data.images[data.labels == 9][0], whole.images[first])
    plain = ImageData(whole.images, np.full(len(whole.images), -1), ())
    assert len(plain.subset(7).images) == 7


def test_wrong_labels_are_as_many_as_asked_for_and_the_same_each_time():
    right = catalog.load(recipe("studio").config())
    wrong, again = (catalog.load(recipe("studio").config(label_noise=0.5)) for _ in range(2))
    assert np.array_equal(wrong.labels, again.labels) and np.array_equal(wrong.images, right.images)
    assert 0.4 < np.mean(wrong.labels != right.labels) < 0.5  # a tenth of the random ones are right
    plain = ImageData(right.images, np.full(len(right.images), -1), ())
    assert plain.with_label_noise(1.0, 0) is plain
