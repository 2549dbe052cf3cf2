"""What a word means, said once, where it first appears.

Step and epoch with the first training, the button Step when one first rests, z with Explore.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from engine.config import Config
from engine.events import Started
from engine.i18n import number, tr
from studio.context import Context
from studio.model.work_state import WorkState
from studio.once_painted import once_painted
from studio.workspace import Workspace

_EPOCH, _PAUSE, _Z = "introduction of the epoch", "introduction of the pause", "introduction of z"
_EXPLORE = "explore"


class Introductions(QObject):
    """Listens at every start, and remembers in the settings what was said; takes back what holds no longer."""

    def __init__(self, stack: QStackedWidget, context: Context) -> None:
        super().__init__(stack)
        self._stack, self._context = stack, context
        context.services.training.started.connect(self._on_started)
        context.services.training.state_changed.connect(self._on_state_changed)
        stack.currentChanged.connect(lambda: once_painted(self, self._tell_of_front))

    def _on_started(self, started: Started) -> None:
        if self._is_new("epoch"):
            count, batch = started.facts.image_count, started.config.batch_size
            self._context.messages.tell(lambda: _epoch_told(count, batch), about=_EPOCH)

    def _on_state_changed(self) -> None:
        if self._context.services.training.state is not WorkState.PAUSED:
            self._context.messages.retract(_PAUSE)  # it rests no longer
        elif self._is_new("pause"):
            self._context.messages.tell(_pause_told, about=_PAUSE)

    def _tell_of_front(self) -> None:
        front, run = self._stack.currentWidget(), self._context.services.shown.run
        is_explore = isinstance(front, Workspace) and front.name == _EXPLORE
        if not is_explore:
            self._context.messages.retract(_Z)  # its "here" is not here
        elif run is not None and self._is_new("z"):
            config = run.info.config
            self._context.messages.tell(lambda: _z_told(config), about=_Z)

    def _is_new(self, word: str) -> bool:
        """Return whether ``word`` was never introduced on this computer; from now on it was."""
        settings = self._context.settings
        if word in settings.introduced:
            return False
        settings.introduced |= {word}
        return True


def _epoch_told(count: int, batch: int) -> str:
    return tr(
        "In each step D sees {batch} real {data:pictures} and as many drawn ones, then G tries again. When all "
        "{count} real {data:pictures} were seen once, an epoch is over.",
        batch=number(batch),
        count=number(count),
    )


def _pause_told() -> str:
    return tr("The training rests. Resume lets it go on; Step shows one single step from inside, stage by stage.")


def _z_told(config: Config) -> str:
    return tr(
        "G makes each {data:picture} out of {count} random numbers, which are called z. Turn them here, and see what "
        "comes out.",
        count=number(config.z_dim),
    )
