"""Room for content that may be taller than its panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QScrollArea, QStyle, QVBoxLayout, QWidget

from studio.guard import guarded


@guarded
class _Page(QScrollArea):
    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[QSize, QSize] | None = None
        self._liked: QSize | None = None
        self.setWidgetResizable(True)
        # By Tab alone: else it has the keyboard, and a ring around all of it, after each click on a button in it.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """What the content would like, once for each size of the text: Qt would never ask again."""
        content = self.widget()
        if content is None:
            return super().sizeHint()
        if self._liked is None:
            height = self.fontMetrics().height()
            self._liked = content.sizeHint().boundedTo(QSize(36 * height, 24 * height))  # as Qt does
        return self._liked

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._liked = None
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """As wide as the content must be, with a scroll bar beside it: nothing is cut at the sides."""
        least, content = super().minimumSizeHint(), self.widget()
        if content is None:
            return least
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return QSize(content.minimumSizeHint().width() + bar, least.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Content that becomes wider makes the panel wider; other words in it alone move nothing outside."""
        if event.type() == QEvent.Type.LayoutRequest and (self.sizeHint(), self.minimumSizeHint()) != self._told:
            self._told = self.sizeHint(), self.minimumSizeHint()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A screen reader hears which panel the arrow keys scroll now."""
        panel = self.parentWidget()
        self.setAccessibleName(panel.accessibleName() if panel else "")
        super().focusInEvent(event)


def scroll_down(panel: QWidget, content: QWidget) -> QScrollArea:
    """Fill ``panel`` with ``content``, scrolled up and down where it is too tall, and return the scroll area."""
    scroll = _Page()
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(scroll)
    return scroll
