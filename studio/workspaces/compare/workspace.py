"""The workspace Compare: the runs that were trained, to be found, kept in order and opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.i18n import mark
from studio.commands import Command
from studio.context import Context
from studio.workspace import Workspace
from studio.workspaces.compare.commands import run_commands

if TYPE_CHECKING:
    from studio.workspaces.compare.actions_presenter import ActionsPresenter


class CompareWorkspace(Workspace):
    """The table of runs has the whole center."""

    name = "compare"
    title = mark("Compare")
    tip = mark("See all runs, compare them, and open one again")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.doing: ActionsPresenter | None = None
        """What is done with chosen runs, once the table is built."""
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.timeline)

    def build(self) -> None:
        """Build the table, whose code is not needed until the window is on screen."""
        from studio.workspaces.compare.actions_presenter import ActionsPresenter
        from studio.workspaces.compare.presenter import ComparePresenter
        from studio.workspaces.compare.run_table import RunTable

        self.run_table = RunTable()
        self._column.insertWidget(0, self.run_table, 1)
        self._presenter = ComparePresenter(self, self.context)
        self.doing = ActionsPresenter(self, self.context)
        self.context.commands.refresh()

    def commands(self) -> Iterable[Command]:
        """Return what can be done with runs."""
        return run_commands(self)

    def layout_state(self) -> dict[str, int]:
        """Return how a person wants the table."""
        return self.run_table.layout_state()

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned."""
        self.run_table.restore(state)

    def regions(self) -> list[QWidget]:
        """Return table and time line."""
        return [self.run_table, self.timeline]
