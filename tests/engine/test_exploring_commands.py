"""The commands that look into a generator and take it elsewhere: ``directions``, ``find``, ``export``, ``write``."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.job import result_of
from engine.latent import find as finding
from engine.runs import Favorite, RunFolder
from engine.runs.archive import export_run, import_run
from tests.engine.test_samples import digits, place, plain  # noqa: F401 - fixtures: runs of a TinyGAN

SIDE, GAP = 8, 2


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def printed(capsys, *arguments):
    assert run(*arguments) == 0
    return json.loads(capsys.readouterr().out)


class TestDirections:
    def test_they_are_listed_the_strongest_first_and_drawn(self, digits, tmp_path, capsys):  # noqa: F811
        found = printed(capsys, "directions", digits.path, "--json")
        strengths = [each["strength"] for each in found]
        assert len(found) == 4 and strengths == sorted(strengths, reverse=True)
        assert {each["epoch"] for each in found} == {1} and {each["method"] for each in found} == {"sefa"}
        assert run("directions", digits.path, "--method", "pca", "--out", tmp_path / "x.png") == 0
        assert "Directions of epoch 1" in capsys.readouterr().out
        with Image.open(tmp_path / "x.png") as picture:
            assert picture.size == (7 * SIDE + 6 * GAP, 4 * SIDE + 3 * GAP)

    def test_they_are_kept_named_and_measured_again_at_another_epoch(self, digits, capsys):  # noqa: F811
        kept = printed(capsys, "directions", digits.path, "--epoch", 0, "--keep", "--json")
        again = printed(capsys, "directions", digits.path, "--rename", "2=Italic", "--rename", "1 = Bold", "--json")
        assert [each["name"] for each in again] == ["Bold", "Italic", "", ""]
        assert np.allclose([each["vector"] for each in again], [each["vector"] for each in kept])
        assert {each["epoch"] for each in again} == {1} and all(isinstance(each["holds"], bool) for each in again)
        here = printed(capsys, "directions", digits.path, "--epoch", 0, "--again", "--json")
        assert all(each["holds"] for each in here), "where they were found, however weak they are"
        assert [each.name for each in digits.directions()] == ["Bold", "Italic", "", ""]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--epoch", "9"], "no generator of epoch 9"),
            (["--again"], "No directions are kept"),
            (["--rename", "1=x"], "names no direction"),
            (["--out", "x.jpg"], "is no PNG file"),
        ],
    )
    def test_what_cannot_be_is_one_sentence(self, plain, arguments, said, capsys):  # noqa: F811
        assert run("directions", plain.path, *arguments) == 1
        told = capsys.readouterr().err
        assert said in told and len(told.strip().splitlines()) == 1


class TestFind:
    @pytest.fixture
    def picture(self, tmp_path):
        image = np.zeros((32, 32), np.uint8)
        image[6:26, 14:18] = 255
        Image.fromarray(image).save(tmp_path / "one.png")
        return tmp_path / "one.png"

    @pytest.fixture(autouse=True)
    def short(self, monkeypatch):
        monkeypatch.setattr(finding.find, "__defaults__", (None, 8))

    def test_z_and_label_are_told_and_draw_the_picture_that_is_shown(self, digits, picture, tmp_path, capsys):  # noqa: F811
        found = printed(capsys, "find", digits.path, picture, "--json")
        assert len(found["z"]) == 4 and found["label"] in "0123456789"
        assert found["reads_alike"] is (found["reading"]["class"] == found["wanted"]["class"])
        assert run("find", digits.path, picture, "--label", 3, "--out", tmp_path / "z.npy") == 0
        assert "Label" in capsys.readouterr().out
        assert run("find", digits.path, picture, "--label", 3, "--out", tmp_path / "both.png") == 0
        arguments = ["--z", tmp_path / "z.npy", "--labels", 3]
        assert run("sample", digits.path, *arguments, "--out", tmp_path / "same.png") == 0
        both, same = (np.asarray(Image.open(tmp_path / name)) for name in ("both.png", "same.png"))
        assert np.array_equal(both[:, SIDE + GAP :], same)

    def test_a_generator_without_labels_finds_too(self, plain, picture, capsys):  # noqa: F811
        assert printed(capsys, "find", plain.path, picture, "--json")["label"] is None

    def test_what_cannot_be_is_one_sentence(self, digits, picture, tmp_path, capsys):  # noqa: F811
        Image.new("L", (30, 30), 255).save(tmp_path / "empty.png")
        for arguments, said in (
            ([tmp_path / "empty.png"], "nothing on the picture"),
            ([tmp_path / "absent.png"], "it does not exist"),
            ([picture, "--label", "z"], "cannot write"),
            ([picture, "--epoch", "7"], "no generator of epoch 7"),
            ([picture, "--out", "x.gif"], "neither a PNG nor an NPY"),
        ):
            assert run("find", digits.path, *arguments) == 1
            told = capsys.readouterr().err
            assert said in told and len(told.strip().splitlines()) == 1


class TestExport:
    def test_both_ways_at_once(self, digits, tmp_path, capsys):  # noqa: F811
        assert run("export", digits.path, "--onnx", tmp_path / "g.onnx", "--script", tmp_path / "there") == 0
        assert capsys.readouterr().out.split() == [str(tmp_path / "g.onnx"), str(tmp_path / "there" / "generator.py")]
        assert (tmp_path / "there" / "generator.safetensors").is_file()

    def test_nothing_asked_for_is_one_sentence(self, digits, capsys):  # noqa: F811
        assert run("export", digits.path) == 1
        assert "--onnx FILE or --script DIR" in capsys.readouterr().err


class TestWrite:
    def test_a_date_is_written_as_high_as_asked_for_on_nothing(self, digits, tmp_path, capsys):  # noqa: F811
        assert run("write", digits.path, "2025-11-26", "--height", 40, "--out", tmp_path / "x.png") == 0
        assert "The judge reads" in capsys.readouterr().err
        with Image.open(tmp_path / "x.png") as picture:
            assert picture.mode == "RGBA" and picture.height == 40 and picture.width > 160

    def test_what_cannot_be_is_one_sentence(self, digits, plain, tmp_path, capsys):  # noqa: F811
        for arguments, said in (
            ([digits.path, "2x5", "--out", tmp_path / "x.png"], "cannot write “x”"),
            ([digits.path, "25", "--out", tmp_path / "x.npz"], "is no PNG file"),
            ([digits.path, "25", "--height", 5, "--out", tmp_path / "x.png"], "16 to 1024"),
            ([plain.path, "25", "--out", tmp_path / "x.png"], "takes no labels"),
        ):
            assert run("write", *arguments) == 1
            told = capsys.readouterr().err
            assert said in told and len(told.strip().splitlines()) == 1


def test_what_people_keep_travels_with_the_run(digits, tmp_path):  # noqa: F811
    digits.save_favorites([Favorite("A seven", 1, (0.5, -0.25, 1.0, 2.0), 7)])
    result_of(export_run(digits, tmp_path / "run.duelo"))
    arrived = RunFolder(result_of(import_run(tmp_path / "run.duelo", tmp_path / "runs")))
    assert arrived.favorites() == digits.favorites()
    assert arrived.favorites()[0].z.tolist() == [0.5, -0.25, 1.0, 2.0]


def test_the_benchmark_tells_what_exploring_takes(digits, monkeypatch):  # noqa: F811
    from engine.bench import explore
    from engine.evaluation.reader import Reader
    from engine.latent import sample_map
    from engine.latent.generator_session import open_session
    from tests import tiny

    monkeypatch.setattr(sample_map.lay_out, "__defaults__", (None, None, 12, 0))
    info, session = digits.info(), open_session(digits)
    pictures = tiny.data().images[:2, 0]
    told = explore.explored(session, Reader(info.config, info.facts), pictures)
    assert 0 <= told["found_alike"] <= 1 and all(np.isfinite(value) for value in told.values())
    (shown,) = explore.PART.tables([told])
    assert shown.row_count == 6
