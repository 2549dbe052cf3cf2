"""The curves of one run: losses of G and D, and how real D finds real and generated images.

Reads a ``RunData`` and knows no other panel; what the person picks goes out as signals.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.i18n import number, tr
from engine.recipes.words import describe_change
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.findings import Findings
from studio.model.run_data import RunData
from studio.part_keys import CURVES_END, CURVES_LEAVE, CURVES_PICK, CURVES_WALK
from studio.text.numbers import curve_value
from studio.text.smoothing import value_words
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.plots.curve_choices import CurveChoices
from studio.widgets.plots.curve_math import Floats, SmoothedTable, nearest
from studio.widgets.plots.ghost_bands import GhostBands
from studio.widgets.plots.plot_legend import LegendLine, LegendRow
from studio.widgets.plots.plot_marks import Inks, Marks
from studio.widgets.plots.plot_pair import PlotPair

_SERIES = ("g_loss", "d_loss", "d_real", "d_fake")
_ROLES: tuple[theme.Role, ...] = ("generator", "discriminator", "real", "generator")
_DASHES = ((1, 0), (9, 5), (3, 3), (1, 0))
_LEVEL_DASH = (1, 2)
_NEAR_PIXELS = 6
_LINES_OF_TWO = 7  # lines of text: where there is room for fewer, one plot is read and two are not
_STEPS = ((CURVES_WALK, (-1.0, 1.0)), (CURVES_END, (-math.inf, math.inf)))


class LossPlot(View):
    """Losses above, D's verdicts below, both over epochs; the legend inside each plot is also the read-out."""

    epoch_picked = Signal(float)
    """The person clicked, or pressed Enter, at this place of the curves."""
    x_range_changed = Signal(float, float, float, float)
    """(first epoch, last epoch, left pixel, right pixel of the plotting area inside this widget)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss_plot")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.marks = Marks()
        self.pair = PlotPair(_DASHES, self.marks, self)
        self.ghost = GhostBands(self.pair, self)
        self._legend = [LegendRow(dash) for dash in _DASHES]
        self._level = LegendRow(_LEVEL_DASH)
        self.pair.lower.marks_item.level = 0.5  # the verdict that tells nothing
        self._loss_title, self._verdict_title, self._nothing_yet = QLabel(), QLabel(), ""
        self._lines = (
            LegendLine(self._loss_title, self._legend[:2]),
            LegendLine(self._verdict_title, [*self._legend[2:], self._level]),
        )
        self._fit = set_object_name(QToolButton(autoRaise=True), "fit_button")
        self.choices = CurveChoices(self.ghost.box, self._fit, HelpButton("curves", self))
        self._pointer: float | None = None
        self._findings: Findings | None = None
        self._x: Floats = np.empty(0)
        self._rewrites = 0
        self._told_x_range: tuple[float, float, float, float] | None = None
        self._lay_out()
        self.set_run_data(RunData())
        self._connect()
        self.setBackgroundRole(QPalette.ColorRole.Base)  # one surface with the plots
        self.setAutoFillBackground(True)
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what the window tells

    def set_run_data(self, history: RunData) -> None:
        """Show another run from its beginning: zoom, cursors and marks of the run before are gone."""
        self._history = history
        self._is_stale = False
        self.marks.chosen = None
        self._pointer = None
        self._start_over()
        self.refresh()
        self.show_findings(None)
        self.pair.fit()

    def show_findings(self, findings: Findings | None) -> None:
        """Shade the epochs in which the curves show a trouble."""
        self._findings = findings
        self.pair.set_spans(*(findings.spans(curve) if findings else [] for curve in ("losses", "verdicts")))

    def refresh(self) -> None:
        """Show what was added to the history, or wait until it is seen.

        About 2 ms with 20,000 rows, and 4 ms to paint them.
        """
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        if len(self._history) < len(self.table) or self._history.rewrites != self._rewrites:
            self._start_over()
        new = np.stack([self._history.series(name)[len(self.table) :] for name in _SERIES])
        if new.size:
            self.table.append(new, self._steps_of_rows(len(self.table)))
        self._x = self._history.epochs_seen()
        self._place_marks()
        self.pair.show_table(self._x, self.table, self._history.axis_end)
        self._keep_room_for_epoch()

    def set_cursor_epoch(self, epoch: float | None) -> None:
        """Mark ``epoch`` as the one that the samples show; None removes the mark."""
        before, self.marks.chosen = self.marks.chosen, epoch
        self.pair.repaint_marks_at(before, epoch)

    def x_range(self) -> tuple[float, float, float, float]:
        """Return what ``x_range_changed`` would tell now."""
        return self.pair.x_range(self)

    # ---------------------------------------------------------------- building

    def _lay_out(self) -> None:
        curves = QVBoxLayout()
        curves.setSpacing(0)
        for plot in self.pair.plots:
            curves.addWidget(plot, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, theme.SPACING, 0)
        whole.setSpacing(theme.SPACING // 2)
        whole.addLayout(curves, 1)
        whole.addWidget(self.choices)
        for line in self._lines:
            line.setParent(self)
        self.setMinimumSize(480, 96)

    def _connect(self) -> None:
        self.pair.clicked.connect(self._on_clicked)
        self.pair.hovered.connect(self._on_hovered)
        self.pair.moved.connect(self._tell_x_range)
        self.pair.moved.connect(self._place_legends)
        self.pair.zoom_changed.connect(self._fit.setEnabled)
        self._fit.clicked.connect(self.pair.fit)
        self._fit.setEnabled(False)
        self.choices.changed.connect(self._on_smoothing_changed)

    # ---------------------------------------------------------------- data and marks

    def _steps_of_rows(self, first: int) -> Floats:
        """Return over how many steps each row from ``first`` on is a mean."""
        steps = self._history.series("step")[max(first - 1, 0) :]
        return np.maximum(np.diff(steps) if first else np.diff(steps, prepend=0.0), 0.0)

    def _start_over(self) -> None:
        self.table = SmoothedTable(len(_SERIES), self.choices.half_life)
        self._x = np.empty(0)
        self._rewrites = self._history.rewrites

    def _place_marks(self) -> None:
        count, marks = self._history.image_count, self.marks
        marks.pauses = tuple(seen / count for seen in self._history.pauses)
        marks.changes = tuple(seen / count for seen, _, _ in self._history.changes)
        broken = {*self._history.not_finite, *(moment for moment, _ in self._history.went_back)}
        marks.troubles = tuple(sorted({seen / count for seen in broken} | {*self._x[self.table.gap_starts].tolist()}))
        why_none = tr("The run keeps no curves.") if self._history.was_trained else self._nothing_yet
        self.pair.upper.marks_item.message = "" if len(self._x) else why_none
        if self._lines[0].isHidden() == (len(self._x) > 0):  # the message stands in its place
            self._lines[0].setVisible(len(self._x) > 0)
            self._place_legends()
        self._read_out()

    def _on_smoothing_changed(self) -> None:
        self.table.set_half_life(self.choices.half_life)
        self._describe_values()
        self.refresh()

    def _tell_x_range(self) -> None:
        told = self.x_range()
        if self.isVisible() and told != self._told_x_range:
            self._told_x_range = told
            self.x_range_changed.emit(*told)

    def showEvent(self, event: QShowEvent) -> None:
        """Only now are the pixels of the plotting area known, and does what was added meanwhile matter."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()
        self._place_legends()
        self._tell_x_range()

    # ---------------------------------------------------------------- cursor and read-out

    def _on_clicked(self, epoch: float) -> None:
        self.epoch_picked.emit(min(max(epoch, 0.0), self._history.axis_end))

    def _on_hovered(self, epoch: float | None) -> None:
        self._pointer = epoch
        self._read_out()
        self.pair.repaint_marks()

    def _read_out(self) -> None:
        """Under the cursor the values of the nearest row, or their mean up to there; otherwise the newest averages."""
        row = None if self._pointer is None else nearest(self._x, self._pointer)
        table = self.table.smooth if row is None or self.choices.running_mean.isChecked() else self.table.raw
        values = table[:, -1 if row is None else row].tolist() if len(self._x) else []
        now = self._history.told_epoch(float(self._x[-1 if row is None else row])) if values else 0.0
        epoch = number(now, ",.2f") if values else ""
        self.choices.epoch.show_parts([tr("Epoch {epoch}", epoch=epoch).strip()])
        for place, legend in enumerate(self._legend):
            legend.set_value(curve_value(values[place], is_share=place > 1) if values else "")
        self.marks.cursor = None if row is None else float(self._x[row])
        self.marks.cursor_text = "" if self._pointer is None else self._events_near(self._pointer)
        self.pair.set_dots([] if row is None else list(zip(values, map(theme.color, _ROLES), strict=True)))

    def _events_near(self, epoch: float) -> str:
        reach = _NEAR_PIXELS * self.pair.epochs_per_pixel
        changes = zip(self.marks.changes, self._history.changes, strict=False)  # the history may be one ahead
        texts = [describe_change(name, value) for place, (_, name, value) in changes if abs(place - epoch) <= reach]
        paused = any(abs(place - epoch) <= reach for place in self.marks.pauses)
        return "\n".join([*texts, tr("Paused here")] if paused else texts)

    # ---------------------------------------------------------------- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew, in width and height."""
        super().resizeEvent(event)
        self._share_width()
        self._fit_plots()

    def _share_width(self) -> None:
        """Let choices stand beside the curves where axis and legend have their room there, too."""
        axis, lines = self.pair.upper.plotting_area(self).left(), [line for line in self._lines if not line.isHidden()]
        self.choices.share(self.width(), round(axis) + max((line.least_width for line in lines), default=0))

    def _fit_plots(self) -> None:
        """Where there is little room, D's verdicts, which Health tells too, give way to the losses."""
        has_room = self.height() >= _LINES_OF_TWO * self.fontMetrics().height()
        self.pair.show_lower(has_room)
        self._lines[1].setVisible(has_room)
        self._place_legends()

    def _place_legends(self) -> None:
        """Let the legends lie inside the plots, above the curves, which leave them that line."""
        for line, plot in zip(self._lines, self.pair.plots, strict=True):
            plot.marks_item.legend = line.lie_in(plot.plotting_area(self).toRect())
        self.pair.leave_free(self._lines[0].height())

    def _keep_room_for_epoch(self) -> None:
        self.choices.keep_room(tr("Epoch {epoch}", epoch=number(self._history.axis_end, ",.2f")))

    # ---------------------------------------------------------------- keyboard

    def event(self, event: QEvent) -> bool:
        """While this view has the keyboard, the arrows are its own and not the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _step(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home, End walk along the curves, Enter picks the epoch, Escape leaves."""
        step = _step(event)
        if step and len(self._x):
            self._on_hovered(self._stepped(step))
        elif CURVES_PICK.nth(event) is not None and self.marks.cursor is not None:
            self._on_clicked(self.marks.cursor)
        elif CURVES_LEAVE.nth(event) is not None and self._pointer is not None:
            self._on_hovered(None)
        else:
            super().keyPressEvent(event)

    def _stepped(self, direction: float) -> float:
        """Return the epoch of the next row, or of the next pixel where rows lie closer."""
        last = len(self._x) - 1
        if math.isinf(direction):
            return float(self._x[0 if direction < 0 else last])
        now = last if self.marks.cursor is None else nearest(self._x, self.marks.cursor) or 0
        there = nearest(self._x, float(self._x[now]) + direction * self.pair.epochs_per_pixel)
        row = now + int(direction) if there in (None, now) else there
        return float(self._x[min(max(row or 0, 0), last)])

    # ---------------------------------------------------------------- language, number format, colors

    def retranslate(self) -> None:
        """Set every text again."""
        hint = tr("Losses of a healthy GAN swing; they do not fall to zero.")
        self._nothing_yet = tr("The curves appear here as soon as training starts.") + "\n" + hint
        self.setAccessibleName(tr("Curves of the training"))
        self._loss_title.setText(tr("Loss"))
        self._loss_title.setToolTip(hint)
        self._verdict_title.setText(tr("Realism, says D"))
        self._verdict_title.setToolTip(
            tr("Mean probability of being real that the discriminator gives: 100% is surely real, 0% surely generated.")
        )
        names = (tr("Generator"), tr("Discriminator"), tr("real {data:images}"), tr("{data:generated}"))
        widest = ("−00,000", "−00,000", *[curve_value(1.0, is_share=True)] * 2)
        for legend, name, value, short in zip(self._legend, names, widest, ("G", "D", "", ""), strict=True):
            legend.set_name(name, widest=value, short=short)
        self._keep_room_for_epoch()
        self._describe_values()
        self._fit.setText(tr("Fit"))
        self._fit.setAccessibleName(tr("Show the whole training"))
        self._fit.setToolTip(
            tr("Show the whole training again. The wheel or a box pulled open with the mouse zooms in.")
        )
        self.marks.trouble_text = tr("not a number")
        self._level.set_name(tr("undecided"), widest="")
        self.ghost.retranslate()
        self.pair.upper.setAccessibleName(tr("Loss curves"))
        self.pair.lower.setAccessibleName(tr("Curves of D's verdict"))
        self.pair.set_text_style(self.font())
        self._share_width()
        self._fit_plots()
        self._place_marks()
        self.show_findings(self._findings)

    def _describe_values(self) -> None:
        for legend in self._legend:
            legend.setToolTip(value_words(is_mean=self.choices.running_mean.isChecked()))

    def apply_palette(self) -> None:
        """Take every color again."""
        colors = [theme.color(role) for role in _ROLES]
        self.pair.set_colors(colors, self.palette())
        self.ghost.set_colors(colors, self.palette())
        for legend, color in zip(self._legend, colors, strict=True):
            legend.set_color(color)
        self._level.set_color(Inks.of(self.palette()).quiet)
        self._read_out()

    def changeEvent(self, event: QEvent) -> None:
        """The text size changes live, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.retranslate()


def _step(event: QKeyEvent) -> float:
    """Return how far a key goes along the curves, 0 for any other key."""
    return next((steps[number] for keys, steps in _STEPS if (number := keys.nth(event)) is not None), 0.0)
