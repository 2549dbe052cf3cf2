"""The door to what a person does with whole searches: another title, into the trash and back. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.search.records import PutAway
from studio.services import search_jobs
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob


class SearchKeeping(QObject):
    """``changed`` tells that the searches in a storage are to be listed again."""

    changed = Signal()
    put_away = Signal(PutAway, str)
    """What went into the trash, and of which storage."""
    taken_back = Signal(str, str)
    """The name of the search, and its storage."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._trying: RunningJob[None, None] | None = None

    def rename(self, name: str, title: str, where: str) -> None:
        """Call the search ``name`` otherwise."""
        self._do(partial(_rename, name, title, where))

    def delete(self, name: str, where: str) -> None:
        """Put the search ``name`` into the trash."""
        self._do(partial(_put_away, name, where), lambda away: self.put_away.emit(away, where))

    def restore(self, name: str, where: str) -> None:
        """Take the search ``name`` out of the trash."""
        self._do(partial(_take_back, name, where), lambda _: self.taken_back.emit(name, where))

    def try_place(self, where: str, then: Callable[[], object], failed: Callable[[Failure], object]) -> None:
        """Look whether searches can be kept in ``where``; the newest question alone is answered."""
        self.try_no_place()
        listeners: Listeners[None, None] = Listeners(result=lambda _: then(), failed=failed)
        self._trying = self._jobs.do("trying a storage", partial(search_jobs.tried, where), listeners)

    def try_no_place(self) -> None:
        """Let nobody hear any more whether a place can be used: a server may take its time to answer."""
        if self._trying:
            self._trying.cancel(silently=True)
            self._trying = None

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object] = lambda _: None) -> None:
        def done(result: Any) -> None:
            then(result)
            self.changed.emit()

        self._jobs.keep("keeping searches", work, Listeners(result=done, failed=self.failed.emit))


def _rename(name: str, title: str, where: str) -> None:
    from engine.search.keeping import rename

    rename(name, title, where)


def _put_away(name: str, where: str) -> PutAway:
    from engine.search.keeping import put_away

    return put_away(name, where)


def _take_back(name: str, where: str) -> None:
    from engine.search.keeping import take_back

    take_back(name, where)
