"""Hears what a style transfer tells, and keeps the painting: now and then, and with its picture at the end."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.errors import DiskError
from engine.job import Progress
from engine.style import painting
from engine.style.events import StepUndone, StyleBegun, StyleEvent, StyleTick
from engine.style.painting import Painting
from engine.style.transfer import StyleTransfer

_PERIOD_SECONDS = 20.0  # so much is lost at most where the plug is pulled


class Keeper:
    """Keeps what ``transfer`` makes of ``begun``, which is what it began with, or goes on with."""

    def __init__(self, begun: Painting, transfer: StyleTransfer) -> None:
        self._transfer, self._begun, self._start = transfer, begun, begun.start
        self._rows = begun.losses.tolist()
        self._kept_at = time.monotonic()

    def hear(self, event: StyleEvent | Progress) -> None:
        """Take note of ``event``."""
        if isinstance(event, StyleBegun) and not self._begun.step:
            self._start = event.start
        elif isinstance(event, StepUndone):
            self._rows = [row for row in self._rows if row[0] <= event.step]
        elif isinstance(event, StyleTick):
            each = event.losses
            self._rows = [row for row in self._rows if row[0] < event.step]
            self._rows.append([event.step, each.content, each.style, each.variation, each.total])
            if time.monotonic() - self._kept_at >= _PERIOD_SECONDS:
                self._kept_at = time.monotonic()
                with suppress(DiskError):  # which is told at the end, if it is so then
                    painting.keep(self.painting())

    def painting(self) -> Painting:
        """Return it as it stands."""
        standing = self._transfer.standing()
        if standing is None:
            return self._begun
        losses = np.array(self._rows, np.float64).reshape(len(self._rows), -1)
        return replace(
            self._begun,
            start=self._start,
            picture=standing.picture,
            options=self._transfer.options,
            step=standing.step,
            seconds=standing.seconds,
            losses=losses,
            state=standing.state,
        )

    def keep(self) -> Path | None:
        """Keep it at its end; return where its picture lies, None where no step was made. Raises ``DiskError``."""
        found = self.painting()
        if found.step <= self._begun.step:
            return None
        painting.keep(found)
        return painting.file_picture(found)
