"""How good the samples of the epoch that is looked at are, as a judge sees them, and how that came about.

Reads a ``RunData`` and knows no other panel.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QTabBar, QVBoxLayout, QWidget

from engine.config import OPTIONS
from engine.datasets.info import FEWEST_JUDGED
from engine.diagnosis.detectors import Curve
from engine.events import Quality
from engine.i18n import again, number, tr
from engine.text import breakable
from studio import theme
from studio.model.findings import Findings, Span
from studio.model.run_data import RunData
from studio.text import quality as quality_words
from studio.text.quality import Line
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.base.view import View
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.plots.class_bars import ClassBars
from studio.widgets.plots.class_chart import ClassChart
from studio.widgets.plots.confusion_map import ConfusionMap

if TYPE_CHECKING:
    from studio.widgets.plots.quality_curves import QualityCurves

_LINES = 3
_NOTES = 3
_CURVES: tuple[Curve, ...] = ("frechet", "spread", "reading")


class QualityPanel(View):
    """Numbers in plain words; below them curves over the epochs or, on another page, classes read and asked for.

    It is drawn only while it is seen, and at most ten times a second.
    """

    epoch_picked = Signal(float)
    """The person clicked at this epoch of the curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_panel")
        self._history = RunData()
        self._epoch: int | None = None
        self._is_judged = self._has_enough = True
        self._learning: float | None = None
        self._remark = ""
        self._findings: Findings | None = None
        self._curves: QualityCurves | None = None
        self._page = LazyWidget()
        self._nothing = set_object_name(QLabel(wordWrap=True), "quality_nothing")
        self._learning_title = QLabel(wordWrap=True)
        self._learning_bar = set_object_name(ProgressBar(), "judge_progress")
        self._heading = QLabel(wordWrap=True)
        self._lines = [heading() for _ in range(_LINES)]
        self._notes = [QLabel(wordWrap=True) for _ in range(_NOTES)]
        self._bars_title, self._map_title = heading(), heading()
        self._tabs, self._pages = set_object_name(QTabBar(), "quality_pages"), (QWidget(), QWidget())
        self._bars, self._map = ClassBars(), ConfusionMap()
        self._found = QWidget()
        self._lay_out()
        self._page.due.connect(self._draw)
        self.retranslate()

    # ---------------------------------------------------------------- what the window tells

    def set_run_data(self, history: RunData, *, is_judged: bool = True, has_enough: bool = True) -> None:
        """Show another run at its newest judgment.

        ``is_judged`` says whether its options let a judge look, ``has_enough`` whether it has the images for it.
        """
        self._history, self._is_judged, self._has_enough = history, is_judged, has_enough
        self._epoch = self._learning = self._findings = None
        self._page.ask()

    def show_findings(self, findings: Findings | None) -> None:
        """Shade the epochs in which the curves show a trouble, and the classes that are hardly drawn."""
        before, self._findings = self._shaded(), findings
        if self._shaded() != before:
            self._page.ask()

    def show_epoch(self, epoch: int) -> None:
        """Show the newest judgment of ``epoch`` or before it."""
        self._epoch = epoch
        self._page.ask()

    def show_learning(self, share: float | None, remark: str = "") -> None:
        """Show how much (0 to 1) a judge for this data has learned, and why it must; None: none is learning."""
        self._learning, self._remark = share, remark
        self._page.ask()

    def refresh(self) -> None:
        """Show what was added to the history; a judge that speaks has learned."""
        self.show_learning(None)

    def wake(self) -> None:
        """Build the curves, which take longer than all the rest, before they are needed."""
        if self._curves is None:
            from studio.widgets.plots.quality_curves import QualityCurves

            self._curves = QualityCurves()
            self._curves.epoch_picked.connect(self.epoch_picked)
            self._over_time.insertWidget(0, self._curves)

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        quality = self._history.quality_at(self._epoch)
        is_learning = self._learning is not None and self._learning < 1
        _show_if(is_learning, self._learning_title, self._learning_bar)
        self._learning_title.setText(self._learning_words())
        self._learning_bar.show_share(self._learning or 0.0)
        self._nothing.setText(self._what_is_missing())
        self._nothing.setVisible(quality is None and not is_learning)
        self._found.setVisible(quality is not None)
        if quality is not None:
            self._show(quality)

    def _show(self, quality: Quality) -> None:
        history = self._history
        epoch, count = number(quality.epoch), number(quality.count)
        self._heading.setText(tr("Epoch {epoch}, judged by {count} samples", epoch=epoch, count=count))
        _fill(self._lines, quality_words.headline(quality, history.data_classes))
        _fill(self._notes, quality_words.notes(quality))
        self.wake()
        if self._curves:
            self._curves.show_qualities(history.qualities, history.image_count, history.total_epochs)
            self._curves.look_at(quality)
            self._curves.show_spans(*self._spans())
        self._tabs.setTabVisible(1, bool(quality.histogram or quality.confusion_matrix))
        _show_if(bool(quality.histogram), self._bars_title, self._bars)
        _show_if(bool(quality.confusion_matrix), self._map_title, self._map)
        names = self._names(len(quality.histogram or ()))
        if quality.histogram:
            self._bars.show_shares(quality.histogram, names)
            self._bars.show_missing(*self._missing(quality))
        if quality.confusion_matrix:
            self._map.show_shares(quality.confusion_matrix, names)

    def _spans(self) -> list[list[Span]]:
        return [self._findings.spans(curve) if self._findings else [] for curve in _CURVES]

    def _missing(self, quality: Quality) -> tuple[int, tuple[str, ...]]:
        return self._findings.missing_classes(quality.images_seen) if self._findings else (0, ())

    def _shaded(self) -> object:
        """Return all that is shown of the findings."""
        quality = self._history.quality_at(self._epoch)
        return self._spans(), self._missing(quality) if quality else None

    def _names(self, count: int) -> tuple[str, ...]:
        """Return the names of the classes, numbers where the run's own do not fit."""
        known = self._history.data_classes
        return known if len(known) == count else tuple(map(str, range(count)))

    def _learning_words(self) -> str:
        learning = tr(
            "A judge for these {data:images} is learning beside the training, which goes slower meanwhile. It will "
            "say how good the samples are, and is kept for the next training on these {data:images}."
        )
        return f"{again(self._remark)} {learning}" if self._remark else learning

    def _what_is_missing(self) -> str:
        if self._history.qualities:
            first = number(self._history.qualities[0].epoch)
            return tr("This epoch is not judged; the first one that is, is epoch {epoch}.", epoch=first)
        if not self._is_judged:
            return tr("Nothing is judged, because “{option}” is 0.", option=tr(OPTIONS["eval_time_percent"].label))
        if not self._has_enough:
            return tr("Nothing is judged: that takes at least {count} real {data:images}.", count=FEWEST_JUDGED)
        return tr(
            "Nothing is judged yet: at the end of an epoch, a judge compares samples with real {data:images} here."
        )

    # ---------------------------------------------------------------- building and language

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._found)
        self._column.setContentsMargins(0, 0, 0, 0)
        for label in (self._heading, *self._lines):
            self._column.addWidget(label)
        self._tabs.setDrawBase(False)
        self._column.addWidget(self._tabs)
        self._over_time, classes = map(self._add_page, self._pages)
        self._tabs.currentChanged.connect(self._show_page)
        self._show_page(0)
        for note in self._notes:
            self._over_time.addWidget(note)
        charts: tuple[tuple[QLabel, ClassChart], ...] = ((self._bars_title, self._bars), (self._map_title, self._map))
        for title, chart in charts:
            classes.addWidget(title)
            classes.addWidget(chart)
        for page in (self._over_time, classes):
            page.addStretch()
        page = QVBoxLayout(self._page)
        for part in (self._nothing, self._learning_title, self._learning_bar, self._found):
            page.addWidget(part)
        page.addStretch()
        for quiet in (self._nothing, self._heading):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        _show_if(False, self._learning_title, self._learning_bar, self._found)
        for line in self._lines:
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        scroll_down(self, self._page)

    def _show_page(self, shown: int) -> None:
        for index, page in enumerate(self._pages):
            page.setVisible(index == shown)

    def _add_page(self, page: QWidget) -> QVBoxLayout:
        """Add a tab for ``page``; Qt's own tab widget would not give charts the height that their width asks for."""
        self._tabs.addTab("")
        self._column.addWidget(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, theme.SPACING, 0, 0)
        return column

    def retranslate(self) -> None:
        """Set every text again."""
        self.setAccessibleName(tr("Quality of the samples"))
        self._tabs.setTabText(0, tr("Over the epochs"))
        self._tabs.setTabText(1, tr("By {data:class}"))
        self._learning_bar.setAccessibleName(tr("The judge has learned"))
        self._bars_title.setText(tr("{data:Classes} that the judge read"))
        self._bars.setAccessibleName(tr("{data:Classes} that the judge read"))
        self._map_title.setText(tr("Asked for (rows) and read (columns), in %"))
        self._map.setAccessibleName(tr("Asked for and read"))
        self._nothing.setText(self._what_is_missing())
        self._page.ask()


