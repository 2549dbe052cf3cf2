"""Beat the discriminator: twenty pictures, real or generated, against the clock and against D."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.amounts import duration
from engine.i18n import again, mark, number, tr
from engine.text import LONGEST_NAME, plain
from studio.help.help_button import HelpButton
from studio.part_keys import PLAY_ANSWER
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.exploring.round_result import Played, RoundResult
from studio.widgets.layouts.side_column import SideColumn
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.plots.rounds_plot import RoundsPlot

if TYPE_CHECKING:
    from engine.evaluation.real_or_generated import Deal
    from engine.runs import Round

_TICK_MS = 200
_COLUMN = 44 * SPACING
_NAMED = 5  # of the best rounds


class PlayPage(ExplorePage):
    """``deal_requested`` asks for a round; ``played`` carries a person's answers (real?) and the seconds."""

    title = mark("Game")
    tip = mark("Real or generated? Play against the discriminator")
    topic = "play"
    wants_kept = False

    deal_requested = Signal()
    played = Signal(list, float)

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName("play_page")
        self._clock, self._began = clock, 0.0
        self._deal: Deal | None = None
        self._of_d: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.rounds: tuple[Round, ...] = ()
        self._run = ""  # that they belong to
        self.answers: list[bool] = []
        self._text = ""
        self.name_edit, self.start_button, self._name_label = (
            QLineEdit(maxLength=LONGEST_NAME),
            CompactButton(),
            QLabel(),
        )
        self._name_label.setBuddy(self.name_edit)
        self.picture, self.real_button, self.generated_button = ImageView(), CompactButton(), CompactButton()
        self.count_label, self.words, self.result = QLabel(), QLabel(wordWrap=True), RoundResult()
        self.board = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.plot, self._legend = RoundsPlot(), QLabel(wordWrap=True)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._say_count)
        self._help = HelpButton(self.topic, self)
        self._arrange()
        self.start_button.clicked.connect(self.deal_requested)
        self.name_edit.returnPressed.connect(self.start_button.click)
        self.real_button.clicked.connect(lambda: self.answer(True))
        self.generated_button.clicked.connect(lambda: self.answer(False))
        self._show_state()
        self.retranslate()

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Another run is shown: a round under way is over, without a result."""
        self._deal, self.answers = None, []
        self.result.show_played(None)
        self.say("")
        self._show_state()

    def begin(self, deal: Deal, of_d: NDArray[np.bool_]) -> None:
        """Begin a round with ``deal``; ``of_d`` ``[N]`` are D's answers to the same pictures."""
        self._deal, self._of_d, self.answers, self._began = deal, of_d, [], self._clock()
        self.result.show_played(None)
        self.say("")
        self._tick.start()
        self._show_state()
        self.setFocus()

    @property
    def is_on(self) -> bool:
        """Whether a round is under way."""
        return self._deal is not None and len(self.answers) < len(self._deal.is_real)

    def answer(self, is_real: bool) -> None:
        """Say that the picture is real, or that it is generated."""
        if self._deal is None or not self.is_on:
            return
        self.answers.append(is_real)
        if not self.is_on:
            self._end(self._deal)
        self._show_state()

    def show_rounds(self, rounds: Sequence[Round], run: str = "") -> None:
        """Draw how many were told right at each epoch of ``run``, by people and by D."""
        self.rounds, self._run = tuple(rounds), run
        self._draw()

    def say(self, text: str) -> None:
        """Say ``text``, or what the game is where it is empty."""
        self._text = text
        self.picture.placeholder = tr(
            "Twenty pictures: half are real, half generated. Tell them apart faster and better than D."
        )
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def show_progress(self, share: float | None) -> None:
        """Say that the pictures are being dealt, or no longer say so."""
        dealing = tr("Dealing the pictures…")
        if share is not None:
            self.say(dealing)
        elif self._text == dealing:
            self.say("")

    def retranslate(self) -> None:
        """Set every text."""
        self._name_label.setText(tr("Your name"))
        self.name_edit.setAccessibleName(self._name_label.text())
        self.name_edit.setToolTip(tr("So that a class can play in turn; it is kept with the run"))
        for button, text, tip in (
            (self.start_button, tr("Start a round"), tr("Twenty pictures against the clock")),
            (self.real_button, tr("← Real"), tr("It is one of the real images (left arrow)")),
            (self.generated_button, tr("Generated →"), tr("The generator drew it (right arrow)")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
        self.picture.setAccessibleName(tr("Is this picture real or generated?"))
        self.plot.setAccessibleName(tr("Share told right at each epoch, by people and by D"))
        self.say(again(self._text))
        self._say_count()
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows answer while a round is under way."""
        answer = PLAY_ANSWER.nth(event)
        if self.is_on and answer is not None:
            if not event.isAutoRepeat():
                self.answer(answer == 0)
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- the round

    def _end(self, deal: Deal) -> None:
        self._tick.stop()
        seconds = self._clock() - self._began
        answers = np.array(self.answers)
        right, of_d = (int((each == deal.is_real).sum()) for each in (answers, self._of_d))
        self.result.show_played(Played(deal.pictures, deal.is_real, answers, self._of_d))
        told = tr(
            "You told {right} of {count} right in {time}, D told {of_d}. Framed are those that you got wrong.",
            right=number(right),
            count=number(len(deal.is_real)),
            time=duration(seconds),
            of_d=number(of_d),
        )
        self.say(told)
        self.name_edit.setFocus()  # the next one of a class types a name and presses Return
        self.name_edit.selectAll()
        self.played.emit(list(self.answers), seconds)

    def _show_state(self) -> None:
        focus = Qt.FocusPolicy
        self.setFocusPolicy(focus.StrongFocus if self.is_on else focus.NoFocus)  # it hears keys in a round alone
        self.start_button.setEnabled(not self.is_on)
        for button in (self.real_button, self.generated_button):
            button.setEnabled(self.is_on)
        deal = self._deal
        self.picture.set_picture(deal.pictures[len(self.answers)] if deal is not None and self.is_on else None)
        self.result.setVisible(self.result.played is not None)
        self.picture.setVisible(self.result.played is None)
        self._say_count()

    def _say_count(self) -> None:
        if self._deal is None or not self.is_on:
            self.count_label.setText("")
            return
        done, count = number(len(self.answers) + 1), number(len(self._deal.is_real))
        self.count_label.setText(
            tr("{number} of {count} · {time}", number=done, count=count, time=duration(self._clock() - self._began))
        )

    def _say_best(self) -> None:
        """Name the best rounds: those with most told right, of equal ones the quickest."""
        best = sorted(self.rounds, key=lambda each: (-each.right / max(each.count, 1), each.seconds))[:_NAMED]
        lines = [
            tr(
                "{place}. {name}: {right} of {count}, {time}, epoch {epoch}",
                place=number(place),
                name=plain(each.name, LONGEST_NAME),
                right=number(each.right),
                count=number(each.count),
                time=duration(each.seconds),
                epoch=number(each.epoch),
            )
            for place, each in enumerate(best, 1)
        ]
        self.board.setText("\n".join(lines))
        self.board.setVisible(bool(lines))

    def _draw(self) -> None:
        self._say_best()
        self.plot.setVisible(bool(self.rounds))
        told = tr("All rounds of “{run}”: ● people, ■ D", run=plain(self._run))
        self._legend.setText(re.sub("([●■]) ", "\\1\N{NO-BREAK SPACE}", told))  # no line ends between the two
        self._legend.setVisible(bool(self.rounds))
        self.plot.show_rounds(self.rounds)

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self._name_label)
        top.addWidget(self.name_edit, 1)
        top.addWidget(self.start_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.real_button, self.generated_button):
            buttons.addWidget(button, 1)
        game = QVBoxLayout()
        game.setContentsMargins(SPACING, SPACING, 0, SPACING)
        game.setSpacing(SPACING)
        game.addLayout(top)
        game.addWidget(self.picture, 1)
        game.addWidget(self.result, 1)
        game.addLayout(buttons)
        game.addWidget(self.count_label, 0, Qt.AlignmentFlag.AlignHCenter)
        side = SideColumn(_COLUMN)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, SPACING, SPACING, SPACING)
        column.setSpacing(SPACING)
        column.addWidget(self._help, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.words)
        column.addWidget(self.board)
        column.addWidget(self._legend)
        column.addWidget(self.plot, 1)
        column.addStretch()
        layout = QHBoxLayout(self.body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(game, 1)
        layout.addWidget(side)
