"""The workspace Compare: the runs that were trained, to be found, kept in order and opened again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from engine.i18n import mark, tr
from studio.commands import Command
from studio.context import Context
from studio.widgets.base.object_names import set_object_name
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.workspace import History, Workspace
from studio.workspaces.compare.commands import run_commands
from studio.workspaces.compare.duel.commands import duel_commands
from studio.workspaces.compare.queue.commands import queue_commands
from studio.workspaces.compare.search.commands import search_commands
from studio.workspaces.compare.wall.commands import wall_commands

if TYPE_CHECKING:
    from engine.wall.cards import Card
    from studio.workspaces.compare.actions_presenter import ActionsPresenter
    from studio.workspaces.compare.duel.presenter import DuelPresenter
    from studio.workspaces.compare.family_panel import FamilyPanel
    from studio.workspaces.compare.mirror_panel import MirrorPanel
    from studio.workspaces.compare.mirror_presenter import MirrorPresenter
    from studio.workspaces.compare.queue.panel import QueuePanel
    from studio.workspaces.compare.run_table import RunTable
    from studio.workspaces.compare.search.presenter import SearchPresenter
    from studio.workspaces.compare.wall.page import WallPage
    from studio.workspaces.compare.wall.presenter import WallPresenter


class CompareWorkspace(Workspace):
    """A page has the whole center: the table of all runs, or some of them side by side."""

    name = "compare"
    title = mark("Compare")
    tip = mark("See all runs, compare them, and open one again")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.doing: ActionsPresenter | None = None
        """What is done with chosen runs, once all pages are built."""
        self.searching: SearchPresenter | None = None
        """The page that searches, once it is built."""
        self.dueling: DuelPresenter | None = None
        """The page of blind duels, once it is built."""
        self.wall: WallPresenter | None = None
        """The page of the class wall, once it is built."""
        self.pages = set_object_name(QTabWidget(documentMode=True), "compare_pages")
        self._titles: list[str] = []
        self._layout: dict[str, int] = {}
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.timeline)
        self.pages.currentChanged.connect(self._on_page)

    # Made when they are needed first, with their code: on screen the window is before that.

    @cached_property
    def run_table(self) -> RunTable:
        """The table of all runs."""
        from studio.workspaces.compare.run_table import RunTable

        return RunTable()

    @cached_property
    def mirror_panel(self) -> MirrorPanel:
        """Runs side by side."""
        from studio.workspaces.compare.mirror_panel import MirrorPanel

        return MirrorPanel()

    @cached_property
    def mirror(self) -> MirrorPresenter:
        """What stands side by side."""
        from studio.workspaces.compare.mirror_presenter import MirrorPresenter

        return MirrorPresenter(self.mirror_panel, self.context)

    @cached_property
    def family_panel(self) -> FamilyPanel:
        """Runs and what branched off from them."""
        from studio.workspaces.compare.family_panel import FamilyPanel

        return FamilyPanel()

    @cached_property
    def queue_panel(self) -> QueuePanel:
        """The trainings that are lined up."""
        from studio.workspaces.compare.queue.panel import QueuePanel

        return QueuePanel()

    @cached_property
    def wall_page(self) -> WallPage:
        """The runs of a class."""
        from studio.workspaces.compare.wall.page import WallPage

        return WallPage()

    def build(self) -> None:
        """Build the table, whose code is not needed until the window is on screen."""
        from studio.workspaces.compare.presenter import ComparePresenter

        self._add_page(self.run_table, mark("Runs"))
        ComparePresenter(self, self.context)

    def wake(self) -> Iterator[None]:
        """Build the pages beside the table, and what is done with runs, which leads to them."""
        self._build_mirror()
        yield
        self._build_duel()
        yield
        self._build_family_and_queue()
        yield
        self._build_search()
        yield
        self._build_wall()
        yield
        from studio.workspaces.compare.actions_presenter import ActionsPresenter

        self.doing = ActionsPresenter(self, self.context)
        self.context.commands.refresh()

    def _build_mirror(self) -> None:
        self._add_page(self.mirror_panel, mark("Side by side"))
        self.mirror.shown.connect(self._show_mirror)
        self.mirror_panel.run_chosen.connect(self.run_table.run_chosen)

    def _build_duel(self) -> None:
        from studio.workspaces.compare.duel.presenter import DuelPresenter

        self.dueling = DuelPresenter(self, self.context)
        self._add_page(self.dueling.page, mark("Blind duel"))

    def _build_family_and_queue(self) -> None:
        from studio.workspaces.compare.queue.presenter import QueuePresenter

        self._add_page(self.family_panel, mark("Family"))
        self._add_page(self.queue_panel, mark("Queue"))
        QueuePresenter(self.queue_panel, self.context)
        self.context.services.runs.listed.connect(self.family_panel.show_runs)
        for run_chosen in (self.family_panel.view.run_chosen, self.queue_panel.run_chosen):
            run_chosen.connect(self.run_table.run_chosen)

    def _build_search(self) -> None:
        from studio.workspaces.compare.search.presenter import SearchPresenter

        self.searching = SearchPresenter(self, self.context)
        self._add_page(self.searching.page, mark("Search"))

    def _build_wall(self) -> None:
        from studio.workspaces.compare.wall.presenter import WallPresenter

        self._add_page(self.wall_page, mark("Class wall"))
        self.wall = WallPresenter(self.wall_page, self.context)
        self.wall.chosen.connect(self._show_wall)
        self.wall_page.list.run_chosen.connect(self.run_table.run_chosen)
        self.wall_page.list.selection_changed.connect(self.context.commands.refresh)

    def chosen_cards(self) -> list[Card] | None:
        """Return the cards of the class wall that are chosen, None while another page is in front."""
        is_in_front = self.wall is not None and self.pages.currentWidget() is self.wall_page
        return self.wall_page.list.chosen() if is_in_front else None

    def _show_wall(self) -> None:
        self.come_forward()
        self.pages.setCurrentWidget(self.wall_page)

    def _show_mirror(self) -> None:
        self.pages.setCurrentWidget(self.mirror_panel)
        self.mirror_panel.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_page(self, page: QWidget, title: str) -> None:
        self._titles.append(title)
        self.pages.addTab(page, tr(title))
        for splitter in page.findChildren(WishedSplitter):
            splitter.restore(self._layout)

    def _on_page(self) -> None:
        """The time line is of the one run that is shown; what stands side by side has a slider of its own."""
        self.timeline.setVisible(self.pages.currentIndex() <= 0)
        self.context.commands.refresh()

    def retranslate(self) -> None:
        """Name the pages in the current language."""
        for place, title in enumerate(self._titles):
            self.pages.setTabText(place, tr(title))

    def work_told(self) -> str:
        """Say that a search is under way."""
        is_searching = self.searching is not None and self.context.services.searching.state.is_at_work
        return tr("A search is under way.") if is_searching else ""

    def commands(self) -> Iterable[Command]:
        """Return what can be done with runs, with the queue, with searches, in blind duels and with a class wall."""
        makers = (run_commands, queue_commands, search_commands, duel_commands, wall_commands)
        return [command for make in makers for command in make(self)]

    def history(self) -> History | None:
        """Undo brings back what was deleted here, if anything was; else it is about the options, as elsewhere."""
        return self.doing if self.doing is not None and self.doing.can_undo else None

    def layout_state(self) -> dict[str, int]:
        """Return how a person wants the table, and what was dragged on the other pages."""
        state = dict(self._layout)  # also of pages that are not built yet
        for splitter in self.pages.findChildren(WishedSplitter):
            state |= splitter.wished
        return state | self.run_table.layout_state()

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned."""
        self._layout = dict(state)
        self.run_table.restore(state)
        for splitter in self.pages.findChildren(WishedSplitter):
            splitter.restore(state)

    def regions(self) -> list[QWidget]:
        """Return the page in front and the time line."""
        return [self.pages, self.timeline]
