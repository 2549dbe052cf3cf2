"""A run goes into one file and comes back as it was; whatever a stranger puts into such a file is refused at worst."""

import hashlib
import json
import os
import random
import shutil
import stat
import struct
import zipfile
import zlib
from collections import namedtuple

import pytest

from engine.errors import DiskError, UserError
from engine.job import Progress, result_of
from engine.runs import Branch, RunFolder, RunStore, archive, places
from engine.runs.archive import MANIFEST, export_run, export_size, import_run, read_manifest
from tests.engine import hostile
from tests.engine.hostile import little_memory


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


def contents(path):
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def refused(path, home, match="is no experiment of Duelo, or it is damaged"):
    before = sorted(os.listdir(home))
    with little_memory(), pytest.raises(UserError, match=match) as error:
        result_of(import_run(path, home))
    assert error.value.hint and sorted(os.listdir(home)) == before, "nothing is left of it"


def rewritten(source, target, change):
    """Copy an archive; ``change`` gets names to contents and may change them, and the manifest."""
    with zipfile.ZipFile(source) as old:
        files = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(files, manifest)
    with zipfile.ZipFile(target, "w") as new:
        for name, data in files.items():
            new.writestr(name, data)
        new.writestr(MANIFEST, manifest if isinstance(manifest, str) else json.dumps(manifest))
    return target


def listed(data):
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_a_run_travels_in_one_file(run, packed, home):
    (run.path / "my notes.txt").write_text("private")
    exported = result_of(export_run(run, packed))
    assert exported.run_bytes == export_size(run) and exported.size_bytes == packed.stat().st_size
    before = contents(run.path)
    del before["my notes.txt"]
    manifest = read_manifest(packed)
    assert (manifest.name, manifest.title) == ("Thin lines!", "A run") and manifest.size_bytes == exported.run_bytes
    first, second = (result_of(import_run(packed, home)) for _ in range(2))
    assert (first.name, second.name) == ("Thin-lines", "Thin-lines_2"), "no run is written over"
    assert contents(first) == contents(second) == before
    assert [entry.name for entry in RunStore(home).runs()] == ["A run", "A run"]
    assert sorted(os.listdir(home)) == [".summaries.sqlite", "Thin-lines", "Thin-lines_2"]


@pytest.mark.parametrize("are_links", [True, False], ids=["one file", "copies"])
def test_a_state_to_branch_off_from_that_is_also_one_to_go_on_from_travels_once(run, home, tmp_path, are_links):
    branch, state = (run.path / "checkpoints" / f"{name}.safetensors" for name in ("branch-0001", "state-000000000080"))
    if not are_links:
        data = branch.read_bytes()
        branch.unlink()
        branch.write_bytes(data)
    before = contents(run.path)
    exported = result_of(export_run(run, tmp_path / "once.duelo"))
    assert exported.run_bytes == export_size(run) == sum(map(len, before.values())) - len(state.read_bytes())
    assert not any("branch" in name for name in zipfile.ZipFile(exported.path).namelist())
    there = result_of(import_run(exported.path, home))
    assert contents(there) == before
    assert (there / "checkpoints" / branch.name).samefile(there / "checkpoints" / state.name)
    state.unlink()
    assert any("branch" in name for name in zipfile.ZipFile(result_of(export_run(run, exported.path)).path).namelist())


def test_an_older_archive_which_stores_it_twice_is_taken(run, packed, home, tmp_path):
    def change(files, said):
        said["duelo-experiment"] = 1
        files["checkpoints/branch-0001.safetensors"] = files["checkpoints/state-000000000080.safetensors"]

    old = rewritten(packed, tmp_path / "old.duelo", change)
    assert contents(result_of(import_run(old, home))) == contents(run.path)


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("checkpoints/branch-0002.safetensors", "checkpoints/state-000000000080.safetensors"),
        ("checkpoints/branch-0002.safetensors", "samples/epoch-0001.png"),
        ("samples/epoch-0003.png", "checkpoints/state-000000000160.safetensors"),
        ("checkpoints/branch-/../../../x", "checkpoints/state-000000000160.safetensors"),
    ],
    ids=["a twin twice", "of a picture", "a picture", "a way out"],
)
def test_a_file_that_is_told_and_not_stored_is_the_twin_of_a_state_or_nothing(packed, home, tmp_path, name, twin):
    def change(_files, said):
        said["files"][name] = said["files"][twin]

    refused(rewritten(packed, tmp_path / "bad.duelo", change), home)


def test_both_ways_tell_how_far_they_are_and_leave_nothing_when_they_are_canceled(run, packed, home, tmp_path):
    out = tmp_path / "out.duelo"
    for job in (export_run(run, out), import_run(packed, home)):
        events = [next(job) for _ in range(5)]
        assert all(isinstance(event, Progress) and event.unit == "MB" for event in events)
        job.close()
    assert not list(tmp_path.glob("*out*")) and list(home.iterdir()) == []


