"""The page of blind duels: who meets is gathered, an answer is kept, the next two come, the result is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.i18n import again, tr
from engine.preference.answers import Question, Said
from engine.preference.duel import Duel
from studio.context import Context
from studio.help.help_button import HelpButton
from studio.model.duel import OpenedDuel
from studio.model.messages import Subject
from studio.text.duel import QUESTIONS, between_told, left_out_told, progress_told, question_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.workers.failure import Failure
from studio.workspaces.compare.duel.arena import Arena
from studio.workspaces.compare.duel.commands import ANSWERS, END
from studio.workspaces.compare.duel.result_panel import ResultPanel

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

_WIDEST = 40 * SPACING


class DuelPage(View):
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
        self.progress = set_object_name(QLabel(wordWrap=True), "duel_progress")
        self.bar = set_object_name(ProgressBar(textVisible=False), "duel_bar")
        self.bar.setMaximumWidth(20 * SPACING)
        self._of_a_duel: list[QWidget] = [self.question, self.bar, self.progress]
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
        self._of_a_duel.append(end)
        self._say_progress()

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
        for part in self._of_a_duel:
            part.setVisible(duel is not None)
        if duel is not None:
            self.progress.setText(progress_told(duel))
            self.bar.show_count(min(len(duel.ranking.counted), duel.wanted), duel.wanted)

    def _lay_out(self) -> None:
        for part, share in ((self.question, 0), (self.bar, 0), (self.progress, 1)):
            self.head.addWidget(part, share)
        self.head.addWidget(self.who)
        self.head.addWidget(HelpButton("duel", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.setSpacing(SPACING)
        layout.addLayout(self.head)
        layout.addWidget(self.pages, 1)


class DuelPresenter(QObject):
    """Feeds ``page`` from the service. ``opened`` is the duel under way, None while there is none."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        page = DuelPage()
        super().__init__(page)
        self.page = page
        self.opened: OpenedDuel | None = None
        self._has_news = False
        """Whether a list of runs, or a search, does not know of the last answers."""
        self._workspace, self._context = workspace, context
        self._service = context.services.duels
        self._offer_commands()
        self._service.opened.connect(self._on_opened)
        self._service.failed.connect(self._on_failed)
        page.question_chosen.connect(self._ask)
        page.arena.said.connect(lambda said: context.commands.do(f"duel_{said}"))
        page.arena.undo_requested.connect(lambda: context.commands.do("duel_undo"))
        page.result.opened.connect(self._look_at)
        workspace.pages.currentChanged.connect(lambda _: self._tell_news())

    def _offer_commands(self) -> None:
        commands, buttons = self._context.commands, []
        for name in (*ANSWERS, END):
            button = set_object_name(QPushButton(), f"{name}_button")
            commands.bind(button, name)
            buttons.append(button)
        self.page.add_buttons(buttons[:-1], buttons[-1])

    # --- who meets

    def between_runs(self) -> None:
        """Let the chosen runs meet."""
        self._service.between_runs([run.path for run in self._workspace.run_table.chosen_runs()])

    def between_trials(self) -> None:
        """Let the chosen trials of the search that is shown meet; where one or none is chosen, all finished ones."""
        searching = self._workspace.searching
        search = self._context.services.searching.placed
        chosen = [trial.number for trial in searching.chosen] if searching else []
        self._service.between_trials(search, self._context.plan.config, chosen if len(chosen) > 1 else ())

    def _on_opened(self, opened: OpenedDuel) -> None:
        self.opened = opened
        self.page.show_duel(opened.duel, is_search=bool(opened.search))
        self._workspace.pages.setCurrentWidget(self.page)
        self.page.arena.take_focus()
        if opened.left_out:
            self._context.messages.tell(lambda: left_out_told(opened.left_out))
        self._context.commands.refresh()

    # --- what a person answers

    @property
    def is_asking(self) -> bool:
        """Whether two grids stand there, of which one can be chosen."""
        return self.page.is_asking and self.opened is not None and self.opened.duel.pair is not None

    def say(self, said: Said) -> None:
        """Take an answer, and let the next two come."""
        assert self.opened is not None
        self._service.keep(self.opened, self.opened.duel.answer(said))
        self._has_news = True
        self.page.refresh()

    def undo(self) -> None:
        """Take the last answer back."""
        assert self.opened is not None
        self._service.take_back(self.opened, self.opened.duel.undo())
        self._has_news = True
        self.page.refresh()

    def end_or_go_on(self) -> None:
        """Show what the answers say, or ask on."""
        if self.page.is_asking:
            self.page.show_result()
            self._tell_news()
        else:
            self.page.ask()
            self.page.arena.take_focus()

    def _ask(self, question: Question) -> None:
        if self.opened is not None:
            self.opened.duel.ask(question)
            was_asking = self.page.is_asking
            self.page.ask()
            if not was_asking:
                self.page.show_result()
            self._context.commands.refresh()

    # --- what follows

    def _tell_news(self) -> None:
        """Let others know what was answered."""
        if not self._has_news or self.opened is None:
            return
        self._has_news = False
        if self.opened.search:
            self._service.look_what_is_liked(self.opened.search, self._context.plan.config)
        else:
            self._service.when_kept(self._context.services.runs.list_again)

    def _look_at(self, key: str) -> None:
        """Show the run that a person chose in the ranking, or its trial."""
        opened = self.opened
        if opened is None:
            return
        if not opened.search and self._workspace.doing is not None:
            self._workspace.doing.open(Path(opened.kept.path.parent / key))
        elif self._workspace.searching is not None and opened.search == self._context.services.searching.placed:
            self._workspace.pages.setCurrentWidget(self._workspace.searching.page)
            self._workspace.searching.sheet.view.choose([int(key)])

    def _on_failed(self, failed: Failure) -> None:
        self._context.messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)
