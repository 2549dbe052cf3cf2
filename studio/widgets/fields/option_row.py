"""Label, editor and reset button of one option, whatever its kind. It knows no form and no config."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QStyle, QToolButton, QWidget

from engine.config import Option, refusal
from engine.errors import UserError
from engine.i18n import joined, number, tr
from engine.numbers import typeable
from engine.recipes.words import value_words
from studio.help.knob_card import KNOB, KNOB_VALUE
from studio.help.option_button import OptionButton
from studio.text.kept import kept
from studio.text.knobs import safe_told
from studio.text.search import folded
from studio.widgets.base.note import Note
from studio.widgets.fields.classes_line import ClassesLine
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox

_USUAL_NUMBER = "000,0000"
_SHORT = 13  # letters of a choice's title that are read whole beside the label
Editor = QCheckBox | ClassesLine | QComboBox | NumberBox


class OptionRow(QObject):
    """Three widgets for a line of a grid, and a note below it where the person can type.

    ``edited(name, value)`` tells what the person set, ``problem_changed`` that what was typed is not taken, or is.
    """

    edited = Signal(str, object)
    problem_changed = Signal()

    def __init__(self, option: Option, parent: QWidget) -> None:
        super().__init__(parent)
        self.option = option
        self._default: Any = option.default
        self._is_shown = True
        self._unused = ""
        self._overruled: tuple[Option, Any] | None = None
        self._is_kept = False
        self.label = QLabel(parent, wordWrap=True)
        self.editor = editor_for(option, parent)
        self.editor.setObjectName(editor_name(option.name))
        if option.safe is not None:
            self.editor.setProperty(KNOB, option.name)
        self.reset = QToolButton(parent, autoRaise=True)
        undo = parent.style().standardIcon(QStyle.StandardPixmap.SP_DialogResetButton)
        self.reset.setIcon(QIcon.fromTheme("edit-undo", undo))
        self.question = OptionButton(self.editor) if option.safe is not None else None
        """The “?” that shows what it does, where there are pictures of it."""
        self.label.setBuddy(self.editor)
        self.reset.clicked.connect(self._on_reset)
        if isinstance(self.editor, QComboBox):
            self.editor.activated.connect(self._on_edited)
        elif isinstance(self.editor, QCheckBox):
            self.editor.toggled.connect(self._on_edited)
        else:
            self.editor.valueChanged.connect(self._on_edited)
            self.editor.problem_changed.connect(self._on_problem_changed)
        self.set_shown(True)

    @property
    def note(self) -> Note | None:
        """The label that says why what was typed is not taken; None where nothing can be typed."""
        return self.editor.note if isinstance(self.editor, NumberBox | ClassesLine) else None

    def problem(self) -> UserError | None:
        """Say why what was typed is not taken."""
        if isinstance(self.editor, NumberBox | ClassesLine) and self.editor.problem:
            return refusal(self.option, self.editor.text(), self.editor.problem)
        return None

    def finish(self) -> None:
        """Read what was typed, as leaving the editor does."""
        if isinstance(self.editor, NumberBox | ClassesLine):
            self.editor.finish()

    def value(self) -> Any:
        """Return what the editor shows."""
        if isinstance(self.editor, QComboBox):
            return self.editor.currentData()
        return self.editor.isChecked() if isinstance(self.editor, QCheckBox) else self.editor.value()

    def show_value(self, value: Any, default: Any) -> None:
        """Show ``value`` and offer to go back to ``default``; nothing is emitted."""
        self._default = default
        with QSignalBlocker(self.editor):
            if isinstance(self.editor, QComboBox):
                self.editor.setCurrentIndex(self.editor.findData(value))
            elif isinstance(self.editor, QCheckBox):
                self.editor.setChecked(value)
            else:
                self.editor.setValue(value)
        self._explain_choice()
        self._offer_reset()
        self._tell_value()

    def set_editable(self, editable: bool) -> None:
        """Let the person edit, or only look."""
        self.editor.setEnabled(editable)
        self.reset.setEnabled(editable)
        if self._overruled is not None:
            self._explain()

    def set_unused(self, why: str) -> None:
        """Say why nothing asks for this option, an English source text; none where it is used."""
        if why != self._unused:
            self._unused = why
            self.retranslate()

    def set_overruled(self, by: Option | None, value: Any = None) -> None:
        """Say that the ``value`` of another option counts instead; None where this one counts."""
        overruled = (by, value) if by is not None else None
        if overruled != self._overruled:
            self._overruled = overruled
            self._explain()
            self._offer_reset()

    def set_kept(self, is_kept: bool) -> None:
        """Say, or not, that a class keeps this option as it is."""
        if is_kept != self._is_kept:
            self._is_kept = is_kept
            self._explain()

    def set_shown(self, shown: bool) -> None:
        """Show or hide the whole line; a shown line keeps room for its reset button."""
        self._is_shown = shown
        if self.note is not None:
            self.note.set_shown(shown)
        self.label.setVisible(shown)
        self.editor.setVisible(shown)
        if self.question is not None:
            self.question.setVisible(shown)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(shown)
        self.reset.setSizePolicy(policy)
        self._offer_reset()

    def retranslate(self) -> None:
        """Set every text."""
        name = tr(self.option.label)
        if isinstance(self.editor, QComboBox):
            for index, (title, about) in enumerate(
                zip(self.option.choice_titles, self.option.choice_helps, strict=True)
            ):
                self.editor.setItemText(index, tr(title))
                self.editor.setItemData(index, tr(about), Qt.ItemDataRole.ToolTipRole)
        self.label.setText(label_of(self.option))
        if isinstance(self.editor, NumberBox):
            self.editor.setSuffix(suffix_of(self.option))
        self.editor.setAccessibleName(name)
        if self.question is not None:
            self.question.say()
        self.reset.setAccessibleName(tr("Reset {name}", name=name))
        self._explain()

    def _tell_value(self) -> None:
        """Let a card about this option mark what is set now."""
        if self.option.safe is not None:
            self.editor.setProperty(KNOB_VALUE, float(self.value()))

    def _explain(self) -> None:
        if self.note is not None:
            self.note.remark(self._remark())
        explanation = self._explanation()
        self.editor.setAccessibleDescription(explanation)
        for part in (self.label, self.editor):
            part.setToolTip(f"{explanation}\n({self.option.name})")
        back = tr("Back to the usual value") if self.option.of_machine else tr("Back to the recipe's value")
        self.reset.setToolTip(kept() if self._is_kept else back)

    def _remark(self) -> str:
        if self._overruled is None:
            return ""
        name, value = tr(self._overruled[0].label), value_words(self._overruled[0].name, self._overruled[1])
        told = tr("“{name}” counts instead: {value}.", name=name, value=value)
        return joined(told, tr("Set this, and it counts again.") if self.editor.isEnabled() else "")

    def _explain_choice(self) -> None:
        if any(self.option.choice_helps):
            self._explain()

    def _explanation(self) -> str:
        option = self.option
        lines = [tr(option.help)]
        if about := next((each.help for name, each in option.table.items() if name == self.value()), ""):
            lines.append(tr(about))
        if self._unused:
            lines.append(tr("Not used now: {why}", why=tr(self._unused)))
        if self._overruled is not None:
            lines.append(self._remark())
        if self._is_kept:
            lines.append(kept())
        elif option.live:
            lines.append(tr("It may change while training."))
        if option.minimum is not None and option.maximum is not None:
            low, high = (typeable(limit, whole=option.kind is int) for limit in (option.minimum, option.maximum))
            lines.append(tr("From {low} to {high}.", low=low, high=high))
        if option.safe is not None:
            lines.append(safe_told(option))
        if isinstance(self.editor, NumberBox) and option.unit:
            lines.append(tr("Unit: {unit}.", unit=tr(option.unit)))
        return "\n".join(lines)

    def _on_edited(self, *_: object) -> None:
        self._explain_choice()
        self._offer_reset()
        self._tell_value()
        self.edited.emit(self.option.name, self.value())

    def _on_problem_changed(self, _problem: str) -> None:
        self._offer_reset()
        self.problem_changed.emit()

    def _on_reset(self) -> None:
        self.show_value(self._default, self._default)
        self._on_edited()

    def _offer_reset(self) -> None:
        differs = self.value() != self._default or self.problem() is not None or self._overruled is not None
        if not differs and self.reset.hasFocus():
            self.editor.setFocus()
        self.reset.setVisible(self._is_shown and differs)


def editor_name(name: str) -> str:
    """Return the object name of the editor of the option ``name``."""
    return f"option_{name}"


def label_of(option: Option) -> str:
    """Return its name, with a sign where it may change while training."""
    return tr(option.label) + ("\N{NO-BREAK SPACE}•" if option.live else "")


def words_of(option: Option) -> str:
    """Return everything that is said of ``option``, to search in with ``folded`` words."""
    texts = [option.name, tr(option.label), tr(option.help), *map(tr, option.choice_titles + option.choice_helps)]
    return folded("\n".join(texts))


def is_wide(option: Option) -> bool:
    """Whether the editor needs a line of its own below the label."""
    return any(len(title) > _SHORT for title in option.choice_titles)


def suffix_of(option: Option) -> str:
    """Return what stands behind the number: a unit that is a sign; words would need more room than there is."""
    if option.unit == "%":
        return number(0, ".0%").removeprefix("0")
    return f"\N{NO-BREAK SPACE}{tr(option.unit)}" if option.unit == "MB" else ""


def editor_for(option: Option, parent: QWidget) -> Editor:
    """Return a new editor of the kind of ``option``."""
    if option.kind is bool:
        return QCheckBox(parent)
    if option.choices:
        return _choice_box(option, parent)
    if option.kind is tuple:
        return _classes_line(parent)
    assert option.minimum is not None and option.maximum is not None
    box = NumberBox(option.minimum, option.maximum, parent, whole=option.kind is int)
    box.setSingleStep(option.step)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.set_usual_text(_USUAL_NUMBER)
    return box


def _classes_line(parent: QWidget) -> ClassesLine:
    line = ClassesLine(parent)
    line.set_usual_text(_USUAL_NUMBER)
    return line


def _choice_box(option: Option, parent: QWidget) -> QComboBox:
    box = ElidingComboBox(parent=parent)
    for choice in option.choices:
        box.addItem(choice, choice)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box
