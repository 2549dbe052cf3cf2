"""A knob of a search as a line that opens when it is ticked: its range, or the choices that are tried."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.errors import UserError
from engine.i18n import tr
from engine.search.knobs import Knob, told
from studio.theme import SPACING
from studio.widgets.fields.number_box import NumberBox

_USUAL_NUMBER = "0,00000"


class KnobRow(QObject):
    """``widget`` is for a column of them; ``changed`` tells that another knob would come out of it.

    What opens is built when it is ticked first: few of the thirty are, and all would take a fifth of the page's time.
    """

    changed = Signal()

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(parent)
        self._declared = knob
        self.widget = QWidget(parent)
        self.tick = QCheckBox(self.widget)
        self.tick.setObjectName(f"tune_{knob.name}")
        self._inner = QWidget(self.widget)
        self.choices: dict[object, QCheckBox] = {}
        self.ends: tuple[NumberBox, ...] = ()
        self._to = QLabel(self._inner)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.tick)
        layout.addWidget(self._inner)
        self.tick.toggled.connect(self._on_ticked)
        self._inner.hide()
        self.retranslate()

    @property
    def name(self) -> str:
        """The name of the option."""
        return self._declared.name

    def knob(self) -> Knob | None:
        """Return the knob as it is set, None where it is not ticked; raises ``UserError``."""
        if not self.tick.isChecked():
            return None
        label = tr(self._declared.option.label)
        if self.choices:
            chosen = tuple(value for value in self._declared.choices if self.choices[value].isChecked())
            if len(chosen) < 2:
                raise UserError(tr("“{label}” needs at least two choices.", label=label), tr("Tick another one."))
            return Knob(self.name, choices=chosen)
        for end in self.ends:
            end.finish()
            if end.problem:
                raise UserError(tr("The range of “{label}” is not complete.", label=label), end.problem)
        low, high = (end.value() for end in self.ends)
        if low >= high:
            raise UserError(
                tr("The range of “{label}” is empty.", label=label),
                tr("Write the smaller number first, and a larger one after it."),
            )
        return Knob(self.name, low, high, self._declared.log and low > 0)

    def set_unused(self, is_unused: bool) -> None:
        """Leave the knob out while the options to begin with have no use for it."""
        self.widget.setVisible(not is_unused)
        if is_unused:
            self.tick.setChecked(False)

    def retranslate(self) -> None:
        """Set every text."""
        option = self._declared.option
        name = tr(option.label)
        self.tick.setText(name.replace("&", "&&"))
        self.tick.setAccessibleName(tr("Vary {option}", option=name))
        self.tick.setToolTip(f"{tr(option.help)}\n({option.name})")
        self._to.setText(tr("to"))
        for end, text in zip(self.ends, (tr("{option}: from", option=name), tr("{option}: to", option=name)),
                             strict=False):  # fmt: skip
            end.setAccessibleName(text)
            end.setToolTip(text)
        for value, box in self.choices.items():
            text = told(self.name, value)
            box.setText(text.replace("&", "&&"))
            box.setAccessibleName(f"{name}: {text}")

    def _build(self, knob: Knob) -> None:
        if knob.choices:
            self._build_choices(knob)
        else:
            self._build_range(knob)
        self.retranslate()

    def _build_range(self, knob: Knob) -> None:
        least, most = float(knob.option.minimum or 0.0), float(knob.option.maximum or 0.0)
        self.ends = tuple(NumberBox(least, most, self._inner, whole=knob.is_whole) for _ in range(2))
        layout = QVBoxLayout(self._inner)
        layout.setContentsMargins(3 * SPACING, 0, 0, 0)
        line = QHBoxLayout()
        low, high = self.ends
        for part in (low, self._to, high):
            line.addWidget(part)
        line.addStretch()
        layout.addLayout(line)
        for end, value, which in ((low, knob.low, "low"), (high, knob.high, "high")):
            end.setObjectName(f"tune_{knob.name}_{which}")
            end.set_usual_text(_USUAL_NUMBER)
            end.setValue(value)
            end.valueChanged.connect(lambda _: self.changed.emit())
            end.problem_changed.connect(lambda _: self.changed.emit())
            layout.addWidget(end.note)

    def _build_choices(self, knob: Knob) -> None:
        grid = QGridLayout(self._inner)
        grid.setContentsMargins(3 * SPACING, 0, 0, 0)
        self._to.hide()
        for place, value in enumerate(knob.choices):
            box = QCheckBox(self._inner)
            box.setObjectName(f"tune_{knob.name}_{value}")
            box.setChecked(True)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.toggled.connect(lambda _: self.changed.emit())
            self.choices[value] = box
            grid.addWidget(box, place, 0)

    def _on_ticked(self, is_on: bool) -> None:
        if is_on and not (self.choices or self.ends):
            self._build(self._declared)
        self._inner.setVisible(is_on)
        self.changed.emit()
