"""The one place for messages: a quiet bar that says what happened and how to mend it, and never blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStyle, QToolButton, QWidget

from engine.i18n import tr
from studio import theme
from studio.widgets.named import named
from studio.widgets.view import View


class MessageBar(View):
    """Shows one message at a time, with up to two actions; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._details = ""
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = named(QPushButton(), "message_action")
        self._copy = named(QPushButton(), "copy_details_button")
        self._close = named(QToolButton(autoRaise=True), "close_message_button")
        self._close.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_TitleBarCloseButton))
        self._edge = QFrame()
        self._edge.setAutoFillBackground(True)
        self._edge.setFixedWidth(4)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, theme.GRID, 4)
        layout.addWidget(self._edge)
        for part in (self._icon, self._text, self._action, self._copy, self._close):
            layout.addWidget(part)
        self._copy.clicked.connect(self._copy_details)
        self._close.clicked.connect(self.dismiss)
        self._run_action: Callable[[], None] | None = None
        self._action.clicked.connect(self._act)
        self._is_trouble = False
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, or nothing."""
        return self._text.text() if not self.isHidden() else ""

    def tell(self, text: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Show something worth knowing, with an optional button that does ``act``."""
        self._show(text, trouble=False, details="", action=action, act=act)

    def warn(self, message: str, hint: str, details: str = "") -> None:
        """Show what went wrong and how to mend it; ``details`` can be copied."""
        self._show(f"<b>{_escaped(message)}</b> {_escaped(hint)}", trouble=True, details=details, action="", act=None)

    def dismiss(self) -> None:
        """Hide the message."""
        self.hide()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._copy.setText(tr("Copy details"))
        self._close.setToolTip(tr("Close this message"))
        self._close.setAccessibleName(tr("Close this message"))
        self.setAccessibleName(tr("Message"))

    def recolour(self) -> None:
        """Take the colours of the current theme."""
        palette = self._edge.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("trouble" if self._is_trouble else "good"))
        self._edge.setPalette(palette)

    def _show(self, text: str, *, trouble: bool, details: str, action: str, act: Callable[[], None] | None) -> None:
        self._is_trouble = trouble
        pixmap = (
            QStyle.StandardPixmap.SP_MessageBoxWarning if trouble else QStyle.StandardPixmap.SP_MessageBoxInformation
        )
        self._icon.setPixmap(self.style().standardIcon(pixmap).pixmap(20, 20))
        self._text.setText(text)
        self._details = details
        self._copy.setVisible(bool(details))
        self._run_action = act
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.recolour()
        self.show()

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)

    def _act(self) -> None:
        act = self._run_action
        self.dismiss()
        if act:
            act()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
