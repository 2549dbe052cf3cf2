"""The dialog in which a person draws a cloud of points, which becomes a table to train on.

It knows no training: whoever listens to ``chosen`` begins with the table that it carries.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton, QWidget

from engine.i18n import joined, tr, trn
from studio.help.help_button import HelpButton
from studio.part_keys import CLOUD_AGAIN, CLOUD_BACK, CLOUD_ERASER
from studio.services.drawings import keep_cloud
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.layouts.stacked import beside
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.plots.cloud_canvas import MOST_POINTS, CloudCanvas
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

FEWEST_POINTS = 50


class OwnPointsDialog(Dialog):
    """``chosen`` carries the path of a table with the columns x and y when the person wants to train on the drawing."""

    chosen = Signal(str)

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("own_points_dialog", parent, Buttons.Cancel)
        self._jobs = jobs
        self._job: RunningJob[Any, Any] | None = None
        self._about, self.told = QLabel(wordWrap=True), set_object_name(QLabel(wordWrap=True), "cloud_told")
        self.message, self.canvas = MessageBar(), CloudCanvas()
        names = ("cloud_eraser_button", "cloud_undo_button", "cloud_redo_button", "cloud_clear_button")
        self._tools = [set_object_name(CompactButton(), name) for name in names]
        self.eraser, self.undo, self.redo, self.clear = self._tools
        self.eraser.setCheckable(True)
        self.train = set_object_name(QPushButton(), "train_points_button")
        self.buttons.addButton(self.train, QDialogButtonBox.ButtonRole.AcceptRole)
        self.main_button = self.train
        self._lay_out()
        self.canvas.changed.connect(self._show)
        self.eraser.toggled.connect(partial(setattr, self.canvas, "erases"))
        for button, do in (
            (self.undo, self.canvas.undo),
            (self.redo, self.canvas.redo),
            (self.clear, self.canvas.clear),
        ):
            button.clicked.connect(do)
        for key, do in (
            (CLOUD_BACK, self.canvas.undo),
            (CLOUD_AGAIN, self.canvas.redo),
            (CLOUD_ERASER, self.eraser.toggle),
        ):
            key.shortcut(self, do)
        self.canvas.setFocus()
        self.retranslate()

    def take(self) -> bool:
        """Keep the drawing; once that is done the dialog goes."""
        self.train.setEnabled(False)
        listeners: Listeners[None, Path] = Listeners(result=self._on_kept, failed=self._on_not_kept)
        self._job = self._jobs.keep("keeping a drawing", partial(keep_cloud, self.canvas.points), listeners)
        return False

    def done(self, result: int) -> None:
        """What is being kept is kept all the same, and tells a dialog that goes nothing more."""
        if self._job is not None:
            self._job.cancel(silently=True)
        super().done(result)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Draw points"))
        self._about.setText(
            tr(
                "Spray a cloud: a letter, a spiral, some blots. It is kept as a table, and a GAN learns to make points "
                "that lie like yours."
            )
        )
        for button, text, tip in (
            (self.eraser, tr("Eraser"), tr("Take points away; the right mouse button does so, too")),
            (self.undo, tr("Back"), tr("Take the last stroke back")),
            (self.redo, tr("Again"), tr("Draw again what was taken back")),
            (self.clear, tr("Clear"), tr("Begin with an empty plane")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
        self.train.setText(tr("Train on these points"))
        self.buttons.button(Buttons.Cancel).setText(tr("Cancel"))
        self._show()

    # --- inside

    def _lay_out(self) -> None:
        column = self.column()
        column.addLayout(beside(self._about, HelpButton("drawn_points", self)))
        tools = beside(*self._tools)
        tools.addStretch()
        column.addLayout(tools)
        column.addWidget(MessagePlace(self.message))
        column.addWidget(self.canvas, 1)
        column.addWidget(self.told)
        column.addWidget(self.buttons)

    def _on_kept(self, path: Path) -> None:
        self._job = None
        self.chosen.emit(str(path))
        self.accept()

    def _on_not_kept(self, failed: Failure) -> None:
        self._job = None
        self.message.warn(failed.message, failed.hint, failed.details)
        self._show()

    def _show(self) -> None:
        count = len(self.canvas.points)
        self.undo.setEnabled(self.canvas.can_undo)
        self.redo.setEnabled(self.canvas.can_redo)
        self.clear.setEnabled(count > 0)
        self.train.setEnabled(count >= FEWEST_POINTS and self._job is None)
        missing = trn("{count} more is needed", "{count} more are needed", max(FEWEST_POINTS - count, 0))
        full = tr("there is no room for more") if count >= MOST_POINTS else ""
        told = missing if count < FEWEST_POINTS else full
        self.told.setText(joined(trn("{count} point", "{count} points", count), told, between=" · "))
