"""The page of the workspace Style: where its parts stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import mark, tr
from engine.style.gallery import GALLERY
from studio.commands import Commands
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.time_slider import TimeSlider
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.scrolling import scroll_down
from studio.workspaces.style.commands import BUTTONS, SAVING
from studio.workspaces.style.curtain_view import CurtainView
from studio.workspaces.style.gram_panel import GramPanel
from studio.workspaces.style.knobs import StyleKnobs
from studio.workspaces.style.picture_chooser import CompactChooser, PictureChooser
from studio.workspaces.style.style_curves import StyleCurves

CONTENT, STYLE, SECOND = "content", "style", "second"
_RIGHT = 42 * SPACING
_NARROW = 112 * SPACING  # too little for three columns
_LEAST_PICTURE = 36 * SPACING  # with the air around it, where large text takes the room
_FINE = 200  # steps of the curtain


class StylePage(View):
    """Left what one chooses, in the middle the picture, at the right how it comes about.

    ``step_chosen`` carries the place among the pictures that are kept.
    """

    step_chosen = Signal(int)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("style_page")
        pictures = {
            kind: [(it.name, it.title) for it in GALLERY.values() if it.kind == kind] for kind in (CONTENT, STYLE)
        }
        self.choosers: dict[str, PictureChooser] = {
            CONTENT: PictureChooser(CONTENT, mark("Content"), [*pictures[CONTENT], *pictures[STYLE]]),
            STYLE: PictureChooser(STYLE, mark("Style"), [*pictures[STYLE], *pictures[CONTENT]]),
            SECOND: CompactChooser(SECOND, mark("Second style"), pictures[STYLE], may_be_none=True),
        }
        self.knobs, self.view, self.curves, self.grams = StyleKnobs(), CurtainView(), StyleCurves(), GramPanel()
        self.words = FittingLabel()
        self.curtain_label, self.curtain = QLabel(), QSlider(Qt.Orientation.Horizontal)
        self.step_label, self.steps = QLabel(), TimeSlider(self)
        self._curves_title = QLabel()
        self._buttons = {name: set_object_name(CompactButton(), f"{name}_button") for name in (*BUTTONS, *SAVING)}
        for name, button in self._buttons.items():
            commands.bind(button, name)
        self._arrange()
        self._connect()
        self.show_steps(0, 0)
        self.retranslate()

    def show_steps(self, count: int, place: int) -> None:
        """Let the slider lead through ``count`` pictures, and stand at ``place``."""
        with QSignalBlocker(self.steps):
            self.steps.setRange(0, max(count - 1, 0))
            self.steps.setValue(place)
        self.steps.setEnabled(count > 1)

    def say(self, *parts: str) -> None:
        """Say how far it is."""
        self.words.show_parts(parts)

    def retranslate(self) -> None:
        """Set every text."""
        self.curtain_label.setText(tr("Before"))
        self.curtain.setAccessibleName(tr("Curtain between before and after"))
        self.curtain.setToolTip(tr("Slide the picture of before over the painted one"))
        self.step_label.setText(tr("Step"))
        self.steps.setAccessibleName(tr("Step that is shown"))
        self.steps.setToolTip(tr("Look back at how the picture came about"))
        self._curves_title.setText(tr("Losses"))
        self._beside.setAccessibleName(tr("Losses"))

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        self._row, self._choices, self._side = QHBoxLayout(self), QVBoxLayout(), self._right_part()
        self._beside = set_object_name(QWidget(), "style_beside")
        self._scroll = scroll_down(self._beside, self._side)
        self._beside.setMaximumWidth(_RIGHT)
        self._is_narrow = False
        self._row.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        self._row.setSpacing(SPACING)
        self._left, self._picture = self._left_part(), self._middle_part()
        self._left_side = set_object_name(QWidget(), "style_options_area")
        scroll_down(self._left_side, self._left)
        self._left_side.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._left_side)
        self._row.addWidget(self._picture, 2)
        self._row.addWidget(self._beside, 1)

    def regions(self) -> list[QWidget]:
        """Return what F6 walks through: the choices, the picture, and beside it how it comes about."""
        return [self._left_side, self._picture, *(() if self._is_narrow else (self._beside,))]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the picture needs it: what tells of it goes below the choices."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Large letters need more room than small ones, as parts say once they have them."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return done

    def _make_room(self) -> None:
        sides = self._left.sizeHint().width() + self._side.minimumSizeHint().width()
        is_narrow = self.width() < max(_NARROW, sides + _LEAST_PICTURE)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._beside.setHidden(is_narrow)
            if is_narrow:
                self._choices.insertWidget(self._choices.count() - 1, self._scroll.takeWidget())
            else:
                self._scroll.setWidget(self._side)

    def _left_part(self) -> QWidget:
        inner, column = set_object_name(QWidget(), "style_choices"), self._choices
        inner.setLayout(column)
        column.setContentsMargins(SPACING // 2, SPACING // 2, SPACING, SPACING // 2)  # room for the ring of the focus
        column.setSpacing(SPACING)
        work = QHBoxLayout()
        work.setSpacing(SPACING // 2)
        for name in BUTTONS:
            work.addWidget(self._buttons[name], 1)
        work.addWidget(HelpButton("style", self))
        both = QHBoxLayout()
        both.setSpacing(SPACING)
        both.addWidget(self.choosers[CONTENT], 1)
        both.addWidget(self.choosers[STYLE], 1)
        saving = QHBoxLayout()
        saving.setSpacing(SPACING // 2)
        for name in SAVING:
            saving.addWidget(self._buttons[name], 1)
        column.addLayout(work)
        column.addLayout(saving)
        column.addLayout(both)
        column.addWidget(self.choosers[SECOND])
        column.addWidget(self.knobs)
        column.addStretch(1)  # or the pictures would float apart in a tall window
        return inner

    def _middle_part(self) -> QWidget:
        sliders = QGridLayout()
        sliders.setSpacing(SPACING)
        sliders.addWidget(self.curtain_label, 0, 0)
        sliders.addWidget(self.curtain, 0, 1)
        sliders.addWidget(self.step_label, 1, 0)
        sliders.addWidget(self.steps, 1, 1)
        middle = set_object_name(QWidget(), "style_middle")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.view, 1)
        column.addWidget(self.words)
        column.addLayout(sliders)
        return middle

    def _right_part(self) -> QWidget:
        side = set_object_name(QWidget(), "style_side")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, SPACING // 2, 0)
        column.setSpacing(SPACING)
        head = QHBoxLayout()
        head.addWidget(self._curves_title, 1)
        head.addWidget(HelpButton("style_losses", self.curves))
        column.addLayout(head)
        column.addWidget(self.curves, 1)
        column.addWidget(self.grams)
        self.curves.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        return side

    def _connect(self) -> None:
        self.curtain.setRange(0, _FINE)
        self.curtain.valueChanged.connect(lambda value: self.view.set_curtain(value / _FINE))
        self.view.curtain_moved.connect(self._on_curtain)
        self.steps.valueChanged.connect(self.step_chosen)

    def _on_curtain(self, share: float) -> None:
        with QSignalBlocker(self.curtain):
            self.curtain.setValue(round(_FINE * share))
