"""What is lined up to be trained, and what a person wants of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.context import Context
from studio.workspaces.compare.queue_panel import QueuePanel


class QueuePresenter(QObject):
    """Feeds ``panel``."""

    def __init__(self, panel: QueuePanel, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._plan, self._queue = panel, context.plan, context.services.queue
        self._queue.changed.connect(self._show)
        panel.turned.connect(lambda is_on: self._queue.turn_on() if is_on else self._queue.turn_off())
        panel.plan_requested.connect(self._add_plan)
        panel.moved.connect(self._queue.move)
        panel.removed.connect(self._queue.remove)
        panel.again_requested.connect(self._queue.again)
        self._queue.refresh()

    def _add_plan(self) -> None:
        config = self._plan.finish()
        if self._plan.is_sensible:
            self._queue.add(config)

    def _show(self) -> None:
        self._panel.show_state(self._queue.state, is_on=self._queue.is_on)
