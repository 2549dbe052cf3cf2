"""The window: builds the panels and arranges them. What happens on a wish or a report is decided elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDockWidget,
    QMainWindow,
    QStyle,
    QTabBar,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from engine import __version__
from engine.i18n import tr
from engine.recipes import recipe
from engine.runs import runs_root
from studio import command_table
from studio.commands import Command, Commands
from studio.dock_sizes import DockSizes
from studio.estimates import Estimates
from studio.guard import attempt, guarded
from studio.menus import Menus
from studio.panels.epoch_strip import EpochStrip
from studio.panels.run_bar import RunBar
from studio.reports import Reports
from studio.run_controller import RunController
from studio.settings import Settings
from studio.troubles import Troubles
from studio.widgets.dialogs import MessageBox
from studio.widgets.ink_icon import ink_icon
from studio.widgets.manners import teach_manners
from studio.widgets.message_bar import MessageBar
from studio.widgets.message_place import MessagePlace
from studio.widgets.named import named
from studio.widgets.reading_order import ReadingOrder
from studio.wishes import Wishes
from studio.workspaces.compare.run_list import RunList
from studio.workspaces.explore.digit_picker import DigitPicker
from studio.workspaces.explore.latent_explorer import LatentExplorer
from studio.workspaces.train.health_panel import HealthPanel
from studio.workspaces.train.options_form import OptionsForm
from studio.workspaces.train.quality_panel import QualityPanel
from studio.workspaces.train.sample_panel import SamplePanel
from studio.workspaces.train.sample_view import SampleView

if TYPE_CHECKING:
    from studio.workspaces.train.loss_plot import LossPlot

_LARGEST_FIRST_SIZE = QSize(1600, 960)
_FIRST_SHARE = 0.94  # of the screen
_LAYOUT = 3  # grows with each new panel: a layout that does not know it would hide it
_CURVES_MS = 120  # between two drawings of the curves, so that training keeps its speed


@guarded
class MainWindow(QMainWindow):
    """Duelo's window. A test may build it alone, with settings of its own.

    ``later`` leaves to ``wake`` what takes a third of the time until the window is on screen: importing pyqtgraph
    for the curves, and watching the events of all controls.
    """

    def __init__(self, settings: Settings | None = None, *, later: bool = False) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.settings = settings or Settings()
        self.controller = RunController(self)
        self.is_closing = False
        self._is_troubled = False
        self._class_word = ""
        self._build_panels()
        self._build_docks()
        self._reading_order = ReadingOrder(self, self._regions)
        self.commands = Commands(self)
        self.estimates = Estimates(self)
        self.wishes = Wishes(self)
        self._add_commands()
        self.reports = Reports(self)
        self.troubles = Troubles(self)
        self.menus = Menus(self.menuBar(), self.commands, [f"{name}_panel" for name in self._docks])
        self._connect_explorer()
        self.loss_plot: LossPlot | None = None
        self.wishes.show_choice()
        self._restore_layout()
        self._retranslate()
        self.run_bar.train_button.setFocus()
        if not later:
            self._settle()

    def wake(self) -> None:
        """Do what may wait until the window is on screen: curves, real images, old runs, torch."""
        if self.loss_plot is None:
            self._settle()
        self.controller.show_real_images(self.options_form.config())
        self.controller.list_runs(runs_root())
        self.controller.preload()
        if self.settings.trouble is not None:
            self.message_bar.warn(self.settings.trouble.message, self.settings.trouble.hint)

    # --- building

    def _settle(self) -> None:
        self._add_curves()
        teach_manners()
        QTimer.singleShot(0, self, self._dock_sizes.apply)  # tabs whose names are read whole have another width

    def _build_panels(self) -> None:
        self.run_bar = RunBar()
        self.message_bar = MessageBar()
        self.sample_view = SampleView()
        self.epoch_strip = EpochStrip()
        self.options_form = OptionsForm(recipe(self.settings.recipe).config(**self.settings.machine_options()))
        self.latent_explorer = LatentExplorer()
        self.digit_picker = DigitPicker()
        self.sample_panel = SamplePanel()
        self.quality_panel = QualityPanel()
        self.health_panel = HealthPanel()
        self.run_list = RunList()

    def _build_docks(self) -> None:
        place = MessagePlace(self.message_bar)
        for name, part in (("toolbar", self.run_bar), ("messages", place)):
            bar = named(QToolBar(movable=False), name)
            if row := bar.layout():
                row.setContentsMargins(0, 0, 0, 0)
            bar.addWidget(part)
            bar.toggleViewAction().setEnabled(False)
            self.addToolBar(bar)
            self.addToolBarBreak()
        self.sample_view.hint_changed.connect(place.show_hint)
        self.setCentralWidget(self.sample_view)
        self._course = QVBoxLayout()
        self._course.setContentsMargins(0, 0, 0, 0)
        self._course.setSpacing(0)
        self._course.addStretch()
        self._course.addWidget(self.epoch_strip)
        course = QWidget()
        course.setLayout(self._course)
        panels = {
            "options": (self.options_form, Qt.DockWidgetArea.LeftDockWidgetArea),
            "course": (course, Qt.DockWidgetArea.BottomDockWidgetArea),
            "explorer": (self.latent_explorer, Qt.DockWidgetArea.RightDockWidgetArea),
            "digits": (self.digit_picker, Qt.DockWidgetArea.RightDockWidgetArea),
            "sample": (self.sample_panel, Qt.DockWidgetArea.RightDockWidgetArea),
            "quality": (self.quality_panel, Qt.DockWidgetArea.RightDockWidgetArea),
            "health": (self.health_panel, Qt.DockWidgetArea.RightDockWidgetArea),
            "runs": (self.run_list, Qt.DockWidgetArea.RightDockWidgetArea),
        }
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        self.setDockNestingEnabled(True)
        self._docks: dict[str, QDockWidget] = {}
        for name, (panel, area) in panels.items():
            dock = named(QDockWidget(), f"{name}_dock")
            dock.setWidget(panel)
            self.addDockWidget(area, dock)
            dock.topLevelChanged.connect(partial(_ink_buttons, dock))  # Qt gives it the style's own icons again
            self._docks[name] = dock
        for name in ("digits", "sample", "quality", "health", "runs"):
            self.tabifyDockWidget(self._docks["explorer"], self._docks[name])
        self._docks["course"].setTitleBarWidget(QWidget())  # what lies there names itself, and samples need the room
        self._docks["explorer"].raise_()
        self._dock_sizes = DockSizes(self, self._docks, self.settings.dock_sizes)

    def _add_commands(self) -> None:
        wishes, controller, form = self.wishes, self.controller, self.options_form
        self.commands.add(
            *command_table.file_commands(wishes, controller, self.close),
            *command_table.training_commands(wishes, controller, form, self.estimates, self),
            *command_table.epoch_commands(self.epoch_strip, self._ask_for_class),
            *command_table.view_commands(self.settings, self.reset_layout, self._reading_order.step_region),
            *command_table.help_commands(self._show_about),
            *(_panel_command(name, dock) for name, dock in self._docks.items()),
        )
        for name in ("train", "pause", "stop"):
            self.commands.bind(getattr(self.run_bar, f"{name}_button"), name)
        form.sensible_changed.connect(self.commands.refresh)
        controller.run_shown.connect(self.commands.refresh)
        for dock in self._docks.values():
            dock.visibilityChanged.connect(self.commands.refresh)

    def _restore_layout(self) -> None:
        self.resize((self.screen().availableSize() * _FIRST_SHARE).boundedTo(_LARGEST_FIRST_SIZE))
        self._default_docks = self.saveState(_LAYOUT)
        geometry, docks = self.settings.layout()
        self.restoreGeometry(geometry)
        self.restoreState(docks, _LAYOUT)

    def reset_layout(self) -> None:
        """Put every panel back where it was at the first start."""
        self.restoreState(self._default_docks, _LAYOUT)
        self._dock_sizes.forget()

    def show_health(self) -> None:
        """Bring the health panel to the front."""
        self._docks["health"].show()
        self._docks["health"].raise_()

    def show_sample(self) -> None:
        """Bring the panel that looks closely at a sample to the front."""
        self._docks["sample"].show()
        self._docks["sample"].raise_()

    def show_classes(self) -> None:
        """Bring the panel in which one asks for a class to the front."""
        self._docks["digits"].show()
        self._docks["digits"].raise_()

    def name_classes(self, word: str) -> None:
        """Call the panel in which one asks for a class after the data; ``word`` is a source text."""
        if word != self._class_word:
            self._class_word = word
            self._retranslate()

    def mark_trouble(self, is_troubled: bool) -> None:
        """Warn on the tab of the health panel, or no more."""
        if is_troubled != self._is_troubled:
            self._is_troubled = is_troubled
            self._retranslate()

    # --- connecting

    def _connect_explorer(self) -> None:
        explorer = self.controller.explorer
        for view in (self.latent_explorer, self.digit_picker):
            view.pictures_wanted.connect(explorer.request)
            explorer.pictures_ready.connect(view.show_pictures)
            explorer.generator_changed.connect(view.render_again)
        self.sample_view.sample_shown.connect(self.sample_panel.show_sample)
        self.sample_view.sample_chosen.connect(self.show_sample)
        self.sample_panel.examination_wanted.connect(self.controller.examine)
        self.controller.examiner.examined.connect(self.sample_panel.show_report)
        self.controller.examiner.failed.connect(self.sample_panel.stop_waiting)

    def _add_curves(self) -> None:
        from studio.workspaces.train.loss_plot import LossPlot

        self.loss_plot = plot = LossPlot()
        self._course.takeAt(0)
        self._course.insertWidget(0, plot, 1)
        plot.epoch_picked.connect(self.epoch_strip.choose)
        plot.x_range_changed.connect(self.epoch_strip.set_axis)
        self.controller.marks_changed.connect(plot.refresh)
        due = QTimer(plot, interval=_CURVES_MS, singleShot=True)
        due.timeout.connect(plot.refresh)
        self.controller.ticked.connect(lambda tick: due.start() if tick.rows and not due.isActive() else None)
        self.epoch_strip.epoch_chosen.connect(plot.set_cursor_epoch)
        self.troubles.diagnosing.found.connect(plot.show_findings)
        self.quality_panel.wake()

    # --- the window itself

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Duelo"))
        titles = {
            "options": tr("Options"),
            "course": tr("Course of the training"),
            "explorer": tr("Explorer"),
            "digits": tr(self._class_word),
            "sample": tr("Sample"),
            "quality": tr("Quality"),
            "health": f"⚠ {tr('Health')}" if self._is_troubled else tr("Health"),
            "runs": tr("Runs"),
        }
        for name, title in titles.items():
            self._docks[name].setWindowTitle(title)
            _name_buttons(self._docks[name], title)
        self.menus.retranslate()
        self.commands.refresh()
        QTimer.singleShot(0, self, self._dock_sizes.apply)  # when the tabs have their new names

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch of the language and of the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "menus"):
            self._ink_titles()
            self.commands.refresh()
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "menus"):
            self._retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Docks that were squeezed have their room again."""
        super().resizeEvent(event)
        self._dock_sizes.apply()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now docks have sizes."""
        super().showEvent(event)
        self._ink_titles()
        QTimer.singleShot(0, self, self._dock_sizes.apply)

    def _ink_titles(self) -> None:
        for dock in self._docks.values():
            _ink_buttons(dock)

    def _regions(self) -> list[QWidget]:
        """Return the parts of the window as the eye goes: from the top, then from the left to the right."""
        tabs = self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        docks = self._docks
        right = [dock for name, dock in docks.items() if name not in ("options", "course")]
        here = (self.run_bar, self.message_bar, docks["options"], self.sample_view, docks["course"], *tabs, *right)
        return [part for part in here if not part.isWindow()]

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab follows the eye and never enters what is hidden."""
        return self._reading_order.step(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space trains and pauses, digits ask for themselves, wherever the focus has no use for the key."""
        if not self.commands.press(event):
            super().keyPressEvent(event)

    def _ask_for_class(self, digit: int) -> None:
        self.show_classes()
        self.digit_picker.ask_for_digit(digit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while there is something to save; then end the threads in order, and remember the layout."""
        if self.controller.must_save:
            event.ignore()
            if not self.is_closing:
                self._ask_whether_to_close()
            return
        event.accept()
        # Hidden first: whatever a thread still has to end, nobody waits for it in front of the window.
        for step in (self._remember_layout, self.hide, self.controller.shut_down):
            attempt(step)

    def _remember_layout(self) -> None:
        self.settings.set_layout(self.saveGeometry(), self.saveState(_LAYOUT))
        self.settings.dock_sizes = self._dock_sizes.wished
        self.settings.save()

    def _ask_whether_to_close(self) -> None:
        text = tr("A run is being trained.")
        more = tr("It is saved when you close, and you can go on with it at the next start.")
        if self.controller.only_judges:
            text = tr("The run is trained and saved; its judge is still learning.")
            more = tr("If you close now, it will not tell how good the last samples are.")
        box = named(MessageBox(self, tr("Duelo"), text, more), "close_question")
        box.setIcon(MessageBox.Icon.Question)
        save = box.add(tr("Save and close"), MessageBox.ButtonRole.AcceptRole)
        box.add(tr("Wait") if self.controller.only_judges else tr("Keep training"), MessageBox.ButtonRole.RejectRole)
        save.clicked.connect(self.save_and_close)
        box.open()

    def _show_about(self) -> None:
        text = tr(
            "Duelo {version}: a studio for training GANs and understanding what happens while they train.",
            version=__version__,
        )
        origin = tr("The embedded digits are from MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0.")
        box = MessageBox(self, tr("About Duelo"), text, origin)
        box.addButton(MessageBox.StandardButton.Ok)
        box.open()

    def save_and_close(self) -> None:
        """Close without asking; a training is saved first."""
        self.is_closing = True
        self.controller.stop()
        if not self.controller.must_save:  # images are still fetched or read, which may take as long as a server likes
            self.close()


def _panel_command(name: str, dock: QDockWidget) -> Command:
    action = dock.toggleViewAction()
    return Command(
        f"{name}_panel", command_table.VIEW, dock.windowTitle, action.trigger, is_on=lambda: not dock.isHidden()
    )


def _ink_buttons(dock: QDockWidget, _is_out: bool = False) -> None:
    """Draw the two buttons of the title bar in the ink of the theme."""
    for name, kind in (
        ("qt_dockwidget_closebutton", QStyle.StandardPixmap.SP_TitleBarCloseButton),
        ("qt_dockwidget_floatbutton", QStyle.StandardPixmap.SP_TitleBarNormalButton),
    ):
        button = dock.findChild(QAbstractButton, name)
        if button is not None:
            button.setIcon(ink_icon(kind, dock.parentWidget() or dock))  # which hears of a theme before its docks


def _name_buttons(dock: QDockWidget, title: str) -> None:
    """Name the two buttons of the title bar, which Qt names in English in any language."""
    names = {
        "qt_dockwidget_closebutton": tr("Close “{panel}”", panel=title),
        "qt_dockwidget_floatbutton": tr("Take “{panel}” out of the window, or put it back", panel=title),
    }
    for name, text in names.items():
        button = dock.findChild(QAbstractButton, name)
        if button is not None:
            button.setAccessibleName(text)
            button.setAccessibleDescription(text)
            button.setToolTip(text)
