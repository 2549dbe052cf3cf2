"""The trials of a search as a list of tiles: in order, each with its newest picture. Pictures take bounded room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from engine.arrays import Picture
from engine.datasets.sets import is_points
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from studio.guard import guarded
from studio.text.trials import BY_MEASURE, ordered, trial_told
from studio.widgets.pictures.image_view import picture_to_image

TRIAL = Qt.ItemDataRole.UserRole
_MOST_BYTES = 48 * 2**20  # of pictures as they came, and as much of those that were painted lately
_Index = QModelIndex | QPersistentModelIndex


@guarded
class TrialModel(QAbstractListModel):
    """``TRIAL`` is the record, ``DecorationRole`` its whole picture as a pixmap, or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plan: Plan | None = None
        self.order = BY_MEASURE
        self.rows: list[TrialRecord] = []
        self._pictures: dict[int, Picture] = {}
        self._painted: dict[int, QPixmap] = {}

    @property
    def pictures(self) -> Mapping[int, Picture]:
        """The newest picture of each trial that has one."""
        return self._pictures

    @property
    def has_whole_pictures(self) -> bool:
        """Whether a picture is one, of all points, and no grid of many."""
        return self.plan is not None and is_points(self.plan.config.dataset)

    # --- filling

    def show_trials(self, plan: Plan | None, trials: Iterable[TrialRecord], pictures: Mapping[int, Picture]) -> None:
        """Show the trials of another search; without a plan, nothing."""
        self.beginResetModel()
        self.plan = plan
        self._pictures, self._painted = {}, {}
        for number, picture in pictures.items():
            self._keep(number, picture)
        self.rows = ordered(plan, trials, self.order) if plan else []
        self.endResetModel()

    def put(self, trial: TrialRecord) -> None:
        """Take up what is new of a trial."""
        at = self.row_of(trial.number)
        if at < 0:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self.rows.insert(0, trial)
            self.endInsertRows()
        else:
            self.rows[at] = trial
            self.dataChanged.emit(self.index(at), self.index(at))
        self._arrange()

    def put_picture(self, number: int, picture: Picture) -> None:
        """Show the newest picture of a trial."""
        self._keep(number, picture)
        self._painted.pop(number, None)
        at = self.row_of(number)
        if at >= 0:
            self.dataChanged.emit(self.index(at), self.index(at))

    def arrange(self, order: str) -> None:
        """Sort by another order."""
        self.order = order
        self._arrange()

    def retranslate(self) -> None:
        """Say everything in the current language."""
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def pixmap(self, number: int) -> QPixmap | None:
        """Return the newest picture of a trial, ready to be painted, None where there is none."""
        pixmap = self._painted.pop(number, None)
        if pixmap is None and number in self._pictures:
            pixmap = QPixmap.fromImage(picture_to_image(self._pictures[number]))
        if pixmap is not None:
            self._painted[number] = pixmap  # at the end: the first one was looked at longest ago
            most = max(_MOST_BYTES // max(4 * pixmap.width() * pixmap.height(), 1), 1)
            while len(self._painted) > most:
                self._painted.pop(next(iter(self._painted)))
        return pixmap

    def row_of(self, number: int) -> int:
        """Return where a trial stands, -1 where there is none of that number."""
        return next((at for at, trial in enumerate(self.rows) if trial.number == number), -1)

    # --- what Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - an invalid index is a constant
        """Return how many trials there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the record, its picture, or what a screen reader says of it."""
        if not index.isValid() or self.plan is None:
            return None
        trial = self.rows[index.row()]
        if role == TRIAL:
            return trial
        if role == Qt.ItemDataRole.DecorationRole:
            return self.pixmap(trial.number)
        is_told = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return trial_told(self.plan, trial).replace("\n", ", ") if is_told else None

    # --- inside

    def _arrange(self) -> None:
        if self.plan is None:
            return
        rows = ordered(self.plan, self.rows, self.order)
        if [trial.number for trial in rows] == [trial.number for trial in self.rows]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self.rows[index.row()].number for index in before]
        self.rows = rows
        self.changePersistentIndexList(before, [self.index(self.row_of(number)) for number in numbers])
        self.layoutChanged.emit()

    def _keep(self, number: int, picture: NDArray[np.uint8]) -> None:
        self._pictures.pop(number, None)
        self._pictures[number] = picture
        total = sum(kept.nbytes for kept in self._pictures.values())
        while total > _MOST_BYTES and len(self._pictures) > 1:
            total -= self._pictures.pop(next(iter(self._pictures))).nbytes
