"""One thread beside the training that looks closely at samples; the newest sample is the one answered.

It knows nothing of views: samples come in by ``examine``, reports go out by a signal in the UI thread.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.runs import RunInfo
from studio.model.sample import Sample
from studio.services.close_look import Cancelled, CloseLook
from studio.workers.helper import Helper


class ExaminerThread(Helper):
    """Examines samples of one run after the other; its thread begins with the first sample.

    ``examined`` carries a ``Report``; ``failed`` a defect as an exception.
    """

    examined = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("examiner", self._work, parent)
        self._shown: tuple[Path, RunInfo] | None = None
        self._sample: Sample | None = None

    def show_run(self, path: Path, info: RunInfo) -> None:
        """Examine samples of this run from now on, and forget what was read of the one before."""
        with self._news:
            self._age += 1
            self._shown, self._sample = (path, info), None

    def examine(self, sample: Sample) -> None:
        """Look closely at ``sample``; replaces the one not yet begun. Without a run nothing happens."""
        with self._news:
            if self._stopped or self._shown is None:
                return
            self._sample = sample
            self._wake()

    # --- in the thread

    def _is_past(self, age: int) -> bool:
        return age != self._age

    def _work(self) -> None:
        age_of_look, look = -1, None
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._sample is not None)
                if self._stopped or self._shown is None:
                    return
                age, shown, sample, self._sample = self._age, self._shown, self._sample, None
            assert sample is not None
            if look is None or age != age_of_look:
                age_of_look, look = age, CloseLook(*shown, partial(self._is_past, age))
            try:
                self._tell(age, "examined", look.at(sample))
            except Cancelled:
                look = None
            except Exception as error:  # the thread must outlive any sample that cannot be examined
                self._tell(age, "failed", error)
