"""The “?” that opens the explanation of the part of the window on which it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.help.page import TOPIC, title_of
from studio.help.topics import TOPICS
from studio.theme import SPACING
from studio.widgets.layouts.late_part import LatePart


@guarded
class HelpButton(QToolButton):
    """Explains ``topic`` and whatever stands in ``place``, of which F1 knows from now on as well."""

    def __init__(self, topic: str, place: QWidget) -> None:
        super().__init__(autoRaise=True)
        self.topic, self._place = topic, place
        assert topic in TOPICS
        self.setObjectName(f"help_{topic}_button")
        for explained in (place, self):  # it may stand beside its place
            explained.setProperty(TOPIC, topic)
        self.setText("?")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.explain)
        self._say()

    def explain(self) -> None:
        """Open the explanation."""
        from studio.help.help_window import HelpWindow  # late: nobody reads before the window is there

        if isinstance(self._place, LatePart):
            self._place.build()  # what stands in it is explained, too
        HelpWindow.of(self.window()).show_topic(self.topic, self._place, self)

    def _say(self) -> None:
        name = tr("Explain “{panel}”", panel=title_of(self.topic))
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setMaximumWidth(self.fontMetrics().height() + SPACING // 2)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self._say()
