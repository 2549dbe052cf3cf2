"""Runs that go into one file and come out of one: what is asked before, told meanwhile, and offered in the end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.amounts import megabytes
from engine.i18n import tr
from engine.runs import RunSummary, words
from engine.runs.archive import SUFFIX, Exported
from studio.context import Context
from studio.model.messages import Subject
from studio.model.transfer import Arrival, Transfer
from studio.text.transfer import arrival_told, exported_told, transfer_told
from studio.widgets.dialogs.dialogs import FileDialog
from studio.workspaces.compare.run_table import RunTable

if TYPE_CHECKING:
    from studio.workspaces.compare.actions_presenter import ActionsPresenter


class TransfersPresenter(QObject):
    """Asks in dialogs above ``table``, and tells in the message bar."""

    def __init__(self, actions: ActionsPresenter, table: RunTable, context: Context) -> None:
        super().__init__(actions)
        self._actions, self._table, self._context = actions, table, context
        self._services = context.services
        self._is_new = True
        files = self._files = context.services.run_files
        for over in (files.exported, files.imported, files.canceled, files.failed):
            over.connect(self._on_over)
        files.exported.connect(self._on_exported)
        files.arrived.connect(self._offer_import)
        files.imported.connect(self._on_imported)
        files.progressed.connect(self._on_progressed)
        files.canceled.connect(self._on_canceled)

    def export(self) -> None:
        """Let the person say where the chosen run shall go as one file, and how large that may be."""
        run = self._table.chosen_runs()[0]
        self._files.measure(run.path, partial(self._ask_where, run))

    def _ask_where(self, run: RunSummary, most_bytes: int) -> None:
        title, name = words.title(run), run.path.name
        text = tr("Export “{run}” as one file: {size}", run=title, size=megabytes(most_bytes))
        dialog = FileDialog(self._table.window(), text)
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        dialog.setNameFilters([f"*{SUFFIX}"])
        dialog.selectFile(f"{name}{SUFFIX}")
        dialog.fileSelected.connect(lambda file: self._files.export(run.path, Path(file), title))
        dialog.open()

    def _on_exported(self, done: Exported) -> None:
        self._context.messages.tell(
            partial(exported_told, done),
            lambda: tr("Show the folder"),
            lambda: self._context.runs.show_folder(done.path.parent),
        )

    def import_file(self) -> None:
        """Let the person choose files that hold runs: what is in a single one is told first."""
        dialog = FileDialog(self._table.window(), tr("Import a run"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"*{SUFFIX}"])
        dialog.filesSelected.connect(lambda files: self._files.take([Path(file) for file in files]))
        dialog.open()

    def _offer_import(self, arrival: Arrival) -> None:
        self._context.messages.tell(
            partial(arrival_told, arrival),
            lambda: tr("Import it"),
            lambda: self._files.import_file(arrival.file, arrival.name),
        )

    def _on_imported(self, path: Path) -> None:
        self._services.runs.look_again(path)
        name = self._files.name
        self._context.messages.tell(
            lambda: tr("“{run}” is among your runs now, in the folder “{folder}”.", run=name, folder=path.name),
            lambda: tr("Look at it"),
            lambda: self._actions.open(path),
            Subject.TRANSFER,  # of several, the last one is told
        )

    def _on_progressed(self, transfer: Transfer) -> None:
        """Tell how far an export or import is, unless the person closed that."""
        messages = self._context.messages
        tell = messages.tell if self._is_new else messages.renew
        self._is_new = False
        tell(partial(transfer_told, transfer), lambda: tr("Cancel"), self._files.cancel, Subject.TRANSFER)

    def _on_over(self, _: object = None) -> None:
        self._is_new = True
        self._context.messages.retract(Subject.TRANSFER)

    def _on_canceled(self) -> None:
        self._context.messages.tell(lambda: tr("It was canceled, and nothing is left of it."))
