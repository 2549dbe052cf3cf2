"""Has the judge read what calculating with pictures results in."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from engine.arrays import Pictures
from engine.i18n import number, tr
from engine.job import Job
from studio.context import Context
from studio.services.exploring import Ground
from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel
from studio.workers.job_runner import Listeners

READ = "reading a result"
_SETTLE_MS = 200  # after the last change, before the judge is asked


class ArithmeticPresenter(QObject):
    """Serves ``panel``."""

    def __init__(self, panel: ArithmeticPanel, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._services = panel, context.services
        self._newest: Pictures | None = None
        self._read: tuple[int, float] | None = None
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        panel.read_requested.connect(self._on_wanted)

    def retranslate(self) -> None:
        """Say in the current language what was read."""
        if self._read is not None:
            self._on_read(self._read)

    def _on_wanted(self, picture: Pictures) -> None:
        if self._newest is None or not np.array_equal(picture, self._newest):
            self._newest, self._read = picture, None
            self._services.exploring.cancel(READ)  # what it reads is of the result before
            self._settle.start()
        elif self._read is not None:
            self._on_read(self._read)

    def _ask(self) -> None:
        assert self._newest is not None
        listeners: Listeners[Any, Any] = Listeners(result=self._on_read)
        self._services.exploring.start(READ, partial(_reading, picture=self._newest), listeners)

    def _on_read(self, read: tuple[int, float] | None) -> None:
        run, self._read = self._services.shown.run, read
        names = run.data.data_classes if run is not None else ()
        if read is None or not names:
            self._panel.say_reading("")
            return
        kind, certainty = read
        text = tr("The judge reads “{name}” ({share}).", name=tr(names[kind]), share=number(certainty, ".0%"))
        self._panel.say_reading(text)


# --- in the thread of a job


def _reading(ground: Ground, picture: Pictures) -> Job[None, tuple[int, float] | None]:
    from engine.evaluation.reader import Reader

    yield None
    read = Reader(ground.generator.config, ground.generator.facts).read(picture)
    return None if read is None else (int(read[0][0]), float(read[1][0]))
