"""Samples of a generator that cannot be asked for a class, sorted by what the judge reads. It knows no generator."""

from __future__ import annotations

import secrets
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import again, joined, number, tr, trn
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.explored import LatentPoint
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.view import View
from studio.widgets.fields.class_buttons import ClassButtons
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.picture_matrix import PictureMatrix

SHOWN = 40
_NEAREST = 8  # where none is read as the class
_COLUMNS, _MOST_COLUMNS = 8, 20
_SEEDS = 10**6


class SortedPictures(NamedTuple):
    """Samples: z ``[N, z_dim]``, pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, and the probability
    ``[N, classes]`` that the judge gives to each class; None without a judge.
    """

    z: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    probabilities: NDArray[np.float32] | None


class SortedSamples(View):
    """``samples_requested`` asks for samples of a seed; ``point_chosen`` and ``point_opened`` carry z and label -1."""

    samples_requested = Signal(int)
    cancel_requested = Signal()
    point_chosen = Signal(np.ndarray, int)
    point_opened = Signal(np.ndarray, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sorted_samples")
        self._names: tuple[str, ...] = ()
        self._seed = 0
        self._samples: SortedPictures | None = None
        self._framed = LatentPoint(np.zeros(0, np.float32), -1)
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)
        self._text = ""
        self.why, self.words = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.class_buttons, self.matrix = ClassButtons(), PictureMatrix(_COLUMNS)
        self.others_button = CompactButton()
        self.work = WorkBar(keeps_room=True, heir=self.others_button)
        self._arrange()
        self.class_buttons.chosen.connect(self._show)
        self.matrix.chosen.connect(lambda index: self.point_chosen.emit(*self._point(index)))
        self.matrix.opened.connect(lambda index: self.point_opened.emit(*self._point(index)))
        self.others_button.clicked.connect(self._on_others)
        self.work.canceled.connect(self.cancel_requested)
        self.retranslate()
        self.apply_palette()

    # ---------------------------------------------------------------- what the page tells

    def set_names(self, names: tuple[str, ...]) -> None:
        """Sort by these classes of the data; without any there is nothing to sort by."""
        if names != self._names:
            self._names = names
            self.class_buttons.set_names(names)
        self._samples, self._order, self._text = None, np.zeros(0, np.int64), ""
        self.retranslate()

    @property
    def names(self) -> tuple[str, ...]:
        """The classes of the data."""
        return self._names

    @property
    def can_sort(self) -> bool:
        """Whether the data have classes."""
        return len(self._names) > 1

    @property
    def seed(self) -> int:
        """Where the samples begin that are wanted."""
        return self._seed

    def ask_for(self, label: int) -> None:
        """Show what is read as the class ``label``."""
        if 0 <= label < len(self._names):
            self.class_buttons.choose(label)
            self._show()

    def show_samples(self, samples: SortedPictures) -> None:
        """Show the surest of these."""
        self._samples, self._text = samples, ""
        self._show()

    def show_progress(self, share: float | None) -> None:
        """Show how far drawing and reading are (0 to 1), or that nothing is under way."""
        self.work.show_share(share)

    def say(self, text: str) -> None:
        """Say ``text``, such as what went wrong, until there are other samples."""
        self._text = text
        self._show()

    # ---------------------------------------------------------------- texts and colors

    def retranslate(self) -> None:
        """Set every text."""
        self.why.setText(
            joined(
                tr("G of this run was never told the classes, so that it cannot be asked for one."),
                tr("Train a conditional recipe, such as “studio”, to ask for a class."),
                tr("Until then, the judge sorts what G draws by itself."),
            )
            if self.can_sort
            else joined(
                tr("The images of this run have no classes, so that none can be asked for."),
                tr("Put the pictures of each class into a folder of its own, and train with these."),
            )
        )
        self.others_button.setText(tr("Other samples"))
        self.others_button.setAccessibleName(self.others_button.text())
        self.others_button.setToolTip(tr("Draw others and have them read"))
        self.work.name_it(tr("Drawing and reading samples"), tr("Draw and read no more"))
        self.matrix.setAccessibleName(tr("Samples of the class, those that are read most surely first"))
        self.matrix.setAccessibleDescription(tr("Arrow keys choose a picture, Enter shows it large"))
        self._text = again(self._text)
        self._show()

    def apply_palette(self) -> None:
        """Generated pictures wear the generator's color."""
        self.matrix.set_frame(theme.color("generator"))

    # ---------------------------------------------------------------- inside

    def _arrange(self) -> None:
        self._tools = QWidget()
        below = QHBoxLayout(self._tools)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(SPACING)
        below.addWidget(self.others_button)
        below.addWidget(self.work, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        head = QHBoxLayout()
        head.addWidget(self.why, 1)
        head.addWidget(HelpButton("classes", self), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self.class_buttons)
        layout.addWidget(self.words)
        layout.addWidget(self.matrix, 1)
        layout.addWidget(self._tools)
        layout.addStretch()
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _show(self) -> None:
        for part in (self.class_buttons, self.matrix, self._tools, self.words):
            part.setVisible(self.can_sort)
        label, samples = self.class_buttons.current(), self._samples
        if samples is None or samples.probabilities is None or not self.can_sort:
            self.matrix.set_images(None)
            nobody = (
                tr("No judge has learned these images on this computer yet: one does while they are trained on.")
                if samples is not None
                else ""
            )
            self.words.setText(again(self._text) or nobody)
            return
        shares = samples.probabilities[:, label]
        read = int((samples.probabilities.argmax(1) == label).sum())
        self._order = np.lexsort((-shares, samples.probabilities.argmax(1) != label))[: min(read, SHOWN) or _NEAREST]
        self.matrix.columns = self._columns()
        self.matrix.set_images(samples.pictures[self._order])
        self._frame()
        count, name = number(len(shares)), tr(self._names[label])
        told = trn(
            "Of {all} samples, {count} is read as “{name}”.",
            "Of {all} samples, {count} are read as “{name}”; the surest come first.",
            read,
            all=count,
            name=name,
        )
        if not read:
            told = tr("Of {count} samples, none is read as “{name}”. Here are the nearest.", count=count, name=name)
        self.words.setText(again(self._text) or told)

    def _columns(self) -> int:
        shape = self.matrix.width() / max(self.matrix.height(), 1)
        return min(max(round((SHOWN * shape) ** 0.5), _COLUMNS), _MOST_COLUMNS)

    def frame(self, point: LatentPoint) -> None:
        """Frame the picture of ``point``, wherever it is among those that are shown."""
        self._framed = point
        self._frame()

    def _frame(self) -> None:
        shown = self._samples.z[self._order] if self._samples is not None else np.zeros((0, 0), np.float32)
        self.matrix.choose(self._framed.place_in(shown, np.full(len(shown), -1, np.int64)))

    def _point(self, index: int) -> tuple[NDArray[np.float32], int]:
        assert self._samples is not None
        return self._samples.z[self._order[index]], -1

    def _on_others(self) -> None:
        self._seed = secrets.randbelow(_SEEDS)
        self.samples_requested.emit(self._seed)
