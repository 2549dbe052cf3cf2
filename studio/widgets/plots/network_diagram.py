"""Both networks as boxes in a row: layers with their shapes and weights, the way the numbers go, and what moved."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.events import LayerMove
from engine.i18n import number, tr
from studio import theme
from studio.part_keys import NETWORK_OPEN, NETWORK_WALK
from studio.text.numbers import percent
from studio.theme import SPACING
from studio.widgets.base.view import View

Player = Literal["generator", "discriminator"]
_LARGEST_MOVE = 0.05  # of a layer's length: a bar that is full
_HEAD, _BOX = 1.8, 4.2  # lines of text above the boxes, and of a box
_WIDEST = "64×14×14"
_SHORT = {"BatchNorm": "BN", "ConvTranspose": "ConvT", "Embedding": "Emb"}


class Passage(NamedTuple):
    """How numbers go through a player: forward, or back as gradients; its weights move where it ``learns``, and must
    not where it ``is_frozen``.
    """

    is_forward: bool = True
    learns: bool = False
    is_frozen: bool = False


class NetworkDiagram(View):
    """Lights up the ways of a stage; ``share`` (0 to 1) of them is done, for slow motion. A frozen player is gray.

    A layer is chosen by a click, or by the arrows and Enter.
    """

    layer_chosen = Signal(str, str)
    """The player and the name of the layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: dict[Player, tuple[LayerMove, ...]] = {"generator": (), "discriminator": ()}
        self._ways: dict[Player, Passage] = {}
        self._share = 1.0
        self._boxes: list[tuple[QRectF, LayerMove, Player]] = []
        self._at: tuple[int, int] = (0, 0)  # player and layer under the ring of the keyboard
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as the boxes of both players are at this width."""
        return QSize(80 * SPACING, sum(map(self._height_of, self._layers)))

    def minimumSizeHint(self) -> QSize:
        """It may be narrow, where it becomes higher."""
        return QSize(40 * SPACING, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the layers of a player stand in several lines."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _in_a_line(self) -> int:
        """Return how many boxes have room beside each other with words that can be read."""
        return max(self.width() // (self.fontMetrics().horizontalAdvance(_WIDEST) + SPACING), 1)

    def _height_of(self, player: Player) -> int:
        lines = max(-(-len(self._layers[player]) // self._in_a_line()), 1)
        return round((_HEAD + lines * _BOX) * self.fontMetrics().height()) + (lines + 1) * SPACING

    def show_stage(
        self, g: tuple[LayerMove, ...], d: tuple[LayerMove, ...], ways: dict[Player, Passage], share: float = 1.0
    ) -> None:
        """Show the layers of both players, and which ways are gone."""
        self._layers, self._ways = {"generator": g, "discriminator": d}, ways
        self.updateGeometry()
        self.show_share(share)
        self.retranslate()

    def show_share(self, share: float) -> None:
        """Show how much of the way is done."""
        self._share = share
        self.update()

    def retranslate(self) -> None:
        """Say for a screen reader what moves."""
        told = [f"{_name(player)}: {_state(self._ways.get(player))}" for player in self._layers]
        layer = self._layer_at(self._at)
        self.setAccessibleDescription("; ".join([*told, *([_told(layer)] if layer else [])]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint G above, D below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._boxes = []
        top = 0
        for player in self._layers:
            self._paint_player(painter, player, top)
            top += self._height_of(player)

    def _paint_player(self, painter: QPainter, player: Player, top: int) -> None:
        layers, way = self._layers[player], self._ways.get(player)
        ink, paper = (
            self.palette().color(QPalette.ColorRole.WindowText),
            self.palette().color(QPalette.ColorRole.Window),
        )
        color, line = theme.color(player), self.fontMetrics().height()
        weights = tr("{count} weights", count=number(sum(layer.parameters for layer in layers)))
        painter.setPen(ink)
        head = QRectF(0, top + SPACING / 2, self.width(), line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, f"{_name(player)} · {weights} · {_state(way)}")
        if not layers:
            return
        columns = -(-len(layers) // -(-len(layers) // self._in_a_line()))  # as many in each line
        width, height = (self.width() - 1) / columns, _BOX * line
        lit = 0 if way is None else max(round(self._share * len(layers)), 1)
        for place, layer in enumerate(layers):
            row, column = divmod(place, columns)
            box = QRectF(column * width + 2, top + _HEAD * line + row * (height + SPACING), width - SPACING, height)
            self._boxes.append((box, layer, player))
            order = place if way is None or way.is_forward else len(layers) - 1 - place
            front = color if order < lit else theme.blend(ink, paper, 0.35)
            painter.setPen(QPen(front, 2 if order < lit else 1))
            painter.setBrush(theme.blend(color, paper, 0.18) if order < lit else paper)
            painter.drawRoundedRect(box, 3, 3)
            if self.hasFocus() and layer is self._layer_at(self._at):
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
                painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4)
            self._paint_words(painter, box, layer)
            if layer.moved:
                self._paint_move(painter, box, layer.moved)
            if column:
                self._paint_arrow(painter, box, is_forward=way is None or way.is_forward)

    def _paint_words(self, painter: QPainter, box: QRectF, layer: LayerMove) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        metrics, line = self.fontMetrics(), self.fontMetrics().height()
        for row, text in enumerate((_short(layer.kind), "×".join(map(str, layer.shape)), number(layer.parameters))):
            place = QRectF(box.left() + 3, box.top() + 2 + row * line, box.width() - 6, line)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, shown)

    def _paint_move(self, painter: QPainter, box: QRectF, moved: float) -> None:
        bar = QRectF(box.left() + 4, box.bottom() - SPACING - 1, box.width() - 8, SPACING - 2)
        paper, ink = self.palette().color(QPalette.ColorRole.Base), self.palette().color(QPalette.ColorRole.WindowText)
        painter.fillRect(bar, paper)
        bar.setWidth(max(bar.width() * min(moved / _LARGEST_MOVE, 1.0), 2.0))
        painter.fillRect(bar, theme.blend(ink, paper, 0.8))

    def _paint_arrow(self, painter: QPainter, box: QRectF, *, is_forward: bool) -> None:
        middle, right = box.center().y(), box.left()
        left = right - SPACING
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        tip, back = (right, -3.0) if is_forward else (left, 3.0)
        for side in (-3.0, 3.0):
            painter.drawLine(QPointF(tip, middle), QPointF(tip + back, middle + side))

    def event(self, event: QEvent) -> bool:
        """Tell in full what a box has no room for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._under(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else _told(found[0]), self)
            return True
        is_ours = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_heard(event)
        if is_ours:  # while this has the keyboard, they are not the dialog's
            event.accept()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the layer under the mouse."""
        found = self._under(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            layer, player = found
            players = [*self._layers]
            self._go_to((players.index(player), self._layers[player].index(layer)))
            self.layer_chosen.emit(player, layer.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from layer to layer, Enter chooses."""
        way, layer = NETWORK_WALK.nth(event), self._layer_at(self._at)
        if way is not None:
            row, place = self._at
            self._go_to((way - 2, place) if way >= 2 else (row, place + (-1, 1)[way]))
        elif NETWORK_OPEN.nth(event) is not None and layer is not None:
            self.layer_chosen.emit([*self._layers][self._at[0]], layer.name)
        else:
            super().keyPressEvent(event)

    def _go_to(self, at: tuple[int, int]) -> None:
        row, place = at
        count = len([*self._layers.values()][row])
        self._at = row, min(max(place, 0), max(count - 1, 0))
        self.retranslate()

    def _layer_at(self, at: tuple[int, int]) -> LayerMove | None:
        layers = [*self._layers.values()][at[0]]
        return layers[at[1]] if at[1] < len(layers) else None

    def _under(self, point: QPointF) -> tuple[LayerMove, Player] | None:
        return next(((layer, player) for box, layer, player in self._boxes if box.contains(point)), None)


def _short(kind: str) -> str:
    plain = kind.removesuffix("1d").removesuffix("2d")
    return _SHORT.get(plain, plain)


def _is_heard(event: QKeyEvent) -> bool:
    return NETWORK_WALK.nth(event) is not None or NETWORK_OPEN.nth(event) is not None


def _name(player: Player) -> str:
    return tr("Generator G") if player == "generator" else tr("Discriminator D")


def _state(way: Passage | None) -> str:
    if way is None:
        return tr("at rest")
    if way.learns:
        return tr("learns")
    return tr("works, frozen") if way.is_frozen else tr("works")


def _told(layer: LayerMove) -> str:
    shape = " × ".join(map(str, layer.shape))
    words = tr(
        "{kind} “{name}”: gives {shape}, {count} weights",
        kind=layer.kind,
        name=layer.name,
        shape=shape,
        count=number(layer.parameters),
    )
    moved = tr("moved by {share} of its length", share=percent(layer.moved)) if layer.moved else ""
    return "\n".join(filter(None, (words, moved, tr("A click shows what it gives"))))
