"""The dialog that takes samples or the generator itself elsewhere. It knows no training, which may go on meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from engine.i18n import mark, number, tr
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.save_place import SavePlace
from studio.widgets.layouts.stacked import beside
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.messages.opening import open_folder
from studio.widgets.messages.work_bar import WorkBar

KINDS = {
    ".png": mark("Samples as one picture (PNG)"),
    ".npz": mark("Samples as arrays (NPZ): images, labels, z"),
    ".gif": mark("A walk from sample to sample (GIF)"),
    ".mp4": mark("A walk from sample to sample (MP4)"),
    ".onnx": mark("The generator as ONNX, for other languages and devices"),
    "": mark("The generator as weights with a short Python script, in a folder"),
}
"""The endings of what can be saved, and what each of them is; the last is a folder."""

_WALKS = (".gif", ".mp4")
_OF_POINTS = {
    ".csv": mark("Generated rows as a table (CSV)"),
    ".png": mark("Generated points as a picture (PNG)"),
    ".npz": mark("Generated points as arrays (NPZ): points, columns, z"),
    ".onnx": KINDS[".onnx"],
    "": KINDS[""],
}
"""The same for generators of points."""
_WHOLE = (".onnx", "")
_MOST, _MOST_STOPS, _MOST_SEED = 100_000, 100, 999_999
_USUAL, _USUAL_STOPS = 100, 8
_BY_CHANCE, _POINT = range(2)


@dataclass(frozen=True)
class ExportWish:
    """What is saved where: ``kind`` is one of ``KINDS``, or ".csv"; ``label`` None is all classes, ``from_point`` the
    point of Explore in the place of chance.
    """

    kind: str
    path: Path
    count: int
    label: int | None
    seed: int
    from_point: bool


class ExportDialog(Dialog):
    """``wanted`` carries an ``ExportWish``; ``place_wanted`` a name for which ``place`` shall have a suggestion."""

    wanted = Signal(ExportWish)
    cancel_requested = Signal()
    place_wanted = Signal(str)

    def __init__(
        self, run: str, names: tuple[str, ...], parent: QWidget | None = None, *, of_points: bool = False
    ) -> None:
        super().__init__("export_dialog", parent, Buttons.Close)
        self._run, self._names, self._kinds = run, names, _OF_POINTS if of_points else KINDS
        self._is_saving = False
        self._build()
        self._connect()
        self.retranslate()

    def begin(self) -> None:
        """Look for a place, now that somebody hears of it."""
        self._on_kind_chosen()

    def done(self, result: int) -> None:
        """Cancel what is being saved before the dialog goes."""
        self.cancel_requested.emit()
        super().done(result)

    # ---------------------------------------------------------------- what is told

    def show_progress(self, share: float | None) -> None:
        """Show how far saving is (0 to 1), or that nothing is being saved."""
        self._is_saving = share is not None
        self._show_state()
        self.work.show_share(share)

    def say(self, text: str) -> None:
        """Say what went wrong; nothing while all is well."""
        self.message.dismiss()
        if text:
            self.message.warn(text, "")

    def show_saved(self, path: Path, told: str = "") -> None:
        """Say where it is, and what was found out about it."""
        self.place.look()
        self.message.tell(
            lambda: " ".join(filter(None, (tr("Saved as “{path}”.", path=path), told))),
            lambda: tr("Show in its folder"),
            lambda: open_folder(path.parent, self.message),
        )

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        self.message = MessageBar()
        self.kind_box, self.source_box, self.class_box = (
            set_object_name(ElidingComboBox(), name) for name in ("export_kind", "export_source", "export_class")
        )
        self.count_box = set_object_name(NumberBox(1, _MOST, whole=True), "export_count")
        self.seed_box = set_object_name(NumberBox(0, _MOST_SEED, whole=True), "export_seed")
        self.seed_box.setSingleStep(1)  # a seed is a name, no amount
        self.place = SavePlace("export", self._kinds)
        self.summary = QLabel(wordWrap=True)
        self.save_button = set_object_name(QPushButton(), "save_export_button")
        self.work = WorkBar(keeps_room=True, heir=self.save_button)
        self.work.button.setObjectName("stop_export_button")
        self.buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        for kind in self._kinds:
            self.kind_box.addItem("", kind)
        self.source_box.addItems(["", ""])
        self.class_box.addItems(["", *self._names])
        self._form = QFormLayout()
        self._form.setSpacing(SPACING)
        self._labels = [QLabel() for _ in range(6)]
        fields = (self.kind_box, self.source_box, self.class_box, self.count_box, self.seed_box, self.place.edit)
        for label, field in zip(self._labels, fields, strict=True):
            label.setBuddy(field)
        self._form.addRow(self._labels[0], beside(self.kind_box, HelpButton("export", self)))
        for label, field in zip(self._labels[1:5], fields[1:5], strict=True):
            self._form.addRow(label, field)
        self._form.addRow("", self.count_box.note)
        self._form.addRow("", self.seed_box.note)
        self._form.addRow(self._labels[5], self.place)
        whole = self.column()
        whole.addWidget(MessagePlace(self.message))
        whole.addLayout(self._form)
        whole.addWidget(self.summary)
        whole.addWidget(self.work)
        whole.addWidget(self.buttons)
        self.main_button = self.save_button
        self.setMinimumWidth(70 * SPACING)
        self.kind_box.setFocus()

    def _connect(self) -> None:
        self.kind_box.currentIndexChanged.connect(self._on_kind_chosen)
        self.source_box.currentIndexChanged.connect(self._show_state)
        for box in (self.count_box, self.seed_box):
            box.problem_changed.connect(self._show_state)
        self.place.changed.connect(self._show_state)
        self.place.ending_typed.connect(self._on_ending_typed)
        self.save_button.clicked.connect(self._on_save)
        self.work.canceled.connect(self.cancel_requested)

    # ---------------------------------------------------------------- what the person wants

    @property
    def kind(self) -> str:
        """The ending of what is saved."""
        return str(self.kind_box.currentData())

    def _on_kind_chosen(self) -> None:
        is_walk = self.kind in _WALKS
        most, usual = (_MOST_STOPS, _USUAL_STOPS) if is_walk else (_MOST, _USUAL)
        if self.count_box.maximum() != most or self.count_box.value() < 2:
            self.count_box.setRange(2 if is_walk else 1, most)
            self.count_box.setValue(usual)
        self.place.set_ending(self.kind)
        if not self.place.is_said:
            self.place_wanted.emit(re.sub(r"[^\w.-]+", "-", self._run) + self.kind)

    def _on_ending_typed(self, ending: str) -> None:
        self.kind_box.setCurrentIndex(self.kind_box.findData(ending))

    def _on_save(self) -> None:
        for box in (self.count_box, self.seed_box):
            box.finish()
            if box.problem:
                return
        path = self.place.settled()
        label = self.class_box.currentIndex() - 1
        self.wanted.emit(
            ExportWish(
                self.kind,
                path,
                int(self.count_box.value()),
                label if label >= 0 else None,
                int(self.seed_box.value()),
                self.source_box.currentIndex() == _POINT,
            )
        )
        if self._is_saving:
            self.work.button.setFocus()

    # ---------------------------------------------------------------- showing

    def _show_state(self) -> None:
        free, is_whole = not self._is_saving, self.kind in _WHOLE
        is_point = self.source_box.currentIndex() == _POINT and self.kind not in _WALKS
        rows = (True, not is_whole, not is_whole and bool(self._names), not is_whole, not is_whole, True)
        for row, (is_seen, label) in enumerate(zip(rows, self._labels, strict=True)):
            self._form.setRowVisible(row, is_seen)
            label.setEnabled(free)
        for part in (self.kind_box, self.source_box, self.class_box, self.place):
            part.setEnabled(free)
        for box in (self.count_box, self.seed_box):
            box.setEnabled(free and not is_point)
        is_wrong = not is_whole and not is_point and bool(self.count_box.problem or self.seed_box.problem)
        self.save_button.setEnabled(free and self.place.is_said and not is_wrong)
        self.summary.setText(self.place.replaced_told() if free else "")
        self._labels[3].setText(tr("Stops") if self.kind in _WALKS else tr("Count"))
        self.count_box.setAccessibleName(self._labels[3].text())
        self._labels[5].setText(tr("File") if self.kind else tr("Folder"))
        self.place.edit.setAccessibleName(self._labels[5].text())

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Export samples or the generator"))
        for index, text in enumerate(self._kinds.values()):
            self.kind_box.setItemText(index, tr(text))
        for index, text in enumerate((tr("by chance"), tr("from the point where Explore stands"))):
            self.source_box.setItemText(index, text)
        for index, text in enumerate((tr("all in turn"), *(tr(name) for name in self._names))):
            self.class_box.setItemText(index, text)
        names = (tr("Kind"), tr("Samples"), tr("Class"), "", tr("Seed"), "")
        fields = (self.kind_box, self.source_box, self.class_box, self.count_box, self.seed_box, self.place.edit)
        for label, field, name in zip(self._labels, fields, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self.seed_box.setToolTip(tr("The same seed gives the same samples again"))
        most = number(_MOST_STOPS)
        self.count_box.setToolTip(tr("How many samples; of a walk, how many it passes, up to {most}", most=most))
        self.work.name_it(tr("Saving"), cancel=tr("Cancel saving"))
        self.save_button.setText(tr("Save"))
        self.buttons.button(Buttons.Close).setText(tr("Close"))
        self._show_state()
