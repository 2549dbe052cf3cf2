"""The pictures of a sweep, each under its value of z: on screen, and as one picture for a document. Knows no run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.i18n import number, tr
from engine.latent import interpolation
from engine.pictures import tile
from studio import theme
from studio.theme import SPACING
from studio.widgets.base.clipboard import copy_picture
from studio.widgets.base.view import View
from studio.widgets.exploring.length_curve import LengthCurve
from studio.widgets.pictures.image_view import picture_to_image
from studio.widgets.pictures.picture_matrix import PictureMatrix

COUNT = interpolation.SWEEP_COUNT
_HALF = COUNT // 2
_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX
_LEAST = 8 * SPACING
_PAPER_WIDTH = 1200  # of the pictures for a document
_PAPER_FONT = 20


class _Part(PictureMatrix):
    """Copied is always the whole sheet."""

    def __init__(self, sheet: SweepSheet) -> None:
        super().__init__(columns=_HALF, gap=1, parent=sheet)

    def copy(self) -> None:
        sheet = self.parent()
        assert isinstance(sheet, SweepSheet)
        sheet.copy()


class SweepSheet(View):
    """A row of ten pictures for each name; a single row stands in two halves, twice as large.

    ``chosen`` carries the index of the picture that a person clicked or went to, row by row.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._images: NDArray[np.uint8] | None = None
        self._z = np.zeros((0, 0), np.float32)
        self._most = _UNLIMITED
        self.tables = (_Part(self), _Part(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for table, before in zip(self.tables, (0, _HALF), strict=True):
            table.chosen.connect(lambda index, before=before: self.chosen.emit(before + index))
        self.curves = tuple(LengthCurve(table) for table in self.tables)
        for table, curve in zip(self.tables, self.curves, strict=True):
            layout.addWidget(table)
            layout.addWidget(curve)
            curve.hide()
        self.retranslate()
        self.apply_palette()

    def limit_height(self, height: int) -> None:
        """Be no taller than ``height``, in so far as each picture can still be seen."""
        self._most = height
        self._share_height()

    def _share_height(self) -> None:
        tables = 1 if self._names else 2
        curves = sum(curve.sizeHint().height() + SPACING for curve in self.curves if not curve.isHidden())
        for table in self.tables:
            table.setMaximumHeight(max((self._most - curves - (tables - 1) * SPACING) // tables, _LEAST))

    @property
    def has_pictures(self) -> bool:
        """Whether there is anything to copy or save."""
        return self._images is not None

    def set_names(self, names: tuple[str, ...]) -> None:
        """Call the rows so; one without a name where there are none."""
        self._names = names
        self._show()
        self.retranslate()

    def show_pictures(self, images: NDArray[np.uint8] | None) -> None:
        """Show ten pictures for each row, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or nothing."""
        fits = images is not None and len(images) == COUNT * max(len(self._names), 1)
        self._images = images if fits else None
        self._show()

    def show_lengths(self, z: NDArray[np.float32]) -> None:
        """Show below the pictures how typical each z ``[10, z_dim]`` is."""
        self._z = z
        self._show()

    def choose(self, index: int | None) -> None:
        """Frame the picture ``index``, or none, without a signal."""
        in_second = index is not None and not self._names and index >= _HALF
        self.tables[0].choose(None if in_second else index)
        self.tables[1].choose(index - _HALF if index is not None and in_second else None)

    def copy(self) -> None:
        """Put what ``document()`` paints on the clipboard."""
        if self._images is not None:
            copy_picture(self, self.document())

    def document(self) -> QImage:
        """Return all pictures with their words, black on white in either theme, with sharp pixels."""
        assert self._images is not None
        parts = [tile(images, columns, 1, 255) for images, columns in self._parts()]
        scale = max(round(_PAPER_WIDTH / parts[0].shape[1]), 1)
        font = QFont(self.font())
        font.setPixelSize(_PAPER_FONT)
        metrics = QFontMetrics(font)
        rows = [tr(name) for name in self._names]
        left = max(map(metrics.horizontalAdvance, rows), default=0) + 2 * SPACING
        above, columns = metrics.height() + SPACING, COUNT // len(parts)
        heights = [above + scale * part.shape[0] for part in parts]
        image = QImage(
            left + scale * parts[0].shape[1] + 2 * SPACING, sum(heights) + 2 * SPACING, QImage.Format.Format_RGB32
        )
        image.fill(QColor(Qt.GlobalColor.white))
        painter = QPainter(image)
        painter.setFont(font)
        for half, part in enumerate(parts):
            top = sum(heights[:half]) + above
            place = QRect(left, top, scale * part.shape[1], scale * part.shape[0])
            painter.drawImage(place, picture_to_image(part))
            pitch, row_pitch = (place.width() + scale) / columns, (place.height() + scale) / max(len(rows), 1)
            for column, text in enumerate(_values()[half * columns : (half + 1) * columns]):
                cell = QRectF(left + column * pitch, top - above, pitch - scale, above - SPACING // 2)
                painter.drawText(cell, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, text)
            for row, text in enumerate(rows):
                cell = QRectF(0, top + row * row_pitch, left - SPACING, row_pitch - scale)
                painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return image

    def retranslate(self) -> None:
        """Set every text and number."""
        values, rows = _values(), [tr(name) for name in self._names]
        halves = not rows
        for index, table in enumerate(self.tables):
            own = values[index * _HALF : (index + 1) * _HALF] if halves else values
            table.set_labels(own, rows)
            table.setAccessibleName(sweep_words(own))
            table.setToolTip(sweep_words(own))

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        for table in self.tables:
            table.set_frame(theme.color("generator"))

    def _parts(self) -> list[tuple[NDArray[np.uint8], int]]:
        """Return the pictures of each table in sight, and in how many columns they stand."""
        if self._images is None:
            return []
        if self._names:
            return [(self._images, COUNT)]
        return [(self._images[:_HALF], _HALF), (self._images[_HALF:], _HALF)]

    def _show(self) -> None:
        self.tables[1].setVisible(not self._names)
        parts_of_z = (self._z, self._z[:0]) if self._names else (self._z[:_HALF], self._z[_HALF:])
        for curve, z in zip(self.curves, parts_of_z, strict=True):
            curve.set_z(z)
            curve.setVisible(len(z) > 0)
        self._share_height()
        parts = self._parts()
        for index, table in enumerate(self.tables):
            images, table.columns = parts[index] if index < len(parts) else (None, COUNT if self._names else _HALF)
            table.set_images(images)
            table.placeholder = tr("No picture yet") if index == 0 else ""


def sweep_words(values: list[str]) -> str:
    """Say in one sentence what z is, from the first to the last picture."""
    return tr("All numbers of z are equal and go from {low} to {high}.", low=values[0], high=values[-1])


def _values() -> list[str]:
    return [number(float(value), ".2g") for value in interpolation.sweep_values()]
