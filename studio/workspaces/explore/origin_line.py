"""Whose pictures Explore shows: the run and the epoch, beside the names of the pages, whichever is in front."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTabWidget

from engine.i18n import again, number, tr
from engine.text import LONGEST_NAME, plain
from studio.guard import guarded
from studio.model.snapshot import SnapshotRef
from studio.text.origin import generator_words
from studio.theme import SPACING
from studio.widgets.layouts.fitting_label import FittingLabel


@guarded
class OriginLine(FittingLabel):
    """Stands in the corner of ``pages`` and takes no more width than their names leave."""

    def __init__(self, pages: QTabWidget) -> None:
        super().__init__(pages)
        self._pages = pages
        self._run, self._epoch = "", ""
        self._origin: SnapshotRef | None = None
        self.setObjectName("explored_origin")
        self.setContentsMargins(0, 0, SPACING, 0)

    def show_origin(self, run: str, origin: SnapshotRef | None, epoch: float) -> None:
        """Say that the generator ``origin`` of ``run`` paints, the newest in ``epoch``; None: none does yet."""
        at = number(epoch, ".0f" if round(epoch, 1).is_integer() else ".1f")
        wanted = plain(run, LONGEST_NAME), origin, at
        if wanted != (self._run, self._origin, self._epoch):
            self._run, self._origin, self._epoch = wanted
            self.retranslate()

    def call(self, run: str) -> None:
        """The same run is called otherwise from now on."""
        self._run = plain(run, LONGEST_NAME)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the current language."""
        parts = [tr("Run “{run}”", run=self._run)] if self._run else []
        if self._run and self._origin is not None:
            parts.append(generator_words(self._origin))
            if self._origin.kept is None:
                parts.append(tr("epoch {epoch}", epoch=again(self._epoch)))
        self.show_parts(parts, short={parts[0]: self._run} if parts else {})
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """All words, as far as the names of the pages leave room."""
        wished, free = super().sizeHint(), self._pages.width() - self._pages.tabBar().sizeHint().width() - 2 * SPACING
        return QSize(min(wished.width() + SPACING, max(free, 0)), wished.height())
