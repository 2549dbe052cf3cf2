"""Text of a lesson on the window: Markdown in lines that wrap, and drawings. It knows no lesson."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QFontInfo, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.i18n import Noun, noun_spoken_of, speaking_of
from studio.guard import guarded
from studio.help.pictures import picture

_LARGER, _LARGEST = 1.4, 18  # words in a drawing that is made smaller with it, in pixels of its own


def words(text: str, name: str = "") -> QLabel:
    """Return ``text`` in Markdown, read by a screen reader and copied with the mouse; links lead nowhere."""
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.MarkdownText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setText(text)
    label.setObjectName(name)
    return label


@guarded
class Drawing(QWidget):
    """The drawing ``name`` of the help, as wide as there is room for; ``told`` is what a screen reader says of it.

    Its words are about ``noun``, if that is told, whatever the window speaks of.
    """

    def __init__(self, name: str, told: str, noun: Noun | None = None) -> None:
        super().__init__()
        self._name, self._noun = name, noun
        self.setAccessibleName(told)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """What the drawing would like to have."""
        return self._image(1.0).deviceIndependentSize().toSize()

    def heightForWidth(self, width: int) -> int:
        """As high as the drawing is where it is as wide as that."""
        size = self.sizeHint()
        return round(size.height() * min(width / max(size.width(), 1), 1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it anew, in the colors and the language of the moment."""
        whole = QSizeF(self.sizeHint())
        size = whole.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).boundedTo(whole)
        painter = QPainter(self)
        # Painted in the pixels it has: made smaller afterwards, it would lose its thin lines.
        image = self._image(self.devicePixelRatioF() * size.width() / whole.width())
        painter.drawImage(QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height()), image)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Other words or colors are another drawing."""
        super().changeEvent(event)
        self.updateGeometry()
        self.update()

    def _image(self, ratio: float) -> QImage:
        font = QFont(self.font())
        font.setPixelSize(min(round(_LARGER * QFontInfo(font).pixelSize()), _LARGEST))
        with speaking_of(self._noun or noun_spoken_of()):
            return picture(self._name, font, self.palette(), ratio)
