"""Whatever a stranger puts into a run folder, reading it ends in ``UserError`` at worst: no crash, wait or flood."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import struct
import zlib
from io import BytesIO

import numpy as np
import psutil
import pytest
from PIL import Image, PngImagePlugin

from engine.config import OPTIONS
from engine.errors import DiskError, UserError
from engine.runs import RunFolder, RunSummary, UnreadableRun, list_runs
from tests.engine import hostile
from tests.engine.hostile import FILES, little_memory, read_everything

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


def put(run, name, content):
    (run.path / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def checked(run):
    """Read everything in little memory, and return what was readable."""
    with little_memory():
        return read_everything(run)


def refused(read, match=None):
    """Return the sentence that refuses to ``read``, after little memory; ``match`` occurs in it."""
    with little_memory(), pytest.raises(UserError, match=match) as error:
        read()
    assert error.value.hint and len(str(error.value)) < hostile.LONGEST_SENTENCE
    return str(error.value)


def test_an_honest_run_is_read_whole(run):
    found = checked(run)
    assert found.keys() == ALL
    assert len(found["metrics"]) == 20 and len(found["list"]) == 1
    assert len(found["qualities"]) == 2 and list(found["verdicts"]) == [1, 2]


class TestRandomDamage:
    @pytest.mark.parametrize("seed", range(10))
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

    @pytest.mark.parametrize("seed", range(4))
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
    def test_only_regular_files_inside_the_folder_are_opened(self, run, tmp_path, name, kind, monkeypatch):
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
        found = checked(run) if kind == "device" else read_everything(run)
        lost = OF_FILE.get(name, set()) | ((GROWING | NOT_NEEDED).get(name, set()) if kind != "nothing" else set())
        if name.startswith("checkpoints/state"):  # the other one steps in
            lost = set()
            assert found["state"][1]["step"] == (10 if "160" in name else 20)
        assert ALL - found.keys() == lost

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


def changed(run, **entries):
    """Return ``config.json`` with entries changed; a double underscore leads one level down."""
    content = json.loads((run.path / "config.json").read_text())
    for name, value in entries.items():
        table, _, key = name.rpartition("__")
        (content[table] if table else content)[key] = value
    return json.dumps(content)


class TestConfig:
    @pytest.mark.parametrize(
        "text",
        [
            "[" * 500_000,
            '{"a":' * 100_000,
            '{"schema": 2, "config": ' + "[" * 100_000,
            "[]",
            "1e999",
            "9" * 5000,
            "[" + "[]," * 300_000 + "[]]",
            "[" + '{"":0},' * 140_000 + "0]",
            " " * (2**20 + 1) + "{}",
            '{"schema": 2}',
            '{"schema": 1e999}',
            '{"schema": -1}',
            '{"schema": true}',
            '{"schema": "2"}',
            '{"schema": NaN}',
            b"\xff\xfe\x00\x00",
            b"\x00" * 100,
        ],
        ids=range(17),
    )
    def test_text_that_is_no_run_is_damaged(self, run, text):
        put(run, "config.json", text)
        refused(run.info, "missing or damaged")
        (listed,) = list_runs(run.path.parent)
        assert isinstance(listed, UnreadableRun) and "missing or damaged" in listed.reason

    @pytest.mark.parametrize(
        "entries",
        [
            {"config__epochs": 10**400},
            {"config__epochs": "9" * 4000},
            {"config__epochs": [1] * 1001},
            {"config__g_lr": float("nan")},
            {"config__g_lr": float("inf")},
            {"config__recipe": "x" * 5000},
            {"config__data_root": "\0"},
            {"config__data_root": "\ud800"},
            {"config__" + "x" * 200: 1},
            {"config__unknown": 1},
            {"config__architecture": "pickle"},
            {"config__classes": [10**400]},
            {"config__classes": [-1]},
            {"config__classes": [3, 8]},
            {"config__classes": [[[]]]},
            {"config__z_dim": {"a": 1}},
            {"config": {str(number): 0 for number in range(50_000)}},
            {"facts__image_count": 0},
            {"facts__image_count": True},
            {"facts__image_count": 2.0},
            {"facts__image_count": float("inf")},
            {"facts__image_count": 10**400},
            {"facts__channels": 2},
            {"facts__channels": 4},
            {"facts__size": 2**40},
            {"facts__size": -8},
            {"facts__class_names": [str(number) for number in range(100_000)]},
            {"facts__class_names": ["x" * 256]},
            {"facts__class_names": ["\ud800"]},
            {"facts__class_names": "0123456789"},
            {"facts__class_names": [0, 1]},
            {"facts": []},
            {"changes": {}},
            {"changes": [[1, "g_lr", 0.01]] * 40_000},
            {"changes": [[1, "g_lr", 0.01, 0]]},
            {"changes": ["abc"]},
            {"changes": [[1, "no_option", 0.01]]},
            {"changes": [[1, ["g_lr"], 0.01]]},
            {"changes": [[1, "batch_size", 64]]},
            {"changes": [[1, "recipe", "studio"]]},
            {"changes": [[1, "g_lr", 0.9]]},
            {"changes": [[1, "g_lr", float("nan")]]},
            {"changes": [[1, "g_lr", float("inf")]]},
            {"changes": [[1, "g_lr", "0.01"]]},
            {"changes": [[1, "d_steps", 10**400]]},
            {"changes": [[1, "d_steps", 2.5]]},
            {"changes": [[1, "d_steps", True]]},
            {"changes": [[-1, "g_lr", 0.01]]},
            {"changes": [[1.5, "g_lr", 0.01]]},
            {"changes": [[10**400, "g_lr", 0.01]]},
        ],
        ids=lambda entries: str(entries)[:60],
    )
    def test_values_that_no_run_has_are_refused(self, run, entries):
        put(run, "config.json", changed(run, **entries))
        refused(run.info)

    @pytest.mark.parametrize("architecture", OPTIONS["architecture"].choices)
    def test_an_allowed_value_at_the_end_of_its_range_is_at_worst_a_sentence(self, run, architecture):
        ends = [{}] + [
            {f"config__{spec.name}": value}
            for spec in OPTIONS.values()
            for value in {spec.minimum, spec.maximum, *spec.choices} - {None}
        ]
        facts = [
            {"facts__size": 4},
            {"facts__size": 1024, "config__z_dim": 1024, "config__g_channels": 1024},
            {"facts__size": 7},
            {"facts__channels": 3},
            {"facts__class_names": []},
            {"facts__class_names": ["x"] * 1000},
        ]
        for entries in [*ends, *facts] if architecture == "pixelshuffle" else facts:
            put(run, "config.json", changed(run, **{"config__architecture": architecture} | entries))
            assert {"info", "summary"} <= read_everything(run).keys(), entries

    def test_changes_come_in_the_order_of_the_clock(self, run):
        put(run, "config.json", changed(run, changes=[[9, "g_lr", 0.01], [3, "d_steps", 2]]))
        assert run.info().changes == [(3, "d_steps", 2.0), (9, "g_lr", 0.01)]

    def test_facts_that_fit_no_network_are_the_explorers_to_refuse(self, run):
        put(run, "config.json", changed(run, facts__size=1024, config__z_dim=1024, config__g_channels=1024))
        found = checked(run)
        assert "explorer" in found and "shown newest" not in found

    def test_the_version_of_a_newer_run_is_quoted_briefly(self, run):
        put(run, "config.json", changed(run, schema=99, duelo=["9" * 100_000]))
        assert len(refused(run.info, "newer Duelo")) < 1000


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


def tensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(kind="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": kind, "shape": list(shape), "data_offsets": list(offsets)}


class TestTensors:
    NAME = "checkpoints/generator-0001.safetensors"

    @pytest.mark.parametrize(
        ("header", "data"),
        [
            (b"", b""),
            (b"[]", b""),
            (b"{", b""),
            (b"[" * 100_000, b""),
            (b'{"\xff": 1}', b""),
            (b" " * 2**20 + b"{}", b""),
            ({"a": entry()}, bytes(7)),
            ({"a": entry()}, bytes(9)),
            ({"a": entry(offsets=(8, 0))}, bytes(8)),
            ({"a": entry(offsets=(-8, 0))}, bytes(8)),
            ({"a": entry(offsets=(0, 2**64))}, bytes(8)),
            ({"a": entry(offsets=(4, 12))}, bytes(12)),
            ({"a": entry(), "b": entry()}, bytes(8)),
            ({"a": entry(), "b": entry(offsets=(4, 12))}, bytes(12)),
            ({"a": entry(), "b": entry(offsets=(12, 20))}, bytes(20)),
            ({"a": entry(offsets=(0, 8, 16))}, bytes(8)),
            ({"a": entry(offsets=(0.0, 8.0))}, bytes(8)),
            ({"a": entry(shape=(2**40, 2**40))}, bytes(8)),
            ({"a": entry(shape=(10**400,))}, bytes(8)),
            ({"a": entry(shape=(-2, -1))}, bytes(8)),
            ({"a": entry(shape=(True, 2))}, bytes(8)),
            ({"a": entry(shape=(1,) * 100_000)}, bytes(8)),
            ({"a": entry(shape=(2,) * 65, offsets=(0, 8))}, bytes(8)),
            ({"a": entry("BF16", (4,))}, bytes(8)),
            ({"a": entry("F8_E4M3", (8,))}, bytes(8)),
            ({"a": entry("O", (1,))}, bytes(8)),
            ({"a": entry("U64", (1,))}, bytes(8)),
            ({"a": entry(["F32"])}, bytes(8)),
            ({"a": entry() | {"code": "print"}}, bytes(8)),
            ({"a": None}, bytes(8)),
            ({"\ud800": entry()}, bytes(8)),
            ({"a\n": entry()}, bytes(8)),
            ({"x" * 1000: entry()}, bytes(8)),
            ({"__metadata__": []}, b""),
            ({"__metadata__": {"duelo": {}}}, b""),
            ({str(number): entry(shape=(0,), offsets=(0, 0)) for number in range(10_001)}, b""),
        ],
        ids=range(36),
    )
    def test_what_is_not_the_format_is_damaged(self, run, header, data):
        put(run, self.NAME, tensors(header, data))
        refused(lambda: run.generator(1), "missing or damaged")

    @pytest.mark.parametrize("length", [0, 7, 2**20 + 1, 10**8, 2**31, 2**63, 2**64 - 1])
    def test_a_header_that_claims_any_length_is_damaged(self, run, length):
        put(run, self.NAME, struct.pack("<Q", length) + b"{}")
        refused(lambda: run.generator(1), "missing or damaged")

    def test_everything_that_duelo_writes_is_read(self, run):
        kinds = [np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.int8, np.uint8, np.bool_]
        arrays = {np.dtype(kind).name: np.arange(6).reshape(2, 3).astype(kind) for kind in kinds}
        arrays |= {"none": np.zeros((0, 5), np.float32), "one": np.array(3.5), "ñ": np.ones(1)}
        run.save_snapshot(3, arrays, {})
        read = run.generator(3)
        assert read.keys() == arrays.keys() and run.discriminator(3) == {}
        for name, array in arrays.items():
            assert read[name].dtype == array.dtype and np.array_equal(read[name], array)
            assert read[name].flags.writeable

    def test_more_than_the_memory_holds_is_a_clear_sentence(self, run, monkeypatch):
        class Memory:
            available = 2**25

        monkeypatch.setattr(psutil, "virtual_memory", Memory)
        put(run, self.NAME, tensors({"a": entry(shape=(2**28,), offsets=(0, 2**30))}))
        os.truncate(run.path / self.NAME, (run.path / self.NAME).stat().st_size + 2**30)
        refused(lambda: run.generator(1), "memory")

    @pytest.mark.parametrize(
        "facts", ["", "[" * 100_000, "[]", "1", "9" * 5000, '{"step": 1' + "0" * 400 + "}", '"\ud800"', "\0"]
    )
    def test_a_state_with_hostile_facts_gives_way_to_the_one_before(self, run, facts):
        header = {"__metadata__": {"duelo": facts}, "average.w": entry()}
        put(run, "checkpoints/state-000000000160.safetensors", tensors(header, bytes(8)))
        with little_memory():
            assert run.state()[1]["step"] == 10
        assert "w" not in run.generator()


def png(*chunks):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in [*chunks, (b"IEND", b"")])


def head(width, height, depth=8, color=0):
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)


def saved(image, **options):
    buffer = BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def with_text(length):
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "b" * length, zip=True)
    return saved(Image.new("L", (8, 8)), format="PNG", pnginfo=info)


class TestPictures:
    NAME = "samples/epoch-0001.png"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x89PNG\r\n\x1a\n",
            png(head(0, 0)),
            png(head(8, 8)),
            png(head(2**31 - 1, 2**31 - 1), (b"IDAT", zlib.compress(bytes(1000)))),
            png(head(4001, 4000), (b"IDAT", zlib.compress(bytes(4002 * 4000)))),
            png(head(8, 8), head(20_000, 20_000), (b"IDAT", zlib.compress(bytes(1000)))),
            png(head(8, 8, 8, 7), (b"IDAT", zlib.compress(bytes(1000)))),
            png((b"IDAT", zlib.compress(bytes(1000)))),
            with_text(50_000_000),
            saved(Image.new("L", (8, 8)), format="GIF"),
            saved(Image.new("L", (8, 8)), format="BMP"),
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(rm) run\n",
        ],
        ids=range(13),
    )
    def test_bombs_and_other_formats_are_damaged(self, run, content):
        put(run, self.NAME, content)
        refused(lambda: run.read_samples(1), "missing or damaged")

    @pytest.mark.parametrize(
        ("mode", "shape"), [("L", (6, 8)), ("RGB", (6, 8, 3)), ("1", (6, 8)), ("P", (6, 8, 3)), ("RGBA", (6, 8, 3))]
    )
    def test_pictures_that_another_program_saved_again_are_read(self, run, mode, shape):
        put(run, self.NAME, saved(Image.new(mode, (8, 6)), format="PNG"))
        picture = run.read_samples(1)
        assert picture.shape == shape and picture.dtype == np.uint8

    @pytest.mark.parametrize("shape", [(1, 1), (6, 8), (6, 8, 3)])
    def test_a_grid_comes_back_as_it_was_saved(self, run, shape):
        grid = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        run.save_samples(7, grid)
        assert np.array_equal(run.read_samples(7), grid)

    def test_an_absent_epoch_is_a_clear_sentence(self, run):
        for epoch in (99, -1, 10**300):
            with pytest.raises(UserError, match="missing or damaged"):
                run.read_samples(epoch)


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
