"""Whatever a stranger calls weights or pictures, reading it ends in ``UserError`` at worst."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from io import BytesIO

import numpy as np
import psutil
import pytest
from PIL import Image, PngImagePlugin

from engine.errors import UserError
from engine.runs import RunFolder
from tests.engine import hostile
from tests.engine.hostile import little_memory, read_everything
from tests.engine.strange_files import put, refused


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    run = hostile.make_run(tmp_path_factory.mktemp("original") / "run")
    read_everything(run)  # what is imported late takes its memory here
    return run.path


@pytest.fixture
def run(original, tmp_path):
    shutil.copytree(original, tmp_path / "runs" / "run")
    return RunFolder(tmp_path / "runs" / "run")


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
