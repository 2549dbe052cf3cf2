"""Switches the language of the whole window while it runs: our texts, Qt's own dialogs, and number formats."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from engine import i18n
from engine.i18n import mark, tr

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


class _QtTexts(QTranslator):
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
        _qt_texts(code)


@cache
def _qt_texts(code: str) -> _QtTexts:
    """Return Qt's own texts in the language ``code``, read once, for the thread of the window."""
    texts = _QtTexts()
    texts.load(QLocale(code), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    if (application := QCoreApplication.instance()) is not None:
        texts.moveToThread(application.thread())
    return texts


def switch(code: str) -> None:
    """Speak the language ``code``, a key of ``engine.i18n.LANGUAGES``, from now on in every window."""
    QCoreApplication.removeTranslator(_qt_texts(i18n.language()))
    i18n.set_language(code)
    locale = QLocale(code)
    QLocale.setDefault(locale)
    QCoreApplication.installTranslator(_qt_texts(i18n.language()))
    for window in _windows():
        window.setLocale(locale)
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
        for part in (window, window.windowHandle()):  # to which Qt, with its translator, has posted the same for later
            if part is not None:
                QCoreApplication.removePostedEvents(part, QEvent.Type.LanguageChange.value)


def _windows() -> list[QWidget]:
    """Return the windows without a parent: menus and pop-ups hear from theirs.

    Qt's list holds bare pointers, also to pop-ups of forms that only a reference cycle keeps alive; from the list that
    is returned nothing can vanish. (Nor from Qt's: nothing is collected meanwhile, ``studio.garbage``.)
    """
    tops = QApplication.topLevelWidgets()
    return [window for window in tops if window.parent() is None and not isinstance(window, QMenu)]
