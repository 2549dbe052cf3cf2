"""The store of many runs: told at a glance, read again only where something changed, named, and joined to branches."""

import importlib
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import i18n
from engine.datasets.info import ROWS
from engine.errors import UserError
from engine.events import MetricsRow
from engine.job import result_of
from engine.job import run as run_job
from engine.runs import Branch, Listing, News, RunFolder, RunStore, RunSummary, UnreadableRun, words
from engine.runs import store as stores
from engine.runs.about import LONGEST_NOTE, About
from engine.runs.arriving import arriving
from tests.engine import hostile

summaries = importlib.import_module("engine.runs.summary")  # of whose name there is a function, too


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


def names_of(news):
    return sorted(path.name for path in news.changed)


def test_it_notices_a_run_that_is_trained_judged_named_or_left_once(store, tmp_path):
    run = RunFolder(tmp_path / "run-1")
    assert store.news() == News(has_others=True), "nothing was listed yet"
    store.runs()
    changes = (
        lambda: run.save_state(400, {}, {}),
        lambda: store.rename(run.path, "Thin lines"),
        lambda: run.append_quality(replace(run.qualities()[-1], images_seen=400)) or touch_later(run.path),
    )
    for change in changes:
        assert store.news() == News()
        change()
        assert store.news() == News((run.path,)) and store.news() == News()
    with run.lock():
        assert names_of(store.news()) == ["run-1"] and store.one(run.path).standing == "training"
    assert names_of(store.news()) == ["run-1"] and by_name(store)["run-1"].name == "Thin lines"


def test_it_notices_a_run_that_comes_or_goes_also_one_whose_folder_is_older_than_its_record(store, tmp_path):
    store.runs()
    (tmp_path / "new").mkdir()
    assert store.news() == News(), "no run yet"
    hostile.make_run(tmp_path / "new")
    assert store.news().has_others
    store.runs()
    assert store.news() == News()
    shutil.rmtree(tmp_path / "run-2")
    assert store.news().has_others
    store.runs()
    (tmp_path / "run-0" / "config.json").write_text("{")
    assert names_of(store.news()) == ["run-0"], "it lies there, and says what is wrong"


def test_of_many_runs_those_under_way_are_looked_at_each_time_and_the_others_in_turn(store, monkeypatch):
    monkeypatch.setattr(stores, "_LOOKED_AT", 1)
    live = RunFolder(store.root / "run-2")
    with live.lock():
        store.runs()
        store.rename(store.root / "run-0", "Other")
        looks = []
        for count in range(2):
            live.append_metrics([MetricsRow(count, 1, 1, 1.0, 1.0, 1.0, 0.5, 0.5, 1)])
            looks.append(names_of(store.news()))
    assert looks == [["run-2"], ["run-0", "run-2"]]


def touch_later(path):
    """A second write within the clock of a file system would look like none."""
    os.utime(path / "quality.jsonl", (10**9, 10**9))


def test_only_what_changed_is_read_again_and_progress_is_told(store, monkeypatch):
    honest, read, told = stores.summary, [], []
    monkeypatch.setattr(stores, "summary", lambda path: read.append(path.name) or honest(path))
    monkeypatch.setattr(stores, "_TOLD_EVERY_SECONDS", 0.0)
    runs = run_job(store.scan(), told.append, lambda: True)
    assert len(runs) == 3 and sorted(read) == ["run-0", "run-1", "run-2"]
    assert [(part.done, part.total) for part in told] == [(done, 4) for done in (0, 1, 2, 3, 4, 4)]
    assert [run.path.name for part in told for run in part.runs] == ["run-2", "run-1", "run-0"]
    store.rename(store.root / "run-0", "Again")
    read.clear()
    store.runs()
    assert read == ["run-0"]


def test_a_listing_that_rests_holds_up_no_other(store, monkeypatch):
    monkeypatch.setattr(stores, "_TOLD_EVERY_SECONDS", 0.0)
    resting = store.scan()
    assert next(resting) == next(store.scan()) == Listing(0, 4)
    next(resting)
    others = store.runs()
    assert [run.path for run in result_of(resting)] == [run.path for run in others]
    assert store.news() == News()


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


def test_a_branch_says_whose_it_is_by_the_name_that_its_parent_has_by_now(store, tmp_path):
    parent, branch = tmp_path / "run-0", RunFolder(tmp_path / "run-1")
    info = branch.info()
    info.branch_of = Branch(str(parent), 2)
    branch.save_info(info)
    store.rename(parent, "base")
    run = by_name(store)["run-1"]
    options = words.options(run)
    assert words.what_differs(run) == f"Branch of “base”, epoch 2: {options}" and options
    assert words.origin(summaries.summary(branch.path)) == "“base”, epoch 2"
    assert by_name(store)["run-1"] is run, "nothing changed"
    store.rename(parent, "")
    assert words.what_differs(by_name(store)["run-1"]).startswith("Branch of “run-0”, epoch 2")
    shutil.rmtree(parent)
    assert words.origin(by_name(store)["run-1"]) == "“run-0”, epoch 2"
    assert words.what_differs(by_name(store)["run-2"]) == words.options(by_name(store)["run-2"])


