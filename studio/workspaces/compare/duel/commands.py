"""What can be done in blind duels: how it is called, its keys, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from engine.preference.answers import Said
from engine.runs import RunSummary
from studio.commands import Command, Text

if TYPE_CHECKING:
    from studio.workspaces.compare.duel.presenter import DuelPresenter
    from studio.workspaces.compare.workspace import CompareWorkspace

DUELS = mark("Blind duel")
ANSWERS = ("duel_left", "duel_equal", "duel_skip", "duel_right", "duel_undo")
END = "duel_end"

_FEWEST, _MOST = 2, 64


def duel_commands(workspace: CompareWorkspace) -> Iterable[Command]:
    """Return what begins a blind duel, and what is answered in one."""
    yield from _of_beginning(workspace)
    yield from _of_answers(workspace)


def _of_beginning(workspace: CompareWorkspace) -> Iterable[Command]:
    def why_no_runs() -> str:
        if workspace.dueling is None or workspace.why_not_here():
            return workspace.why_not_here() or tr("The window is still being built.")
        if workspace.pages.currentWidget() is not workspace.run_table:
            return tr("Choose runs on the page “Runs”.")
        chosen = workspace.run_table.chosen()
        if not all(isinstance(row.run, RunSummary) for row in chosen):
            return tr("A run that cannot be read is among the chosen ones.")
        is_enough = _FEWEST <= len(chosen) <= _MOST
        return "" if is_enough else tr("Choose 2 to {most} runs (Ctrl+click).", most=_MOST)

    def why_no_trials() -> str:
        if workspace.dueling is None or workspace.why_not_here():
            return workspace.why_not_here() or tr("The window is still being built.")
        from engine.search.preference import may_take_part  # late: the window comes up without searches

        searching = workspace.context.services.searching
        count = sum(may_take_part(trial) for trial in searching.trials.values())
        return "" if searching.name and count >= _FEWEST else tr("Two trials must be over first.")

    def begin(act: Callable[[DuelPresenter], object]) -> Callable[[], None]:
        def do() -> None:
            if workspace.dueling is not None:
                act(workspace.dueling)

        return do

    yield Command(
        "duel_runs",
        DUELS,
        mark("Blin&d duel"),
        begin(lambda page: page.between_runs()),
        ("Ctrl+Shift+M",),
        mark("See samples of the chosen runs two by two, without names, and say which are better"),
        mark("Blind duel between runs"),
        why_not=why_no_runs,
        waits=True,
    )
    yield Command(
        "duel_trials",
        DUELS,
        mark("Blind duel"),
        begin(lambda page: page.between_trials()),
        spoken=mark("Blind duel between trials"),
        tip=mark("See samples of the trials two by two, without names, and say which are better; of the chosen ones,"
                 " or of all that were trained to the end"),
        why_not=why_no_trials,
    )  # fmt: skip


def _of_answers(workspace: CompareWorkspace) -> Iterable[Command]:
    def page() -> DuelPresenter | None:
        is_seen = workspace.dueling is not None and workspace.pages.currentWidget() is workspace.dueling.page
        return workspace.dueling if is_seen and not workspace.why_not_here() else None

    def why_no_answer() -> str:
        now = page()
        return "" if now is not None and now.is_asking else tr("There is no blind duel under way.")

    def why_no_undo() -> str:
        now = page()
        if now is None or now.opened is None or not now.page.is_asking:
            return tr("There is no blind duel under way.")
        return "" if now.opened.duel.can_undo else tr("There is no answer yet.")

    def why_no_end() -> str:
        now = page()
        if now is None or now.opened is None:
            return tr("There is no blind duel under way.")
        is_empty = now.page.is_asking and not now.opened.duel.can_undo
        return tr("There is no answer yet.") if is_empty else ""

    def answer(name: str, said: Said, title: str, key: str, tip: str) -> Command:
        def do() -> None:
            if (now := page()) is not None:
                now.say(said)

        return Command(name, DUELS, title, do, (key,), tip, why_not=why_no_answer, waits=True)

    def undo() -> None:
        if (now := page()) is not None:
            now.undo()

    def end() -> None:
        if (now := page()) is not None:
            now.end_or_go_on()

    def end_title() -> str:
        now = page()
        return tr("Show the result") if now is None or now.page.is_asking else tr("Go on with the duel")

    yield answer("duel_left", "left", mark("The left one"), "Left", mark("Your answer is the grid at the left"))
    yield answer("duel_equal", "equal", mark("Both alike"), "Down", mark("Half a win for both"))
    yield answer("duel_skip", "skip", mark("Cannot say"), "Up", mark("Says nothing about these two; others come first"))
    yield answer("duel_right", "right", mark("The right one"), "Right", mark("Your answer is the grid at the right"))
    yield Command("duel_undo", DUELS, mark("Take back"), undo, ("Backspace",), mark("Take the last answer back"),
                  why_not=why_no_undo, waits=True)  # fmt: skip
    tip: Text = mark("End the duel for now and see the ranking, and where eye and number disagree")
    yield Command(END, DUELS, end_title, end, tip=tip, why_not=why_no_end)
