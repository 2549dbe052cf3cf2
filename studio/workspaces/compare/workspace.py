"""The workspace Compare: the runs that were trained, to be opened again."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from engine.i18n import mark
from studio.context import Context
from studio.workspace import Workspace


class CompareWorkspace(Workspace):
    """The list of runs has the whole center."""

    name = "compare"
    title = mark("Compare")
    tip = mark("See the runs that you trained, and open one again")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.timeline)

    def build(self) -> None:
        """Build the list, whose code is not needed until the window is on screen."""
        from studio.workspaces.compare.presenter import ComparePresenter
        from studio.workspaces.compare.run_list import RunList

        self.run_list = RunList()
        self._column.insertWidget(0, self.run_list, 1)
        self._presenter = ComparePresenter(self, self.context)
