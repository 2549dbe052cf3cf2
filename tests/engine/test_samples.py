"""The command ``sample``: the sweep, a person's own latent vectors, and the shape of the picture."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine import cli, i18n, text
from engine.evaluation.evaluate import sample as draw
from engine.latent import interpolation
from engine.latent.sampling import random_z
from engine.runs import RunFolder
from engine.trainer import Trainer
from tests import tiny

SIDE, GAP = 8, 2


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def trained(folder, monkeypatch, **values):
    def read(_config):
        yield from ()
        return tiny.data()

    monkeypatch.setattr("engine.datasets.catalog.read", read)
    list(Trainer(tiny.config(epochs=1, **values), folder).run())
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def digits(place):
    with pytest.MonkeyPatch.context() as patch:
        return trained(RunFolder(place / "digits"), patch)


@pytest.fixture(scope="module")
def plain(place):
    """A run whose generator knows no classes."""
    with pytest.MonkeyPatch.context() as patch:
        return trained(RunFolder(place / "plain"), patch, architecture="mlp")


def arrays(folder, tmp_path, *arguments):
    out = tmp_path / "x.npz"
    assert run("sample", folder.path, "--out", out, *arguments) == 0
    with np.load(out) as file:
        return file["images"], file["labels"], file["z"]


def size(folder, tmp_path, *arguments):
    """Return the rows and columns of the PNG."""
    out = tmp_path / "x.png"
    assert run("sample", folder.path, "--out", out, *arguments) == 0
    with Image.open(out) as picture:
        return tuple((side + GAP) // (SIDE + GAP) for side in (picture.height, picture.width))


def test_the_sweep_of_a_generator_without_classes(plain, tmp_path, capsys):
    images, labels, z = arrays(plain, tmp_path, "--sweep", "-1..1")
    assert np.array_equal(z, interpolation.sweep(4)) and z.dtype == np.float32
    assert labels.tolist() == [-1] * 10 and labels.dtype == np.int64
    assert images.shape == (10, SIDE, SIDE) and images.dtype == np.uint8
    assert np.array_equal(images, draw(plain, z, labels))
    assert "−1 · −0.778 · −0.556" in capsys.readouterr().err
    assert size(plain, tmp_path, "--sweep", "-1..1") == (1, 10)
    assert size(plain, tmp_path, "--sweep", "-1..1", "--grid", "2x5") == (2, 5)


def test_the_sweep_has_a_row_for_each_label(digits, tmp_path):
    images, labels, z = arrays(digits, tmp_path, "--sweep", "-2..0,5", "--count", 3, "--labels", "38")
    assert z[:, 0].tolist() == [-2, -0.75, 0.5] * 2 and np.array_equal(z.min(1), z.max(1))
    assert labels.tolist() == [3, 3, 3, 8, 8, 8]
    assert np.array_equal(images, draw(digits, z, labels))
    assert size(digits, tmp_path, "--sweep", "-1..1") == (10, 10)
    assert size(digits, tmp_path, "--sweep", "-1..1", "--labels", "8") == (1, 10)
    assert size(digits, tmp_path, "--sweep", "-1..1", "--labels", "83", "--grid", "4 × 5") == (4, 5)


@pytest.mark.parametrize(("language", "text"), [("es", "-1,5..1,5"), ("en", "-1.5..1.5"), ("es", "−1.5…1,5")])
def test_a_range_is_read_as_people_type_it(plain, tmp_path, language, text):
    i18n.set_language(language)
    assert arrays(plain, tmp_path, "--sweep", text)[2][[0, -1], 0].tolist() == [-1.5, 1.5]


def test_own_latent_vectors(digits, plain, tmp_path):
    own = random_z(6, 4, seed=7)
    np.save(tmp_path / "own.npy", own.astype(np.float64))
    images, labels, z = arrays(plain, tmp_path, "--z", tmp_path / "own.npy")
    assert np.array_equal(z, own) and labels.tolist() == [-1] * 6
    assert np.array_equal(images, draw(plain, own, labels))
    _, labels, z = arrays(digits, tmp_path, "--z", tmp_path / "own.npy", "--labels", "3,0")
    assert labels.tolist() == [3] * 6 + [0] * 6 and np.array_equal(z, np.tile(own, (2, 1)))
    assert size(plain, tmp_path, "--z", tmp_path / "own.npy", "--grid", "2x4") == (2, 4)
    assert size(digits, tmp_path, "--z", tmp_path / "own.npy") == (10, 6)


def test_a_grid_says_how_many_images_there_are_by_chance(plain, digits, tmp_path):
    assert size(plain, tmp_path, "--grid", "3x4") == (3, 4)
    assert size(plain, tmp_path, "--grid", "3x4", "--count", 2) == (3, 4)
    assert size(digits, tmp_path, "--grid", "2x10") == (2, 10)
    assert np.array_equal(arrays(plain, tmp_path, "--count", 12, "--seed", 3)[2], random_z(12, 4, seed=3))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--sweep", "1"], "The sweep cannot be “1”. Give two numbers with two points between them"),
        (["--sweep", "-1..x"], "The sweep cannot be “-1..x”. Give a number from −100 to 100."),
        (["--sweep", "-1e9..1"], "Give a number from −100 to 100."),
        (["--sweep", "nan..1"], "Give a number from −100 to 100."),
        (["--sweep", ""], "Give two numbers"),
        (["--sweep", "-1..1", "--count", 0], "from 1 to 1000000"),
        (["--sweep", "-1..1", "--count", 100_001], "cannot be 1000010"),
        (["--sweep", "-1..1", "--seed", 1], "Leave --seed out."),
        (["--sweep", "-1..1", "--z", "own.npy"], "cannot be given together"),
        (["--sweep", "-1..1", "--grid", "2x5"], "A grid of 2×5 has no room for 100 images. Give --grid 10x10"),
        (["--z", "own.npy", "--count", 2], "--count cannot be given with --z"),
        (["--grid", "2x0"], "The grid cannot be “2x0”. Give rows and columns, e.g. 2x5."),
        (["--grid", "ten"], "The grid cannot be “ten”."),
        (["--labels", ""], "This run cannot write “”."),
        (["--out", "x.npz", "--grid", "2x5"], "--grid is the shape of a picture"),
    ],
)
def test_bad_wishes_are_one_sentence(digits, tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    np.save("own.npy", random_z(3, 4, seed=0))
    assert run("sample", digits.path, "--out", "x.png", *arguments) == 1
    said = capsys.readouterr().err
    assert says in said and said.startswith("Error:") and said.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"own.npy"}


def test_a_class_is_asked_for_as_it_is_called_whatever_that_is(place, tmp_path, monkeypatch):
    """What a folder is called may look like markup, which names of classes are freed of when they are read."""
    names = ("<b>bold</b>", "a  b", "plain")
    folder = RunFolder(place / "odd")

    def read(_config):
        yield from ()
        data = tiny.data()
        return replace(data, class_names=tuple(map(text.plain, names)), labels=data.labels % 3)

    monkeypatch.setattr("engine.datasets.catalog.read", read)
    list(Trainer(tiny.config(epochs=1), folder).run())
    for number, name in enumerate(names):
        assert arrays(folder, tmp_path, "--labels", name)[1].tolist() == [number]
    assert arrays(folder, tmp_path, "--labels", "PLAIN,<b>bold</b>")[1].tolist() == [2, 0]


def holding(array):
    return lambda path: np.save(path, array)


def holding_bytes(data):
    return lambda path: path.write_bytes(data)


def pickled(path):
    np.save(path, np.array([{"a": 1}], object), allow_pickle=True)


def claiming(path):
    """A header that claims more than any machine has."""
    np.save(path, np.zeros((1, 4), np.float32))
    path.write_bytes(path.read_bytes().replace(b"(1, 4), }" + b" " * 12, b"(9999999999999, 4), }"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "could not be read"),
        (lambda path: path.mkdir(), "is no array that numpy.save wrote"),
        (holding_bytes(b""), "is no array that numpy.save wrote"),
        (holding_bytes(b"PK\x03\x04 a zip"), "is no array that numpy.save wrote"),
        (holding_bytes(b"\x93NUMPY\x01\x00\x10\x00((((((((((((((("), "is no array that numpy.save wrote"),
        (pickled, "is no array that numpy.save wrote"),
        (claiming, "is no array that numpy.save wrote"),
        (holding(np.zeros(4)), "holds float64 [4], which this run's generator does not take"),
        (holding(np.zeros((2, 5), np.float32)), "holds float32 [2, 5]"),
        (holding(np.zeros((2, 4), np.int64)), "Save a float array of the shape [N, 4] with numpy.save."),
        (holding(np.zeros((2, 4, 1))), "holds float64 [2, 4, 1]"),
        (holding(np.array([[0.0, 1, 2, np.nan]])), "holds numbers that are not finite"),
        (holding(np.full((1, 4), 1e300)), "holds numbers that are not finite"),
        (holding(np.zeros((100_001, 4), np.float16)), "holds 100001 latent vectors"),
    ],
)
def test_a_file_that_holds_no_such_vectors_is_one_sentence(digits, tmp_path, capsys, make, says):
    make(tmp_path / "z.npy")
    assert run("sample", digits.path, "--out", tmp_path / "x.png", "--z", tmp_path / "z.npy") == 1
    said = capsys.readouterr().err
    assert says in said and "numpy.save" in said.replace("Give a number from 1 to 100000", "numpy.save")
    assert said.count("\n") == 1 and not (tmp_path / "x.png").exists()


def test_a_file_without_a_row_is_refused(digits, tmp_path, capsys):
    np.save(tmp_path / "z.npy", np.zeros((0, 4), np.float32))
    assert run("sample", digits.path, "--out", tmp_path / "x.png", "--z", tmp_path / "z.npy") == 1
    assert capsys.readouterr().err.count("\n") == 1
