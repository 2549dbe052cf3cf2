"""What is lined up to be trained, and the commands that stand beside it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from studio.context import Context
from studio.widgets.base.object_names import set_object_name
from studio.workspaces.compare.queue.commands import BUTTONS, OF_CHOSEN
from studio.workspaces.compare.queue.panel import QueuePanel


class QueuePresenter(QObject):
    """Feeds ``panel``."""

    def __init__(self, panel: QueuePanel, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._commands, self._queue = panel, context.commands, context.services.queue
        buttons = {name: set_object_name(QPushButton(), f"{name}_button") for name in BUTTONS}
        for name, button in buttons.items():
            self._commands.bind(button, name)
        panel.add_buttons(buttons.values())
        panel.commands = lambda: [context.commands[name] for name in OF_CHOSEN]
        panel.selection_changed.connect(self._commands.refresh)
        self._queue.changed.connect(self._show)
        self._show()
        self._queue.refresh()

    def _show(self) -> None:
        self._panel.show_state(self._queue.state)
