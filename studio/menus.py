"""The menu bar: which commands stand in which menu. What they are and do stands with the commands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMenu, QMenuBar

from engine.i18n import mark, tr
from studio.command_table import LANGUAGE_CHOICES, SCHEME_CHOICES
from studio.commands import Commands
from studio.model.scatter import LAYERS

Entry = str | None | tuple[str, Sequence[str]]
"""A command, a line between two groups, or a menu of its own with its title and commands."""

WORKSPACES, PANELS = "workspaces", "panels"
"""Where the commands stand that choose a workspace, and that the workspaces bring along."""

POINTS_SHOWN = tuple(f"points_{layer}" for layer in LAYERS)
_MENUS: tuple[tuple[str, Sequence[Entry]], ...] = (
    (
        mark("&File"),
        (
            "open_run",
            "show_run_folder",
            None,
            "save_samples",
            "save_film",
            "lab_report",
            "export_generator",
            None,
            "own_pictures",
            "own_handwriting",
            "open_table",
            "draw_points",
            None,
            "open_class",
            "leave_class",
            "make_class",
            "double_click",
            "reset_computer",
            None,
            "quit",
        ),
    ),
    (mark("&Edit"), ("undo", "redo", None, "find_option")),
    (mark("&Training"), ("train", "pause", "step", "stop", None, "show_code", None, "add_to_queue", "start_queue")),
    (
        mark("&View"),
        (
            WORKSPACES,
            PANELS,
            "reset_layout",
            None,
            *("larger_text", "smaller_text", "usual_text", "present", None),
            (mark("Poi&nts"), POINTS_SHOWN),
            (mark("&Theme"), SCHEME_CHOICES),
            (mark("Lan&guage"), LANGUAGE_CHOICES),
        ),
    ),
    (
        mark("&Help"),
        ("learn_panel", "next_page", "previous_page", None, "explain_focus", "glossary", "shortcuts", None, "about"),
    ),
)


class Menus:
    """Builds the menus once and names them again when the language changes."""

    def __init__(self, bar: QMenuBar, commands: Commands, workspaces: Sequence[str], panels: Sequence[str]) -> None:
        self._commands = commands
        self._places = {WORKSPACES: workspaces, PANELS: panels}
        self._titles: list[tuple[QMenu, str]] = []
        for title, entries in _MENUS:
            menu = self._menu(bar.addMenu(""), title)
            for entry in entries:
                self._add(menu, entry)
        self.retranslate()

    def retranslate(self) -> None:
        """Set the titles in the current language; commands say their own."""
        for menu, title in self._titles:
            menu.setTitle(tr(title))

    def _menu(self, menu: QMenu, title: str) -> QMenu:
        menu.setToolTipsVisible(True)  # which say why a command makes no sense now
        self._titles.append((menu, title))
        return menu

    def _add(self, menu: QMenu, entry: Entry) -> None:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, tuple):
            title, names = entry
            self._menu(menu.addMenu(""), title).addActions([self._commands.action(name) for name in names])
        elif entry in self._places:
            menu.addActions([self._commands.action(name) for name in self._places[entry]])
            menu.addSeparator()
        else:
            menu.addAction(self._commands.action(entry))
