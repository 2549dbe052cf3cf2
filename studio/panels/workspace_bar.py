"""The right half of the menu row: the switches of the workspace in front, and the choice of workspaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from engine.i18n import tr
from studio.commands import Commands, fill
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name
from studio.workspace import WORKING

_COMMON, _CHOICES, _CHOICE = "*", "", "choice"


@guarded
class WorkspaceBar(QWidget):
    """Every button is a command: ``choices`` bring a workspace to the front, ``switches`` are those of each.

    ``common`` are the switches of all. Where room is short, one button with a menu stands for the choices; where that
    is still too much, the switches are left to the menus, in which they stand anyway.
    """

    def __init__(
        self, commands: Commands, choices: Sequence[str], switches: Mapping[str, Sequence[str]], common: Sequence[str]
    ) -> None:
        super().__init__()
        self._groups: dict[str, QWidget] = {}
        self._buttons: dict[str, list[QToolButton]] = {}
        self._told: tuple[tuple[str, ...], str] = (), ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, SPACING // 2, 0)
        self._row.setSpacing(2 * SPACING)
        for name, group in ((_COMMON, common), *switches.items(), (_CHOICES, choices)):
            buttons = [set_object_name(QToolButton(autoRaise=True), f"{command}_button") for command in group]
            for button, command in zip(buttons, group, strict=True):
                commands.bind(button, command)
            self._add_group(name, buttons)
        self._add_group(_CHOICE, [self._menu_button(commands, choices)])
        commands.refreshed.connect(self._show_choice)

    def show_switches(self, name: str, room: int) -> None:
        """Show the switches of the workspace ``name``, and no others, and the choice, as far as there is room."""
        wishes = ((_COMMON, name, _CHOICES), (_COMMON, name, _CHOICE), (_CHOICE,))
        shown = next((wish for wish in wishes if self._width(wish) <= room), wishes[-1])
        for other, part in self._groups.items():
            part.setVisible(other in shown and bool(self._buttons[other]))
        self.adjustSize()

    def changeEvent(self, event: QEvent) -> None:
        """Letters of another size need another room, as after a presentation."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._buttons:
            self._show_choice()

    def _add_group(self, name: str, buttons: list[QToolButton]) -> None:
        part = QWidget()
        self._groups[name], self._buttons[name] = part, buttons
        line = QHBoxLayout(part)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for button in buttons:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            line.addWidget(button)
        self._row.addWidget(part)

    def _menu_button(self, commands: Commands, choices: Sequence[str]) -> QToolButton:
        button = set_object_name(QToolButton(autoRaise=True), "workspace_choice")
        menu = QMenu(button)
        fill(menu, (commands.action(name) for name in choices))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _width(self, names: Sequence[str]) -> int:
        """Return the width of these groups beside each other, whether they are seen or not."""
        groups = [group for name in names if (group := self._buttons[name])]
        buttons = (max(button.sizeHint().width(), button.minimumWidth()) for group in groups for button in group)
        margins = self._row.contentsMargins()
        return sum(buttons) + self._row.spacing() * (len(groups) - 1) + margins.left() + margins.right()

    def _show_choice(self) -> None:
        """Let the name of the workspace in front be bold; all have room for that and a sign, and nothing moves."""
        choices, usual, chosen = self._buttons[_CHOICES], self.font(), bold(self.font())
        words = usual.toString(), *(button.text() for button in choices)
        now = next((button.text() for button in choices if button.isChecked()), "")
        if (words, now) == self._told:
            return
        have_room, self._told = words == self._told[0], (words, now)
        for button in choices:
            if not have_room:
                button.setFont(chosen)
                room = 0 if button.text().endswith(WORKING) else button.fontMetrics().horizontalAdvance(WORKING)
                button.setMinimumWidth(button.sizeHint().width() + room)
            button.setFont(chosen if button.isChecked() else usual)
        for part in self._groups.values():
            part.updateGeometry()  # who asks at once for the width of this bar is told that of its new words
        (choice,) = self._buttons[_CHOICE]
        choice.setText(now)
        choice.setFont(chosen)
        choice.setAccessibleName(tr("Workspace: {title}", title=choice.text()))
        choice.setToolTip(tr("Choose another workspace"))
