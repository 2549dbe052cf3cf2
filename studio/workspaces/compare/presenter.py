"""What the table of runs shows, and which commands stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton

from engine.runs import ListedRun
from studio.context import Context
from studio.once_painted import once_painted
from studio.widgets.base.object_names import set_object_name
from studio.workspaces.compare.commands import ACTIONS, BUTTONS

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

_REST_MS = 2000  # between two looks at the run under way
_SPOKEN_MS = 50  # after a switch of the language: first the window speaks it, and what it shows of runs follows
_NEWS_MS = 2000  # between two looks at what other processes do


class ComparePresenter(QObject):
    """Feeds the table of ``workspace``: all runs as they are found, and the one under way as it goes on."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._workspace, self._table, self._context = workspace, workspace.run_table, context
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look_at_live)
        self._news = set_object_name(QTimer(self, interval=_NEWS_MS), "news")
        self._news.timeout.connect(self._look_for_news)
        self._connect()
        self._offer()
        self._offer_live()

    def _connect(self) -> None:
        services, table = self._context.services, self._table
        services.runs.found.connect(table.put)
        services.runs.listed.connect(self._on_listed)
        services.runs.others_seen.connect(services.queue.refresh)
        services.training.started.connect(services.runs.list_again)
        services.training.started.connect(self._offer_live)
        services.training.current.quality_added.connect(self._on_live_news)
        services.training.current.grid_added.connect(self._on_live_news)
        services.run_files.failed.connect(lambda _: services.runs.list_again())
        self._translation = QTimer(self, singleShot=True, interval=_SPOKEN_MS)
        self._translation.timeout.connect(services.runs.list_again)
        table.language_switched.connect(self._translation.start)
        self._workspace.looked_at.connect(self._watch)
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

    def _watch(self, is_looked_at: bool) -> None:
        """What a command line, another window or a search does is worth a look while somebody sees it."""
        if is_looked_at:
            once_painted(self, self._look_for_news)
            self._news.start()
        else:
            self._news.stop()

    def _look_for_news(self) -> None:
        training = self._context.services.training
        live = training.current.run if training.is_busy else None
        self._context.services.runs.look_for_news(live.path if live else None)
        self._context.services.queue.look_for_news()

    def _on_listed(self, runs: list[ListedRun]) -> None:
        self._table.keep_only(run.path for run in runs)
        self._context.commands.refresh()

    def _offer_live(self, *_: object) -> None:
        """What is trained is what somebody who comes here looks for, unless they chose others."""
        training = self._context.services.training
        if training.trains(training.current.run) and training.current.run is not None:
            self._table.choice.offer(training.current.run.path)

    def _on_live_news(self, *_: object) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _look_at_live(self) -> None:
        live = self._context.services.training.current.run
        if live is not None:
            self._context.services.runs.look_again(live.path)
            if self._context.services.queue.state.plans:
                self._context.services.queue.refresh()  # less time is left
