"""The workspace Train: the samples large, the curves below them, options at the left and an inspector at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engine.i18n import mark
from studio.commands import Command
from studio.context import Context
from studio.model.scatter import LAYERS
from studio.services.knob_strips import read_once
from studio.widgets.base.object_names import set_object_name
from studio.widgets.layouts.side_panels import SidePanels
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.workspace import Workspace
from studio.workspaces.train.health_panel import HealthPanel
from studio.workspaces.train.inspector import Inspector
from studio.workspaces.train.options_form import OptionsForm
from studio.workspaces.train.points_presenter import PointsPresenter
from studio.workspaces.train.points_view import PointsView
from studio.workspaces.train.presenter import TrainPresenter
from studio.workspaces.train.quality_panel import QualityPanel
from studio.workspaces.train.sample_panel import SamplePanel
from studio.workspaces.train.sample_view import SAVE, SampleView

if TYPE_CHECKING:
    from studio.workspaces.train.loss_plot import LossPlot

_WIDTHS = {"left": 272, "right": 300}
_CURVES_SHARE, _CURVES_LEAST, _CURVES_MOST = 0.185, 96, 320  # of the window's height
_PRESENTED_SHARE = 0.26  # as their words are larger, too


class TrainWorkspace(Workspace):
    """Everything of a training at one glance."""

    name = "train"
    title = mark("Train")
    tip = mark("Train a GAN, watch it, and steer it")
    switches = ("options_panel", "inspector_panel")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.options_form = OptionsForm(context.plan.config)
        self.sample_view, self.sample_panel = SampleView(), SamplePanel()
        self.points_view = PointsView()
        self.made = set_object_name(QStackedWidget(), "what_is_made")
        for view in (self.sample_view, self.points_view):
            self.made.addWidget(view)
        self.health_panel, self.quality_panel = HealthPanel(), QualityPanel()
        self.inspector = Inspector(self.health_panel, self.quality_panel, self.sample_panel)
        self.loss_plot: LossPlot | None = None
        self._is_presented, self._hinted = False, ""
        self._lay_out()
        self.sides.changed.connect(context.commands.refresh)
        context.commands.refreshed.connect(self._say_hint_again)
        self.sample_view.sample_chosen.connect(partial(self.inspect, self.sample_panel))
        for view in (self.sample_view, self.points_view):
            view.hint_changed.connect(partial(self._say_hint_of, view))
            view.commands_changed.connect(context.commands.refresh)
        self.made.currentChanged.connect(self._on_turned)
        self._presenter = TrainPresenter(self, context)
        self._points_presenter = PointsPresenter(self.points_view, self.made, context)

    def build(self) -> None:
        """Name the buttons of the samples, now that the table has their commands."""
        self.sample_view.bind(self.context.commands)
        self.points_view.bind(self.context.commands)

    def wake(self) -> Iterator[None]:
        """Build the curves, which take a third of the time until the window is on screen."""
        from studio.workspaces.train.loss_plot import LossPlot

        self.loss_plot = plot = LossPlot()
        self._course.insertWidget(0, plot, 1)
        plot.x_range_changed.connect(self._tell_axis)
        self._presenter.show_curves(plot)
        yield
        self.quality_panel.wake()
        read_once(self.context.services.jobs)

    def commands(self) -> Iterable[Command]:
        """Return the search for an option, and the switches of the side panels."""
        return (
            Command("find_option", "Options", mark("&Find an option"), self.find_option, ("Ctrl+F",)),
            self._switch("options_panel", mark("&Options"), mark("Show the options, or fold them away"), "F9", "left"),
            self._switch(
                *("inspector_panel", mark("&Inspector")),
                *(mark("Show health, quality and sample, or fold them away"), "Shift+F9", "right"),
            ),
            self._page("show_health", mark("Show the &health of the training"), self.health_panel),
            self._page("show_quality", mark("Show the &quality of the samples"), self.quality_panel),
            self._page("show_sample", mark("Show the chosen &sample"), self.sample_panel),
            *(self._only_here(self._of_what_is_seen(command)) for command in self.sample_view.commands()),
            *map(self._only_here, self.points_view.commands()),
        )

    def _of_what_is_seen(self, command: Command) -> Command:
        """Let what saves samples save points where points are seen."""
        points = self.points_view
        if command.id != SAVE:
            return command
        return replace(
            command,
            do=lambda: points.save() if self._sees_points else command.do(),
            why_not=lambda: points.why_nothing() if self._sees_points else command.why_not(),
        )

    @property
    def _sees_points(self) -> bool:
        return self.made.currentWidget() is self.points_view

    def _say_hint_of(self, view: SampleView | PointsView, hint: str) -> None:
        if view is self.made.currentWidget():
            self.say_hint(hint)

    def hint_told(self) -> str:
        """Nobody is told to train while a search keeps that from being done."""
        self._hinted = self._hint and (self.context.services.training.why_not() or self._hint)
        return self._hinted

    def _say_hint_again(self) -> None:
        """A search may have begun, or ended, meanwhile."""
        if not self.isHidden() and self._hinted != self.hint_told():
            self.hint_changed.emit(self._hinted)

    def _on_turned(self) -> None:
        view = self.made.currentWidget()
        assert isinstance(view, SampleView | PointsView)
        self.say_hint(view.hint)
        self.context.commands.refresh()

    def _switch(self, name: str, title: str, tip: str, key: str, side: str) -> Command:
        return Command(
            *(name, "View", title, partial(self.sides.toggle, side), (key,), tip),
            why_not=self.why_not_here,
            is_on=partial(self.sides.is_open, side),
        )

    def _page(self, name: str, title: str, page: QWidget) -> Command:
        return Command(name, "View", title, partial(self.inspect, page))

    def _only_here(self, command: Command) -> Command:
        return replace(command, why_not=lambda: self.why_not_here() or command.why_not())

    def find_option(self) -> None:
        """Bring out the options, and let the person type what they seek."""
        self.come_forward()
        self.sides.set_open("left", True)
        self.options_form.seek()

    def inspect(self, page: QWidget) -> None:
        """Bring a page of the inspector to the front, wherever the person is."""
        self.come_forward()
        self.inspector.setCurrentWidget(page)
        self.sides.set_open("right", True)

    # ---------------------------------------------------------------- layout

    def layout_state(self) -> dict[str, int]:
        """Return sides, the height of the curves, and the page of the inspector."""
        curves = self._middle.wished.get("course", 0)
        hidden = sum(1 << place for place, layer in enumerate(LAYERS) if layer in self.points_view.hidden_layers)
        return self.sides.state() | {"curves": curves, "page": self.inspector.currentIndex(), "hidden_layers": hidden}

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned."""
        height = state.get("curves", 0)
        self._middle.wished = {"course": height} if height else {}
        self._middle.apply()
        self.inspector.setCurrentIndex(state.get("page", 0))
        hidden = state.get("hidden_layers", 0)
        self.points_view.hide_layers(frozenset(each for place, each in enumerate(LAYERS) if hidden & 1 << place))
        self.sides.restore(state)

    def set_presentation(self, is_on: bool) -> None:
        """Show samples, curves and time line alone."""
        self._is_presented = is_on
        self.sides.set_bare(is_on)
        self._middle.apply()
        self.sample_view.set_presentation(is_on)
        self.points_view.set_presentation(is_on)

    def regions(self) -> list[QWidget]:
        """Return options, samples, curves, the time line, and inspector."""
        curves = [] if self.loss_plot is None else [self.loss_plot]
        return [self.options_form, self.made, *curves, self.timeline, self.inspector]

    def take_timeline(self) -> None:
        """At once where the curves were when they were seen last, so that all is painted once."""
        super().take_timeline()
        self._tell_axis()

    def showEvent(self, event: QShowEvent) -> None:
        """The time line lies under the curves again, once these have their place."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._tell_axis)

    def _lay_out(self) -> None:
        self._lower = set_object_name(QWidget(), "course")
        self._course = QVBoxLayout(self._lower)
        self._course.setContentsMargins(0, 0, 0, 0)
        self._course.setSpacing(0)
        self._course.addWidget(self.timeline)
        self._middle = WishedSplitter(Qt.Orientation.Vertical, {"course": self._course_height})
        for part in (self.made, self._lower):
            self._middle.addWidget(part)
        self.sides = SidePanels(self._middle, self.options_form, self.inspector, _WIDTHS, below=self.timeline)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sides)

    def _course_height(self, window: int) -> int:
        share = _PRESENTED_SHARE if self._is_presented else _CURVES_SHARE
        curves = min(max(round(share * window), _CURVES_LEAST), _CURVES_MOST)
        return curves + self.context.timeline.sizeHint().height()  # also while that lies in another workspace

    def _tell_axis(self, *_range: float) -> None:
        # Also laid out while another workspace is in front, in which the time line lies then.
        if self.loss_plot is not None and self.timeline.isAncestorOf(self.context.timeline):
            self.context.timeline.set_axis(*self.loss_plot.x_range())
