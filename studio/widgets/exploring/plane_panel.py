"""The plane through three chosen points, to drag in: its pictures, the three points, and where z is typical.

Knows no generator.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, number, tr
from engine.latent.sampling import random_z
from engine.pictures import tile
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.model.plane import Plane
from studio.part_keys import PLANE_WALK
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.exploring.explore_tool import ExploreTool, Use, Wish
from studio.widgets.exploring.point_list import SMALL
from studio.widgets.exploring.point_row import PointRow
from studio.widgets.pictures.image_view import picture_to_image

CELLS = 7  # across and down
GRID = "latent.plane"
_STEP = 0.05  # of an arrow key
_LEAST = 16 * SPACING
_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX
_BESIDE = 32 * SPACING  # of the points, where they stand at the left of the plane
_DOT = 5.0
_WAYS = ((-1, 0), (1, 0), (0, 1), (0, -1))  # for each arrow
_SEED = 1


class PlanePad(View):
    """``moved`` carries a place, two numbers from -1 to 1, across and up."""

    moved = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: Pictures | None = None
        self._plane: Plane | None = None
        self.place, self._is_inside = np.zeros(2), True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()
        self.apply_palette()

    def set_plane(self, plane: Plane | None) -> None:
        """Show another plane, as yet without its pictures."""
        self._plane = plane
        self.update()

    def set_images(self, images: Pictures | None) -> None:
        """Show uint8 ``[49, H, W]`` or ``[49, H, W, 3]``, from above left, row by row."""
        self._images = images if images is not None and len(images) == CELLS**2 else None
        self.update()

    def show_place(self, place: NDArray[np.float64], *, is_inside: bool) -> None:
        """Mark the place ``[2]`` of the point shown, hollow where the point lies beside the plane."""
        self.place, self._is_inside = place, is_inside
        self._tell_place()
        self.update()

    def _tell_place(self) -> None:
        x, y = (number(float(part), ".2f") for part in self.place)
        self.setAccessibleDescription(tr("{x} across, {y} up", x=x, y=y))

    def square(self) -> QRectF:
        """Return where the plane is painted."""
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def pixel(self, x: float, y: float) -> QPointF:
        """Return where a place is painted."""
        square = self.square()
        return QPointF(square.center().x() + x * square.width() / 2, square.center().y() - y * square.height() / 2)

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(tr("Plane through A, B and C"))
        self.setToolTip(tr("Drag, or use the arrow keys: the large picture follows"))
        if self._plane is not None:
            self._tell_place()

    def apply_palette(self) -> None:
        """Colors are taken while it is painted."""
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(40 * SPACING, 40 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """A small one."""
        return QSize(_LEAST, _LEAST)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go a little way."""
        way = PLANE_WALK.nth(event)
        if way is None:
            super().keyPressEvent(event)
            return
        x, y = np.clip(self.place + _STEP * np.array(_WAYS[way]), -1, 1)
        self.moved.emit(float(x), float(y))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, the ring of typical z, the three points, and the place of the point shown."""
        painter, square = QPainter(self), self.square()
        painter.fillRect(square, self.palette().color(QPalette.ColorRole.Base))
        if self._plane is None:
            return
        if self._images is not None:
            painter.drawImage(square, picture_to_image(tile(self._images, CELLS, 0, 0)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(square)
        self._paint_ring(painter, self._plane, square)
        corners = [self.pixel(*corner) for corner in self._plane.corners]
        painter.setPen(QPen(theme.color("generator"), 1, Qt.PenStyle.DashLine))
        painter.drawPolygon(corners)
        for letter, at in zip("ABC", corners, strict=True):
            self._paint_letter(painter, letter, at)
        at = self.pixel(*np.clip(self.place, -1, 1))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.HighlightedText), 1.5))
        ink = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setBrush(ink if self._is_inside else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, _DOT + 1, _DOT + 1)
        if not self._is_inside:
            painter.setPen(QPen(ink, 2))
            painter.drawEllipse(at, _DOT, _DOT)

    def _paint_ring(self, painter: QPainter, plane: Plane, square: QRectF) -> None:
        """Draw the edges of the ring where z is typical."""
        ring, half = plane.ring(), square.width() / 2
        center, typical = self.pixel(*ring.center), QPainterPath()
        typical.addEllipse(center, ring.outer * half, ring.outer * half)
        typical.addEllipse(center, ring.inner * half, ring.inner * half)  # a hole, by the odd-even rule
        painter.setPen(QPen(theme.color("good"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(typical)

    def _paint_letter(self, painter: QPainter, letter: str, at: QPointF) -> None:
        chip = QRectF(0, 0, 2 * SPACING, 2 * SPACING)
        chip.moveCenter(at)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
        painter.drawEllipse(chip)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, letter)

    def _go(self, at: QPointF) -> None:
        square = self.square()
        x = (at.x() - square.center().x()) / (square.width() / 2)
        y = (square.center().y() - at.y()) / (square.height() / 2)
        self.moved.emit(float(np.clip(x, -1, 1)), float(np.clip(y, -1, 1)))


class PlanePanel(ExploreTool):
    """Three points, and the plane through them."""

    title = mark("Plane")
    tip = mark("Drag in the plane through three pictures")

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        question = HelpButton("plane", self)
        self.row = PointRow(
            *(explored, "plane"), least=3, most=3, defaults=self._defaults, side=SMALL, question=question
        )
        self.pad, self.words = PlanePad(), QLabel(wordWrap=True)
        self._plane: Plane | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING // 2)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._parts.setSpacing(SPACING // 2)
        self._parts.addWidget(self.row, 0, Qt.AlignmentFlag.AlignTop)
        self._parts.addWidget(self.pad, 1)
        layout.addLayout(self._parts, 1)
        layout.addWidget(self.words)
        self.row.changed.connect(self._on_points)
        self.row.refused.connect(self.words.setText)
        self.pad.moved.connect(self._go)
        explored.moved.connect(self._on_moved)
        self.retranslate()
        self.apply_palette()

    def begin(self) -> None:
        """Another generator is explored: another plane."""
        self._on_points()

    def wishes(self) -> list[Wish]:
        """Return the pictures of the three points, and of all cells in the class that is chosen."""
        if self._plane is None:
            return []
        z, point = self._plane.grid(CELLS), self.explored.point
        return [self.row.wish(), Wish(GRID, z, self.explored.labels_of([point] * len(z)))]

    def clear(self) -> None:
        """Neither the cells nor the points."""
        self.pad.set_images(None)
        self.row.show_pictures(None)

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show those of the points, or of the cells."""
        if channel == self.row.channel:
            self.row.show_pictures(images)
        elif channel == GRID:
            self.pad.set_images(images)

    def uses(self) -> list[Use]:
        """A point can be a corner."""
        return [
            Use(f"plane_{index}", text, partial(self.row.put, index))
            for index, text in enumerate(
                (mark("Use as A of the plane"), mark("Use as B of the plane"), mark("Use as C of the plane"))
            )
        ]

    def limit_height(self, height: int) -> None:
        """Let the plane have what the points leave: they stand beside it where it is larger so."""
        room = height - self.words.heightForWidth(self.width()) - 2 * SPACING
        below = room - self.row.sizeHint().height()
        across = max(_BESIDE, self.row.minimumSizeHint().width())  # of the points, where they stand beside it
        is_beside = min(room, self.width() - across) > below
        way = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(way)
        self.row.setMaximumWidth(across if is_beside else _UNLIMITED)
        self.row.setMinimumWidth(across if is_beside else 0)
        self.pad.setMaximumHeight(max(room if is_beside else below, _LEAST))

    def retranslate(self) -> None:
        """Set every text."""
        self.row.name_it(tr("Three points of the plane"))
        self.words.setText(tr("In the green ring z is as long as usual; a hollow mark lies beside the plane."))

    def _defaults(self) -> tuple[LatentPoint, ...]:
        label, shares = self.explored.point[1:]
        return tuple(LatentPoint(z, label, shares) for z in random_z(3, self.explored.z_dim, _SEED))

    def _on_points(self) -> None:
        points = self.row.points
        self._plane = Plane(*(it.z for it in points)) if self.explored.z_dim and len(points) == 3 else None
        self.pad.set_plane(self._plane)
        self.pad.set_images(None)
        self._on_moved()
        self.wishes_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """The point may have moved while nobody looked."""
        super().showEvent(event)
        self._on_moved()

    def _on_moved(self) -> None:
        z = self.explored.point.z
        if self.isVisible() and self._plane is not None and self._plane.z_dim == len(z):
            self.pad.show_place(self._plane.place_of(z), is_inside=self._plane.holds(z))

    def _go(self, x: float, y: float) -> None:
        if self._plane is not None and self._plane.z_dim == self.explored.z_dim:
            self.explored.go(self._plane.at(x, y), stroke="plane")
