"""A ring around a control: around what has the keyboard's focus, the same for all, or what a lesson points at.

Styles mark the focus faintly or not at all (scroll areas, plots, pictures).
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QMargins, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QRegion
from PySide6.QtWidgets import QLabel, QSplitterHandle, QWidget
from shiboken6 import isValid

from studio.guard import guarded

_WIDTH, _SMALL = 2, 20
_MOVES = QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange


@guarded
class FocusRing(QWidget):
    """Lies upon a window and follows the widget that it surrounds, as much of it as is in sight.

    What lies upon that widget, as a panel on a small screen, hides its part of the ring, too.

    It is twice ``width`` wide, and ``inside`` of that lie within the widget's edge, half of it unless told: around one
    as small as a button of a choice, all lie outside, or it would hide whether that is chosen.
    """

    def __init__(
        self, window: QWidget, name: str = "focus_ring", width: int = _WIDTH, inside: int | None = None
    ) -> None:
        super().__init__(window)
        self._window, self._width = window, width
        self._inside = width if inside is None else inside
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._watched: list[QWidget] = []
        self._beside: list[QWidget] = []
        """What may come to lie upon those that are watched."""
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._follow)
        self.hide()

    def surround(self, widget: QWidget | None, inside: int | None = None) -> None:
        """Mark ``widget``, a part of the window, or nothing; so much ``inside`` its edge from now on, if told."""
        self._inside = self._inside if inside is None else inside
        self._watch(self._chain(widget))
        self._follow()

    def _chain(self, widget: QWidget | None) -> list[QWidget]:
        """Return ``widget`` and what it lies in, up to the window."""
        chain = []
        while widget is not None and widget is not self._window:
            chain.append(widget)
            widget = widget.parentWidget()
        return chain

    def _watch(self, chain: list[QWidget]) -> None:
        for each in filter(isValid, (*self._watched, *self._beside)):
            each.removeEventFilter(self)
        self._watched = chain
        for each in self._watched:
            each.installEventFilter(self)
        self._beside = [other for each in self._watched for other in self._siblings(each) if other is not each]
        for each in self._beside:
            each.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow what moves, scrolls, vanishes, or comes to lie in another part of the window."""
        if event.type() in _MOVES:
            self._due.start()
        return False

    def _follow(self) -> None:
        if self._watched and isValid(self._watched[0]):
            chain = self._chain(self._watched[0])
            if chain != self._watched:  # the strip of epochs goes from workspace to workspace
                self._watch(chain)
        rect = self._place()
        if rect.isEmpty():
            self.hide()
        else:
            width = self._width
            is_text = isinstance(self._watched[0], QLabel)  # whose letters begin at its very edge
            inside = self._inside if min(rect.width(), rect.height()) > _SMALL and not is_text else 0
            outer = rect.marginsAdded(_margins(2 * width - inside)) & self._window.rect()
            self.setGeometry(outer)
            inner = outer.marginsRemoved(_margins(2 * width)).translated(-outer.topLeft())  # at the window's edge, too
            seen = QRegion(self.rect()) - QRegion(inner)
            for upon in self._upon():
                seen -= QRegion(QRect(upon.mapTo(self._window, upon.rect().topLeft()) - outer.topLeft(), upon.size()))
            if seen.isEmpty() or inner.isEmpty():  # an empty mask is none: it would show the whole of it
                self.hide()
                return
            if seen != self.mask():
                self.hide()  # or opaque parts that are free again would keep what was painted upon them
            self.setMask(seen)
            self.show()
            self.raise_()

    @staticmethod
    def _siblings(widget: QWidget) -> list[QWidget]:
        """Return the widgets in the parent of ``widget``, from the lowest to the uppermost; what floats is none."""
        parent = widget.parentWidget()
        found = parent.children() if parent is not None else []
        passed = FocusRing, QSplitterHandle  # whose edges reach over their neighbors
        return [it for it in found if isinstance(it, QWidget) and not it.isWindow() and not isinstance(it, passed)]

    def _upon(self) -> Iterator[QWidget]:
        """Yield what lies upon the widget."""
        for each in self._watched:
            siblings = self._siblings(each)
            for other in siblings[siblings.index(each) + 1 :]:
                if other.isVisible() and other.geometry().intersects(each.geometry()):
                    yield other

    def _place(self) -> QRect:
        """Return what is in sight of the widget, in the window's coordinates."""
        window = self._window
        if not self._watched or not self._watched[0].isVisibleTo(window):
            return QRect()
        rect = window.rect()
        for each in self._watched:
            rect &= QRect(each.mapTo(window, each.rect().topLeft()), each.size())
        return rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring; the mask leaves nothing else of this widget."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Highlight))
        painter.end()


def _margins(width: int) -> QMargins:
    return QMargins(width, width, width, width)
