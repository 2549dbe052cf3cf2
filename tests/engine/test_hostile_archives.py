"""Whatever a stranger puts into the file of a run is refused at worst, before anything is unpacked."""

import hashlib
import json
import os
import random
import shutil
import stat
import struct
import zipfile
import zlib

import pytest

from engine.errors import UserError
from engine.job import result_of
from engine.runs.archive import MANIFEST, export_run, import_run, read_manifest
from tests.engine import hostile
from tests.engine.archives import contents, refused, rewritten


@pytest.fixture
def run(tmp_path):
    return hostile.make_run(tmp_path / "runs" / "Thin lines!")


@pytest.fixture
def packed(run, tmp_path):
    return result_of(export_run(run, tmp_path / "run.duelo")).path


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def listed(data):
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_links_of_a_run_are_not_followed(run, tmp_path):
    (tmp_path / "secret").write_text("mine")
    (run.path / "log.txt").unlink()
    (run.path / "log.txt").symlink_to(tmp_path / "secret")
    shutil.move(run.path / "samples", tmp_path / "elsewhere")
    (run.path / "samples").symlink_to(tmp_path / "elsewhere")
    names = read_manifest(result_of(export_run(run, tmp_path / "out.duelo")).path).files
    assert "log.txt" not in names and not any(name.startswith("samples") for name in names)


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.json", "/etc/passwd", "C:\\evil.json", "samples\\epoch-0001.png", "samples/../config.json"),
        *("config.json/", "Config.json", "CONFIG.JSON", "samples/epoch-0001.PNG", "samples/epoch-1.png\n", "con"),
        *("checkpoints/evil.pkl", ".lock", "samples/epoch-٠٠٠١.png", "./config.json", "x" * 5000),
    ],
)
def test_only_files_of_a_run_are_taken_and_by_their_very_names(packed, home, tmp_path, name):
    def change(files, manifest):
        files[name] = b"{}"
        manifest["files"][name] = listed(b"{}")

    refused(rewritten(packed, tmp_path / "bad.duelo", change), home, "is no file of a run|no experiment of Duelo")
    assert not (tmp_path / "evil.json").exists()


def test_a_link_in_it_is_refused(packed, home, tmp_path):
    bad = tmp_path / "bad.duelo"
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(bad, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "log.txt":
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            new.writestr(entry, data)
    refused(bad, home)


def test_bombs_are_refused_before_they_are_unpacked(packed, home, tmp_path):
    zeros = bytes(40 * 2**20)

    def fill(name, method):
        bad = tmp_path / "bad.duelo"
        with zipfile.ZipFile(packed) as old, zipfile.ZipFile(bad, "w") as new:
            manifest = json.loads(old.read(MANIFEST))
            manifest["files"][name] = listed(zeros)
            for entry in old.namelist():
                if entry not in (name, MANIFEST):
                    new.writestr(entry, old.read(entry))
            new.writestr(name, zeros, method)
            new.writestr(MANIFEST, json.dumps(manifest))
        return bad

    for name, method in (("log.txt", zipfile.ZIP_DEFLATED), ("samples/epoch-0009.png", zipfile.ZIP_DEFLATED)):
        refused(fill(name, method), home)
    refused(fill("log.txt", zipfile.ZIP_LZMA), home)


def test_stated_sizes_are_the_real_ones(packed, home, tmp_path):
    data = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as old:
        place = data.rindex(b"PK\1\2" + data[data.rindex(b"PK\1\2") + 4 : data.rindex(b"PK\1\2") + 8])
        assert old.infolist()[-1].filename == MANIFEST
    for size in (1, 10**6, 2**32 - 1):
        bad = tmp_path / "bad.duelo"
        changed = bytearray(data)
        struct.pack_into("<L", changed, place + 24, size)
        bad.write_bytes(changed)
        refused(bad, home)


def test_two_files_of_one_name_are_refused(packed, home, tmp_path):
    bad = tmp_path / "bad.duelo"
    shutil.copy(packed, bad)
    with zipfile.ZipFile(bad, "a") as new, pytest.warns(UserWarning, match="Duplicate"):
        new.writestr("config.json", "{}")
    refused(bad, home)


def test_overlapping_entries_are_refused(run, home, tmp_path):
    """As in the bombs of Fifield, 2019 (bamsoftware.com/hacks/zipbomb): each file holds all that follow it."""
    config = (run.path / "config.json").read_bytes()
    names = [f"samples/epoch-{number:04d}.png" for number in range(10, 40)]
    data, files, local, central = bytes(10**6), {"config.json": listed(config)}, {}, []
    for name in reversed(names):
        files[name] = listed(data)
        local[name] = (zlib.crc32(data), len(data))
        data = _local_header(name, *local[name]) + data
    offset = 0
    for name in names:
        central.append((name, *local[name], offset))
        offset += len(_local_header(name, *local[name]))
    manifest = json.dumps({"duelo-experiment": 1, "name": "bomb", "files": files}).encode()
    for name, content in (("config.json", config), (MANIFEST, manifest)):
        central.append((name, zlib.crc32(content), len(content), len(data)))
        data += _local_header(name, *central[-1][1:3]) + content
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, crc, size, size, len(name), 0, 0, 0, 0, 0, place)
        + name.encode()
        for name, crc, size, place in central
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(central), len(central), len(directory), len(data), 0)
    (tmp_path / "bad.duelo").write_bytes(data + directory + end)
    assert zipfile.ZipFile(tmp_path / "bad.duelo").getinfo(names[0]).file_size > 10**6, "the library takes it for a zip"
    refused(tmp_path / "bad.duelo", home)


