"""Paints a trial as a tile: samples pixel for pixel, a frame that tells how it is, measure, state and values."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.diagnosis.own import DETECTORS
from engine.i18n import language, number
from engine.search.records import TrialRecord
from studio import theme
from studio.guard import guarded
from studio.text.trials import measure_told, sign_of, values_told
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.tables.trial_model import TrialModel

PICTURE = QSize(148, 88)  # five by three digits
_EDGE = 3
_LINES = 4  # number and measure, state, two values
_MOST_BYTES = 24 * 2**20  # of tiles that were written lately

_LINES_OF = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
    "dash-dotted": Qt.PenStyle.DashDotLine,
}


@guarded
class TrialDelegate(QStyledItemDelegate):
    """For a list of ``TrialModel``."""

    def __init__(self, model: TrialModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._widget = model, parent
        self._tiles: dict[int, tuple[TrialRecord, tuple[object, ...], QPixmap]] = {}
        model.modelReset.connect(self._tiles.clear)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a picture and its lines."""
        line = QFontMetrics(self._widget.font()).lineSpacing()
        return QSize(PICTURE.width() + 3 * SPACING, PICTURE.height() + _LINES * line + 3 * SPACING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the tile: what was written before, and its newest picture upon that."""
        trial, room = self._model.rows[index.row()], option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.drawPixmap(room.topLeft(), self._tile(trial, is_chosen, room.size(), painter))
        picture = self._model.pixmap(trial.number)
        if picture is not None:
            place = QRect(_inner(room).topLeft(), QSize(_inner(room).width(), PICTURE.height()))
            shown = QRect(QPoint(0, 0), picture.size().boundedTo(place.size()))
            size = shown.size()
            if self._model.has_whole_pictures:  # of which a corner tells nothing
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                shown = picture.rect()
                size = shown.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            room = QRect(QPoint(0, 0), size)
            painter.drawPixmap(room.translated(place.center() - room.center()), picture, shown)

    def _tile(self, trial: TrialRecord, is_chosen: bool, size: QSize, painter: QPainter) -> QPixmap:
        """Return all of a tile but its picture: as it was written before, unless anything of it is another now.

        Samples come all the time, words seldom; and each word that is written can make the window wait for Python's
        lock, which a search in its thread wants as well.
        """
        widget, ratio = self._widget, painter.device().devicePixelRatioF()
        looks = (is_chosen, size, ratio, widget.font().key(), widget.palette().cacheKey(), language())
        known = self._tiles.pop(trial.number, None)
        if known is None or known[0] is not trial or known[1] != looks:
            tile = QPixmap(size * ratio)
            tile.setDevicePixelRatio(ratio)
            self._write_tile(tile, trial, is_chosen)
            known = trial, looks, tile
        self._tiles[trial.number] = known  # at the end: the first one was looked at longest ago
        while len(self._tiles) > max(_MOST_BYTES // (4 * known[2].width() * known[2].height()), 1):
            self._tiles.pop(next(iter(self._tiles)))
        return known[2]

    def _write_tile(self, tile: QPixmap, trial: TrialRecord, is_chosen: bool) -> None:
        roles, palette = QPalette.ColorRole, self._widget.palette()
        tile.fill(palette.color(roles.Base))
        room = QRect(QPoint(0, 0), tile.deviceIndependentSize().toSize())
        painter = QPainter(tile)
        painter.setFont(self._widget.font())
        painter.fillRect(_place(room), palette.color(roles.Highlight if is_chosen else roles.AlternateBase))
        self._write(painter, _inner(room), trial, palette.color(roles.HighlightedText if is_chosen else roles.Text))
        ink, dash = frame_of(trial, palette)
        pen = QPen(ink, _EDGE, dash)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(_place(room).adjusted(1, 1, -2, -2))
        painter.end()

    def _write(self, painter: QPainter, inner: QRect, trial: TrialRecord, ink: QColor) -> None:
        plan = self._model.plan
        if plan is None:
            return
        line = painter.fontMetrics().lineSpacing()
        painter.setPen(ink)
        lines = [(f"{sign_of(trial)} {trial.told}", ""), *values_told(trial, plan.knobs)][: _LINES - 1]
        top = inner.top() + PICTURE.height() + SPACING // 2
        painter.save()
        painter.setFont(bold(painter.font()))
        first = QRect(inner.left(), top, inner.width(), line)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft, f"#{number(trial.number)}")
        painter.drawText(first, Qt.AlignmentFlag.AlignRight, measure_told(plan, trial))
        painter.restore()
        for place, (text, value) in enumerate(lines, 1):
            room = QRect(inner.left(), top + place * line, inner.width(), line)
            taken = painter.fontMetrics().horizontalAdvance(value) + SPACING if value else 0
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width() - taken)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, short)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, value)


def _place(room: QRect) -> QRect:
    """Return where a tile stands in its room, apart from its neighbors."""
    return room.adjusted(SPACING // 2, SPACING // 2, -SPACING // 2, -SPACING // 2)


def _inner(room: QRect) -> QRect:
    """Return what is within the frame of a tile."""
    margin = SPACING // 2 + 2
    return _place(room).adjusted(margin, margin, -margin, -margin)


def frame_of(trial: TrialRecord, palette: QPalette) -> tuple[QColor, Qt.PenStyle]:
    """Return color and line of the frame: how a trial is, not by color alone."""
    if trial.state == "learning":
        return palette.color(QPalette.ColorRole.Highlight), Qt.PenStyle.SolidLine
    if trial.state == "finished":
        return theme.color("good"), Qt.PenStyle.SolidLine
    if trial.state == "trouble":
        if trial.failure_mode not in DETECTORS:  # of a package that is gone by now
            return theme.color("trouble"), Qt.PenStyle.SolidLine
        trouble = DETECTORS[trial.failure_mode]
        return theme.color(trouble.ink), _LINES_OF[trouble.line]
    return theme.color("real"), Qt.PenStyle.DotLine
