"""A number written by the generator in a few handwritings. Knows no generator: it says what to draw and shows it."""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRegularExpression, QSignalBlocker, Signal
from PySide6.QtGui import QGuiApplication, QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.i18n import tr
from engine.latent.sampling import random_z
from engine.pictures import write_line
from studio.theme import SPACING
from studio.widgets.compact import compact
from studio.widgets.image_view import picture_to_image
from studio.widgets.picture_table import PictureTable
from studio.widgets.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.view import View
from studio.widgets.wrapping import WrappingLayout

LONGEST = 12
HANDWRITINGS = 3
_EXAMPLE = "2025"
_ENLARGED = 8  # a digit of 28 pixels is too small for a document
_SEEDS = 10**6


class NumberWriter(View):
    """Write a number of up to twelve digits in three handwritings: one z for all digits of a line.

    ``number_changed`` asks for the pictures of ``wanted()``; ``save_requested`` carries a ``PictureToSave``.
    """

    number_changed = Signal()
    save_requested = Signal(PictureToSave)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._seed = 0
        self._title = QLabel()
        self.edit = QLineEdit(maxLength=LONGEST, clearButtonEnabled=True)
        self.edit.textChanged.connect(self._on_changed)
        self._title.setBuddy(self.edit)
        self.another_button, self.copy_button, self.save_button = QPushButton(), QPushButton(), QPushButton()
        self.another_button.clicked.connect(self._on_another)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.save)
        self.lines = PictureTable(gap=1)
        self._arrange()
        self.retranslate()
        self.apply_palette()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Write with these classes; the widget hides where a name is longer than one character."""
        self._names = names
        can_write = bool(names) and all(len(name) == 1 for name in names)
        self.setVisible(can_write)
        with QSignalBlocker(self.edit):
            allowed = "".join(QRegularExpression.escape(name) for name in names) if can_write else "0-9"
            self.edit.setValidator(QRegularExpressionValidator(QRegularExpression(f"[{allowed}]*"), self.edit))
            if not self.edit.hasAcceptableInput() or not self.edit.text():
                self.edit.setText("".join(digit for digit in _EXAMPLE if digit in names))
        self.show_pictures(None)

    def wanted(self, z_dim: int) -> tuple[NDArray[np.float32], NDArray[np.int64]] | None:
        """Return z ``[N, z_dim]`` and labels ``[N]`` of all lines, one after the other; None without a text."""
        text = self.edit.text()
        if not text or self.isHidden():
            return None
        z = np.repeat(random_z(HANDWRITINGS, z_dim, self._seed), len(text), axis=0)
        return z, np.tile(np.array([self._names.index(digit) for digit in text]), HANDWRITINGS)

    def show_pictures(self, images: NDArray[np.uint8] | None) -> None:
        """Show the pictures of ``wanted()``, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``."""
        if images is None or not self.edit.text():
            self.lines.set_images(None)
        else:
            length = len(images) // HANDWRITINGS
            lines = [write_line(images[i * length : (i + 1) * length]) for i in range(HANDWRITINGS)]
            self.lines.set_images(np.stack(lines))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self.lines.picture is not None)

    def controls_height(self, width: int) -> int:
        """Return how high everything but the lines is at ``width``."""
        return self.edit.sizeHint().height() + self._buttons.heightForWidth(width) + 2 * SPACING

    def copy(self) -> None:
        """Put the lines, enlarged with sharp pixels, on the clipboard."""
        if self.lines.picture is not None:
            QGuiApplication.clipboard().setImage(picture_to_image(_enlarged(self.lines.picture)))

    def save(self) -> None:
        """Let the person save the lines, enlarged with sharp pixels."""
        if self.lines.picture is not None:
            name = f"{self.edit.text()}.png"
            ask_where_to_save(self, name, _enlarged(self.lines.picture), self.save_requested.emit)

    def retranslate(self) -> None:
        """Set every text."""
        self._title.setText(tr("Write a number"))
        self.edit.setPlaceholderText(tr("for example {number}", number=_EXAMPLE))
        self.edit.setAccessibleName(self._title.text())
        self.edit.setToolTip(tr("Up to {count} digits, all in one handwriting", count=LONGEST))
        self.lines.setAccessibleName(tr("The number in three handwritings"))
        self.another_button.setText(tr("Other handwritings"))
        self.another_button.setToolTip(tr("Write the same number with other z"))
        self.copy_button.setText(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy the written number as a picture"))
        self.save_button.setText(tr("Save…"))
        self.save_button.setToolTip(tr("Save the written number as a PNG file"))
        for button in (self.another_button, self.copy_button, self.save_button):
            button.setAccessibleName(button.text())
        compact(self.another_button, self.copy_button, self.save_button)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._title)
        row.addWidget(self.edit, 1)
        copies = QHBoxLayout()
        copies.setSpacing(SPACING)
        copies.addWidget(self.copy_button)
        copies.addWidget(self.save_button)
        buttons = self._buttons = WrappingLayout(spacing=SPACING)
        buttons.addWidget(self.another_button)
        buttons.addItem(copies)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(row)
        layout.addLayout(buttons)
        layout.addWidget(self.lines)

    def _on_changed(self, text: str) -> None:
        if not text:
            self.show_pictures(None)
        self.number_changed.emit()

    def _on_another(self) -> None:
        self._seed = secrets.randbelow(_SEEDS)
        self.number_changed.emit()


def _enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture.repeat(_ENLARGED, axis=0).repeat(_ENLARGED, axis=1)
