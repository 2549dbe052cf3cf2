"""The workspace Explore: what a generator has learned, picture by picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from engine.i18n import mark, number, tr
from studio.command_table import EPOCHS, FILE
from studio.commands import Command
from studio.context import Context
from studio.model.explored import Explored, LatentPoint
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import show_beside
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.exploring.explore_tool import Use
from studio.workspace import History, Workspace
from studio.workspaces.explore.keeping import Keeping
from studio.workspaces.explore.origin_line import OriginLine

if TYPE_CHECKING:
    from studio.workspaces.explore.digit_picker import DigitPicker
    from studio.workspaces.explore.kept_strip import KeptStrip
    from studio.workspaces.explore.latent_explorer import LatentExplorer
    from studio.workspaces.explore.points_page import PointsPage
    from studio.workspaces.explore.presenter import ExplorePresenter
    from studio.workspaces.explore.tools_presenter import Spoken


_CLASS = "class asked for"  # what a message is about
_LOW = 38  # lines of text
_OF_PICTURES = mark("This is about pictures, and the run that is shown makes points.")


class ExploreWorkspace(Workspace):
    """A page has the whole center; all of them stand at the same point of latent space."""

    name = "explore"
    title = mark("Explore")
    tip = mark("Turn the numbers of z, go from picture to picture, ask for a class")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.explored = Explored()
        self.explored.history_changed.connect(context.commands.refresh)
        self.keeping = Keeping(self.explored, context)
        self.pages = set_object_name(QTabWidget(documentMode=True), "explore_pages")
        self.origin_line = OriginLine(self.pages)
        self.pages.setCornerWidget(self.origin_line)
        self._class_word = mark("Digits")
        self._tools: list[Spoken] = []
        self._awaited: tuple[int, int] | None = None  # a page that is not built yet, and the one shown until then
        self._tool = 0  # that was in front last
        self._shows_points = False
        self._page_of_pictures = 0  # that was in front before points were
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        self._column = column
        column.addWidget(self.timeline)

    @cached_property
    def latent_explorer(self) -> LatentExplorer:
        """The point's numbers, its picture, and the tools that move it."""
        from studio.workspaces.explore.latent_explorer import LatentExplorer

        return LatentExplorer(self.explored)

    @cached_property
    def digit_picker(self) -> DigitPicker:
        """Asks for classes."""
        from studio.workspaces.explore.digit_picker import DigitPicker

        return DigitPicker(self.explored)

    @cached_property
    def points_page(self) -> PointsPage:
        """The same for generators of points, in place of all others."""
        from studio.workspaces.explore.points_page import PointsPage

        return PointsPage(self.explored)

    @cached_property
    def kept_strip(self) -> KeptStrip:
        """The points that are kept with the run."""
        from studio.workspaces.explore.kept_strip import KeptStrip

        return KeptStrip(self.explored, self._uses)

    @cached_property
    def _presenter(self) -> ExplorePresenter:
        from studio.workspaces.explore.presenter import ExplorePresenter

        return ExplorePresenter(self, self.context)

    def build(self) -> None:
        """Build the pages, whose code is not needed until the window is on screen."""
        from studio.workspaces.explore.picker_presenter import PickerPresenter

        for page in (self.latent_explorer, self.digit_picker, self.points_page):
            self.add_page(page)
        PickerPresenter(self.digit_picker, self.context)
        self._column.insertWidget(1, self.kept_strip)
        self._presenter.begin()
        from studio.workspaces.explore.kept_presenter import KeptPresenter

        KeptPresenter(self.kept_strip, self.keeping, self.explored, self.context)
        for name, button in self.kept_strip.buttons.items():
            self.context.commands.bind(button, name)
        self.pages.currentChanged.connect(self.show_strip)
        self.pages.currentChanged.connect(lambda _: self.context.commands.refresh())  # other steps are taken back
        self.retranslate()

    def wake(self) -> Iterator[None]:
        """Add the tools and pages that may wait until the window is on screen."""
        yield
        from studio.workspaces.explore.tools_presenter import MAKERS

        for make in MAKERS:
            yield
            self._tools.append(make(self.latent_explorer, self.explored, self.context))
        if self.latent_explorer.pages.currentIndex() == 0:  # nobody chose another one meanwhile
            self.latent_explorer.pages.setCurrentIndex(self._tool)
        yield
        from studio.workspaces.explore.map_page import MapPage
        from studio.workspaces.explore.map_presenter import MapPresenter

        page = MapPage()
        page.points_kept.connect(self.keeping.keep)
        self.add_page(page)
        self._tools.append(MapPresenter(page, self.explored, self.context))
        yield
        from studio.workspaces.explore.play_page import PlayPage
        from studio.workspaces.explore.play_presenter import PlayPresenter

        play = PlayPage()
        self.add_page(play)
        PlayPresenter(play, self.context)
        yield
        from studio.workspaces.explore.ask_page import AskPage
        from studio.workspaces.explore.ask_presenter import AskPresenter

        ask = AskPage()
        self.add_page(ask)
        AskPresenter(ask, self.context)
        self.retranslate()
        if self._awaited is not None and self.pages.currentIndex() == self._awaited[1]:  # nobody went elsewhere
            self.pages.setCurrentIndex(self._awaited[0])

    def add_page(self, page: ExplorePage) -> None:
        """Let ``page`` be one more, fed as the others are."""
        index = self.pages.addTab(page, "")
        self._fit(index, page)
        self._presenter.feed(page)
        if page.drawn_on is not None:
            page.drawn_on.canvas.changed.connect(self.context.commands.refresh)

    def turn_to_points(self, is_points: bool) -> None:
        """Offer what makes sense of a generator of points, or of pictures; the rest says why not."""
        if is_points == self._shows_points:
            return
        self._shows_points = is_points
        now, front = self.window().focusWidget(), self.pages.currentWidget()
        if now is not None and front.isAncestorOf(now):  # Qt would lead it into what comes, whose arrows change z
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        if is_points:
            self._page_of_pictures = self.pages.currentIndex()
        for index in range(self.pages.count()):
            page = self.pages.widget(index)
            assert isinstance(page, ExplorePage)
            self._fit(index, page)
        own = self.pages.indexOf(self.points_page)
        self.pages.setCurrentIndex(own if is_points else self._page_of_pictures)
        self.retranslate()
        self.context.commands.refresh()

    def _fit(self, index: int, page: ExplorePage) -> None:
        self.pages.setTabEnabled(index, page.of_points == self._shows_points)
        self.pages.setTabVisible(index, not page.of_points or self._shows_points)

    def _why_not_of_points(self) -> str:
        return tr(_OF_PICTURES) if self._shows_points else ""

    def _why_no_class(self) -> str:
        """Say why nobody can be asked: a digit that was typed beside a box must not lead to an empty page."""
        return self._why_not_of_points() or self._why_none()

    def history(self) -> History:
        """Undo and redo are about the point of latent space here, or about what is drawn on the page in front."""
        page = self.pages.currentWidget()
        return (page.drawn_on if isinstance(page, ExplorePage) else None) or self.explored

    def commands(self) -> Iterable[Command]:
        """Return what asks for a class, wherever the person is."""
        return (
            Command(
                "ask_for_class",
                EPOCHS,
                mark("Ask for a digit, or for the class of that number"),
                self._show_classes,
                tuple("0123456789"),
                waits=True,
                do_nth=self.ask_for_digit,
                why_not=self._why_no_class,
            ),
            Command(
                "export_generator",
                FILE,
                mark("&Export samples or the generator…"),
                self._export,
                ("Ctrl+Shift+E",),
                mark("Save samples as PNG, NPZ, GIF or MP4, or the generator as ONNX or as a Python script"),
                why_not=self._why_none,
            ),
            *(replace(it, why_not=partial(self._why_not, it.why_not)) for it in self.keeping.commands()),
        )

    def _why_none(self) -> str:
        return self.context.services.snapshots.why_none

    def _export(self) -> None:
        from studio.workspaces.explore.export_dialog import ExportDialog
        from studio.workspaces.explore.export_presenter import ExportPresenter

        run = self.context.services.shown.run
        if run is None:
            return

        def made() -> ExportDialog:
            names, is_points = run.data.class_names, run.info.facts.is_points
            dialog = ExportDialog(run.path.name, names, self.window(), of_points=is_points)
            ExportPresenter(dialog, run, self.explored, self.context)
            dialog.begin()
            return dialog

        show_beside(self.window(), ExportDialog, run.path, made)

    def _why_not(self, otherwise: Callable[[], str]) -> str:
        return self.why_not_here() or self._why_not_of_points() or otherwise()

    def _uses(self) -> list[Use]:
        """Return what a kept point can be taken as; the page of the tool that takes it comes to the front."""

        def taken(use: Use, point: LatentPoint) -> None:
            self.pages.setCurrentWidget(self.latent_explorer)
            use.take(point)

        return [use._replace(take=partial(taken, use)) for use in self.latent_explorer.uses()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, the picture needs it more than the strip."""
        super().resizeEvent(event)
        self.kept_strip.be_small(self.height() < _LOW * self.fontMetrics().height())

    def show_strip(self) -> None:
        """Keep the strip in sight where it is of use."""
        page = self.pages.currentWidget()
        is_of_use = isinstance(page, ExplorePage) and page.wants_kept and not self._why_none()
        self.kept_strip.setVisible(is_of_use)

    def look_at(self, z: NDArray[np.float32], label: int) -> None:
        """Show the picture of ``z`` ``[z_dim]`` and ``label`` large, where its numbers can be turned."""
        self.explored.go(z, label)
        self.pages.setCurrentWidget(self.latent_explorer)

    def _show_classes(self) -> None:
        self.come_forward()
        self.pages.setCurrentWidget(self.digit_picker)

    def ask_for_digit(self, digit: int) -> None:
        """Show the class called like ``digit``, or say which there are."""
        self._show_classes()
        if self.digit_picker.ask_for_digit(digit):
            self.context.messages.retract(_CLASS)
        elif names := self.digit_picker.names:
            self.context.messages.warn(
                tr("This run has no class “{name}”.", name=number(digit)),
                tr("Ask for one of these: {names}.", names=", ".join(map(tr, names))),
                about=_CLASS,
            )

    def name_classes(self, word: str) -> None:
        """Call what one asks for after the data; ``word`` is a source text."""
        self._class_word = word
        self.retranslate()

    def retranslate(self) -> None:
        """Name the pages in the current language."""
        for index in range(self.pages.count()):
            page = self.pages.widget(index)
            assert isinstance(page, ExplorePage)
            word = self._class_word if page is self.digit_picker else page.title
            self.pages.setTabText(index, tr(word))
            tip = page.tip if page.of_points == self._shows_points else _OF_PICTURES
            self.pages.setTabToolTip(index, tr(tip))
        self.origin_line.retranslate()
        for tool in self._tools:
            tool.retranslate()
        if self.pages.count():
            self._presenter.say_why_none()

    def layout_state(self) -> dict[str, int]:
        """Return which page is in front, and which tool."""
        page = self._page_of_pictures if self._shows_points else self.pages.currentIndex()
        return {"page": page, "tool": self.latent_explorer.pages.currentIndex()}

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned; a page that is not built yet is waited for."""
        self._tool = max(state.get("tool", 0), 0)
        if self._tools:
            self.latent_explorer.pages.setCurrentIndex(self._tool)
        wished = max(state.get("page", 0), 0)
        if self._shows_points:
            self._page_of_pictures = wished
            return
        self.pages.setCurrentIndex(min(wished, self.pages.count() - 1))
        self._awaited = (wished, self.pages.currentIndex()) if wished >= self.pages.count() else None

    def regions(self) -> list[QWidget]:
        """Return the page in front, the kept points and the time line."""
        return [self.pages, self.kept_strip, self.timeline]
