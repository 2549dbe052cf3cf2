"""The workspace Style: a picture is trained itself, toward what one picture shows and how another one is painted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.i18n import mark, tr
from studio.commands import Command
from studio.context import Context
from studio.widgets.base.object_names import set_object_name
from studio.workspace import Workspace
from studio.workspaces.style.commands import style_commands

if TYPE_CHECKING:
    from studio.workspaces.style.page import StylePage
    from studio.workspaces.style.presenter import StylePresenter


class StyleWorkspace(Workspace):
    """One page, which does without the runs of the other workspaces."""

    name = "style"
    title = mark("Style")
    tip = mark("Paint what one picture shows as another one is painted")
    has_timeline = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.painting: StylePresenter | None = None
        """What happens on the page, once it is built."""
        self._page: StylePage | None = None
        self._place = set_object_name(QWidget(), "style_place")
        inner = QVBoxLayout(self._place)
        inner.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._place, 1)
        column.addWidget(self.timeline)

    def build(self) -> None:
        """Build the page, whose code is not needed until the window is on screen."""
        from studio.workspaces.style.page import StylePage
        from studio.workspaces.style.presenter import StylePresenter

        page = self._page = StylePage(self.context.commands)
        inner = self._place.layout()
        assert inner is not None
        inner.addWidget(page)
        self.painting = StylePresenter(page, self.context)

    def work_told(self) -> str:
        """Say that a picture is painted."""
        is_painting = self.painting is not None and self.context.services.styling.state.is_at_work
        return tr("A picture is being painted.") if is_painting else ""

    def commands(self) -> Iterable[Command]:
        """Return what can be done with a picture."""
        return style_commands(self)

    def retranslate(self) -> None:
        """Say in the current language how far it is."""
        if self.painting is not None:
            self.painting.retranslate()

    def regions(self) -> list[QWidget]:
        """Return what the page is made of."""
        return [self._place] if self._page is None else self._page.regions()
