"""Whatever a stranger puts into a run folder, reading it ends in ``UserError`` at worst: no crash, wait or flood."""

from __future__ import annotations

import os
import random
import shutil
import socket

import numpy as np
import pytest

from engine.errors import DiskError, UserError
from engine.runs import RunFolder, RunSummary, list_runs
from tests.engine import hostile
from tests.engine.hostile import FILES, little_memory, read_everything
from tests.engine.strange_files import checked, put

ALL = {
    *("info", "about", "metrics", "qualities", "last quality", "verdicts", "noise", "state"),
    *("directions", "favorites", "rounds"),
    *("newest", "newest opponent", "summary", "list", "explorer", "branch 1"),
    *("samples 1", "samples 2", "generator 1", "generator 2", "opponent 1", "opponent 2"),
    *("shown newest", "shown generator 1", "shown generator 2"),
}
OF_FILE = {
    "config.json": {"info", "summary", "explorer", "shown newest", "shown generator 1", "shown generator 2"},
    "samples/noise.safetensors": {"noise"},
    "samples/epoch-0001.png": {"samples 1"},
    "samples/epoch-0002.png": {"samples 2"},
    "checkpoints/generator-0001.safetensors": {"generator 1", "shown generator 1"},
    "checkpoints/generator-0002.safetensors": {"generator 2", "shown generator 2"},
    "checkpoints/discriminator-0001.safetensors": {"opponent 1"},
    "checkpoints/discriminator-0002.safetensors": {"opponent 2"},
    "checkpoints/branch-0001.safetensors": {"branch 1"},
    "checkpoints/state-000000000160.safetensors": {"shown newest"},
}
# What grows, and may be absent.
GROWING = {
    "metrics.csv": {"metrics"},
    "quality.jsonl": {"qualities", "last quality"},
    "verdicts.jsonl": {"verdicts"},
}
NOT_NEEDED = {  # absent, they say nothing
    "about.json": {"about"},
    "directions.json": {"directions"},
    "favorites.json": {"favorites"},
    "rounds.json": {"rounds"},
}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    run = hostile.make_run(tmp_path_factory.mktemp("original") / "run")
    read_everything(run)  # what is imported late takes its memory here
    return run.path


@pytest.fixture(scope="module")
def readers(original):
    return hostile.readers(RunFolder(original))


@pytest.fixture
def run(original, tmp_path):
    shutil.copytree(original, tmp_path / "runs" / "run")
    return RunFolder(tmp_path / "runs" / "run")


def test_an_honest_run_is_read_whole(run):
    found = checked(run)
    assert found.keys() == ALL
    assert len(found["metrics"]) == 20 and len(found["list"]) == 1
    assert len(found["qualities"]) == 2 and list(found["verdicts"]) == [1, 2]


class TestRandomDamage:
    @pytest.mark.parametrize("seed", range(5))
    def test_a_damaged_file_does_no_harm(self, run, seed, readers):
        chance = random.Random(seed)
        for count in range(100):
            name = chance.choice(FILES)
            way = chance.choice(hostile.ways(name))
            before = (run.path / name).read_bytes()
            put(run, name, way(before, chance))
            try:
                found = checked(run) if count % 25 == 0 else read_everything(run, readers.get(name, set()))
            except Exception as error:
                raise AssertionError(f"{way.__name__} of {name}, number {count} of seed {seed}") from error
            lost = (ALL if count % 25 == 0 else ALL & readers.get(name, set())) - found.keys()
            assert lost <= (OF_FILE | NOT_NEEDED).get(name, set())
            put(run, name, before)
        assert read_everything(run).keys() == ALL

    @pytest.mark.parametrize("seed", range(2))
    def test_files_under_other_names_do_no_harm(self, original, tmp_path, seed):
        chance = random.Random(seed)
        for count in range(25):
            run = RunFolder(shutil.copytree(original, tmp_path / str(count) / "run"))
            done = [hostile.swap_names(run, chance)]
            try:
                found = checked(run) if count % 5 == 0 else read_everything(run)
            except Exception as error:
                raise AssertionError(f"{done}, number {count} of seed {seed}") from error
            assert all(type(epoch) is int and 0 <= epoch <= 10**9 for epoch in run.sample_files()), done
            assert len(found) > len(ALL) // 2


