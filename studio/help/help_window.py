"""The window in which explanations are read: beside what it explains, until Escape closes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget
from shiboken6 import isValid

from engine.i18n import tr
from studio.guard import guarded
from studio.help.glossary import glossary_page
from studio.help.knob_card import KNOB, asked, has_card
from studio.help.knob_picture import strip_picture, strip_width
from studio.help.page import control_page, title_of, topic_of, topic_page
from studio.help.pictures import picture
from studio.model.knob_strips import KNOB_STRIPS
from studio.theme import MOST_OF_SCREEN, SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.fields.search_line import SearchLine

_NAME = "help_window"
_AROUND = 8 * SPACING  # the margins at both sides of a page, and its scroll bar
_USUAL_WIDTH = 60 * SPACING


@guarded
class _Browser(QTextBrowser):
    """Reads its pictures from the drawings, as sharp as the screen."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind == QTextDocument.ResourceType.ImageResource.value:
            address, ink, ratio = QUrl(name).toString(), self.palette(), self.devicePixelRatioF()
            if (knob := asked(address)) is not None:
                room = self.window().width() - _AROUND  # its own width is that of before, until it is laid out
                return strip_picture(KNOB_STRIPS[knob[0]], knob[1], self.font(), ink, ratio, room)
            return picture(address, self.font(), ink, ratio)
        return super().loadResource(kind, name)


@guarded
class HelpWindow(QDialog):
    """One for each window of the program. It takes the focus, so that screen readers read it and Escape closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        set_object_name(self, _NAME)
        self._page: Callable[[], tuple[str, str]] = lambda: ("", "")
        self._watched: QWidget | None = None
        """The control whose value stands on the page."""
        self.browser = set_object_name(_Browser(), "help_text")
        self.browser.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.browser.document().setDocumentMargin(2 * SPACING)
        self.search = set_object_name(SearchLine(), "glossary_search")
        self.search.textChanged.connect(self._seek)
        self.search.left_downward.connect(self.browser.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING, 0, 0)
        top = QHBoxLayout()
        top.setContentsMargins(SPACING, 0, SPACING, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        column.addWidget(self.browser)
        self.resize(_USUAL_WIDTH, 68 * SPACING)

    @classmethod
    def of(cls, window: QWidget) -> HelpWindow:
        """Return the one that belongs to ``window``."""
        return window.findChild(cls, _NAME, Qt.FindChildOption.FindDirectChildrenOnly) or cls(window)

    def show_glossary(self, beside: QWidget) -> None:
        """Show all words, and let one be sought."""
        self._watch(None)
        self._open(self._glossary, beside)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _glossary(self) -> tuple[str, str]:
        return tr("Glossary"), glossary_page(self.search.text())

    def _seek(self) -> None:
        """Whatever is explained, a word that is typed is sought in the glossary."""
        if self.search.text() or self._page == self._glossary:
            self._watch(None)
            self._page = self._glossary
            self._say()
            self.browser.moveCursor(QTextCursor.MoveOperation.Start)

    def show_topic(self, topic: str, place: QWidget, beside: QWidget) -> None:
        """Explain ``topic``, and the controls in ``place``; open beside what was pressed."""
        self._watch(None)
        self._open(lambda: (title_of(topic), topic_page(topic, place if isValid(place) else None)), beside)

    def show_control(self, control: QWidget, beside: QWidget | None = None) -> None:
        """Explain ``control`` and where it stands, also once it is gone; open beside it, or what was pressed."""
        last = [("", "")]

        def page() -> tuple[str, str]:
            if isValid(control):
                last[0] = (title_of(topic_of(control)), control_page(control))
            return last[0]

        self._watch(control if has_card(control) else None, beside or control)
        self._open(page, beside or control)

    def _watch(self, control: QWidget | None, beside: QWidget | None = None) -> None:
        """Follow the value of ``control`` alone; its pictures have the room that there is ``beside`` what was pressed.

        The form stays in sight, so that one sees what one does.
        """
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = control
        if control is not None and beside is not None:
            control.installEventFilter(self)
            wanted = strip_width(KNOB_STRIPS[control.property(KNOB)]) + _AROUND
            end = beside.mapToGlobal(QPoint(beside.width(), 0)).x()
            room = beside.screen().availableGeometry().right() - end - 2 * SPACING
            self.resize(max(min(wanted, room), _USUAL_WIDTH), self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The value of the form has changed: mark the new one."""
        if event.type() == QEvent.Type.DynamicPropertyChange and watched is self._watched and self.isVisible():
            self._say_again()
        return super().eventFilter(watched, event)

    def _open(self, page: Callable[[], tuple[str, str]], beside: QWidget) -> None:
        was_open = self.isVisible()
        self._page = page
        with QSignalBlocker(self.search):
            self.search.clear()
        self._say()
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        if not was_open:
            self.resize(self.size().boundedTo(beside.screen().availableSize() * MOST_OF_SCREEN))
            self._move_beside(beside)
        self.show()
        self.activateWindow()
        self.browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move_beside(self, widget: QWidget) -> None:
        """Lie where it hides neither ``widget`` nor itself behind the edge of the screen, if there is room."""
        screen, size = widget.screen().availableGeometry(), self.size()
        corner = widget.mapToGlobal(QPoint(0, 0))
        right = corner.x() + widget.width() + SPACING
        x = right if right + size.width() <= screen.right() else corner.x() - size.width() - SPACING
        x = min(max(x, screen.left()), screen.right() - size.width())
        y = min(max(corner.y(), screen.top()), screen.bottom() - size.height() - 4 * SPACING)
        self.move(x, max(y, screen.top()))

    def _say(self) -> None:
        title, html = self._page()
        self.setWindowTitle(tr("Help: {title}", title=title))
        self.browser.setAccessibleName(self.windowTitle())
        self.search.setPlaceholderText(tr("Find a word in the glossary"))
        self.search.setAccessibleName(tr("Find a word in the glossary"))
        self.browser.document().clear()  # forgets the drawings, too
        self.browser.setHtml(html)
        self.browser.setAccessibleDescription(self.browser.toPlainText())

    def changeEvent(self, event: QEvent) -> None:
        """Say and draw everything anew in another language, theme or text size."""
        super().changeEvent(event)
        kinds = (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in kinds and self.isVisible():
            self._say_again()

    def _say_again(self) -> None:
        place = self.browser.verticalScrollBar().value()
        self._say()
        self.browser.verticalScrollBar().setValue(place)


def explain_focus(window: QWidget) -> None:
    """Tell about whatever has the focus in ``window``, or about the program."""
    focused = window.focusWidget()
    HelpWindow.of(window).show_control(focused if focused is not None else window)


def show_glossary(window: QWidget) -> None:
    """Open the glossary beside ``window``."""
    HelpWindow.of(window).show_glossary(window)
