"""The line that is kept free for messages, so that nothing moves when one comes or goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QHideEvent, QMoveEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QWidget

from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.shown_line import ShownLine


@guarded
class MessagePlace(QWidget):
    """While there is no message, a hint stands here, and ``line`` where another run is shown; its button stays free.

    A message longer than a line lies upon what is below the line, and folds where it would hide what has the focus.
    ``bar`` becomes a child of the window as soon as this place is in one.
    """

    def __init__(self, bar: MessageBar, line: ShownLine | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_place")
        self._bar = bar
        bar.setAutoFillBackground(True)
        bar.installEventFilter(self)
        self._hint = set_object_name(QLabel(), "hint")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, 0, SPACING, 0)
        row.addWidget(self._hint, 1)
        self._button = None if line is None else line.button
        if line is not None:
            line.button.installEventFilter(self)
            line.button.setMaximumHeight(bar.line_height())
            row.addWidget(line, 1000)  # while it is there, no hint is
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keep_height()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def show_hint(self, text: str) -> None:
        """Say what there is to do, in the current language; an empty text says nothing."""
        self._hint.setText(text)
        self._hint.setToolTip(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A message came, or changed; while its place is out of sight, it waits. Or there is a way back beside it."""
        if watched is self._button:
            if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize):
                self._lay_bar()
            return False
        if event.type() == QEvent.Type.Show and self.window() is not self and not self.isVisible():
            QTimer.singleShot(0, self, self._wait)
            return False
        if event.type() in (QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._lay_bar()
        return False

    def _wait(self) -> None:
        """Hide the message, unless its place came into sight meanwhile, as it does when the window is shown."""
        if not self.isVisible():
            self._bar.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is being said waits until its place is in sight again."""
        super().hideEvent(event)
        self._bar.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Bring out what was said meanwhile."""
        super().showEvent(event)
        self._bar.setVisible(self._bar.is_telling)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The message is as wide as its place."""
        super().resizeEvent(event)
        self._lay_bar()

    def moveEvent(self, event: QMoveEvent) -> None:
        """The message stays in its place."""
        super().moveEvent(event)
        self._lay_bar()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # which the buttons of a message may hear later
            QTimer.singleShot(0, self, self._keep_height)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self.window() or now is self.window():
            return
        if self._bar.isAncestorOf(now):
            self._bar.fold(False)
        elif QRect(now.mapTo(self.window(), QPoint()), now.size()).intersects(self._bar.geometry()):
            self._bar.fold(True)

    def _keep_height(self) -> None:
        self.setFixedHeight(max(self._bar.line_height(), self.fontMetrics().height() + SPACING))

    def _lay_bar(self) -> None:
        window, bar = self.window(), self._bar
        if window is self:
            return
        if bar.parentWidget() is not window:
            was_hidden = bar.isHidden()
            bar.setParent(window)
            bar.setHidden(was_hidden)
        corner, width = self.mapTo(window, self.rect().topLeft()), self.width()
        if self._button is not None and self._button.isVisible():
            width = self._button.mapTo(self, QPoint(-SPACING, 0)).x()
        bar.setGeometry(corner.x(), corner.y(), width, max(self.height(), bar.heightForWidth(width)))
        bar.raise_()
