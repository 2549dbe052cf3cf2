"""Where studies lie: a file in the home, a journal on a shared folder, a database server. Imports Optuna.

What cannot be reached or is something else is told in a sentence. Nothing that is read here is a pickle.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy
from optuna.storages import BaseStorage, RDBStorage, get_storage
from optuna.storages.journal import (
    JournalFileBackend,
    JournalFileOpenLock,
    JournalFileSymlinkLock,
    JournalStorage,
)
from sqlalchemy.engine import make_url

from engine.errors import UserError, reason
from engine.files import insist_on_file
from engine.i18n import mark, tr
from engine.search.places import is_url, journal_path, own_file, told

optuna.logging.set_verbosity(optuna.logging.ERROR)

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_REFUSALS = (
    OSError,
    sqlalchemy.exc.SQLAlchemyError,
    optuna.exceptions.StorageInternalError,
    sqlite3.Error,
    json.JSONDecodeError,
)
_FIRST_LINE, _LONGEST_LINE = b'{"op_code"', 2**20
_WAIT_SECONDS = 60.0  # for others who write into the same file
CONNECT_SECONDS, ANSWER_SECONDS = 10, 60
"""How long a server is waited for: until it says its first word, and for any later one."""
_SAID = {
    "timed out": mark("there was no answer in time"),
    "timeout expired": mark("there was no answer in time"),
    "connection refused": mark("the other side refused the connection"),
    "failed to resolve host": mark("no machine is known by that name"),
    "name or service not known": mark("no machine is known by that name"),
    "name resolution": mark("no machine is known by that name"),
    "authentication failed": mark("name or password is wrong"),
    "access denied": mark("name or password is wrong"),
}
"""What drivers of servers say, each in its own words and in English, in ours."""
_MOST_TRIES, _TRY_AGAIN_SECONDS = 4, 0.25


class StorageError(UserError):
    """The storage of a study does not answer, or is none; what is in it stays as it is."""


def open_storage(where: str = "", *, must_exist: bool = False) -> BaseStorage:
    """Return the storage in ``where``; nothing means a file in the home.

    It is a URL (``sqlite:///file``, ``postgresql://…``, ``mysql://…``), or the path of a journal (ends in .journal or
    .log, or begins with "journal:"), for several machines on a shared folder. Raises ``StorageError``.
    """
    with telling_errors(where):
        if path := journal_path(where):
            return _journal(path, where, must_exist)
        url = where or f"sqlite:///{own_file()}"
        if not is_url(url):
            raise StorageError(
                tr("“{text}” is no storage.", text=where),
                tr("Give a URL such as sqlite:///file.db or postgresql://…, or a file that ends in .journal."),
            )
        return _database(url, where, must_exist)


def close(storage: BaseStorage) -> None:
    """Let go of files and connections; whoever asks again opens them again."""
    backend = getattr(storage, "_backend", storage)  # behind Optuna's cache
    if isinstance(backend, RDBStorage):
        backend.engine.dispose()


@contextmanager
def closing_if_it_fails(storage: BaseStorage) -> Iterator[BaseStorage]:
    """Let go of ``storage`` where nobody is given it; who gets it closes it."""
    try:
        yield storage
    except BaseException:
        close(storage)
        raise


@contextmanager
def telling_errors(where: str) -> Iterator[None]:
    """Turn what a storage refuses, however deep, into a ``StorageError``."""
    try:
        yield
    except UserError:
        raise
    except ImportError as error:
        raise StorageError(
            tr("What speaks to the storage {storage} is not installed: {reason}.", storage=told(where), reason=error),
            tr("Install it with: pip install 'duelo[servers]'"),
        ) from error
    except sqlalchemy.exc.ArgumentError as error:
        raise StorageError(
            tr("“{text}” is no storage.", text=told(where)),
            tr("Give a URL such as sqlite:///file.db or postgresql://…, or a file that ends in .journal."),
        ) from error
    except _REFUSALS as error:
        raise StorageError(
            tr("The storage {storage} cannot be used: {reason}.", storage=told(where), reason=_cause(error)),
            tr("See that it is there, has room, and may be written to; nothing in it is lost."),
        ) from error


def _cause(error: BaseException) -> str:
    """Return what the system, or the database behind it, said: the first line of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    if known := next((told for said, told in _SAID.items() if said in str(error).lower()), ""):
        return tr(known)
    lines = [line for line in str(error).splitlines() if line.strip()]
    return reason(error) if isinstance(error, OSError) else (lines or [type(error).__name__])[0].strip().rstrip(".")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # which would be said of the storage, and is true of what stands in its way
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


# --- a database