@pytest.mark.parametrize(
    ("given", "kept"), [("  Thin lines ", "Thin lines"), ("a\nb\x1b[2J", "a b�[2J"), ("x" * 500, 80), ("", "")]
)
def test_a_name_is_one_plain_short_line(store, given, kept):
    path = store.root / "run-0"
    store.rename(path, given)
    name = by_name(store)["run-0"].name
    assert name == kept if isinstance(kept, str) else len(name) == kept


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"name": 3}', b'{"star": 1}', b'{"note": []}', b"x" * 2**21, b'{"name": "' + b"y" * 2**21 + b'"}'],
)
def test_a_damaged_name_hides_no_run(store, content):
    (store.root / "run-0" / "about.json").write_bytes(content)
    with pytest.raises(UserError):
        RunFolder(store.root / "run-0").about()
    assert by_name(store)["run-0"].name == ""


def test_what_a_later_version_says_of_a_run_is_no_damage(store):
    (store.root / "run-0" / "about.json").write_text('{"name": "Kept", "grades": 5}')
    assert RunFolder(store.root / "run-0").about() == About("Kept")


def test_name_star_and_note_are_said_one_by_one_and_travel_with_the_run(store):
    path = store.root / "run-0"
    store.describe(path, star=True)
    store.describe(path, note=" two\r\nlines\x1b[2J \n")
    assert store.describe(path, name="Thin") == About("Thin", True, "two\nlines�[2J")
    run = by_name(store)["run-0"]
    assert (run.name, run.star, run.note) == ("Thin", True, "two\nlines�[2J")
    assert len(store.describe(path, note="<" * 9999, star=False).note) <= LONGEST_NOTE
    (path / "about.json").write_text("{")
    assert store.describe(path, star=True) == About("", True), "what is damaged cannot keep what is said now away"
    path.rename(store.root / "elsewhere")
    assert by_name(store)["elsewhere"].star


def test_a_row_says_in_words_what_a_table_shows(store):
    run = RunFolder(store.root / "run-0")
    info = run.info()
    info.config = info.config.changed(d_lr=0.0005, seed=3, max_images=60)
    run.save_info(info)
    row = by_name(store)["run-0"]
    assert words.title(row) == "A run" and words.recipe(row).startswith("Studio") and words.data(row)
    with i18n.speaking_of(ROWS):  # of which is what is planned meanwhile
        told = words.options(row)
    assert (
        "Images used 60" in told and "Learning rate of D 0.0005" in told and "Seed 3" in told and "Epochs" not in told
    )
    assert "Learning rate of G 0.01" in told, "as it was changed while it trained"
    assert (words.epochs(row), words.standing(row)) == ("2 of 4", "unfinished")
    trial = replace(row, images_seen=41, total_images=41, image_count=100)
    assert (words.epochs(trial), words.standing(trial)) == ("0.41", "finished")
    assert (words.frechet(row), words.accuracy(row), words.time(row)) == ("20.00", "50.0%", "10 seconds")
    assert row.size_bytes > 5000 and words.size(row).endswith("kB") and words.diagnosis(row)
    i18n.set_language("es")
    assert "Semilla 3" in words.options(row) and words.standing(row) == "sin terminar"


def test_a_picture_of_a_run_is_a_corner_and_no_detector_hides_a_run(store, monkeypatch):
    RunFolder(store.root / "run-0").save_samples(3, np.zeros((200, 300), np.uint8))
    assert by_name(store)["run-0"].preview.shape == (80, 96)

    def fail(_run):
        raise RuntimeError("a detector of a stranger's package")

    monkeypatch.setattr(summaries, "recorded", fail)
    assert by_name(RunStore(store.root, keeps=False))["run-1"].health == ""


def test_a_file_under_two_names_counts_once_in_the_size(store):
    run = RunFolder(store.root / "run-0")
    before = by_name(store)["run-0"].size_bytes
    run.keep_for_branching(2, 160, 10)
    assert run.branch_epochs() == [1, 2] and by_name(store)["run-0"].size_bytes == before


def test_files_that_go_while_a_folder_is_looked_through_hide_no_run_and_stop_none_that_arrives(store, monkeypatch):
    run = store.root / "run-0"
    before = by_name(store)["run-0"].size_bytes
    (run / ".config.json.0a1b2c3d.part").write_bytes(b"of one who writes meanwhile")
    (store.root / ".arriving" / "another").mkdir(parents=True)
    listed, iterated = os.scandir, Path.iterdir

    @contextmanager
    def scandir(path):
        with listed(path) as entries:
            entries = list(entries)
        for name in filter(re.compile(r".*\.part").fullmatch, os.listdir(path)):
            os.unlink(os.path.join(path, name))
        yield entries

    def iterdir(path):
        found = list(iterated(path))
        shutil.rmtree(path / "another", ignore_errors=True)
        return found

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert summaries.size_of(run) == before
    with arriving(store.root / "new") as own:
        (own / "config.json").write_text("{}")
    assert (store.root / "new").exists()


