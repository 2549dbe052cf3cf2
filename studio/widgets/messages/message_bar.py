"""The one place for messages: a quiet bar that says what happened and how to mend it, and never blocks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from html import escape

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHoverEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QWidget,
)

from engine.i18n import number, tr
from engine.text import plain
from studio import theme
from studio.model.messages import Message, Messages, Subject, Text, said
from studio.widgets.base.clipboard import copy_text
from studio.widgets.base.ink_icon import ink_icon
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View

_LONGEST = 1200
_READ_MS = 15_000  # the longest sentence takes as long

_EDGE = 2  # above and below
_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX
_TOP, _MIDDLE = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter


class MessageBar(View):
    """Shows one message at a time, with up to two actions, and leads to the others; hidden while there is none.

    Folded, it shows the first line of a long one; the mouse above that brings out the rest, and below it what the rest
    would hide. What nobody points at folds once there was time to read it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._messages = Messages()
        self._was_read = QTimer(self, singleShot=True, interval=_READ_MS)
        self._was_read.timeout.connect(self._fold_what_was_read)
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = set_object_name(QPushButton(), "message_action")
        self._more = set_object_name(QLabel("…"), "more_of_message")
        self._more.hide()
        self._is_folded = False
        self._next = set_object_name(QToolButton(autoRaise=True), "next_message_button")
        self._copy = set_object_name(QPushButton(), "copy_details_button")
        self._close = set_object_name(QToolButton(autoRaise=True), "close_message_button")
        self._edge = QFrame()
        self._edge.setAutoFillBackground(True)
        self._edge.setFixedWidth(4)
        layout = QHBoxLayout(self)
        self._gap = layout.spacing()
        layout.setContentsMargins(0, _EDGE, theme.SPACING, _EDGE)
        layout.addWidget(self._edge)
        for part in (self._icon, self._text, self._more):
            layout.addWidget(part)
        for button in (self._action, self._copy, self._next, self._close):
            layout.addWidget(button, 0, _TOP)  # beside the first line
        self._copy.clicked.connect(self._copy_details)
        self._next.clicked.connect(self._turn)
        self._close.clicked.connect(self._close_shown)
        self._action.clicked.connect(self._act)
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, or nothing."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def is_telling(self) -> bool:
        """Whether there is a message, in sight or not."""
        return bool(self._messages)

    def line_height(self) -> int:
        """Return the height of a message of one line with a button."""
        return max(part.sizeHint().height() for part in (self._action, self._close)) + 2 * _EDGE

    def is_about(self, subject: Hashable) -> bool:
        """Whether one of the messages is about ``subject``."""
        return self._messages.is_about(subject)

    def tell(
        self,
        text: Text,
        action: Text = "",
        act: Callable[[], object] | None = None,
        about: Hashable = Subject.RUN,
    ) -> None:
        """Show something worth knowing, with an optional button that does ``act``."""
        self._add(Message(text, action=action, act=act, about=about))

    def renew(self, text: Text, action: Text, act: Callable[[], object], about: Hashable) -> None:
        """Say the newest about a subject, without coming to the front again; nothing where it was closed."""
        self._messages.renew(Message(text, action=action, act=act, about=about))
        self._write()

    def warn(
        self,
        message: Text,
        hint: Text,
        details: str = "",
        action: Text = "",
        act: Callable[[], object] | None = None,
        about: Hashable = Subject.RUN,
    ) -> None:
        """Show what went wrong and how to mend it; ``details`` can be copied, and a button does ``act``."""
        self._add(Message(message, hint, details, action, act, is_warning=True, about=about))

    def fold(self, is_folded: bool) -> None:
        """Show the first line only, or everything."""
        self._is_folded = is_folded
        line = self._text.fontMetrics().lineSpacing()
        width = self._text.width() + (0 if self._more.isHidden() else self._more.sizeHint().width() + self._gap)
        is_folded &= self._text.heightForWidth(width) >= 2 * line
        self._text.setMaximumHeight(line if is_folded else _UNLIMITED)
        self._text.setAlignment(_TOP if is_folded else _MIDDLE)
        self._more.setVisible(is_folded)

    def event(self, event: QEvent) -> bool:
        """Who points at the first line wants to read the message, and who points below it what lies there.

        With another width, text size or language, other words have room in the first line.
        """
        if isinstance(event, QHoverEvent) and event.type() != QEvent.Type.HoverLeave:
            self.fold(event.position().y() > self.line_height())
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.fold(self._is_folded)
        return done

    def leaveEvent(self, event: QEvent) -> None:
        """It was read; what lies below is wanted again."""
        super().leaveEvent(event)
        self.fold(True)

    def _fold_what_was_read(self) -> None:
        """Give back what lies below, unless somebody is at it."""
        focus = QApplication.focusWidget()
        if not (self.underMouse() or (focus is not None and self.isAncestorOf(focus))):
            self.fold(True)

    def retract(self, about: Hashable) -> None:
        """Forget the messages about this: their cause is gone."""
        before = self._messages.shown
        if self._messages.retract(about):
            self._show(unless=before)

    def take_back(self, text: str) -> None:
        """Forget the message that says just this: it is no longer so."""
        before = self._messages.shown
        if self._messages.take_back(text):
            self._show(unless=before)

    def dismiss(self) -> None:
        """Forget all messages."""
        self._messages.clear()
        self._show()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._copy.setText(tr("Copy details"))
        self._close.setToolTip(tr("Close this message"))
        self._close.setAccessibleName(tr("Close this message"))
        self._next.setToolTip(tr("Show the next message"))
        self.setAccessibleName(tr("Message"))
        self._write()

    def apply_palette(self) -> None:
        """Take the colors of the current theme."""
        self._close.setIcon(ink_icon(QStyle.StandardPixmap.SP_TitleBarCloseButton, self))
        palette = self._edge.palette()
        palette.setColor(
            QPalette.ColorRole.Window, theme.color("trouble" if self._messages.shown.is_warning else "good")
        )
        self._edge.setPalette(palette)

    def _add(self, message: Message) -> None:
        before = self._messages.shown
        self._messages.add(message)
        self._show(unless=before)

    def _turn(self) -> None:
        self._messages.turn()
        self._show()

    def _close_shown(self) -> None:
        self._messages.close()
        self._show()

    def _show(self, unless: Message | None = None) -> None:
        """Show what is in front, unless it is what was shown already; there may be another number of others."""
        message = self._messages.shown
        self._next.setVisible(len(self._messages) > 1)
        self._write()
        if message is unless:
            return
        kind = "SP_MessageBoxWarning" if message.is_warning else "SP_MessageBoxInformation"
        self._icon.setPixmap(self.style().standardIcon(QStyle.StandardPixmap[kind]).pixmap(20, 20))
        self._copy.setVisible(bool(message.details))
        self._action.setVisible(bool(message.action))
        self.fold(False)
        self._was_read.start()
        self.apply_palette()
        self.setVisible(bool(self._messages))

    def _write(self) -> None:
        """Say the message in the current language."""
        message = self._messages.shown
        text, hint = (_bounded(said(part)) for part in (message.text, message.hint))
        self._text.setTextFormat(Qt.TextFormat.RichText if hint else Qt.TextFormat.PlainText)
        rich = f"<b>{escape(text)}</b> {escape(hint)}".replace("\n", "<br>")
        self._text.setText(rich if hint else text)
        self._action.setText(said(message.action))
        which = {"place": number(self._messages.place), "count": number(len(self._messages))}
        self._next.setText(tr("{place} of {count}", **which) + " ›")
        self._next.setAccessibleName(tr("Message {place} of {count}; press for the next one", **which))

    def _copy_details(self) -> None:
        copy_text(self, self._messages.shown.details)

    def _act(self) -> None:
        act = self._messages.shown.act
        self._close_shown()
        if act:
            act()


def _bounded(text: str) -> str:
    """Return ``text`` whole unless it would fill the window."""
    if len(text) <= _LONGEST:
        return text
    lines = text.split("\n")
    return "\n".join(plain(line, _LONGEST // len(lines)) for line in lines)
