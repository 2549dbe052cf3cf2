"""The options of a training, built from the single declaration in ``engine.config``; it knows no option by name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QIcon, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.config import GROUP_TITLES, OPTIONS, Config, Option
from engine.i18n import number, tr
from engine.recipes import recipe
from studio import theme
from studio.widgets.number_box import NumberBox
from studio.widgets.scrolling import scroll_down
from studio.widgets.view import View


class OptionsForm(View):
    """A form for a ``Config``: the basic options open, the others under "Advanced".

    ``changed(name, value)`` tells what the person set. While training, only options that may change live can be
    edited.
    """

    changed = Signal(str, object)

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("options_form")
        self._config = config
        self._rows: dict[str, _Row] = {}
        self._titles: dict[str, QLabel] = {}
        self._advanced = QToolButton(autoRaise=True)
        self._advanced.setCheckable(True)
        self._advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        content = self._content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(self._group("basic"))
        inner = QWidget()
        inner_column = QVBoxLayout(inner)
        inner_column.setContentsMargins(0, 0, 0, 0)
        for group in GROUP_TITLES:
            if group != "basic":
                inner_column.addLayout(self._group(group))
        column.addWidget(self._advanced)
        column.addWidget(inner)
        self._advanced.toggled.connect(inner.setVisible)
        self._advanced.toggled.connect(self._show_arrow)
        inner.hide()
        self._show_arrow(False)
        column.addStretch()
        self._scroll = scroll_down(self, content)
        self.set_config(config)
        self.retranslate()

    def config(self) -> Config:
        """Return what the form shows."""
        return self._config

    def set_config(self, config: Config) -> None:
        """Show ``config``; nothing is emitted."""
        self._config = config
        recipe_config = recipe(config.recipe).config()
        for name, row in self._rows.items():
            row.show_value(getattr(config, name), getattr(recipe_config, name))

    def set_training(self, training: bool) -> None:
        """Leave only the options that may change live to the person while ``training``."""
        for row in self._rows.values():
            row.set_editable(not training or row.option.live)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._advanced.setText(tr("Advanced"))
        for group, title in self._titles.items():
            title.setText(tr(GROUP_TITLES[group]))
        for row in self._rows.values():
            row.retranslate()
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the widths of all parts are known."""
        super().showEvent(event)
        self._make_room()

    def _show_arrow(self, is_open: bool) -> None:
        self._advanced.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)

    def _make_room(self) -> None:
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(self._content.minimumSizeHint().width() + bar)

    def editor(self, name: str) -> QWidget:
        """Return the widget that edits the option ``name``."""
        return self._rows[name].editor

    def _group(self, group: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(theme.GRID // 2)
        grid.setColumnStretch(0, 1)
        title = QLabel()
        font = QFont(title.font())
        font.setBold(True)
        title.setFont(font)
        self._titles[group] = title
        grid.addWidget(title, 0, 0, 1, 3)
        for option in OPTIONS.values():
            if option.group == group:
                row = _Row(option, self._on_edited, self)
                self._rows[option.name] = row
                line = grid.rowCount()
                for column, part in enumerate((row.label, row.editor, row.reset)):
                    grid.addWidget(part, line, column)
        return grid

    def _on_edited(self, name: str, value: object) -> None:
        self._config = self._config.changed(**{name: value})
        self.changed.emit(name, value)


class _Row:
    """Label, editor and reset button of one option."""

    def __init__(self, option: Option, on_edited: Any, parent: QWidget) -> None:
        self.option = option
        self._on_edited = on_edited
        self._default: Any = option.default
        self.label = QLabel(parent)
        self.editor = _editor(option, parent)
        self.editor.setObjectName(f"option_{option.name}")
        self.reset = QToolButton(parent, autoRaise=True)
        self.reset.setIcon(
            QIcon.fromTheme("edit-undo", parent.style().standardIcon(QStyle.StandardPixmap.SP_DialogResetButton))
        )
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.label.setBuddy(self.editor)
        self.reset.clicked.connect(self._on_reset)
        if isinstance(self.editor, QComboBox):
            self.editor.activated.connect(self._edited)
        else:
            self.editor.valueChanged.connect(self._edited)

    def value(self) -> Any:
        if isinstance(self.editor, QComboBox):
            return self.editor.currentData()
        return self.editor.value()

    def show_value(self, value: Any, default: Any) -> None:
        self._default = default
        blocked = self.editor.blockSignals(True)
        if isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(self.editor.findData(value))
        else:
            self.editor.setValue(value)
        self.editor.blockSignals(blocked)
        self._mark()

    def set_editable(self, editable: bool) -> None:
        self.editor.setEnabled(editable)
        self.reset.setEnabled(editable)

    def retranslate(self) -> None:
        name, help_text = tr(self.option.label), tr(self.option.help)
        if self.option.live:
            help_text += "\n" + tr("It may change while training.")
        if self.option.minimum is not None and self.option.maximum is not None:
            low, high = number(self.option.minimum), number(self.option.maximum)
            help_text += "\n" + tr("From {low} to {high}.", low=low, high=high)
        if isinstance(self.editor, QSpinBox | QDoubleSpinBox) and self.option.unit:
            help_text += "\n" + tr("Unit: {unit}.", unit=tr(self.option.unit))
        tip = f"{help_text}\n({self.option.name})"
        if isinstance(self.editor, QComboBox):
            for index, title in enumerate(self.option.choice_titles):
                self.editor.setItemText(index, tr(title))
        self.label.setText(name + (" •" if self.option.live else ""))
        self.editor.setAccessibleName(name)
        self.editor.setAccessibleDescription(help_text)
        self.reset.setAccessibleName(tr("Reset {name}", name=name))
        self.reset.setToolTip(tr("Back to the recipe's value"))
        for part in (self.label, self.editor):
            part.setToolTip(tip)

    def _edited(self, *_: object) -> None:
        self._mark()
        self._on_edited(self.option.name, self.value())

    def _on_reset(self) -> None:
        self.show_value(self._default, self._default)
        self._edited()

    def _mark(self) -> None:
        shown = self.value() != self._default
        if not shown and self.reset.hasFocus():
            self.editor.setFocus()
        self.reset.setVisible(shown)


def _editor(option: Option, parent: QWidget) -> Any:
    if option.choices:
        choices = QComboBox(parent)
        for choice in option.choices:
            choices.addItem(choice, choice)
        choices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choices.setMinimumContentsLength(6)
        return choices
    assert option.minimum is not None and option.maximum is not None
    box: QSpinBox | NumberBox
    if option.kind is int:
        box = QSpinBox(parent)
        box.setRange(int(option.minimum), int(min(option.maximum, 2**31 - 1)))
        box.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        box.setKeyboardTracking(False)
        box.setGroupSeparatorShown(True)
    else:
        box = NumberBox(option.minimum, option.maximum, parent)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setFixedWidth(box.fontMetrics().horizontalAdvance("000,000") + 5 * theme.GRID)
    return box
