"""The lessons to choose from: title, minutes, and how much is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from engine.i18n import joined, number, tr, trn
from engine.lessons.lesson import Lesson
from engine.lessons.progress import LessonProgress
from studio.text.lessons import numbered
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View

_NAME = Qt.ItemDataRole.UserRole


class LessonList(View):
    """``chosen`` carries the name of the lesson that shall be opened."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, str]] = []
        self._about = QLabel(wordWrap=True)
        self.list = set_object_name(QListWidget(), "lesson_list")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._about)
        column.addWidget(self.list, 1)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.retranslate()

    def show_lessons(self, lessons: Sequence[Lesson], progress: Mapping[str, LessonProgress]) -> None:
        """Show these; the one that was chosen stays so, and the list where it is as long as it says the same."""
        rows = [
            (lesson.name, self._told(title, lesson, progress), lesson.about)
            for title, lesson in zip(numbered(lessons), lessons, strict=True)
        ]
        if rows == self._rows:
            return
        before, self._rows = self.list.currentRow(), rows
        self.list.clear()
        for name, told, about in rows:
            item = QListWidgetItem(told)
            item.setData(_NAME, name)
            item.setToolTip(about)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, about)
            self.list.addItem(item)
        self.list.setCurrentRow(max(before, 0))

    def choose(self, name: str) -> None:
        """Let the arrow keys and the eye begin at the lesson ``name``."""
        names = [row[0] for row in self._rows]
        if name in names:
            self.list.setCurrentRow(names.index(name))

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self._about.setText(tr("Each step turns green when it was measured that you got there."))
        self.list.setAccessibleName(tr("Lessons"))

    @staticmethod
    def _told(title: str, lesson: Lesson, progress: Mapping[str, LessonProgress]) -> str:
        share = progress[lesson.name].share(len(lesson.pages)) if lesson.name in progress else 0.0
        minutes = trn("{count} minute", "{count} minutes", lesson.minutes)
        done = tr("✓ done") if share == 1 else tr("{share} done", share=number(share, ".0%")) if share else ""
        own = tr("your own") if lesson.is_own else ""
        return f"{title}\n{joined(minutes, own, done, between=' · ')}"

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAME))
