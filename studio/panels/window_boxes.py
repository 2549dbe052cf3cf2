"""What the window asks before it closes, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from engine import __version__
from engine.i18n import tr
from studio.model.work_state import WorkState
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialogs import MessageBox


def ask_whether_to_close(
    window: QWidget, close: Callable[[], object], state: WorkState, *, only_judges: bool = False
) -> None:
    """Ask while a run is trained, or ``only_judges``: its judge still learns; ``close`` saves what can be and closes.

    In the ``state`` HALTED nothing can be saved, as the disk cannot be written.
    """
    text = tr("A run is being trained.")
    more = tr("It is saved when you close, and you can go on with it at the next start.")
    if only_judges:
        text = tr("The run is trained and saved; its judge is still learning.")
        more = tr("If you close now, it can still tell how good the last samples are at the next start.")
    yes, no, role = tr("Save and close"), tr("Keep training"), MessageBox.ButtonRole.AcceptRole
    if state is WorkState.HALTED:
        text = tr("The run cannot be saved: the disk cannot be written.")
        more = tr(
            "If you close now, what it learned since its last checkpoint is lost. Mend what the message says, "
            "then press Resume."
        )
        yes, role = tr("Close all the same"), MessageBox.ButtonRole.DestructiveRole
    box = set_object_name(MessageBox(window, tr("Duelo"), text, more), "close_question")
    box.setIcon(MessageBox.Icon.Question)
    leave = box.add(yes, role)
    box.add(tr("Wait") if only_judges or state is WorkState.HALTED else no, MessageBox.ButtonRole.RejectRole)
    leave.clicked.connect(close)
    box.open()


def show_about(place: QWidget) -> None:
    """Say which Duelo this is, in front of the window around ``place``."""
    text = tr(
        "Duelo {version}: a studio for training GANs and understanding what happens while they train.",
        version=__version__,
    )
    origin = tr("The embedded digits are from MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0.")
    box = MessageBox(place.window(), tr("About Duelo"), text, origin)
    box.addButton(MessageBox.StandardButton.Ok)
    box.open()
