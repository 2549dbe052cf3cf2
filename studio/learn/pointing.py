"""A frame around the control that a step points at, and how that is brought into sight. It knows no lesson."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QAbstractButton, QComboBox, QScrollArea, QStackedWidget, QTabWidget, QWidget
from shiboken6 import isValid

from studio.commands import Commands
from studio.widgets.base.focus_ring import FocusRing
from studio.widgets.exploring.tool_pages import ToolPages
from studio.widgets.layouts.late_part import LatePart
from studio.widgets.layouts.section import Section
from studio.widgets.layouts.side_panels import SIDES, SidePanels
from studio.workspace import Workspace, go_to

_WIDTH, _INSIDE = 2, 1  # of the frame: more would hide words and numbers, within the edge or beside it
_INSIDE_PAGE = 2 * _WIDTH  # which has a margin, and words close above it


class Pointing:
    """Points at one control of the window around ``place``, by its object name; clicks go through the frame."""

    def __init__(self, place: QWidget, commands: Commands) -> None:
        self._place, self._commands = place, commands
        self._ring: FocusRing | None = None
        self._name = ""
        self._control: QWidget | None = None
        self._framed: QWidget | None = None

    def point_at(self, name: str) -> None:
        """Frame the control ``name`` from now on, once it is there; nothing without a name.

        A button or a box that is gray is not framed, nor what lies in a page that is shut to the run that is shown.
        To be asked again now and then: parts of the window are built late, and pages are made anew.
        """
        if name != self._name or (self._control is not None and not self._is_there(self._control)):
            self._control = None
        self._name = name
        if self._name and self._control is None:
            self._control = self._found() or self._built()
        self._frame(self._control)

    def _frame(self, control: QWidget | None) -> None:
        if control is not None and not control.isEnabled():
            control = None if isinstance(control, QAbstractButton | QComboBox) or _is_shut(control) else control
        if control is not self._framed:
            self._ring = self._ring or FocusRing(self._place.window(), "lesson_frame", _WIDTH, _INSIDE)
            is_page = control is not None and isinstance(control.parentWidget(), QStackedWidget)
            self._ring.surround(control, _INSIDE_PAGE if is_page else _INSIDE)
            self._framed = control

    def _is_there(self, control: QWidget) -> bool:
        return isValid(control) and self._place.window().isAncestorOf(control)

    def _found(self) -> QWidget | None:
        return self._place.window().findChild(QWidget, self._name)

    def _built(self) -> QWidget | None:
        for part in self._place.window().findChildren(LatePart):
            if self._name in part.names:
                part.build()
                return self._found()
        return None

    @property
    def is_hidden(self) -> bool:
        """Whether there is something to frame, and it is not in sight."""
        return self._framed is not None and isValid(self._framed) and self._ring is not None and self._ring.isHidden()

    def reveal(self) -> None:
        """Bring the control into sight: its workspace, its page, its panel, its group, and scroll to it."""
        if self._control is not None and isValid(self._control):
            reveal(self._control, self._commands)
        if self._ring is not None:
            self._ring.surround(self._framed)


def _is_shut(control: QWidget) -> bool:
    """Whether it lies in a page that cannot be opened now."""
    page: QWidget | None = control
    while page is not None:
        stack = page.parentWidget()
        tabs = stack.parentWidget() if isinstance(stack, QStackedWidget) else None
        if isinstance(tabs, QTabWidget) and not tabs.isTabEnabled(tabs.indexOf(page)):
            return True
        page = stack
    return False


def reveal(control: QWidget, commands: Commands) -> None:
    """Bring ``control`` into sight, from the window inward."""
    around: list[QWidget] = []
    each: QWidget | None = control
    while each is not None:
        around.append(each)
        each = each.parentWidget()
    for inner, outer in reversed(list(pairwise(around))):
        if isinstance(inner, Workspace):
            commands.do(go_to(inner.name))
        elif isinstance(outer, QStackedWidget):
            pages = outer.parentWidget()
            chooser = pages if isinstance(pages, QTabWidget | ToolPages) else outer  # whose buttons follow
            chooser.setCurrentIndex(outer.indexOf(inner))
        elif isinstance(outer, Section) and inner is outer.content:
            outer.header.setChecked(True)
        if inner.objectName() in SIDES and (sides := _sides(outer)) is not None:
            sides.set_open(inner.objectName(), True)
    for outer in around:
        if isinstance(outer, QScrollArea):
            outer.ensureWidgetVisible(control)


def _sides(part: QWidget | None) -> SidePanels | None:
    """Return the panels in whose splitter, or upon whose center, a side lies."""
    while part is not None and not isinstance(part, SidePanels):
        part = part.parentWidget()
    return part
