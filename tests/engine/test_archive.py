"""A run goes into one file and comes back as it was; whatever a stranger puts into such a file is refused at worst."""

import os
import shutil
import zipfile
from collections import namedtuple

import pytest

from engine.errors import DiskError, UserError
from engine.job import Progress, result_of
from engine.runs import Branch, RunFolder, RunStore, archive, places
from engine.runs.archive import export_run, export_size, import_run, read_manifest
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
