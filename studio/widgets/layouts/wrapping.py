"""Widgets beside each other as far as there is room, the rest on lines below. It knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from studio.guard import guarded

_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX


@guarded
class WrappingLayout(QLayout):
    """Lines as long as the width allows, each filled from edge to edge by those that may grow, as tall as that takes.

    ``in_columns`` makes all widgets equally wide, so that they stand below each other, on lines of equally many. Where
    it is not ``is_filled``, as below a list, each is as wide as it likes, and lines begin at the left.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int, in_columns: bool = False, is_filled: bool = True
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._in_columns, self._is_filled = in_columns, is_filled
        self._heights: dict[int, int] = {}  # by width, as Qt's own layouts remember them
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)
        if parent is not None:
            parent.setLayout(self)

    # ---------------------------------------------------------------- what Qt asks of any layout

    def addItem(self, item: QLayoutItem) -> None:
        """Put ``item`` behind the others; a layout stays together."""
        self._items.append(item)
        if isinstance(item, QLayout):
            self.addChildLayout(item)

    def insertWidget(self, index: int, widget: QWidget) -> None:
        """Put ``widget`` before the item at ``index``."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """As wide as there is room, and no taller than it must be."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the taller."""
        return True

    def invalidate(self) -> None:
        """Forget what was asked of the items: one of them is another, or wants another size."""
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        if width not in self._heights:
            lines = self._lines(width)
            self._heights[width] = sum(map(_height, lines)) + self.spacing() * max(len(lines) - 1, 0)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """All on one line."""
        widths = self._widths(self._shown(), _UNLIMITED)
        width = sum(widths) + self.spacing() * max(len(widths) - 1, 0)
        return QSize(width, _height(self._shown()))

    def minimumSize(self) -> QSize:
        """The widest alone on its line."""
        shown = self._shown()
        return QSize(max(self._widths(shown), default=0), _height(shown))

    def setGeometry(self, rect: QRect) -> None:
        """Lay the lines out from the top; what is left of each is shared out among its widgets."""
        super().setGeometry(rect)
        lines, top = self._lines(rect.width()), rect.top()
        for line in lines:
            widths, places = self._widths(line, rect.width()), len(lines[0]) if self._in_columns else len(line)
            needed = sum(widths) if len(line) == places else widths[0] * places
            free = max(rect.width() - needed - self.spacing() * (places - 1), 0) if self._is_filled else 0
            grows = [
                self._in_columns or item.maximumSize().width() > width for item, width in zip(line, widths, strict=True)
            ]
            shares = _shared(free, places if self._in_columns else sum(grows))
            left, height = rect.left(), _height(line)
            for item, width, can_grow in zip(line, widths, grows, strict=True):
                width += next(shares) if can_grow else 0
                item.setGeometry(QRect(left, top, width, height))
                left += width + self.spacing()
            top += height + self.spacing()

    # ---------------------------------------------------------------- lines

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _widths(self, items: list[QLayoutItem], room: int = 0) -> list[int]:
        """Return how wide each is where ``room`` is all that a line has."""
        widths = [item.minimumSize().width() for item in items]
        if not self._is_filled:
            widths = [max(least, min(item.sizeHint().width(), room)) for least, item in zip(widths, items, strict=True)]
        return [self._widest()] * len(widths) if self._in_columns else widths

    def _widest(self) -> int:
        return max((item.minimumSize().width() for item in self._shown()), default=0)

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        shown = self._shown()
        if self._in_columns and shown:
            most = max((width + self.spacing()) // (self._widest() + self.spacing()), 1)
            count = -(-len(shown) // most)
            each = -(-len(shown) // count)
            return [shown[first : first + each] for first in range(0, len(shown), each)]
        lines: list[list[QLayoutItem]] = []
        room = 0
        for item, needed in zip(shown, self._widths(shown, width), strict=True):
            if not lines or room < needed:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needed + self.spacing()
        return lines


def _shared(free: int, count: int) -> Iterator[int]:
    """Share ``free`` pixels out among ``count``, whole ones each."""
    return (free // count + (place < free % count) for place in range(count))


def _height(items: list[QLayoutItem]) -> int:
    return max((max(item.minimumSize().height(), item.sizeHint().height()) for item in items), default=0)
