"""The way through several points, straight and along the sphere side by side. Knows no generator and writes no file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import Pictures
from engine.i18n import again, mark, tr
from engine.latent.labels import Labels
from engine.latent.sampling import random_z
from engine.pictures import tile
from studio import theme
from studio.commands import Command, menu_of
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.model.way import LINEAR, SPHERICAL, Place, Way
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.exploring.explore_tool import ExploreTool, Use, Wish
from studio.widgets.exploring.length_curve import LengthCurve
from studio.widgets.exploring.point_list import SMALL
from studio.widgets.exploring.point_row import PointRow
from studio.widgets.fields.picture_slider import PictureSlider
from studio.widgets.fields.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.picture_matrix import PictureMatrix

STRIP = 10  # pictures of each way
KINDS = (SPHERICAL, LINEAR)
_LEG = 100  # steps of the slider
_LEG_SECONDS = 2.0
_TICK_MS = 40
_FILM_SPEED = 25  # pictures in a second
_LEAST_STRIP, _LEAST_SLIDER = 5 * SPACING, 12 * SPACING
_ENDS_SEED = 1
_STROKE = "path"


class PathWish(NamedTuple):
    """The pictures of z ``[N, z_dim]`` and labels, one after the other, as what the ending of ``path`` says."""

    path: Path
    z: NDArray[np.float32]
    labels: Labels


class PathPanel(ExploreTool):
    """Points A, B …, a slider along the way through them, and ten pictures of each kind of way, above their |z|.

    ``save_requested`` carries a ``PictureToSave``, ``path_requested`` a ``PathWish``; ``cancel_requested`` ends that.
    """

    save_requested = Signal(PictureToSave)
    path_requested = Signal(PathWish)
    cancel_requested = Signal()

    title = mark("Path")
    tip = mark("Go from picture to picture, straight and along the sphere")

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        question = HelpButton("path", self)
        self.row = PointRow(explored, "path", least=2, defaults=self._ends, side=SMALL, question=question)
        self.slider, self.play_button, self.save_button = (
            PictureSlider(),
            CompactButton(),
            CompactButton(),
        )
        self.play_button.setCheckable(True)
        self.blend_box, self.buttons = QCheckBox(), {kind: QRadioButton() for kind in KINDS}
        self.strips = {kind: PictureMatrix(STRIP) for kind in KINDS}
        self.curves = {kind: LengthCurve(self.strips[kind]) for kind in KINDS}
        self.lengths = {kind: FittingLabel() for kind in KINDS}
        self.work = WorkBar(heir=self.save_button, disables=(self.save_button, self.play_button))
        self.words = QLabel(wordWrap=True)
        self._text = ""
        self._images: dict[str, Pictures] = {}
        self._direction = 1
        self.loop = QTimer(self, interval=_TICK_MS)
        self.buttons[SPHERICAL].setChecked(True)
        self._arrange()
        self._connect()
        self._set_steps()
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what it is asked

    @property
    def can_blend(self) -> bool:
        """Whether the generator takes mixtures of classes."""
        return self._can_blend

    @can_blend.setter
    def can_blend(self, can_blend: bool) -> None:
        if can_blend != self._can_blend:
            self._can_blend = can_blend
            self._say_blend()

    def begin(self) -> None:
        """Another generator is explored: its path begins anew."""
        self.play_button.setChecked(False)
        self._images.clear()
        self.say("")
        self._say_blend()
        self._on_points()
        for kind in KINDS:
            self.strips[kind].set_images(None)

    @property
    def kind(self) -> str:
        """The kind of way that slider, loop and film follow."""
        return next(kind for kind in KINDS if self.buttons[kind].isChecked())

    def way(self, kind: str | None = None) -> Way:
        """Return the way through the points, of ``kind`` or the one that is followed."""
        blends = self.blend_box.isChecked() and self.blend_box.isEnabled()
        return Way(self.row.points, kind or self.kind, len(self.explored.class_names), blends=blends)

    def wishes(self) -> list[Wish]:
        """Return the pictures of the points, and ten of each way."""
        if not self.explored.z_dim:
            return []
        walks = {kind: self.way(kind).walk(STRIP) for kind in KINDS}
        for kind, (z, _) in walks.items():
            self.curves[kind].set_z(z)
            self.lengths[kind].show_parts((self.curves[kind].text,))
        return [self.row.wish(), *(Wish(_channel(kind), *walk) for kind, walk in walks.items())]

    def clear(self) -> None:
        """Neither shown nor saved any more."""
        super().clear()
        self._images.clear()
        self.row.show_pictures(None)

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show those of the points, or of a way."""
        if channel == self.row.channel:
            self.row.show_pictures(images)
        for kind in KINDS:
            if channel == _channel(kind) and images is not None and len(images) == STRIP:
                self._images[kind] = images
                self.strips[kind].set_images(images)
                self.curves[kind].update()

    def uses(self) -> list[Use]:
        """A point can begin the way, follow, or be one more."""
        return [
            Use("path_a", mark("Use as A of the path"), lambda point: self.row.put(0, point)),
            Use("path_b", mark("Use as B of the path"), lambda point: self.row.put(1, point)),
            Use("path_add", mark("Add to the path"), self.row.add),
        ]

    def limit_height(self, height: int) -> None:
        """Let the strips share what the rest leaves of ``height``."""
        width = self.width()
        rest = self.heightForWidth(width) - sum(strip.heightForWidth(width) for strip in self.strips.values())
        for strip in self.strips.values():
            strip.setMaximumHeight(max((height - rest) // len(KINDS), _LEAST_STRIP))

    def show_progress(self, share: float | None) -> None:
        """Show how far saving is (0 to 1), or that nothing is saved."""
        self.work.show_share(share)

    def say(self, text: str) -> None:
        """Say ``text`` below the strips."""
        self._text = text
        self.words.setText(text)
        self.words.setVisible(bool(text))

    # ---------------------------------------------------------------- texts and colors

    def retranslate(self) -> None:
        """Set every text."""
        self.say(again(self._text))
        self.row.name_it(tr("From point to point"))
        self.slider.setAccessibleName(tr("Place on the path"))
        self.slider.setToolTip(tr("Move the large picture along the path"))
        self.play_button.setText(tr("Go through"))
        self.play_button.setToolTip(tr("Go to and fro on the path until you press it again"))
        self.save_button.setText(tr("Save"))
        self.save_button.setToolTip(tr("Save the path as a strip of pictures, as a film or as arrays"))
        self.work.name_it(tr("Saving the path"))
        for kind, text, tip in (
            (SPHERICAL, tr("Spherical"), tr("Along the arc: z keeps the length that random vectors have")),
            (LINEAR, tr("Linear"), tr("Straight: half-way, z is shorter than any that G was trained with")),
        ):
            self.buttons[kind].setText(text)
            self.buttons[kind].setAccessibleName(text)
            self.buttons[kind].setToolTip(tip)
            self.strips[kind].setAccessibleName(tr("Ten pictures on the path: {kind}", kind=text))
        for button in (self.play_button, self.save_button):
            button.setAccessibleName(button.text())
        self._say_blend()

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        for strip in self.strips.values():
            strip.set_frame(theme.color("generator"))

    def _say_blend(self) -> None:
        names = self.explored.class_names
        self.blend_box.setVisible(len(names) > 1)
        self.blend_box.setEnabled(self._can_blend)
        self.blend_box.setText(tr("Classes blend on the way"))
        self.blend_box.setAccessibleName(self.blend_box.text())
        self.blend_box.setToolTip(
            tr("From each point's class gradually to the next one's; else it changes half-way")
            if self._can_blend
            else tr("The networks of this run take one label at a time and cannot blend several.")
        )

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        drive, controls = QWidget(), WrappingLayout(spacing=SPACING)
        line = QHBoxLayout(drive)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACING)
        for part in (self.slider, self.play_button, self.save_button, self.work):
            line.addWidget(part)
        self.slider.setMinimumWidth(_LEAST_SLIDER)
        self.blend_box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        controls.addWidget(drive)
        controls.addWidget(self.blend_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.row)
        layout.addLayout(controls)
        for kind in KINDS:
            head = QHBoxLayout()
            head.setSpacing(SPACING)
            head.addWidget(self.buttons[kind])
            head.addWidget(self.lengths[kind], 1)
            layout.addLayout(head)
            layout.addWidget(self.strips[kind])
            layout.addWidget(self.curves[kind])
        layout.addWidget(self.words)
        layout.addStretch()

    def _connect(self) -> None:
        self.row.changed.connect(self._on_points)
        self.row.refused.connect(self.say)
        self.slider.turned.connect(lambda _: self._go())
        self.play_button.toggled.connect(self._on_play)
        self.save_button.clicked.connect(self._offer_to_save)
        self.work.canceled.connect(self.cancel_requested)
        self.blend_box.toggled.connect(self._on_blend)
        self.buttons[SPHERICAL].toggled.connect(self._stay_on_way)
        self.loop.timeout.connect(self._tick)
        self.explored.moved.connect(self._show_place)
        for kind, strip in self.strips.items():
            strip.chosen.connect(lambda index, kind=kind: self._go_to_picture(kind, index))

    # ---------------------------------------------------------------- what a person does

    def _ends(self) -> tuple[LatentPoint, ...]:
        """Return a way that shows something at once: from the class of the point to one far away from it."""
        label, shares = self._began
        first, second = random_z(2, self.explored.z_dim, _ENDS_SEED)
        count = len(self.explored.class_names)
        other = (label + count // 2) % count if count else label
        return LatentPoint(first, label, shares), LatentPoint(second, other)

    @property
    def _place(self) -> Place | None:
        """Where the point was walked to, also by a step back or forth."""
        told = self.explored.told(_STROKE)
        return told if isinstance(told, Place) else None

    @property
    def _began(self) -> tuple[int, tuple[float, ...]]:
        """Class and shares of the point that one came here with: who walks on the way takes its ends along nowhere."""
        place, now = self._place, self.explored.point[1:]
        return place.began if place is not None and place.reached == now else now

    def _on_points(self) -> None:
        self._set_steps()
        self._show_place()
        self.wishes_changed.emit()

    def _show_place(self) -> None:
        """Show how far one has walked; who stands elsewhere goes on from there, and stands at no picture of it."""
        last, place = self.explored.told_last(_STROKE), self._place
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(last.steps if isinstance(last, Place) else 0)
        is_there = place is not None and place.reached == self.explored.point[1:]
        kind, index = (place.picture if place is not None and is_there else None) or ("", 0)
        for each, strip in self.strips.items():
            strip.choose(index if each == kind else None)

    def _set_steps(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, _LEG * (len(self.row.points) - 1))
            self.slider.setPageStep(_LEG // 4)

    def _on_blend(self) -> None:
        self.wishes_changed.emit()
        self._stay_on_way()

    def _stay_on_way(self) -> None:
        """Go along where the way is another one; who stands elsewhere stays there."""
        if self._place is not None:
            self._go()

    def _go(self, picture: tuple[str, int] | None = None) -> None:
        if self.explored.z_dim:
            steps = self.slider.value()
            point = self.way().at(steps / _LEG)
            self.explored.go(*point, stroke=_STROKE, told=Place(steps, point[1:], self._began, picture))

    def _go_to_picture(self, kind: str, index: int) -> None:
        self.buttons[kind].setChecked(True)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(index / (STRIP - 1) * self.slider.maximum()))
        self._go((kind, index))
        self._show_place()  # also where one stood there

    def _on_play(self, is_on: bool) -> None:
        self.play_button.setText(tr("Rest") if is_on else tr("Go through"))
        if is_on:
            self.loop.start()
        else:
            self.loop.stop()

    def _tick(self) -> None:
        step = max(round(_LEG * _TICK_MS / 1000 / _LEG_SECONDS), 1)
        if not self.slider.minimum() <= self.slider.value() + self._direction * step <= self.slider.maximum():
            self._direction = -self._direction
        self.slider.setValue(self.slider.value() + self._direction * step)

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody looks at does not play."""
        self.play_button.setChecked(False)
        super().hideEvent(event)

    # ---------------------------------------------------------------- files

    def _offer_to_save(self) -> None:
        below = self.save_button.mapToGlobal(self.save_button.rect().bottomLeft())
        menu_of(self.commands(), self.save_button).popup(below)

    def commands(self) -> Iterable[Command]:
        """Return as what the path can be saved: these are of no use but here."""
        ways = (
            (".png", mark("Strip as PNG…")),
            (".mp4", mark("Film as MP4…")),
            (".gif", mark("Film as GIF…")),
            (".npz", mark("Pictures and z as NPZ…")),
        )
        for ending, text in ways:
            yield Command(f"save_path{ending}", self.title, text, partial(self._ask_where_to_save, ending))

    def _ask_where_to_save(self, ending: str) -> None:
        if ending == ".png":
            if len(self._images) == len(KINDS):
                strips = tile(np.concatenate([self._images[kind] for kind in KINDS]), STRIP, 2, 255)
                ask_where_to_save(self, tr("path{ending}", ending=ending), strips, self.save_requested.emit)
            return
        pictures = round(_LEG_SECONDS * _FILM_SPEED) * self.way().legs + 1
        z, labels = self.way().walk(pictures)
        if ending != ".npz":  # a film goes to and fro, so that it can be seen in a loop
            z, labels = np.concatenate([z, z[-2:0:-1]]), np.concatenate([labels, labels[-2:0:-1]])
        dialog = FileDialog(self, tr("Save the path"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{ending}")
        dialog.setDefaultSuffix(ending[1:])
        dialog.selectFile(tr("path{ending}", ending=ending))
        dialog.fileSelected.connect(lambda file: self.path_requested.emit(PathWish(Path(file), z, labels)))
        dialog.open()


def _channel(kind: str) -> str:
    return f"latent.path.{kind}"
