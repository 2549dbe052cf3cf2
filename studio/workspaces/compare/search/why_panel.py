"""Why some trials of a search are better: all their values at once, along one option or two, and what matters most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import mark, tr
from engine.search import why
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from studio.help.help_button import HelpButton
from studio.text.trials import shares_of
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.plots.why_plot import WhyPlot

PARALLEL, SLICE, CONTOUR, IMPORTANCE = range(4)
_DRAWINGS = (
    mark("All options at once"),
    mark("Along one option"),
    mark("Over two options"),
    mark("What matters most"),
)
_WIDEST = 28 * SPACING


class WhyPanel(View):
    """``chosen`` carries the numbers of the trials that a person points at."""

    chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._trials: Sequence[TrialRecord] = ()
        self._importance: Mapping[str, float] = {}
        self.drawing = set_object_name(ElidingComboBox(_WIDEST), "why_drawing")
        self.x_box = set_object_name(ElidingComboBox(_WIDEST), "why_x")
        self.y_box = set_object_name(ElidingComboBox(_WIDEST), "why_y")
        self.plot = set_object_name(WhyPlot(), "why_plot")
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.drawing.addItems([""] * len(_DRAWINGS))
        self._lay_out()
        for box in (self.drawing, self.x_box, self.y_box):
            box.currentIndexChanged.connect(self._draw)
        self.plot.chosen.connect(self.chosen)
        self.retranslate()
        self._draw()

    def show_search(self, plan: Plan | None, trials: Sequence[TrialRecord], importance: Mapping[str, float]) -> None:
        """Show what trials of ``plan`` tell; without a plan, nothing."""
        is_other = plan is not self._plan
        self._plan, self._trials, self._importance = plan, trials, importance
        if is_other:
            self._fill()
        self._draw()

    def select(self, numbers: Sequence[int]) -> None:
        """Draw these trials as chosen."""
        self.plot.select(numbers)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        with QSignalBlocker(self.drawing):
            for place, title in enumerate(_DRAWINGS):
                self.drawing.setItemText(place, tr(title))
        self.empty.setText(tr("As soon as two trials are judged, it is drawn here what makes the difference."))
        self.drawing.setAccessibleName(tr("Drawing"))
        self.drawing.setToolTip(tr("How the trials are drawn"))
        self.x_box.setAccessibleName(tr("Option to the right"))
        self.y_box.setAccessibleName(tr("Option upward"))
        self.plot.setAccessibleName(tr("Why some trials are better"))
        self.plot.setToolTip(tr("Click a line or a point to choose its trial, with Ctrl several; green is good"))
        self._fill()
        self._draw()

    # --- inside

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.drawing)
        head.addWidget(self.x_box)
        head.addWidget(self.y_box)
        head.addStretch()
        head.addWidget(HelpButton("why", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, 0, SPACING, SPACING)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.empty, 1)

    def _fill(self) -> None:
        """Offer the options that vary."""
        knobs = self._plan.knobs if self._plan else ()
        for box, usual in ((self.x_box, 0), (self.y_box, 1)):
            with QSignalBlocker(box):
                chosen = box.currentData()
                box.clear()
                for knob in knobs:
                    box.addItem(tr(knob.option.label), knob.name)
                kept = box.findData(chosen)
                box.setCurrentIndex(kept if kept >= 0 else min(usual, len(knobs) - 1))

    def _draw(self) -> None:
        plan, drawing = self._plan, self.drawing.currentIndex()
        judged = why.judged(plan, self._trials) if plan else []
        is_drawn = plan is not None and len(judged) >= (1 if drawing == IMPORTANCE and self._importance else 2)
        is_drawn = is_drawn and (drawing != IMPORTANCE or bool(self._importance))
        self.plot.setVisible(is_drawn)
        self.empty.setVisible(not is_drawn)
        self.x_box.setVisible(drawing in (SLICE, CONTOUR))
        self.y_box.setVisible(drawing == CONTOUR)
        self.drawing.setEnabled(plan is not None)
        if plan is None or not is_drawn:
            self.plot.clear_all()
            return
        shares = dict(zip((trial.number for trial, _ in judged), shares_of(plan, judged), strict=True))
        self._draw_one(plan, drawing, shares)

    def _draw_one(self, plan: Plan, drawing: int, shares: Mapping[int, float]) -> None:
        def of(numbers: Sequence[int]) -> NDArray[np.float64]:
            return np.array([shares[number] for number in numbers], np.float64)

        x, y = (str(box.currentData()) for box in (self.x_box, self.y_box))
        if drawing == PARALLEL:
            lines = why.lines(plan, self._trials)
            self.plot.show_parallel(why.axes(plan, self._trials), lines, of([line.number for line in lines]))
        elif drawing == SLICE:
            drawn = why.slice_of(plan, self._trials, x)
            self.plot.show_slice(drawn, plan.goal_title, of(drawn.numbers))
        elif drawing == CONTOUR:
            contour = why.contour_of(plan, self._trials, x, y)
            self.plot.show_contour(contour, of(contour.numbers), plan.goal.is_better_higher)
        else:
            names = [tr(plan.knob(name).option.label) for name in self._importance]
            self.plot.show_importance(names, list(self._importance.values()))
