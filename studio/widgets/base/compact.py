"""Buttons and tabs as narrow as their words. Styles reserve room around them that a dock does not have."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QProxyStyle,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QTabBar,
    QWidget,
)

from studio.guard import guarded
from studio.theme import SPACING

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

    @property
    def words_width(self) -> int:
        """How much room the words take."""
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, self.text()).width()

    def be_wordless(self, is_wordless: bool) -> None:
        """Show no words, until this is taken back."""
        if is_wordless != self.is_wordless:
            self.is_wordless = is_wordless
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As the style wants it for what is shown."""
        return super().sizeHint() - QSize(self.words_width if self.is_wordless else 0, 0)

    minimumSizeHint = sizeHint

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Say what is shown."""
        super().initStyleOption(option)
        if self.is_wordless:
            option.text = ""


def show_whole_names(bar: QTabBar) -> None:
    """Bring the tabs closer together and cut none off: where not all have room, arrows lead to the others."""
    style = _NarrowTabs()
    style.setParent(bar)
    bar.setStyle(style)
    bar.setElideMode(Qt.TextElideMode.ElideNone)


@guarded
class _NarrowTabs(QProxyStyle):
    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _TAB_SPACE
        return super().pixelMetric(metric, option, widget)
