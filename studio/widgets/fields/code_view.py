"""Shows Python to be read and copied: one width for all letters, comments faint, each player in its color."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontDatabase, QPalette, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from studio import theme
from studio.guard import guarded

_PARTS = {
    "comment": r"#.*",
    "text": r'"""|"[^"]*"|\'[^\']*\'',
    "word": r"\b(?:and|as|class|def|else|for|from|if|import|in|is|lambda|not|or|return|while|with|yield)\b",
    "generator": r"\b(?:G|Generator|g_\w+|loss_of_g|generator|fake|on_fake)\b",
    "discriminator": r"\b(?:D|Discriminator|d_\w+|loss_of_d|discriminator)\b",
    "real": r"\b(?:real|on_real)\b",
}
_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS.items()))
_QUOTES = '"""'
_INSIDE = 1  # of a text of several lines


@guarded
class _Highlighter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, palette: QPalette) -> None:
        super().__init__(document)
        self.formats = _formats(palette)

    def highlightBlock(self, text: str) -> None:
        """Qt asks line by line; a text of several lines goes on from the line before."""
        begin, is_inside = 0, self.previousBlockState() == _INSIDE
        while begin < len(text):
            if is_inside:
                end = text.find(_QUOTES, begin)
                stop = len(text) if end < 0 else end + len(_QUOTES)
                self.setFormat(begin, stop - begin, self.formats["text"])
                begin, is_inside = stop, end < 0
            elif found := _PATTERN.search(text, begin):
                begin, is_inside = found.end(), found.group() == _QUOTES
                self.setFormat(found.start(), begin - found.start(), self.formats[str(found.lastgroup)])
            else:
                begin = len(text)
        self.setCurrentBlockState(_INSIDE if is_inside else 0)


def _formats(palette: QPalette) -> dict[str, QTextCharFormat]:
    formats = {name: QTextCharFormat() for name in _PARTS}
    for name in ("comment", "text"):
        formats[name].setForeground(palette.placeholderText())
    formats["comment"].setFontItalic(True)
    formats["word"].setFontWeight(QFont.Weight.Bold)
    for player in ("generator", "discriminator", "real"):
        formats[player].setForeground(theme.color(player))
    return formats


@guarded
class CodeView(QPlainTextEdit):
    """Read-only; it can be walked through, and chosen from, with the keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._highlighter = _Highlighter(self.document(), self.palette())
        self._take_font()

    def _take_font(self) -> None:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(max(self.window().font().pointSizeF(), 1.0))
        if fixed != self.font():
            self.setFont(fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_highlighter"):
            self._highlighter.formats = _formats(self.palette())
            self._highlighter.rehighlight()
