"""Pictures side by side, each with words above and below, on common lines whatever the length of the words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.arrays import Picture
from engine.text import breakable
from studio.theme import SPACING
from studio.widgets.pictures.judged_picture import JudgedPicture


class PictureColumns(QWidget):
    """The ``pictures`` that it is made of, as wide as it allows."""

    def __init__(self, pictures: Sequence[JudgedPicture], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = tuple(pictures)
        self._captions = [_line(Qt.AlignmentFlag.AlignBottom) for _ in pictures]
        self._words = [_line(Qt.AlignmentFlag.AlignTop) for _ in pictures]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(SPACING)
        layout.setVerticalSpacing(SPACING // 2)
        for column, picture in enumerate(self.pictures):
            layout.setColumnStretch(column, 1)
            for row, widget in enumerate((self._captions[column], picture, self._words[column])):
                layout.addWidget(widget, row, column)

    def set_captions(self, texts: Sequence[str]) -> None:
        """Write ``texts`` above the pictures; they are their names for a screen reader as well."""
        for label, picture, text in zip(self._captions, self.pictures, texts, strict=True):
            label.setText(text)
            picture.setAccessibleName(text)

    def show_picture(self, column: int, picture: Picture | None, verdict: float | None, words: str) -> None:
        """Show ``picture``, or none, with D's ``verdict`` (0 to 1) as a bar and ``words`` below."""
        self.pictures[column].show_picture(picture, verdict)
        if verdict is None:  # otherwise the picture says D's verdict in full
            self.pictures[column].setAccessibleDescription(words)
        self._words[column].setText(breakable(words))


def _line(alignment: Qt.AlignmentFlag) -> QLabel:
    return QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter | alignment)
