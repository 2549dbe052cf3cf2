"""Calculating with pictures: the mean of some, minus the mean of others, plus that of more. Knows no generator.

The experiment of the paper of DCGAN (Radford et al., 2016, arXiv:1511.06434) with points of one's own.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, tr
from engine.latent import arithmetic
from engine.latent.typicality import describe, typicality, with_usual_length
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.explore_tool import ExploreTool, Use, Wish
from studio.widgets.exploring.point_list import SMALL
from studio.widgets.exploring.point_row import PointRow
from studio.widgets.pictures.picture_matrix import PictureMatrix

SUM = "latent.sum"
PARTS = ("first", "minus", "plus")
_MEANS = 4  # pictures of the equation: a mean for each part, and the result


class ArithmeticPanel(ExploreTool):
    """Three groups of points; their means and the result as pictures; the result is gone to by a button or a click.

    ``read_requested`` asks what the judge reads in the result, a uint8 picture ``[1, H, W]`` or ``[1, H, W, 3]``.
    """

    read_requested = Signal(np.ndarray)

    title = mark("Arithmetic")
    tip = mark("Calculate with pictures: the mean of some, minus others, plus more")

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        questions = {PARTS[0]: HelpButton("arithmetic", self)}
        self.rows = {
            part: PointRow(explored, f"sum.{part}", side=SMALL, question=questions.get(part)) for part in PARTS
        }
        self.usual_box, self.go_button = QCheckBox(), CompactButton()
        self.pictures, self.words, self._reading = PictureMatrix(_MEANS), QLabel(wordWrap=True), ""
        self._text = ""
        self._shown: tuple[str, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING // 2)
        for row in self.rows.values():
            layout.addWidget(row)
            row.changed.connect(self._on_changed)
            row.refused.connect(self._refuse)
        line = QHBoxLayout()
        line.setSpacing(SPACING)
        line.addWidget(self.usual_box, 1)
        line.addWidget(self.go_button)
        layout.addLayout(line)
        layout.addWidget(self.pictures)
        layout.addWidget(self.words)
        layout.addStretch()
        self.usual_box.toggled.connect(self._on_changed)
        self.go_button.clicked.connect(self._go)
        self.pictures.chosen.connect(self._go_to_picture)
        self.retranslate()
        self.apply_palette()

    @property
    def result(self) -> LatentPoint | None:
        """The mean of the first group, minus that of the second, plus that of the third; None where nothing is added.

        Its class is that of the first point that is added.
        """
        first, minus, plus = (self.rows[part].points for part in PARTS)
        if not first and not plus:
            return None
        added = [[it.z for it in group] for group in (first, plus) if group]
        taken = [[it.z for it in minus]] if minus else []
        z = arithmetic.combine(added, taken, renormalize=self.usual_box.isChecked())
        label, shares = (first or plus)[0][1:]
        return LatentPoint(z, label, shares)

    def begin(self) -> None:
        """Another generator is explored: nothing is chosen of it yet."""
        self._on_changed()

    def wishes(self) -> list[Wish]:
        """Return the pictures of all points, of the means and of the result."""
        parts = self._means()
        rows = [row.wish() for row in self.rows.values()]
        if not parts:
            return rows
        z = np.stack([point.z for _, point in parts])
        return [*rows, Wish(SUM, z, self.explored.labels_of([point for _, point in parts]))]

    def clear(self) -> None:
        """Neither those of the groups nor of the equation."""
        super().clear()
        for row in self.rows.values():
            row.show_pictures(None)

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show those of a group, or the equation."""
        for row in self.rows.values():
            if channel == row.channel:
                row.show_pictures(images)
        if channel == SUM and images is not None and len(images) == len(self._means()):
            self.pictures.columns = len(images)
            self.pictures.set_images(images)
            self.pictures.set_labels([name for name, _ in self._means()])
            self.read_requested.emit(images[-1:])

    def uses(self) -> list[Use]:
        """A point can be in one of the groups."""
        texts = (mark("Add to the first mean"), mark("Take away (minus)"), mark("Add (plus)"))
        return [Use(f"sum_{part}", text, partial(self.rows[part].add)) for part, text in zip(PARTS, texts, strict=True)]

    def limit_height(self, height: int) -> None:
        """Let the equation have what the rest leaves."""
        rest = sum(row.sizeHint().height() for row in self.rows.values()) + 12 * SPACING
        self.pictures.setMaximumHeight(max(height - rest, 10 * SPACING))

    def say_reading(self, text: str) -> None:
        """Say what the judge reads in the result; nothing without a judge."""
        self._reading = text
        self._say()

    def retranslate(self) -> None:
        """Set every text."""
        hint = tr("Add the picture shown, or drag kept points here.")
        for part, text in zip(PARTS, (tr("Mean of"), tr("minus the mean of"), tr("plus the mean of")), strict=True):
            self.rows[part].name_it(text, hint)
        self.usual_box.setText(tr("Usual length"))
        self.usual_box.setAccessibleName(self.usual_box.text())
        self.usual_box.setToolTip(tr("Give the result the length √n, as all z have that G was trained with"))
        self.go_button.setText(tr("Show it large"))
        self.go_button.setAccessibleName(self.go_button.text())
        self.go_button.setToolTip(tr("Go to the result, and go on from there"))
        self.pictures.setAccessibleName(tr("The means and the result"))
        self.pictures.set_labels([name for name, _ in self._means()])
        self._say()

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.pictures.set_frame(theme.color("generator"))

    def _means(self) -> list[tuple[str, LatentPoint]]:
        """Return the mean of each group that has points, by its sign, and the result behind them."""
        result = self.result
        if result is None:
            return []
        found = []
        for part, sign in zip(PARTS, ("", "−", "+"), strict=True):
            points = self.rows[part].points
            if points:
                mean = arithmetic.mean([it.z for it in points])
                if self.usual_box.isChecked():
                    mean = with_usual_length(mean)
                found.append((sign, points[0]._replace(z=mean)))
        return [*found, ("=", result)]

    def _on_changed(self) -> None:
        self._reading = self._text = ""
        if not self._means():
            self.pictures.set_images(None)
        self.go_button.setEnabled(self.result is not None)
        self._say()
        self.wishes_changed.emit()

    def _refuse(self, text: str) -> None:
        self._text = text
        self._say()

    def _say(self) -> None:
        result = self.result
        if result is None:  # what is read of one that is gone may come late
            usual = tr("Means of three or more say more than a single one.")
        else:
            usual = " ".join(filter(None, (describe(typicality(result.z)), self._reading)))
        self.words.setText(self._text or usual)

    def _go(self) -> None:
        if self.result is not None:
            self.explored.go(*self.result)

    def _go_to_picture(self, index: int) -> None:
        means = self._means()
        if index < len(means):
            self.explored.go(*means[index][1])
