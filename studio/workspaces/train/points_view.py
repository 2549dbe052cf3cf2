"""The points in the middle of the window, where a run is about points and not about pictures.

It is told what to show and knows no run, no folder and no other panel.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.i18n import Noun, joined, mark, noun_spoken_of, number, speaking_of, tr
from studio.commands import Command, Commands, menu_of
from studio.help.help_button import HelpButton
from studio.model.scatter import LAYERS, Layer, Scatter
from studio.text.origin import next_training_told
from studio.text.scatter import TIPS, TITLES, columns_told, modes_told
from studio.theme import SPACING
from studio.widgets.base.clipboard import copy_picture
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.layouts.titled import Accent, ElidedHeading
from studio.widgets.pictures.image_view import picture_to_image
from studio.widgets.plots.scatter_view import ScatterView

POINTS = mark("Points")


class PointsView(View):
    """Real points before training, then those of the generator, epoch by epoch, and live at the newest one.

    ``hint`` is one sentence that says what to do with what is shown, or nothing. ``save_requested`` carries a
    ``PictureToSave``; ``commands_changed`` says that what makes no sense changed.
    """

    save_requested = Signal(PictureToSave)
    commands_changed = Signal()
    hint_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("points_view")
        self.hint = ""
        self.hidden_layers: frozenset[Layer] = frozenset()
        """What a person switched off."""
        self._epoch: int | None = None
        self._total_epochs, self._is_average, self._is_training, self._beside = 0, False, False, ""
        self._noun: Noun | None = None
        self._why_nothing: Callable[[], str] = str
        self.view = set_object_name(ScatterView(), "point_scatter")
        self.setFocusProxy(self.view)
        self._accent, self._heading = Accent(), set_object_name(ElidedHeading(), "points_heading")
        self._help = HelpButton("points", self)
        top = QHBoxLayout()
        top.setSpacing(0)
        for part, stretch in ((self._accent, 0), (self._heading, 1), (self._help, 0)):
            top.addWidget(part, stretch)
            if part is self._accent:
                top.addSpacing(SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        self.retranslate()
        self.apply_palette()

    def show_real(
        self, scatter: Scatter, *, is_training: bool = False, beside: str = "", noun: Noun | None = None
    ) -> None:
        """Show real points alone; ``is_training``: Train was pressed, and the generator's are on their way.

        ``beside`` is the run that all else is about, if there is one; ``noun`` is what these are called beside it.
        """
        self._epoch, self._is_training, self._beside = None, is_training, beside
        self._show(scatter, noun)

    def show_epoch(self, epoch: int, total_epochs: float, scatter: Scatter, *, is_average: bool = False) -> None:
        """Show the points of ``epoch``; epoch 0 is the time before the first step."""
        self._epoch, self._total_epochs, self._is_average = epoch, math.ceil(total_epochs), is_average
        self._show(scatter)

    def show_nothing(self, why: Callable[[], str]) -> None:
        """Show no points, but in their place ``why``, a sentence in the current language whenever that is asked for."""
        self._epoch, self._why_nothing = None, why
        self._show(None)

    def set_presentation(self, is_on: bool) -> None:
        """Show no “?” while something is presented, and leave its corner to the button that ends it."""
        self._help.setVisible(not is_on)
        button = self.view.legend.buttons["real"].sizeHint().height()
        self._heading.setMinimumHeight(button + SPACING if is_on else 0)

    def commands(self) -> list[Command]:
        """Return what can be done with the points; saving them as a picture is the samples' command."""
        copy = mark("Copy the points as a picture")
        return [
            *map(self._switch, LAYERS),
            Command("copy_points", POINTS, copy, self.copy, short=mark("Copy"), why_not=self.why_nothing),
        ]

    def bind(self, commands: Commands) -> None:
        """Let the switches of the legend be their commands of the table."""
        for layer, button in self.view.legend.buttons.items():
            commands.bind(button, _command(layer))

    def hide_layers(self, layers: frozenset[Layer]) -> None:
        """Show all layers but these."""
        self.hidden_layers = layers
        self.view.show_layers([layer for layer in LAYERS if layer not in layers])
        self.commands_changed.emit()

    def copy(self) -> None:
        """Put what is seen on the clipboard, as a picture."""
        picture = self.view.picture()
        if picture is not None:
            copy_picture(self, picture_to_image(picture))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the points."""
        save = Command(
            "save_points", POINTS, mark("Save the points as a picture…"), self.save, why_not=self.why_nothing
        )
        menu_of([*self.commands(), save], self).popup(event.globalPos())

    def minimumSizeHint(self) -> QSize:
        """As little as the plane needs, whatever its switches would like to say."""
        least = self.view.minimumSizeHint()
        return QSize(least.width() + 2 * SPACING, least.height() + self._heading.sizeHint().height() + 2 * SPACING)

    def retranslate(self) -> None:
        """Say everything in the current language."""
        if self.view.scatter is None:
            self.view.show_scatter(None, self._why_nothing())
        self._say_what_is_shown()

    def apply_palette(self) -> None:
        """Orange for the generator's points, gray for real ones."""
        self._accent.show_role("real" if self._epoch is None else "generator")

    # --- inside

    def _switch(self, layer: Layer) -> Command:
        return Command(
            _command(layer),
            POINTS,
            partial(self._of_these, TITLES[layer]),
            partial(self._toggle, layer),
            tip=partial(self._of_these, TIPS[layer]),
            why_not=partial(self._why_no, layer),
            is_on=lambda: layer not in self.hidden_layers,
        )

    def _toggle(self, layer: Layer) -> None:
        self.hide_layers(self.hidden_layers ^ {layer})

    def why_nothing(self) -> str:
        """Say why there is nothing to be saved, and nothing where there is something."""
        return "" if self.view.scatter is not None else tr("No {data:pictures} yet")

    def _why_no(self, layer: Layer) -> str:
        there = self.view.scatter.layers if self.view.scatter is not None else ()
        return "" if layer in there else tr("There is nothing of that yet.")

    def _speaking(self) -> AbstractContextManager[None]:
        """Let what is said be about what is seen here, which may be for the next training."""
        return speaking_of(self._noun or noun_spoken_of())

    def _of_these(self, source: str) -> str:
        with self._speaking():
            return tr(source)

    def _show(self, scatter: Scatter | None, noun: Noun | None = None) -> None:
        before = self.view.scatter.layers if self.view.scatter is not None else None, self._noun
        self._noun = noun
        with self._speaking():
            self.view.show_scatter(scatter, "" if scatter is not None else self._why_nothing())
        if before != (scatter.layers if scatter is not None else None, noun):
            self.commands_changed.emit()
        self._say_what_is_shown()
        self.apply_palette()

    def _say_what_is_shown(self) -> None:
        nothing = self.view.scatter is None
        with self._speaking():
            self._heading.setText("" if nothing else self._heading_text())
            hint = "" if nothing or self._epoch is not None else self._welcome()
        self._accent.setVisible(not nothing)
        if hint != self.hint:
            self.hint = hint
            self.hint_changed.emit(hint)

    def _heading_text(self) -> str:
        scatter = self.view.scatter
        assert scatter is not None
        if self._epoch is None:
            count = number(scatter.real_count or len(scatter.real))
            title = (
                tr("Real {data:pictures} for the next training")
                if self._beside
                else tr("Real {data:pictures} from the training data")
            )
            return joined(title, count, columns_told(scatter), between=" · ")
        epoch, total = number(self._epoch), number(self._total_epochs)
        return joined(
            tr("Epoch {epoch} of {total}", epoch=epoch, total=total),
            self._whose(),
            modes_told(scatter),
            columns_told(scatter),
            between=" · ",
        )

    def _whose(self) -> str:
        if self._epoch == 0:
            return tr("before the first step")
        return tr("averaged generator") if self._is_average else tr("generator")

    def _welcome(self) -> str:
        if self._is_training:
            return tr("The generator's first {data:pictures} come in a moment.")
        if self._beside:
            return next_training_told(self._beside)
        return tr("These are real {data:pictures}. Press Train and watch the generator learn to make its own.")

    def save(self) -> None:
        """Ask where what is seen shall be saved as a picture."""
        picture = self.view.picture()
        if picture is not None:
            epoch = None if self._epoch is None else f"{self._epoch:04d}"
            name = tr("real-points.png") if epoch is None else tr("points-{number}.png", number=epoch)
            ask_where_to_save(self, name, picture, self.save_requested.emit)


