"""How every control behaves, in whatever window and whenever it is made: tabs, wheel, double click, keys and focus.

The style tells of each that is made, as Qt makes controls of its own, and those that something can be done with are
watched. A watch over the whole application would see a thousand events at each switch of the workspace, at ten
microseconds each, and hardly one of them would matter to it.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QIcon, QInputEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QMainWindow,
    QMenu,
    QMenuBar,
    QProgressBar,
    QPushButton,
    QScrollBar,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QToolBar,
    QToolButton,
    QWidget,
)
from shiboken6 import getCppPointer

from studio.guard import guarded
from studio.widgets.base.compact import show_whole_names
from studio.widgets.base.focus_ring import FocusRing
from studio.widgets.base.indicators import MARKED, grow_with_text
from studio.widgets.base.styles import tell_of_controls, wear

_NAME = "manners"
_CHANGED_BY_WHEEL = (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar)
_SCROLLING_MS = 400  # from one turn of the wheel to the next
_PRESSED_BY_SPACE = (QAbstractButton, QComboBox)
_BY_HAND = (QInputEvent, QFocusEvent)
_IDLE = (QWidget, QFrame, QLabel, QStackedWidget, QSplitter, QToolBar, QDialogButtonBox, QProgressBar)
"""Qt's own classes with which nothing can be done, unless they can have the focus."""
_DEEDS = ("event", "mousePressEvent", "mouseDoubleClickEvent", "mouseReleaseEvent", "keyPressEvent", "wheelEvent")
"""What a class of ours overrides with which something can be done."""


