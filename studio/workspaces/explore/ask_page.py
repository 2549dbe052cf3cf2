"""Ask D: draw or drop a picture, and see at once what D says of it, and where. It knows neither torch nor who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import again, mark, number, tr
from engine.latent.sampling import random_z
from studio import saliency
from studio.help.help_button import HelpButton
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.text import sample as sample_words
from studio.theme import SPACING
from studio.widgets.base.bold import heading
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.exploring.drawing_panel import DrawingPanel
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.pictures.judged_picture import JudgedPicture
from studio.widgets.pictures.saliency_legend import SaliencyLegend

if TYPE_CHECKING:
    from studio.services.asking import Answer

INK = "ask.ink"
_AS_READ = 0  # the first choice: the class that the judge reads
_COLUMN = 44 * SPACING


class AskPage(ExplorePage):
    """``drawing_asked`` says that there is other ink, ``asked_again`` that D shall take it for another class.

    ``file_asked`` carries a path, ``pixels_asked`` a picture uint8 [H, W, 3] or [H, W, 4].
    """

    title = mark("Ask D")
    topic = "ask"
    wants_kept = False
    tip = mark("Draw or drop a picture: what does the discriminator say of it?")

    drawing_asked = Signal()
    file_asked = Signal(str)
    pixels_asked = Signal(np.ndarray)
    asked_again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ask_page")
        self._names: tuple[str, ...] = ()
        self._read_names: tuple[str, ...] = ()
        self._z_dim = 0
        self._answer: Answer | None = None
        self._text = ""
        self.drawing = DrawingPanel()
        self.class_box, self._class_label = ElidingComboBox(), QLabel()
        self.class_box.setMinimumContentsLength(12)
        self.class_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._class_label.setBuddy(self.class_box)
        self.picture, self.heat = JudgedPicture("real"), JudgedPicture("discriminator", has_bar=False)
        self._picture_title, self._heat_title, self._legend = heading(), heading(), SaliencyLegend()
        self.verdict_line, self.words, self.origin_line = heading(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.origin_line.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.progress = ProgressBar()
        self._help = HelpButton(self.topic, self)
        self._arrange()
        self.drawing.inked.connect(self.drawing_asked)
        self.drawing.drawn.connect(self.drawing_asked)
        self.drawing.cleared.connect(lambda: self.show_answer(None))
        self.drawing.file_chosen.connect(self.file_asked)
        self.drawing.pixels_given.connect(self.pixels_asked)
        self.drawing.take_on(self)
        self.class_box.activated.connect(self.asked_again)
        self.show_progress(None)
        self.retranslate()
        self.apply_palette()

    @property
    def drawn_on(self) -> DrawingPanel:
        """The canvas at the left, and its tools."""
        return self.drawing

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Ask the discriminator of another run, which knows these classes."""
        self._names, self._z_dim = class_names, z_dim
        self._fill()
        self.class_box.setCurrentIndex(_AS_READ)
        self.show_answer(None)

    def set_read_names(self, names: tuple[str, ...]) -> None:
        """Call what the judge reads ``names``."""
        self._read_names = names

    def set_size(self, size: int) -> None:
        """Draw for pictures of ``size`` × ``size`` pixels."""
        self.drawing.canvas.set_size(size)

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another epoch has another discriminator, and a generator whose pictures tell in which ink one draws."""
        if self._z_dim and self.isVisible():
            label = 0 if self._names else -1
            self.pictures_requested.emit(INK, random_z(1, self._z_dim, 0), np.array([label], np.int64))
        if self._answer is not None and self.isVisible():
            self.asked_again.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for while nobody looked is asked for now."""
        super().showEvent(event)
        self.render_again()

    @property
    def label(self) -> int | None:
        """The class that D shall take the picture for; None for the one that the judge reads."""
        index = self.class_box.currentIndex()
        return None if index <= _AS_READ else index - 1

    def show_answer(self, answer: Answer | None) -> None:
        """Show what D says, or what there is to do."""
        self._answer, self._text = answer, ""
        self.picture.show_picture(*((None,) if answer is None else (answer.picture, answer.verdict)))
        self.heat.show_picture(None if answer is None else saliency.saliency_picture(answer.picture, answer.saliency))
        self._say()

    def show_progress(self, share: float | None) -> None:
        """Show how far the images are read that D or the judge needs (0 to 1), or that none are."""
        self.progress.setVisible(share is not None)
        self.progress.show_share(share or 0)

    def say(self, text: str) -> None:
        """Say why there is no answer."""
        self._answer, self._text = None, text
        self.picture.show_picture(None)
        self.heat.show_picture(None)
        self._say()

    # ---------------------------------------------------------------- texts

    def retranslate(self) -> None:
        """Set every text."""
        self._class_label.setText(tr("Taken for"))
        self.class_box.setAccessibleName(tr("The class that D takes the picture for"))
        self.class_box.setToolTip(tr("D was told the class of each picture, and judges yours as one of this class"))
        self._fill()
        self._picture_title.setText(tr("What D sees"))
        self.picture.setAccessibleName(self._picture_title.text())
        self.picture.placeholder = self.heat.placeholder = tr("No picture yet")
        self._heat_title.setText(tr("What made D say so"))
        self.heat.setAccessibleName(self._heat_title.text())
        self.heat.setAccessibleDescription(self._legend.told())
        self.progress.setAccessibleName(tr("Reading images"))
        self._text = again(self._text)
        if self._answer is not None:
            self.show_answer(self._answer)
        self._say()

    def _fill(self) -> None:
        index = max(self.class_box.currentIndex(), 0)
        self.class_box.clear()
        self.class_box.addItems([tr("what the judge reads"), *(tr(name) for name in self._names)])
        self.class_box.setCurrentIndex(min(index, len(self._names)))
        for part in (self.class_box, self._class_label):
            part.setVisible(bool(self._names))

    def _say(self) -> None:
        answer = self._answer
        usual = tr("Draw something, or drop a picture here: D says at once how real it looks, and where.")
        self.words.setText(again(self._text) or (usual if answer is None else self._told(answer)))
        if answer is None:
            self.verdict_line.setText("")
            self.origin_line.setText("")
            return
        only_compares = tr("This discriminator only compares pictures with real ones, which are not at hand.")
        self.verdict_line.setText(sample_words.verdict_words(answer.verdict) or only_compares)
        self.origin_line.setText(tr("D of epoch {epoch}", epoch=number(answer.epoch)))

    def _told(self, answer: Answer) -> str:
        reading = sample_words.reading_words(answer.reading, -1, self._read_names)
        if not 0 <= answer.label < len(self._names):
            return reading
        name = tr(self._names[answer.label])
        if self.label is None and answer.reading is None:
            return tr("Taken for “{name}”: no judge can read it, so choose the class yourself.", name=name)
        return " ".join(filter(None, (tr("Taken for “{name}”.", name=name), reading)))

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(SPACING)
        asked.addWidget(self._class_label)
        asked.addWidget(self.class_box, 1)
        left = QVBoxLayout()
        left.setContentsMargins(SPACING, SPACING, 0, SPACING)
        left.setSpacing(SPACING)
        left.addWidget(self.drawing, 1)
        left.addLayout(asked)
        pictures = QGridLayout()
        pictures.setSpacing(SPACING)
        for column, (title, picture) in enumerate(((self._picture_title, self.picture), (self._heat_title, self.heat))):
            pictures.addWidget(title, 0, column)
            pictures.addWidget(picture, 1, column)
            pictures.setColumnStretch(column, 1)
        pictures.setRowStretch(1, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, SPACING, SPACING, SPACING)
        right.setSpacing(SPACING)
        right.addWidget(self._help, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.verdict_line)
        right.addWidget(self.words)
        right.addLayout(pictures, 1)
        right.addWidget(self._legend)
        right.addWidget(self.origin_line)
        right.addWidget(self.progress)
        right.addStretch()
        layout = QHBoxLayout(self.body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(left, 1)
        layout.addLayout(right, 1)