def _command(layer: Layer) -> str:
    return f"points_{layer}"


def _show_alone() -> None:
    """Show eight heaps, of which the generator found six, with a made-up opinion of D."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    random = np.random.default_rng(0)
    angles = 2 * np.pi * np.arange(8) / 8
    modes = np.stack([np.cos(angles), np.sin(angles)], 1)

    def around(count: int, some: int) -> np.ndarray:
        return (modes[random.integers(some, size=count)] + random.normal(0, 0.05, (count, 2))).astype(np.float32)

    lattice = np.stack(np.meshgrid(*[np.linspace(-1.4, 1.4, 40)] * 2), -1)
    near = np.exp(-8 * ((lattice[..., None, :] - modes) ** 2).sum(-1)).max(-1).astype(np.float32)
    real, made = around(600, 8), around(300, 6)
    edge = np.full(2, 1.4, np.float32)
    view = PointsView()
    commands = Commands(view)
    commands.add(*view.commands())
    view.bind(commands)
    view.show_epoch(3, 40, Scatter(("x", "y"), -edge, edge, real, made, near, -0.3 * made, (6, 8)))
    view.commands_changed.connect(commands.refresh)
    commands.refresh()
    view.resize(760, 420)
    view.show()
    app.exec()


if __name__ == "__main__":
    _show_alone()
