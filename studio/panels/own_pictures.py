"""The dialog that turns a folder of a person's own pictures into a data set: options, preview, counts, report.

It knows no training: whoever listens to ``chosen`` begins one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from engine import files
from engine.amounts import duration
from engine.config import Config, option
from engine.datasets.image_folder import REASON_TITLES, FolderReport, PrepareOptions, remarks
from engine.i18n import again, number, tr, trn
from engine.job import Progress
from engine.pictures import tile
from engine.recipes import DEFAULT_RECIPE, RECIPES
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.messages import Subject
from studio.services.picture_reader import PictureReader
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.drop_target import DropTarget
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.picture_options import PictureOptions
from studio.widgets.layouts.stacked import below, beside
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.tables.record_table import RecordTable
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner

_COLUMNS, _ROWS = 8, 5
_DIGIT_SIZE = 28  # the side of the images with which the recipes' speed was measured
_SETTLE_MS = 200  # an arrow held down in the size box begins one reading, not ten


class OwnPicturesDialog(Dialog):
    """Emits ``chosen(folder, options)`` when the person wants to train on these pictures.

    ``config`` gives the options to begin with; ``folder`` is read at once. ``recipe`` says how long is usual.

    ``speed_asked`` wants to know how fast one with such options is here. Who hears it answers with ``show_speed``;
    where nobody does, ``recipe`` says that, too.
    """

    chosen = Signal(str, dict)
    speed_asked = Signal(dict)

    def __init__(
        self, jobs: JobRunner, config: Config | None = None, folder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("own_pictures_dialog", parent, Buttons.Cancel)
        self._folder = ""
        self._report: FolderReport | None = None
        self._loading: Progress | None = None
        self.recipe = RECIPES.get((config or Config()).recipe, RECIPES[DEFAULT_RECIPE])
        self._is_reading = self._is_enough = False
        self._speed: float | None = 0.0  # images/s; 0: nobody knows it here, None: it is being found out
        self._length_is_chosen = False  # by the person; otherwise it follows the number of pictures
        self._reader = PictureReader(_COLUMNS * _ROWS, jobs, self)
        self._drops = DropTarget(self, jobs)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._build(config or Config())
        self._connect()
        self.retranslate()
        self._show_state()
        self.resize(112 * theme.SPACING, 84 * theme.SPACING)
        if folder:
            self.set_folder(folder)

    def set_folder(self, folder: str) -> None:
        """Read ``folder`` and show what is in it."""
        self._folder = folder.strip()
        self._edit.setText(self._folder)
        if self._folder:
            self._read()

    def show_speed(self, values: Mapping[str, Any], speed: float | None) -> None:
        """Count with ``speed``, in images/s, where ``values`` are chosen still.

        None: it comes later, and no time is told until then; 0: nothing is known of this machine.
        """
        if values == self._options.values():
            self._speed = speed
            self._show_length()

    def done(self, result: int) -> None:
        """End the reading before the dialog goes."""
        self._settle.stop()
        self._reader.cancel()
        super().done(result)

    # --- building

    def _build(self, config: Config) -> None:
        self._edit = set_object_name(QLineEdit(), "picture_folder")
        self._browse = set_object_name(QPushButton(autoDefault=False), "choose_folder_button")
        self._edit.setAcceptDrops(False)  # a drop is the dialog's
        self._message = MessageBar()
        self._options = PictureOptions(config)
        self._length = self._length_box()
        self._length_title, self._length_note = QLabel(), set_object_name(QLabel(wordWrap=True), "picture_length_note")
        self._length_title.setBuddy(self._length)
        self._classes_title, self._preview_title, self._skipped_title = (_heading() for _ in range(3))
        self._classes_title.setObjectName("classes_title")
        self._classes = set_object_name(RecordTable(), "class_table")
        self._preview = set_object_name(ImageView(), "picture_preview")
        self._skipped = set_object_name(RecordTable(), "skipped_table")
        self._skipped.setFixedHeight(11 * theme.SPACING)
        self._reasons = QLabel(wordWrap=True)
        self._remarks = set_object_name(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), "picture_remarks")
        self._preview.setMinimumHeight(38 * theme.SPACING)  # digits at twice their size
        self._progress = set_object_name(ProgressBar(), "reading_progress")
        self._stop = set_object_name(QPushButton(autoDefault=False), "stop_reading_button")
        self._train = set_object_name(QPushButton(), "train_pictures_button")
        self.buttons.addButton(self._train, QDialogButtonBox.ButtonRole.AcceptRole)
        self.main_button = self._train
        left = below(self._options, self._classes_title, self._classes)
        left.addLayout(beside(self._length_title, self._length))
        left.addWidget(self._length.note)
        left.addWidget(self._length_note)
        right = below(self._preview_title, self._preview, self._skipped_title, self._reasons, self._skipped)
        right.setStretchFactor(self._preview, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * theme.SPACING)
        middle.addLayout(left, 2)
        middle.addLayout(right, 5)
        whole = self.column()
        whole.addLayout(beside(self._edit, self._browse, HelpButton("pictures", self)))
        whole.addWidget(MessagePlace(self._message))
        whole.addLayout(middle, 1)
        whole.addWidget(self._remarks)
        whole.addLayout(beside(self._progress, self._stop))
        whole.addWidget(self.buttons)

    def _length_box(self) -> NumberBox:
        spec = option("epochs")
        return set_object_name(NumberBox(spec.minimum or 1, spec.maximum or 1, whole=True), "picture_epochs")

    def _connect(self) -> None:
        self._drops.folder_dropped.connect(self.set_folder)
        self._drops.refused.connect(partial(self._message.warn, about=Subject.DATA))
        self._browse.clicked.connect(self._choose)
        self._edit.returnPressed.connect(lambda: self.set_folder(self._edit.text()))
        self._options.changed.connect(self._on_options_changed)
        self._length.valueChanged.connect(self._on_length_chosen)
        self._length.problem_changed.connect(self._show_state)
        self._options.problem_changed.connect(self._show_state)
        self._settle.timeout.connect(self._read)
        self._stop.clicked.connect(self._on_stop)
        self._reader.progressed.connect(self._on_progressed)
        self._reader.preview_ready.connect(self._on_preview_ready)
        self._reader.reported.connect(self._on_reported)
        self._reader.failed.connect(self._on_failed)

    # --- reading

    def _choose(self) -> None:
        dialog = FileDialog(self, tr("Choose a folder with pictures"), self._folder)
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.set_folder)
        dialog.open()

    def _on_options_changed(self) -> None:
        if self._folder:
            self._forget()
            self._settle.start()

    def _forget(self) -> None:
        """What was reported no longer holds."""
        self._reader.cancel()
        self._report, self._is_reading, self._is_enough = None, False, False
        self._message.dismiss()
        self._show_state()

    def _read(self) -> None:
        self._forget()
        self._is_reading, self._loading = True, None
        self._progress.show_count(0, 0)
        self._progress.setFormat("")
        self._show_state()
        self._reader.read(files.typed(self._folder), PrepareOptions(**self._options.values()))

    def _on_stop(self) -> None:
        if self._is_reading:
            self._forget()
        else:
            self._read()

    def _on_progressed(self, loading: Progress) -> None:
        self._loading = loading
        self._show_progress()

    def _show_progress(self) -> None:
        loading = self._loading
        if loading is None or not self._is_reading:
            return
        self._progress.show_count(loading.done, loading.total)
        numbers = {"done": number(loading.done), "total": number(loading.total)}
        self._progress.setFormat(
            tr("{what}: {done} of {total}", what=again(loading.what), **numbers).replace("%", "%%")
        )

    def _on_preview_ready(self, images: NDArray[np.uint8]) -> None:
        self._preview.set_picture(tile(images, _COLUMNS) if len(images) else None)

    def _on_reported(self, report: FolderReport, is_enough: bool) -> None:
        self._report, self._is_reading, self._is_enough = report, False, is_enough
        if not self._length_is_chosen:
            with QSignalBlocker(self._length):
                self._length.setValue(self.recipe.length_on(report.taken)["epochs"])
        self._speed = 0.0
        self.speed_asked.emit(self._options.values())
        self._show_length()
        self._show_state()

    def _on_length_chosen(self) -> None:
        self._length_is_chosen = True
        self._show_length()

    def _on_failed(self, failure: Failure) -> None:
        self._is_reading = False
        self._message.warn(failure.message, failure.hint, failure.details, about=Subject.DATA)
        if self._report is None:
            self._preview.set_picture(None)
        self._show_state()

    def take(self) -> bool:
        """Tell folder and options, unless something about them makes no sense."""
        self._length.finish()
        self._options.finish()
        if not self._is_ready():
            return False
        epochs = int(self._length.value())
        length = self.recipe.length_on(self._report.taken if self._report else 0, epochs)
        self.chosen.emit(str(files.typed(self._folder)), self._options.values() | length)
        return True

    def _is_ready(self) -> bool:
        return self._is_enough and not (self._length.problem or self._options.problem)

    # --- showing

    def _show_state(self) -> None:
        report = self._report
        self._train.setEnabled(self._is_ready())
        self._progress.setVisible(self._is_reading)
        self._stop.setVisible(self._is_reading or (bool(self._folder) and report is None))
        self._stop.setText(tr("Stop reading") if self._is_reading else tr("Read again"))
        for shown in (self._classes, self._length_title, self._length, self._length_note):
            shown.setVisible(report is not None and (shown is self._classes or self._is_enough))
        for part in (self._skipped_title, self._reasons, self._skipped):
            part.setVisible(report is not None and bool(report.skipped))
        self._remarks.setVisible(report is not None and bool(remarks(report)))
        self._classes_title.setText(_summary(report) if report else "")
        if report:
            self._show_inspected(report)

    def _show_inspected(self, report: FolderReport) -> None:
        self._remarks.setText("\n".join(remarks(report)))
        names = report.class_names or (tr("no classes"),)
        self._classes.show_rows(list(zip(names, report.counts, strict=True)), (tr("Class"), tr("Pictures")))
        titles = {reason: tr(title) for reason, title in REASON_TITLES.items()}
        rows = sorted((titles[one.reason], one.path) for one in report.skipped)
        self._skipped.show_rows([(path, reason) for reason, path in rows], (tr("File"), tr("Why it is left out")))
        counts = Counter(reason for reason, _ in rows)
        self._skipped_title.setText(trn("{count} is left out", "{count} are left out", len(rows)))
        self._reasons.setText(" · ".join(f"{reason}: {count}" for reason, count in counts.items()))

    def _show_length(self) -> None:
        images = int(self._length.value()) * (self._report.taken if self._report else 0)
        if self._speed is None:
            text = ""
        elif self._speed:
            numbers = {"count": number(images), "time": duration(images / self._speed)}
            text = tr("{count} images in all, about {time}, as trainings on this machine did.", **numbers)
        else:
            work = images * (self._options.values()["image_size"] / _DIGIT_SIZE) ** 2
            numbers = {"count": number(images), "time": duration(work / self.recipe.images_per_second)}
            text = tr("{count} images in all, about {time} on two cores.", **numbers)
        self._length_note.setText(text)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Own pictures"))
        self._edit.setPlaceholderText(tr("Folder with pictures; each of its sub-folders is a class"))
        self._edit.setAccessibleName(tr("Folder with pictures"))
        self._browse.setText(tr("Choose folder…"))
        self._preview_title.setText(tr("What D will see"))
        spec = option("epochs")
        self._length_title.setText(tr(spec.label))
        self._length.setAccessibleName(tr(spec.label))
        self._length.setToolTip(tr("Chosen so that training sees as many images as the recipe does of its own data."))
        self._show_length()
        self._show_progress()
        self._preview.placeholder = tr("Drop a folder with pictures here, or choose one.")
        self._preview.setAccessibleName(tr("Prepared pictures, as D will see them"))
        self._classes.setAccessibleName(tr("Pictures of each class"))
        self._skipped.setAccessibleName(tr("Files that are left out, and why"))
        self._progress.setAccessibleName(tr("Reading pictures"))
        self._train.setText(tr("Train on these pictures"))
        self.buttons.button(Buttons.Cancel).setText(tr("Cancel"))
        self._show_state()


def _summary(report: FolderReport) -> str:
    return trn("{count} picture is taken", "{count} pictures are taken", report.taken)


def _heading() -> QLabel:
    plain = heading()
    plain.setTextFormat(Qt.TextFormat.PlainText)
    return plain


def _show() -> None:
    """Show the dialog with a folder of digits, a damaged file and a copy among them."""
    import tempfile
    from pathlib import Path

    from PIL import Image
    from PySide6.QtWidgets import QApplication

    from engine.datasets import digits

    app = QApplication([])
    theme.set_scheme("light")
    images, labels = digits.load()
    with tempfile.TemporaryDirectory() as folder:
        for index in range(0, len(labels), 25):
            place = Path(folder) / f"digit {labels[index]}"
            place.mkdir(exist_ok=True)
            Image.fromarray(images[index]).resize((90, 60)).save(place / f"{index}.png")
        (Path(folder) / "digit 3" / "damaged.jpg").write_bytes(b"no picture")
        (Path(folder) / "digit 3" / "copy.png").write_bytes((Path(folder) / "digit 0" / "0.png").read_bytes())
        Image.fromarray(images[0]).save(Path(folder) / "beside.png")
        dialog = OwnPicturesDialog(JobRunner(app), folder=folder)
        dialog.chosen.connect(print)
        dialog.show()
        app.exec()


if __name__ == "__main__":
    _show()
