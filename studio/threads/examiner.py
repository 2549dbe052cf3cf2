"""One thread beside the training that looks closely at samples; the newest sample is the one answered.

It knows nothing of views: samples come in by ``examine``, reports go out by a signal in the UI thread.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from engine.run_folder import RunInfo
from studio.close_look import Cancelled, CloseLook
from studio.sample import Sample


class ExaminerThread(QObject):
    """Owns the thread, which begins with the first sample and ends with ``stop``.

    ``examined`` carries a ``Report``; ``failed`` a defect as an exception. Both arrive in the thread of this object.
    """

    examined = Signal(object)
    failed = Signal(object)
    _answered = Signal(int, object)  # from the thread: age, report or exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._run: tuple[Path, RunInfo] | None = None
        self._sample: Sample | None = None
        self._age = 0  # grows with another run: what an older age asked for is not shown any more
        self._stopped = False
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def show_run(self, path: Path, info: RunInfo) -> None:
        """Examine samples of this run from now on, and forget what was read of the one before."""
        with self._news:
            self._age += 1
            self._run, self._sample = (path, info), None

    def examine(self, sample: Sample) -> None:
        """Look closely at ``sample``; replaces the one not yet begun. Without a run nothing happens."""
        with self._news:
            if self._stopped or self._run is None:
                return
            self._sample = sample
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="examiner", daemon=True)
                self._thread.start()
            self._news.notify()

    def stop(self) -> None:
        """End the thread and wait for it; no signal comes afterwards."""
        with self._news:
            self._stopped = True
            self._age += 1
            self._news.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _on_answered(self, age: int, answer: object) -> None:
        if age == self._age:
            (self.failed if isinstance(answer, Exception) else self.examined).emit(answer)

    # --- in the thread

    def _is_past(self, age: int) -> bool:
        return age != self._age

    def _work(self) -> None:
        from engine import device

        device.prepare_helper_thread()
        age_of_look, look = -1, None
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._sample is not None)
                if self._stopped or self._run is None:
                    return
                age, run, sample, self._sample = self._age, self._run, self._sample, None
            assert sample is not None
            if look is None or age != age_of_look:
                age_of_look, look = age, CloseLook(*run, partial(self._is_past, age))
            try:
                self._answered.emit(age, look.at(sample))
            except Cancelled:
                look = None
            except Exception as error:  # the thread must outlive any sample that cannot be examined
                self._answered.emit(age, error)
