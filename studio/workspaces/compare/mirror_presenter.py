"""Which runs stand side by side, and whose pictures they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.context import Context
from studio.model.mirror import Mirror
from studio.workspaces.compare.mirror_panel import MirrorPanel


class MirrorPresenter(QObject):
    """Feeds ``panel``; ``shown`` tells that the runs that were asked for are there."""

    shown = Signal()

    def __init__(self, panel: MirrorPanel, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._service = panel, context.services.mirror
        self._service.ready.connect(self._on_ready)
        self._service.pictures_ready.connect(panel.show_pictures)
        panel.moment_chosen.connect(self._want)

    def open(self, paths: Sequence[Path], students: Sequence[str] = ()) -> None:
        """Show the runs in ``paths`` beside each other; those of ``students`` are told by them, too."""
        self._service.open(paths, students)

    def _on_ready(self, mirror: Mirror) -> None:
        self._panel.show_mirror(mirror)
        self.shown.emit()

    def _want(self, moment: int) -> None:
        self._service.want(self._panel.mirror, moment)
