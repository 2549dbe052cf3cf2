"""How wide the lines of options will be, told without making them. It knows no form."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from engine.config import Option
from engine.numbers import typeable
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.option_row import OptionRow, editor_for, is_wide, label_of, suffix_of

_MEASURED: dict[Hashable, int] = {}
"""The least width of a label or an editor, by what it is and how it is written."""


class RowRuler:
    """Measures as if lines stood beside ``row``, which has a number to set and the “?” at its end."""

    def __init__(self, row: OptionRow) -> None:
        self._row = row

    def least_width(self, lines: Sequence[tuple[Option, Any]], gap: int) -> int:
        """Return how narrow the lines of these options and their values may be, with ``gap`` pixels between parts."""
        labels, beside, below = [0], [0], [0]
        for option, value in lines:
            labels.append(self._label_width(label_of(option)))
            (below if is_wide(option) else beside).append(self._editor_width(option, value))
        return max(max(labels) + gap + max(beside), *below) + gap + self._end_width(lines)

    def _label_width(self, text: str) -> int:
        return self._measured(text, lambda parent: QLabel(text, parent, wordWrap=True))

    def _editor_width(self, option: Option, value: Any) -> int:
        kind, box = "choice" if option.choices else option.kind, self._row.editor
        if kind in (int, float):
            assert isinstance(box, NumberBox)
            return box.width_with(typeable(value, whole=option.kind is int) + suffix_of(option))
        return self._measured(kind, lambda parent: editor_for(option, parent))

    def _end_width(self, lines: Sequence[tuple[Option, Any]]) -> int:
        question = self._row.question
        assert question is not None
        has_question = any(option.safe is not None for option, _ in lines)
        return self._row.reset.sizeHint().width() + (question.maximumWidth() if has_question else 0)

    def _measured(self, what: Hashable, make: Callable[[QWidget], QWidget]) -> int:
        label = self._row.label
        key = what, label.font().toString(), label.logicalDpiX(), label.style().objectName()
        if key not in _MEASURED:
            parent = label.parentWidget()
            assert parent is not None
            part = make(parent)
            _MEASURED[key] = max(part.minimumSizeHint().width(), part.minimumWidth())
            part.setParent(None)  # and it goes
        return _MEASURED[key]
