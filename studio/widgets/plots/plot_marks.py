"""What a plot over epochs shows besides its curves: pauses, changes, troubles, spans, cursors. It knows no run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio import theme
from studio.guard import guarded
from studio.model.findings import Span
from studio.widgets.base.fitting_words import CENTERED, fitting_lines
from studio.widgets.plots.plot_spans import paint_names, paint_shades

_SYMBOL_HEIGHT = 14


@dataclass
class Marks:
    """Marks that the plots of one view share; places are epochs, texts are in the person's language."""

    pauses: tuple[float, ...] = ()
    changes: tuple[float, ...] = ()
    troubles: tuple[float, ...] = ()
    trouble_text: str = ""
    chosen: float | None = None
    cursor: float | None = None
    cursor_text: str = ""


@dataclass
class Inks:
    """The colors of the marks."""

    text: QColor = field(default_factory=QColor)
    quiet: QColor = field(default_factory=QColor)
    paper: QColor = field(default_factory=QColor)
    trouble: QColor = field(default_factory=QColor)

    @classmethod
    def of(cls, palette: QPalette) -> Inks:
        """Take the colors from ``palette`` and the theme."""
        text, paper = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        return cls(text, theme.blend(text, paper, 0.55), paper, theme.color("trouble"))


@guarded
class MarksItem(QGraphicsItem):
    """Paints ``marks`` over one plot in pixels, so that zoom never distorts a symbol."""

    def __init__(self, box: pg.ViewBox, marks: Marks, symbols: bool) -> None:
        """``symbols``: whether this plot carries the symbols and texts, or the lines alone.

        ``names_share`` of the height lie above the names of ``spans``: none, save where curves usually run at the top.
        """
        super().__init__(box)
        self._box, self._symbols = box, symbols
        self.marks = marks
        self.inks = Inks()
        self.font = QFont()
        self.level: float | None = None
        self.dots: list[tuple[float, QColor]] = []
        self.spans: list[Span] = []
        self.names_share = 0.0
        self.message = ""
        self.legend = QRectF()
        """Where words lie upon the plot, in its pixels: no line goes through them."""
        self.setZValue(100)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        box.sigResized.connect(self._on_box_resized)

    def boundingRect(self) -> QRectF:
        """The whole plotting area, in its pixels."""
        return self._box.rect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint from the quietest to the loudest."""
        painter.setFont(self.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        area = self.boundingRect()
        paint_shades(painter, self.spans, self._x, area.height(), self.inks.trouble)
        self._paint_level(painter)
        self._lines(painter, self.marks.pauses, self.inks.quiet, Qt.PenStyle.DotLine, self._pause_symbol)
        self._lines(painter, self.marks.changes, self.inks.text, Qt.PenStyle.NoPen, self._change_symbol)
        self._lines(painter, self.marks.troubles, self.inks.trouble, Qt.PenStyle.SolidLine, self._trouble_symbol)
        names = area.adjusted(0, max(self._names_top, self.legend.bottom()), 0, 0)
        paint_names(painter, self.spans, self._x, names, self.inks.text, self.inks.paper)
        if self.marks.chosen is not None:
            self._lines(painter, (self.marks.chosen,), self.inks.text, Qt.PenStyle.SolidLine, self._chosen_symbol)
        if self.marks.cursor is not None:
            self._paint_cursor(painter, self.marks.cursor)
        if self._symbols:
            self._paint_texts(painter)
        if self.message:
            room = area.adjusted(theme.SPACING, 0, -theme.SPACING, 0)
            lines = fitting_lines(self.message, room, painter.fontMetrics())
            painter.setPen(self.inks.quiet)  # without a pen, as the marks leave it, Qt measures nothing
            place = painter.boundingRect(room, CENTERED, lines)
            # What lies behind it, such as a band of healthy runs, is not to be read through it.
            painter.fillRect(place.adjusted(-theme.SPACING, 0, theme.SPACING, 0), self.inks.paper)
            painter.drawText(room, CENTERED, lines)

    def set_spans(self, spans: list[Span]) -> None:
        """Shade the epochs in which something is wrong."""
        if spans != self.spans:
            self.spans = spans
            self.update()

    def update_at(self, *epochs: float | None) -> None:
        """Paint again what stands at ``epochs`` alone: a mark that moves costs nothing of the curves beside it."""
        for x in {self._x(epoch) for epoch in epochs if epoch is not None}:
            strip = QRectF(x - theme.SPACING, 0, 2 * theme.SPACING, self.boundingRect().height())
            self.scene().update(self.mapRectToScene(strip))  # an item unites what it updates to one rectangle

    @property
    def _names_top(self) -> int:
        """Where the names of spans begin: below symbols and their text, and below a curve at 100%."""
        if not self._symbols:
            return max(theme.SPACING - 2, round(self.names_share * self.boundingRect().height()))
        return max(_SYMBOL_HEIGHT, QFontMetrics(self.font).height()) if self.marks.troubles else _SYMBOL_HEIGHT

    def _on_box_resized(self, _box: object) -> None:
        self.prepareGeometryChange()

    def _x(self, epoch: float) -> float:
        (first, last), _ = self._box.viewRange()
        return (epoch - first) / (last - first) * self.boundingRect().width()

    def _y(self, value: float) -> float:
        _, (low, high) = self._box.viewRange()
        return (high - value) / (high - low) * self.boundingRect().height()

    def _lines(
        self,
        painter: QPainter,
        epochs: Iterable[float],
        color: QColor,
        style: Qt.PenStyle,
        symbol: Callable[[QPainter, float], None],
    ) -> None:
        """One vertical line with its symbol per epoch; marks that share a pixel are drawn once."""
        height, width = self.boundingRect().height(), self.boundingRect().width()
        for x in sorted({round(self._x(epoch)) for epoch in epochs}):
            if not -theme.SPACING < x < width + theme.SPACING:
                continue
            top = self._top_at(x)
            painter.setPen(QPen(color, 1, style))
            painter.drawLine(QPointF(x, top), QPointF(x, height))
            if self._symbols:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
                painter.translate(0, top)
                symbol(painter, x)
                painter.translate(0, -top)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _top_at(self, x: float) -> float:
        """Return where a line at ``x`` may begin."""
        near = self.legend.adjusted(-theme.SPACING, 0, theme.SPACING, 0)
        return near.bottom() if near.left() < x < near.right() else 0.0

    def _pause_symbol(self, painter: QPainter, x: float) -> None:
        painter.fillRect(QRectF(x - 5, 2, 11, 11), self.inks.paper)
        for left in (x - 3, x + 1):
            painter.fillRect(QRectF(left, 3, 3, 9), self.inks.quiet)

    def _change_symbol(self, painter: QPainter, x: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.inks.text)
        painter.drawPolygon(QPolygonF([QPointF(x, 1), QPointF(x + 4, 5), QPointF(x, 9), QPointF(x - 4, 5)]))

    def _trouble_symbol(self, painter: QPainter, x: float) -> None:
        painter.fillRect(QRectF(x - 6, 1, 13, 13), self.inks.paper)
        painter.setPen(QPen(self.inks.trouble, 2))
        painter.drawLine(QPointF(x - 4, 3), QPointF(x + 4, 11))
        painter.drawLine(QPointF(x - 4, 11), QPointF(x + 4, 3))

    def _chosen_symbol(self, painter: QPainter, x: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.inks.text)
        painter.drawPolygon(QPolygonF([QPointF(x - 5, 0), QPointF(x + 5, 0), QPointF(x, 7)]))

    def _paint_level(self, painter: QPainter) -> None:
        if self.level is None:
            return
        y, width = round(self._y(self.level)), self.boundingRect().width()
        painter.setPen(QPen(self.inks.quiet, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, y), QPointF(width, y))

    def _paint_cursor(self, painter: QPainter, epoch: float) -> None:
        x = self._x(epoch)
        painter.setPen(QPen(self.inks.quiet, 1))
        painter.drawLine(QPointF(round(x), self._top_at(x)), QPointF(round(x), self.boundingRect().height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(self.inks.paper, 1.5))
        for value, color in self.dots:
            if not math.isfinite(value):
                continue
            painter.setBrush(color)
            painter.drawEllipse(QPointF(x, self._y(value)), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_texts(self, painter: QPainter) -> None:
        line = painter.fontMetrics().height()
        if self.marks.troubles:
            x, text = self._x(self.marks.troubles[0]) + theme.SPACING, self.marks.trouble_text
            reaches = x + painter.fontMetrics().horizontalAdvance(text) + theme.SPACING > self.legend.left()
            self._text(painter, text, x, line + (self.legend.bottom() if reaches else 0))
        if self.marks.cursor is not None and self.marks.cursor_text:
            x = self._x(self.marks.cursor) + theme.SPACING
            top = self._names_top + len(self.spans) * line if self.spans else line * bool(self.marks.troubles)
            for number, text in enumerate(self.marks.cursor_text.splitlines(), start=1):
                self._text(painter, text, x, top + number * line)

    def _text(self, painter: QPainter, text: str, x: float, bottom: float) -> None:
        """One line of text on paper, kept inside the plot."""
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text)
        x = max(min(x, self.boundingRect().width() - width - 3), 3)
        area = QRectF(x - 2, bottom - metrics.height(), width + 4, metrics.height())
        painter.fillRect(area, self.inks.paper)
        painter.setPen(self.inks.text)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
