"""Several tools in one place, one of them in front, chosen by buttons that take as many lines as they need.

Tabs of so many would be as wide as the place itself where text is large, or hide some behind arrows. Knows no tool.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.chosen_look import show_chosen
from studio.widgets.base.view import View
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.wrapping import WrappingLayout


class ToolPages(View):
    """``currentChanged`` carries the number of the tool in front; arrows go from button to button."""

    currentChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser, self._stack, self._group = QWidget(), QStackedWidget(), QButtonGroup(self)
        self._texts: list[tuple[str, str]] = []
        self._tools: list[QWidget] = []
        self._buttons = WrappingLayout(self.chooser, spacing=SPACING // 2)
        # As many sliders, and as large pictures, as the room allows: what they would like must not make it scroll.
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.chooser)
        layout.addWidget(self._stack, 1)
        self._group.idToggled.connect(self._on_toggled)
        self._stack.currentChanged.connect(self.currentChanged)
        self.retranslate()

    def add(self, tool: QWidget, title: str, tip: str, *, scrolls: bool = False) -> None:
        """Let ``tool`` be one more; ``title`` and ``tip`` are source texts.

        One that ``scrolls`` does so by itself where it is too tall: what stands beside it stays in sight.
        """
        button = QToolButton()
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts.append((title, tip))
        self._group.addButton(button, len(self._tools))
        self._buttons.addWidget(button)
        self._tools.append(tool)
        room = QWidget() if scrolls else tool
        if scrolls:
            scroll_down(room, tool)
        self._stack.addWidget(room)
        if self._group.checkedButton() is None:
            button.setChecked(True)
        self.retranslate()

    def count(self) -> int:
        """Return how many tools there are."""
        return self._stack.count()

    def widget(self, index: int) -> QWidget | None:
        """Return a tool, None where there is none of that number."""
        return self._tools[index] if 0 <= index < len(self._tools) else None

    def indexOf(self, tool: QWidget) -> int:
        """Return the number of ``tool``, -1 where it is none of these."""
        return self._tools.index(tool) if tool in self._tools else -1

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
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def chooser_height(self, width: int) -> int:
        """Return how tall the buttons are where all is ``width`` wide."""
        return self._buttons.heightForWidth(width)

    def retranslate(self) -> None:
        """Set every text."""
        self.chooser.setAccessibleName(tr("Tools"))
        for button, (title, tip) in zip(self._group.buttons(), self._texts, strict=True):
            button.setText(tr(title))
            button.setAccessibleName(tr(title))
            button.setToolTip(tr(tip))
        self.apply_palette()

    def apply_palette(self) -> None:
        """The tool in front stands out among its neighbors."""
        show_chosen(self._group.buttons(), self.palette())

    def _on_toggled(self, index: int, is_on: bool) -> None:
        if is_on:
            self._stack.setCurrentIndex(index)
            self.apply_palette()
