"""The window in which explanations are read: beside what it explains, until Escape closes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget
from shiboken6 import isValid

from engine.i18n import tr
from studio.guard import guarded
from studio.help.page import control_page, title_of, topic_of, topic_page
from studio.help.pictures import picture
from studio.theme import MOST_OF_SCREEN, SPACING
from studio.widgets.object_names import set_object_name

_NAME = "help_window"


@guarded
class _Browser(QTextBrowser):
    """Reads its pictures from the drawings, as sharp as the screen."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return picture(QUrl(name).toString(), self.font(), self.palette(), self.devicePixelRatioF())
        return super().loadResource(kind, name)


@guarded
class HelpWindow(QDialog):
    """One for each window of the program. It takes the focus, so that screen readers read it and Escape closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        set_object_name(self, _NAME)
        self._page: Callable[[], tuple[str, str]] = lambda: ("", "")
        self.browser = set_object_name(_Browser(), "help_text")
        self.browser.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.browser.document().setDocumentMargin(2 * SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.browser)
        self.resize(60 * SPACING, 68 * SPACING)

    @classmethod
    def of(cls, window: QWidget) -> HelpWindow:
        """Return the one that belongs to ``window``."""
        return window.findChild(cls, _NAME, Qt.FindChildOption.FindDirectChildrenOnly) or cls(window)

    def show_topic(self, topic: str, place: QWidget, beside: QWidget) -> None:
        """Explain ``topic``, and the controls in ``place``; open beside what was pressed."""
        self._open(lambda: (title_of(topic), topic_page(topic, place if isValid(place) else None)), beside)

    def show_control(self, control: QWidget) -> None:
        """Explain ``control`` and where it stands, also once it is gone."""
        last = [("", "")]

        def page() -> tuple[str, str]:
            if isValid(control):
                last[0] = (title_of(topic_of(control)), control_page(control))
            return last[0]

        self._open(page, control)

    def _open(self, page: Callable[[], tuple[str, str]], beside: QWidget) -> None:
        was_open = self.isVisible()
        self._page = page
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
        self.browser.document().clear()  # forgets the drawings, too
        self.browser.setHtml(html)
        self.browser.setAccessibleDescription(self.browser.toPlainText())

    def changeEvent(self, event: QEvent) -> None:
        """Say and draw everything anew in another language, theme or text size."""
        super().changeEvent(event)
        kinds = (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in kinds and self.isVisible():
            place = self.browser.verticalScrollBar().value()
            self._say()
            self.browser.verticalScrollBar().setValue(place)


def explain_focus(window: QWidget) -> None:
    """Tell about whatever has the focus in ``window``, or about the program."""
    focused = window.focusWidget()
    HelpWindow.of(window).show_control(focused if focused is not None else window)
