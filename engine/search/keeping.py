"""What a person does with a whole search: calls it otherwise, puts it into the trash, takes it back. Imports Optuna.

A search in the trash stays in its study, marked, so that everybody who shares the storage sees the same; its pictures
and runs wait in the trash of their folder, as runs do, and for as long.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import optuna
from optuna.storages import BaseStorage
from optuna.trial import TrialState

from engine import files
from engine.errors import UserError
from engine.i18n import tr
from engine.preference.answers import FILE as ANSWERS
from engine.runs import RunFolder
from engine.runs.trash import KEPT_DAYS, Trash, Trashed
from engine.search import claims, storages
from engine.search.opening import DELETED, TITLE, StudySummary, studies
from engine.search.records import PutAway
from engine.search.study import folder_of

_LONGEST_TITLE = 200


def rename(name: str, title: str, where: str = "") -> None:
    """Call the search ``name`` otherwise from now on; without a ``title``, by its name again."""
    with _opened(where) as storage:
        _study(_kept(name, where), storage).set_user_attr(TITLE, title.strip()[:_LONGEST_TITLE])


def put_away(name: str, where: str = "") -> PutAway:
    """Put the search ``name`` into the trash, from where ``take_back`` takes it.

    Raises ``UserError`` where it is none of Duelo's, or somebody works on it or on a run of it on this machine.
    """
    kept = _kept(name, where)
    with _opened(where) as storage:
        study = _study(kept, storage)
        others = _insist_on_rest(study)
        folder = folder_of(where, name)
        trash = Trash(folder.parent)
        moved = trash.take(folder).run if folder.is_dir() else None
        try:
            study.set_user_attr(DELETED, time.time())
        except BaseException:
            if moved is not None:
                trash.restore(moved)
            raise
        size = moved.size_bytes if moved else 0
        return PutAway(name, kept.title, kept.trials, size, _expire(where, storage), others)


def take_back(name: str, where: str = "") -> None:
    """Take the search ``name`` out of the trash, with what is still there of its pictures and runs."""
    folder = folder_of(where, name)
    with _opened(where) as storage:
        trash = Trash(folder.parent)
        lying = next((each for each in trash.runs() if each.name == folder.name), None)
        if lying is not None:
            _lay_back(lying, trash, folder)
        _study(_kept(name, where), storage).set_user_attr(DELETED, 0.0)


# --- inside


def _lay_back(lying: Trashed, trash: Trash, folder: Path) -> None:
    """Move what waits in the trash into ``folder``, where others who worked on may have made something since."""
    if not folder.exists():
        trash.restore(lying)
        return
    with files.telling_disk_errors(folder):
        for each in sorted(lying.path.iterdir()):
            if not os.path.lexists(folder / each.name):
                os.rename(each, folder / each.name)
            elif each.name == ANSWERS:  # earlier ones: each line counts for itself
                files.append(folder / ANSWERS, each.read_text(errors="replace"))
                each.unlink()
        if not any(lying.path.iterdir()):  # what was made anew since stays as it is, and the older one in the trash
            shutil.rmtree(lying.path.parent, ignore_errors=True)


@contextmanager
def _opened(where: str) -> Iterator[BaseStorage]:
    """Give a storage, while something is done with it; what it refuses is told in a sentence."""
    storage = storages.open_storage(where, must_exist=True)
    try:
        with storages.telling_errors(where):
            yield storage
    finally:
        storages.close(storage)


def _kept(name: str, where: str) -> StudySummary:
    found = next((each for each in studies(where) if each.name == name), None)
    if found is None:
        raise UserError(
            tr("The search “{name}” is no longer there.", name=name), tr("Somebody else has removed it; look again.")
        )
    if not found.is_ours:
        raise UserError(
            tr("“{name}” was not made by Duelo.", name=name), tr("It stays as it is; change it with what made it.")
        )
    return found


def _study(kept: StudySummary, storage: BaseStorage) -> optuna.Study:
    return optuna.load_study(study_name=kept.name, storage=storage)


def _insist_on_rest(study: optuna.Study) -> tuple[str, ...]:
    """Raise ``UserError`` where somebody works here on what is to go; return the other machines that work on it."""
    others = {}
    for trial in study.get_trials(deepcopy=False):
        worker, run = claims.worker_from(trial.user_attrs.get("worker")), trial.user_attrs.get("run")
        is_gone = worker.is_gone() if worker and trial.state == TrialState.RUNNING else True
        if worker is not None and is_gone is None:
            others[worker.name] = True
        if is_gone is False or (run and RunFolder(Path(str(run))).is_locked()):
            raise UserError(tr("A trial of this search is being trained."), tr("Stop that first; nothing was deleted."))
    return tuple(others)


def _expire(where: str, storage: BaseStorage) -> tuple[str, ...]:
    """Delete for good what has waited in the trash for too long, and return its titles."""
    gone = []
    for each in studies(where):
        if each.deleted and time.time() - each.deleted > KEPT_DAYS * 86_400:
            with suppress(KeyError):  # somebody else did so at the same moment
                optuna.delete_study(study_name=each.name, storage=storage)
                gone.append(each.title)
    return tuple(gone)
