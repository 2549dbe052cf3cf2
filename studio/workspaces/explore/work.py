"""One kind of work on the generator shown, with the panel that says how far it is and what went wrong.

Knows no panel but by what it must be able to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from engine.i18n import joined, tr
from studio.services.exploring import ExploringService, MakeJob
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners


class Panel(Protocol):
    """Where work is told of."""

    def say(self, text: str) -> None:
        """Say ``text``, or what there is to do where it is empty."""

    def show_progress(self, share: float | None) -> None:
        """Show how far the work is (0 to 1), or that there is none."""


def _nothing(_told: object) -> None:
    pass


class Work:
    """Work of ``kind``: ``told`` hears its events, ``done`` its result, ``undone`` a failure; ``panel`` the rest."""

    def __init__(
        self,
        kind: str,
        panel: Panel,
        service: ExploringService,
        *,
        told: Callable[[Any], object] = _nothing,
        done: Callable[[Any], object] = _nothing,
        undone: Callable[[], object] = lambda: None,
    ) -> None:
        self._kind, self._panel, self._service, self._undone = kind, panel, service, undone
        self._listeners: Listeners[Any, Any] = Listeners(
            event=told, result=done, failed=self.fail, end=lambda: panel.show_progress(None)
        )

    def start(self, make: MakeJob) -> None:
        """Begin ``make``, in the place of what is under way; without a generator the panel says what to do."""
        is_begun = self._service.start(self._kind, make, self._listeners)
        self._panel.say("" if is_begun else tr("No generator yet. Train first, or open a run."))
        if is_begun:
            self._panel.show_progress(0.0)

    def cancel(self) -> None:
        """End it."""
        self._service.cancel(self._kind)

    def fail(self, failure: Failure) -> None:
        """Say what went wrong, with this work or with what it led to."""
        self._undone()
        self._panel.say(joined(failure.message, failure.hint))
