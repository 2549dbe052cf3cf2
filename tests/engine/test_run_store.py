"""The store of many runs: told at a glance, read again only where something changed, named, and joined to branches."""

import os
from dataclasses import replace

import pytest

from engine.errors import UserError
from engine.job import Progress, result_of
from engine.job import run as run_job
from engine.runs import Branch, RunFolder, RunStore, RunSummary, UnreadableRun
from engine.runs import store as stores
from engine.runs.about import About
from tests.engine import hostile


@pytest.fixture
def store(tmp_path):
    for number in range(3):
        hostile.make_run(tmp_path / f"run-{number}")
    (tmp_path / "no run").mkdir()
    return RunStore(tmp_path)


def by_name(store):
    return {run.path.name: run for run in store.runs()}


def test_a_summary_tells_the_last_judgment_and_the_name(store, tmp_path):
    run = by_name(store)["run-1"]
    assert isinstance(run, RunSummary) and run.name == "A run" and run.branch_of is None
    assert run.quality == RunFolder(tmp_path / "run-1").qualities()[-1] and run.quality.epoch == 2
    (tmp_path / "run-1" / "quality.jsonl").unlink()
    (tmp_path / "run-1" / "about.json").unlink()
    run = by_name(store)["run-1"]
    assert run.quality is None and run.name == ""


def test_it_notices_a_run_that_comes_goes_is_trained_judged_or_named(store, tmp_path):
    run = RunFolder(tmp_path / "run-1")
    assert store.has_changed(), "nothing was listed yet"
    changes = (
        lambda: run.save_state(400, {}, {}),
        lambda: store.rename(run.path, "Thin lines"),
        lambda: hostile.make_run(tmp_path / "new"),
        lambda: (tmp_path / "run-2" / "config.json").rename(tmp_path / "away"),
        lambda: run.append_quality(replace(run.qualities()[-1], images_seen=400)) or touch_later(run.path),
    )
    for change in changes:
        store.runs()
        assert not store.has_changed()
        change()
        assert store.has_changed()
    assert by_name(store)["run-1"].name == "Thin lines"


def touch_later(path):
    """A second write within the clock of a file system would look like none."""
    os.utime(path / "quality.jsonl", (10**9, 10**9))


def test_only_what_changed_is_read_again_and_progress_is_told(store, monkeypatch):
    honest, read, told = stores.summary, [], []
    monkeypatch.setattr(stores, "summary", lambda path: read.append(path.name) or honest(path))
    monkeypatch.setattr(stores, "_TOLD_EVERY", 2)
    runs = run_job(store.scan(), told.append, lambda: True)
    assert len(runs) == 3 and sorted(read) == ["run-0", "run-1", "run-2"]
    assert told == [Progress(0, 4), Progress(2, 4)]
    store.rename(store.root / "run-0", "Again")
    read.clear()
    store.runs()
    assert read == ["run-0"]


def test_a_listing_that_rests_holds_up_no_other(store, monkeypatch):
    monkeypatch.setattr(stores, "_TOLD_EVERY", 1)
    resting = store.scan()
    assert next(resting) == next(store.scan()) == Progress(0, 4)
    next(resting)
    others = store.runs()
    assert [run.path for run in result_of(resting)] == [run.path for run in others]
    assert not store.has_changed()


def test_branches_find_their_parent_also_after_a_move(store, tmp_path):
    parent = tmp_path / "run-0"
    for number, origin in ((1, parent), (2, tmp_path / "moved away" / "run-0")):
        run = RunFolder(tmp_path / f"run-{number}")
        info = run.info()
        info.branch_of = Branch(str(origin), 2)
        run.save_info(info)
    runs = by_name(store)
    assert store.parent(runs["run-1"]) == store.parent(runs["run-2"]) == parent
    assert store.parent(runs["run-0"]) is None
    assert {run.path.name for run in store.branches(runs["run-0"], runs.values())} == {"run-1", "run-2"}
    assert store.branches(runs["run-1"], runs.values()) == []
    (parent / "config.json").unlink()
    assert store.parent(runs["run-1"]) is None


@pytest.mark.parametrize(
    ("given", "kept"), [("  Thin lines ", "Thin lines"), ("a\nb\x1b[2J", "a b�[2J"), ("x" * 500, 80), ("", "")]
)
def test_a_name_is_one_plain_short_line(store, given, kept):
    path = store.root / "run-0"
    store.rename(path, given)
    name = by_name(store)["run-0"].name
    assert name == kept if isinstance(kept, str) else len(name) == kept


@pytest.mark.parametrize("content", [b"", b"[]", b'{"name": 3}', b"x" * 2**21, b'{"name": "' + b"y" * 2**21 + b'"}'])
def test_a_damaged_name_hides_no_run(store, content):
    (store.root / "run-0" / "about.json").write_bytes(content)
    with pytest.raises(UserError):
        RunFolder(store.root / "run-0").about()
    assert by_name(store)["run-0"].name == ""


def test_what_a_later_version_says_of_a_run_is_no_damage(store):
    (store.root / "run-0" / "about.json").write_text('{"name": "Kept", "stars": 5}')
    assert RunFolder(store.root / "run-0").about() == About("Kept")


def test_the_last_judgment_is_the_last_whole_one(store):
    run = RunFolder(store.root / "run-0")
    with open(run.path / "quality.jsonl", "a", encoding="utf-8") as file:
        file.write('{"epoch": 3, "torn')
    assert run.last_quality().epoch == 2
    (run.path / "quality.jsonl").write_text("no record\n" * 9)
    assert run.last_quality() is None
    (run.path / "quality.jsonl").write_text("")
    assert run.last_quality() is None


def test_a_run_that_cannot_be_read_is_listed_beside_the_others(store):
    (store.root / "run-0" / "config.json").write_text("{")
    runs = by_name(store)
    assert isinstance(runs["run-0"], UnreadableRun) and isinstance(runs["run-1"], RunSummary)
    assert RunStore(store.root / "nowhere").runs() == []
