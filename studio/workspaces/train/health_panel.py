"""How the duel stands right now: what is wrong with it, D's verdicts, and the facts of the run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.config import OPTIONS
from engine.diagnosis import Diagnosis
from engine.events import Started, Tick
from engine.i18n import again, number, tr, trn
from engine.text import plain
from studio import theme
from studio.guard import guarded
from studio.model.findings import Findings
from studio.model.run_data import RunData
from studio.model.work_state import WorkState
from studio.text.numbers import loss_text
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.messages.trouble_list import TroubleList

_RECENT_ROWS = 20
_FACTS = ("losses", "skipped", "networks", "device", "memory", "folder", "changes")


class HealthPanel(View):
    """The troubles that were found, two bars and a table; what the person wants done goes out as a signal."""

    remedy_requested = Signal(Diagnosis, bool)
    """The person wants the cure of a ``Diagnosis``: now, while training, or in a new run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("health_panel")
        self._history = RunData()
        self._epoch: int | None = None
        self._is_early = False
        self._started: Started | None = None
        self._tick: Tick | None = None
        self._resident = 0
        self._is_stale = True
        self._folder: Path | None = None
        self._troubles = TroubleList()
        self._troubles.remedy_requested.connect(self.remedy_requested)
        self._heading = set_object_name(QLabel(), "health_heading")
        self._heading.setFont(bold(self._heading.font()))
        self._bars = VerdictBars()
        self._reading = set_object_name(QLabel(wordWrap=True), "health_reading")
        self._hint = QLabel(wordWrap=True)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._names = {name: QLabel() for name in _FACTS}
        self._facts = {name: set_object_name(QLabel(wordWrap=True), f"fact_{name}") for name in self._names}
        self._facts["folder"].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts["folder"].setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, label in self._names.items():
            form.addRow(label, self._facts[name])
        self._form = form
        content = QWidget()
        column = QVBoxLayout(content)
        for part in (self._troubles, self._heading, self._bars, self._reading, self._hint):
            column.addWidget(part)
        column.addSpacing(2 * theme.SPACING)
        column.addLayout(form)
        column.addStretch()
        scroll_down(self, content)
        self.retranslate()

    def set_run_data(self, history: RunData, folder: Path | None = None) -> None:
        """Describe another run, kept in ``folder``."""
        self._history, self._folder = history, folder
        self._epoch = self._started = self._tick = None
        self._resident, self._is_early = 0, False
        self._troubles.show_findings(None)
        self._say_when()
        self.refresh()

    def show_epoch(self, epoch: int) -> None:
        """Look back to the end of ``epoch``; at the newest one, show what is going on now."""
        epochs = self._history.grid_epochs
        self._epoch = epoch if epochs and epoch != epochs[-1] else None
        self._say_when()
        self.refresh()

    def show_findings(self, findings: Findings | None) -> None:
        """Show which troubles the run has; None before anything is trained."""
        self._troubles.show_findings(findings)
        is_early = findings is not None and findings.health.state == "early"
        if is_early != self._is_early:
            self._is_early = is_early
            self.refresh()

    def show_state(self, state: WorkState, *, is_elsewhere: bool = False) -> None:
        """Offer those cures that make sense in ``state``: none while another run is trained."""
        self._troubles.show_state(state, is_elsewhere=is_elsewhere)

    def restrict(self, kept: frozenset[str]) -> None:
        """Offer no cure that changes one of the options ``kept``, which a class keeps."""
        self._troubles.restrict(kept)

    def show_started(self, started: Started) -> None:
        """Take the facts of the run that begins."""
        self._started = started
        self.refresh()

    def show_tick(self, tick: Tick, resident: int = 0) -> None:
        """Note the newest report, and how many bytes of memory this process has; ``refresh`` shows it."""
        self._tick, self._resident = tick, resident

    def refresh(self) -> None:
        """Show the newest numbers; cheap, and called once or twice a second. A hidden panel waits until it is seen."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        history = self._history
        real, fake, d_loss, g_loss = (self._recent(name) for name in ("d_real", "d_fake", "d_loss", "g_loss"))
        self._bars.show_verdicts(real, fake)
        self._reading.setText(_reading(real, fake, is_early=self._is_early) or self._why_no_reading())
        losses = [loss_text(value) for value in (d_loss, g_loss) if math.isfinite(value)]
        self._tell("losses", tr("D {d} · G {g}", d=losses[0], g=losses[1]) if len(losses) == 2 else "")
        self._show_skipped()
        started, megabytes = self._started, number(self._resident / 2**20, ",.0f")
        weights = (number(started.g_parameters), number(started.d_parameters)) if started else ("", "")
        self._tell("networks", tr("G {g} weights, D {d}", g=weights[0], d=weights[1]) if started else "")
        self._tell("device", again(started.device) if started else "")
        self._tell("memory", tr("{size} MB", size=megabytes) if self._resident else "")
        self._tell("folder", plain(self._folder) if self._folder else "")
        self._tell("changes", "\n".join(map(self._change_told, history.changes[-6:])))

    def _tell(self, fact: str, text: str) -> None:
        """Show a fact, or leave its line out where there is nothing to tell."""
        label = self._facts[fact]
        label.setText(text)
        if self._form.isRowVisible(label) != bool(text):
            self._form.setRowVisible(label, bool(text))

    def _change_told(self, change: tuple[int, str, float]) -> str:
        images, name, value = change
        return tr(
            "{name} = {value} at epoch {epoch}",
            name=tr(OPTIONS[name].label) if name in OPTIONS else name,
            value=number(value, ",.4g"),
            epoch=number(images / self._history.image_count, ",.1f"),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked is shown now."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._say_when()
        self._hint.setText(
            tr(
                "In a healthy duel the losses swing, and whether they rise or fall says little about the "
                "{data:pictures}. D's verdicts drifting toward 50% on both sides are good news."
            )
        )
        texts = {
            "losses": tr("Losses"),
            "skipped": tr("D waited"),
            "networks": tr("Networks"),
            "device": tr("Device"),
            "memory": tr("Memory"),
            "folder": tr("Run folder"),
            "changes": tr("Changed live"),
        }
        for name, text in texts.items():
            self._names[name].setText(text)
        self._bars.set_names(tr("real"), tr("{data:generated}"))
        self.setAccessibleName(tr("Health of the training"))
        self.refresh()

    def apply_palette(self) -> None:
        """Draw the bars in the colors of the current theme."""
        self._bars.update()

    def _show_skipped(self) -> None:
        """Tell how often D left out an update, so far and lately; nothing where it never did."""
        skipped, seen = self._history.series("d_skipped"), self._history.series("images_seen")
        total = int(skipped.sum())
        times = ""
        if total:
            before = seen[-_RECENT_ROWS - 1] if len(seen) > _RECENT_ROWS else 0.0
            updates = max((seen[-1] - before) / self._history.batch_size, 1.0)
            share = min(skipped[-_RECENT_ROWS:].sum() / updates, 1.0)
            times = trn(
                "{count} time, lately in {share}% of its turns",
                "{count} times, lately in {share}% of its turns",
                total,
                share=round(100 * share),
            )
        self._tell("skipped", times)

    def _say_when(self) -> None:
        self._heading.setText(
            tr("What D believes")
            if self._epoch is None
            else tr("What D believed at epoch {epoch}", epoch=number(self._epoch))
        )

    def _why_no_reading(self) -> str:
        if len(self._history):
            return tr("D's verdicts are not numbers here.")
        return tr("The run keeps no curves.") if self._history.was_trained else tr("Nothing is trained yet.")

    def _recent(self, name: str) -> float:
        history = self._history
        until = math.inf if self._epoch is None else self._epoch * history.image_count + history.batch_size
        values = history.series(name)[: np.searchsorted(history.series("images_seen"), until)]
        return float(values[-_RECENT_ROWS:].mean()) if len(values) else math.nan


def _reading(real: float, fake: float, *, is_early: bool) -> str:
    """Say what D can tell; nothing where its verdicts are no numbers."""
    if not (math.isfinite(real) and math.isfinite(fake)):
        return ""
    gap = real - fake
    if gap > 0.8:
        return tr("D tells real from generated almost every time.")
    if gap > 0.25:
        return tr("D can often tell {data:them} apart: G has something to learn from.")
    if gap > -0.1 and is_early:
        return tr("D can hardly tell generated {data:images} from real ones yet: it has only begun to learn.")
    if gap > -0.1:
        return tr("D is nearly undecided: to it, the generated {data:images} look real.")
    return tr("D takes generated {data:images} for real more often than real ones.")


@guarded
class VerdictBars(QWidget):
    """Two horizontal bars from 0 to 1 with the undecided line at 0.5."""

    def __init__(self) -> None:
        super().__init__()
        self.values = (math.nan, math.nan)
        """How probably D takes real and generated pictures to be real."""
        self._names = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._take_height()

    def _take_height(self) -> None:
        self.setFixedHeight(2 * (self.fontMetrics().height() + theme.SPACING) + 2 * theme.SPACING)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_height()

    def show_verdicts(self, real: float, fake: float) -> None:
        """Show two mean probabilities, NaN for none."""
        self.values = (real, fake)
        self.update()

    def set_names(self, real: str, fake: str) -> None:
        """Name the bars."""
        self._names = (real, fake)
        self.setAccessibleName(f"{real}, {fake}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names, bars, values and the line of indecision."""
        painter = QPainter(self)
        metrics = self.fontMetrics()
        text_color = self.palette().color(QPalette.ColorRole.WindowText)
        left = max(metrics.horizontalAdvance(name) for name in self._names) + theme.SPACING
        right = metrics.horizontalAdvance(number(1.0, ".0%")) + theme.SPACING
        width, height = self.width() - left - right, metrics.height()
        for i, (name, value) in enumerate(zip(self._names, self.values, strict=True)):
            top = theme.SPACING // 2 + i * (height + theme.SPACING)
            painter.setPen(text_color)
            painter.drawText(QRectF(0, top, left, height), Qt.AlignmentFlag.AlignVCenter, name)
            painter.fillRect(
                QRectF(left, top + 2, width, height - 4), self.palette().color(QPalette.ColorRole.AlternateBase)
            )
            if math.isfinite(value):
                color: QColor = theme.color("real" if i == 0 else "generator")
                painter.fillRect(QRectF(left, top + 2, width * value, height - 4), color)
                painter.drawText(
                    QRectF(left + width + theme.SPACING, top, right, height),
                    Qt.AlignmentFlag.AlignVCenter,
                    number(value, ".0%"),
                )
        painter.setPen(text_color)
        middle = round(left + width / 2)
        painter.drawLine(middle, 0, middle, 2 * (height + theme.SPACING))
        painter.end()
