"""What can be done in the workspace Style: how it is called, its keys, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from studio.commands import Command
from studio.model.work_state import WorkState

if TYPE_CHECKING:
    from studio.workspaces.style.presenter import StylePresenter
    from studio.workspaces.style.workspace import StyleWorkspace

STYLE = mark("Style")
BUTTONS = ("style_paint", "style_pause", "style_stop")
SAVING = ("style_save", "style_film")


def style_commands(workspace: StyleWorkspace) -> Iterable[Command]:
    """Return what begins and ends a picture, and what is done with it."""

    def presented(act: Callable[[StylePresenter], object]) -> Callable[[], None]:
        def do() -> None:
            if workspace.painting is not None:
                act(workspace.painting)

        return do

    def state() -> WorkState:
        return workspace.context.services.styling.state if workspace.painting is not None else WorkState.IDLE

    def why_not(reason: Callable[[], str]) -> Callable[[], str]:
        def why() -> str:
            if workspace.painting is None or workspace.why_not_here():
                return workspace.why_not_here() or tr("The window is still being built.")
            return reason()

        return why

    def why_no_start() -> str:
        return "" if state() is WorkState.IDLE else tr("A picture is being painted already.")

    def why_no_pause() -> str:
        painting = workspace.painting
        return "" if state().may_pause or painting is None else painting.why_no_going_on()

    def why_no_stop() -> str:
        return "" if state().may_stop else tr("No picture is being painted.")

    def why_no_picture() -> str:
        return "" if workspace.painting and workspace.painting.has_picture else tr("There is no picture yet.")

    def pause_title() -> str:
        return tr("Go on") if workspace.painting and workspace.painting.rests else tr("Pause")

    yield Command("style_paint", STYLE, mark("Paint"), presented(lambda it: it.paint()), ("Ctrl+Return",),
                  mark("Paint the content in the style that is chosen"), why_not=why_not(why_no_start))  # fmt: skip
    yield Command("style_pause", STYLE, pause_title, presented(lambda it: it.pause_or_go_on()), ("Ctrl+P",),
                  mark("Rest after this step, or go on"), mark("Pause painting, or go on"),
                  why_not=why_not(why_no_pause))  # fmt: skip
    yield Command("style_stop", STYLE, mark("Stop"), presented(lambda it: it.stop()), ("Ctrl+.",),
                  mark("End; the picture stays as it is"), mark("Stop painting"),
                  why_not=why_not(why_no_stop))  # fmt: skip
    yield Command("style_save", STYLE, mark("Save picture…"), presented(lambda it: it.save()), ("Ctrl+Shift+P",),
                  mark("Save the picture that is shown as PNG"), why_not=why_not(why_no_picture))  # fmt: skip
    yield Command("style_film", STYLE, mark("Save film…"), presented(lambda it: it.save_film()), ("Ctrl+Shift+F",),
                  mark("Save how the picture came about, as MP4 or GIF"), mark("Save film of the picture"),
                  why_not=why_not(why_no_picture))  # fmt: skip