class TestNotAFile:
    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "nothing", "device", "loop", "outside"])
    def test_only_regular_files_inside_the_folder_are_opened(self, run, tmp_path, name, kind, monkeypatch, readers):
        path = run.path / name
        if kind == "outside":
            shutil.move(path, tmp_path / "outside")
            path.symlink_to(tmp_path / "outside")
        else:
            path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            monkeypatch.chdir(path.parent)  # the name of a socket must be short
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path.name)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "loop":
            path.symlink_to(path)
        wanted = ALL if kind in ("device", "nothing") else readers.get(name, ALL)
        found = checked(run) if kind == "device" else read_everything(run, wanted)
        lost = OF_FILE.get(name, set()) | ((GROWING | NOT_NEEDED).get(name, set()) if kind != "nothing" else set())
        if name.startswith("checkpoints/state"):  # the other one steps in
            lost = set()
            assert found["state"][1]["step"] == (10 if "160" in name else 20)
        assert wanted - found.keys() == lost

    @pytest.mark.parametrize("folder", ["samples", "checkpoints"])
    def test_a_folder_that_is_a_link_is_not_followed(self, run, tmp_path, folder):
        shutil.move(run.path / folder, tmp_path / folder)
        (run.path / folder).symlink_to(tmp_path / folder)
        lost = {"samples": {"noise", "samples 1", "samples 2"}, "checkpoints": {"state", "newest", "generator 1"}}
        assert not lost[folder] & checked(run).keys()
        before = sorted((tmp_path / folder).iterdir())
        with pytest.raises(UserError, match="link to another place"), run.lock():
            pass
        assert sorted((tmp_path / folder).iterdir()) == before

    def test_a_link_that_stays_inside_is_as_good_as_the_file(self, run):
        shutil.move(run.path / "metrics.csv", run.path / "samples" / "metrics.csv")
        (run.path / "metrics.csv").symlink_to("samples/metrics.csv")
        assert len(run.metrics()) == 20

    def test_a_run_reached_by_a_link_is_read_whole(self, run, tmp_path):
        (tmp_path / "linked").symlink_to(run.path)
        assert read_everything(RunFolder(tmp_path / "linked")).keys() == ALL

    @pytest.mark.parametrize("name", ["log.txt", "metrics.csv"])
    @pytest.mark.parametrize("kind", ["link", "pipe"])
    def test_nothing_is_appended_to_what_lies_elsewhere_or_waits(self, run, tmp_path, name, kind):
        (tmp_path / "precious").write_bytes(b"mine")
        (run.path / name).unlink()
        if kind == "pipe":
            os.mkfifo(run.path / name)
        else:
            (run.path / name).symlink_to(tmp_path / "precious")
        with pytest.raises(DiskError):
            run.log("text") if name == "log.txt" else run.append_metrics([])
        assert (tmp_path / "precious").read_bytes() == b"mine"

    @pytest.mark.parametrize("name", ["config.json", ".config.json.tmp", ".lock"])
    def test_nothing_is_written_through_a_link(self, run, tmp_path, name):
        info = run.info()
        (tmp_path / "precious").write_bytes(b"mine")
        (run.path / name).unlink(missing_ok=True)
        (run.path / name).symlink_to(tmp_path / "precious")
        if name == ".lock":
            with pytest.raises(UserError), run.lock():
                pass
        run.save_info(info)
        assert (tmp_path / "precious").read_bytes() == b"mine"
        assert run.info() == info

    @pytest.mark.parametrize("name", FILES)
    def test_a_gigabyte_of_nothing_takes_no_memory(self, run, name):
        os.truncate(run.path / name, 2**30)
        found = checked(run)
        assert ALL - found.keys() <= (OF_FILE | NOT_NEEDED).get(name, set())
        assert len(found["metrics"]) == 20


class TestMetrics:
    @pytest.mark.parametrize(
        "line",
        [
            b"9" * 5000,
            b"21,1," + b"9" * 5000 + b",11,1,1,0.5,0.5,0",
            b"21,1," + b"9" * 900 + b",11,1,1,0.5,0.5,0",
            b"21,1,168,1e999,1,1,0.5,0.5,0",
            b"21,1,168,nan,1,1,0.5,0.5,0",
            b"21,1,168,-1,1,1,0.5,0.5,0",
            b"-21,1,168,11,1,1,0.5,0.5,0",
            b"20,1,168,11,1,1,0.5,0.5,0",
            b"21,1,8,11,1,1,0.5,0.5,0",
            b"21,1,168,11,1,1,0.5,0.5",
            b"21,1,168,11,1,1,0.5,0.5,1.5",
            b"21,1,168,11,1,\0,0.5,0.5,0",
            b"21,1,168,11,1,\xff,0.5,0.5,0",
            b"",
            b"\0" * 100_000,
            b",".join([b"1"] * 400),
        ],
        ids=range(16),
    )
    def test_rows_end_at_the_first_foreign_line(self, run, line):
        path = run.path / "metrics.csv"
        path.write_bytes(path.read_bytes() + line + b"\n22,1,176,12,1,1,0.5,0.5,0\n")
        with little_memory():
            assert len(run.metrics()) == 20

    @pytest.mark.parametrize("header", [b"", b"\n", b"a,b,c\n", b"x" * 2**20, b"\xff\n", b"step,epoch\n", b"\0\n"])
    def test_a_foreign_header_means_no_rows(self, run, header):
        path = run.path / "metrics.csv"
        path.write_bytes(header + path.read_bytes().partition(b"\n")[2])
        with little_memory():
            assert run.metrics() == []

    def test_numbers_that_training_can_reach_are_kept(self, run):
        path = run.path / "metrics.csv"
        path.write_bytes(path.read_bytes() + b"21,1,168,11,inf,-inf,nan,0.5,0\n")
        assert len(run.metrics()) == 21


