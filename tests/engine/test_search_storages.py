"""Where studies lie: what cannot be reached or is something else is told, and several processes share a study."""

import json
import os
import signal
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy

from engine.errors import UserError
from engine.search import places, storages
from engine.search.opening import join, open_study, studies
from engine.search.records import TrialStarted
from engine.search.study import SearchStudy
from tests.engine import conftest, forked, searching

POINTS = 8
PATIENCE_SECONDS = 240.0


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data):
    searching.use_known_judge(monkeypatch)


def journal(folder):
    return str(folder / "study.journal")


# --- what is no storage


@pytest.mark.parametrize(
    "where, said",
    [
        ("nonsense", "“nonsense” is no storage. Give a URL such as"),
        ("ftp://there/file", "is no storage|cannot be used"),
        ("sqlite:////dev/null/x.db", "cannot be used: .* See that it is there"),
        ("/dev/null/x.journal", "cannot be used: "),
        ("postgresql://me:secret@127.0.0.1:9/studies", "cannot be used|is not installed"),
        ("mysql://me:secret@127.0.0.1:9/studies", "cannot be used|is not installed"),
    ],
)
def test_what_cannot_be_reached_is_told_without_its_password(where, said):
    with pytest.raises(UserError, match=said) as caught:
        storages.open_storage(where)
    assert "secret" not in caught.value.whole and "\n" not in caught.value.whole


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_server_is_waited_for_until_it_answers_and_no_longer(scheme, monkeypatch):
    """Whether the drivers do as they are told is asked of real ones in the slow set."""
    told = []

    def refuse(_url, *, connect_args, **_how):
        told.append(connect_args)
        raise sqlalchemy.exc.OperationalError("", {}, Exception("(2013, 'Lost connection (timed out)')\nmore"))

    monkeypatch.setattr(storages.sqlalchemy, "create_engine", refuse)
    with pytest.raises(UserError, match=r"cannot be used: there was no answer in time\. See that it is there"):
        storages.open_storage(f"{scheme}://me@lab/studies")
    (limits,) = told
    assert limits["connect_timeout"] == storages.CONNECT_SECONDS <= 10
    if scheme == "mysql":
        assert limits["read_timeout"] == storages.CONNECT_SECONDS, "for the first word, too"


def test_what_holds_something_else_is_refused_and_left_alone(tmp_path):
    database = tmp_path / "cookies.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table cookies (taste text)")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(UserError, match=r"holds something else\. Give an empty one"):
        storages.open_storage(f"sqlite:///{database}")
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"no journal",
        b"{}",
        b"[1]",
        b'{"other": 1}',
        b"no journal\n",
        b"[1]\n",
        b'{"op_code": 99}\n{"op_code": 4}\n',
        b"\x00\xff" * 99,
    ],
)
def test_a_file_that_is_no_journal_is_refused(tmp_path, content):
    path = tmp_path / "my.log"
    path.write_bytes(content + b"\n")
    with pytest.raises(UserError, match="no journal of studies, or it is damaged"):
        open_study(str(path))
    assert path.read_bytes() == content + b"\n"


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "my.db").write_bytes(b"hello" * 999)
    with pytest.raises(UserError, match="cannot be used: file is not a database"):
        open_study(f"sqlite:///{tmp_path / 'my.db'}")


@pytest.mark.parametrize("where", ["sqlite:///{}/none.db", "{}/none.journal"])
def test_nobody_reads_a_study_into_being(tmp_path, where):
    with pytest.raises(UserError, match="There is no search in"):
        open_study(where.format(tmp_path))
    assert list(tmp_path.glob("none*")) == [] and studies() == []


# --- what is one


@pytest.mark.parametrize("where", ["", "sqlite:///{}/own.db", "{}/own.journal", "journal:{}/own"])
def test_a_study_is_found_again_where_it_was_put(tmp_path, where):
    where = where.format(tmp_path)
    begun = join(searching.plan(), where, "one")
    join(searching.plan(), where, "one")
    again = open_study(where, "one", begun.plan.config)
    assert again.plan == begun.plan and len(again.trials()) == len(begun.trials()) == 1
    assert [(each.name, each.trials, each.trouble) for each in studies(where)] == [("one", 1, "")]