def _local_header(name, crc, size):
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, crc, size, size, len(name), 0) + name.encode()


@pytest.mark.parametrize(
    ("manifest", "match"),
    [
        ({"duelo-experiment": 3, "duelo": "9\x1b[2J"}, "was made by a newer Duelo"),
        *(({"duelo-experiment": wrong}, "is no experiment") for wrong in ("1", None, True, 1.5)),
        *(({"files": wrong}, "is no experiment") for wrong in ([], {}, 3, {"config.json": 3}, {"log.txt": {}})),
    ],
)
def test_what_the_manifest_says_is_checked(packed, home, tmp_path, manifest, match):
    refused(rewritten(packed, tmp_path / "bad.duelo", lambda _files, said: said.update(manifest)), home, match)


def test_a_manifest_that_is_none_or_endless_is_refused(packed, home, tmp_path):
    bad = tmp_path / "bad.duelo"
    for text in ("", "[]", "{" * 5000, "[" * 10**6, json.dumps({"duelo-experiment": 1, "x": "y" * 10**7})):
        with zipfile.ZipFile(bad, "w") as new:
            new.writestr("config.json", "{}")
            new.writestr(MANIFEST, text)
        refused(bad, home)
    with zipfile.ZipFile(bad, "w") as new:
        new.writestr("config.json", "{}")
    refused(bad, home)


def test_a_file_that_was_changed_on_the_way_is_named(packed, home, tmp_path):
    def change(files, _manifest):
        files["metrics.csv"] = files["metrics.csv"].replace(b"1", b"2")

    refused(rewritten(packed, tmp_path / "bad.duelo", change), home, "“metrics.csv” is not what it was")


def test_a_run_in_it_that_cannot_be_opened_is_refused_by_the_archives_name(packed, home, tmp_path):
    def change(files, manifest):
        content = json.loads(files["config.json"]) | {"schema": 99}
        files["config.json"] = json.dumps(content).encode()
        manifest["files"]["config.json"] = listed(files["config.json"])

    refused(rewritten(packed, tmp_path / "bad.duelo", change), home, r"bad\.duelo” was made by a newer Duelo")


@pytest.mark.parametrize("name", ["", "../..", "con", "a/b\\c", "x" * 900, ".hidden", "‮evil", "ñandú"])
def test_the_name_that_an_archive_wants_is_made_harmless(packed, home, tmp_path, name):
    bad = rewritten(packed, tmp_path / "odd.duelo", lambda _files, said: said.update(name=name))
    found = result_of(import_run(bad, home))
    assert found.parent == home and len(found.name) <= 90 and found.name.isascii() and not found.name.startswith(".")
    assert found.name != "con", "a device, to Windows"


def test_what_is_no_zip_is_refused(home, tmp_path):
    bad = tmp_path / "bad.duelo"
    for data in (b"", b"PK", b"x" * 10**6, b"PK\5\6" + bytes(18), b"PK\5\6" + b"\xff" * 18):
        bad.write_bytes(data)
        refused(bad, home)
    bad.unlink()
    os.mkfifo(bad)
    refused(bad, home, "cannot be read")
    refused(tmp_path, home, "cannot be read")
    refused(tmp_path / "nowhere", home, "cannot be read")


def test_a_directory_that_claims_to_be_large_is_not_read(packed, home, tmp_path):
    data = bytearray(packed.read_bytes()) + bytes(8_000_000)
    place = data.rindex(b"PK\5\6")
    struct.pack_into("<L", data, place + 12, 7_000_000)
    (tmp_path / "bad.duelo").write_bytes(data[:place] + bytes(7_000_000) + data[place : place + 22])
    refused(tmp_path / "bad.duelo", home)


def test_many_ways_to_damage_it_end_in_a_sentence_or_in_the_same_run(packed, home, tmp_path):
    chance, data, bad = random.Random(7), packed.read_bytes(), tmp_path / "bad.duelo"
    ways = [hostile.flip_bits, hostile.truncate, hostile.insert, hostile.remove]
    whole = contents(result_of(import_run(packed, tmp_path / "whole")))
    for _ in range(120):
        bad.write_bytes(chance.choice(ways)(data, chance))
        try:
            found = result_of(import_run(bad, home))
        except UserError as error:
            assert error.hint and len(str(error)) < hostile.LONGEST_SENTENCE
        else:
            assert contents(found) == whole
            shutil.rmtree(found)
        assert list(home.iterdir()) == []
