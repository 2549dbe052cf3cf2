"""A sentence that says what is wrong and how to mend it, where the person can mend it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStyle, QWidget

from engine.errors import UserError
from engine.i18n import again
from studio import theme
from studio.widgets.base.view import View

_ICON = 16


class WarningLine(View):
    """An icon and a sentence beside an edge in the color of trouble; hidden while nothing is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error: UserError | None = None
        self._edge = QFrame()
        self._edge.setAutoFillBackground(True)
        self._edge.setFixedWidth(theme.SPACING // 2)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.SPACING // 2, theme.SPACING, theme.SPACING // 2)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self._edge)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        self.apply_palette()
        self.hide()

    @property
    def text(self) -> str:
        """What is wrong and how to mend it, or nothing."""
        return "" if self.isHidden() else self.accessibleName()

    def retranslate(self) -> None:
        """Say it in the current language."""
        if self._error is not None:
            self.show_error(self._error)

    def show_error(self, error: UserError | None) -> None:
        """Say what ``error`` says; None hides the line."""
        self._error = error
        if error is not None:
            self._text.setText(f"<b>{escape(again(error.message))}</b> {escape(again(error.hint))}")
            self.setAccessibleName(again(error.whole))
        self.setVisible(error is not None)

    def apply_palette(self) -> None:
        """Take the color of trouble and the style's icon."""
        palette = self._edge.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.color("trouble"))
        self._edge.setPalette(palette)
        icon = self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)
        self._icon.setPixmap(icon.pixmap(_ICON, _ICON))