class TestRecords:
    LINE = b'{"epoch": 3, "images_seen": 240, "verdicts": [0, 0.5, 1]}'

    @pytest.mark.parametrize(
        "line",
        [
            b"",
            b"[]",
            b"{",
            b"null",
            b"\0",
            b"\xff",
            b"[" * 100_000,
            b"9" * 5000,
            b'{"epoch": 3, "images_seen": 240}',
            LINE.replace(b"}", b', "more": 1}'),
            LINE.replace(b"240", b"8"),
            LINE.replace(b"240", b"240.0"),
            LINE.replace(b"240", b"true"),
            LINE.replace(b"240", b"1" + b"0" * 400),
            LINE.replace(b"3,", b"-3,"),
            LINE.replace(b"3,", b"NaN,"),
            LINE.replace(b"3,", b"1" + b"0" * 400 + b","),
            LINE.replace(b"0.5", b"NaN"),
            LINE.replace(b"0.5", b"null"),
            LINE.replace(b"0.5", b"true"),
            LINE.replace(b"0.5", b"[0.5]"),
            LINE.replace(b"0.5", b'"0.5"'),
            LINE.replace(b"0.5", b"1.0000001"),
            LINE.replace(b"0.5", b"-0.1"),
            LINE.replace(b"0.5", b"1" + b"0" * 400),
            LINE.replace(b"0.5", b"0," * 40_000 + b"0"),
            LINE.replace(b"[0, 0.5, 1]", b"0.5"),
            LINE.replace(b"[0, 0.5, 1]", b'{"0": 0.5}'),
            LINE.replace(b"}", b', "spread": -1}'),
            LINE.replace(b"}", b', "spread": NaN}'),
            LINE.replace(b"}", b', "spread": "0.5"}'),
            LINE.replace(b"}", b', "spread": true}'),
        ],
        ids=range(32),
    )
    def test_verdicts_end_at_the_first_foreign_line(self, run, line):
        path = run.path / "verdicts.jsonl"
        path.write_bytes(path.read_bytes() + line + b"\n" + self.LINE + b"\n")
        with little_memory():
            assert list(run.verdicts()) == [1, 2]
        run.truncate(0, 80)
        assert path.read_bytes().count(b"\n") == 1

    def test_an_honest_line_is_taken(self, run):
        path = run.path / "verdicts.jsonl"
        path.write_bytes(path.read_bytes() + self.LINE + b"\n")
        assert run.verdicts()[3].tolist() == [0, 0.5, 1] and run.verdicts()[3].dtype == np.float32

    @pytest.mark.parametrize("value", ["1" + "0" * 400, "NaN", "-1", "true", '"1"', "{}"])
    def test_numbers_that_no_judge_gives_end_the_qualities(self, run, value):
        path = run.path / "quality.jsonl"
        path.write_text(path.read_text().replace('"frechet": 20.0', f'"frechet": {value}'))
        with little_memory():
            assert run.qualities() == []


def test_only_names_that_the_run_folder_gives_are_taken(run):
    for name in hostile.TRICKY_NAMES:
        source = FILES[4] if name.startswith("samples") else FILES[-1]
        shutil.copy(run.path / source, run.path / name)
    assert list(run.sample_files()) == [1, 2, 3]
    assert run.generator_epochs() == [1, 2, 3]
    assert run.images_seen() == 999_999_999_999
    assert checked(run).keys() >= ALL


def test_hostile_neighbors_do_not_hide_an_honest_run(run):
    root = run.path.parent
    (root / "file").write_bytes(b"")
    os.mkfifo(root / "pipe")
    (root / "loop").symlink_to(root / "loop")
    (root / "folder" / "config.json").mkdir(parents=True)
    (root / "piped").mkdir()
    os.mkfifo(root / "piped" / "config.json")
    listed = {found.path.name: found for found in list_runs(root)}
    assert isinstance(listed.pop(run.path.name), RunSummary)
    assert listed.keys() == {"folder", "piped"} and all(bad.reason for bad in listed.values())
    assert list_runs(root / "file") == list_runs(root / "loop") == []