def test_a_run_that_is_trained_or_cannot_be_read_is_not_exported(run, tmp_path):
    out = tmp_path / "out.duelo"
    with run.lock(), pytest.raises(UserError, match="is being trained"):
        result_of(export_run(run, out))
    (run.path / "config.json").write_text("{")
    with pytest.raises(UserError, match="damaged"):
        result_of(export_run(run, out))
    assert not out.exists()


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


def test_a_full_disk_is_told_before_anything_is_written(packed, home, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _path: usage(10))
    with pytest.raises(DiskError, match=r"takes 0|takes \d+ kB"):
        result_of(import_run(packed, home))
    assert list(home.iterdir()) == []


def test_what_a_killed_import_left_is_no_run_and_goes_with_a_later_one(packed, home):
    job = import_run(packed, home)
    for _ in range(6):
        next(job)
    shutil.copytree(home / ".arriving", home / "copy")
    job.close()
    (home / "copy").rename(home / ".arriving")
    assert RunStore(home, keeps=False).runs() == []
    for left in (home / ".arriving").iterdir():
        os.utime(left, (1, 1))
    result_of(import_run(packed, home))
    assert [path.name for path in home.iterdir()] == ["Thin-lines"]


def test_a_run_folder_is_what_comes_back(packed, home):
    run = RunFolder(result_of(import_run(packed, home)))
    found = hostile.read_everything(run)
    assert {"info", "state", "newest", "branch 1", "summary"} <= found.keys()


# what is not given away


@pytest.fixture
def placed(run, tmp_path, monkeypatch):
    """A run of pictures and of a parent in a home whose name has a space in it, which its log names, too."""
    home = tmp_path / "home" / "Ana María"
    monkeypatch.setattr(places.Path, "home", lambda: home)
    info = run.info()
    info.config = info.config.changed(dataset="pictures", data_root=str(home / "my birds"))
    info.branch_of = Branch(str(home / "Duelo" / "runs" / "parent"), 3)
    run.save_info(info)
    run.log(f"went on from {home}/Duelo/runs/parent, 3,000 images/s")
    run.log(f"cannot write “{home}/Duelo/runs/x/metrics.csv”: C:\\Users\\ana\\x.png, /srv/share/ana/y.csv")
    run.log("began on CPU, torch 2.13.0+cpu, 1/2 of it")
    return run


def test_an_export_tells_no_folder_of_this_machine(placed, home, tmp_path):
    before = contents(placed.path)
    exported = result_of(export_run(placed, tmp_path / "out.duelo"))
    assert exported.left_out and exported.run_bytes == read_manifest(exported.path).size_bytes
    there = RunFolder(result_of(import_run(exported.path, home)))
    assert (there.info().config.data_root, there.info().branch_of.run) == ("my birds", "parent")
    for word in (b"Ana", b"ana", b"Duelo/", b"Users", b"srv", str(tmp_path).encode()):
        assert not any(word in data for data in contents(there.path).values()), word
    log = (there.path / "log.txt").read_text(encoding="utf-8")
    assert "…/Duelo/runs/parent, 3,000 images/s" not in log and "parent, 3,000 images/s" in log
    assert "metrics.csv”" in log and "x.png" in log and "y.csv" in log and "torch 2.13.0+cpu, 1/2 of it" in log
    assert contents(placed.path) == before, "the run itself is as it was"
    same = {name: data for name, data in contents(there.path).items() if name not in places.PLACED}
    assert same == {name: before[name] for name in same}


def test_the_home_itself_is_not_named_as_the_folder_of_pictures(placed, home, tmp_path):
    info = placed.info()
    info.config = info.config.changed(data_root=str(places.Path.home()))
    placed.save_info(info)
    there = result_of(import_run(result_of(export_run(placed, tmp_path / "out.duelo")).path, home))
    assert RunFolder(there).info().config.data_root == ""


def test_a_parent_given_away_with_its_branch_is_found_again_and_none_is_sought_anywhere_else(placed, home, monkeypatch):
    (home / "parent").mkdir()
    out = home.parent / "out.duelo"
    child = result_of(import_run(result_of(export_run(placed, out)).path, home))
    monkeypatch.chdir(home)
    store = RunStore(home)
    assert store.parent(store.one(child)) is None
    hostile.make_run(home / "parent")
    assert store.parent(store.one(child)) == home / "parent"
    (home / "cwd").mkdir()
    (home / "parent").rename(home / "cwd" / "parent")
    monkeypatch.chdir(home / "cwd")
    assert store.parent(store.one(child)) is None, "not where this process happens to be"
