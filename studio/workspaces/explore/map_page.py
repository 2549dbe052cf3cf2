"""The map of what a generator makes: two thousand samples in the plane, alike ones side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import again, mark, number, tr, trn
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import LatentPoint
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.text import map_sample
from studio.text.origin import generator_words
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.exploring.map_colors import MapColors
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.side_column import SideColumn
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.plots.color_scale import ColorScale
from studio.widgets.plots.map_view import MapView

if TYPE_CHECKING:
    from engine.latent.sample_map import SampleMap

_COLUMN = 36 * SPACING
_FOLLOW_MS = 1000  # after another generator is shown, before a map that follows is made anew
MOST_KEPT = 20  # of the samples that are marked


class MapPage(ExplorePage):
    """``map_requested`` carries whether real images shall lie beside the samples; ``cancel_requested`` ends it.

    ``points_kept`` carries a list of ``LatentPoint`` to be kept. A map is made by itself as soon as somebody looks, and
    anew of each epoch that a person chooses; while training goes on, where it shall follow that.
    """

    title = mark("Map")
    tip = mark("All that the generator makes at a glance, alike pictures side by side")
    topic = "map"

    map_requested = Signal(bool)
    cancel_requested = Signal()
    points_kept = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_page")
        self.map: SampleMap | None = None
        self._class_names: tuple[str, ...] = ()
        self._read_names: tuple[str, ...] = ()
        self._text = ""
        self._origin, self._made_with = NEWEST, NEWEST
        self._is_stale = self._is_busy = False
        self._z_dim, self._has_generator = 0, False
        self._was_asked = False  # for a map of what is shown: it is not made again by itself, whatever came of it
        self._chosen: int | None = None  # a sample, not a real image
        self._point = LatentPoint(np.zeros(0, np.float32), -1)
        self._tells_of_point = False
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._follow.timeout.connect(self._make_anew)
        self.view, self.make_button = MapView(), CompactButton()
        self.real_box, self.pictures_box, self.color_box = QCheckBox(), QCheckBox(), MapColors()
        self.pictures_box.setChecked(True)
        self.work = WorkBar(heir=self.make_button, hides=(self.make_button,))
        self.words, self.picture = QLabel(wordWrap=True), ImageView()
        self.average_button, self._color_label, self.scale = CompactButton(), QLabel(), ColorScale()
        self.keep_button, self.follow_box = CompactButton(), QCheckBox()
        self.stale_line, self.meaning = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.meaning.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._help = HelpButton(self.topic, self)
        self._color_label.setBuddy(self.color_box)
        self._arrange()
        self._connect()
        self.show_progress(None)
        self.set_model(0, ())
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Another run is shown: its map is made when somebody asks for it."""
        self._class_names, self._z_dim = class_names, z_dim
        self._is_stale = self._has_generator = self._was_asked = False
        self.show_map(None)
        self.color_box.offer(None, is_asked=bool(class_names))  # of the map before, not all can be told

    def set_read_names(self, names: tuple[str, ...]) -> None:
        """Call what the judge reads ``names``."""
        self._read_names = names

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: say of which the map is, or make it anew."""
        self._was_asked &= origin == self._origin or origin.kept is None
        self._origin, self._has_generator = origin, self._z_dim > 0
        self._is_stale = self.map is not None
        self._say_state()
        self._follow_on()

    def show_map(self, found: SampleMap | None) -> None:
        """Show a map, also while its points still move, or none; the one before stays until there are points."""
        if found is not None and not len(found.places) and self.map is not None:
            return
        is_new = self.map is None or found is None or found.z is not self.map.z
        self.map = found
        if self._is_there and found is not None:
            self.view.set_points(found.places, found.pictures, found.sample_count)
            self.color_box.offer(found, is_asked=bool(self._class_names))
        else:
            self.view.set_points(np.zeros((0, 2), np.float32), np.zeros((0, 1, 1), np.uint8), 0)
        self._color()
        if is_new:
            self.picture.set_picture(None)
            self._chosen = None
            self._enable_marked()
        self._say_state()

    @property
    def _is_there(self) -> bool:
        """Whether there is more of the map than that it is being made."""
        return self.map is not None and len(self.map.places) > 0

    def show_point(self, point: LatentPoint) -> None:
        """Choose the sample that is made at ``point``, where all pages stand now, or none where it is none of these."""
        self._point = point
        if self.map is None or not self.isVisible():
            return
        is_here = (self.map.z == point.z).all(1) if self.map.z.shape[1:] == point.z.shape else np.zeros(0, bool)
        found = [int(index) for index in np.flatnonzero(is_here) if self.map.labels[index] == point.label]
        index = found[0] if found and not point.shares else None
        if index == self._chosen:
            return
        self.view.choose(index)
        if index is not None:
            self._tell_of(index)
            return
        self._chosen = None
        self.picture.set_picture(None)
        self._enable_marked()
        if self._tells_of_point:
            self.say("")

    def show_progress(self, share: float | None) -> None:
        """Show how far the map is (0 to 1), or that none is made."""
        self.work.show_share(share)
        if self._is_busy != (share is not None):
            self._is_busy = share is not None
            self._say_state()
        self._follow_on()

    def say(self, text: str) -> None:
        """Say ``text`` beside the map, or what is to be seen where it is empty."""
        self._text, self._tells_of_point = text, False
        self._say_state()

    def retranslate(self) -> None:
        """Set every text."""
        for button, text, tip in (
            (self.make_button, tr("Make the map"), tr("Lay 2,000 samples out, which takes seconds")),
            (self.average_button, tr("Average of these"), tr("Go to the mean of the z of the samples that are marked")),
            (
                self.keep_button,
                tr("Keep these"),
                tr("Keep what is marked, or the one chosen, with the run"),
            ),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
        self.real_box.setText(tr("Real images beside them"))
        self.real_box.setToolTip(tr("In gray: where does the real cloud lie that the generator does not reach?"))
        self.follow_box.setText(tr("Follow the training"))
        self.follow_box.setToolTip(tr("Make the map anew by itself again and again while training goes on"))
        self.meaning.setText(
            tr(
                "Alike pictures lie side by side. A heap is one way to draw; a gap is what G does not draw; real images"
                " with no samples among them are what it does not reach. Distances between heaps mean little."
            )
        )
        self.pictures_box.setText(tr("Pictures"))
        self.pictures_box.setToolTip(tr("Pictures where there is room for them, and not points alone"))
        for box in (self.real_box, self.pictures_box, self.follow_box):
            box.setAccessibleName(box.text())
        self._color_label.setText(tr("Color"))
        self.color_box.retranslate()
        self.work.name_it(tr("Making the map"), tr("End the map"))
        self.picture.setAccessibleName(tr("The sample that was chosen"))
        self._say_state()

    def apply_palette(self) -> None:
        """A generated picture wears the generator's color."""
        self.picture.set_frame(theme.color("generator"))
        self._color()

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        for part in (self.make_button, self.work):
            row.addWidget(part, 1)
        row.addWidget(self._help)
        form = QFormLayout()
        form.setSpacing(SPACING)
        form.addRow(self._color_label, self.color_box)
        side, content = SideColumn(_COLUMN), QWidget()
        scroll_down(side, content)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, SPACING, SPACING, SPACING)
        column.setSpacing(SPACING)
        column.addLayout(row)
        column.addWidget(self.follow_box)
        column.addWidget(self.real_box)
        column.addWidget(self.pictures_box)
        column.addLayout(form)
        column.addWidget(self.scale)  # what comes and goes stands below what is pressed
        column.addWidget(self.picture, 1)
        column.addWidget(self.stale_line)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignTop)
        marked = QHBoxLayout()
        marked.setSpacing(SPACING)
        marked.addWidget(self.average_button, 1)
        marked.addWidget(self.keep_button, 1)
        column.addLayout(marked)
        column.addWidget(self.meaning)
        layout = QHBoxLayout(self.body)
        layout.setContentsMargins(SPACING, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.view, 1)
        layout.addWidget(side)

    def _connect(self) -> None:
        self.make_button.clicked.connect(self._make)
        self.follow_box.toggled.connect(self._follow_on)
        self.keep_button.clicked.connect(self._keep)
        self.work.canceled.connect(self.cancel_requested)
        self.color_box.currentIndexChanged.connect(self._color)
        self.pictures_box.toggled.connect(self._on_pictures)
        self.real_box.toggled.connect(self._on_real)
        self.view.marks_changed.connect(self._on_marks)
        self.view.chosen.connect(self._on_chosen)
        self.view.opened.connect(self._on_opened)
        self.view.surrounded.connect(self._on_surrounded)
        self.average_button.clicked.connect(self._go_to_average)

    # ---------------------------------------------------------------- what a person does

    def _make(self) -> None:
        self._made_with, self._is_stale, self._was_asked = self._origin, False, True
        self.map_requested.emit(self.real_box.isChecked())
        self._say_state()

    def _must_make(self) -> bool:
        """Whether the first map, or one of what is shown now, is to be made without being asked for."""
        if not self._has_generator or self._is_busy or not self.isVisible():
            return False
        if self.map is None or self._origin.kept is not None:
            return not self._was_asked
        return self._is_stale and self.follow_box.isChecked()

    def _follow_on(self) -> None:
        is_chosen = self._origin.kept is not None  # by a slider that may still move
        if self._must_make() and (is_chosen or not self._follow.isActive()):
            self._follow.start(0 if self.map is None else _FOLLOW_MS)

    def _make_anew(self) -> None:
        if self._must_make():
            self._make()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked is made up for."""
        super().showEvent(event)
        self._follow_on()
        self.show_point(self._point)

    def _keep(self) -> None:
        if self.map is None:
            return
        marked = self.view.marked if len(self.view.marked) else np.array([self._chosen or 0])
        points = [LatentPoint(self.map.z[index], int(self.map.labels[index])) for index in marked[:MOST_KEPT]]
        self.points_kept.emit(points)
        if len(marked) > MOST_KEPT:
            self.say(tr("Kept are the first {count} of them.", count=number(MOST_KEPT)))

    def _enable_marked(self) -> None:
        count = len(self.view.marked) if self.map is not None else 0
        self.average_button.setEnabled(count > 0)
        self.keep_button.setEnabled(count > 0 or self._chosen is not None)

    def _on_pictures(self, is_on: bool) -> None:
        self.view.shows_pictures = is_on
        self.view.apply_palette()

    def _on_real(self, is_on: bool) -> None:
        """Show the real images, or do without; a map that has none is made anew."""
        self.view.shows_real = is_on
        self.view.apply_palette()
        if is_on and self.map is not None and len(self.map.places) == self.map.sample_count:
            self._make()

    def _on_chosen(self, index: int) -> None:
        if self.map is None:
            return
        self._tell_of(index)
        if self._chosen is not None:
            self.point_chosen.emit(self.map.z[index], int(self.map.labels[index]))

    def _tell_of(self, index: int) -> None:
        assert self.map is not None
        self.picture.set_picture(self.map.pictures[index])
        is_sample = index < self.map.sample_count
        self.picture.set_frame(theme.color("generator" if is_sample else "real"))
        self.say(map_sample.told_of(self.map, index, self._class_names, self._read_names))
        self._tells_of_point = is_sample
        self._chosen = index if is_sample else None
        self._enable_marked()

    def _on_opened(self, index: int) -> None:
        if self.map is not None and index < self.map.sample_count:
            self.point_opened.emit(self.map.z[index], int(self.map.labels[index]))

    def _on_surrounded(self, outline: NDArray[np.float64]) -> None:
        if self.map is None:
            return
        inside = self.map.inside(outline)
        self.view.mark(inside[inside < self.map.sample_count])
        self._on_marks()

    def _on_marks(self) -> None:
        self._enable_marked()
        self.say(trn("{count} sample is marked.", "{count} samples are marked.", len(self.view.marked)))

    def _go_to_average(self) -> None:
        if self.map is None or not len(self.view.marked):
            return
        labels = self.map.labels[self.view.marked]
        values, counts = np.unique(labels, return_counts=True)
        self.point_opened.emit(self.map.z[self.view.marked].mean(0), int(values[counts.argmax()]))

    # ---------------------------------------------------------------- words and colors

    def _say_state(self) -> None:
        empty = tr("Make the map, and see which kinds of pictures there are, and what lies between them.")
        usual = tr("Click a sample to go there; surround several with the mouse to average or keep them.")
        self.words.setText(again(self._text) or (usual if self._is_there else ""))
        self.view.placeholder = tr("Drawing 2,000 samples and laying them out…") if self._is_busy else empty
        self.view.update()
        self.stale_line.setText(self._stale_words())
        self.stale_line.setVisible(self._is_there)
        anew = self.map is not None and self._is_stale
        epoch = number(self._origin.kept or 0)
        text = tr("Show epoch {epoch}", epoch=epoch) if anew and self._origin.kept is not None else tr("Make the map")
        self.make_button.setText(text)
        self.make_button.setAccessibleName(text)

    def _stale_words(self) -> str:
        if self._is_stale and self._made_with == self._origin:
            return tr("The generator has learned on since this map was made.")
        words = generator_words(self._made_with)
        if self._is_stale:
            return tr("Map of: {made}. Shown now: {now}.", made=words, now=generator_words(self._origin))
        return tr("Map of: {made}.", made=words)

    def _color(self) -> None:
        if self.map is None or not len(self.map.places):
            self.scale.hide()
            return
        coloring = self.color_box.coloring(self.map, self._read_names)
        self.view.set_colors(coloring.colors, coloring.names)
        self.scale.setVisible(coloring.scale is not None)
        if coloring.scale is not None:
            (low, least), (high, most) = coloring.scale
            self.scale.set_words(least, most)
            self.scale.set_colors(low, high)
