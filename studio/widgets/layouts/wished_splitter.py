"""A splitter whose parts have the sizes that a person dragged them to, or their usual ones. It knows no panel.

Qt's own remembers only what there was last: what it squeezed in a small window stays narrow in a large one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from studio.guard import guarded
from studio.widgets.layouts.least_size import least_size


@guarded
class WishedSplitter(QSplitter):
    """``usual`` gives the size of a part from the size of the window; one part has none, and takes the rest.

    Parts are told apart by their object names; ``wished`` holds what a person dragged.
    """

    dragged = Signal()

    def __init__(self, orientation: Qt.Orientation, usual: Mapping[str, Callable[[int], int]]) -> None:
        super().__init__(orientation)
        self._usual = dict(usual)
        self.wished: dict[str, int] = {}
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def size_of(self, part: QWidget) -> int:
        """Return the size that ``part`` should have, whatever there is room for."""
        name, window = part.objectName(), self.window().size()
        length = window.width() if self.orientation() == Qt.Orientation.Horizontal else window.height()
        return self.wished.get(name) or max(self._usual[name](length), self._least(part))

    def apply(self) -> None:
        """Give every part its size, as far as there is room."""
        parts = self._parts()
        sizes = [self.size_of(part) if part.objectName() in self._usual else 0 for part in parts]
        length = self.width() if self.orientation() == Qt.Orientation.Horizontal else self.height()
        seen = [size for part, size in zip(parts, sizes, strict=True) if not part.isHidden()]
        rest = length - sum(seen) - self.handleWidth() * (len(seen) - 1)  # exact, or Qt would share out the difference
        self.setSizes([size or max(rest, 1) for size in sizes])

    def restore(self, state: Mapping[str, int]) -> None:
        """Take up what of ``state`` was ``wished`` for these parts; nothing of it means the usual sizes."""
        self.wished = {name: size for name in self._usual if (size := state.get(name, 0))}
        self.apply()

    def forget(self) -> None:
        """Let every size follow the window again."""
        self.wished.clear()
        self.apply()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Parts that were squeezed have their room again."""
        super().resizeEvent(event)
        self.apply()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the window has its size."""
        super().showEvent(event)
        self.apply()

    def _parts(self) -> list[QWidget]:
        found = (self.widget(index) for index in range(self.count()))
        return [part for part in found if part is not None]

    def _least(self, part: QWidget) -> int:
        least = least_size(part)
        return least.width() if self.orientation() == Qt.Orientation.Horizontal else least.height()

    def _on_moved(self, _position: int, handle: int) -> None:
        for index in (handle - 1, handle):
            part = self._parts()[index]
            if part.objectName() in self._usual:
                self.wished[part.objectName()] = self.sizes()[index]
        self.dragged.emit()
