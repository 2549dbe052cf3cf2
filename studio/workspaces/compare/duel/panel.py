"""The page of blind duels: what is asked and how far it is, above the two grids or what they have shown."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.i18n import again, tr
from engine.preference.duel import Duel
from studio.help.help_button import HelpButton
from studio.text.duel import QUESTIONS, between_told, progress_told, question_told
from studio.theme import SPACING
from studio.widgets.eliding_combo_box import ElidingComboBox
from studio.widgets.object_names import set_object_name
from studio.widgets.view import View
from studio.workspaces.compare.duel.arena import Arena
from studio.workspaces.compare.duel.result_panel import ResultPanel

_WIDEST = 40 * SPACING


class DuelPanel(View):
    """Blind while it asks: who stands where, and who is ahead, is told by the result alone."""

    question_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("duel_page")
        self._duel: Duel | None = None
        self._is_search = False
        self.arena, self.result = Arena(), ResultPanel()
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.question = set_object_name(ElidingComboBox(_WIDEST), "duel_question")
        self.who = QLabel()
        self.progress = set_object_name(QLabel(), "duel_progress")
        self.bar = set_object_name(QProgressBar(textVisible=False), "duel_bar")
        self.bar.setMaximumWidth(20 * SPACING)
        self.head = QHBoxLayout()
        self.pages = QStackedWidget()
        for page in (self.empty, self.arena, self.result):
            self.pages.addWidget(page)
        self._lay_out()
        self.question.currentIndexChanged.connect(lambda _: self.question_chosen.emit(self.question.currentData()))
        self.retranslate()

    @property
    def is_asking(self) -> bool:
        """Whether two grids stand there."""
        return self.pages.currentWidget() is self.arena

    def show_duel(self, duel: Duel | None, *, is_search: bool = False) -> None:
        """Show another duel, or none."""
        self._duel, self._is_search = duel, is_search
        self.retranslate()
        self.ask()

    def ask(self) -> None:
        """Show the two grids of the moment."""
        self.result.show_duel(None)
        self.pages.setCurrentWidget(self.empty if self._duel is None else self.arena)
        self.refresh()

    def refresh(self) -> None:
        """Show what the duel has become."""
        duel = self._duel
        self.arena.show_pair(duel.pictures() if duel is not None and duel.pair is not None else None)
        self._say_progress()

    def show_result(self) -> None:
        """Show what the answers say by now."""
        self.result.show_duel(self._duel)
        self.pages.setCurrentWidget(self.result)
        self.result.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_buttons(self, answers: list[QPushButton], end: QPushButton) -> None:
        """Let the buttons of the answers stand below the grids, the one that ends the duel above them."""
        self.arena.add_buttons(answers)
        self.head.insertWidget(self.head.count() - 1, end)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(
            tr(
                "Choose two runs or more in the table and press “Blind duel”, or trials of a search. You see two grids"
                " at a time without names, and say which is better; many answers make a ranking."
            )
        )
        with QSignalBlocker(self.question):
            self.question.clear()
            for question in QUESTIONS:
                self.question.addItem(question_told(question, self._duel), question)
            asked = self._duel.question if self._duel else "better"
            self.question.setCurrentIndex(self.question.findData(asked))
        self.question.setAccessibleName(tr("Question"))
        self.question.setToolTip(tr("What is asked; each question has a ranking of its own"))
        self.bar.setAccessibleName(tr("Answers"))
        self.who.setText(again(between_told(self._duel, self._is_search)) if self._duel else "")
        self._say_progress()

    def _say_progress(self) -> None:
        duel = self._duel
        for part in (self.question, self.bar, self.progress):
            part.setVisible(duel is not None)
        if duel is not None:
            self.progress.setText(progress_told(duel))
            self.bar.setRange(0, duel.wanted)
            self.bar.setValue(min(len(duel.ranking.counted), duel.wanted))

    def _lay_out(self) -> None:
        for part in (self.question, self.bar, self.progress):
            self.head.addWidget(part)
        self.head.addStretch()
        self.head.addWidget(self.who)
        self.head.addWidget(HelpButton("duel", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.setSpacing(SPACING)
        layout.addLayout(self.head)
        layout.addWidget(self.pages, 1)
