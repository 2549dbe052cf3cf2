"""A class wall: what students share is there, whole, whoever writes meanwhile, and whatever becomes of the folder."""

from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import replace

import pytest

from engine.errors import UserError
from engine.job import result_of
from engine.runs import RunFolder, RunSummary
from engine.wall import places
from engine.wall.cards import Wall
from engine.wall.places import student_folder
from engine.wall.sharing import SharedRun
from tests.engine.trained import everything


def cards_of(wall):
    return result_of(Wall(wall).cards())


def test_what_is_shared_shows_the_run_as_it_is_and_holds_nothing_to_go_on_from(trained, wall):
    before = everything(trained)
    there = RunFolder(SharedRun(trained, wall, "Ana Núñez").update())
    assert everything(trained) == before
    assert there.metrics() == trained.metrics() and there.info() == trained.info()
    assert {epoch: path.read_bytes() for epoch, path in there.sample_files().items()} == {
        epoch: path.read_bytes() for epoch, path in trained.sample_files().items()
    }
    assert there.generator_epochs() == there.snapshot_epochs() == [2] and not there.has_state()
    times = [os.stat(each.path / "metrics.csv").st_mtime_ns for each in (there, trained)]
    assert times[0] == times[1], "or a run that rests would be told to be trained now"
    (card,) = cards_of(wall)
    assert card.student == "Ana Núñez" and isinstance(card.run, RunSummary) and card.run.epochs == 2


def test_only_what_changed_is_brought_again(trained, wall, tmp_path):
    growing = RunFolder(tmp_path / "growing")
    shutil.copytree(trained.path, growing.path)
    shared = SharedRun(growing, wall, "Ana")
    there = shared.update()
    inodes = {path: path.stat().st_ino for path in there.rglob("*") if path.is_file()}
    growing.append_metrics(growing.metrics()[-1:])
    shared.update()
    changed = {path.name for path, inode in inodes.items() if path.stat().st_ino != inode}
    assert changed == {"metrics.csv"} and RunFolder(there).metrics() == growing.metrics()


def test_of_players_only_the_newest_hang_there(trained, wall, tmp_path):
    growing = RunFolder(tmp_path / "growing")
    shutil.copytree(trained.path, growing.path)
    shared = SharedRun(growing, wall, "Ana")
    there = RunFolder(shared.update())
    growing.save_snapshot(3, *trained.snapshot(2))
    shared.update()
    assert there.generator_epochs() == there.snapshot_epochs() == [3]


def test_twenty_write_at_once_and_every_card_is_whole(trained, wall):
    failures = []

    def student(number):
        try:
            SharedRun(trained, wall, f"Student {number % 10}").update()  # two of each name
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=student, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert all(isinstance(card.run, RunSummary) or "config.json" in card.run.reason for card in cards_of(wall))
    assert failures == []
    cards = cards_of(wall)
    assert sorted(card.student for card in cards) == [f"Student {number}" for number in range(10)]
    assert all(RunFolder(card.run.path).metrics() == trained.metrics() for card in cards)


def test_a_card_stays_the_same_until_its_run_changes(trained, wall):
    SharedRun(trained, wall, "Ana").update()
    SharedRun(trained, wall, "Bea").update()
    seen = Wall(wall)
    ana, bea = sorted(result_of(seen.cards()), key=lambda card: card.student)
    RunFolder(bea.run.path).append_metrics(trained.metrics()[-1:])
    after = sorted(result_of(seen.cards()), key=lambda card: card.student)
    assert after[0] is ana and after[1] is not bea


def test_what_is_unfinished_is_live_while_it_changes_by_the_clock_of_whoever_looks(
    trained, wall, tmp_path, monkeypatch
):
    begun = RunFolder(tmp_path / "begun")
    shutil.copytree(trained.path, begun.path)
    begun.save_info(replace(begun.info(), config=begun.info().config.changed(epochs=9)))
    there = SharedRun(begun, wall, "Ana").update()
    now = [10_000.0]
    monkeypatch.setattr("engine.wall.cards.time.monotonic", lambda: now[0])
    monkeypatch.setattr("engine.wall.cards.time.time", lambda: 0.0)  # a clock that is decades behind
    seen = Wall(wall)
    assert result_of(seen.cards())[0].is_live
    now[0] += 600
    assert not result_of(seen.cards())[0].is_live
    RunFolder(there).append_metrics(trained.metrics()[-1:])
    assert result_of(seen.cards())[0].is_live


def test_a_finished_run_is_not_live(trained, wall):
    SharedRun(trained, wall, "Ana").update()
    assert not cards_of(wall)[0].is_live


def test_a_share_that_is_not_there_is_told_and_nothing_is_written_in_its_place(trained, wall):
    shared = SharedRun(trained, wall, "Ana")
    shared.update()
    away = wall.with_name("away")
    wall.rename(away)
    with pytest.raises(UserError, match="cannot be reached"):
        shared.update()
    with pytest.raises(UserError, match="cannot be reached"):
        cards_of(wall)
    wall.mkdir()  # the empty place at which a share is mounted
    with pytest.raises(UserError, match="is no class wall"):
        shared.update()
    assert list(wall.iterdir()) == []
    wall.rmdir()
    away.rename(wall)
    shared.update()
    assert len(cards_of(wall)) == 1


def test_conflicted_copies_and_other_people_s_files_do_no_harm(trained, wall):
    there = SharedRun(trained, wall, "Ana").update()
    for name in ("config (conflicted copy 2026-11-26).json", "metrics (Ana's conflicted copy).csv"):
        (there / name).write_bytes(b"\0half")
    (wall / "notes.txt").write_text("Monday")
    (wall / "Ana (1)").mkdir()
    (wall / "Ana (1)" / "half").mkdir()
    (wall / "Ana (1)" / "half" / "config.json").write_text("{")
    cards = {card.student: card.run for card in cards_of(wall)}
    assert isinstance(cards["Ana"], RunSummary) and not isinstance(cards["Ana (1)"], RunSummary)


def test_a_run_that_is_there_twice_has_one_card_and_another_one_its_own(trained, wall):
    there = SharedRun(trained, wall, "Ana").update()
    for name in (" (conflicted copy 2026-11-26)", " - copia", ".sync-conflict-20261126", "-2"):
        shutil.copytree(there, there.with_name(there.name + name))
    further = RunFolder(there.with_name(f"{there.name} - copia"))
    os.utime(further.sample_files()[2])
    shutil.copytree(there.parent, wall / "Ana (Eva's conflicted copy)")
    SharedRun(trained, wall, "Ana (2)").update()
    found = sorted((card.student, card.run.path.name.removeprefix(there.name)) for card in cards_of(wall))
    assert found == [("Ana", " - copia"), ("Ana", "-2"), ("Ana (2)", "")]


def test_a_wall_of_a_newer_duelo_is_refused(trained, wall):
    (wall / "class-wall.json").write_text(json.dumps({"schema": 99}))
    with pytest.raises(UserError, match="newer Duelo"):
        SharedRun(trained, wall, "Ana").update()


@pytest.mark.parametrize("name", ["../../etc", "con", ".hidden", "a/b", "…"])
def test_whatever_a_student_is_called_the_folder_is_one_of_the_wall(name, wall):
    folder = student_folder(wall, name)
    assert folder.parent == wall and not folder.name.startswith(".")
    places.sign_in(wall, name)
    assert folder in places.student_folders(wall)


def test_without_a_name_nothing_is_shared(trained, wall):
    with pytest.raises(UserError, match="name is empty"):
        SharedRun(trained, wall, "  ").update()
