"""The options that say how own pictures become images, from their one declaration in ``engine.config``."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QWidget

from engine.config import Config, Option, option
from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox

NAMES = ("image_size", "image_fit", "image_color", "image_ground", "image_classes", "image_invert")
_Editor = NumberBox | QComboBox | QCheckBox


class PictureOptions(View):
    """A small form; ``changed`` tells that the person set something."""

    changed = Signal()
    problem_changed = Signal(str)

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Option, QLabel | None, _Editor]] = []
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACING)
        for spec in map(option, NAMES):
            editor = _editor(spec, getattr(config, spec.name), self)
            label = None if isinstance(editor, QCheckBox) else QLabel(self)
            if label:
                label.setBuddy(editor)
                form.addRow(label, editor)
                if isinstance(editor, NumberBox):
                    form.addRow(editor.note)
            else:
                form.addRow(editor)
            self._rows.append((spec, label, editor))
            self._watch(editor)
        self.retranslate()

    def values(self) -> dict[str, Any]:
        """Return what is set, by the options' names."""
        return {spec.name: _value(editor) for spec, _, editor in self._rows}

    @property
    def problem(self) -> str:
        """Why what was typed is not taken, or nothing."""
        return next((box.problem for box in self._boxes() if box.problem), "")

    def finish(self) -> None:
        """Read what is still being typed."""
        for box in self._boxes():
            box.finish()

    def _boxes(self) -> list[NumberBox]:
        return [editor for _, _, editor in self._rows if isinstance(editor, NumberBox)]

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        for spec, label, editor in self._rows:
            title, help_text = tr(spec.label), tr(spec.help)
            if isinstance(editor, NumberBox):
                editor.setSuffix(f" {tr(spec.unit)}")
            elif isinstance(editor, QComboBox):
                for index, choice in enumerate(spec.choice_titles):
                    editor.setItemText(index, tr(choice))
            else:
                editor.setText(title)
            editor.setAccessibleName(title)
            editor.setAccessibleDescription(help_text)
            editor.setToolTip(help_text)
            if label:
                label.setText(title)
                label.setToolTip(help_text)

    def _watch(self, editor: _Editor) -> None:
        if isinstance(editor, NumberBox):
            editor.valueChanged.connect(self.changed)
            editor.problem_changed.connect(self.problem_changed)
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(self.changed)
        else:
            editor.toggled.connect(self.changed)


def _editor(spec: Option, value: Any, parent: QWidget) -> _Editor:
    name = f"picture_{spec.name}"
    if spec.kind is bool:
        check = set_object_name(QCheckBox(parent), name)
        check.setChecked(value)
        return check
    if spec.choices:
        box = set_object_name(ElidingComboBox(parent=parent), name)
        for choice in spec.choices:
            box.addItem(choice, choice)
        box.setCurrentIndex(box.findData(value))
        return box
    assert spec.minimum is not None and spec.maximum is not None
    number = set_object_name(NumberBox(spec.minimum, spec.maximum, parent, whole=True), name)
    number.setSingleStep(spec.step)
    number.setValue(value)
    return number


def _value(editor: _Editor) -> Any:
    if isinstance(editor, QComboBox):
        return editor.currentData()
    return editor.value() if isinstance(editor, NumberBox) else editor.isChecked()
