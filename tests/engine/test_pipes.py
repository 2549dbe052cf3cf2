"""A pipe in the place of a file: opening it would wait for ever, so whoever is given one says that it is no file.

What a run folder, an experiment or a recipe holds is tested with ``test_hostile_files``, ``test_archive`` and
``test_own_recipes``.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.config import Config
from engine.datasets import catalog, picture_cache
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import given_picture, vector_file
from engine.search import storages
from engine.style import pictures, weights

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX"), pytest.mark.timeout(60)]
DIGITS = DatasetInfo(5000, tuple("0123456789"), 1, 28)
FACES = DatasetInfo(4000, ("a",), 3, 64)


def given(dataset, facts):
    return lambda path: given_picture.from_file(path, Config.parse({"dataset": dataset}), facts)


READERS = {
    "a drawing to be found": (given("digits", DIGITS), "x.png"),
    "a photo to be found": (given("faces", FACES), "x.jpg"),
    "latent vectors": (lambda path: vector_file.read_vectors(path, 4, 9), "z.npy"),
    "a picture to be painted": (lambda path: pictures.read(path, 64), "x.png"),
    "weights": (weights.load, "vgg19.pth"),
    "other weights": (weights.load, "vgg19.safetensors"),
    "a journal of searches": (lambda path: storages.open_storage(str(path)), "study.journal"),
    "a database of searches": (lambda path: storages.open_storage(f"sqlite:///{path}"), "study.db"),
}


@pytest.mark.parametrize(("read", "name"), READERS.values(), ids=READERS)
def test_a_pipe_is_refused_in_a_sentence(tmp_path, read, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(UserError, match=name):
        read(tmp_path / name)


def test_a_pipe_among_the_pictures_of_a_data_set_is_named(tmp_path):
    for label in range(10):
        (tmp_path / "MNIST" / str(label)).mkdir(parents=True)
        Image.fromarray(np.zeros((28, 28), np.uint8)).save(tmp_path / "MNIST" / str(label) / "0.png")
    os.mkfifo(tmp_path / "MNIST" / "3" / "1.png")
    with pytest.raises(UserError, match=r"1\.png.*cannot be read"):
        catalog.load(Config.parse({"dataset": "mnist", "data_root": str(tmp_path)}))


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train.csv"])
def test_a_pipe_under_the_name_of_a_data_set_is_none_of_its_files(tmp_path, name, monkeypatch):
    monkeypatch.setattr("engine.datasets.download._TIMEOUT_SECONDS", 0.01)
    os.mkfifo(tmp_path / name)
    assert not catalog.is_at_hand(Config.parse({"dataset": "mnist", "data_root": str(tmp_path)}))


def test_a_pipe_among_prepared_pictures_lets_them_be_prepared_anew():
    with picture_cache.filling("key") as folder:
        for name in ("images.npy", "labels.npy", "report.json"):
            os.mkfifo(folder / name)
    assert picture_cache.load("key") is None


@pytest.mark.parametrize("command", ["train", "sample", "evaluate", "runs show"])
def test_a_pipe_in_the_place_of_a_run_is_one_sentence(tmp_path, capsys, command):
    os.mkfifo(tmp_path / "run")
    place = ["--resume", "--run", str(tmp_path / "run")] if command == "train" else [str(tmp_path / "run")]
    out = ["--out", str(tmp_path / "x.png")] if command == "sample" else []
    assert cli.main([*command.split(), *place, *out]) == 1
    said = capsys.readouterr().err
    assert "holds no run" in said and "Traceback" not in said
