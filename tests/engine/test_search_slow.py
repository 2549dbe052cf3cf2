"""Searches that take minutes: four processes on a PostgreSQL server, and a search that must mend a bad start."""

import os
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from engine.bench import search
from engine.errors import UserError
from engine.search import storages
from tests.engine import searching
from tests.engine.test_search_storages import check_shared, share

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path_factory):
    """A PostgreSQL server of its own, that speaks through a socket in a folder; its URL."""
    pytest.importorskip("psycopg", reason="the driver is missing: pip install 'duelo[servers]'")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("there is no PostgreSQL server here: apt-get install postgresql")
    place = Path("/tmp") / f"duelo-postgres-{os.getpid()}"  # a socket's path must be short
    place.mkdir()
    as_its_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_its_user:
        shutil.chown(place, "postgres")

    def call(program, *arguments):
        command = [*as_its_user, str(programs[-1] / program), "-D", str(place / "data"), *arguments]
        subprocess.run(command, check=True, cwd=place, stdout=subprocess.DEVNULL)

    call("initdb", "-U", "duelo", "--auth=trust")
    call("pg_ctl", "start", "-w", "-l", str(place / "log"), "-o", f"-k {place} -c listen_addresses=''")
    try:
        yield f"postgresql://duelo@/postgres?host={place}"
    finally:
        call("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(place)


def test_four_processes_share_a_server_and_lose_and_repeat_nothing_when_one_is_killed(
    server, tmp_path, monkeypatch, tiny_data
):
    searching.use_known_judge(monkeypatch)
    with closing(share(server, tmp_path)) as study:
        check_shared(study)


@pytest.fixture
def silent():
    """The port of a server that takes every call and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        yield listening.getsockname()[1]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("scheme", "driver"), [("postgresql", "psycopg"), ("mysql", "pymysql")])
def test_a_server_that_says_nothing_is_given_up(silent, scheme, driver, monkeypatch):
    pytest.importorskip(driver, reason="the driver is missing: pip install 'duelo[servers]'")
    monkeypatch.setattr(storages, "CONNECT_SECONDS", 2)
    with pytest.raises(UserError, match="cannot be used: ") as caught:
        storages.open_storage(f"{scheme}://me:secret@127.0.0.1:{silent}/studies")
    assert "secret" not in caught.value.whole and "\n" not in caught.value.whole


def test_twenty_minutes_mend_a_learning_rate_of_d_that_is_twenty_times_too_high():
    found = search.measure(seed=0)
    print(found)
    assert found["ratio"] >= 5
    assert 0.8 * 60 * search.MINUTES <= found["wall_seconds"] <= 1.2 * 60 * search.MINUTES
