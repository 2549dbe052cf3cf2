"""What a word means, said once, where it first appears: step and epoch with the first training, z with Explore."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from engine.config import Config
from engine.events import Started
from engine.i18n import number, tr
from studio.context import Context
from studio.workspace import Workspace

_ABOUT = "introduction"
_EXPLORE = "explore"


class Introductions(QObject):
    """Listens from the very first start on, and forgets itself once everything was said."""

    def __init__(self, stack: QStackedWidget, context: Context) -> None:
        super().__init__(stack)
        self._stack, self._context = stack, context
        self._told: set[str] = set()
        context.services.training.started.connect(self._on_started)
        stack.currentChanged.connect(self._on_switched)

    def _on_started(self, started: Started) -> None:
        if "epoch" not in self._told:
            self._told.add("epoch")
            count, batch = started.facts.image_count, started.config.batch_size
            self._context.messages.tell(lambda: _epoch_told(count, batch), about=_ABOUT)

    def _on_switched(self) -> None:
        front, run = self._stack.currentWidget(), self._context.services.shown.run
        is_explore = isinstance(front, Workspace) and front.name == _EXPLORE
        if is_explore and run is not None and "z" not in self._told:
            self._told.add("z")
            config = run.info.config
            self._context.messages.tell(lambda: _z_told(config), about=_ABOUT)


def _epoch_told(count: int, batch: int) -> str:
    return tr(
        "In each step D sees {batch} real pictures and as many drawn ones, then G tries again. When all {count} real "
        "pictures were seen once, an epoch is over.",
        batch=number(batch),
        count=number(count),
    )


def _z_told(config: Config) -> str:
    return tr(
        "G makes each picture out of {count} random numbers, which are called z. Turn them here, and see what comes "
        "out.",
        count=number(config.z_dim),
    )