def test_who_is_given_no_study_holds_no_connection(tmp_path, monkeypatch):
    where = f"sqlite:///{tmp_path}/own.db"
    join(searching.plan(), where, "one").close()
    closed = []
    monkeypatch.setattr(
        storages, "close", lambda storage, close=storages.close: (closed.append(storage), close(storage))
    )
    with pytest.raises(UserError, match="is another one"):
        join(searching.plan("g_lr"), where, "one")
    with pytest.raises(UserError, match="no search “two”"):
        open_study(where, "two")
    monkeypatch.setattr("engine.search.opening._summary", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        studies(where)
    assert len(closed) == 3


def test_a_study_of_the_home_lies_beside_the_runs(tmp_path):
    begun = join(searching.plan())
    assert begun.folder.parent == tmp_path / "home" / "searches" == places.searches_root()
    assert (places.searches_root() / "searches.sqlite3").is_file()


def test_a_line_of_a_journal_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    study = join(searching.plan(), journal(tmp_path), "one")
    path = tmp_path / "study.journal"
    before = path.read_bytes()
    real = os.fsync

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(storages.StorageError, match="the disk is full"):
        study.ask()
    monkeypatch.setattr(os, "fsync", real)
    assert path.read_bytes() == before
    path.write_bytes(before + b'{"op_code": 4, "torn' + 5000 * b"n")  # a process died while it wrote
    again = open_study(journal(tmp_path), "one")
    again.claim(again.ask())
    lines = path.read_bytes().splitlines()
    assert len(lines) > before.count(b"\n") and all(json.loads(line) for line in lines)


# --- several processes


def work(where, folder, at_work):
    """Search until all is done; who can tell that it is ``at_work`` waits for its end in its first trial."""
    monkeypatch = pytest.MonkeyPatch()
    conftest.be_tiny(monkeypatch)
    searching.use_known_judge(monkeypatch)
    plan = searching.plan("d_steps=1..2", "loss=hinge,rpgan", "lr_decay_shape", sampler="grid")
    for event in searching.search(join(plan, where, "shared"), 5.0, folder=folder, keep_runs=False).run():
        if at_work is not None and isinstance(event, TrialStarted):
            at_work.set()
            signal.pause()


def share(where, folder):
    """Let four processes work on one study, kill one of them in its trial, and return the study when all is done."""
    forking = forked.processes()
    at_work = forking.Event()
    victim, *others = (forking.Process(target=work, args=(where, folder, it)) for it in (at_work, None, None, None))
    try:
        for process in (victim, *others):
            process.start()
        assert at_work.wait(PATIENCE_SECONDS)
        victim.kill()
        for process in (victim, *others):
            process.join()
        assert [process.exitcode for process in (victim, *others)] == [-signal.SIGKILL, 0, 0, 0]
    finally:
        for process in (victim, *others):
            process.kill()
            process.join()
    study = open_study(where, "shared", searching.plan().config)
    list(searching.search(study, 5.0, folder=folder, keep_runs=False).run())  # whatever the last one to end did not see
    return study


def check_shared(study: SearchStudy):
    trials = study.trials()
    lost = [trial for trial in trials if trial.state == "lost"]
    whole = [tuple(trial.values.items()) for trial in trials if trial.state == "finished"]
    assert len(lost) == 1 and {trial.state for trial in trials} - {"refused"} == {"lost", "finished"}
    assert len(whole) == len(set(whole)) == POINTS
    assert [trial.retry_of for trial in trials if trial.retry_of is not None] == [lost[0].number]


def test_four_processes_share_a_journal_and_lose_and_repeat_nothing_when_one_is_killed(tmp_path):
    with closing(share(journal(tmp_path), tmp_path / "out")) as study:
        check_shared(study)
