"""What is known of the training, at the right: its health, the quality of its samples, one sample looked at closely."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.help.help_button import HelpButton
from studio.widgets.base.object_names import set_object_name


@guarded
class Inspector(QTabWidget):
    """Three pages, each with its explanation; that of the health is marked while something is wrong."""

    def __init__(self, health: QWidget, quality: QWidget, sample: QWidget) -> None:
        super().__init__(documentMode=True)
        set_object_name(self, "inspector")
        self._pages = (health, quality, sample)
        self._is_troubled = False
        for page in self._pages:
            self.addTab(page, "")
        questions = QStackedWidget()
        for topic, page in zip(("health", "quality", "sample"), self._pages, strict=True):
            questions.addWidget(HelpButton(topic, page))
        self.currentChanged.connect(questions.setCurrentIndex)
        self.setCornerWidget(questions)
        self.retranslate()

    def mark_trouble(self, is_troubled: bool) -> None:
        """Warn on the tab of the health, or no more."""
        if is_troubled != self._is_troubled:
            self._is_troubled = is_troubled
            self.retranslate()

    def retranslate(self) -> None:
        """Name the pages in the current language."""
        health = f"⚠ {tr('Health')}" if self._is_troubled else tr("Health")
        for index, name in enumerate((health, tr("Quality"), tr("Sample"))):
            self.setTabText(index, name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