@guarded
class Manners(QObject):
    """Teaches the controls that are there, and others when they are made, and watches what reaches them."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.setObjectName(_NAME)
        self._rings: dict[QWidget, FocusRing] = {}
        self._by_mouse = self._is_mouse_last = False  # the focus came so last; it was used last
        self._scrolled_at = -_SCROLLING_MS  # milliseconds of Qt's clock
        self._by_mouse_in: dict[QWidget, bool] = {}  # each window, which has it back as it was
        self._pressed: set[int] = set()  # where in memory what was offered the last press of the mouse is
        self._is_released = self._is_taken = False  # since that press; the second press of a double click was
        self._is_teaching = False  # a control that gets another style is told of once more
        self._watched = {
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.MouseButtonPress: self._on_press,
            QEvent.Type.MouseButtonDblClick: self._on_second_press,
            QEvent.Type.MouseButtonRelease: lambda _widget, _event: self._on_release(),
            QEvent.Type.KeyPress: self._on_key,
            QEvent.Type.FocusIn: self._on_focus,
            QEvent.Type.FocusOut: self._on_focus_lost,
        }
        self._looks = _Looks(self)
        for widget in application.allWidgets():
            self._meet(widget)
        tell_of_controls(self, self._meet)
        if focused := QApplication.focusWidget():  # before this was there, as a window's first control
            self._ring_of(focused.window()).surround(focused)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """Return whether the event is dealt with; one that is ignored as well goes on to the parent."""
        if not isinstance(event, _BY_HAND):  # which is told ten times sooner than its type
            return False
        watch = self._watched.get(event.type())
        return watch is not None and isinstance(receiver, QWidget) and bool(watch(receiver, event))

    def _meet(self, widget: QWidget) -> None:
        if not self._is_teaching:
            self._is_teaching = True
            try:
                self._teach(widget)
            finally:
                self._is_teaching = False
            if _is_used(widget):
                widget.installEventFilter(self)
            if isinstance(widget, _Looks.CONCERNED):
                widget.installEventFilter(self._looks)

    @staticmethod
    def _teach(widget: QWidget) -> None:
        """Names of tabs are read whole; the wheel gives nothing the focus, nor does the mouse what Space presses.

        So Space goes on training and pausing after a click, and presses only what Tab was led to.
        """
        policy = widget.focusPolicy()
        if isinstance(widget, QPushButton) and isinstance(widget.parent(), QDialogButtonBox):
            widget.setIcon(QIcon())  # the style's is black, also on black, and no other button has one
        if isinstance(widget, MARKED):
            grow_with_text(widget)
        if isinstance(widget, QTabBar):
            show_whole_names(widget)
        elif isinstance(widget, _PRESSED_BY_SPACE) and policy & Qt.FocusPolicy.TabFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        elif policy == Qt.FocusPolicy.WheelFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if isinstance(widget, QTextBrowser):
            # Where a shorter page hides the bar that has the focus (a screen reader may give it), Qt moves on to the
            # next link of the page that is going, and the process crashes.
            widget.verticalScrollBar().setFocusProxy(widget)
            widget.horizontalScrollBar().setFocusProxy(widget)

    def _on_wheel(self, widget: QWidget, event: QEvent) -> bool:
        """A value without the focus leaves the wheel to the page that it stands on.

        So does one with it that only comes by under the pointer while the page is scrolled.
        """
        assert isinstance(event, QWheelEvent)
        now, is_value = event.timestamp(), isinstance(widget, _CHANGED_BY_WHEEL) and not isinstance(widget, QScrollBar)
        if not is_value and isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
            return False  # a part of the value, which is asked next
        keeps = is_value and widget.hasFocus() and not 0 < now - self._scrolled_at < _SCROLLING_MS
        if not keeps:
            self._scrolled_at = now
        if is_value and not keeps:
            event.ignore()
        return is_value and not keeps

    def _on_press(self, widget: QWidget, _event: QEvent) -> None:
        self._is_mouse_last = True
        if self._is_released:
            self._pressed.clear()
            self._is_released = False
        self._pressed.add(_address(widget))

    def _on_second_press(self, widget: QWidget, _event: QEvent) -> bool:
        """What came under the pointer by the first press of a double click was not meant by the second one."""
        is_meant = _address(widget) in self._pressed or widget.window().windowType() == Qt.WindowType.Popup
        self._is_taken = not is_meant
        return self._is_taken

    def _on_release(self) -> bool:
        self._is_released, is_taken, self._is_taken = True, self._is_taken, False
        return is_taken

    def _on_key(self, widget: QWidget, event: QEvent) -> bool:
        """A list has no use for Space, nor a button by itself for arrows between epochs; the window has.

        Enter presses a button there, as it does in a dialog.
        """
        assert isinstance(event, QKeyEvent)
        self._is_mouse_last = False
        key, keys = event.key(), Qt.Key
        if (
            key in (keys.Key_Return, keys.Key_Enter)
            and isinstance(widget, QPushButton | QToolButton)
            and isinstance(widget.window(), QMainWindow)
        ):
            if not event.isAutoRepeat():
                widget.click()
            return True
        is_spare = (key == keys.Key_Space and isinstance(widget, QAbstractItemView)) or (
            key in (keys.Key_Left, keys.Key_Right) and isinstance(widget, QAbstractButton) and widget.group() is None
        )
        passes = is_spare and isinstance(widget.window(), QMainWindow)
        if passes:
            event.ignore()
        return passes

    def _on_focus(self, widget: QWidget, event: QEvent) -> None:
        assert isinstance(event, QFocusEvent)
        if widget.window().windowType() == Qt.WindowType.Popup:  # shows by itself where one is, and goes again
            return
        reasons, window = Qt.FocusReason, widget.window()
        if event.reason() not in (reasons.ActiveWindowFocusReason, reasons.PopupFocusReason):
            # where a click hides or disables what has the focus, that goes on as if by Tab
            self._by_mouse = self._is_mouse_last or event.reason() == reasons.MouseFocusReason
            self._remember(window)
        is_by_mouse = self._by_mouse_in.get(window, self._by_mouse)
        if not (is_by_mouse or widget.isWindow() or isinstance(widget, QMenuBar)):
            self._ring_of(window).surround(widget)

    def _on_focus_lost(self, widget: QWidget, _event: QEvent) -> None:
        ring = self._rings.get(widget.window())
        if ring is not None:
            ring.surround(None)

    def _remember(self, window: QWidget) -> None:
        if window not in self._by_mouse_in:
            window.destroyed.connect(lambda: self._by_mouse_in.pop(window, None))
        self._by_mouse_in[window] = self._by_mouse

    def _ring_of(self, window: QWidget) -> FocusRing:
        if window not in self._rings:
            self._rings[window] = FocusRing(window)
            window.destroyed.connect(lambda: self._rings.pop(window, None))
        return self._rings[window]


@guarded
class _Looks(QObject):
    """Watches what is another in another language, or with text of another size."""

    CONCERNED = (*MARKED, QTabBar)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """What is clicked is as large as the text beside it.

        Qt names the arrows of a row of tabs but once, in the language in which it was made.
        """
        kind = event.type() if type(event) is QEvent else None  # which is told ten times sooner than its type
        if kind == QEvent.Type.FontChange and isinstance(receiver, MARKED):
            grow_with_text(receiver)
        if kind == QEvent.Type.LanguageChange and isinstance(receiver, QTabBar):
            for side in ("Left", "Right"):
                arrow = receiver.findChild(QToolButton, f"Scroll{side}Button")
                if arrow is not None:
                    arrow.setAccessibleName(QCoreApplication.translate("QTabBar", f"Scroll {side}"))
        return False


def _is_used(widget: QWidget) -> bool:
    """Whether a person does something with ``widget`` itself, or scrolls or leaves a page by it."""
    if isinstance(widget, QMenu | QMenuBar):  # as Qt has them
        return False
    return (
        widget.isWindow()
        or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        or isinstance(widget.parent(), QAbstractScrollArea)
        or not _is_idle(type(widget))  # type: ignore[arg-type]
    )


@cache
def _is_idle(kind: type) -> bool:
    ours = list(takewhile(lambda each: not each.__module__.startswith("PySide6."), kind.__mro__))
    return kind.__mro__[len(ours)] in _IDLE and not any(deed in vars(each) for each in ours for deed in _DEEDS)


def _address(widget: QWidget) -> int:
    """Return by what ``widget`` is known again without being kept: what Python makes of Qt's own widgets goes."""
    address: int = getCppPointer(widget)[0]
    return address


def teach_manners() -> None:
    """Let every control of this application, now and later, behave as the house wants."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    wear(application)
    if application.findChild(QObject, _NAME) is None:
        Manners(application)
