"""Whole searches: called otherwise, into the trash and back; and the text that says where they lie."""

import json
from pathlib import Path

import optuna
import pytest

from engine.errors import UserError
from engine.preference.answers import Answer
from engine.runs.trash import KEPT_DAYS, Trash
from engine.search import keeping, places, storages
from engine.search.opening import join, open_study, studies
from engine.search.preference import answers_of
from engine.search.study import folder_of
from tests.engine import searching
from tests.engine.searching import begun, where


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


def one(at=None):
    (found,) = studies(where() if at is None else at)
    return found


# --- the trash


@pytest.mark.parametrize("at", ["", "{}/own.journal"])
def test_a_search_in_the_trash_is_taken_back_as_it_was(tmp_path, at):
    at = at.format(tmp_path)
    job = join(searching.plan(), at, "one")
    trial = job.ask()
    job.claim(trial)
    job.folder.mkdir(parents=True)
    (job.folder / "trial-0000.png").write_bytes(b"x" * 100)
    job.finish(trial, 7.0)
    before = job.trials()
    away = keeping.put_away("one", at)
    assert (away.title, away.trials, away.size_bytes, away.others) == ("one", 1, 100, ())
    assert one(at).deleted > 1e9 and not job.folder.exists()
    with pytest.raises(UserError, match="“one” is in the trash"):
        open_study(at, "one")
    with pytest.raises(UserError, match="“one” is in the trash"):
        join(searching.plan(), at, "one")
    keeping.take_back("one", at)
    assert one(at).deleted == 0 and open_study(at, "one").trials() == before
    assert (job.folder / "trial-0000.png").read_bytes() == b"x" * 100


def test_what_was_made_since_lies_beside_what_comes_back(tmp_path):
    """On a shared folder another machine may be at work on what goes, and a duel may be under way."""
    job = begun(name="one")
    answers = answers_of(job.folder)
    answers.add(Answer("better", "0", "1", "left"))
    (job.folder / "trial-0000.png").write_bytes(b"old")
    (job.folder / "trial-0001.png").write_bytes(b"old")
    keeping.put_away("one", where())
    answers.add(Answer("better", "0", "2", "right"))
    (job.folder / "trial-0001.png").write_bytes(b"new")
    keeping.take_back("one", where())
    keeping.take_back("one", where())
    assert sorted(answer.right for answer in answers.read()) == ["1", "2"]
    found = {path.name: path.read_bytes() for path in job.folder.glob("*.png")}
    assert found == {"trial-0000.png": b"old", "trial-0001.png": b"new"}
    (left,) = Trash(job.folder.parent).runs()
    assert [path.name for path in left.path.iterdir()] == ["trial-0001.png"]


def test_the_same_search_begins_anew_where_the_one_before_is_in_the_trash():
    first = begun()
    keeping.put_away(first.name, where())
    second = begun()
    assert second.name == f"{first.name}-2" == begun().name and second.folder != first.folder


def test_what_somebody_works_on_here_stays():
    job = begun(name="one")
    job.claim(job.ask())
    with pytest.raises(UserError, match="is being trained"):
        keeping.put_away("one", where())
    assert one().deleted == 0


def test_who_works_elsewhere_on_what_goes_is_told(monkeypatch):
    job = begun(name="one")
    trial = job.ask()
    job.claim(trial)
    job.note(trial, worker=job.worker.facts() | {"host": "elsewhere", "name": "lab-3"})
    assert keeping.put_away("one", where()).others == ("lab-3",)


