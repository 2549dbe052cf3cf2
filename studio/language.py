"""Switches the language of the whole window while it runs: our texts, Qt's own dialogs, and number formats."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from engine import i18n

_qt_texts = QTranslator()


def switch(code: str) -> None:
    """Speak the language ``code``, a key of ``engine.i18n.LANGUAGES``, from now on in every window."""
    i18n.set_language(code)
    locale = QLocale(code)
    QLocale.setDefault(locale)
    QCoreApplication.removeTranslator(_qt_texts)
    if _qt_texts.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(_qt_texts)
    for window in QApplication.topLevelWidgets():
        window.setLocale(locale)
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
