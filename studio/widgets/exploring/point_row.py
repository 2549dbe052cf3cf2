"""The points that a tool works with: A, B, C … as small pictures, with buttons that take the picture shown.

They are part of what Explore can undo. It knows no generator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from string import ascii_uppercase

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, tr
from engine.latent.typicality import describe, typicality
from studio.commands import Command
from studio.help.help_button import HelpButton
from studio.model.explored import Explored, LatentPoint
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.view import View
from studio.widgets.exploring.explore_tool import Wish
from studio.widgets.exploring.point_list import LARGE, PointList
from studio.widgets.pictures.image_view import PICTURES

MOST = 8


def nothing_picked() -> tuple[LatentPoint, ...]:
    """No points, where a tool begins without any."""
    return ()


class PointRow(View):
    """``least`` to ``most`` points, called ``name`` among those of other tools; ``defaults`` before a person chose.

    ``question`` explains the tool in which they stand.

    ``changed`` says that they are others; ``refused`` why something that was dropped is none.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self,
        explored: Explored,
        name: str,
        *,
        least: int = 0,
        most: int = MOST,
        defaults: Callable[[], Sequence[LatentPoint]] = nothing_picked,
        side: int = LARGE,
        question: HelpButton | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.explored, self.channel, self._name = explored, f"latent.points.{name}", name
        self._least, self._most, self._defaults = least, most, defaults
        self._title, self._placeholder, self._question = "", "", question
        self.title, self.list = QLabel(), PointList(explored, side=side)
        self.add_button, self.set_button, self.remove_button = CompactButton(), CompactButton(), CompactButton()
        self._arrange()
        self.list.chosen.connect(lambda index: explored.go(*self.points[index]))
        self.list.currentRowChanged.connect(lambda _: self._say())
        self.list.dropped.connect(self._on_dropped)
        self.list.shifted.connect(self._shift)
        self.list.removed.connect(lambda which: self.remove(which[0]))
        self.list.refused.connect(self.refused)
        self.list.commands_of = self._commands
        self.add_button.clicked.connect(lambda: self.add(explored.point))
        self.set_button.clicked.connect(lambda: self.put(self._selected, explored.point))
        self.remove_button.clicked.connect(lambda: self.remove(self._selected))
        explored.picked_changed.connect(self._show)
        self.retranslate()

    @property
    def points(self) -> tuple[LatentPoint, ...]:
        """The points, those before a person chose included."""
        return self.explored.picked(self._name) or tuple(self._defaults())

    def add(self, point: LatentPoint) -> None:
        """Let ``point`` be one more, or take the last one's place where there is no room for more."""
        self._pick([*self.points[: self._most - 1], point])

    def put(self, index: int, point: LatentPoint) -> None:
        """Let ``point`` be the one of that number."""
        points = list(self.points)
        points[index : index + 1] = [point]
        self._pick(points)

    def remove(self, index: int) -> None:
        """Do without the one of that number, if enough are left."""
        if 0 <= index < len(self.points) > self._least:
            self._pick([*self.points[:index], *self.points[index + 1 :]])

    def wish(self) -> Wish:
        """Return which pictures are wanted."""
        points = self.points
        z = np.stack([it.z for it in points]) if points else np.zeros((0, self.explored.z_dim), np.float32)
        return Wish(self.channel, z, self.explored.labels_of(points))

    def show_pictures(self, images: Pictures | None) -> None:
        """Show the pictures of all points."""
        self.list.set_pictures(images)

    def name_it(self, title: str, placeholder: str = "") -> None:
        """Say above the points what they are, and where there are none what to do; the current language's words."""
        self._title, self._placeholder = title, placeholder
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self.title.setText(self._title)
        self.list.setAccessibleName(self._title or tr("Points"))
        self.add_button.setText(tr("Add"))
        self.add_button.setToolTip(tr("Take the picture shown as one more point"))
        self.add_button.setAccessibleName(" ".join(filter(None, (tr("Add"), self._title))))
        self._show()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACING // 2)
        head.addWidget(self.title, 1)
        for button in (self.add_button, self.set_button, self.remove_button):
            head.addWidget(button)
        if self._question is not None:
            head.addWidget(self._question)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(head)
        layout.addWidget(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def _selected(self) -> int:
        return min(max(self.list.currentRow(), 0), max(len(self.points) - 1, 0))

    def _pick(self, points: Sequence[LatentPoint]) -> None:
        self.explored.pick(self._name, points)

    def _show(self) -> None:
        points, names = self.points, [tr(name) for name in self.explored.class_names]
        before = self.list.points
        tips = [
            ". ".join(filter(None, (names[it.label] if 0 <= it.label < len(names) else "", _told(it)))) for it in points
        ]
        self.list.set_points(points, list(ascii_uppercase[: len(points)]), tips, self._placeholder)
        self._say()
        if len(before) != len(points) or not all(map(LatentPoint.equals, before, points)):
            self.changed.emit()

    def _say(self) -> None:
        letter, count = ascii_uppercase[self._selected], len(self.points)
        for button, text, tip in (
            (
                self.set_button,
                tr("Set {letter}", letter=letter),
                tr("The picture shown becomes {letter}", letter=letter),
            ),
            (self.remove_button, tr("Without {letter}", letter=letter), tr("Do without {letter}", letter=letter)),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(" ".join(filter(None, (text, self._title))))
        self.set_button.setEnabled(count > 0)
        self.remove_button.setEnabled(count > self._least)
        for part in (self.add_button, self.remove_button):
            part.setVisible(self._least < self._most)

    def _on_dropped(self, index: int, point: LatentPoint) -> None:
        if index >= 0:
            self.put(index, point)
        elif self._least < self._most:
            self.add(point)
        else:
            self.put(self._selected, point)

    def _shift(self, start: int, end: int) -> None:
        points = list(self.points)
        points.insert(end, points.pop(start))
        self._pick(points)

    def _commands(self, index: int) -> list[Command]:
        if index < 0:
            return []
        points, last = self.points, len(self.points) - 1

        def command(name: str, title: str, do: Callable[[], object], *, can: bool = True) -> Command:
            return Command(name, PICTURES, title, do, why_not=lambda: "" if can else tr("That is not possible here."))

        return [
            command("go_to_point", mark("Go there"), lambda: self.explored.go(*points[index])),
            command("set_point", mark("Take the picture shown"), lambda: self.put(index, self.explored.point)),
            command("earlier_point", mark("Earlier"), partial(self._shift, index, index - 1), can=index > 0),
            command("later_point", mark("Later"), partial(self._shift, index, index + 1), can=index < last),
            command("remove_point", mark("Remove"), lambda: self.remove(index), can=last >= self._least),
        ]


def _told(point: LatentPoint) -> str:
    return describe(typicality(point.z)) if len(point.z) else ""
