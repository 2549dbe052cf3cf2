"""What the table of runs shows, and which commands stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton

from engine.runs import ListedRun
from studio.context import Context
from studio.widgets.object_names import set_object_name
from studio.workspaces.compare.commands import ACTIONS, BUTTONS

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

_REST_MS = 2000  # between two looks at the run under way
_SPOKEN_MS = 50  # after a switch of the language: first the window speaks it, and what it shows of runs follows


class ComparePresenter(QObject):
    """Feeds the table of ``workspace``: all runs as they are found, and the one under way as it goes on."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._table, self._context = workspace.run_table, context
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look_at_live)
        self._connect()
        self._offer()

    def _connect(self) -> None:
        services, table = self._context.services, self._table
        services.runs.found.connect(table.put)
        services.runs.listed.connect(self._on_listed)
        services.training.started.connect(services.runs.list_again)
        services.training.current.quality_added.connect(self._on_live_news)
        services.training.current.grid_added.connect(self._on_live_news)
        services.run_files.failed.connect(lambda _: services.runs.list_again())
        self._translation = QTimer(self, singleShot=True, interval=_SPOKEN_MS)
        self._translation.timeout.connect(services.runs.list_again)
        table.language_switched.connect(self._translation.start)
        table.selection_changed.connect(self._context.commands.refresh)

    def _offer(self) -> None:
        """Put the commands where they are sought: the important ones below the table, all of them in its menus."""
        commands, buttons = self._context.commands, []
        for name in BUTTONS:
            button = set_object_name(QPushButton(), f"{name}_button")
            commands.bind(button, name)
            buttons.append(button)
        self._table.set_actions([commands.action(name) if name else None for name in ACTIONS], buttons)

    # --- the list

    def _on_listed(self, runs: list[ListedRun]) -> None:
        self._table.keep_only(run.path for run in runs)
        self._context.commands.refresh()

    def _on_live_news(self, *_: object) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _look_at_live(self) -> None:
        live = self._context.services.training.current.run
        if live is not None:
            self._context.services.runs.look_again(live.path)
