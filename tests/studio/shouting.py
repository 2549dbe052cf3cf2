"""Languages that no text can be in by chance: what is not said anew when they are chosen stands out."""

from __future__ import annotations

import gettext

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from engine import i18n


class Shouting(gettext.NullTranslations):
    """Every sentence is shouted."""

    def gettext(self, message):
        return f"¡{message}!"

    def ngettext(self, one, many, count):
        return self.gettext(one if count == 1 else many)


class Capitals(Shouting):
    """Every letter is a capital, those of fields aside."""

    def gettext(self, message):
        pieces = message.replace("{", "\0{").replace("}", "}\0").split("\0")
        return "".join(piece if piece.startswith("{") else piece.upper() for piece in pieces)


def shout(monkeypatch, *widgets, language=Shouting):
    """Let everybody say everything so from now on, and tell ``widgets``, as Qt tells those of a window."""
    monkeypatch.setattr(i18n, "_catalog", language())
    for widget in widgets:
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
