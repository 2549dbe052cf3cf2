"""A spin box for numbers whose size matters more than their digits, such as learning rates."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

_DECIMALS = 9


class NumberBox(QDoubleSpinBox):
    """Shows up to six significant digits in the language's format, and steps within the number's own magnitude."""

    def __init__(self, minimum: float, maximum: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(_DECIMALS)
        self.setRange(minimum, maximum)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setKeyboardTracking(False)

    def textFromValue(self, value: float) -> str:
        """Write 0.0012 as it is read, without trailing zeros."""
        return self.locale().toString(value, "g", 6)

    def valueFromText(self, text: str) -> float:
        """Read a number in the language's format, or with a point."""
        number = text.removesuffix(self.suffix()).strip()
        value, understood = self.locale().toDouble(number)
        if understood:
            return value
        try:
            return float(number)
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let scientific notation such as 4e-3 be typed."""
        number = text.removesuffix(self.suffix()).strip()
        _, understood = self.locale().toDouble(number)
        if not understood:
            try:
                float(number)
            except ValueError:
                typing = all(character in "0123456789eE+-.,   " for character in number)
                state = QValidator.State.Intermediate if typing else QValidator.State.Invalid
                return state, text, position
        low, high = self.minimum(), self.maximum()
        inside = low <= self.valueFromText(text) <= high
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate), text, position
