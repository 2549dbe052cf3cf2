"""A box for a number that takes what people type and never refuses without a word. It knows no option."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from engine.numbers import NotTaken, read_number, typeable
from studio.guard import guarded
from studio.part_keys import BOX_RESTORE
from studio.widgets.base.note import Note
from studio.widgets.base.undo_keys import is_for_the_window

_Step = QAbstractSpinBox.StepEnabledFlag
_FROM_ZERO = Decimal("0.01")  # of the largest number, the step away from 0


@guarded
class NumberBox(QAbstractSpinBox):
    """Shows a number in the language's format, and steps within its own magnitude.

    ``valueChanged`` tells what was typed when the person has finished. What is not taken stays in the box while
    ``note``, a label for whoever lays the box out, says why; ``value`` is then still the last number that was taken.
    """

    valueChanged = Signal(object)
    problem_changed = Signal(str)

    def __init__(self, minimum: float, maximum: float, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(parent)
        self.note = Note()
        self.note.changed.connect(self.problem_changed)
        self._whole = whole
        self._step = 0.0  # 0: within the number's magnitude
        self._suffix = ""
        self._usual_text = ""  # nothing: as wide as a layout wishes
        self._widened_for: tuple[str, str] | None = None
        self._value: float = min(max(0, minimum), maximum)
        self._limit(minimum, maximum)
        self._is_typed = False  # and nobody has read it yet
        self.lineEdit().textChanged.connect(self._on_text_changed)
        self.editingFinished.connect(self.finish)
        self._write()

    @property
    def problem(self) -> str:
        """Why the text is not taken, or nothing."""
        return self.note.problem

    def value(self) -> float:
        """Return the number that was taken last, an ``int`` in a box of whole numbers."""
        return self._value

    def setValue(self, value: float) -> None:
        """Show ``value``, or the nearest limit, in the place of whatever was typed."""
        self._is_typed = False
        self.note.say("")
        self._take(min(max(value, self._minimum), self._maximum))

    def minimum(self) -> float:
        """Return the smallest number that is taken."""
        return self._minimum

    def maximum(self) -> float:
        """Return the largest number that is taken."""
        return self._maximum

    def setRange(self, minimum: float, maximum: float) -> None:
        """Take other numbers."""
        self._limit(minimum, maximum)
        self.setValue(self._value)

    def setSingleStep(self, step: float) -> None:
        """Step by this much, whatever the number's magnitude; by what suits that where it is 0."""
        self._step = step

    def setSuffix(self, suffix: str) -> None:
        """Show ``suffix``, such as a unit, after the number; it need not be typed."""
        self._suffix = suffix
        self._write()

    def setSpecialValueText(self, text: str) -> None:
        """Show ``text`` for the smallest number."""
        super().setSpecialValueText(text)
        self._write()
        self.updateGeometry()

    def set_usual_text(self, text: str) -> None:
        """Be as wide as ``text`` needs, and wider only while a longer number stands in the box."""
        self._usual_text = text
        self._write()

    def finish(self) -> None:
        """Read what was typed, as leaving the box does."""
        if self._is_typed:
            self._is_typed = False
            self._read()

    # --- reading and writing

    def _read(self) -> None:
        text = self.lineEdit().text().strip().removesuffix(self._suffix.strip())
        try:
            value = self._meant(text.strip())
        except NotTaken as error:
            self.note.say(str(error))
        else:
            self.note.say("")
            self._take(value)

    def _meant(self, text: str) -> float:
        if self.specialValueText() and text in ("", self.specialValueText()):
            return self._minimum
        return read_number(text, self._minimum, self._maximum, whole=self._whole)

    def _take(self, value: float) -> None:
        changed = value != self._value
        self._value = int(value) if self._whole else float(value)
        self._write()
        if changed:
            self.valueChanged.emit(self._value)

    def _write(self) -> None:
        if self.problem or self._is_typed:
            return
        self.setProperty("value", self._value)  # where Qt's accessibility looks for it
        line, text = self.lineEdit(), self.textFromValue(self._value)
        with QSignalBlocker(line):
            line.setText(text)
        if self._usual_text and self._widened_for != (self._usual_text, text):
            self._widened_for = self._usual_text, text
            self.setFixedWidth(self.width_with(text))

    def width_with(self, text: str) -> int:
        """Return how wide the box is while ``text`` stands in it."""
        return self._size_with(self._usual_text, text).width()

    def _limit(self, minimum: float, maximum: float) -> None:
        self._minimum, self._maximum = minimum, maximum
        self.setProperty("minimum", minimum)
        self.setProperty("maximum", maximum)

    def textFromValue(self, value: float) -> str:
        """Write ``value`` as it could be typed, without trailing zeros."""
        if self.specialValueText() and value == self._minimum:
            return self.specialValueText()
        return typeable(value, whole=self._whole) + self._suffix

    def _on_text_changed(self) -> None:
        self._is_typed = True
        self.note.say("")  # what is typed now may be well

    # --- what Qt asks

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """The arrows end at the limits."""
        if self.isReadOnly():
            return _Step.StepNone
        down = _Step.StepDownEnabled if self._value > self._minimum else _Step.StepNone
        return down | (_Step.StepUpEnabled if self._value < self._maximum else _Step.StepNone)

    def stepBy(self, steps: int) -> None:
        """Go ``steps`` up, or down where negative; from the number taken last where what is typed is not taken."""
        self.finish()
        value = Decimal(repr(self._value))
        for _ in range(abs(steps)):
            value += self._step_from(value, up=steps > 0)
        self.setValue(float(value))
        self.selectAll()

    def _step_from(self, value: Decimal, *, up: bool) -> Decimal:
        if self._step:
            size = Decimal(repr(self._step))
        elif value:
            toward_zero = (value > 0) is not up
            size = Decimal(10) ** ((value.copy_abs().next_minus() if toward_zero else value).adjusted() - 1)
        else:
            size = Decimal(10) ** (Decimal(repr(self._maximum)) * _FROM_ZERO).adjusted()
        size = max(size, Decimal(1)) if self._whole else size
        places = value / size  # a number between two steps goes to the next one
        rest = places.to_integral_value(ROUND_FLOOR if up else ROUND_CEILING) - places
        return (rest + (1 if up else -1)) * size

    def sizeHint(self) -> QSize:
        """Room for the longest limit."""
        texts = (self.textFromValue(value) for value in (self._minimum, self._maximum))
        return self._size_with(*texts, self.specialValueText())

    def _size_with(self, *texts: str) -> QSize:
        width = max(map(self.fontMetrics().horizontalAdvance, texts)) + 4
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        room = QSize(width, self.lineEdit().sizeHint().height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_SpinBox, option, room, self)

    def minimumSizeHint(self) -> QSize:
        """No digit is cut off."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings the last number back; Space, which would replace a whole number by nothing, is the window's."""
        if event.text() == " " and self.text() and self.lineEdit().selectedText() == self.text():
            event.ignore()
        elif BOX_RESTORE.nth(event) is not None and (self._is_typed or self.problem):
            self.setValue(self._value)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Undo what is typed here, and leave it to the window where nothing is; the note is seen where the box is."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.note.set_shown(not self.isHidden())
        if is_for_the_window(self.lineEdit(), event):
            event.ignore()
            return False
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """In another language numbers, and what is said of them, are written anew."""
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() in (kinds.LanguageChange, kinds.FontChange, kinds.StyleChange):
            self._widened_for = None
            if self.problem:
                self._read()
            self._write()
            self.updateGeometry()
