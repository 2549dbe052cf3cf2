"""Paints a trial as a tile: samples pixel for pixel, a frame that tells how it is, measure, state and values."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.diagnosis.own import DETECTORS
from engine.i18n import number
from engine.search.records import TrialRecord
from studio import theme
from studio.guard import guarded
from studio.text.trials import measure_told, sign_of, values_told
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.tables.trial_model import TRIAL, TrialModel

PICTURE = QSize(148, 88)  # five by three digits
_EDGE = 3
_LINES = 4  # number and measure, state, two values

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

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a picture and its lines."""
        line = QFontMetrics(self._widget.font()).lineSpacing()
        return QSize(PICTURE.width() + 3 * SPACING, PICTURE.height() + _LINES * line + 3 * SPACING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the tile."""
        trial, plan = index.data(TRIAL), self._model.plan
        if not isinstance(trial, TrialRecord) or plan is None:
            return
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        roles, palette = QPalette.ColorRole, self._widget.palette()
        place = option.rect.adjusted(SPACING // 2, SPACING // 2, -SPACING // 2, -SPACING // 2)
        painter.save()
        painter.fillRect(place, palette.color(roles.Highlight if is_chosen else roles.AlternateBase))
        inner = place.adjusted(SPACING // 2 + 2, SPACING // 2 + 2, -SPACING // 2 - 2, -SPACING // 2 - 2)
        self._paint_picture(painter, QRect(inner.topLeft(), QSize(inner.width(), PICTURE.height())), index)
        self._write(painter, inner, trial, palette.color(roles.HighlightedText if is_chosen else roles.Text))
        ink, dash = frame_of(trial, palette)
        pen = QPen(ink, _EDGE, dash)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(place.adjusted(1, 1, -2, -2))
        painter.restore()

    def _paint_picture(self, painter: QPainter, room: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            size = picture.size().boundedTo(room.size())
            place = QRect(room.topLeft(), size)
            place.moveCenter(room.center())
            painter.drawPixmap(place, picture, QRect(0, 0, size.width(), size.height()))

    def _write(self, painter: QPainter, inner: QRect, trial: TrialRecord, ink: QColor) -> None:
        plan = self._model.plan
        assert plan is not None
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