def _database(url: str, where: str, must_exist: bool) -> BaseStorage:
    scheme, rest = url.split("://", 1)
    url = f"{_DRIVERS.get(scheme.lower(), scheme)}://{rest}"
    address = make_url(url)
    kind = address.get_backend_name()
    how: dict[str, Any] = {"pool_pre_ping": kind != "sqlite", "connect_args": _patience(kind, ANSWER_SECONDS)}
    if kind == "sqlite":
        path = Path(address.database or "")
        if must_exist and not path.is_file():
            raise _nothing_there(where)
        _make_folder(path.parent)
    engine = sqlalchemy.create_engine(url, connect_args=_patience(kind, CONNECT_SECONDS))
    try:
        tables = set(sqlalchemy.inspect(engine).get_table_names())
    finally:
        engine.dispose()
    if tables and "studies" not in tables and "version_info" not in tables:
        raise StorageError(
            tr("The storage {storage} holds something else.", storage=told(where)), tr("Give an empty one.")
        )
    if must_exist and not tables:
        raise _nothing_there(where)
    try:
        return get_storage(_with_tables(url, how))
    except RuntimeError as error:  # the tables are of another Optuna
        raise StorageError(
            tr("The storage {storage} is of another version of Optuna.", storage=told(where)),
            tr("Run “optuna storage upgrade” on it, or give another one."),
        ) from error


def _patience(kind: str, seconds: int) -> dict[str, Any]:
    """Return how long is waited for a database, as its driver is told; for an answer to a question, ``seconds``."""
    if kind == "sqlite":
        return {"timeout": _WAIT_SECONDS}
    if kind == "mysql":  # its driver waits for ever otherwise, also for the first word
        return {"connect_timeout": CONNECT_SECONDS, "read_timeout": seconds, "write_timeout": seconds}
    if kind == "postgresql":  # which has no such limit: what is no longer there is found out by the system
        idle = {"keepalives_idle": seconds // 2, "keepalives_interval": max(seconds // 6, 1), "keepalives_count": 3}
        return {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 1000 * seconds} | idle
    return {}


def _with_tables(url: str, how: dict[str, Any]) -> RDBStorage:
    """Return the storage, its tables made where there are none; several processes may make them at the same moment."""
    for _ in range(_MOST_TRIES):
        with suppress(sqlalchemy.exc.IntegrityError, sqlalchemy.exc.ProgrammingError, sqlalchemy.exc.OperationalError):
            return RDBStorage(url, engine_kwargs=how)
        time.sleep(_TRY_AGAIN_SECONDS)
    return RDBStorage(url, engine_kwargs=how)


# --- a journal


def _journal(path: Path, where: str, must_exist: bool) -> BaseStorage:
    if must_exist and not path.is_file():
        raise _nothing_there(where)
    _make_folder(path.parent)
    try:
        _insist_on_journal(path)
        return JournalStorage(_WholeLines(str(path)))
    except OSError:
        raise
    except Exception as error:  # whatever a file that is something else, or damaged, leads to
        raise StorageError(
            tr("The file {storage} is no journal of studies, or it is damaged.", storage=told(where)),
            tr("Give another one."),
        ) from error


def _insist_on_journal(path: Path) -> None:
    """Raise ``ValueError`` where the first line of the file is not a journal's: Optuna forgives the last one, and they
    may be the same."""
    if not path.exists():
        return
    insist_on_file(path)
    with path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
    is_torn = first.startswith(_FIRST_LINE) and not first.endswith(b"\n")
    if first and not is_torn and "op_code" not in json.loads(first):
        raise ValueError("no journal")


class _WholeLines(JournalFileBackend):
    """A journal in which lines are written whole or not at all: with half of one, nobody could read on."""

    def __init__(self, path: str) -> None:
        lock = JournalFileOpenLock(path) if os.name == "nt" else JournalFileSymlinkLock(path)
        self._journal, self._held = Path(path), lock
        super().__init__(path, lock)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append ``logs``; on a full disk the file stays as it was."""
        lines = "".join(json.dumps(log, separators=(",", ":")) + "\n" for log in logs).encode()
        self._held.acquire()
        try:
            with open(self._journal, "rb+", buffering=0) as file:
                size = _end_of_lines(file)
                try:
                    if file.write(lines) < len(lines):
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(size)
                    raise
        finally:
            with suppress(RuntimeError):  # others broke the lock, because this process stood still for so long
                self._held.release()


def _end_of_lines(file: FileIO) -> int:
    """Go to the end of the last whole line; what a process that died left of one behind it goes."""
    size = file.seek(0, os.SEEK_END)
    while size:
        file.seek(size - 1)
        if file.read(1) == b"\n":
            break
        size -= 1
    file.truncate(size)
    return file.seek(size)


def _nothing_there(where: str) -> StorageError:
    return StorageError(
        tr("There is no search in {storage} yet.", storage=told(where)), tr("Begin one, or name another storage.")
    )
