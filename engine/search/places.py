"""Where a search may lie, as text: at home, in a journal, on a server; a password parts from it. Knows no Optuna."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

from engine import files
from engine.runs import runs_root

_URL = re.compile(r"[a-z][a-z0-9+]*://", re.IGNORECASE)
_JOURNAL = "journal:"
_JOURNAL_ENDS = (".journal", ".log", ".jsonl")
_BEFORE_HOST = re.compile(r"^([a-z][a-z0-9+]*://[^:/@?]*):([^/?]*)@", re.IGNORECASE)
_AS_QUERY = re.compile(r"(?<=[?&])(password|passwd)=([^&]*)&?", re.IGNORECASE)
_HIDDEN = "***"


def searches_root() -> Path:
    """Return where searches are kept: ``Duelo/searches`` at home, or ``$DUELO_HOME/searches``."""
    return runs_root().parent / "searches"


def own_file() -> Path:
    """Return the file of the searches at home."""
    return searches_root() / "searches.sqlite3"


def is_url(where: str) -> bool:
    """Whether ``where`` is a URL."""
    return bool(_URL.match(where))


def journal_path(where: str) -> Path | None:
    """Return the file of the journal ``where``; None where it is something else."""
    if where.startswith(_JOURNAL):
        return files.typed(where.removeprefix(_JOURNAL).removeprefix("//"))
    return files.typed(where) if where.endswith(_JOURNAL_ENDS) and not is_url(where) else None


def folder_of(where: str) -> Path:
    """Return where pictures and runs of the searches in ``where`` lie: beside a journal, so that all see them."""
    path = journal_path(where)
    return path.with_name(f"{path.name}-trials") if path else searches_root()


def told(where: str) -> str:
    """Return ``where`` as it may be shown: without a password."""
    if not where:
        return str(own_file())
    plain, password = without_password(where)
    return with_password(plain, "", _HIDDEN) if password else plain


def without_password(where: str) -> tuple[str, str]:
    """Return the URL ``where`` without its password, and the password, or nothing."""
    if not is_url(where):
        return where, ""
    if found := _BEFORE_HOST.match(where):
        return f"{found[1]}@{where[found.end() :]}", unquote(found[2])
    if found := _AS_QUERY.search(where):
        return _AS_QUERY.sub("", where).rstrip("?&"), unquote(found[2])
    return where, ""


def with_password(where: str, password: str, quoted: str = "") -> str:
    """Return the URL ``where`` with ``password``; one that names nobody, or has a password, stays as it is."""
    written = quoted or quote(password, safe="")
    scheme, _, rest = where.partition("://")
    who, at, there = rest.partition("@")
    is_told = bool(written) and bool(at) and not set(who) & set("/?:")
    return f"{scheme}://{who}:{written}@{there}" if is_told else where
