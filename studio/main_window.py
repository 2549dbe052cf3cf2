"""The window: builds the panels and connects their signals. What happens on a wish is decided elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QMessageBox,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from engine.config import Config
from engine.events import SamplesReady, Started, Tick
from engine.i18n import tr
from engine.recipes import recipe
from engine.run_folder import RunSummary, runs_root
from studio.menus import Menus
from studio.run_controller import RealImages, RunController, State
from studio.run_history import RunHistory
from studio.settings import Settings
from studio.views.digit_picker import DigitPicker
from studio.views.epoch_strip import EpochStrip
from studio.views.health_panel import HealthPanel
from studio.views.latent_explorer import LatentExplorer
from studio.views.options_form import OptionsForm
from studio.views.run_bar import RunBar
from studio.views.run_list import RunList
from studio.views.sample_view import SampleView
from studio.widgets.message_bar import MessageBar
from studio.widgets.named import named

if TYPE_CHECKING:
    from studio.views.loss_plot import LossPlot

_LARGEST_FIRST_SIZE = QSize(1600, 960)
_FIRST_SHARE = 0.94  # of the screen
_HEALTH_REFRESH_MS = 500
_CURVES_MS = 120  # between two drawings of the curves, so that training keeps its speed


class MainWindow(QMainWindow):
    """Duelo's window. A test may build it alone, with settings of its own.

    ``curves_later`` leaves the curves to ``wake``: importing pyqtgraph takes a quarter of the time until the
    window is on screen.
    """

    def __init__(self, settings: Settings | None = None, *, curves_later: bool = False) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.settings = settings or Settings()
        self.controller = RunController(self)
        self._is_closing = False
        self._has_offered = False
        self._real_images: RealImages | None = None
        self._build_panels()
        self._build_docks()
        self.menus = Menus(self, self._docks)
        self._connect_wishes()
        self._connect_reports()
        self.loss_plot: LossPlot | None = None
        if not curves_later:
            self._add_curves()
        self._health_timer = QTimer(self, interval=_HEALTH_REFRESH_MS)
        self._health_timer.timeout.connect(self.health_panel.refresh)
        self.options_form.set_config(recipe(self.settings.recipe).config())
        self._show_choice()
        self._restore_layout()
        self._retranslate()
        self.run_bar.train_button.setFocus()

    def wake(self) -> None:
        """Do what may wait until the window is on screen: curves, real images, old runs, torch."""
        if self.loss_plot is None:
            self._add_curves()
        self.controller.show_real_images(self.options_form.config())
        self.controller.list_runs(runs_root())
        self.controller.preload()

    # --- building

    def _build_panels(self) -> None:
        self.run_bar = RunBar()
        self.message_bar = MessageBar()
        self.sample_view = SampleView()
        self.epoch_strip = EpochStrip()
        self.options_form = OptionsForm(recipe(self.settings.recipe).config())
        self.latent_explorer = LatentExplorer()
        self.digit_picker = DigitPicker()
        self.health_panel = HealthPanel()
        self.run_list = RunList()

    def _build_docks(self) -> None:
        toolbar = named(QToolBar(movable=False), "toolbar")
        toolbar.addWidget(self.run_bar)
        toolbar.toggleViewAction().setEnabled(False)
        self.addToolBar(toolbar)
        self.setCentralWidget(_column(self.message_bar, self.sample_view, growing=self.sample_view))
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
            self._docks[name] = dock
        for name in ("digits", "health", "runs"):
            self.tabifyDockWidget(self._docks["explorer"], self._docks[name])
        self._docks["explorer"].raise_()

    def _restore_layout(self) -> None:
        self.resize((self.screen().availableSize() * _FIRST_SHARE).boundedTo(_LARGEST_FIRST_SIZE))
        self._default_docks = self.saveState()
        geometry, docks = self.settings.layout()
        self.restoreGeometry(geometry)
        if not self.restoreState(docks):
            self._size_docks()

    def _size_docks(self) -> None:
        self.resizeDocks([self._docks["options"], self._docks["explorer"]], [300, 368], Qt.Orientation.Horizontal)
        self.resizeDocks([self._docks["course"]], [340], Qt.Orientation.Vertical)

    def reset_layout(self) -> None:
        """Put every panel back where it was at the first start."""
        self.restoreState(self._default_docks)
        self._size_docks()

    # --- connecting

    def _connect_wishes(self) -> None:
        controller, bar = self.controller, self.run_bar
        bar.train_wanted.connect(self._train)
        bar.pause_wanted.connect(controller.pause)
        bar.resume_wanted.connect(controller.resume)
        bar.stop_wanted.connect(controller.stop)
        bar.recipe_chosen.connect(self._choose_recipe)
        bar.dataset_chosen.connect(self._choose_dataset)
        self.options_form.changed.connect(controller.change)
        self.run_list.run_chosen.connect(self.open_run)
        self.run_list.folder_wanted.connect(self.ask_for_run)
        self.epoch_strip.epoch_chosen.connect(self._show_epoch)
        self.sample_view.message.connect(self.message_bar.tell)
        self.digit_picker.message.connect(self.message_bar.tell)
        for view in (self.latent_explorer, self.digit_picker):
            view.pictures_wanted.connect(controller.explorer.request)
            controller.explorer.pictures_ready.connect(view.show_pictures)
            controller.explorer.generator_changed.connect(view.render_again)
        controller.explorer.failed.connect(lambda text: self.message_bar.warn(text, ""))

    def _connect_reports(self) -> None:
        controller = self.controller
        controller.state_changed.connect(self._on_state_changed)
        controller.run_shown.connect(self._on_run_shown)
        controller.started.connect(self._on_started)
        controller.ticked.connect(self._on_ticked)
        controller.samples_ready.connect(self._on_samples_ready)
        controller.finished.connect(self._on_finished)
        controller.real_images_ready.connect(self._on_real_images_ready)
        controller.runs_listed.connect(self._on_runs_listed)
        controller.failed.connect(lambda it: self.message_bar.warn(it.message, it.hint, it.details))
        controller.stopped.connect(self._on_stopped)

    def _add_curves(self) -> None:
        from studio.views.loss_plot import LossPlot

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

    # --- wishes

    def _train(self) -> None:
        self.message_bar.dismiss()
        self.controller.start(self.options_form.config())

    def _choose_recipe(self, name: str) -> None:
        self.settings.recipe = name
        self.options_form.set_config(recipe(name).config())
        self._show_choice()
        self.controller.show_real_images(self.options_form.config())

    def _choose_dataset(self, name: str) -> None:
        self.options_form.set_config(self.options_form.config().changed(dataset=name))
        self._show_choice()
        self.controller.show_real_images(self.options_form.config())

    def ask_for_run(self) -> None:
        """Let the person point to a run folder anywhere."""
        dialog = QFileDialog(self, tr("Open a run folder"), str(runs_root()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.open_run(Path(path)))
        dialog.open()

    def open_run(self, path: Path) -> None:
        """Show another run, unless one is being trained."""
        if self.controller.is_busy:
            self.message_bar.tell(tr("Stop the training first; then another run can be opened."))
        else:
            self.controller.open(path)

    def show_run_folder(self) -> None:
        """Open the folder of the run shown, or of all runs, in the desktop's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.controller.run_path or runs_root())))

    def _show_choice(self) -> None:
        config = self.options_form.config()
        self.run_bar.choose(config.recipe, config.dataset)

    def _show_epoch(self, epoch: int) -> None:
        history = self.controller.history
        info = self.controller.info
        if info and epoch in history.grid_files:
            total = round(history.total_epochs + 0.499)
            self.sample_view.show_epoch(epoch, total, history.grid(epoch), history.class_names, info.facts.size)

    # --- reports

    def _on_state_changed(self, state: State) -> None:
        self.run_bar.show_state(state, self.controller.can_go_on)
        self.options_form.set_training(state is not State.IDLE)
        self.menus.show_busy(self.controller.is_busy)
        if state is State.IDLE:
            self._health_timer.stop()
        else:
            self._health_timer.start()

    def _on_run_shown(self, history: RunHistory, config: Config) -> None:
        info = self.controller.info
        assert info is not None
        if self.loss_plot is not None:
            self.loss_plot.set_history(history)
        self.epoch_strip.set_history(history, info.facts.size)
        self.health_panel.set_history(history)
        for view in (self.latent_explorer, self.digit_picker):
            view.set_model(config.z_dim, info.facts.class_names)
        self.run_bar.show_position(self.controller.images_seen, history.total_images, history.image_count)
        if not self.controller.is_busy:
            self.options_form.set_config(config)
            self._show_choice()

    def _on_started(self, started: Started) -> None:
        if self._real_images and not self.controller.history.grid_files:
            real = self._real_images
            self.sample_view.show_real(real.grid, real.class_names, real.size, is_training=True)
        self.settings.last_run = started.run
        self.run_bar.show_started(started)
        self.health_panel.show_started(started)

    def _on_ticked(self, tick: Tick) -> None:
        self.run_bar.show_tick(tick)
        self.health_panel.show_tick(tick)

    def _on_samples_ready(self, _samples: SamplesReady) -> None:
        self.epoch_strip.refresh()

    def _on_finished(self, _event: object) -> None:
        self.settings.last_run = None
        self.message_bar.tell(
            tr("Finished. Explore what it learnt at the right, or ask for a digit with the keys 0 to 9.")
        )

    def _on_stopped(self) -> None:
        self.health_panel.refresh()
        if self._is_closing:
            self.close()
        else:
            self.controller.list_runs(runs_root())

    def _on_real_images_ready(self, images: RealImages) -> None:
        if not self.controller.is_busy and images.dataset == self.options_form.config().dataset:
            self._real_images = images
            self.sample_view.show_real(images.grid, images.class_names, images.size)

    def _on_runs_listed(self, runs: list[RunSummary]) -> None:
        self.run_list.show_runs(runs)
        if not self._has_offered and self.controller.run_path is None:
            self._offer_to_go_on([run for run in runs if run.path == self.settings.last_run and not run.finished])
        self._has_offered = True

    def _offer_to_go_on(self, runs: list[RunSummary]) -> None:
        for run in runs:
            if run.images_seen:
                text = tr("Your last run stopped at epoch {epoch}.", epoch=run.images_seen // run.image_count)
                self.message_bar.tell(text, tr("Go on with it"), partial(self.controller.open, run.path, go_on=True))

    # --- the window itself

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Duelo"))
        titles = {
            "options": tr("Options"),
            "course": tr("Course of the training"),
            "explorer": tr("Explorer"),
            "digits": tr("Digits"),
            "health": tr("Health"),
            "runs": tr("Runs"),
        }
        for name, title in titles.items():
            self._docks[name].setWindowTitle(title)
        self.menus.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch of the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "menus"):
            self._retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space trains and pauses, digits ask for themselves, wherever the focus has no use for the key."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            bar = self.run_bar
            (bar.pause_button if bar.pause_button.isEnabled() else bar.train_button).click()
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self._docks["digits"].raise_()
            self.digit_picker.ask_for(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.epoch_strip.current_epoch is not None:
            self.epoch_strip.choose(self.epoch_strip.current_epoch + (1 if key == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while training; then save, end the threads in order, and remember the layout."""
        if self.controller.is_busy:
            event.ignore()
            if not self._is_closing:
                self._ask_whether_to_close()
            return
        self.settings.set_layout(self.saveGeometry(), self.saveState())
        self.settings.save()
        self.controller.shut_down()
        event.accept()

    def _ask_whether_to_close(self) -> None:
        box = QMessageBox(self)
        box.setObjectName("close_question")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(tr("A run is being trained."))
        box.setInformativeText(tr("It is saved when you close, and you can go on with it at the next start."))
        save = box.addButton(tr("Save and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Keep training"), QMessageBox.ButtonRole.RejectRole)
        save.clicked.connect(self._stop_and_close)
        box.open()

    def _stop_and_close(self) -> None:
        self._is_closing = True
        self.controller.stop()


def _column(*widgets: QWidget, growing: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget, int(widget is growing))
    return column
