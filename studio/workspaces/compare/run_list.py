"""The runs that can be opened again, newest first, each with its last sample grid; and those that cannot, with why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from engine.i18n import tr
from engine.runs import ListedRun
from studio import theme
from studio.help.help_button import HelpButton
from studio.widgets.object_names import set_object_name
from studio.widgets.run_model import PREVIEW, RunModel
from studio.widgets.view import View


class RunList(View):
    """Emits ``run_chosen(Path)`` when the person opens one."""

    run_chosen = Signal(object)
    folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = set_object_name(QListView(), "run_history")
        self._list.setIconSize(PREVIEW)
        self._list.setWordWrap(True)
        self._list.setUniformItemSizes(True)
        self._list.setSpacing(2)
        self._model = RunModel(self._list)
        self._list.setModel(self._model)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._open = set_object_name(QPushButton(), "open_run_button")
        self._browse = set_object_name(QPushButton(), "browse_runs_button")
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addWidget(self._browse)
        buttons.addStretch()
        buttons.addWidget(HelpButton("runs", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, theme.SPACING)
        layout.addWidget(self._list)
        layout.addWidget(self._empty, 1)
        layout.addLayout(buttons)
        self._list.activated.connect(self._choose)
        self._list.selectionModel().currentChanged.connect(lambda now, _: self._open.setEnabled(now.isValid()))
        self._open.clicked.connect(lambda: self._choose(self._list.currentIndex()))
        self._browse.clicked.connect(self.folder_requested)
        self.retranslate()
        self.show_runs(())

    def show_runs(self, runs: Sequence[ListedRun]) -> None:
        """Show ``runs`` in the order given; the one that is chosen and the place in the list stay."""
        row = self._list.currentIndex().row()
        chosen = self._model.runs[row].path if row >= 0 else None
        place = self._list.verticalScrollBar().value()
        self._model.show_runs(runs)
        self._list.setCurrentIndex(self._model.index(self._model.row_of(chosen)))
        self._list.verticalScrollBar().setValue(place)
        self._list.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        self._open.setEnabled(self._list.currentIndex().isValid())

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._empty.setText(tr("Your runs are kept here. Train one first."))
        self._open.setText(tr("Open"))
        self._open.setToolTip(tr("Show this run again: curves, samples and explorer"))
        self._browse.setText(tr("Other folder…"))
        self._list.setAccessibleName(tr("Runs"))
        self._list.setToolTip(tr("Double-click a run to open it"))
        self._model.retranslate()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.run_chosen.emit(self._model.runs[index.row()].path)