def test_a_storage_that_refuses_leaves_pictures_and_runs_where_they_are(monkeypatch, clock):
    job = begun(name="one")
    list(searching.search(job, 2 / 60, clock=clock).run())

    def refuse(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(optuna.Study, "set_user_attr", refuse)
    with pytest.raises(UserError, match="the disk is full"):
        keeping.put_away("one", where())
    assert (job.folder / "trial-0000.png").is_file() and one().deleted == 0


def test_after_a_while_it_is_gone_for_good(monkeypatch):
    begun(name="old")
    begun(name="one")
    keeping.put_away("old", where())
    real = keeping.time.time()
    monkeypatch.setattr(keeping.time, "time", lambda: real + (KEPT_DAYS + 1) * 86_400)
    assert keeping.put_away("one", where()).gone == ("old",)
    assert [each.name for each in studies(where())] == ["one"]


def test_a_study_of_another_program_is_neither_renamed_nor_deleted():
    optuna.create_study(study_name="foreign", storage=storages.open_storage(where()))
    for change in (lambda: keeping.put_away("foreign", where()), lambda: keeping.rename("foreign", "mine", where())):
        with pytest.raises(UserError, match="“foreign” was not made by Duelo"):
            change()
    assert not one().is_ours and one().deleted == 0


def test_a_search_that_somebody_else_removed():
    begun(name="one")
    with pytest.raises(UserError, match="“two” is no longer there"):
        keeping.put_away("two", where())


def test_a_title_is_kept_with_the_search():
    begun(name="one")
    keeping.rename("one", "  Rates of D  ", where())
    assert (one().name, one().title) == ("one", "Rates of D")
    keeping.rename("one", "", where())
    assert one().title == "one"


# --- where


@pytest.mark.parametrize(
    "typed, plain, password",
    [
        ("postgresql://me:secret@host/db", "postgresql://me@host/db", "secret"),
        ("postgresql://me:se%40cret@host:5432/db", "postgresql://me@host:5432/db", "se@cret"),
        ("mysql://me:se@cret@host/db", "mysql://me@host/db", "se@cret"),
        ("postgresql://host/db?user=me&password=secret&x=1", "postgresql://host/db?user=me&x=1", "secret"),
        ("postgresql://me@host:5432/db?x=a@b", "postgresql://me@host:5432/db?x=a@b", ""),
        ("sqlite:////tmp/a:b@c.db", "sqlite:////tmp/a:b@c.db", ""),
        ("/shared/our.journal", "/shared/our.journal", ""),
        ("", "", ""),
    ],
)
def test_a_password_parts_from_the_rest(typed, plain, password):
    assert places.without_password(typed) == (plain, password)
    assert "cret" not in places.told(typed) and "cret" not in plain
    if password and "@" in plain:
        again = places.with_password(plain, password)
        assert places.without_password(again) == (plain, password)


def test_a_password_goes_where_somebody_is_named_alone():
    assert places.with_password("postgresql://me@host/db", "a/b@c") == "postgresql://me:a%2Fb%40c@host/db"
    for where_ in ("postgresql://host/db?x=a@b", "postgresql://me:own@host/db", "sqlite:///a@b"):
        assert places.with_password(where_, "secret") == where_


def test_each_storage_has_a_folder_of_its_own_for_what_trials_draw(tmp_path):
    journal = str(tmp_path / "our.journal")
    assert folder_of(journal, "one") == tmp_path / "our.journal-trials" / "one"
    url, other = "postgresql://me:secret@host/db", "postgresql://me:changed@host/db"
    folders = [folder_of(each, "one") for each in ("", journal, url, f"sqlite:///{tmp_path}/x.db")]
    assert len(set(folders)) == 4 and folder_of(url, "one") == folder_of(other, "one")
    assert "secret" not in str(folders) and folder_of("", "a/b").parent == places.searches_root()


def test_what_lies_in_a_journal_is_one_search_for_all_who_know_it(tmp_path, clock):
    """Another machine that has the folder elsewhere finds the pictures, too."""
    first = tmp_path / "here"
    first.mkdir()
    job = join(searching.plan(), str(first / "our.journal"), "one")
    list(searching.search(job, 2 / 60, clock=clock).run())
    there = Path(first).rename(tmp_path / "there")
    (found,) = open_study(str(there / "our.journal"), "one").trials()
    assert found.thumbnail == there / "our.journal-trials" / "one" / "trial-0000.png" and found.run is not None
    assert all(json.loads(line) for line in (there / "our.journal").read_bytes().splitlines())
