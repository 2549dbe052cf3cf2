"""What the list of runs shows, and what a person wants of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.context import Context
from studio.workspace import go_to

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace


class ComparePresenter(QObject):
    """Feeds the list of ``workspace``; a run that is opened there is looked at where its curves and samples are."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._context = context
        self._opened: Path | None = None
        context.services.runs.listed.connect(workspace.run_list.show_runs)
        context.services.shown.run_changed.connect(self._on_shown)
        workspace.run_list.run_chosen.connect(self._open)
        workspace.run_list.folder_requested.connect(context.runs.ask_for_run)

    def _open(self, path: Path) -> None:
        self._opened = path
        self._context.runs.open_run(path)

    def _on_shown(self) -> None:
        run, opened = self._context.services.shown.run, self._opened
        self._opened = None
        if run is not None and run.path == opened:
            self._context.commands.do(go_to("train"))
