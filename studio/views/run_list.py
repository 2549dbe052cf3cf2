"""The runs that can be opened again, newest first, each with its last sample grid."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from engine.data.catalogue import DATASETS
from engine.i18n import number, tr, trn
from engine.run_folder import RunSummary
from studio import theme
from studio.widgets.named import named
from studio.widgets.view import View

_PREVIEW = QSize(96, 80)


class RunList(View):
    """Emits ``run_chosen(Path)`` when the person opens one."""

    run_chosen = Signal(object)
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunSummary] = []
        self._list = named(QListWidget(), "run_history")
        self._list.setIconSize(_PREVIEW)
        self._list.setWordWrap(True)
        self._list.setUniformItemSizes(True)
        self._list.setSpacing(2)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._open = named(QPushButton(), "open_run_button")
        self._browse = named(QPushButton(), "browse_runs_button")
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addWidget(self._browse)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        layout.addWidget(self._list)
        layout.addWidget(self._empty, 1)
        layout.addLayout(buttons)
        self._list.itemActivated.connect(self._choose)
        self._list.currentItemChanged.connect(lambda now, _: self._open.setEnabled(now is not None))
        self._open.clicked.connect(lambda: self._choose(self._list.currentItem()))
        self._browse.clicked.connect(self.folder_wanted)
        self.retranslate()

    def show_runs(self, runs: list[RunSummary]) -> None:
        """Show ``runs`` in the order given."""
        self._runs = runs
        self._list.clear()
        for run in runs:
            item = QListWidgetItem(_picture(run.preview), _describe(run, self.locale()))
            item.setData(Qt.ItemDataRole.UserRole, run.path)
            item.setToolTip(str(run.path))
            self._list.addItem(item)
        self._list.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        self._open.setEnabled(False)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._empty.setText(tr("Your runs are kept here. Train one first."))
        self._open.setText(tr("Open"))
        self._open.setToolTip(tr("Show this run again: curves, samples and explorer"))
        self._browse.setText(tr("Other folder…"))
        self._list.setAccessibleName(tr("Runs"))
        self._list.setToolTip(tr("Double-click a run to open it"))
        self.show_runs(self._runs)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.run_chosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))


def _describe(run: RunSummary, locale: QLocale) -> str:
    when = locale.toString(QDateTime.fromSecsSinceEpoch(int(run.modified)), QLocale.FormatType.ShortFormat)
    epochs = run.images_seen // run.image_count
    total = -(-run.total_images // run.image_count)
    progress = (
        trn("{count} epoch, finished", "{count} epochs, finished", total)
        if run.finished
        else tr("stopped at epoch {epoch} of {total}", epoch=number(epochs), total=number(total))
    )
    dataset = DATASETS.get(run.config.dataset)
    return f"{run.config.recipe} · {tr(dataset.title) if dataset else run.config.dataset}\n{when}\n{progress}"


def _picture(path: Path | None) -> QIcon:
    pixmap = QPixmap(str(path)) if path else QPixmap()
    if pixmap.isNull():
        pixmap = QPixmap(_PREVIEW)
        pixmap.fill(Qt.GlobalColor.transparent)
        return QIcon(pixmap)
    # The corner of the grid at its own size shows digits; the whole grid made small would only show grey.
    return QIcon(pixmap.copy(0, 0, *_PREVIEW.toTuple()))
