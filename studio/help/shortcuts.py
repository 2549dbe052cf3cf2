"""All keys on one page, by what they are for, to be searched; made from the commands and the keys of panels."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from engine.i18n import tr
from studio.commands import Commands
from studio.help.help_button import HelpButton
from studio.part_keys import PART_KEYS
from studio.text.search import folded
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Dialog, show_beside
from studio.widgets.fields.search_line import SearchLine

Line = tuple[str, str, str]
"""Heading, what is done, and the keys, as they are told."""


class ShortcutsDialog(Dialog):
    """Stays open beside the window; Escape closes it. It says everything anew whenever commands or language change."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__("shortcuts_dialog", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        self.search = set_object_name(SearchLine(), "shortcuts_filter")
        self.list = set_object_name(QTreeWidget(), "shortcuts_list")
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setIndentation(2 * SPACING)
        self.list.setColumnCount(2)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self._nothing = set_object_name(QLabel(), "no_key_matches")
        column = self.column()
        top = QHBoxLayout()
        top.addWidget(self.search)
        top.addWidget(HelpButton("keys", self))
        column.addLayout(top)
        for part in (self.list, self._nothing):
            column.addWidget(part)
        self.search.textChanged.connect(self._show)
        self.search.left_downward.connect(self.list.setFocus)
        commands.refreshed.connect(self._show)
        self._told: list[Line] = []
        self.retranslate()
        self.resize(80 * SPACING, 72 * SPACING)

    def lines(self) -> list[Line]:
        """Return what is shown, line by line."""
        words = folded(self.search.text()).split()
        return [line for line in _all_lines(self._commands) if all(word in folded(" ".join(line)) for word in words)]

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.search.setPlaceholderText(tr("Find a key or what it does"))
        self.search.setAccessibleName(tr("Find a key or what it does"))
        self.list.setAccessibleName(tr("Keyboard shortcuts"))
        self.list.setHeaderLabels([tr("What it does"), tr("Keys")])
        self._nothing.setText(tr("No key matches."))
        self._show()

    def _show(self) -> None:
        lines = self.lines()
        self._nothing.setVisible(not lines)
        if lines == self._told:
            return
        self._told = lines
        self.list.clear()
        for heading, group in groupby(lines, key=lambda line: line[0]):
            item = QTreeWidgetItem(self.list, [heading])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setFirstColumnSpanned(True)
            item.setFont(0, bold(item.font(0)))
            for _, does, keys in group:
                QTreeWidgetItem(item, [does, keys])
        self.list.expandAll()


def _all_lines(commands: Commands) -> list[Line]:
    """Return the commands that have keys, then the keys of parts, each under its heading."""
    lines = [(tr(command.category), command.name, command.keys_told) for command in commands if command.keys]
    lines += [(tr(entry.place), tr(entry.does), entry.told) for entry in PART_KEYS]
    headings = list(dict.fromkeys(heading for heading, *_ in lines))
    return sorted(lines, key=lambda line: headings.index(line[0]))


def show_shortcuts(commands: Commands, window: QWidget) -> None:
    """Open the list of all keys, or bring it to the front."""
    dialog = show_beside(window, ShortcutsDialog, None, lambda: ShortcutsDialog(commands, window))
    dialog.search.setFocus()
