"""What can be done with the runs that are chosen in the table: how it is called, its keys, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from engine.runs import RunSummary
from studio.commands import Command

if TYPE_CHECKING:
    from studio.workspaces.compare.actions_presenter import ActionsPresenter
    from studio.workspaces.compare.workspace import CompareWorkspace

RUNS = mark("Runs")
BUTTONS = ("look_at_run", "mirror_runs", "duel_runs", "same_options", "delete_runs")
"""Those that stand below the table."""
ACTIONS: tuple[str | None, ...] = (
    *("look_at_run", "mirror_runs", "duel_runs", None),
    *("rename_run", "star_runs", "note_run", None),
    *("same_options", "branch_run", "lengthen_run", None),
    *("line_up", "more_seeds", None),
    *("keep_as_recipe", "my_recipes", None),
    *("show_chosen_folder", "export_run", "import_run", None),
    *("delete_runs", "undo_delete"),
)
"""All of them, as they stand in menus; None is a line between two groups."""

_MOST_MIRRORED = 12  # four are seen, all of them in the curves

Act = Callable[["ActionsPresenter"], object]


class _Makers:
    """Makes commands that act on what is chosen in the table of ``workspace``."""

    def __init__(self, workspace: CompareWorkspace) -> None:
        self._workspace = workspace

    def one(self, name: str, title: str, act: Act, keys: tuple[str, ...] = (), tip: str = "") -> Command:
        """Return what is done with one run that can be read."""
        return self._command(name, title, act, keys, tip, self._why_not_one)

    def some(self, name: str, title: str, act: Act, keys: tuple[str, ...] = (), tip: str = "") -> Command:
        """Return what is done with runs that can be read."""
        return self._command(name, title, act, keys, tip, self._why_not_some)

    def several(self, name: str, title: str, act: Act, keys: tuple[str, ...] = (), tip: str = "") -> Command:
        """Return what is done with two runs or more that can be read, of the table or of the class wall."""
        return self._command(name, title, act, keys, tip, self._why_not_several)

    def any(self, name: str, title: str, act: Act, keys: tuple[str, ...] = (), tip: str = "") -> Command:
        """Return what is done with runs, whatever is wrong with them."""
        return self._command(name, title, act, keys, tip, self._why_not_any)

    def here(
        self,
        name: str,
        title: str,
        act: Act,
        keys: tuple[str, ...] = (),
        tip: str = "",
        why_not: Callable[[], str] = lambda: "",
    ) -> Command:
        """Return what is done in this workspace, whatever is chosen."""
        return self._command(name, title, act, keys, tip, lambda: self._workspace.why_not_here() or why_not())

    def can_undo(self) -> bool:
        """Whether something that was deleted can be had back."""
        return self._workspace.doing is not None and self._workspace.doing.can_undo

    def _command(
        self, name: str, title: str, act: Act, keys: tuple[str, ...], tip: str, why_not: Callable[[], str]
    ) -> Command:
        def do() -> None:
            assert self._workspace.doing is not None
            act(self._workspace.doing)

        return Command(name, RUNS, title, do, keys, tip, why_not=why_not, waits=True)

    def one_to_file(self, name: str, title: str, act: Act, keys: tuple[str, ...] = (), tip: str = "") -> Command:
        """Return what is done with one run while none is on its way into a file or out of one."""
        return self._command(name, title, act, keys, tip, lambda: self._why_not_one() or self.why_not_another_file())

    def why_not_another_file(self) -> str:
        """Say what is on its way, or nothing."""
        is_busy = self._workspace.context.services.run_files.is_busy
        return tr("Another run is being exported or imported.") if is_busy else ""

    def _why_not_any(self) -> str:
        if self._workspace.doing is None or self._workspace.why_not_here():
            return self._workspace.why_not_here() or tr("Choose a run first.")
        if self._workspace.pages.currentWidget() is not self._workspace.run_table:
            return tr("Choose runs on the page “Runs”.")
        return "" if self._workspace.run_table.chosen() else tr("Choose a run first.")

    def _why_not_some(self) -> str:
        if why_not := self._why_not_any():
            return why_not
        is_readable = all(isinstance(row.run, RunSummary) for row in self._workspace.run_table.chosen())
        return "" if is_readable else tr("A run that cannot be read is among the chosen ones.")

    def _why_not_several(self) -> str:
        cards = None if self._workspace.why_not_here() else self._workspace.chosen_cards()
        if cards is None and (why_not := self._why_not_some()):
            return why_not
        runs = [it.run for it in (self._workspace.run_table.chosen() if cards is None else cards)]
        if not all(isinstance(run, RunSummary) for run in runs):
            return tr("A run that cannot be read is among the chosen ones.")
        is_enough = 2 <= len(runs) <= _MOST_MIRRORED
        return "" if is_enough else tr("Choose 2 to {most} runs (Ctrl+click).", most=_MOST_MIRRORED)

    def _why_not_one(self) -> str:
        if why_not := self._why_not_some():
            return why_not
        return "" if len(self._workspace.run_table.chosen()) == 1 else tr("Choose a single run.")


def run_commands(workspace: CompareWorkspace) -> Iterable[Command]:
    """Return what can be done with runs."""
    make = _Makers(workspace)
    yield from _reading(make)
    yield from _lining_up(make)
    yield from _filing(make)


def _reading(make: _Makers) -> Iterable[Command]:
    return (
        make.one(
            "look_at_run",
            mark("&Look at it"),
            lambda actions: actions.look_at(),
            tip=mark("Show curves, samples, quality and explorer of this run, also while another one trains"),
        ),
        make.several(
            "mirror_runs",
            mark("Side &by side"),
            lambda actions: actions.mirror(),
            ("Ctrl+M",),
            mark("Look at the chosen runs beside each other, at the same moment and of the same noise"),
        ),
        make.one("rename_run", mark("&Rename"), lambda actions: actions.rename(), ("F2",)),
        make.some(
            "star_runs",
            mark("S&tar"),
            lambda actions: actions.star(),
            ("Ctrl+D",),
            mark("Give a star to what you want to find again, or take it away"),
        ),
        make.one(
            "note_run", mark("&Note…"), lambda actions: actions.note(), ("Shift+F2",), mark("Write about this run")
        ),
        make.one(
            "same_options",
            mark("&Same options again"),
            lambda actions: actions.take_options(),
            ("Ctrl+Shift+D",),
            mark("Plan a new training with the options of this run"),
        ),
        make.one(
            "branch_run",
            mark("&Branch off…"),
            lambda actions: actions.branch(),
            ("Ctrl+B",),
            mark("Train a new run that goes on from an epoch of this one, with other options"),
        ),
        make.one(
            "lengthen_run",
            mark("&Go on longer…"),
            lambda actions: actions.lengthen(),
            ("Ctrl+L",),
            mark("Train this run on to more epochs than were planned"),
        ),
    )


def _lining_up(make: _Makers) -> Iterable[Command]:
    return (
        make.some(
            "line_up",
            mark("Line &up again"),
            lambda actions: actions.line_up(),
            ("Ctrl+Shift+L",),
            mark("Add trainings with the options of these runs to the queue"),
        ),
        make.one(
            "more_seeds",
            mark("T&hree more seeds"),
            lambda actions: actions.more_seeds(),
            ("Ctrl+Shift+S",),
            mark("Train the same options with three other seeds, one after the other; side by side they are a band"),
        ),
        make.one(
            "keep_as_recipe",
            mark("&Keep as a recipe…"),
            lambda actions: actions.keep_as_recipe(),
            ("Ctrl+R",),
            mark("Keep the options of this run as a recipe of your own"),
        ),
        make.here(
            "my_recipes",
            mark("My re&cipes…"),
            lambda actions: actions.show_recipes(),
            tip=mark("Give recipes of your own away, bring others, remove them"),
        ),
    )


def _filing(make: _Makers) -> Iterable[Command]:
    return (
        make.any(
            "show_chosen_folder",
            mark("Show the &folder"),
            lambda actions: actions.show_folder(),
            ("Ctrl+Shift+O",),
            mark("Open the folder of this run in the desktop's file manager"),
        ),
        make.one_to_file(
            "export_run",
            mark("&Export as one file…"),
            lambda actions: actions.transfers.export(),
            ("Ctrl+E",),
            mark("Save all of this run as one .duelo file, to be given away"),
        ),
        make.here(
            "import_run",
            mark("&Import…"),
            lambda actions: actions.transfers.import_file(),
            ("Ctrl+I",),
            mark("Add a run that somebody exported as a .duelo file"),
            make.why_not_another_file,
        ),
        make.any(
            "delete_runs",
            mark("&Delete"),
            lambda actions: actions.delete(),
            ("Del",),
            mark("Move the chosen runs into the trash; Ctrl+Z brings them back"),
        ),
        make.here(
            "undo_delete",
            mark("&Bring back what was deleted"),
            lambda actions: actions.undo_delete(),
            tip=mark("Bring back the runs that were deleted last (Ctrl+Z in the table)"),
            why_not=lambda: "" if make.can_undo() else tr("Nothing was deleted since the start."),
        ),
    )
