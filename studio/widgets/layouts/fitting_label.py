"""A line of parts that leaves out the less important ones where it is narrow. It knows nothing of what they say.

Its words change many times a second, and are painted without asking any layout again: it takes the width that it gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.guard import guarded

_BETWEEN = " · "


@guarded
class FittingLabel(QLabel):
    """``text``, the tool tip and a screen reader tell all parts; ``shown`` is what there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[str, ...] = ()
        self._spare: tuple[str, ...] = ()
        self._short: Mapping[str, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_parts(
        self, parts: Sequence[str], spare: Sequence[str] = (), short: Mapping[str, str] | None = None
    ) -> None:
        """Show ``parts`` in their order; where not all have room, those of ``spare`` go first, in theirs.

        Where that is not enough, parts are said as ``short`` has them, again with what is spare as long as it fits.
        """
        wanted = tuple(parts), tuple(spare), dict(short or {})
        if wanted != (self._parts, self._spare, self._short):
            self._parts, self._spare, self._short = wanted
            self.setToolTip(self.text())
            self.setAccessibleName(self.text())
            self.update()

    def text(self) -> str:
        """Return all that is said, whether or not it has room."""
        return _BETWEEN.join(self._parts)

    @property
    def shown(self) -> str:
        """What is painted: as many parts as have room, cut off where even the rest is too wide."""
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        for words in ({}, self._short):
            for count in range(len(self._spare) + 1):
                left_out = self._spare[:count]
                text = _BETWEEN.join(words.get(part, part) for part in self._parts if part not in left_out)
                if metrics.horizontalAdvance(text) <= room:
                    return text
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    @property
    def shortest(self) -> str:
        """The least that can be shown without cutting anything off."""
        return _BETWEEN.join(self._short.get(part, part) for part in self._parts if part not in self._spare)

    def sizeHint(self) -> QSize:
        """All words on one line."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must be."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what has room."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.shown)
        painter.end()
