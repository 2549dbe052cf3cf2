"""What can be done with the trainings that are lined up: how it is called, its keys, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from engine.runs.planned import Planned
from studio.commands import Command

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

QUEUE = mark("Queue")
BUTTONS = ("start_queue", "add_to_queue", "move_up", "move_down", "try_again", "remove_from_queue")
OF_CHOSEN = BUTTONS[2:]
"""Those that are about what is chosen in the list."""


def queue_commands(workspace: CompareWorkspace) -> Iterable[Command]:
    """Return what can be done with the queue."""
    yield from _of_all(workspace)
    yield from _of_chosen(workspace)


def _of_all(workspace: CompareWorkspace) -> Iterable[Command]:
    queue, plan = workspace.context.services.queue, workspace.context.plan

    def why_no_start() -> str:
        return "" if queue.is_on or queue.state.left else tr("Nothing is lined up.")

    def why_no_plan() -> str:
        return "" if plan.is_sensible else tr("The options make no sense together; the line above them says why.")

    def turn() -> None:
        (queue.turn_off if queue.is_on else queue.turn_on)()

    yield Command(
        *("start_queue", QUEUE, mark("Train what is lined up"), turn),
        tip=mark("Train one after the other; a failure is noted, and the next begins"),
        short=mark("Train them"),
        why_not=why_no_start,
        is_on=lambda: queue.is_on,
    )
    yield Command(
        *("add_to_queue", QUEUE, mark("Line up what is planned"), lambda: queue.add(plan.config)),
        tip=mark("Add a training with the options of the form"),
        why_not=why_no_plan,
        first=plan.finish,
    )


def _of_chosen(workspace: CompareWorkspace) -> Iterable[Command]:
    queue = workspace.context.services.queue

    def chosen() -> list[Planned]:
        return workspace.queue_panel.chosen()

    def why_none() -> str:
        if workspace.doing is None or workspace.why_not_here():
            return workspace.why_not_here() or tr("The window is still being built.")
        if workspace.pages.currentWidget() is not workspace.queue_panel:
            return tr("Choose a training on the page “Queue”.")
        return "" if chosen() else tr("Choose a training first.")

    def why_not_free() -> str:
        if why_not := why_none():
            return why_not
        return tr("Stop the training first.") if any(it.key in queue.state.trained for it in chosen()) else ""

    def why_not_one() -> str:
        return why_not_free() or ("" if len(chosen()) == 1 else tr("Choose a single training."))

    def why_not_again() -> str:
        return why_none() or ("" if any(it.state == "failed" for it in chosen()) else tr("None of them failed."))

    def move(by: int) -> None:
        (plan,) = chosen()
        queue.move(plan.key, max(workspace.queue_panel.plans.index(plan) + by, 0))

    def again() -> None:
        for plan in chosen():
            if plan.state == "failed":
                queue.again(plan.key)

    def command(name: str, words: tuple[str, str, str], do: Callable[[], object], why_not: Callable[[], str],
                *keys: str) -> Command:  # fmt: skip
        title, tip, spoken = words
        return Command(name, QUEUE, title, do, keys, tip, spoken, why_not=why_not, waits=True)

    up = mark("Earlier"), mark("Train it before the one above"), mark("Train it earlier")
    down = mark("Later"), mark("Train it after the one below"), mark("Train it later")
    retry = mark("Try again"), mark("Let what failed wait once more"), mark("Try it once more")
    out = mark("Remove"), mark("Take it out; a run that was begun stays"), mark("Take it out of the queue")
    yield command("move_up", up, lambda: move(-1), why_not_one, "Ctrl+Up")
    yield command("move_down", down, lambda: move(1), why_not_one, "Ctrl+Down")
    yield command("try_again", retry, again, why_not_again)
    yield command("remove_from_queue", out, lambda: queue.remove([it.key for it in chosen()]), why_not_free, "Del")
