"""Points of latent space as small pictures beside each other: chosen, dragged, dropped, renamed, removed.

It knows no generator, and not what the points are for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from engine.arrays import Picture, Pictures
from engine.errors import UserError
from studio.commands import Command, menu_of
from studio.guard import guarded
from studio.model.explored import Explored, LatentPoint
from studio.model.points import read_point, text_of
from studio.part_keys import POINTS_REMOVE
from studio.theme import SPACING
from studio.widgets.pictures.image_view import picture_to_image

POINT_KIND = "application/x-duelo-point"
"""What a point is called while it is dragged; it is text for any other program."""
LARGE, SMALL = 56, 28  # sides of a picture, as near as whole pixels allow: twice a digit, and once
_MORE = SPACING
_LETTERS = 9  # of a name of a person's own


def side_of(picture: Picture, wished: int = LARGE) -> int:
    """Return how large a picture is shown: by whole pixels, where it is not too large for that."""
    size = max(picture.shape[:2])
    return min(size * max(round(wished / size), 1), wished + _MORE)


@guarded
class PointList(QListWidget):
    """``dropped`` carries the number of the point that was dropped upon, -1 beside all, and the new ``LatentPoint``.

    While there are none, a list that ``folds`` is no taller than a line of text.

    ``shifted`` carries from where to where one was dragged, ``removed`` the numbers of those to be removed, ``refused``
    why something that was dropped is no point of the generator explored.
    """

    chosen = Signal(int)
    dropped = Signal(int, LatentPoint)
    shifted = Signal(int, int)
    removed = Signal(list)
    renamed = Signal(int, str)
    refused = Signal(str)

    def __init__(
        self,
        explored: Explored,
        parent: QWidget | None = None,
        *,
        side: int = LARGE,
        can_rename: bool = False,
        folds: bool = False,
    ) -> None:
        super().__init__(parent)
        self._explored, self._side, self._can_rename, self._folds = explored, side, can_rename, folds
        self._points: tuple[LatentPoint, ...] = ()
        self._placeholder = ""
        self._images: Pictures | None = None
        self.commands_of: Callable[[int], Sequence[Command]] = lambda index: ()
        """What can be done with the point of that number, -1 for none of them."""
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setFrameShape(QFrame.Shape.StyledPanel)  # a part of the list itself is seen, not its viewport alone
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.viewport().setAcceptDrops(True)  # which points that stand still do not by themselves
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed if can_rename else QAbstractItemView.EditTrigger.NoEditTriggers
        )
        if can_rename:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._fit(side)
        self.itemClicked.connect(lambda item: self.chosen.emit(self.row(item)))
        self.itemActivated.connect(lambda item: self.chosen.emit(self.row(item)))
        self.itemChanged.connect(lambda item: self.renamed.emit(self.row(item), item.text()))

    def set_points(
        self, points: Sequence[LatentPoint], names: Sequence[str], tips: Sequence[str] = (), placeholder: str = ""
    ) -> None:
        """Show ``points`` as they are called; ``placeholder`` is written where there are none."""
        self._points, self._placeholder = tuple(points), placeholder
        with QSignalBlocker(self):
            while self.count() > len(points):
                self.takeItem(self.count() - 1)
            while self.count() < len(points):
                self.addItem(self._made())
            for index, name in enumerate(names):
                item = self.item(index)
                item.setText(name)
                item.setToolTip(tips[index] if index < len(tips) else name)
        self.setFixedHeight(self.sizeHint().height())
        self.viewport().update()

    def set_side(self, side: int) -> None:
        """Show pictures as large as that, as near as whole pixels allow."""
        if side != self._side:
            self._side = side
            self.set_pictures(self._images)
            if self._images is None:
                self._fit(side)

    def set_pictures(self, images: Pictures | None) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` of all points, where there are as many, or none."""
        if images is None:
            self._images = None
            for index in range(self.count()):
                self.item(index).setIcon(self._made().icon())
        if images is None or len(images) != self.count():
            return
        self._images = images
        with QSignalBlocker(self):
            for index, picture in enumerate(images):
                self.item(index).setIcon(QIcon(self._pixmap(picture)))
        if len(images):
            self._fit(side_of(images[0], self._side))

    @property
    def points(self) -> tuple[LatentPoint, ...]:
        """Those that are shown."""
        return self._points

    def selected(self) -> list[int]:
        """Return the numbers of those that are selected."""
        return sorted(index.row() for index in self.selectedIndexes())

    def sizeHint(self) -> QSize:
        """A line of pictures with their names; wheel and arrows lead to those that have no room."""
        is_folded = self._folds and not self.count()
        height = self.fontMetrics().height() + SPACING if is_folded else self.gridSize().height()
        return QSize(4 * self.gridSize().width(), height + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """Two pictures."""
        return QSize(2 * self.gridSize().width(), self.sizeHint().height())

    # ---------------------------------------------------------------- what Qt calls

    def changeEvent(self, event: QEvent) -> None:
        """Larger names need more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit(self.iconSize().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove what is selected; Qt hears the other keys."""
        if POINTS_REMOVE.nth(event) is not None and self.selected():
            self.removed.emit(self.selected())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the point under the pointer, or with the one that has the focus."""
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentRow() if is_by_key else self.indexAt(event.pos()).row()
        place = self.visualItemRect(self.item(index)).center() if is_by_key and index >= 0 else event.pos()
        commands = self.commands_of(index)
        if commands:
            menu_of(commands, self).popup(self.viewport().mapToGlobal(place))

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """Return the first of ``items`` as text, which any program takes."""
        mime = QMimeData()
        if items:
            text = text_of(self._points[self.row(items[0])], self._explored)
            mime.setData(POINT_KIND, text.encode())
            mime.setText(text)
        return mime

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let a point come in."""
        self._welcome(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Let a point come in anywhere."""
        self._welcome(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped where."""
        text = _text(event.mimeData())
        if not text:
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_dropped(text, event.position().toPoint(), is_own=event.source() is self)

    def take_dropped(self, text: str, place: QPoint, *, is_own: bool = False) -> None:
        """Tell of the point in ``text`` that was dropped at ``place``, one of these where ``is_own``."""
        onto = self.indexAt(place).row()
        if is_own:
            self.shifted.emit(self.currentRow(), onto if onto >= 0 else self.count() - 1)
            return
        try:
            self.dropped.emit(onto, read_point(text, self._explored))
        except UserError as error:
            self.refused.emit(error.whole)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what to do where there is nothing."""
        super().paintEvent(event)
        if not self.count() and self._placeholder:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            place, text = self.viewport().rect().adjusted(SPACING, 0, -SPACING, 0), self._placeholder
            if self._folds:
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)

    # ---------------------------------------------------------------- parts

    def _made(self) -> QListWidgetItem:
        item = QListWidgetItem()
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if self._can_rename else flags)
        empty = QPixmap(self.iconSize())
        empty.fill(Qt.GlobalColor.transparent)
        item.setIcon(QIcon(empty))
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        return item

    def _pixmap(self, picture: Picture) -> QPixmap:
        ratio, side = self.devicePixelRatioF(), side_of(picture, self._side)
        is_large = max(picture.shape[:2]) > side * ratio
        how = Qt.TransformationMode.SmoothTransformation if is_large else Qt.TransformationMode.FastTransformation
        size = QSize(round(side * ratio), round(side * ratio))
        image = picture_to_image(picture).scaled(size, Qt.AspectRatioMode.KeepAspectRatio, how)
        image.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(image)

    def _fit(self, side: int) -> None:
        self.setIconSize(QSize(side, side))
        name = _LETTERS * self.fontMetrics().averageCharWidth() if self._can_rename else 0
        self.setGridSize(QSize(max(side + SPACING, name), side + self.fontMetrics().height() + SPACING))
        self.setFixedHeight(self.sizeHint().height())

    def _welcome(self, event: QDragMoveEvent) -> None:
        if _text(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()


def _text(mime: QMimeData) -> str:
    if mime.hasFormat(POINT_KIND):
        return bytes(mime.data(POINT_KIND).data()).decode(errors="replace")
    return mime.text() if mime.hasText() and not mime.hasUrls() else ""