def _show_if(condition: bool, *parts: QWidget) -> None:
    for part in parts:
        part.setVisible(condition)


def _fill(labels: list[QLabel], lines: list[Line]) -> None:
    """Write each line into its label and hide the labels that are left over."""
    left_over = [Line("", "")] * (len(labels) - len(lines))
    for label, (text, tip) in zip(labels, [*lines, *left_over], strict=True):
        label.setText(breakable(text))
        label.setToolTip(f"<p>{escape(tip)}</p>" if tip else "")  # only rich text breaks into lines
        label.setAccessibleDescription(tip)
        label.setVisible(bool(text))


def _show_alone() -> None:
    """Let a made-up duel be judged epoch by epoch."""
    import math

    import numpy as np
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    history = RunData(image_count=5000, total_images=40 * 5000, data_classes=tuple("0123456789"))
    panel = QualityPanel()
    panel.resize(368, 900)
    panel.set_run_data(history)

    def judge() -> None:
        epoch = len(history.qualities) + 1
        good = 1 - math.exp(-epoch / 6)
        matrix = np.eye(10) * good + (1 - good) / 10
        matrix[4, [4, 9]] += (-0.05 * good, 0.05 * good)
        frechet = 5 + 300 * (1 - good)
        made = Quality(
            epoch, 5000 * epoch, 500, frechet, 0.85 * frechet, 1.2 * frechet, 4.0, 0.9 * good, 0.8 * good, 0.012, 0.05,
            1 - good, tuple(matrix.mean(0)), float(matrix.trace() / 10), tuple(map(tuple, matrix.tolist())),
        )  # fmt: skip
        history.add_quality(made)
        panel.refresh()
        if epoch >= 40:
            timer.stop()

    timer = QTimer(panel)
    timer.timeout.connect(judge)
    timer.start(500)
    panel.show()
    app.exec()


if __name__ == "__main__":
    _show_alone()
