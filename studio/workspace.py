"""What the window knows of a workspace: one way of working, with panels of its own and a layout that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Protocol

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.i18n import again, joined, tr
from studio.commands import Command
from studio.context import Context
from studio.theme import SPACING
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.base.object_names import set_object_name
from studio.widgets.layouts.kept_room import KeptRoom

WORKING = " ▶"
"""Stands beside the title of a workspace in which something goes on."""
_OTHER_SIZES = (QEvent.Type.FontChange, QEvent.Type.LanguageChange, QEvent.Type.StyleChange)
_LOW = 90 * SPACING  # as on a laptop, whose samples need the room more


class History(Protocol):
    """Steps that can be taken back and done again."""

    def undo(self) -> None:
        """Take the last step back."""

    def redo(self) -> None:
        """Do again what was taken back last."""

    def words(self, *, back: bool) -> str:
        """Say what would be taken back, or done again; nothing where there is nothing to say."""

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be taken back, or done again, and nothing where something can."""


class Workspace(LookedAt):
    """A subclass builds its panels from the context, puts ``timeline`` where the epochs shall lie, and names itself.

    ``name`` is for settings and commands, ``title`` a marked text; ``switches`` are those of its commands that stand as
    buttons beside the choice of workspaces.
    """

    hint_changed = Signal(str)
    """One sentence that says what there is to do in the workspace in front, or nothing; it stands where messages do."""

    layout_changed = Signal(QWidget)
    """Something of this one is another, or wants another size: behind others, it is laid out before anybody looks."""

    name: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    switches: ClassVar[tuple[str, ...]] = ()
    has_timeline: ClassVar[bool] = True
    """Whether epochs of a run mean anything here."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName(f"{self.name}_workspace")
        self.context = context
        self._hint = self._elsewhere = ""
        self.timeline = set_object_name(KeptRoom(context.timeline), "timeline")
        self.timeline.setVisible(self.has_timeline)
        context.timeline.height_changed.connect(self._on_timeline_height)

    def say_hint(self, hint: str) -> None:
        """Say what there is to do here, now or as soon as this workspace is in front."""
        self._hint = hint
        if not self.isHidden():
            self.hint_changed.emit(self.hint_told())

    def hint_told(self) -> str:
        """Return what there is to do here, or why that cannot be done now; nothing where there is nothing to say."""
        return self._hint

    def showEvent(self, event: QShowEvent) -> None:
        """What there is to do elsewhere is no help here."""
        super().showEvent(event)
        self.hint_changed.emit(self.hint_told())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, the time line leaves it to the rest."""
        super().resizeEvent(event)
        self.context.timeline.be_low(self.height() < _LOW)

    def changeEvent(self, event: QEvent) -> None:
        """With other letters, and with other words, all has another size."""
        super().changeEvent(event)
        if event.type() in _OTHER_SIZES:
            self.layout_changed.emit(self)

    def _on_timeline_height(self) -> None:
        self.timeline.updateGeometry()
        self.layout_changed.emit(self)

    def commands(self) -> Iterable[Command]:
        """Return what can be done in this workspace only; ``why_not_here`` says so elsewhere."""
        return ()

    def work_told(self) -> str:
        """Say what goes on here beside the person, and is seen nowhere else; nothing where nothing does."""
        return ""

    def label(self) -> str:
        """Return what it is called where workspaces are chosen, with a sign as long as something goes on in it."""
        return f"{tr(self.title)}{WORKING if self.work_told() else ''}"

    def tip_told(self) -> str:
        """Say what goes on here, or else what it is for."""
        return self.work_told() or tr(self.tip)

    def spoken(self) -> str:
        """Return what a screen reader calls its button."""
        return joined(tr("Workspace {title}", title=tr(self.title)), self.work_told(), between=": ")

    def history(self) -> History | None:
        """Return the steps that undo and redo are about here, None where they are about the options."""
        return None

    def build(self) -> None:
        """Build the panels, unless the constructor did: called once, before the layout is restored and anybody looks.

        What is not in front at the start is built when the window is on screen.
        """

    def wake(self) -> Iterator[None]:
        """Build what may wait until the window is on screen: called once, and a person is heard at each ``yield``."""
        yield from ()

    def layout_state(self) -> dict[str, int]:
        """Return what a person chose of the layout, by names in small letters."""
        return {}

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned; nothing of it means the layout of the first start."""

    def set_presentation(self, is_on: bool) -> None:
        """Leave out what a class need not see, until this is taken back."""

    def regions(self) -> list[QWidget]:
        """Return the parts that F6 walks through, as the eye reads."""
        return [self]

    def take_timeline(self) -> None:
        """Let the time line of all workspaces lie in this one."""
        self.timeline.take()

    def why_not_here(self) -> str:
        """Say where this belongs while another workspace is in front."""
        if not self.isHidden():
            return ""
        self._elsewhere = again(self._elsewhere) or tr("That is part of the workspace “{title}”.", title=tr(self.title))
        return self._elsewhere

    def come_forward(self) -> None:
        """Be the workspace that is seen."""
        if self.isHidden():
            self.context.commands.do(go_to(self.name))


def go_to(name: str) -> str:
    """Return the id of the command that brings the workspace ``name`` to the front."""
    return f"go_to_{name}"
