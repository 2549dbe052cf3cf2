"""How the workspaces come about: the one in front with the window, the others part by part once it is on screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from studio.settings import Settings
from studio.widgets.base.manners import teach_manners
from studio.widgets.layouts.laid_out_ahead import LaidOutAhead, steps
from studio.workspace import Workspace

_OVER = object()


class Building(QObject):
    """Builds ``workspaces``, each with the layout that a person gave it; ``over`` once all that may wait is there."""

    over = Signal()

    def __init__(
        self, workspaces: Collection[Workspace], settings: Settings, stack: QStackedWidget, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.is_over = False
        self._workspaces, self._settings = workspaces, settings
        self._ahead = LaidOutAhead(stack)
        for workspace in workspaces:
            workspace.layout_changed.connect(self._ahead.ask)
        self._built: set[str] = set()
        self._begun: dict[str, Iterator[None]] = {}
        self._rest: Iterator[None] | None = None

    def build(self, workspace: Workspace) -> None:
        """Build the panels of ``workspace``, unless they are there."""
        if workspace.name not in self._built:
            self._built.add(workspace.name)
            workspace.build()
            workspace.restore_layout(self._settings.layout_of(workspace.name))

    def build_whole(self, workspace: Workspace) -> None:
        """Build all that is missing of ``workspace``, at once."""
        for _ in self.parts_of(workspace):
            pass

    def parts_of(self, workspace: Workspace) -> Iterator[None]:
        """Return the parts that are still to be built, one at each step, whoever asked for those before."""
        return self._begun.setdefault(workspace.name, self._parts(workspace))

    def finish(self) -> None:
        """Build all that is missing, at once."""
        for workspace in self._workspaces:
            self.build_whole(workspace)
        teach_manners()
        self.is_over = True

    def go_on(self, then: Callable[[], object]) -> None:
        """Build what is missing, with a turn of the event loop for each part, in which a person is heard."""
        self._rest = self._rest or self._all_parts()
        if next(self._rest, _OVER) is _OVER:
            self.is_over = True
            then()
            self.over.emit()
        else:
            QTimer.singleShot(0, self, lambda: self.go_on(then))

    def keep_layouts(self) -> None:
        """Let the settings know what a person chose of the layouts."""
        for workspace in self._workspaces:
            if workspace.name in self._built:
                self._settings.set_layout_of(workspace.name, workspace.layout_state())

    def _all_parts(self) -> Iterator[None]:
        for workspace in self._workspaces:
            yield from self.parts_of(workspace)
        teach_manners()
        # Before any thread wants Python's lock, which would make it take ten times as long.
        for workspace in self._workspaces:
            yield
            yield from steps(workspace)

    def _parts(self, workspace: Workspace) -> Iterator[None]:
        self.build(workspace)
        yield
        yield from workspace.wake()
