"""Two to four runs side by side at the same moment: in what they differ, their pictures, measures and curves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import speaking_of, tr
from studio.help.help_button import HelpButton
from studio.model.mirror import MOST_SHOWN, Mirror
from studio.text.mirror import MEASURES, differing, epoch_told, moment_told, noise_told, value_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.time_slider import TimeSlider
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures.image_view import ImageView, regular
from studio.widgets.plots.overlaid_curves import OverlaidCurves
from studio.widgets.plots.run_inks import LineSample

_PICTURE, _CURVES = 18 * SPACING, 16 * SPACING
_SHARE = 0.45  # of the panel's height, that pictures take before the measures below them are scrolled to


class _Samples(ImageView):
    """The pictures of one run, as large as those of the others beside them."""

    step = staticmethod(regular)


class MirrorPanel(View):
    """``moment_chosen`` carries images seen, whose pictures ``show_pictures`` shall bring."""

    moment_chosen = Signal(int)
    run_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mirror, self._moment = Mirror(), 0
        self._labels: list[QLabel] = []
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.noise = set_object_name(QLabel(wordWrap=True), "mirror_noise")
        self.pictures: list[ImageView] = []
        self._names: list[FittingLabel] = []
        self._opens: list[QToolButton] = []
        self.values: list[list[QLabel]] = []
        self.curves = set_object_name(OverlaidCurves(), "mirror_curves")
        self.curves.setMinimumHeight(_CURVES // 2)
        self.curves.setMaximumHeight(_CURVES)
        self.measure = set_object_name(ElidingComboBox(), "mirror_measure")
        self.axis = set_object_name(ElidingComboBox(), "mirror_axis")
        self.slider = set_object_name(TimeSlider(self), "mirror_slider")
        self.moment_label = set_object_name(QLabel(), "mirror_moment")
        self._columns = QWidget()
        self._grid = QGridLayout(self._columns)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_mirror(self.mirror)

    def show_mirror(self, mirror: Mirror) -> None:
        """Show other runs, at the last moment that all of them have come to."""
        self.mirror = mirror
        self._build_columns()
        self._room.setVisible(bool(mirror.runs))
        self.empty.setVisible(not mirror.runs)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(mirror.moments) - 1, 0))
        self.slider.setValue(mirror.last_of_all)
        self.slider.blockSignals(False)
        self.axis.setEnabled(mirror.has_same_images)
        self.retranslate()
        self._draw_curves()
        self._go()

    def show_pictures(self, moment: int, pictures: Sequence[Picture | None]) -> None:
        """Show the pictures of ``moment``, unless another one is looked at by now."""
        if moment == self._moment and len(pictures) == len(self.pictures):
            for view, picture in zip(self.pictures, pictures, strict=True):
                view.set_picture(picture)
            self._take_height()

    def retranslate(self) -> None:
        """Set every text in the current language, about what these runs are made of."""
        with speaking_of(self.mirror.noun):
            self._say_all()

    def _say_all(self) -> None:
        self.empty.setText(
            tr("Choose two to four runs in the table (Ctrl+click), and press “Side by side”: they are shown here.")
        )
        for box, texts in (
            (self.measure, [tr(each.title) for each in MEASURES]),
            (self.axis, [tr("Epochs"), tr("{data:Images} seen")]),
        ):
            box.blockSignals(True)
            chosen = max(box.currentIndex(), 0)
            box.clear()
            box.addItems(texts)
            box.setCurrentIndex(chosen)
            box.blockSignals(False)
        self.measure.setAccessibleName(tr("Curves of"))
        self.measure.setToolTip(tr("What the curves show; runs that differ in their seed only are one, with a band"))
        self.axis.setAccessibleName(tr("Count in"))
        self.axis.setToolTip(tr("Count epochs, or the real {data:images} that each run has seen"))
        self.slider.setAccessibleName(tr("Moment of all runs"))
        self.slider.setToolTip(tr("Look at all of these runs at the same moment"))
        self._say_columns()
        self._say_moment()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines that break take more height, which a page that is scrolled must be told."""
        super().resizeEvent(event)
        self._take_height()

    def _take_height(self) -> None:
        """Give the pictures the height that their width is worth, so far as measures and curves are seen, too."""
        shown = [(view.width(), view.picture.shape) for view in self.pictures if view.picture is not None]
        wanted = [width * shape[0] // shape[1] for width, shape in shown]
        height = max(_PICTURE, min(max(wanted, default=0), int(_SHARE * self.height())))
        for view in self.pictures:
            view.setMinimumHeight(height)
        width = self.width() - 4 * SPACING
        self._columns.setMinimumHeight(max(self._grid.minimumHeightForWidth(width), 0))

    # --- building

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.noise, 1)
        head.addWidget(HelpButton("mirror", self))
        below = QHBoxLayout()
        for part, share in ((self.moment_label, 0), (self.slider, 1), (self.axis, 0), (self.measure, 0)):
            below.addWidget(part, share)
        self._room, scrolled = QWidget(), QWidget()
        scroll_down(scrolled, self._columns)
        room = QVBoxLayout(self._room)
        room.setContentsMargins(0, 0, 0, 0)
        room.addLayout(head)
        room.addWidget(scrolled, 3)
        room.addWidget(self.curves, 1)
        room.addLayout(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.addWidget(self._room, 1)
        layout.addWidget(self.empty, 1)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._go)
        self.measure.currentIndexChanged.connect(self._draw_curves)
        self.axis.currentIndexChanged.connect(self._on_axis)
        self.curves.clicked.connect(self._go_near)

    def _build_columns(self) -> None:
        """Make a column for each run that is shown, and a first one with the names of the rows."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        shown = len(self.mirror.shown)
        self.pictures = [set_object_name(_Samples(), f"mirror_picture_{place}") for place in range(shown)]
        self._opens = [set_object_name(QToolButton(autoRaise=True), f"mirror_run_{place}") for place in range(shown)]
        self._names = [FittingLabel() for _ in range(shown)]
        self._differences = [QLabel(wordWrap=True) for _ in range(shown)]
        self.values = [[QLabel(wordWrap=True) for _ in range(shown)] for _ in MEASURES]
        self._titles = [QLabel(wordWrap=True) for _ in MEASURES]
        for place in range(shown):
            self._add_column(place)
        for row, title in enumerate(self._titles):
            self._grid.addWidget(title, row + 3, 0)
        self._grid.setColumnStretch(0, 0)
        for column in range(1, MOST_SHOWN + 1):
            self._grid.setColumnStretch(column, int(column <= shown))
        self._grid.setRowStretch(2, 1)

    def _add_column(self, place: int) -> None:
        each, column = self.mirror.shown[place], place + 1
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(LineSample(self._group_of(place)))
        row.addWidget(self._names[place], 1)
        row.addWidget(self._opens[place])
        self._opens[place].clicked.connect(partial(self.run_chosen.emit, each.run.path))
        self.pictures[place].setMinimumSize(_PICTURE // 2, _PICTURE)
        self.pictures[place].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._grid.addWidget(head, 0, column)
        self._grid.addWidget(self._differences[place], 1, column, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.pictures[place], 2, column)
        for row_of, values in enumerate(self.values):
            self._grid.addWidget(values[place], row_of + 3, column)

    def _group_of(self, place: int) -> int:
        """Return the run whose curve stands for that of the run at ``place``."""
        return next((group[0] for group in self.mirror.groups if place in group), place)

    # --- what is said

    def _say_columns(self) -> None:
        for title, measure in zip(getattr(self, "_titles", ()), MEASURES, strict=False):
            title.setText(tr(measure.title))
        for place, (text, whole) in enumerate(differing(self.mirror)[: len(self._names)]):
            name = self.mirror.shown[place].name
            self._opens[place].setText("↗")
            self._opens[place].setAccessibleName(tr("Look at this run alone"))
            self._opens[place].setToolTip(tr("Look at this run alone"))
            self._differences[place].setText(text)
            self._differences[place].setToolTip(whole)
            self.pictures[place].setAccessibleName(tr("Samples of “{run}”", run=name))
            self.pictures[place].placeholder = tr("No {data:pictures} yet")
        self._take_height()

    def _say_moment(self) -> None:
        mirror = self.mirror
        with speaking_of(mirror.noun):
            self.noise.setText(noise_told(mirror, self._moment))
            self.moment_label.setText(moment_told(mirror, self._moment, by_images=self._by_images))
        for place, head in enumerate(self._names):
            head.show_parts([epoch_told(mirror, place, self._moment), mirror.shown[place].name])
        for measure, labels in zip(MEASURES, self.values, strict=False):
            best = mirror.best(measure, self._moment)
            for place, label in enumerate(labels):
                label.setText(value_told(mirror, place, measure, self._moment))
                font = label.font()
                font.setBold(place in best)
                label.setFont(font)

    @property
    def _by_images(self) -> bool:
        return self.axis.currentIndex() == 1

    # --- where one looks

    def _go(self) -> None:
        moments = self.mirror.moments
        self._moment = moments[self.slider.value()] if moments else 0
        self._say_moment()
        self.curves.show_moment(self._moment)
        if moments:
            self.moment_chosen.emit(self._moment)

    def _go_near(self, images_seen: float) -> None:
        if self.mirror.moments:
            self.slider.setValue(max(bisect_right(self.mirror.moments, images_seen) - 1, 0))

    def _on_axis(self) -> None:
        self._draw_curves()
        self._say_moment()
        self.curves.show_moment(self._moment)

    def _draw_curves(self) -> None:
        measure = MEASURES[max(self.measure.currentIndex(), 0)]
        by_epochs = not self._by_images and self.mirror.has_same_images and self.mirror.runs
        scale = float(self.mirror.runs[0].run.data.image_count) if by_epochs else 1.0
        self.curves.show_curves(self.mirror.curves(measure), scale, is_log=measure.name == "frechet")
        self.curves.show_moment(self._moment)
