"""What happens in a blind duel: who meets is gathered, an answer is kept, the next two come, the result is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from engine.preference.answers import Question, Said
from studio.context import Context
from studio.model.duel import OpenedDuel
from studio.text.duel import left_out_told
from studio.widgets.object_names import set_object_name
from studio.workers.failure import Failure
from studio.workspaces.compare.duel.commands import ANSWERS, END
from studio.workspaces.compare.duel.panel import DuelPanel

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace


class DuelPresenter(QObject):
    """Feeds ``page`` from the service. ``opened`` is the duel under way, None while there is none."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        page = DuelPanel()
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
        name = self._context.services.searching.name
        chosen = [trial.number for trial in searching.chosen] if searching else []
        self._service.between_trials(name, self._context.plan.config, chosen if len(chosen) > 1 else ())

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
            self._context.services.runs.list_again()

    def _look_at(self, key: str) -> None:
        """Show the run that a person chose in the ranking, or its trial."""
        opened = self.opened
        if opened is None:
            return
        if not opened.search and self._workspace.doing is not None:
            self._workspace.doing.open(Path(opened.kept.path.parent / key))
        elif self._workspace.searching is not None and opened.search == self._context.services.searching.name:
            self._workspace.pages.setCurrentWidget(self._workspace.searching.page)
            self._workspace.searching.sheet.view.choose([int(key)])

    def _on_failed(self, failed: Failure) -> None:
        self._context.messages.warn(failed.message, failed.hint, failed.details)
