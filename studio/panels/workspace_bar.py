"""The right half of the menu row: the switches of the workspace in front, and the choice of workspaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from studio.commands import Commands
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name

_COMMON, _CHOICES = "*", ""


class WorkspaceBar(QWidget):
    """Every button is a command: ``choices`` bring a workspace to the front, ``switches`` are those of each.

    ``common`` are the switches of all.
    """

    def __init__(
        self, commands: Commands, choices: Sequence[str], switches: Mapping[str, Sequence[str]], common: Sequence[str]
    ) -> None:
        super().__init__()
        self._groups: dict[str, QWidget] = {}
        self._choices: list[QToolButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, SPACING // 2, 0)
        row.setSpacing(2 * SPACING)
        for name, group in ((_COMMON, common), *switches.items(), (_CHOICES, choices)):
            part = QWidget()
            buttons = QHBoxLayout(part)
            buttons.setContentsMargins(0, 0, 0, 0)
            buttons.setSpacing(0)
            for command in group:
                button = set_object_name(QToolButton(autoRaise=True), f"{command}_button")
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
                commands.bind(button, command)
                buttons.addWidget(button)
                if group is choices:
                    self._choices.append(button)
            row.addWidget(part)
            self._groups[name] = part
        commands.refreshed.connect(self._show_choice)

    def _show_choice(self) -> None:
        """Let the name of the workspace in front be bold, with room for that in all, so that nothing moves."""
        for button in self._choices:
            font = bold(button.font())
            button.setMinimumWidth(QFontMetrics(font).horizontalAdvance(button.text()) + 2 * SPACING)
            font.setBold(button.isChecked())
            button.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        """Letters of another size need another room, as after a presentation."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._choices:
            self._show_choice()
            self.adjustSize()

    def show_switches(self, name: str) -> None:
        """Show the switches of the workspace ``name``, and no others."""
        for other, part in self._groups.items():
            part.setVisible(other in (_COMMON, _CHOICES, name))
        self.adjustSize()
