"""A dialog that asks from which epoch a new run shall branch off, and with which other options."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.config import OPTIONS
from engine.errors import UserError
from engine.i18n import number, speaking_of, tr
from studio.help.help_button import HelpButton
from studio.model.origins import Origins
from studio.theme import SPACING
from studio.widgets.base.note import Note
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.training_dialog import TrainingDialog
from studio.widgets.fields.chosen_options import ChosenOptions
from studio.widgets.fields.time_slider import TimeSlider

_FIXED = ("recipe", "dataset", "classes", "max_images", "data_root", "seed", "total_images", "image_size")
"""Of the data, or of chance: in these a branch stays what its parent was."""


class BranchDialog(TrainingDialog):
    """``chosen`` carries epoch, whether it is exact, other options, and whether it shall be lined up only.

    ``why_not`` says why it cannot be trained at once, or nothing. ``check``, of an epoch and other options, raises
    ``UserError`` where no training could begin so: that is said, and the dialog stays.
    """

    chosen = Signal(int, bool, dict, bool)

    def __init__(
        self,
        origins: Origins,
        epoch: int | None = None,
        why_not: str = "",
        parent: QWidget | None = None,
        *,
        kept: Collection[str] = (),
        is_longer: bool = False,
        check: Callable[[int, Mapping[str, Any]], None] = lambda *_: None,
    ) -> None:
        """``kept``: options that a class locks or hides; ``is_longer``: the branch is longer than the run."""
        super().__init__("branch_dialog", parent, why_not)
        self._origins, self._check = origins, check
        self.slider = set_object_name(TimeSlider(self), "branch_epoch")
        self.slider.setRange(0, len(origins.epochs) - 1)
        self.label, self.about = QLabel(), set_object_name(QLabel(wordWrap=True), "branch_about")
        self.nearest = set_object_name(QPushButton(autoDefault=False), "nearest_exact_button")
        fixed = {*_FIXED, *kept}
        free = (n for n, option in OPTIONS.items() if not option.of_machine and option.shapes != "value")
        self.options = ChosenOptions(n for n in free if n not in fixed and not n.startswith("image_"))
        self.note = set_object_name(Note(), "branch_note")
        self._lay_out()
        self.options.changed.connect(self._judge)
        self.slider.valueChanged.connect(self._show)
        self.nearest.clicked.connect(self._take_nearest)
        self.go_to(origins.offered(epoch, is_longer=is_longer))
        self.retranslate()
        self.resize(64 * SPACING, self.sizeHint().height())

    @property
    def epoch(self) -> int:
        """The epoch that is chosen."""
        return self._origins.epochs[self.slider.value()]

    @property
    def is_exact(self) -> bool:
        """Whether the full state of it is kept."""
        return self.epoch in self._origins.exact

    def changes(self) -> Mapping[str, Any]:
        """Return the options that shall be other ones."""
        return self.options.changes()

    def _lay_out(self) -> None:
        form = self._form = self.form()
        at = QHBoxLayout()
        at.addWidget(self.slider, 1)
        at.addWidget(HelpButton("branch", self))
        form.addRow(self.label, at)
        form.addRow(self.about)
        form.addRow(self.nearest)
        form.addRow(self.options)
        form.addRow(self.note)
        form.addRow(self.buttons)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Branch off “{run}”", run=self._origins.name))
        self.slider.setAccessibleName(tr("Epoch to branch off from"))
        self.slider.setToolTip(tr("Only epochs of which something is kept can be chosen"))
        self.name_buttons(tr("Train the branch"))
        self._show()

    def _show(self) -> None:
        epoch, nearest = self.epoch, self._origins.nearest_exact(self.epoch)
        self.label.setText(tr("From epoch {epoch}", epoch=number(epoch)))
        self.about.setText(
            tr("Exactly: networks, both optimizers and chance go on as they stood. Only what you change differs.")
            if self.is_exact
            else tr("Only the networks of this epoch are kept: optimizers and chance begin anew.")
        )
        offers = not self.is_exact and nearest is not None
        self.nearest.setVisible(offers)
        if offers:
            self.nearest.setText(tr("Take epoch {epoch}, the nearest exact one", epoch=number(nearest or 0)))
        run = self._origins.run
        self.options.begin_with(run.config_at(epoch * run.data.image_count))
        self._judge()

    def _judge(self) -> None:
        """Say why no training could begin so, as long as that is so."""
        try:
            with speaking_of(self._origins.run.info.facts.noun):
                self._check(self.epoch, self.changes())
        except UserError as error:
            self.note.say(error.whole)
        else:
            self.note.say("")

    def _take_nearest(self) -> None:
        nearest = self._origins.nearest_exact(self.epoch)
        if nearest is not None:
            self.go_to(nearest)

    def go_to(self, epoch: int) -> None:
        """Choose ``epoch``, or the one nearest to it that was kept."""
        epochs = self._origins.epochs
        self.slider.setValue(epochs.index(min(epochs, key=lambda it: abs(it - epoch))))

    def take(self) -> bool:
        """Tell where the branch begins, and what is different in it, unless there is something wrong with that."""
        is_fine = self.options.finish() and not self.note.problem
        if is_fine:
            self.chosen.emit(self.epoch, self.is_exact, dict(self.changes()), self.is_later)
        return is_fine
