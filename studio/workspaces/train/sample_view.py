"""The pictures in the middle of the window: real ones before training, then the generator's, epoch by epoch.

It is told what to show and knows no run, no folder and no other panel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import Noun, joined, mark, noun_spoken_of, number, speaking_of, tr
from studio import theme
from studio.commands import Command, Commands, menu_of
from studio.help.help_button import HelpButton
from studio.model.sample import Sample
from studio.text.origin import next_training_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.save_picture import PictureToSave, ask_where_to_save
from studio.widgets.layouts.titled import Accent, ElidedHeading
from studio.widgets.pictures.image_view import PICTURES
from studio.widgets.pictures.sample_grid_view import SampleGridView

SAVE = "save_samples"
"""The id of the command that saves what is seen."""
_BUTTON = "_button"
_KEPT_BUTTONS = 1  # that stay however narrow the view is: the verdicts


class SampleView(View):
    """The sample grid, large, with a heading that says what it shows, and tools to zoom, copy and save it.

    ``sample_shown`` carries the selected ``Sample`` whenever another one, or another epoch of it, is shown, and None
    when there is none any more; ``sample_chosen`` says that the person just selected it. ``hint`` is one sentence that
    says what to do with what is shown, or nothing. ``save_requested`` carries a ``PictureToSave``; ``commands_changed``
    says that what makes no sense changed. The buttons are told their commands by ``bind``.
    """

    save_requested = Signal(PictureToSave)
    commands_changed = Signal()
    hint_changed = Signal(str)
    sample_shown = Signal(Sample)
    sample_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epoch: int | None = None
        self._class_counts: tuple[int, ...] = ()
        self._class_names: tuple[str, ...] = ()
        self._verdicts: Sequence[float] = ()
        self._total_epochs = 0
        self._is_average = False
        self._are_digits = True
        self._is_training = self._is_presented = False
        self._beside = ""
        self._noun: Noun | None = None
        self._why_nothing: Callable[[], str] = lambda: tr("No {data:pictures} yet")
        self.grid = SampleGridView()
        self.grid.setObjectName("sample_grid")
        self.grid.tile_chosen.connect(self._on_tile_chosen)
        self.setFocusProxy(self.grid)
        self._accent = Accent()
        self._heading = set_object_name(ElidedHeading(), "sample_heading")
        self.hint = ""
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # ours has more
        self._buttons = [_tool_button(command.id) for command in self.commands()]
        self._help = HelpButton("samples", self)
        self._lay_out()
        self._buttons[0].hide()  # until there are verdicts
        self.retranslate()
        self.apply_palette()

    def show_real(
        self,
        grid: Picture,
        class_names: tuple[str, ...],
        size: int,
        *,
        class_counts: tuple[int, ...] = (),
        is_training: bool = False,
        beside: str = "",
        noun: Noun | None = None,
    ) -> None:
        """Show real pictures, uint8 [H, W] or [H, W, 3] in tiles of ``size`` pixels, one column for each class.

        ``class_counts`` tells how many of each class there are; ``is_training`` says that Train was pressed and the
        generator's first pictures are on their way; ``beside`` is the run that all else is about, if there is one;
        ``noun`` is what these are called beside it.
        """
        self._class_counts, self._class_names, self._beside, self._noun = class_counts, class_names, beside, noun
        self._epoch, self._is_training = None, is_training
        self._are_digits = bool(class_names) and all(name.isdecimal() for name in class_names)
        self._show(grid, class_names, size)

    def show_epoch(
        self,
        epoch: int,
        total_epochs: float,
        grid: Picture,
        class_names: tuple[str, ...],
        size: int,
        verdicts: Sequence[float] = (),
        *,
        is_average: bool = False,
    ) -> None:
        """Show what the generator made at the end of ``epoch``; the rest is as in ``show_real``.

        ``is_average``: its weights are an average over the training. Epoch 0 is the time before the first step.
        ``verdicts``: D's probability (0 to 1) that each tile is real, row by row; of older runs there are none.
        """
        self._epoch, self._total_epochs, self._is_average = epoch, math.ceil(total_epochs), is_average
        self._noun = None
        self._show(grid, class_names, size, verdicts)

    def show_nothing(self, why: Callable[[], str]) -> None:
        """Show no picture, but in its place ``why``, a sentence in the current language whenever that is asked for."""
        self._epoch, self._why_nothing, self._noun = None, why, None
        self.grid.placeholder = why()
        self._show(None, (), 1)

    def set_presentation(self, is_on: bool) -> None:
        """Show no tools beside the heading, until this is taken back; the pictures' menu has them all."""
        self._is_presented = is_on
        self._help.setVisible(not is_on)
        self._make_room()

    def select_nothing(self) -> None:
        """Look at no sample any more."""
        if self.grid.selected is not None:
            self.grid.select(None)
            self.sample_shown.emit(None)

    def commands(self) -> list[Command]:
        """Return what can be done with the samples."""

        def why_not() -> str:
            return "" if self.grid.picture is not None else tr("There is no picture yet.")

        def why_no_verdicts() -> str:
            return "" if len(self._verdicts) else tr("D has said nothing of these {data:pictures}.")

        tip = mark("A bar under each picture: how probably real D takes it to be")
        verdicts = Command(
            *("verdicts", PICTURES, mark("D's verdicts"), self._switch_verdicts, (), tip, "", mark("Verdicts")),
            why_not=why_no_verdicts,
            is_on=lambda: self.grid.shows_verdicts,
        )
        title, short = mark("Save s&amples…"), mark("Save…")
        tip = mark("Save the samples as a picture")
        save = Command(SAVE, PICTURES, title, self._save, ("Ctrl+S",), tip, "", short, why_not)
        return [verdicts, *self.grid.commands(), save]

    def bind(self, commands: Commands) -> None:
        """Let each button be its command of the table."""
        for button in self._buttons:
            commands.bind(button, button.objectName().removesuffix(_BUTTON))
        self._make_room()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the samples."""
        menu_of(self.commands(), self).popup(event.globalPos())

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self.grid.retranslate()
        self.grid.setAccessibleName(tr("Sample grid"))
        self.grid.placeholder = self._why_nothing()
        self._say_what_is_shown()

    def apply_palette(self) -> None:
        """Orange for the generator's pictures, gray for real ones."""
        role: theme.Role = "real" if self._epoch is None else "generator"
        self._accent.show_role(role)
        self.grid.set_frame(theme.color(role))

    def _show(
        self, grid: Picture | None, class_names: tuple[str, ...], size: int, verdicts: Sequence[float] = ()
    ) -> None:
        selected, before = self.grid.selected, (self.grid.picture is None, not len(self._verdicts))
        self.grid.set_grid(grid, class_names, size)
        self._verdicts = verdicts
        self.grid.set_verdicts(verdicts)
        if before != (self.grid.picture is None, not len(verdicts)):
            self.commands_changed.emit()
        self.grid.is_selectable = self._epoch is not None
        self.grid.select(selected if self._epoch is not None else None)
        self._say_what_is_shown()
        self.apply_palette()
        if selected is not None:
            self.sample_shown.emit(self._sample())

    def _on_tile_chosen(self, tile: int | None) -> None:
        self._say_what_is_shown()
        self.sample_shown.emit(self._sample())
        if tile is not None:
            self.sample_chosen.emit()

    def _sample(self) -> Sample | None:
        tile = self.grid.selected
        if tile is None or self._epoch is None:
            return None
        verdict = float(self._verdicts[tile]) if tile < len(self._verdicts) else None
        return Sample(self._epoch, tile, self.grid.tile_picture(tile), self.grid.class_of(tile), verdict)

    def _say_what_is_shown(self) -> None:
        nothing = self.grid.picture is None
        with speaking_of(self._noun or noun_spoken_of()):
            heading = "" if nothing else self._heading_text()
            hint = "" if nothing or self._epoch is not None else self._welcome_text()
        self._heading.setText(heading)
        self._make_room()
        self._heading.setToolTip(self._counts_text() if self._epoch is None else "")
        self._accent.setVisible(not nothing)
        self._say_hint(hint)
        tile = self.grid.selected
        selected = (
            "" if tile is None else ", ".join([tr("Sample {number}", number=tile + 1), *self.grid.words_of(tile)])
        )
        self.grid.setAccessibleDescription(". ".join(filter(None, (heading, self.hint, selected))))

    def _make_room(self) -> None:
        """Leave out the last buttons where they would hide the heading; the pictures' menu has them all.

        Those that go are hidden first: all together, even for a moment, would make the whole window wider.
        """
        room = self.width() - 4 * SPACING - self._heading.sizeHint().width() - self._help.sizeHint().width()
        shown = []
        for button in self._buttons if len(self._verdicts) else self._buttons[1:]:
            room -= button.sizeHint().width()
            if not self._is_presented and (room >= 0 or button in self._buttons[:_KEPT_BUTTONS]):
                shown.append(button)
        for button in sorted(self._buttons, key=shown.__contains__):
            button.setVisible(button in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow view has fewer buttons."""
        super().resizeEvent(event)
        self._make_room()

    def _say_hint(self, text: str) -> None:
        if text != self.hint:
            self.hint = text
            self.hint_changed.emit(text)

    def _heading_text(self) -> str:
        if self._epoch is not None:
            epoch, total = number(self._epoch), number(self._total_epochs)
            return f"{tr('Epoch {epoch} of {total}', epoch=epoch, total=total)} · {self._whose()}"
        if self._are_digits:
            ours, next_one = tr("Real digits from the training data"), tr("Real digits for the next training")
        else:
            ours = tr("Real {data:pictures} from the training data")
            next_one = tr("Real {data:pictures} for the next training")
        count = number(sum(self._class_counts)) if self._class_counts else ""
        return joined(next_one if self._beside else ours, count, between=" · ")

    def _whose(self) -> str:
        if self._epoch == 0:
            return tr("before the first step")
        return tr("averaged generator") if self._is_average else tr("generator")

    def _counts_text(self) -> str:
        """Return how many real images there are of each class, one to a line."""
        counted = zip(self._class_names, self._class_counts, strict=False)
        return "\n".join(f"{tr(name)}: {number(count)}" for name, count in counted)

    def _welcome_text(self) -> str:
        if self._is_training:
            return tr("The generator's first {data:pictures} come in a moment.")
        if self._beside:
            return next_training_told(self._beside)
        if self._are_digits:
            return tr("These are real digits. Press Train and watch the generator learn to write its own.")
        return tr("These are real {data:pictures}. Press Train and watch the generator learn to make its own.")

    def _switch_verdicts(self) -> None:
        self.grid.show_verdicts(not self.grid.shows_verdicts)
        self.commands_changed.emit()

    def _save(self) -> None:
        if self.grid.picture is not None:
            name = tr("real.png") if self._epoch is None else tr("epoch-{number}.png", number=f"{self._epoch:04d}")
            ask_where_to_save(self, name, self.grid.picture, self.save_requested.emit)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self._accent)
        top.addSpacing(SPACING)
        top.addWidget(self._heading, 1)
        for button in self._buttons:
            top.addWidget(button)
        top.addWidget(self._help)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(top)
        column.addWidget(self.grid, 1)


def _tool_button(name: str) -> QToolButton:
    button = set_object_name(QToolButton(autoRaise=True), f"{name}{_BUTTON}")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button


def _show_alone() -> None:
    import sys

    import numpy as np
    from PySide6.QtWidgets import QApplication

    from engine.pictures import tile
    from engine.resources import RESOURCES

    app = QApplication(sys.argv)
    with np.load(RESOURCES / "digits" / "digits.npz") as data:
        images, labels = data["images"], data["labels"]
    columns = np.stack([images[labels == digit][:8] for digit in range(10)], axis=1)
    grid = tile(columns.reshape(-1, 28, 28), 10)
    view = SampleView()
    commands = Commands(view)
    commands.add(*view.commands())
    view.bind(commands)
    view.show_real(grid, tuple("0123456789"), 28)
    view.resize(750, 330)
    view.show()
    app.exec()


if __name__ == "__main__":
    _show_alone()