def test_a_run_shows_as_training_while_it_is_locked_and_looking_disturbs_nobody(store):
    run = RunFolder(store.root / "run-0")
    with run.lock():
        assert by_name(store)["run-0"].standing == "training" and store.news() == News()
    assert store.news().changed and by_name(store)["run-0"].standing == "unfinished"
    (store.root / "run-1" / ".lock").symlink_to(store.root / "run-0" / "config.json")
    os.mkfifo(store.root / "run-2" / ".lock")
    assert not any(row.is_training for row in store.runs())


@pytest.mark.skipif(os.name == "nt", reason="there, a lock has one holder")
def test_whoever_looks_keeps_nobody_from_looking(store):
    import fcntl

    run = RunFolder(store.root / "run-0")
    with run.lock():
        pass
    descriptor = os.open(run.path / ".lock", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # as another process does for a moment
    assert not run.is_locked()
    os.close(descriptor)


def test_what_comes_meanwhile_is_not_written_over(tmp_path):
    with pytest.raises(UserError, match="exists already"), arriving(tmp_path / "new") as own:
        (own / "config.json").write_text("{}")
        (tmp_path / "new").mkdir()
    assert list((tmp_path / "new").iterdir()) == [] and [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_listing_is_kept_for_the_next_time_and_made_anew_where_it_is_damaged(store, monkeypatch):
    before, read = by_name(store), []
    cache = store.root / ".summaries.sqlite"
    honest = stores.summary
    monkeypatch.setattr(stores, "summary", lambda path: read.append(path.name) or honest(path))
    again = by_name(RunStore(store.root))
    assert not read
    for name, row in again.items():
        assert np.array_equal(row.preview, before[name].preview)
        assert replace(row, preview=None, path=0).__dict__ == replace(before[name], preview=None, path=0).__dict__
    shutil.rmtree(store.root / "run-2")
    RunStore(store.root).describe(store.root / "run-1", name="Other")
    assert by_name(RunStore(store.root))["run-1"].name == "Other" and read == ["run-1"]
    for damage in (b"no database", b"", cache.read_bytes()[:5000]):
        cache.write_bytes(damage)
        assert len(by_name(RunStore(store.root))) == 2
        read.clear()
        assert len(by_name(RunStore(store.root))) == 2 and not read, damage[:20]
    with sqlite3.connect(cache) as database:
        database.execute("UPDATE runs SET summary = '{}', preview = 3")
    assert len(by_name(RunStore(store.root))) == 2 and len(read) == 2


def test_a_listing_of_another_duelo_is_made_anew_and_runs_that_are_gone_leave_it(store):
    cache = store.root / ".summaries.sqlite"
    store.runs()
    with closing(sqlite3.connect(cache)) as database, database:
        database.execute("UPDATE layout SET said = 'of another one'")
        database.execute("UPDATE runs SET summary = replace(summary, 'A run', 'An old word')")
    assert {run.name for run in RunStore(store.root).runs()} == {"A run"}
    shutil.rmtree(store.root / "run-2")
    RunStore(store.root).runs()
    with closing(sqlite3.connect(cache)) as database:
        assert sorted(database.execute("SELECT name FROM runs")) == [(b"run-0",), (b"run-1",)]


@pytest.mark.skipif(sys.platform != "linux", reason="names are of Unicode there")
def test_a_folder_whose_name_is_no_utf_8_as_old_archives_have_it_is_a_run_like_others(store, monkeypatch):
    odd = os.fsdecode(b"ni\xf1os")
    (store.root / "run-0").rename(store.root / odd)
    assert isinstance(by_name(store)[odd], RunSummary)
    monkeypatch.setattr(stores, "summary", lambda _path: pytest.fail("it is kept, too"))
    assert set(by_name(RunStore(store.root))) == {odd, "run-1", "run-2"}


def test_a_run_was_trained_last_when_its_record_its_curves_or_its_newest_picture_were_written(store):
    run = store.root / "run-0"
    moments = {"config.json": 5, "metrics.csv": 6, "samples/epoch-0001.png": 9, "samples/epoch-0002.png": 7}
    for name, moment in moments.items():
        os.utime(run / name, (moment, moment))
    assert store.one(run).modified == 7
    os.utime(run / "metrics.csv", (8, 8))
    assert RunStore(store.root, keeps=False).one(run).modified == 8, "it was stopped within an epoch"
    os.utime(run / "metrics.csv", (6, 6))
    os.utime(run / "config.json", (8, 8))
    assert RunStore(store.root, keeps=False).one(run).modified == 8


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
