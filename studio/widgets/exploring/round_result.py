"""The pictures of a round that was played: real ones above, generated ones below, and who told each right.

Knows no run and no discriminator.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.arrays import Pictures
from engine.i18n import number, tr
from studio import theme
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import picture_to_image, regular

_FRAME = 4  # pixels of the screen, around what fooled the person
_RIGHT, _WRONG = "✓", "✗"


class Played(NamedTuple):
    """``pictures`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, which are real, and the answers (real?), ``[N]``."""

    pictures: Pictures
    is_real: NDArray[np.bool_]
    by_person: NDArray[np.bool_]
    by_d: NDArray[np.bool_]

    def told(self, index: int) -> tuple[bool, bool]:
        """Return whether the person was right about the picture ``index``, and whether D was."""
        truth = self.is_real[index]
        return bool(self.by_person[index] == truth), bool(self.by_d[index] == truth)


class RoundResult(View):
    """Empty until a round was played. A picture is framed where the person was wrong; marks below it tell the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.played: Played | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_played(self, played: Played | None) -> None:
        """Show a round, or none."""
        self.played = played
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """Say for a screen reader what is painted."""
        self.setAccessibleName(tr("The pictures of the round, real ones first"))
        lines = [f"{name}: {', '.join(self._marks(index) for index in which)}" for name, _, which in self._groups()]
        self.setAccessibleDescription(". ".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for small pictures."""
        return QSize(60 * SPACING, 30 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """Pictures can be small."""
        return QSize(30 * SPACING, 15 * SPACING)

    def cells(self) -> list[tuple[int, QRectF]]:
        """Return the number of each picture and where it lies, both groups below each other."""
        line, found, top = self.fontMetrics().height(), [], 0.0
        side, columns = self._side_and_columns()
        for _, _, which in self._groups():
            top += line + SPACING // 2
            for place, index in enumerate(which):
                row, column = divmod(place, columns)
                pitch = side + 2 * line + SPACING
                found.append((index, QRectF(column * (side + SPACING), top + row * pitch, side, side)))
            top += -(-len(which) // columns) * (side + 2 * line + SPACING)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both groups, each below its name."""
        if self.played is None:
            return
        painter, line = QPainter(self), self.fontMetrics().height()
        places = dict(self.cells())
        for name, color, which in self._groups():
            if which:
                painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
                head = places[which[0]]
                painter.fillRect(QRectF(head.left(), head.top() - line, SPACING // 2, line - 2), theme.color(color))
                painter.drawText(QRectF(head.left() + SPACING, head.top() - line - 2, self.width(), line), 0, name)
            for index in which:
                self._paint(painter, self.played, index, places[index])

    def _paint(self, painter: QPainter, played: Played, index: int, place: QRectF) -> None:
        painter.drawImage(place, picture_to_image(played.pictures[index]))
        line, told = self.fontMetrics().height(), played.told(index)
        if not told[0]:
            pen = QPen(theme.color("trouble"), _FRAME)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(place.adjusted(_FRAME / 2, _FRAME / 2, -_FRAME / 2, -_FRAME / 2))
        for row, (who, is_right) in enumerate(zip((tr("you"), "D"), told, strict=True)):
            painter.setPen(theme.color("good" if is_right else "trouble"))
            below = QRectF(place.left(), place.bottom() + row * line, place.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{who} {_RIGHT if is_right else _WRONG}")

    def _groups(self) -> list[tuple[str, theme.Role, list[int]]]:
        """Return for each group its name, its color and the numbers of its pictures."""
        real = np.zeros(0, bool) if self.played is None else self.played.is_real
        return [
            (tr("Real images"), "real", np.flatnonzero(real).tolist()),
            (tr("Generated images"), "generator", np.flatnonzero(~real).tolist()),
        ]

    def _side_and_columns(self) -> tuple[int, int]:
        """Return how large the pictures can be, by whole pixels, and in how many columns they are that large."""
        most = max(max(len(which) for *_, which in self._groups()), 1)
        line, best = self.fontMetrics().height(), (0, most)
        size = 1 if self.played is None else max(self.played.pictures.shape[1:3])
        for rows in (1, 2, 3):
            columns = -(-most // rows)
            across = self.width() / columns - SPACING
            down = (self.height() / 2 - line - SPACING // 2) / rows - 2 * line - SPACING
            best = max(best, (int(size * regular(max(min(across, down), 1) / size)), columns))
        return best

    def _marks(self, index: int) -> str:
        assert self.played is not None
        marks = (_RIGHT if is_right else _WRONG for is_right in self.played.told(index))
        return " ".join((number(index + 1), *map(" ".join, zip((tr("you"), "D"), marks, strict=True))))
