"""The window: the shell around the workspaces, which it knows by their protocol alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QToolBar, QWidget

from engine.i18n import tr
from engine.recipes import recipe
from studio import command_table, language
from studio.building import Building
from studio.commands import Commands
from studio.context import Context
from studio.estimates import Estimates
from studio.guard import attempt, guarded
from studio.learn.presenter import Learning
from studio.menu_row import MenuRow
from studio.menus import Menus
from studio.model.plan import Plan
from studio.panels.epoch_strip import EpochStrip
from studio.panels.run_bar import RunBar
from studio.panels.window_boxes import ask_whether_to_close, show_about
from studio.panels.workspace_bar import WorkspaceBar
from studio.presentation import Presentation
from studio.presenters.classroom import Classroom
from studio.presenters.pictures import Pictures
from studio.presenters.plans import Plans
from studio.presenters.progress import ProgressPresenter
from studio.presenters.runs import Runs
from studio.presenters.trainings import Trainings
from studio.presenters.troubles import Troubles
from studio.services import Services
from studio.settings import Settings
from studio.weakly import weakly
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.reading_order import ReadingOrder
from studio.widgets.fields.drop_target import DropTarget
from studio.widgets.layouts.laid_out_first import laid_out_first
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.messages.shown_line import ShownLine
from studio.workspace import History, Workspace, go_to
from studio.workspaces import WORKSPACES

_LARGEST_FIRST_SIZE = QSize(1600, 960)
_FIRST_SHARE = 0.94  # of the screen
_SAVING_IN_SIGHT_MS = 3000


@guarded
class MainWindow(QMainWindow):
    """Duelo's window. A test may build it alone, with settings of its own, and with other workspaces.

    ``later`` leaves to ``wake`` what takes a third of the time until the window is on screen: importing pyqtgraph
    for the curves, and watching the events of all controls.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        later: bool = False,
        workspaces: Sequence[type[Workspace]] = WORKSPACES,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.settings = settings or Settings()
        self.services = Services(self)
        self.run_bar, self.message_bar, self.epoch_strip = RunBar(), MessageBar(), EpochStrip()
        self.shown_line = ShownLine()
        self._stack = QStackedWidget()
        self.commands = Commands(self)
        self._present()
        self.workspaces = {each.name: each(self.context) for each in workspaces}
        self.building = Building(self.workspaces.values(), self.settings, self._stack, self)
        # Last of all who hear of another run: the epoch that the time line chooses is shown by panels that know it.
        self._progress = ProgressPresenter(
            *(self.services, self.context.plan, self.plans, self.estimates, self.commands),
            *(self.run_bar, self.epoch_strip, self.shown_line, self.message_bar),
        )
        self._lay_out()
        self._reading_order = ReadingOrder(self, weakly(self._regions), self._stack.currentWidget)
        self.presentation = Presentation(
            self._stack,
            self.settings,
            self.run_bar.status,
            [*self.workspaces.values(), self.learning, self.run_bar],
        )
        self.classroom = Classroom(self.context, self.plans, self.learning, weakly(self.save_and_close), self._stack)
        with self.commands.told_once():
            self._add_commands()
            self._add_menus()
            self.plans.take_drops(DropTarget(self, self.services.jobs, takes_files=True))
            self.services.training.stopped.connect(self._on_stopped)
            self._restore_layout()
            self._retranslate()
        self.run_bar.train_button.setFocus()
        if not later:
            self.building.finish()

    def wake(self) -> None:
        """Do what may wait until the window is on screen, part by part: curves, real images, old runs, torch."""
        self.building.go_on(weakly(self._begin))

    def _begin(self) -> None:
        self.plans.begin()
        self.runs.begin()
        self.services.preload()
        self.learning.restore(self.settings)
        self.services.jobs.do("reading languages", language.read)
        if self.settings.problem is not None:
            self.message_bar.warn(self.settings.problem.message, self.settings.problem.hint)

    # --- building

    def _present(self) -> None:
        """Build what is between services and panels, and the context that workspaces get."""
        services, settings, messages, place = self.services, self.settings, self.message_bar, self._stack
        plan = Plan(recipe(settings.recipe).config(**settings.machine_options()))
        self.estimates = Estimates(services, plan, settings, self)
        self.plans = Plans(services, plan, self.estimates, settings, messages, place)
        self.trainings = Trainings(services, plan, self.plans, settings, messages)
        self.runs = Runs(services, plan, self.plans, self.trainings, settings, messages, place)
        self.troubles = Troubles(services, plan, self.plans, self.trainings, self.commands, messages)
        self.context = Context(
            services=services,
            plan=plan,
            commands=self.commands,
            messages=messages,
            timeline=self.epoch_strip,
            settings=settings,
            runs=self.runs,
            pictures=Pictures(services.jobs, messages),
            troubles=self.troubles,
        )

    def _lay_out(self) -> None:
        self._place = MessagePlace(self.message_bar, self.shown_line)
        for name, part in (("toolbar", self.run_bar), ("messages", self._place)):
            bar = set_object_name(QToolBar(movable=False), name)
            if row := bar.layout():
                row.setContentsMargins(0, 0, 0, 0)
            bar.addWidget(part)
            bar.toggleViewAction().setEnabled(False)
            self.addToolBar(bar)
            self.addToolBarBreak()
        self._run_place = self.findChildren(QToolBar, "toolbar")[0]
        for workspace in self.workspaces.values():
            self._stack.addWidget(workspace)
            workspace.hint_changed.connect(self._place.show_hint)
        self.learning = Learning(self._stack, self.context, self.plans)
        self.setCentralWidget(self.learning.place)
        self._stack.currentChanged.connect(self._on_switched)

    def _add_commands(self) -> None:
        services, plan = self.services, self.context.plan
        self.commands.add(
            *command_table.file_commands(self.runs, services, weakly(self.close)),
            *command_table.data_commands(self.plans, services),
            *command_table.undo_commands(weakly(self._history)),
            *command_table.training_commands(self.trainings, self.runs, services, plan, self.estimates),
            *(command for workspace in self.workspaces.values() for command in workspace.commands()),  # asked first
            *command_table.epoch_commands(self.epoch_strip),
            *command_table.view_commands(self.settings, weakly(self.reset_layout), self._reading_order.step_region),
            *command_table.presentation_commands(self.presentation),
            *self.learning.commands(),
            *self.classroom.commands(),
            *command_table.help_commands(self._stack, self.commands, partial(show_about, self._stack)),
            *command_table.workspace_commands(self.workspaces.values(), self._stack, weakly(self.show_workspace)),
        )
        for name in ("train", "pause", "step", "stop"):
            self.commands.bind(getattr(self.run_bar, f"{name}_button"), name)
        self.commands.bind(self.presentation.button, "leave_presentation")

    def _add_menus(self) -> None:
        choices = [go_to(name) for name in self.workspaces]
        own = {name: workspace.switches for name, workspace in self.workspaces.items()}
        own_commands = (command for workspace in self.workspaces.values() for command in workspace.commands())
        shown = [command.id for command in own_commands if command.category == command_table.VIEW]
        self.menus = Menus(self.menuBar(), self.commands, choices, shown)
        self._workspace_bar = WorkspaceBar(self.commands, choices, own, ("learn_panel",))
        self._menu_row = MenuRow(self.menuBar(), self._workspace_bar)
        if self.menuBar().isNativeMenuBar():  # which has no room for buttons
            bar = set_object_name(QToolBar(movable=False), "workspaces")
            bar.addWidget(self._workspace_bar)
            self.insertToolBar(self._run_place, bar)
            self.insertToolBarBreak(self._run_place)

    # --- workspaces and their layout

    @property
    def workspace(self) -> Workspace:
        """The workspace in front."""
        return next(it for it in self.workspaces.values() if it is self._stack.currentWidget())

    def _history(self) -> History:
        return self.workspace.history() or self.plans.undo

    def show_workspace(self, name: str) -> None:
        """Bring the workspace ``name`` to the front; one that does not exist leaves everything as it is."""
        if name in self.workspaces:
            self.building.build(self.workspaces[name])
            with laid_out_first(self._stack):
                self.epoch_strip.free_axis()
                self.workspaces[name].take_timeline()  # before it is shown, and laid out with it
                self._stack.setCurrentWidget(self.workspaces[name])

    def _on_switched(self) -> None:
        self.settings.workspace = self.workspace.name
        self._menu_row.show_switches(self.workspace.name)
        now = self.focusWidget()
        if now in (None, self) or self._stack.isAncestorOf(now):  # Qt's choice, which Space would press
            self._reading_order.rest_before(self.workspace)
        self.commands.refresh()

    def _restore_layout(self) -> None:
        self.resize((self.screen().availableSize() * _FIRST_SHARE).boundedTo(_LARGEST_FIRST_SIZE))
        self.restoreGeometry(self.settings.geometry)
        self.building.build(self.workspace)
        is_known = self.settings.workspace in self.workspaces
        self.show_workspace(self.settings.workspace if is_known else self.workspace.name)
        self._on_switched()

    def reset_layout(self) -> None:
        """Put every panel of the workspace in front, and the lessons, back where they were at the first start."""
        self.workspace.restore_layout({})
        self.learning.place.forget()

    # --- the window itself

    def _retranslate(self) -> None:
        self.setWindowTitle(self.windowTitle() or tr("Duelo"))  # or a run is shown, whatever the language
        self.menus.retranslate()
        self.commands.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch of the language and of the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "menus"):
            self.commands.refresh()
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "menus"):
            self._retranslate()

    def _regions(self) -> list[QWidget]:
        """Return the parts of the window as the eye goes, from the top and the left, or what lies upon them alone."""
        return self.learning.above() or [
            self._workspace_bar,
            self.run_bar,
            self.message_bar,
            *self.learning.regions(),
            *self.workspace.regions(),
        ]

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab follows the eye and never enters what is hidden."""
        return self._reading_order.step(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space trains and pauses, digits ask for themselves, wherever the focus has no use for the key."""
        if not self.commands.press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while there is something to save; then end the threads in order, and remember the layout."""
        if (training := self.services.training).must_save and not self.services.is_ending:
            event.ignore()
            ask_whether_to_close(self, self.save_and_close, training.state, only_judges=training.only_judges)
            return
        event.accept()
        # Hidden first: whatever a thread still has to end, nobody waits for it in front of the window.
        for step in (self._remember_layout, self.hide, self.settings.save, self.services.stop):
            attempt(step)

    def _remember_layout(self) -> None:
        self.presentation.leave()
        self.settings.geometry = self.saveGeometry()
        self.building.keep_layouts()
        self.learning.keep(self.settings)

    def save_and_close(self) -> None:
        """Close without asking; a training is saved first, out of sight where the disk or a step takes long."""
        self.services.is_ending = True
        self.services.training.stop()
        if self.services.training.must_save:
            QTimer.singleShot(_SAVING_IN_SIGHT_MS, self, weakly(self.close))
        else:  # images are still fetched, which may take as long as a server likes
            self.close()

    def _on_stopped(self) -> None:
        if self.services.is_ending:
            self.close()
