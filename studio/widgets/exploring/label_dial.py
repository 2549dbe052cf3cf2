"""Blend classes: a way from one to the next, what the judge reads on it, and the mixture of the moment, large.

It knows no generator: it says what to draw and shows it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from engine.i18n import again, number, tr
from engine.latent.labels import dial
from engine.text import plain
from studio import theme
from studio.text.numbers import percent, whole_percents
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.read_strip import BARS, ReadStrip
from studio.widgets.exploring.usable_tool import UsableTool
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.picture_slider import PictureSlider
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.picture_table import PictureTable

PICTURES = 11
_STEPS = 200  # of the slider; a multiple of the way from picture to picture
_MOST_STOPS = 5
_FIRST = ("3", "8")
_LEAST_LARGE, _LEAST_STRIP = 12 * SPACING, 4 * SPACING


class Mixtures(NamedTuple):
    """What shall be drawn: z ``[N, z_dim]`` and how much of each class, ``[N, classes]``."""

    z: NDArray[np.float32]
    labels: NDArray[np.float32]


class Blend(NamedTuple):
    """The classes on the way, and where on it the slider stands."""

    stops: tuple[int, ...]
    place: int


class LabelDial(UsableTool):
    """``blended`` says that a person chose another ``blend``, and whether on the same way.

    ``way_changed`` and ``mix_changed`` say that ``way_wanted()`` or ``mix_wanted()`` ask for other pictures.
    """

    blended = Signal(bool)
    way_changed = Signal()
    mix_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("label_dial")
        self._names: tuple[str, ...] = ()
        self._can_blend: bool | None = None
        self._count = 2
        self._first_blend = Blend((), 0)
        self.stop_boxes = [ElidingComboBox() for _ in range(_MOST_STOPS)]
        self.add_button, self.remove_button = CompactButton(), CompactButton()
        self.slider = PictureSlider()
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // (PICTURES - 1))
        self.slider.setValue(_STEPS // 2)
        self.large, self.strip = PictureTable(), ReadStrip(PICTURES)
        self.words, self._reading = QLabel(wordWrap=True), ""
        self._arrange()
        self._connect()
        self.set_names(())
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what the page tells

    def set_names(self, names: tuple[str, ...]) -> None:
        """Blend these classes, from 3 to 8 where they are digits."""
        self._names, self._count, self._can_blend = names, 2, None
        self._fill()
        known = all(name in names for name in _FIRST)
        for place, box in enumerate(self.stop_boxes):
            first = names.index(_FIRST[place % 2]) if known else min(place, max(len(names) - 1, 0))
            with QSignalBlocker(box):
                box.setCurrentIndex(first)
        self._first_blend = self.blend
        self.show_strip(None)
        self.show_mix(None)
        self.strip.choose(self._place())
        self._show_state()

    def set_can_blend(self, can_blend: bool) -> None:
        """Say whether the generator takes mixtures of labels at all."""
        if can_blend != self._can_blend:
            self._can_blend = can_blend
            self._show_state()
            self.way_changed.emit()
            self.mix_changed.emit()

    @property
    def is_usable(self) -> bool:
        """Whether there is something to blend, and a generator that does it."""
        return bool(self._can_blend) and len(self._names) > 1

    @property
    def blend(self) -> Blend:
        """What a person chose."""
        return Blend(tuple(self.stops()), self.slider.value())

    def take_blend(self, blend: Blend | None) -> None:
        """Show what was chosen before, None for what stood there at first."""
        before, (stops, place) = self.blend, blend or self._first_blend
        if (stops, place) == before:
            return
        for box, stop in zip(self.stop_boxes, stops, strict=False):
            with QSignalBlocker(box):
                box.setCurrentIndex(stop)
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)
        self._count = len(stops)
        self._show_moved()
        if stops != before.stops:
            self._show_stops()
        self.mix_changed.emit()

    def stops(self) -> list[int]:
        """Return the classes on the way, in order."""
        return [box.currentIndex() for box in self.stop_boxes[: self._count]]

    def way_wanted(self, z: NDArray[np.float32]) -> Mixtures:
        """Return what the strip shows of ``z`` ``[z_dim]``."""
        return Mixtures(np.tile(z, (PICTURES, 1)), dial(self.stops(), PICTURES, len(self._names)))

    def mix_wanted(self, z: NDArray[np.float32]) -> Mixtures:
        """Return the mixture that the slider stands at, of ``z`` ``[z_dim]``."""
        return Mixtures(z[None], self._mixture()[None])

    def show_strip(self, images: NDArray[np.uint8] | None) -> None:
        """Show the pictures of ``way_wanted()``, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``."""
        self.strip.set_images(images)
        if images is None:
            self.strip.show_readings(None)

    def show_mix(self, images: NDArray[np.uint8] | None) -> None:
        """Show the picture of ``mix_wanted()``, uint8 ``[1, H, W]`` or ``[1, H, W, 3]``."""
        self.large.set_images(images)
        if images is None:
            self.say("")

    def show_way_readings(self, probabilities: NDArray[np.float32] | None) -> None:
        """Show the probability ``[N, classes]`` that the judge gives to each class in each picture of the strip."""
        self.strip.show_readings(probabilities, self._names, self.stops())

    def show_mix_reading(self, probabilities: NDArray[np.float32] | None) -> None:
        """Say what the judge reads in the mixture, ``[1, classes]``."""
        if probabilities is None:
            self.say(tr("No judge has learned these images on this computer yet: one does while they are trained on."))
            return
        read = int(probabilities[0].argmax())
        share = percent(float(probabilities[0, read]))
        self.say(tr("The judge reads “{name}” ({share} sure).", name=tr(self._names[read]), share=share))

    def say(self, reading: str) -> None:
        """Say what the mixture is, and below it ``reading``."""
        self._reading = reading
        classes = list(dict.fromkeys(self.stops())) if self._names else []
        shares = whole_percents(self._mixture()[classes].tolist())
        parts = [
            tr("{share} “{name}”", share=number(share / 100, ".0%"), name=plain(tr(self._names[index])))
            for index, share in zip(classes, shares, strict=True)
            if share
        ]
        self.words.setText("\n".join(filter(None, (" + ".join(parts), reading))))
        self.slider.setAccessibleDescription(self.words.text())

    # ---------------------------------------------------------------- texts and colors

    def retranslate(self) -> None:
        """Set every text."""
        self._fill()
        for place, box in enumerate(self.stop_boxes):
            box.setAccessibleName(tr("Class {number} on the way", number=number(place + 1)))
            box.setToolTip(tr("The way leads from class to class, and blends each two"))
        for button, text, name, tip in (
            (self.add_button, "+", tr("One more class"), tr("Let the way go on to one more class")),
            (self.remove_button, "−", tr("One class less"), tr("Let the way end one class earlier")),
        ):
            button.setText(text)
            button.setAccessibleName(name)
            button.setToolTip(tip)
        self.slider.setAccessibleName(tr("Place between the classes"))
        self.slider.setToolTip(tr("How much of each class the picture shall be"))
        self.large.setAccessibleName(tr("The mixture at this place"))
        self.large.placeholder = tr("No picture yet")
        self.strip.setAccessibleName(tr("The way between the classes; below each picture, what the judge reads"))
        self._show_state()
        self.say(again(self._reading))

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.large.set_frame(theme.color("generator"))
        self.strip.set_frame(theme.color("generator"))

    def share_size(self, width: int, height: int) -> None:
        """Let the strip have the height that ``width`` gives it, and the mixture what is left of ``height``."""
        controls = sum(part.sizeHint().height() for part in (self.stop_boxes[0], self.slider))
        strip = max(width // PICTURES, _LEAST_STRIP) + BARS + SPACING
        self.strip.setMaximumHeight(strip)
        self.large.setMaximumHeight(max(height - controls - strip - 6 * SPACING, _LEAST_LARGE))

    # ---------------------------------------------------------------- inside

    def _arrange(self) -> None:
        stops = WrappingLayout(spacing=SPACING // 2)
        for box in self.stop_boxes:
            box.setMinimumContentsLength(3)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            stops.addWidget(box)
        for button in (self.add_button, self.remove_button):
            stops.addWidget(button)
        self.column.addLayout(stops)
        beside = QHBoxLayout()
        beside.setSpacing(2 * SPACING)
        beside.addWidget(self.large, 2)
        beside.addWidget(self.words, 3)
        self.column.addLayout(beside)
        self.column.addWidget(self.slider)
        self.column.addWidget(self.strip)

    def _connect(self) -> None:
        for box in self.stop_boxes:
            box.currentIndexChanged.connect(self._on_stops_changed)
        self.add_button.clicked.connect(self._add_stop)
        self.remove_button.clicked.connect(lambda: self._set_count(self._count - 1))
        self.slider.turned.connect(self._on_moved)
        self.strip.chosen.connect(lambda index: self.slider.setValue(index * _STEPS // (PICTURES - 1)))

    def _fill(self) -> None:
        """Offer the classes by their names in the current language."""
        for box in self.stop_boxes:
            with QSignalBlocker(box):
                index = box.currentIndex()
                box.clear()
                box.addItems([tr(name) for name in self._names])
                box.setCurrentIndex(index)

    def _add_stop(self) -> None:
        """Let the way go on to a class that it does not lead over yet, as long as there is one."""
        box, others = self.stop_boxes[self._count], set(range(len(self._names))).difference(self.stops())
        if others and box.currentIndex() not in others:
            with QSignalBlocker(box):
                box.setCurrentIndex(min(others))
        self._set_count(self._count + 1)

    def _set_count(self, count: int) -> None:
        self._count = count
        self._on_stops_changed()

    def _on_stops_changed(self) -> None:
        self.blended.emit(False)
        self._show_stops()
        self.mix_changed.emit()

    def _show_stops(self) -> None:
        self.strip.show_readings(None)  # which are of other classes
        self._show_state()
        self.say(self._reading)
        self.way_changed.emit()

    def _on_moved(self) -> None:
        self.blended.emit(True)
        self._show_moved()
        self.mix_changed.emit()

    def _show_moved(self) -> None:
        self.strip.choose(self._place())
        self.say(self._reading)

    def _place(self) -> int | None:
        """Return which picture of the strip shows the mixture, None between two of them."""
        place, rest = divmod(self.slider.value(), _STEPS // (PICTURES - 1))
        return None if rest else place

    def _mixture(self) -> NDArray[np.float32]:
        if not self._names:
            return np.zeros(0, np.float32)
        mixture: NDArray[np.float32] = dial(self.stops(), _STEPS + 1, len(self._names))[self.slider.value()]
        return mixture

    def _show_state(self) -> None:
        for place, box in enumerate(self.stop_boxes):
            box.setVisible(place < self._count)
        self.add_button.setEnabled(self._count < _MOST_STOPS)
        self.remove_button.setEnabled(self._count > 2)
        self.set_usable(self.is_usable, is_known=self._can_blend is not None)
        self.why_not.setText(
            tr("There is a single class, so that nothing can be blended.")
            if len(self._names) < 2
            else tr("The networks of this run take one label at a time and cannot blend several.")
            + " "
            + tr("Train the recipe “studio”, for example, whose labels are embedded.")
        )
