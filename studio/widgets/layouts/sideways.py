"""Pages of which the front one may be larger than there is room beside other things. It knows no page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QStyle, QWidget

from studio.guard import guarded

_LEAST = QSize(480, 240)  # of the front page that is seen, whatever else wants room


@guarded
class Sideways(QScrollArea):
    """Scrolls ``stack`` from side to side, and up and down, on a small screen, where the window would not fit."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__()
        self._told = QSize()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # or each click on a page would give it the keyboard
        self.setWidgetResizable(True)
        self._stack, self._whole = stack, _Whole(stack)
        self.setWidget(self._whole)

    def sizeHint(self) -> QSize:
        """What it must have: how high every page would like to be is a question that each switch would answer anew."""
        return self._whole.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """A part of a large page, with the scroll bar below it."""
        least = self._whole.minimumSizeHint()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return (least + QSize(0, bar if least.width() > _LEAST.width() else 0)).boundedTo(_LEAST)

    def event(self, event: QEvent) -> bool:
        """No key scrolls it: arrows that no page wants go through the epochs, wherever the focus is."""
        return event.type() != QEvent.Type.KeyPress and super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the page needs now is needed of the place around it, too."""
        if event.type() == QEvent.Type.LayoutRequest and (least := self.minimumSizeHint()) != self._told:
            self._told = least
            self.updateGeometry()
        return super().eventFilter(watched, event)


@guarded
class _Whole(QWidget):
    """Needs the width of the page in front, and the height of the highest, so that nothing jumps.

    It has no layout, and likes no size, for which the area around it would ask how high the pages would like to be:
    with each switch twice, half of what a switch takes.
    """

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__()
        self._stack = stack
        stack.setParent(self)
        stack.currentChanged.connect(lambda _: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """As said above."""
        front, every = self._stack.currentWidget(), self._stack.minimumSizeHint()
        return every if front is None else QSize(front.minimumSizeHint().width(), every.height())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The stack is as large as this."""
        self._stack.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        """Other needs of the stack are its own."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)
