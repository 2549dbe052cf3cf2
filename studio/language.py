"""Switches the language of the whole window while it runs: our texts, Qt's own dialogs, and number formats.

What is seen changes at once, and is painted in a turn of its own. What is not, such as pages that are not in front and
groups that are closed, hears of it afterwards, some of it in each turn of the event loop, or before it is shown: all at
once would hold the window up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from engine import i18n
from engine.i18n import mark, tr
from studio.guard import guarded

_SECONDS_OF_A_TURN = 0.008
# By Qt's own names of where they stand: keys as they are called on keyboards (Qt's Spanish says “Control+O”), and what
# its catalogs lack in any language but a few, the kinds of files in its file dialog above all.
_OURS = {
    "QShortcut": {mark("Ctrl"), mark("Shift"), mark("Return"), mark("Del"), mark("Esc")},
    "QAbstractFileIconProvider": {
        *(mark("Folder"), mark("File Folder"), mark("File")),
        *(mark("Drive"), mark("Shortcut"), mark("Alias"), mark("Unknown")),
    },
    "QFileSystemModel": {
        mark(
            '<b>The name "%1" cannot be used.</b>'
            "<p>Try using another name, with fewer characters or no punctuation marks."
        )
    },
    "QSpiAccessibleBridge": {mark("window"), mark("notification"), mark("desktop")},
}


class QtTexts(QTranslator):
    """Qt's own texts, but ours where they are better or the only ones."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return ``source`` in the current language, or None where Qt shall say it in English."""
        if source in _OURS.get(context, ()):
            return tr(source)
        return super().translate(context, source, disambiguation, n) or None  # type: ignore[return-value]


def read() -> None:
    """Read what is said in all languages, so that no switch waits for a disk; for a thread beside the window."""
    i18n.read_catalogs()
    for code in i18n.LANGUAGES:
        qt_texts(code)


@cache
def qt_texts(code: str) -> QtTexts:
    """Return Qt's own texts in the language ``code``, read once, for the thread of the window."""
    texts = QtTexts()
    texts.load(QLocale(code), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    if (application := QCoreApplication.instance()) is not None:
        texts.moveToThread(application.thread())
    return texts


def switch(code: str) -> None:
    """Speak the language ``code``, a key of ``engine.i18n.LANGUAGES``, from now on in every window."""
    QCoreApplication.removeTranslator(qt_texts(i18n.language()))
    i18n.set_language(code)
    QLocale.setDefault(QLocale(code))
    QCoreApplication.installTranslator(qt_texts(i18n.language()))
    _tell_windows()


def speak_of(noun: i18n.Noun) -> None:
    """Let every window speak of ``noun`` from now on: what the run shown is made of."""
    if noun != i18n.noun_spoken_of():
        i18n.speak_of(noun)
        _tell_windows()


def _tell_windows() -> None:
    for window in _windows():
        _UNSEEN.hold(window)
        _UNSEEN.tell(window)
        # Qt, with its translator, has posted the same for later.
        for receiver in (window, window.windowHandle()):
            if receiver is not None:
                QCoreApplication.removePostedEvents(receiver, QEvent.Type.LanguageChange.value)


def switch_unseen() -> None:
    """Let all that was put off speak the language now."""
    _UNSEEN.tell_all()


@guarded
class _Unseen(QObject):
    """Lets parts that nobody sees hear of another language later: when it is their turn, or before they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self._held: list[QWidget] = []
        self._turn = QTimer(self, interval=0)  # no single shots: Qt does those in the same turn
        self._turn.timeout.connect(self._tell_some)

    def hold(self, window: QWidget) -> None:
        """Paint nothing of ``window`` before the next turn."""
        if window.isVisible() and window not in self._held:
            self._held.append(window)
            window.setUpdatesEnabled(False)
            self._turn.start()

    def _let_go(self) -> None:
        held, self._held = self._held, []
        for window in filter(isValid, held):
            window.setUpdatesEnabled(True)
            window.repaint()  # a request was lost where a file was dropped meanwhile: nothing was painted any more

    def put_off(self, part: QWidget) -> None:
        """Tell ``part`` later."""
        if part not in self._parts:
            self._parts.append(part)
            part.installEventFilter(self)
            self._turn.start()

    def tell(self, part: QWidget) -> None:
        """Tell ``part`` that the language is another one, and later what of it is not seen."""
        for unseen in _unseen_in(part):
            unseen.setAttribute(Qt.WidgetAttribute.WA_SetLocale)  # until then it does not take that of what it lies in
            self.put_off(unseen)
        part.setLocale(QLocale()) if part.isWindow() else part.unsetLocale()
        QCoreApplication.sendEvent(part, QEvent(QEvent.Type.LanguageChange))

    def tell_all(self) -> None:
        """Tell every part at once."""
        self._let_go()
        while self._parts:
            self._tell_now(self._parts[0])

    def _tell_some(self) -> None:
        if self._held:
            self._let_go()
            return
        end = time.perf_counter() + _SECONDS_OF_A_TURN
        while self._parts and time.perf_counter() < end:
            self._tell_now(self._parts[0])
        if not self._parts:
            self._turn.stop()

    def _tell_now(self, part: QWidget) -> None:
        self._parts.remove(part)
        if isValid(part):
            part.removeEventFilter(self)
            self.tell(part)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """Return whether the event is kept from a part that is told later; it is told before it is seen."""
        if event.type() == QEvent.Type.Show and receiver in self._parts:
            self._tell_now(receiver)
        return event.type() == QEvent.Type.LanguageChange and receiver in self._parts


_UNSEEN = _Unseen()


def _unseen_in(part: QWidget) -> Iterator[QWidget]:
    """Yield the outermost parts of ``part`` that are hidden and hold others, such as pages that are not in front."""
    for child in part.children():
        if isinstance(child, QWidget):
            if not child.isHidden():
                yield from _unseen_in(child)
            elif any(each.isWidgetType() for each in child.children()):
                yield child


def _windows() -> list[QWidget]:
    """Return the windows without a parent: menus and pop-ups hear from theirs.

    Qt's list holds bare pointers, also to pop-ups of forms that only a reference cycle keeps alive; from the list that
    is returned nothing can vanish. (Nor from Qt's: nothing is collected meanwhile, ``studio.garbage``.)
    """
    tops = QApplication.topLevelWidgets()
    return [window for window in tops if window.parent() is None and not isinstance(window, QMenu)]
