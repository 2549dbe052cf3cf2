"""What the threads beside the training have in common: they begin with the first wish and answer the newest one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Helper(QObject):
    """Owns one thread, which lives from the first ``_wake`` until ``stop``.

    The thread does ``work`` until ``_stopped``: it waits on ``_news`` for wishes and answers with ``_tell``; signals
    arrive in the thread of this object. ``_age`` grows when all that was asked for so far is no longer wanted.
    """

    _told = Signal(int, str, object)  # from the thread: age, a signal of ours, its arguments

    def __init__(self, name: str, work: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name, self._work_of_thread = name, work
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._age = 0
        self._stopped = False
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def stop(self, seconds: float | None = None) -> None:
        """End the thread and wait for it, ``seconds`` at most; no signal comes afterwards."""
        with self._news:
            self._stopped = True
            self._age += 1
            self._news.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(seconds)

    def _wake(self) -> None:
        """Let the thread look for wishes; begins it if need be. To be called with ``_news`` held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._news.notify()

    def _tell(self, age: int, signal_name: str, *arguments: object) -> None:
        """Emit a signal of ours in the thread of this object, unless ``age`` is past by then."""
        with self._news:
            if not self._stopped:
                self._told.emit(age, signal_name, arguments)

    def _on_told(self, age: int, signal_name: str, arguments: tuple[object, ...]) -> None:
        if age == self._age:
            getattr(self, signal_name).emit(*arguments)

    def _run(self) -> None:
        from engine import device

        device.prepare_helper_thread()
        self._work_of_thread()
