"""What the numbers of z do: one picture to turn and twist, the way between two pictures, and the textbook's sweep.

It asks for pictures by a signal and is told of them by a slot; it knows neither torch nor who paints them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import mark, tr
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.once_painted import once_painted
from studio.text.origin import generator_words
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.dimensions_tool import DimensionsTool
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.exploring.explore_tool import ExploreTool, Use, Wish
from studio.widgets.exploring.path_panel import PathPanel
from studio.widgets.exploring.respite import Respite
from studio.widgets.exploring.sweep_panel import SWEEP, SweepPanel
from studio.widgets.exploring.tool_pages import ToolPages
from studio.widgets.exploring.typicality_gauge import TypicalityGauge
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.picture_table import PictureTable

PICTURE = "latent.picture"
_MAX_SEED = 999_999
_SMALLEST_PICTURE = 10 * SPACING
_PICTURE_SHARE, _TOOLS_SHARE = 4, 5  # of the width
_MOST_SHARE = 0.4  # where it stands alone
_LARGE = 30 * SPACING  # where the picture would be smaller, what stands above and below it goes beside it
_NARROWEST = 20 * SPACING  # the controls above it
_TOLD_SHARE = 0.05  # of a class in a blend


class LatentExplorer(ExplorePage):
    """Turns the point ``explored``; usable while training."""

    title = mark("Latent space")
    tip = mark("Turn the numbers of z, go from picture to picture")
    topic = "explorer"

    def __init__(self, explored: Explored | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent_explorer")
        self.explored = explored or Explored()
        self._origin: SnapshotRef | None = None
        self._asked_class = self._shown_class = self.explored.point[1:]
        self._set_for: tuple[int, tuple[str, ...]] | None = None
        self._has_missed = True  # what would have been asked for while nobody looked
        self._respite = Respite(self)
        self._respite.due.connect(self._follow)
        self._make_controls()
        self._arrange()
        self._connect()
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Explore a generator with ``z_dim`` numbers and these classes; ``z_dim`` 0 means that there is none."""
        self.explored.begin(z_dim, class_names)
        self._say_origin(None)
        self._clear_pictures()
        if not z_dim or (z_dim, class_names) == self._set_for:
            return
        self._set_for = (z_dim, class_names)
        self._fill_class_box()
        for tool in self.tools():
            tool.begin()
        self.pages.settle()  # they may offer less, or more, than for the generator before
        self._on_moved()

    def add_tool(self, tool: QWidget, title: str = "", tip: str = "", *, before: QWidget | None = None) -> None:
        """Let ``tool`` be one more way to turn the point, the last, or ``before`` another one.

        ``title`` and ``tip`` are source texts, if not its own.
        """
        if isinstance(tool, ExploreTool):
            title, tip = tool.title, tool.tip
            tool.wishes_changed.connect(partial(self._on_wishes_changed, tool))
            tool.begin()
        self.pages.add(tool, title, tip, scrolls=tool is not self.dimensions, before=before)

    def tools(self) -> list[ExploreTool]:
        """Return the tools that ask for pictures by what they wish."""
        every = (self.pages.widget(index) for index in range(self.pages.count()))
        return [tool for tool in every if isinstance(tool, ExploreTool)]

    def uses(self) -> list[Use]:
        """Return what a kept point can be taken as; the tool that takes it comes to the front."""

        def taken(tool: ExploreTool, use: Use, point: LatentPoint) -> None:
            self.pages.setCurrentWidget(tool)
            use.take(point)

        return [use._replace(take=partial(taken, tool, use)) for tool in self.tools() for use in tool.uses()]

    def show_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` if they were made for this view."""
        if channel == PICTURE:
            self.picture.set_images(images)
        for tool in self.tools():
            tool.show_pictures(channel, images)

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, paints: ask again for what is shown."""
        self._say_origin(origin)
        for tool in self.tools():
            tool.can_blend = self.can_blend
        self._ask_for_picture()
        self._respite.take(origin)

    # ---------------------------------------------------------------- texts and colors

    def retranslate(self) -> None:
        """Set every text."""
        self._say_origin(self._origin)
        self._class_label.setText(tr("Class"))
        self.class_box.setAccessibleName(tr("Class of the picture"))
        self.class_box.setToolTip(tr("What the generator is asked to draw"))
        self._seed_label.setText(tr("Seed"))
        self.seed_box.setAccessibleName(tr("Seed of z"))
        self.seed_box.setToolTip(tr("The same seed gives the same random z again"))
        self.random_button.setText(tr("New random z"))
        self.random_button.setToolTip(tr("Draw other random numbers for z"))
        self.reset_button.setText(tr("Reset z"))
        self.reset_button.setToolTip(tr("Back to the z that the seed gave"))
        self.picture.setAccessibleName(tr("Picture of the current z"))
        self.picture.placeholder = tr("No picture yet")
        for button in (self.random_button, self.reset_button):
            button.setAccessibleName(button.text())
        self._fill_class_box()

    def apply_palette(self) -> None:
        """The large picture wears the generator's color."""
        self.picture.set_frame(theme.color("generator"))

    # ---------------------------------------------------------------- building

    def _make_controls(self) -> None:
        self.picture = PictureTable()
        self.picture.setAutoFillBackground(True)  # or Qt would paint all that it stands in as well
        self._class_label, self._seed_label = QLabel(), QLabel()
        self.class_box, self.seed_box = ElidingComboBox(), NumberBox(0, _MAX_SEED, whole=True)
        self.seed_box.setSingleStep(1)  # a seed is a name, no amount
        self.class_box.setMinimumContentsLength(3)
        self.class_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._class_label.setBuddy(self.class_box)
        self._seed_label.setBuddy(self.seed_box)
        self.random_button, self.reset_button = CompactButton(), CompactButton()
        self.gauge, self.dimensions = TypicalityGauge(), DimensionsTool(self.explored)
        self.sliders = self.dimensions.sliders
        self.path_panel, self.sweep_panel = PathPanel(self.explored), SweepPanel(self.explored)

    def _arrange(self) -> None:
        self._controls = WrappingLayout(spacing=SPACING)
        self._class_part = _pair(self._class_label, self.class_box)
        seed = _pair(self._seed_label, self.seed_box)
        last = _pair(self.reset_button, HelpButton(self.topic, self))
        for part in (self._class_part, seed, self.random_button, last):
            self._controls.addWidget(part)
        self._turning = QWidget()
        self._turning.setLayout(self._controls)
        self._large, self._beside = QVBoxLayout(), QVBoxLayout()
        for column in (self._large, self._beside):
            column.setSpacing(SPACING)
        self._large.addWidget(self.picture)
        self._large.addStretch()
        self.pages = ToolPages()
        self._beside.addWidget(self.pages, 1)
        self.pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        # First what tells something at a glance, last the single numbers of z, of which no one means anything.
        self.add_tool(self.path_panel)
        self.add_tool(self.sweep_panel)
        self.add_tool(self.dimensions)
        content, room = QWidget(), QWidget()
        self._row = QHBoxLayout(content)
        self._row.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        self._row.setSpacing(2 * SPACING)
        self._row.addLayout(self._large, _PICTURE_SHARE)
        self._row.addLayout(self._beside, _TOOLS_SHARE)
        scroll_down(room, content)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(room)
        self._is_low: bool | None = None
        self._place(is_low=False)

    def _place(self, *, is_low: bool) -> None:
        """Where there is little height, the picture has all of it, and the rest stands beside it."""
        if is_low == self._is_low:
            return
        self._is_low = is_low
        parts = self._turning, self.seed_box.note
        for at, part in enumerate((*parts, self.gauge) if is_low else parts):
            (self._beside if is_low else self._large).insertWidget(at, part)
        if not is_low:
            self._large.insertWidget(self._large.count() - 1, self.gauge)

    def _connect(self) -> None:
        self.explored.moved.connect(self._on_moved)
        self.sweep_panel.save_requested.connect(self.save_requested)
        self.class_box.currentIndexChanged.connect(lambda index: self.explored.go(label=index))
        self.seed_box.valueChanged.connect(lambda seed: self.explored.go_to_seed(int(seed)))
        self.random_button.clicked.connect(lambda: self.seed_box.setValue(secrets.randbelow(_MAX_SEED + 1)))
        self.reset_button.clicked.connect(lambda: self.explored.go(self._seed_z()))
        self.dimensions.reset_requested.connect(
            lambda dimension: self.explored.set_number(dimension, float(self._seed_z()[dimension]))
        )
        self.path_panel.save_requested.connect(self.save_requested)
        self.pages.currentChanged.connect(self._limit_tools)
        self.pages.currentChanged.connect(self._ask_for_page)
        self.pages.resized.connect(self._limit_tools)

    def _fill_class_box(self) -> None:
        names = [tr(name) for name in self.explored.class_names]
        with QSignalBlocker(self.class_box):
            self.class_box.clear()
            self.class_box.addItems(names)
        self._show_class()
        self._class_part.setVisible(bool(names))

    def _show_class(self) -> None:
        """Show the class of the point, or of which it is blended, the strongest first: then none of the list is it."""
        _, label, shares = self.explored.point
        self._shown_class = label, shares
        parts = [index for index in np.argsort(shares)[::-1] if shares[index] >= _TOLD_SHARE]
        with QSignalBlocker(self.class_box):
            self.class_box.setPlaceholderText(" + ".join(tr(self.explored.class_names[index]) for index in parts))
            self.class_box.setCurrentIndex(-1 if len(parts) > 1 else label)

    # ---------------------------------------------------------------- z and pictures

    def _seed_z(self) -> NDArray[np.float32]:
        return self.explored.z_of(self.explored.seed)

    def _on_moved(self) -> None:
        z, label, shares = self.explored.point
        if self._set_for != (self.explored.z_dim, self.explored.class_names):
            return  # this page is told of the other generator in a moment
        if (label, shares) != self._shown_class:
            self._show_class()
        with QSignalBlocker(self.seed_box):
            self.seed_box.setValue(self.explored.seed)  # another one where a step was taken back
        self.reset_button.setEnabled(not np.array_equal(z, self._seed_z()))
        self.gauge.set_z(z)
        self._ask_for_picture()
        if (label, shares) != self._asked_class:
            self._ask_for_page()

    def _ask_for_picture(self) -> None:
        point = self.explored.point
        self._ask([Wish(PICTURE, point.z[None], self.explored.labels_of([point]))])

    def _ask_for_page(self) -> None:
        """Ask for the many pictures of the tool in front, and of what is looked at in a window of its own."""
        self._asked_class = self.explored.point[1:]
        tool = self.pages.currentWidget()
        if isinstance(tool, ExploreTool):
            self._ask(tool.wishes())
        if tool is not self.sweep_panel and self.sweep_panel.is_enlarged:
            self._ask(self.sweep_panel.wishes())

    def _follow(self) -> None:
        tool = self.pages.currentWidget()
        if not (isinstance(tool, ExploreTool) and tool.asks_soon):
            self._ask_for_page()

    def _on_wishes_changed(self, tool: ExploreTool) -> None:
        if tool is self.pages.currentWidget():
            self._ask(tool.wishes())

    def _ask(self, wishes: Sequence[Wish]) -> None:
        """Ask for pictures that anybody can see."""
        for wish in wishes:
            is_seen = self.isVisible() or (wish.channel == SWEEP and self.sweep_panel.is_enlarged)
            self._has_missed |= not is_seen
            if self.explored.z_dim and len(wish.z) and is_seen:
                self.pictures_requested.emit(*wish)

    def _say_origin(self, origin: SnapshotRef | None) -> None:
        self._origin = origin
        text = "" if origin is None else generator_words(origin)
        self.sweep_panel.say_origin(text)

    def _clear_pictures(self) -> None:
        self.picture.set_images(None)
        for tool in self.tools():
            tool.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height is another height for the pictures."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """Let the pictures have all the height that the controls leave, and no more."""
        room = self.height() - 2 * SPACING
        both = self.width() - 4 * SPACING
        share = both * _PICTURE_SHARE // (_PICTURE_SHARE + _TOOLS_SHARE)
        across = min(share, both - self.pages.minimumSizeHint().width())
        controls = self._controls.heightForWidth(max(across, _NARROWEST))
        gauge = self.gauge.sizeHint().height() + SPACING
        below_each_other = max(_SMALLEST_PICTURE, room - controls - gauge - SPACING)
        alone = min(self.height() - 2 * SPACING, int(_MOST_SHARE * both))
        self._place(is_low=below_each_other < min(_LARGE, alone))
        self.picture.setMaximumHeight(alone if self._is_low else below_each_other)
        self.picture.setMinimumWidth(alone if self._is_low else 0)
        self._row.setStretch(0, 0 if self._is_low else _PICTURE_SHARE)
        self._limit_tools()

    def _limit_tools(self) -> None:
        """Let the tool in front be no taller than its place is; the others are, when they come to the front."""
        tool = self.pages.currentWidget()
        if isinstance(tool, ExploreTool):
            tool.limit_height(self.pages.room_height)

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for while nobody looked is asked for once it is seen.

        Who paints for the first time would take Python's lock from this thread again and again until then.
        """
        super().showEvent(event)
        self.pages.settle()
        if self._has_missed:
            self._has_missed = False
            once_painted(self, self._ask_for_picture)
            once_painted(self, self._ask_for_page)


def _pair(first: QWidget, second: QWidget) -> QWidget:
    pair = QWidget()
    line = QHBoxLayout(pair)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SPACING)
    line.addWidget(first)
    line.addWidget(second, 1)
    return pair


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from studio.widgets.pictures.made_up_digits import pictures

    app = QApplication([])
    view = LatentExplorer()
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(64, tuple("0123456789"))
    view.resize(340, 560)
    view.show()
    app.exec()
