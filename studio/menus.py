"""The menu bar: files, panels, theme, language, help."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu

from engine import __version__, i18n
from engine.i18n import LANGUAGES, mark, tr
from studio import language, theme
from studio.widgets.dialogs import MessageBox

if TYPE_CHECKING:
    from studio.main_window import MainWindow

_SCHEMES: dict[str, str] = {
    "system": mark("Like the desktop"),
    "light": mark("Light"),
    "dark": mark("Dark"),
}


class Menus:
    """Builds the menus once and names them again when the language changes."""

    def __init__(self, window: MainWindow, docks: dict[str, QDockWidget]) -> None:
        self._window = window
        bar = window.menuBar()
        self._file, self._view, self._help = bar.addMenu(""), bar.addMenu(""), bar.addMenu("")
        self._open = self._add(self._file, window.wishes.ask_for_run, QKeySequence.StandardKey.Open)
        self._folder = self._add(self._file, window.wishes.show_run_folder)
        self._film = self._add(self._file, window.wishes.save_film)
        self._film.setEnabled(False)
        window.controller.run_shown.connect(self._offer_film)
        window.controller.samples_ready.connect(self._offer_film)
        self._file.addSeparator()
        self._pictures = self._add(self._file, window.wishes.ask_for_pictures)
        self._file.addSeparator()
        self._quit = self._add(self._file, window.close, QKeySequence.StandardKey.Quit)
        for dock in docks.values():
            self._view.addAction(dock.toggleViewAction())
        self._reset = self._add(self._view, window.reset_layout)
        self._view.addSeparator()
        self._theme, self._language = self._view.addMenu(""), self._view.addMenu("")
        self._schemes = self._choices(self._theme, list(_SCHEMES), window.settings.scheme, self._set_scheme)
        self._languages = self._choices(self._language, list(LANGUAGES), i18n.language(), self._set_language)
        self._about = self._add(self._help, self._show_about)
        self._about.setMenuRole(QAction.MenuRole.AboutRole)

    def show_busy(self, busy: bool) -> None:
        """Another run, and own pictures, can only be opened while none is trained."""
        self._open.setEnabled(not busy)
        self._pictures.setEnabled(not busy)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._file.setTitle(tr("&File"))
        self._view.setTitle(tr("&View"))
        self._help.setTitle(tr("&Help"))
        self._open.setText(tr("&Open a run…"))
        self._folder.setText(tr("Show the run &folder"))
        self._film.setText(tr("&Save film…"))
        self._pictures.setText(tr("Own &pictures…"))
        self._quit.setText(tr("&Quit"))
        self._reset.setText(tr("&Reset the layout"))
        self._theme.setTitle(tr("&Theme"))
        self._language.setTitle(tr("&Language"))
        self._about.setText(tr("&About Duelo"))
        for scheme, action in self._schemes.items():
            action.setText(tr(_SCHEMES[scheme]))
        for code, action in self._languages.items():
            action.setText(LANGUAGES[code])

    def _offer_film(self, *_news: object) -> None:
        """Epoch 0 alone is no film."""
        self._film.setEnabled(any(self._window.controller.history.grid_files))

    def _add(self, menu: QMenu, act: Callable[[], object], key: QKeySequence.StandardKey | None = None) -> QAction:
        action = menu.addAction("")
        action.triggered.connect(lambda _checked=False: act())
        if key is not None:
            action.setShortcut(QKeySequence(key))
        return action

    def _choices(
        self, menu: QMenu, values: Iterable[str], current: str, choose: Callable[[str], None]
    ) -> dict[str, QAction]:
        group = QActionGroup(menu)
        actions = {}
        for value in values:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(value == current)
            action.setObjectName(f"choose_{value}")
            action.triggered.connect(lambda _checked=False, value=value: choose(value))
            group.addAction(action)
            actions[value] = action
        return actions

    def _set_scheme(self, scheme: str) -> None:
        self._window.settings.scheme = scheme
        theme.set_scheme(scheme)

    def _set_language(self, code: str) -> None:
        self._window.settings.language = code
        language.switch(code)

    def _show_about(self) -> None:
        text = tr(
            "Duelo {version}: a studio for training GANs and understanding what happens while they train.",
            version=__version__,
        )
        origin = tr("The embedded digits are from MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0.")
        box = MessageBox(self._window, tr("About Duelo"), text, origin)
        box.addButton(MessageBox.StandardButton.Ok)
        box.open()
