"""What can be done with a class wall: how it is called, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from studio.commands import Command

if TYPE_CHECKING:
    from studio.workspaces.compare.wall.presenter import WallPresenter
    from studio.workspaces.compare.workspace import CompareWorkspace

WALL = mark("Class wall")
BUTTONS = {
    "mirror_runs": "mirror_cards_button",
    "choose_wall": "choose_wall_button",
    "share_runs": "share_runs_button",
}
"""The commands below the cards, and what their buttons are called."""


def wall_commands(workspace: CompareWorkspace) -> Iterable[Command]:
    """Return what can be done with the class wall."""

    def command(name: str, title: str, act: Callable[[WallPresenter], object], tip: str) -> Command:
        def do() -> None:
            if workspace.wall is not None:
                act(workspace.wall)

        return Command(
            *(name, WALL, title, do),
            tip=tip,
            why_not=lambda: "" if workspace.wall is not None else tr("The window is still being built."),
        )

    yield command(
        "choose_wall",
        mark("Choose the class wall…"),
        lambda wall: wall.choose(),
        mark("See the runs of the whole class in a shared folder"),
    )
    yield command(
        "share_runs",
        mark("Share my runs with the class…"),
        lambda wall: wall.ask_to_share(),
        mark("Let the class see how your trainings go, in a shared folder"),
    )
