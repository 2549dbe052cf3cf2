"""A dialog that asks what a class shall fix beside the options that are planned. It knows no window and no file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from engine.class_file import ABOVE, MOST_MINUTES, ClassFile
from engine.config import GROUP_TITLES, Config
from engine.i18n import LANGUAGES, mark, tr
from engine.lessons.lesson import Lesson
from engine.recipes.words import set_by_hand
from engine.text import LONGEST_NAME
from studio.text.lessons import numbered
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.option_states import OptionStates

_LEGIBLE = 40  # characters of a title that are seen at once
_WHOLLY = mark("hidden and locked")
_FREE, _LOCKED, _HIDDEN, _BOTH = "", "locked", "hidden", "hidden and locked"


class ClassDialog(Dialog):
    """``made`` carries the class; its recipe and options are those of ``config``.

    Lessons can be chosen once they are offered.
    """

    made = Signal(ClassFile)

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        super().__init__("class_dialog", parent, Buttons.Save | Buttons.Cancel)
        self._config = config
        self._about = QLabel(wordWrap=True)
        self._title = set_object_name(QLineEdit(maxLength=LONGEST_NAME), "class_title")
        self._lesson = set_object_name(ElidingComboBox(), "class_lesson")
        self._lesson.addItem("", "")
        self._title.setMinimumWidth(_LEGIBLE * self.fontMetrics().averageCharWidth())  # and the lesson's name as wide
        self._language = set_object_name(QComboBox(), "class_language")
        self._minutes = set_object_name(NumberBox(0, MOST_MINUTES, whole=True), "class_minutes")
        self._above = set_object_name(QComboBox(), "class_run_bar")
        self._groups = {
            group: set_object_name(QComboBox(), f"class_group_{group}") for group in GROUP_TITLES if group != "hidden"
        }
        self._labels: list[tuple[QLabel, QWidget]] = []
        form = self.form()
        form.addRow(self._about)
        fields = (self._title, self._lesson, self._language, self._minutes, self._above, *self._groups.values())
        for field in fields:
            label = QLabel()
            label.setBuddy(field)
            self._labels.append((label, field))
            form.addRow(label, field)
        self.single = OptionStates(
            {_FREE: mark("free"), _LOCKED: mark("locked"), _HIDDEN: mark("hidden"), _BOTH: _WHOLLY}
        )
        form.addRow(self.single)
        form.addRow(self._minutes.note)
        form.addRow(self.buttons)
        for code in ("", *LANGUAGES):
            self._language.addItem("", code)
        for state in (_FREE, _LOCKED):
            self._above.addItem("", state)
        for box in self._groups.values():
            for state in (_FREE, _LOCKED, _HIDDEN, _BOTH):
                box.addItem("", state)
        self.retranslate()

    def offer_lessons(self, lessons: Sequence[Lesson]) -> None:
        """Let one of these be chosen."""
        before = self._lesson.currentData()
        while self._lesson.count() > 1:
            self._lesson.removeItem(1)
        for lesson, title in zip(lessons, numbered(lessons), strict=True):
            self._lesson.addItem(title, lesson.name)
        self._lesson.setMinimumWidth(min(self._lesson.sizeHint().width(), 2 * self._title.minimumWidth()))  # whole
        self._lesson.setCurrentIndex(max(self._lesson.findData(before), 0))

    def take(self) -> bool:
        """Tell the class, unless there is something wrong with the minutes."""
        self._minutes.finish()
        if self._minutes.problem:
            return False
        chosen = {group: box.currentData() for group, box in self._groups.items()} | self.single.chosen()
        locked = [it for it in chosen if chosen[it] in (_LOCKED, _BOTH)]
        self.made.emit(
            ClassFile(
                title=self._title.text().strip(),
                language=self._language.currentData(),
                recipe=self._config.recipe,
                options=set_by_hand(self._config, also_shown=True),
                lesson=self._lesson.currentData(),
                minutes=int(self._minutes.value()),
                locked=(*(ABOVE if self._above.currentData() else ()), *locked),
                hidden=tuple(it for it in chosen if chosen[it] in (_HIDDEN, _BOTH)),
            )
        )
        return True

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Make a class file"))
        self._about.setText(
            tr(
                "The class begins with the recipe, images and options that are planned now. What is locked stays as "
                "it is. What is hidden is out of sight, but a recipe or a cure may still set it."
            )
        )
        groups = [tr(GROUP_TITLES[group]) for group in self._groups]
        names = (
            tr("Title"),
            tr("Lesson"),
            tr("Language"),
            tr("Minutes of the class"),
            tr("Recipe and images"),
            *groups,
        )
        for (label, field), name in zip(self._labels, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self._lesson.setItemText(0, tr("no lesson"))
        self._minutes.setSpecialValueText(tr("no limit"))
        for place, text in enumerate((tr("as the student likes"), *LANGUAGES.values())):
            self._language.setItemText(place, text)
        states = (tr("free"), tr("locked"), tr("hidden"), tr("hidden and locked"))
        for box in (self._above, *self._groups.values()):
            for place, text in enumerate(states[: box.count()]):
                box.setItemText(place, text)
