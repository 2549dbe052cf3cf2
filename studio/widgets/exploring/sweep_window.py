"""The sweep as large as the screen allows, to be shown, copied and saved. It is told what to show and knows no run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from engine.arrays import Pictures
from engine.i18n import again, tr
from studio.help.help_button import HelpButton
from studio.part_keys import SWEEP_COPY, SWEEP_SAVE
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.fields.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.pictures.image_view import image_to_picture
from studio.widgets.pictures.sweep_sheet import COUNT, SweepSheet

_SHARE = 0.92  # of the screen


class SweepWindow(Dialog):
    """All rows, or one of them twice as large; the pictures follow the training.

    ``save_requested`` carries a ``PictureToSave``, to be told of in this window.
    """

    save_requested = Signal(PictureToSave)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sweep_window", parent, Buttons.Close)
        self._names: tuple[str, ...] = ()
        self._images: NDArray[np.uint8] | None = None
        self._origin = ""
        self.message_bar = MessageBar()
        self.sheet, self._origin_line = SweepSheet(), set_object_name(QLabel(), "sweep_origin")
        self._class_label, self.class_box = QLabel(), set_object_name(QComboBox(), "sweep_class_box")
        self._class_label.setBuddy(self.class_box)
        self.class_box.currentIndexChanged.connect(self._show)
        self._close = self.buttons.button(Buttons.Close)
        self.copy_button, self.save_button = (
            set_object_name(QPushButton(), "copy_sweep"),
            set_object_name(QPushButton(), "save_sweep"),
        )
        for button, act, keys in (
            (self.copy_button, self._copy, SWEEP_COPY),
            (self.save_button, self._ask_where_to_save, SWEEP_SAVE),
        ):
            self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(act)
            keys.shortcut(self, act)
        self._arrange()
        self.retranslate()
        self.resize(self.screen().availableSize() * _SHARE)

    def show_sweep(self, names: tuple[str, ...], images: Pictures | None, origin: str) -> None:
        """Show ten pictures for each of ``names``, or a single row of ten; ``origin`` says whose they are."""
        if names != self._names:
            self._names = names
            self.class_box.setCurrentIndex(0)
            self.retranslate()
        self._images, self._origin = images, origin
        self._show()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self._origin_line, 1)
        top.addWidget(self._class_label)
        top.addWidget(self.class_box)
        top.addWidget(HelpButton("sweep", self))
        bottom = QHBoxLayout()
        bottom.addWidget(self.message_bar, 1)  # beside the buttons: nothing jumps when it appears
        bottom.addWidget(self.buttons)
        bottom.addStrut(self.message_bar.line_height())
        layout = self.column()
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.sheet, 1)
        layout.addLayout(bottom)

    def _show(self) -> None:
        """Show all rows, or cut out the one that is chosen."""
        chosen, images = self.class_box.currentIndex() - 1, self._images
        if chosen >= 0 and images is not None:
            images = images[chosen * COUNT : (chosen + 1) * COUNT]
        self.sheet.set_names(() if chosen >= 0 else self._names)
        self.sheet.show_pictures(images)
        self._origin_line.setText(again(self._origin))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self.sheet.has_pictures)

    def _copy(self) -> None:
        if self.sheet.has_pictures:
            self.sheet.copy()
            self.message_bar.tell(lambda: tr("The picture is on the clipboard."))

    def _ask_where_to_save(self) -> None:
        if self.sheet.has_pictures:
            picture = image_to_picture(self.sheet.document())
            ask_where_to_save(self, tr("sweep.png"), picture, self.save_requested.emit, self.message_bar)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Sweep"))
        self._class_label.setText(tr("Show"))
        with QSignalBlocker(self.class_box):
            chosen = max(self.class_box.currentIndex(), 0)
            self.class_box.clear()
            self.class_box.addItems([tr("All classes"), *map(tr, self._names)])
            self.class_box.setCurrentIndex(min(chosen, len(self._names)))
        for part in (self._class_label, self.class_box):
            part.setVisible(bool(self._names))
        self.class_box.setAccessibleName(tr("Class of the sweep"))
        self.class_box.setToolTip(tr("All classes, or one of them larger"))
        self.copy_button.setText(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy the sweep as a picture"))
        self.save_button.setText(tr("Save…"))
        self.save_button.setToolTip(tr("Save the sweep as a PNG file"))
        self._close.setText(tr("Close"))
        for button in (self.copy_button, self.save_button):
            button.setAccessibleName(button.toolTip())
        self._origin_line.setText(again(self._origin))
