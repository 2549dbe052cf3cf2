"""The tiles of a search: arrows go from one to the next, Enter opens one, the mouse above one enlarges it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QListView, QVBoxLayout, QWidget

from engine.search.records import TrialRecord
from studio.commands import Command, menu_of
from studio.guard import guarded
from studio.part_keys import TRIAL_OPEN, TRIALS_ALL
from studio.text.trials import trial_told
from studio.theme import SPACING
from studio.widgets.base.impatient import impatient
from studio.widgets.tables.trial_delegate import TrialDelegate
from studio.widgets.tables.trial_model import TRIAL, TrialModel

_TIMES = 2  # as large as the picture is


@guarded
class Enlarged(QFrame):
    """The whole picture of a trial, and all that is known of it, beside the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        self.setFrameShape(QFrame.Shape.Box)
        self.picture, self.words = QLabel(), QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.addWidget(self.picture)
        layout.addWidget(self.words)

    def show_trial(self, text: str, picture: object, place: QWidget, corner: tuple[int, int]) -> None:
        """Show a trial near ``corner`` of the screen, and whole."""
        has_picture = isinstance(picture, QPixmap)
        if isinstance(picture, QPixmap):
            self.picture.setPixmap(picture.scaled(picture.size() * _TIMES))
        self.picture.setVisible(has_picture)
        self.words.setText(text)
        self.adjustSize()
        screen = place.screen().availableGeometry()
        left = min(corner[0], screen.right() - self.width())
        top = min(corner[1], screen.bottom() - self.height())
        self.move(max(left, screen.left()), max(top, screen.top()))
        self.show()


@guarded
class TrialView(QListView):
    """``trial_opened`` carries the record that shall be looked at, ``chosen`` the numbers that are selected."""

    trial_opened = Signal(TrialRecord)
    chosen = Signal(list)

    def __init__(self, model: TrialModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trials = model
        self.commands: Callable[[], Iterable[Command]] = tuple
        self.enlarged = Enlarged(self)
        self.setModel(model)
        self.setItemDelegate(TrialDelegate(model, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.entered.connect(self._enlarge)
        self.viewportEntered.connect(self.enlarged.hide)
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.numbers()))
        model.modelReset.connect(self.enlarged.hide)

    def minimumSizeHint(self) -> QSize:
        """A column of tiles, and not even all of the first."""
        return QSize(20, 12) * SPACING

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles, each of which asks Python what it is like, also while a search computes beside it."""
        with impatient():
            super().paintEvent(event)

    # --- what is chosen

    def trials(self) -> list[TrialRecord]:
        """Return the trials that are selected."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._trials.rows[row] for row in rows]

    def numbers(self) -> list[int]:
        """Return their numbers."""
        return [trial.number for trial in self.trials()]

    def choose(self, numbers: Sequence[int]) -> None:
        """Select the trials with these numbers alone, and bring the first into sight."""
        if sorted(numbers) == sorted(self.numbers()):
            return
        selection, first = QItemSelection(), None
        for number in numbers:
            at = self._trials.row_of(number)
            if at >= 0:
                index = self._trials.index(at)
                selection.select(index, index)
                first = first or index
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if first is not None:
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)

    def _open(self, index: QModelIndex) -> None:
        trial = index.data(TRIAL)
        if isinstance(trial, TrialRecord):
            self.enlarged.hide()
            self.trial_opened.emit(trial)

    # --- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current one with Enter; keys that a list does not need are somebody else's."""
        if TRIAL_OPEN.nth(event) is not None and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.text() and TRIALS_ALL.nth(event) is None:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with the chosen trial."""
        self.enlarged.hide()
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Mouse and index.isValid() and not self._is_chosen(index):
            # Alone, whatever keys are held: the view's own way asks the keyboard.
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        menu_of(self.commands(), self).popup(event.globalPos())

    def _is_chosen(self, index: QModelIndex) -> bool:
        return self.selectionModel().isSelected(index)

    def _enlarge(self, index: QModelIndex) -> None:
        trial, plan = index.data(TRIAL), self._trials.plan
        if isinstance(trial, TrialRecord) and plan is not None:
            place = self.visualRect(index)
            corner = self.viewport().mapToGlobal(place.topRight())
            picture = index.data(Qt.ItemDataRole.DecorationRole)
            self.enlarged.show_trial(trial_told(plan, trial), picture, self, (corner.x() + SPACING, corner.y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is enlarged any more."""
        super().leaveEvent(event)
        self.enlarged.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is enlarged does not lie upon what is chosen."""
        self.enlarged.hide()
        super().mousePressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page is in front."""
        super().hideEvent(event)
        self.enlarged.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self.enlarged.hide()
