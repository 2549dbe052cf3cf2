"""How often each class was read, as bars beside the even share. It knows no run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from studio import theme
from studio.model.findings import Span
from studio.text.numbers import percent
from studio.widgets.plots.class_chart import Cell, ClassChart
from studio.widgets.plots.plot_spans import paint_names, thin

_HEIGHT = 10 * theme.SPACING
_AIR = 1.25  # of the highest bar, and at least twice the even share


class ClassBars(ClassChart):
    """One orange bar to a class; the dashed line is where all of them would end if classes were equally frequent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_bars")
        self._shares: tuple[float, ...] = ()
        self.missing: tuple[int, ...] = ()
        self.warning: tuple[str, ...] = ()

    def show_shares(self, shares: Sequence[float], names: Sequence[str]) -> None:
        """Show ``shares`` (0 to 1), one for each of ``names``."""
        self._shares = tuple(shares)
        self.missing, self.warning = (), ()
        self.set_names(names)

    def show_missing(self, count: int, warning: Sequence[str]) -> None:
        """Shade the ``count`` rarest classes and say why: the first text of ``warning`` that has room."""
        rarest = sorted(range(len(self._shares)), key=self._shares.__getitem__)[:count]
        self.missing, self.warning = tuple(rarest), tuple(warning)
        self.update()

    def rows(self) -> int:
        """A bar is one cell, as high as the chart."""
        return 1

    def area_for(self, width: int) -> QRectF:
        """The bars lie above their names."""
        return QRectF(theme.SPACING // 2, 0, max(width - theme.SPACING, 1), _HEIGHT)

    def summary(self) -> str:
        """Tell the most and the least frequent class."""
        shares = self._shares
        most, least = (shares.index(extreme(shares)) for extreme in (max, min))
        if most == least:
            return tr("All classes equally often, {even} each.", even=percent(1 / len(shares)))
        return tr(
            "Most often {most} ({most_share}), least often {least} ({least_share}); dashed: the even share, {even}.",
            most=self.names[most],
            most_share=percent(shares[most]),
            least=self.names[least],
            least_share=percent(shares[least]),
            even=percent(1 / len(shares)),
        )

    def text_of(self, cell: Cell) -> str:
        """Tell the share of one class."""
        return tr("{name}: {share} of the samples", name=self.names[cell[1]], share=percent(self._shares[cell[1]]))

    def paint_cells(self, painter: QPainter, area: QRectF) -> None:
        """Paint a bar to each class and the line across them."""
        even = 1 / len(self._shares)
        unit = area.height() / (_AIR * max(*self._shares, 1.6 * even))
        pitch, gap = area.width() / len(self._shares), 2 if area.width() > 6 * len(self._shares) else 0
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.Base))
        for number, share in enumerate(self._shares):
            bar = QRectF(area.left() + number * pitch, area.bottom() - unit * share, pitch - gap, unit * share)
            painter.fillRect(bar, theme.color("generator"))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1, Qt.PenStyle.DashLine))
        height = round(area.bottom() - unit * even)
        painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        if self.warning:
            self._paint_warning(painter, area, pitch)

    def _paint_warning(self, painter: QPainter, area: QRectF, pitch: float) -> None:
        """Shade the columns that are missing and say so above the bars."""
        for column in self.missing:
            cell = QRectF(area.left() + column * pitch, area.top(), pitch, area.height())
            painter.fillRect(cell, thin(theme.color("trouble")))
        text, paper = (self.palette().color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Base))
        paint_names(painter, [Span(0, 0, self.warning)], lambda _: area.left(), area, text, paper)
