"""Deleted runs are had back, or go for good by a rule that is told; nothing is lost on the way."""

import errno
import os

import pytest

from engine.errors import DiskError, UserError
from engine.runs import RunFolder, RunStore
from engine.runs import trash as trashes
from tests.engine import hostile


@pytest.fixture
def store(tmp_path):
    hostile.make_run(tmp_path / "runs" / "run-0")
    hostile.make_run(tmp_path / "runs" / "run-1")
    return RunStore(tmp_path / "runs")


def names(store):
    return sorted(run.path.name for run in store.runs())


def test_a_deleted_run_is_gone_from_the_list_and_comes_back_whole(store):
    path = store.root / "run-0"
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    deleted = store.delete(path)
    assert names(store) == ["run-1"] and not path.exists() and deleted.expired == ()
    assert deleted.run.name == "run-0" and deleted.run.size_bytes > 5000
    (waiting,) = store.trash.runs()
    assert waiting.path == deleted.run.path and abs(waiting.deleted - deleted.run.deleted) < 1
    assert store.restore(waiting) == path and names(store) == ["run-0", "run-1"]
    assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == before
    assert store.trash.runs() == []


def test_it_comes_back_beside_a_new_run_of_its_name(store):
    deleted = store.delete(store.root / "run-0")
    hostile.make_run(store.root / "run-0").save_info(RunFolder(store.root / "run-1").info())
    assert store.restore(deleted.run) == store.root / "run-0_2" and names(store) == ["run-0", "run-0_2", "run-1"]


def test_broken_runs_can_be_deleted_and_trained_ones_cannot(store, monkeypatch):
    (store.root / "run-0" / "config.json").write_text("{")
    store.delete(store.root / "run-0")
    with RunFolder(store.root / "run-1").lock(), pytest.raises(UserError, match="is being trained"):
        store.delete(store.root / "run-1")
    assert names(store) == ["run-1"]
    with pytest.raises(UserError, match="is no run"):
        store.delete(store.root / "run-7")
    monkeypatch.setattr(trashes.os, "rename", refuse)
    with pytest.raises(DiskError):
        store.delete(store.root / "run-1")
    assert len(store.trash.runs()) == len(list((store.root / ".trash").iterdir())) == 1, "no empty place is left"


def refuse(*_paths):
    raise OSError(errno.EACCES, "not here")


def test_what_is_old_or_too_much_goes_with_the_next_one_and_is_told(store, monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(trashes.time, "time", lambda: now[0])
    old = store.delete(store.root / "run-0").run
    now[0] += 29 * 86_400
    assert store.delete(store.root / "run-1").expired == (), "not before its time"
    hostile.make_run(store.root / "run-2")
    now[0] += 2 * 86_400
    deleted = store.delete(store.root / "run-2")
    assert [run.name for run in deleted.expired] == ["run-0"] and not old.path.exists()
    assert [run.name for run in store.trash.runs()] == ["run-2", "run-1"]
    monkeypatch.setattr(trashes, "MOST_BYTES", 10)
    hostile.make_run(store.root / "run-3")
    deleted = store.delete(store.root / "run-3")
    assert [run.name for run in store.trash.runs()] == ["run-3"], "the newest stays whatever it takes"
    assert len(deleted.expired) == 2 and os.listdir(store.root / ".trash") == [deleted.run.path.parent.name]


def test_the_rule_says_days_and_size():
    assert "30 days" in trashes.rule() and "2 GB" in trashes.rule()


def test_what_is_no_run_is_never_deleted(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(b"mine")
    (tmp_path / "file").write_bytes(b"mine")
    for name in ("pictures", "file", "nowhere"):
        with pytest.raises(UserError, match="is no run, and nothing was deleted"):
            trashes.Trash(tmp_path).put(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["file", "pictures"]
    (tmp_path / "pictures" / "metrics.csv").write_text("")
    assert trashes.Trash(tmp_path).put(tmp_path / "pictures").run.name == "pictures", "it was one"
