"""The points that a person kept, at the bottom of Explore: small pictures with names. Knows no run and no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, number, tr
from engine.latent.typicality import describe, typicality
from engine.runs import Favorite
from engine.text import LONGEST_NAME, plain
from studio.commands import Command
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.model.points import point_of
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.base.object_names import set_object_name
from studio.widgets.exploring.explore_tool import Use
from studio.widgets.exploring.point_list import LARGE, SMALL, PointList
from studio.widgets.pictures.image_view import PICTURES

BUTTONS = ("keep_point", "copy_z", "paste_z")
_WHOLE = (2, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1), (2, 2, 1, 1)
_FOLDED = (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1), (2, 3, 1, 1)
"""Row, column and span of each button, and of the “?”: the first stays under the pointer when the strip grows."""


class KeptStrip(LookedAt):
    """Shows what ``explored`` keeps and changes it; ``uses`` are what a kept point can be taken as.

    ``refused`` carries why something that was dropped here is no point, ``removed`` how many were removed.
    """

    refused = Signal(str)
    removed = Signal(int)
    kept_by_drop = Signal(LatentPoint)
    """What was dropped here to be kept."""

    def __init__(
        self, explored: Explored, uses: Callable[[], Sequence[Use]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("kept_strip")
        self._explored, self._uses = explored, uses
        self.list = PointList(explored, side=SMALL, can_rename=True, folds=True)
        self.buttons = {name: set_object_name(CompactButton(), f"{name}_button") for name in BUTTONS}
        self._side, self._help = QGridLayout(), HelpButton("kept", self)
        self._side.setSpacing(SPACING // 2)
        self._side.setRowStretch(0, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, SPACING // 2, SPACING, 0)
        row.setSpacing(SPACING)
        row.addLayout(self._side)
        row.addWidget(self.list, 1)
        self.list.chosen.connect(self._go)
        self.list.renamed.connect(self._rename)
        self.list.removed.connect(self.remove)
        self.list.shifted.connect(self._shift)
        self.list.dropped.connect(lambda _, point: self.kept_by_drop.emit(point))
        self.list.refused.connect(self.refused)
        self.list.commands_of = self._commands
        explored.kept_changed.connect(self._show)
        self.retranslate()
        self.apply_palette()

    def show_pictures(self, images: Pictures | None) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` of all that is kept."""
        self.list.set_pictures(images)

    def be_small(self, is_small: bool) -> None:
        """Take less of the height where there is little."""
        self.list.set_side(SMALL if is_small else LARGE)

    def remove(self, which: Sequence[int]) -> None:
        """Keep those of these numbers no longer, which can be undone."""
        gone = set(which)
        left = [it for index, it in enumerate(self._explored.kept) if index not in gone]
        if len(left) < len(self._explored.kept):
            count = len(self._explored.kept) - len(left)
            self._explored.keep(left)
            self.removed.emit(count)

    def retranslate(self) -> None:
        """Set every text."""
        self.list.setAccessibleName(tr("Kept points"))
        self._show()

    def _show(self) -> None:
        kept, points = self._explored.kept, [point_of(it) for it in self._explored.kept]
        self._place_buttons(_FOLDED if not kept else _WHOLE)
        tips = [
            "\n".join(filter(None, (it.name, self._of_epoch(it), describe(typicality(it.z)) if len(it.z) else "")))
            for it in kept
        ]
        empty = tr("Points that you keep lie here: click to go there, drag them into a tool, F2 renames.")
        self.list.set_points(points, [it.name for it in kept], tips, empty)
        self.list.setToolTip("" if kept else empty)

    def _place_buttons(self, places: tuple[tuple[int, int, int, int], ...]) -> None:
        """A strip without points is one line."""
        for part, place in zip((*self.buttons.values(), self._help), places, strict=True):
            self._side.addWidget(part, *place)

    def _of_epoch(self, kept: Favorite) -> str:
        return tr("Kept at epoch {epoch}", epoch=number(kept.epoch)) if kept.epoch > 0 else ""

    def _go(self, index: int) -> None:
        if 0 <= index < len(self._explored.kept):
            self._explored.go(*point_of(self._explored.kept[index]))

    def _edit(self, index: int) -> None:
        self.list.editItem(self.list.item(index))

    def _rename(self, index: int, text: str) -> None:
        kept = list(self._explored.kept)
        name = plain(text.strip(), LONGEST_NAME)
        if name and name != kept[index].name:
            kept[index] = replace(kept[index], name=name)
            self._explored.keep(kept)
        else:
            self._show()  # without a name it keeps the one it had

    def _shift(self, start: int, end: int) -> None:
        kept = list(self._explored.kept)
        if 0 <= start < len(kept):
            kept.insert(end, kept.pop(start))
            self._explored.keep(kept)

    def _commands(self, index: int) -> list[Command]:
        if index < 0:
            return []
        point = point_of(self._explored.kept[index])
        chosen = self.list.selected() if index in self.list.selected() else [index]
        uses = [Command(use.name, PICTURES, use.title, partial(use.take, point)) for use in self._uses()]
        return [
            Command("go_to_kept", PICTURES, mark("Go there"), lambda: self._go(index)),
            *uses,
            Command(
                "rename_kept", PICTURES, mark("Rename"), lambda: self.list.editItem(self.list.item(index)), ("F2",)
            ),
            Command("remove_kept", PICTURES, mark("Remove"), lambda: self.remove(chosen), ("Del",)),
        ]
