"""A picture made of pixels, shown as pixels: nearest neighbor, whole device pixels, zoom, pan and copy.

It knows nothing of runs or networks; whoever owns it sets a picture, an accessible name and perhaps a frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.arrays import Picture
from engine.i18n import mark, tr
from studio.commands import Command, menu_of
from studio.part_keys import PICTURE_COPY, PICTURE_FIT, PICTURE_PAN, PICTURE_ZOOM, PartKey
from studio.theme import SPACING
from studio.widgets.base.clipboard import copy_picture
from studio.widgets.base.fitting_words import draw_words
from studio.widgets.base.view import View

FRAME_WIDTH = 2
_MAX_SCALE = 64
_FINE_STEPS = 8
_PANS = ((1, 0), (-1, 0), (0, 1), (0, -1))  # of the picture, for each arrow
_PAN_STEP = 4 * SPACING
PICTURES = mark("Pictures")


def picture_to_image(picture: Picture) -> QImage:
    """Return an RGB32 copy of a uint8 picture [H, W] or [H, W, 3]; raises ``ValueError`` on anything else."""
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)):
        raise ValueError(f"a picture is uint8 [H, W] or [H, W, 3], not {picture.dtype} {list(picture.shape)}")
    pixels = np.ascontiguousarray(picture)
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], kind).convertToFormat(QImage.Format.Format_RGB32)


def image_to_picture(image: QImage) -> Picture:
    """Return a copy of ``image`` as a picture uint8 [H, W, 3], or [H, W, 4] where it has alpha."""
    channels = 4 if image.hasAlphaChannel() else 3
    image = image.convertToFormat(QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : channels * image.width()].reshape(image.height(), image.width(), channels).copy()


def to_device_pixels(painter: QPainter, ratio: float) -> None:
    """Let one unit of ``painter``, new and on a widget with ``ratio``, be one whole device pixel.

    At a fractional ratio the widget's corner may lie inside a device pixel: it moves to the nearest whole one.
    """
    corner = painter.deviceTransform().map(QPointF(0, 0))
    painter.translate((round(corner.x()) - corner.x()) / ratio, (round(corner.y()) - corner.y()) / ratio)
    painter.scale(1 / ratio, 1 / ratio)


def whole(scale: float) -> float:
    """Return the largest number of whole device pixels to a pixel within ``scale``; below 1, ``scale`` itself."""
    return float(math.floor(scale)) if scale >= 1 else scale


def regular(scale: float) -> float:
    """Return the same for pictures of which many stand side by side.

    Where whole pixels would leave much of their room empty, eighths of one do: pixels repeat in a regular way.
    """
    return math.floor(scale * _FINE_STEPS) / _FINE_STEPS if scale >= 1 else scale


class ImageView(View):
    """Shows one picture as large as whole device pixels allow, until the person zooms.

    A picture of the same size keeps zoom and place, so that epochs can be compared. The contents margins are
    left free for a subclass. Its context menu has ``commands()``.
    """

    is_smooth = False
    """Whether pixels run into each other where they are enlarged: right for photographs, wrong for digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._image = QImage()
        self._placeholder = ""
        self.frame: QColor | None = None
        self._zoom: float | None = None  # device pixels for each picture pixel; None fits the window
        self._center = QPointF()  # the picture's point in the middle of the view
        self._drag_from: QPointF | None = None
        self._let_tab_in()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._show_state()

    @property
    def picture(self) -> Picture | None:
        """The picture shown, uint8 [H, W] or [H, W, 3], or None."""
        return self._picture

    @property
    def placeholder(self) -> str:
        """What is written where there is no picture."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, text: str) -> None:
        self._placeholder = text
        self.update()

    def set_picture(self, picture: Picture | None) -> None:
        """Show ``picture``, uint8 [H, W] or [H, W, 3]; None or an empty one shows the placeholder."""
        if picture is not None and picture.size == 0:
            picture = None
        image = QImage() if picture is None else picture_to_image(picture)
        if image.size() != self._image.size():
            self._zoom = None
            self.updateGeometry()
        self._picture, self._image = picture, image
        self._let_tab_in()
        self._show_state()

    def set_frame(self, color: QColor | None) -> None:
        """Draw a thin frame of ``color`` around the picture, or none."""
        self.frame = color
        self.update()

    def commands(self) -> list[Command]:
        """Return what can be done with the picture."""

        def why_not() -> str:
            return "" if self.picture is not None else tr("There is no picture yet.")

        def command(
            name: str, title: str, do: Callable[[], object], short: str, heard: PartKey | None = None, number: int = 0
        ) -> Command:
            keys = heard.keys[number].split("|")[:1] if heard else ()
            return Command(name, PICTURES, title, do, tuple(keys), short=short, why_not=why_not, waits=True)

        return [
            command("zoom_out", mark("Zoom out"), self.zoom_out, "−", PICTURE_ZOOM, 1),
            command("zoom_in", mark("Zoom in"), self.zoom_in, "+", PICTURE_ZOOM, 0),
            command("fit", mark("Fit to window"), self.fit, mark("Fit")),
            command("copy_picture", mark("Copy picture"), self.copy, mark("Copy"), PICTURE_COPY),
        ]

    def zoom_in(self) -> None:
        """Show the pixels larger, around the middle."""
        self._zoom_to(self._next_scale(+1), QPointF(self._area().center()))

    def zoom_out(self) -> None:
        """Show the pixels smaller, around the middle."""
        self._zoom_to(self._next_scale(-1), QPointF(self._area().center()))

    def fit(self) -> None:
        """Show the whole picture as large as it fits."""
        self._zoom = None
        self._show_state()

    def copy(self) -> None:
        """Put the picture, one pixel for one pixel, on the clipboard."""
        if self.picture is not None:
            copy_picture(self, picture_to_image(self.picture))

    @property
    def scale(self) -> float:
        """Device pixels for each pixel of the picture; below 1 where the window is too small."""
        return self._fit_scale() if self._zoom is None else self._zoom

    step = staticmethod(whole)  # the scales at which pixels look alike

    def picture_rect(self) -> QRectF:
        """Return where the whole picture lies in this widget, parts outside the view included."""
        ratio, rect = self.devicePixelRatioF(), self._device_rect()
        return QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)

    def apply_palette(self) -> None:
        """The palette is read while painting."""
        self.update()

    # ---------------------------------------------------------------- geometry, in device pixels

    def _area(self) -> QRect:
        """The part of the widget that the picture may take, in widget coordinates."""
        margin = FRAME_WIDTH if self.frame else 0
        return self.contentsRect().adjusted(margin, margin, -margin, -margin)

    def _device_area(self) -> QRect:
        ratio, area = self.devicePixelRatioF(), self._area()
        left, top = math.ceil(area.left() * ratio), math.ceil(area.top() * ratio)
        right, bottom = int((area.left() + area.width()) * ratio), int((area.top() + area.height()) * ratio)
        return QRect(left, top, max(right - left, 1), max(bottom - top, 1))

    def _fit_scale(self) -> float:
        if self._image.isNull():
            return 1.0
        area = self._device_area()
        return self.step(min(area.width() / self._image.width(), area.height() / self._image.height()))

    def _device_rect(self) -> QRect:
        area, scale = self._device_area(), self.scale
        width = max(round(self._image.width() * scale), 1)
        height = max(round(self._image.height() * scale), 1)
        left = _place(area.width(), width, self._center.x() * scale)
        top = _place(area.height(), height, self._center.y() * scale)
        return QRect(area.left() + left, area.top() + top, width, height)

    def _is_larger_than_view(self) -> bool:
        area, rect = self._device_area(), self._device_rect()
        return rect.width() > area.width() or rect.height() > area.height()

    # ---------------------------------------------------------------- zoom and pan

    def _next_scale(self, direction: int) -> float:
        """The next scale that can be told from this one: steps of 1 up to 4, then about a quarter."""
        scale, smallest = self.scale, min(self._fit_scale(), 1.0)
        step = max(1, round(scale / 4))
        if direction > 0:
            return min(math.floor(scale) + step, _MAX_SCALE)
        return max(math.ceil(scale) - step, smallest) if scale > 1 else smallest

    def _zoom_to(self, scale: float, anchor: QPointF) -> None:
        """Take ``scale`` and keep the picture's point under ``anchor`` (widget coordinates) where it is."""
        if self._image.isNull():
            return
        ratio, rect, middle = self.devicePixelRatioF(), self._device_rect(), self._device_area().center()
        point = (anchor * ratio - QPointF(rect.topLeft())) / self.scale
        self._zoom = scale
        self._center = point - (anchor * ratio - QPointF(middle)) / scale
        self._show_state()

    def _pan(self, distance: QPointF) -> None:
        """Move the picture by ``distance`` in widget coordinates, as far as its edges."""
        ratio, scale, area = self.devicePixelRatioF(), self.scale, self._device_area()
        rect = self._device_rect()
        shown = (QPointF(area.topLeft() - rect.topLeft()) + QPointF(area.width() / 2, area.height() / 2)) / scale
        self._center = shown - distance * ratio / scale
        self.update()

    def _let_tab_in(self) -> None:
        """Tab stops at a picture, and at no empty frame."""
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.ClickFocus if self._picture is None else policy.StrongFocus)

    def _show_state(self) -> None:
        if not self._image.isNull() and self._zoom is not None and self._is_larger_than_view():
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.testAttribute(Qt.WidgetAttribute.WA_SetCursor):  # Qt tells of it, whether or not it changes
            self.unsetCursor()
        self.update()

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        """The picture at one device pixel for each of its own."""
        margins, frame = self.contentsMargins(), 2 * FRAME_WIDTH
        size = self._image.size() if not self._image.isNull() else QSize(8 * SPACING, 8 * SPACING)
        return size + QSize(margins.left() + margins.right() + frame, margins.top() + margins.bottom() + frame)

    def minimumSizeHint(self) -> QSize:
        """Small enough for any dock."""
        return QSize(4 * SPACING, 4 * SPACING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture on whole device pixels, or the placeholder."""
        painter = QPainter(self)
        if self._image.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            draw_words(painter, self.contentsRect(), self._placeholder)
        else:
            self._paint_picture(painter)

    def _paint_picture(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        painter.save()
        to_device_pixels(painter, ratio)
        rect = self._device_rect()
        shown = rect & self._device_area()
        if self.frame:
            width = round(FRAME_WIDTH * ratio)
            painter.fillRect(shown.adjusted(-width, -width, width, width), self.frame)
        painter.setClipRect(shown)
        # A picture that is made smaller would otherwise lose pixels.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.is_smooth or self.scale < 1)
        painter.drawImage(rect, self._image)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the picture."""
        menu_of(self.commands(), self).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom; 0 fits and arrows pan, but only while zoomed: otherwise the keys are the window's."""
        zooms, way = PICTURE_ZOOM.nth(event), PICTURE_PAN.nth(event)
        if PICTURE_COPY.nth(event) is not None:
            self.copy()
        elif zooms is not None:
            (self.zoom_in, self.zoom_out)[zooms]()
        elif PICTURE_FIT.nth(event) is not None and self._zoom is not None:
            self.fit()
        elif way is not None and self._zoom is not None and self._is_larger_than_view():
            self._pan(QPointF(*_PANS[way]) * _PAN_STEP)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom around the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or not event.angleDelta().y():
            event.ignore()
            return
        self._zoom_to(self._next_scale(1 if event.angleDelta().y() > 0 else -1), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a picture that is larger than the view."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_larger_than_view():
            self._drag_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan by dragging."""
        if self._drag_from is None:
            super().mouseMoveEvent(event)
            return
        self._pan(event.position() - self._drag_from)
        self._drag_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag_from = None
        self._show_state()
        super().mouseReleaseEvent(event)


def _place(available: int, size: int, center: float) -> int:
    """Return where a picture of ``size`` starts: centered if it fits, else ``center`` in the middle without a rim."""
    if size <= available:
        return (available - size) // 2
    return min(max(round(available / 2 - center), available - size), 0)
