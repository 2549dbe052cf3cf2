"""What stands beside the curves: how they are smoothed, and what else is drawn. It knows no curve."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QMenu, QSlider, QToolButton, QWidget

from engine.i18n import number, tr
from studio import theme
from studio.text.smoothing import smoothing_words
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.stacked import column_of, row_of

_MOST_SMOOTHING = 10
_USUAL_SMOOTHING = 4
_LEAST_CURVES = 40
"""Letters of width with which curves, their axis and their legend can still be read."""
_LEAST_MENU = 10
"""Letters of width of the column with the button: the time line below has as much beside the axis that both share."""


class CurveChoices(View):
    """A column of choices; where it would leave the curves too little room, a button with a menu of the same.

    ``ghost_box``, ``fit`` and ``help_button`` are others' controls, which get their places here.
    """

    changed = Signal()
    """``half_life`` is another one."""

    def __init__(self, ghost_box: QCheckBox, fit: QToolButton, help_button: QToolButton) -> None:
        super().__init__()
        self._ghost_box, self._fit, self._help = ghost_box, fit, help_button
        self.epoch = set_object_name(FittingLabel(), "curves_epoch")
        self.running_mean = set_object_name(QCheckBox(), "running_mean_box")
        self._title, self._smoothing = QLabel(), set_object_name(QSlider(Qt.Orientation.Horizontal), "smoothing_slider")
        self._smoothing.setRange(0, _MOST_SMOOTHING)
        self._smoothing.setValue(_USUAL_SMOOTHING)
        self._smoothing.setMinimumWidth(5 * theme.SPACING)
        self._menu_button = set_object_name(QToolButton(autoRaise=True), "curve_choices_button")
        self._menu_button.setMenu(QMenu(self._menu_button))
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.hide()
        self._choices = QWidget()  # the box of the band comes and goes by itself
        self._choices.setLayout(column_of(row_of(self._title, self._smoothing), self.running_mean, ghost_box))
        foot = row_of(self.epoch, fit, help_button)
        foot.setAlignment(help_button, Qt.AlignmentFlag.AlignRight)  # also where it is alone
        column = column_of(self._choices, self._menu_button, None, foot)
        column.setAlignment(self._menu_button, Qt.AlignmentFlag.AlignRight)
        self.setLayout(column)
        self._room, self._curves, self._is_narrow = 0, 0, False
        self._menu_button.menu().aboutToShow.connect(self._fill_menu)
        self._smoothing.valueChanged.connect(self._on_changed)
        self.running_mean.toggled.connect(self._on_changed)
        self.retranslate()

    @property
    def half_life(self) -> float:
        """After how many rows what came before counts half: 0 for no smoothing, infinite for the mean of all."""
        if self.running_mean.isChecked():
            return math.inf
        level = self._smoothing.value()
        return 2 ** (level - 1) if level else 0

    def share(self, room: int, curves: int) -> None:
        """Share ``room`` pixels of width with the curves: where large text leaves little, words give way to them.

        ``curves`` are the pixels that axis and legend take at least.
        """
        self._room, self._curves = room, curves
        letter = self.fontMetrics().averageCharWidth()
        is_narrow = room - self._wished_width() - theme.SPACING < max(_LEAST_CURVES * letter, curves)
        self.setMinimumWidth(_LEAST_MENU * letter if is_narrow else 0)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for part in (self._choices, self.epoch, self._fit):
                part.setHidden(is_narrow)
            self._menu_button.setVisible(is_narrow)

    def keep_room(self, longest: str) -> None:
        """Let the number of the epoch, which changes all the time, have the room of the ``longest``: nothing moves."""
        widest = "".join("8" if letter.isdigit() else letter for letter in longest)
        self.epoch.setMinimumWidth(self.epoch.fontMetrics().horizontalAdvance(widest))

    def event(self, event: QEvent) -> bool:
        """The words of a box have become longer, or it has come."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._room:
            self.share(self._room, self._curves)
        return done

    def retranslate(self) -> None:
        """Set every text again."""
        self._title.setText(tr("Smoothing"))
        self._smoothing.setAccessibleName(tr("Smoothing of the curves"))
        self.running_mean.setText(tr("Mean since the start"))
        self.running_mean.setToolTip(
            tr("The thick curves show the mean over every step since the first one, in place of smoothing.")
        )
        self._menu_button.setText(tr("More"))
        self._menu_button.setAccessibleName(tr("More about the curves"))
        self._menu_button.setToolTip(tr("How the curves are smoothed, and what else they show"))
        self._say_smoothing()

    # --- inside

    def _wished_width(self) -> int:
        """Return how wide all would like to be beside the curves, whether they are or not."""
        rows: list[list[QWidget]] = [
            [self._title, self._smoothing],
            [self.running_mean],
            [] if self._ghost_box.isHidden() else [self._ghost_box],
            [self.epoch, self._fit, self._help],
        ]
        return max(sum(map(_width, row)) + theme.SPACING * (len(row) - 1) for row in rows)

    def _on_changed(self) -> None:
        for part in (self._title, self._smoothing):
            part.setEnabled(not self.running_mean.isChecked())
        self._say_smoothing()
        self.changed.emit()

    def _say_smoothing(self) -> None:
        self._smoothing.setToolTip(smoothing_words(self._smoothing.value()))

    def _fill_menu(self) -> None:
        menu = self._menu_button.menu()
        menu.clear()
        menu.setToolTipsVisible(True)
        levels = menu.addMenu(self._title.text())
        levels.setEnabled(self._smoothing.isEnabled())
        levels.setToolTipsVisible(True)
        group = QActionGroup(levels)
        for level in range(_MOST_SMOOTHING + 1):
            action = levels.addAction(number(level) if level else tr("Not smoothed"))
            action.setToolTip(smoothing_words(level))
            action.setCheckable(True)
            action.setChecked(level == self._smoothing.value())
            action.triggered.connect(lambda _checked=False, level=level: self._smoothing.setValue(level))
            group.addAction(action)
        for button in (self.running_mean, self._ghost_box, self._fit):
            if button is self._fit or not button.isHidden():
                _stand_for(button, menu)


def _width(part: QWidget) -> int:
    return part.minimumWidth() or part.sizeHint().width()


def _stand_for(button: QAbstractButton, menu: QMenu) -> None:
    """Let ``menu`` have an action that does what ``button`` does, as it is now."""
    action = menu.addAction(button.icon(), button.text())
    action.setToolTip(button.toolTip())
    action.setEnabled(button.isEnabled())
    action.setCheckable(button.isCheckable())
    action.setChecked(button.isChecked())
    action.triggered.connect(button.click)
