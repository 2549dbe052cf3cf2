"""Runs of many people as cards: a large thumbnail, whose it is, how far, how good, and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.wall.cards import Card
from studio import theme
from studio.guard import guarded
from studio.text.cards import card_told, lines_of
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.pictures.image_view import picture_to_image

_PICTURE = QSize(168, 112)  # three by two digits at twice their size
_EDGE = 3
_LINES = 5
_CARD = Qt.ItemDataRole.UserRole


@guarded
class _CardModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: Sequence[Card] = ()
        self._pixmaps: dict[Card, QPixmap] = {}

    def put(self, cards: Sequence[Card]) -> None:
        """Show other cards; where the same runs hang in the same places, only what changed is drawn anew."""
        before, self.cards = self.cards, cards
        self._pixmaps = {card: picture for card in cards if (picture := self._pixmaps.get(card)) is not None}
        if [card.run.path for card in before] != [card.run.path for card in cards]:
            self.layoutAboutToBeChanged.emit()
            places = {card.run.path: row for row, card in enumerate(cards)}
            for old in self.persistentIndexList():
                row = places.get(before[old.row()].run.path)
                self.changePersistentIndex(old, QModelIndex() if row is None else self.index(row))
            self.layoutChanged.emit()
        for row, (old_card, card) in enumerate(zip(before, cards, strict=False)):
            if old_card is not card:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.cards):
            return None
        card = self.cards[index.row()]
        if role == _CARD:
            return card
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pixmap(card)
        told = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        return card_told(card) if role in told else None

    def _pixmap(self, card: Card) -> QPixmap | None:
        preview = getattr(card.run, "preview", None)
        if preview is None:
            return None
        if card not in self._pixmaps:
            image = picture_to_image(preview)
            self._pixmaps[card] = QPixmap.fromImage(image.scaled(image.size() * 2))
        return self._pixmaps[card]


@guarded
class _CardDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a picture and its lines."""
        line = QFontMetrics(self._widget.font()).lineSpacing()
        return QSize(_PICTURE.width() + 4 * SPACING, _PICTURE.height() + _LINES * line + 4 * SPACING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the card."""
        card = index.data(_CARD)
        if not isinstance(card, Card):
            return
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        roles, palette = QPalette.ColorRole, self._widget.palette()
        place = option.rect.adjusted(*(SPACING // 2,) * 2, *(-SPACING // 2,) * 2)
        painter.save()
        painter.fillRect(place, palette.color(roles.Highlight if is_chosen else roles.AlternateBase))
        inner = place.adjusted(SPACING, SPACING, -SPACING, -SPACING)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            shown = QRect(QPoint(0, 0), picture.size().boundedTo(_PICTURE))
            room = QRect(inner.topLeft(), QSize(inner.width(), _PICTURE.height()))
            painter.drawPixmap(shown.translated(room.center() - shown.center()), picture, shown)
        self._write(painter, inner, card, palette.color(roles.HighlightedText if is_chosen else roles.Text))
        pen = QPen(theme.color("trouble" if card.troubles else "good" if card.is_live else "real"), _EDGE)
        pen.setStyle(Qt.PenStyle.DashLine if card.troubles else Qt.PenStyle.SolidLine)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(place.adjusted(1, 1, -2, -2))
        painter.restore()

    def _write(self, painter: QPainter, inner: QRect, card: Card, ink: QColor) -> None:
        line, usual = painter.fontMetrics().lineSpacing(), painter.font()
        painter.setPen(ink)
        top = inner.top() + _PICTURE.height() + SPACING // 2
        for number, text in enumerate((card.student, *lines_of(card))[:_LINES]):
            painter.setFont(usual if number else bold(usual))
            room = QRect(inner.left(), top + number * line, inner.width(), line)
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, short)
        painter.setFont(usual)


@guarded
class CardList(QListView):
    """Arrows go from card to card, Enter and a double click open the run; several may be chosen."""

    run_chosen = Signal(Path)
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = _CardModel(self)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setModel(self._cards)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.setItemDelegate(_CardDelegate(self))
        self.activated.connect(self._on_activated)

    def put(self, cards: Sequence[Card]) -> None:
        """Show ``cards`` in their order; what is chosen stays so."""
        self._cards.put(cards)

    @property
    def cards(self) -> Sequence[Card]:
        """What is shown, in order."""
        return self._cards.cards

    def chosen(self) -> list[Card]:
        """Return the cards that are chosen, in order."""
        return [self.cards[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def retell(self) -> None:
        """Say everything in the current language, in the current size."""
        self.doItemsLayout()
        self.viewport().update()

    def _on_activated(self, index: QModelIndex) -> None:
        self.run_chosen.emit(self.cards[index.row()].run.path)
