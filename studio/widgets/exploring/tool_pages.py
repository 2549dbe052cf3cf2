"""Several tools in one place, one of them in front, chosen by buttons that take as many lines as they need.

Tabs of so many would be as wide as the place itself where text is large, or hide some behind arrows. Knows no tool.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.chosen_look import show_chosen
from studio.widgets.base.view import View
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.wrapping import WrappingLayout


class _Entry(NamedTuple):
    tool: QWidget
    button: QToolButton
    title: str
    tip: str


class ToolPages(View):
    """``currentChanged`` carries the number of the tool in front; arrows go from button to button."""

    currentChanged = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser, self._stack, self._group = QWidget(), QStackedWidget(), QButtonGroup(self)
        self._entries: list[_Entry] = []
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self.resized)
        self._buttons = WrappingLayout(self.chooser, spacing=SPACING // 2)
        # As many sliders, and as large pictures, as the room allows: what they would like must not make it scroll.
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.chooser)
        layout.addWidget(self._stack, 1)
        self._group.buttonToggled.connect(self._on_toggled)
        self._stack.currentChanged.connect(self.currentChanged)
        self._stack.currentChanged.connect(lambda _: self.settle())
        self.retranslate()

    def add(self, tool: QWidget, title: str, tip: str, *, scrolls: bool = False, before: QWidget | None = None) -> None:
        """Let ``tool`` be one more, the last or the one ``before`` another; ``title`` and ``tip`` are source texts.

        One that ``scrolls`` does so by itself where it is too tall: what stands beside it stays in sight.
        """
        place = self.count() if before is None else self.indexOf(before)
        button = QToolButton()
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._entries.insert(place, _Entry(tool, button, title, tip))
        self._group.addButton(button)
        self._buttons.insertWidget(place, button)
        room = QWidget() if scrolls else tool
        if scrolls:
            scroll_down(room, tool)
        with QSignalBlocker(self._stack):  # the one in front stays there, under another number
            self._stack.insertWidget(place, room)
        if self._group.checkedButton() is None:
            button.setChecked(True)
        self.retranslate()

    def count(self) -> int:
        """Return how many tools there are."""
        return self._stack.count()

    def widget(self, index: int) -> QWidget | None:
        """Return a tool, None where there is none of that number."""
        return self._entries[index].tool if 0 <= index < len(self._entries) else None

    def indexOf(self, tool: QWidget) -> int:
        """Return the number of ``tool``, -1 where it is none of these."""
        return next((place for place, entry in enumerate(self._entries) if entry.tool is tool), -1)

    def currentIndex(self) -> int:
        """Return the number of the tool in front."""
        return self._stack.currentIndex()

    def currentWidget(self) -> QWidget | None:
        """Return the tool in front, None while there is none."""
        return self.widget(self._stack.currentIndex())

    def setCurrentWidget(self, tool: QWidget) -> None:
        """Bring ``tool`` to the front."""
        self.setCurrentIndex(self.indexOf(tool))

    def setCurrentIndex(self, index: int) -> None:
        """Bring the tool of that number to the front; one that does not exist is ignored."""
        if 0 <= index < len(self._entries):
            self._entries[index].button.setChecked(True)

    @property
    def room_height(self) -> int:
        """How tall the place of a tool is, below the buttons."""
        return self.height() - self._buttons.heightForWidth(self.width())

    def settle(self) -> None:
        """Tell, once all has been laid out, that tools may be of another height."""
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another place is another height for the tools."""
        super().resizeEvent(event)
        self.settle()

    def retranslate(self) -> None:
        """Set every text."""
        self.chooser.setAccessibleName(tr("Tools"))
        for entry in self._entries:
            entry.button.setText(tr(entry.title))
            entry.button.setAccessibleName(tr(entry.title))
            entry.button.setToolTip(tr(entry.tip))
        self.apply_palette()

    def apply_palette(self) -> None:
        """The tool in front stands out among its neighbors."""
        show_chosen(self._group.buttons(), self.palette())

    def _on_toggled(self, button: QAbstractButton, is_on: bool) -> None:
        if is_on:
            self._stack.setCurrentIndex(next(n for n, entry in enumerate(self._entries) if entry.button is button))
            self.apply_palette()
