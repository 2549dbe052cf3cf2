"""Buttons and tabs as narrow as their words. Styles reserve room around them that a dock does not have."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QWidget,
)

from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.styles import MeasuredStyle

_PICTURE_AIR = 4  # beside a button's picture, as Qt has it
_TAB_SPACE = SPACING  # left and right of a tab's words together; Fusion takes 24


@guarded
class CompactButton(QPushButton):
    """Shrinks to its text where room is short, whatever the text and its size are by then.

    One in a dialog is never what Return presses there.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent, autoDefault=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """The words and a little air; the usual one is the style's, with more around them."""
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, self.text()).width()
        return QSize(words + 2 * SPACING, super().minimumSizeHint().height())


@guarded
class WordlessButton(QPushButton):
    """Has its picture only where there is no room for its words; a tooltip and a screen reader still say them."""

    is_wordless = False
    """Whether there is no room for its words."""
    other_words: tuple[str, ...] = ()
    """What it says at other times, for which it keeps the room: nothing beside it moves."""

    @property
    def words_width(self) -> int:
        """How much room the words take."""
        return max(map(self._width_of, (self.text(), *self.other_words)))

    def _width_of(self, words: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, words).width()

    def be_wordless(self, is_wordless: bool) -> None:
        """Show no words, until this is taken back."""
        if is_wordless != self.is_wordless:
            self.is_wordless = is_wordless
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As the style wants it for what is shown."""
        hint = super().sizeHint()
        widest = max([hint.width(), *map(self._hint_for, self.other_words)])
        return QSize(widest - (self.words_width if self.is_wordless else 0), hint.height())

    minimumSizeHint = sizeHint

    def _hint_for(self, words: str) -> int:
        """Return how wide the style wants it with these words; a short one is wider than its words and its air."""
        option = QStyleOptionButton()
        super().initStyleOption(option)
        option.text = words
        picture = 0 if self.icon().isNull() else self.iconSize().width() + _PICTURE_AIR
        size = QSize(picture + self._width_of(words), self.iconSize().height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, size, self).width()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Say what is shown."""
        super().initStyleOption(option)
        if self.is_wordless:
            option.text = ""


def show_whole_names(bar: QTabBar) -> None:
    """Bring the tabs closer together and cut none off: where not all have room, arrows lead to the others."""
    if not isinstance(bar.style(), MeasuredStyle):
        bar.setStyle(MeasuredStyle({QStyle.PixelMetric.PM_TabBarTabHSpace: _TAB_SPACE}, bar))
    bar.setElideMode(Qt.TextElideMode.ElideNone)
