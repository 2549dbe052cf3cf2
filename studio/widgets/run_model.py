"""Runs as rows of an item view: what a row says is worked out when it is seen, so that thousands cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QWidget

from engine.datasets.catalog import DATASETS
from engine.i18n import again, number, tr, trn
from engine.runs import ListedRun, RunSummary, UnreadableRun
from engine.text import LONGEST_NAME, plain
from studio.guard import guarded

PREVIEW = QSize(96, 80)
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_LONGEST_REASON = 160
_WARNING = 32  # pixels


@guarded
class RunModel(QAbstractListModel):
    """Texts and pictures of ``runs``; one that cannot be opened says why."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.runs: Sequence[ListedRun] = ()

    def show_runs(self, runs: Sequence[ListedRun]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.runs = runs
        self.endResetModel()

    def retranslate(self) -> None:
        """Say the rows that are seen again."""
        if self.runs:
            self.dataChanged.emit(self.index(0), self.index(len(self.runs) - 1))

    def row_of(self, path: Path | None) -> int:
        """Return where the run in ``path`` stands, -1 where it does not."""
        return next((row for row, run in enumerate(self.runs) if run.path == path), -1)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Rows below the root, none below a row."""
        return 0 if parent.isValid() else len(self.runs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, picture and folder of a run."""
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _said(run, self._view.locale())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(run.path) if isinstance(run, RunSummary) else f"{plain(run.path)}\n{again(run.reason)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(run)
        return None

    def _icon(self, run: ListedRun) -> QIcon:
        """Return the picture in the middle of one size for all, from which the view takes the height of its rows."""
        canvas = QPixmap(PREVIEW)
        canvas.fill(Qt.GlobalColor.transparent)
        picture = QPixmap()
        if isinstance(run, UnreadableRun):
            warning = self._view.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)
            picture = warning.pixmap(_WARNING, _WARNING)
        elif run.preview is not None:
            picture = _pixmap(run.preview)
        free = canvas.size() - picture.size()
        painter = QPainter(canvas)
        painter.drawPixmap(free.width() // 2, free.height() // 2, picture)
        painter.end()
        return QIcon(canvas)


def _said(run: ListedRun, locale: QLocale) -> str:
    when = locale.toString(QDateTime.fromSecsSinceEpoch(int(run.modified)), QLocale.FormatType.ShortFormat)
    if isinstance(run, UnreadableRun):
        return "\n".join((plain(run.path.name, LONGEST_NAME), when, plain(again(run.reason), _LONGEST_REASON)))
    epochs = run.images_seen // run.image_count
    total = -(-run.total_images // run.image_count)
    if run.finished:
        progress = trn("{count} epoch, finished", "{count} epochs, finished", total)
    elif run.left_epoch:
        progress = tr("epoch {epoch} of {total}, no checkpoint", epoch=number(run.left_epoch), total=number(total))
    else:
        progress = tr("stopped at epoch {epoch} of {total}", epoch=number(epochs), total=number(total))
    dataset = DATASETS.get(run.config.dataset)
    data = tr(dataset.title) if dataset else plain(run.config.dataset, LONGEST_NAME)
    return f"{plain(run.config.recipe, LONGEST_NAME)} · {data}\n{when}\n{progress}"


def _pixmap(grid: NDArray[np.uint8]) -> QPixmap:
    pixels = np.ascontiguousarray(grid)
    kind = QImage.Format.Format_Grayscale8 if grid.ndim == 2 else QImage.Format.Format_RGB888
    return QPixmap.fromImage(QImage(pixels.data, grid.shape[1], grid.shape[0], pixels.strides[0], kind))
