"""Truncation: the same z nearer to the middle, where pictures are better and more alike. Knows no generator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import again, mark, number, tr
from engine.latent.typicality import truncated
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import Explored
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.explore_tool import ExploreTool, Wish
from studio.widgets.exploring.length_curve import LengthCurve
from studio.widgets.fields.picture_slider import PictureSlider
from studio.widgets.fields.steady_number import SteadyNumber
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.picture_matrix import PictureMatrix

if TYPE_CHECKING:
    from engine.latent.truncation import TruncationEffect

STRIP = "latent.truncation"
PSIS = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2)
_STEPS = 100
_SETTLE_MS = 150
_LARGEST = 16 * SPACING
_STROKE = "truncation"


class _Truncated(NamedTuple):
    """What was truncated, ``[z_dim]``, and where on the slider."""

    base: NDArray[np.float32]
    steps: int


class TruncationPanel(ExploreTool):
    """A slider for ψ and a strip of the same z at several of them, with what each does to all samples below.

    ``measure_requested`` asks what ψ does, ``cancel_requested`` ends that.
    """

    measure_requested = Signal()
    cancel_requested = Signal()

    title = mark("Truncation")
    tip = mark("Nearer to the middle: better pictures, more alike")

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        self.setObjectName("truncation_panel")
        self._base: NDArray[np.float32] = explored.point.z
        self._effects: tuple[TruncationEffect, ...] = ()
        self._text, self._is_outdated = "", False
        self.slider, self._value, self._title = PictureSlider(), SteadyNumber(), QLabel()
        self.slider.setRange(0, round(PSIS[-1] * _STEPS))
        self.slider.setValue(_STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self._title.setBuddy(self.slider)
        self.strip = PictureMatrix(len(PSIS))
        self.curve = LengthCurve(self.strip)
        self.table, self._grid = QWidget(), QGridLayout()
        self.measure_button = CompactButton()
        self.work = WorkBar(heir=self.measure_button, hides=(self.measure_button,))
        self.words = QLabel(wordWrap=True)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.wishes_changed)
        self._arrange()
        self.slider.turned.connect(self._go)
        self.strip.chosen.connect(lambda index: self.slider.setValue(round(PSIS[index] * _STEPS)))
        self.measure_button.clicked.connect(self.measure_requested)
        self.work.canceled.connect(self.cancel_requested)
        explored.moved.connect(self._on_moved)
        self.retranslate()
        self.apply_palette()

    @property
    def psi(self) -> float:
        """How much is left of the way from the middle."""
        return self.slider.value() / _STEPS

    def begin(self) -> None:
        """Another generator is explored: its truncation is not measured."""
        self._on_moved()
        self.show_effects(())
        self.say("")

    def wishes(self) -> list[Wish]:
        """Return the pictures of the same z at several ψ."""
        if not self.explored.z_dim or self._base.shape != (self.explored.z_dim,):
            return []
        z = np.concatenate([truncated(self._base[None], psi) for psi in PSIS])
        self.curve.set_z(z)
        return [Wish(STRIP, z, self.explored.labels_of([self.explored.point] * len(z)))]

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show the strip."""
        if channel == STRIP and images is not None and len(images) == len(PSIS):
            self.strip.set_images(images)
            self.curve.update()

    def show_effects(self, effects: Sequence[TruncationEffect]) -> None:
        """Say what each ψ does to fidelity, variety and how samples are read."""
        self._effects, self._is_outdated = tuple(effects), False
        self._say_effects()

    def outdate(self) -> None:
        """Another generator is shown than that whose truncation was measured."""
        if self._effects and not self._is_outdated:
            self._is_outdated = True
            self._say_effects()

    def show_progress(self, share: float | None) -> None:
        """Show how far measuring is (0 to 1), or that nothing is measured."""
        self.work.show_share(share)

    def say(self, text: str) -> None:
        """Say ``text``, or what truncation is where it is empty."""
        self._text = text
        usual = tr(
            "ψ is how much is left of the way from the middle of latent space. Less of it often makes pictures better,"
            " and always makes them more alike."
        )
        self.words.setText(text or usual)

    def limit_height(self, height: int) -> None:
        """Let the strip have what the rest leaves of ``height``, and in any case room for words and pictures."""
        parts = self.slider, self.curve, self.measure_button
        words = self.words.heightForWidth(self.width())
        rest = sum(part.sizeHint().height() for part in parts) + words + 6 * SPACING
        least = max(map(self.fontMetrics().horizontalAdvance, self._labels())) + 5 * SPACING
        self.strip.setMaximumHeight(min(max(height - rest, least), _LARGEST))

    def retranslate(self) -> None:
        """Set every text and number."""
        self._title.setText("ψ")
        self.slider.setAccessibleName(tr("Truncation ψ"))
        self.slider.setToolTip(tr("1 changes nothing, 0 is the middle itself; above 1 it goes the other way"))
        self.strip.set_labels(self._labels())
        self.strip.setAccessibleName(tr("The same z at several ψ"))
        self.measure_button.setText(tr("Measure its effect"))
        self.measure_button.setToolTip(tr("Fidelity and variety of 500 samples at each ψ, which takes seconds"))
        self.measure_button.setAccessibleName(self.measure_button.text())
        self.work.name_it(tr("Measuring truncation"))
        self._say_value()
        self._say_effects()
        self.say(again(self._text))

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.strip.set_frame(theme.color("generator"))

    def _labels(self) -> list[str]:
        return [f"ψ {number(psi, '.3g')}" for psi in PSIS]

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACING)
        line.addWidget(self._title)
        line.addWidget(self.slider, 1)
        line.addWidget(self._value)
        line.addWidget(HelpButton("truncation", self))
        self._grid.setHorizontalSpacing(2 * SPACING)
        self._grid.setVerticalSpacing(2)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.table.setLayout(self._grid)
        below = QHBoxLayout()
        below.setSpacing(SPACING)
        below.addWidget(self.work, 1)
        below.addWidget(self.measure_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(line)
        layout.addWidget(self.strip)
        layout.addWidget(self.curve)
        layout.addWidget(self.words)
        layout.addLayout(below)
        layout.addWidget(self.table)
        layout.addStretch()

    def _go(self) -> None:
        self._say_value()
        if self._base.shape == (self.explored.z_dim,) and self.explored.z_dim:
            z = truncated(self._base[None], self.psi)[0]
            self.explored.go(z, stroke=_STROKE, told=_Truncated(self._base, self.slider.value()))

    def _on_moved(self) -> None:
        """What a person goes to elsewhere is truncated from there; a step back or forth, from where it was."""
        told = self.explored.told(_STROKE)
        base, steps = told if isinstance(told, _Truncated) else _Truncated(self.explored.point.z, _STEPS)
        if self.slider.value() != steps:
            with QSignalBlocker(self.slider):
                self.slider.setValue(steps)
            self._say_value()
        if not np.array_equal(base, self._base):
            self._base = base
            if self.isVisible():
                self._settle.start()

    def _say_value(self) -> None:
        self._value.show_number(self.psi)

    def _say_effects(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.table.setVisible(bool(self._effects))
        if not self._effects:
            return
        heads = ["ψ", tr("Fidelity"), tr("Variety")]
        has_reading = all(effect.read_as_asked is not None for effect in self._effects)
        rows = [[number(e.psi, ".3g"), number(e.fidelity, ".0%"), number(e.variety, ".0%")] for e in self._effects]
        if has_reading:
            heads.append(tr("Read as asked"))
            for row, effect in zip(rows, self._effects, strict=True):
                row.append(number(effect.read_as_asked or 0.0, ".0%"))
        right = Qt.AlignmentFlag.AlignRight
        for line, texts in enumerate([heads, *rows]):
            for column, text in enumerate(texts):
                self._grid.addWidget(QLabel(text, alignment=right), line, column)
        self._grid.setColumnStretch(len(heads), 1)
        if self._is_outdated:
            note = QLabel(tr("Measured with the generator of another moment."))
            self._grid.addWidget(note, len(rows) + 1, 0, 1, len(heads) + 1)
