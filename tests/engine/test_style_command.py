"""The command ``style``: the file is there whatever ends it, and what cannot be is one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.cli import style as command
from engine.datasets import download
from engine.job import Progress

QUICK = ("--size", 32, "--steps", 2)


def run(*arguments):
    return cli.main([str(argument) for argument in ("style", *arguments)])


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 80, 3), np.uint8)).save(path)
    return path


def test_a_file_and_a_picture_that_comes_along_make_a_picture_and_its_film(photo, tmp_path, capsys):
    out, film = tmp_path / "out.png", tmp_path / "film.gif"
    assert run(photo, "swirls", "--out", out, "--film", film, "--second-style", "dots", "--blend", "0,2", *QUICK) == 0
    assert capsys.readouterr().out.split() == [str(film), str(out)]
    with Image.open(out) as made:
        assert made.size == (32, 16) and np.asarray(made).std() > 5
    with Image.open(film) as shown:
        assert 2 <= shown.n_frames <= 3  # steps that are quicker than a tick are not told


def test_the_same_command_makes_the_same_picture(photo, tmp_path):
    outs = [tmp_path / f"{number}.png" for number in range(3)]
    for out, seed in zip(outs, (1, 1, 2), strict=True):
        assert run(photo, "waves", "--out", out, "--start", "noise", "--seed", seed, *QUICK) == 0
    first, second, third = (out.read_bytes() for out in outs)
    assert first == second != third


def test_ctrl_c_keeps_the_picture_as_it_is(photo, tmp_path, monkeypatch):
    looks = iter(range(100))

    class AskedAtTheFourthEvent:
        def __enter__(self):
            return lambda: next(looks) >= 3

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(command, "interruptible", AskedAtTheFourthEvent)
    out = tmp_path / "out.png"
    assert run(photo, "waves", "--out", out, "--size", 32, "--steps", 1000) == cli.INTERRUPTED
    assert out.is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["swirl", "swirls"], "Did you mean swirls?"),
        (["PHOTO", "swirls", "--size", "9"], "Give a whole number from 32"),
        (["PHOTO", "swirls", "--steps", "3", "--minutes", "1"], "Leave one of them out"),
        (["PHOTO", "swirls", "--minutes", "0"], "“0” minutes cannot be"),
        (["PHOTO", "swirls", "--film", "x.avi"], "Let its name end in .mp4, .gif"),
        (["PHOTO", "swirls", "--weights", "PHOTO"], "holds no weights of VGG-19"),
        (["PHOTO", "swirls", "--style-weight", "much"], "Give a number from 0"),
        (["PHOTO", "swirls", "--content-weight=0", "--style-weight=0", "--variation-weight=0"], "All weights are 0"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_no_file(photo, tmp_path, capsys, arguments, said):
    out = tmp_path / "out.png"
    named = [photo if argument == "PHOTO" else argument for argument in arguments]
    assert run(*named, "--out", out) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("Error:") and said in told and not out.exists()


def test_vgg19_is_downloaded_where_it_is_wished_for_and_not_here(photo, tmp_path, monkeypatch, capsys):
    asked = []

    def fetch(remote, what):
        yield Progress(1, 2, what)
        asked.append(remote.path)
        remote.path.parent.mkdir(parents=True)
        remote.path.write_bytes(b"no weights")

    monkeypatch.setattr(download, "fetch", fetch)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    for _ in range(2):
        assert run(photo, "waves", "--out", tmp_path / "out.png", "--weights", "vgg19", *QUICK) == 1
        assert "holds no weights of VGG-19" in " ".join(capsys.readouterr().err.split())
    assert len(asked) == 1, "once it lies here, it is taken"
