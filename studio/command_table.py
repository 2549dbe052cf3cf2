"""The table of what a person can do wherever they are: files, training, epochs, view, help.

It says what exists, how it is called, its keys, and when it makes sense; what it does is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QStyle, QWidget

from engine import i18n
from engine.i18n import LANGUAGES, joined, mark, tr
from studio import language, text_size, theme
from studio.commands import Command, Commands
from studio.model.work_state import WorkState
from studio.services import Services
from studio.settings import Settings
from studio.text.recipe import takes_sentence
from studio.workspace import go_to

if TYPE_CHECKING:
    from studio.estimates import Estimates
    from studio.model.plan import Plan
    from studio.panels.epoch_strip import EpochStrip
    from studio.presentation import Presentation
    from studio.presenters.plans import Plans
    from studio.presenters.runs import Runs
    from studio.presenters.trainings import Trainings
    from studio.services.training import TrainingService
    from studio.workspace import History, Workspace

FILE, EDIT, OPTIONS, TRAINING, EPOCHS, VIEW, HELP = (
    mark("File"),
    mark("Edit"),
    mark("Options"),
    mark("Training"),
    mark("Epochs and classes"),
    mark("View"),
    mark("Help"),
)
_SCHEMES: dict[str, str] = {
    "system": mark("Like the desktop"),
    "light": mark("Light"),
    "dark": mark("Dark"),
}
SCHEME_CHOICES = tuple(f"choose_{name}" for name in _SCHEMES)
LANGUAGE_CHOICES = tuple(f"choose_{code}" for code in LANGUAGES)
_REPORT_TIP = mark("Settings, curves, samples, diagnosis and measures of this run as one page, or as PDF")
_ICONS = QStyle.StandardPixmap


def file_commands(runs: Runs, services: Services, leave: Callable[[], object]) -> Iterable[Command]:
    """Return what opens, saves and leaves."""

    def why_no_film() -> str:
        # Epoch 0 alone is no film.
        return "" if any(services.shown.data.grid_files) else tr("There is no epoch yet that a film could show.")

    def why_no_code() -> str:
        return "" if services.shown.run is not None else tr("No run is shown.")

    return (
        Command(
            "show_code",
            TRAINING,
            mark("Show me the &code…"),
            runs.show_code,
            tip=mark("This run as a short script of plain PyTorch, to read, copy and run without Duelo"),
            why_not=why_no_code,
        ),
        Command("open_run", FILE, mark("&Open a run…"), runs.ask_for_run, ("Ctrl+O",)),
        Command("show_run_folder", FILE, mark("Show the run &folder"), runs.show_run_folder),
        Command("save_film", FILE, mark("&Save film…"), runs.save_film, why_not=why_no_film),
        Command("lab_report", FILE, mark("&Lab report…"), runs.save_report, tip=_REPORT_TIP, why_not=why_no_code),
        Command("quit", FILE, mark("&Quit"), leave, ("Ctrl+Q",), role=QAction.MenuRole.QuitRole),
    )


def data_commands(plans: Plans, services: Services) -> Iterable[Command]:
    """Return what brings data of one's own."""

    def why_not() -> str:
        return tr("Stop the training first.") if services.training.is_busy else ""

    return (
        Command("own_pictures", FILE, mark("Own &pictures…"), plans.ask_for_pictures, why_not=why_not),
        Command(
            "own_handwriting",
            FILE,
            mark("Own &handwriting…"),
            plans.ask_for_handwriting,
            tip=mark("Print a sheet, write digits on it, and train on its photograph"),
            why_not=why_not,
        ),
        Command(
            "open_table",
            FILE,
            mark("&Table of numbers…"),
            plans.ask_for_table,
            tip=mark("Train on the rows of a CSV file: two columns are points in the plane, more a table"),
            why_not=why_not,
        ),
        Command(
            "draw_points",
            FILE,
            mark("&Draw points…"),
            plans.ask_for_points,
            tip=mark("Spray a cloud of points by hand, and train on it"),
            why_not=why_not,
        ),
    )


def training_commands(
    trainings: Trainings, runs: Runs, services: Services, plan: Plan, estimates: Estimates
) -> Iterable[Command]:
    """Return what begins, rests and ends a training. Space goes on with what rests before it begins anything anew."""
    training = services.training

    def why_no_train() -> str:
        if training.is_busy:
            return tr("A run is being trained.")
        if why_not := training.why_not():
            return why_not
        return "" if plan.is_sensible else tr("The options make no sense together; the line above them says why.")

    def why_no_stop() -> str:
        is_possible = training.state.may_stop
        return "" if is_possible else tr("Nothing is being trained.")

    yield _pause_command(trainings, services)
    yield Command(
        "train",
        TRAINING,
        mark("Train"),
        trainings.train,
        ("Space",),
        lambda: joined(tr("Start a new training"), takes_sentence(estimates.current), between="\n"),
        why_not=why_no_train,
        first=plan.finish,
        waits=True,
        icon=lambda: _ICONS.SP_MediaPlay,
    )
    yield _step_command(runs, training, plan, why_no_train)
    yield Command(
        "stop",
        TRAINING,
        mark("Stop"),
        training.stop,
        tip=mark("Save and end the training; it can be resumed later"),
        why_not=why_no_stop,
        icon=lambda: _ICONS.SP_MediaStop,
    )


def _step_command(runs: Runs, training: TrainingService, plan: Plan, why_no_train: Callable[[], str]) -> Command:
    """Return what looks at one step, stage by stage."""

    def why_not() -> str:
        if training.is_looked_at:
            return tr("A step is looked at already.")
        if training.is_busy:
            return "" if training.state is WorkState.PAUSED else tr("Pause the training first.")
        return why_no_train()

    return Command(
        "step",
        TRAINING,
        mark("Step"),
        runs.watch_step,
        ("F7",),
        mark("One step under the magnifier: what G draws, what D says, the loss in numbers, and what moves"),
        why_not=why_not,
        first=plan.finish,
        icon=lambda: _ICONS.SP_MediaSkipForward,
    )


def _pause_command(trainings: Trainings, services: Services) -> Command:
    """Return what rests the training, or goes on with the one that rests."""
    training = services.training

    def goes_on() -> bool:
        return training.state.rests or services.can_resume

    def told() -> str:
        if services.owes_verdict:
            return tr("Judge the last samples: the run is trained, and was closed before its judge had seen them")
        return tr("Go on with this training") if goes_on() else tr("Pause the training")

    def why_not() -> str:
        if not training.is_busy and (other := training.why_not()):
            return other
        is_possible = goes_on() or training.state is WorkState.WORKING
        return "" if is_possible else tr("Nothing is being trained, and no unfinished run is shown.")

    return Command(
        "pause",
        TRAINING,
        lambda: tr("Judge") if services.owes_verdict else tr("Resume") if goes_on() else tr("Pause"),
        lambda: trainings.resume() if goes_on() else training.pause(),
        ("Space",),
        told,
        why_not=why_not,
        waits=True,
        icon=lambda: _ICONS.SP_MediaSeekForward if goes_on() else _ICONS.SP_MediaPause,
    )


def undo_commands(history: Callable[[], History]) -> Iterable[Command]:
    """Return what takes back the steps of the ``history`` that is in front."""

    def way(name: str, title: Callable[[str], str], do: Callable[[], object], keys: tuple[str, ...]) -> Command:
        back = name == "undo"
        return Command(
            name,
            EDIT,
            lambda: title(history().words(back=back)),
            do,
            keys,
            why_not=lambda: history().why_not(back=back),
        )

    def undo_title(what: str) -> str:
        return tr("&Undo: {what}", what=what) if what else tr("&Undo")

    def redo_title(what: str) -> str:
        return tr("&Redo: {what}", what=what) if what else tr("&Redo")

    yield way("undo", undo_title, lambda: history().undo(), ("Ctrl+Z",))
    yield way("redo", redo_title, lambda: history().redo(), ("Ctrl+Shift+Z", "Ctrl+Y"))


def epoch_commands(strip: EpochStrip) -> Iterable[Command]:
    """Return what goes through the epochs, by keys that wait until nothing else wants them."""

    def why_no_epoch() -> str:
        return "" if strip.current_epoch is not None else tr("There is no epoch yet.")

    def step(by: int) -> None:
        strip.choose((strip.current_epoch or 0) + by)

    def epoch(name: str, title: str, key: str, do: Callable[[], object]) -> Command:
        return Command(name, EPOCHS, title, do, (key,), why_not=why_no_epoch, waits=True)

    return (
        epoch("previous_epoch", mark("Epoch before"), "Left", partial(step, -1)),
        epoch("next_epoch", mark("Next epoch"), "Right", partial(step, 1)),
    )


def _text_size_commands(settings: Settings) -> Iterable[Command]:
    def size(name: str, title: str, keys: tuple[str, ...], steps: int, limit: str) -> Command:
        def wanted() -> int:
            return text_size.beside(settings.text_size, steps) if steps else text_size.USUAL

        def change() -> None:
            settings.text_size = wanted()
            text_size.show(settings.text_size)

        def now() -> str:
            return tr("Text is at {size}% of the system's size now.", size=settings.text_size)

        def why_not() -> str:
            return tr(limit) if wanted() == settings.text_size else ""

        return Command(name, VIEW, title, change, keys, now, why_not=why_not)

    largest, smallest = mark("Text is as large as it can be."), mark("Text is as small as it can be.")
    yield size("larger_text", mark("&Larger text"), ("Ctrl++", "Ctrl+="), 1, largest)
    yield size("smaller_text", mark("S&maller text"), ("Ctrl+-",), -1, smallest)
    yield size("usual_text", mark("&Usual text size"), ("Ctrl+0",), 0, mark("Text has the system's size."))


def view_commands(
    settings: Settings, reset_layout: Callable[[], object], step_region: Callable[[bool], object]
) -> Iterable[Command]:
    """Return what changes how the window looks, and the keys that walk through it."""

    def set_scheme(scheme: str) -> None:
        settings.scheme = scheme
        theme.set_scheme(scheme)

    def set_language(code: str) -> None:
        settings.language = code
        language.switch(code)

    def region(name: str, title: str, key: str, is_next: bool) -> Command:
        return Command(name, VIEW, title, partial(step_region, is_next), (key,), waits=True)

    yield Command("reset_layout", VIEW, mark("&Reset the layout"), reset_layout)
    yield region("next_region", mark("Next part of the window"), "F6", True)
    yield region("previous_region", mark("Part of the window before"), "Shift+F6", False)
    yield from _text_size_commands(settings)
    for scheme, title in _SCHEMES.items():
        yield Command(
            f"choose_{scheme}",
            VIEW,
            title,
            partial(set_scheme, scheme),
            is_on=partial(lambda it: settings.scheme == it, scheme),
            group="scheme",
        )
    for code, name in LANGUAGES.items():
        yield Command(
            f"choose_{code}",
            VIEW,
            partial(str, name),  # called the same in every language
            partial(set_language, code),
            is_on=partial(lambda it: i18n.language() == it, code),
            group="language",
        )


def workspace_commands(
    workspaces: Iterable[Workspace], stack: QStackedWidget, show: Callable[[str], object]
) -> Iterable[Command]:
    """Return what brings each workspace to the front of ``stack``, by its number."""

    def choice(place: int, workspace: Workspace) -> Command:
        return Command(
            go_to(workspace.name),
            VIEW,
            workspace.label,
            partial(show, workspace.name),
            (f"Ctrl+{place}",),
            workspace.tip_told,
            workspace.spoken,
            is_on=lambda: stack.currentWidget() is workspace,
            group="workspace",
        )

    return (choice(place, workspace) for place, workspace in enumerate(workspaces, 1))


def presentation_commands(presentation: Presentation) -> Iterable[Command]:
    """Return what begins a presentation and ends it."""

    def is_on() -> bool:
        return presentation.is_on

    def why_not() -> str:
        return "" if presentation.is_on else tr("Nothing is being presented.")

    tip = mark("Only what a class looks at, over the whole screen, with large text")
    yield Command("present", VIEW, mark("&Presentation"), presentation.toggle, ("F11",), tip, is_on=is_on)
    leave = mark("Leave the presentation")
    yield Command("leave_presentation", VIEW, leave, presentation.leave, ("Esc",), why_not=why_not, waits=True)


def help_commands(place: QWidget, commands: Commands, show_about: Callable[[], object]) -> Iterable[Command]:
    """Return what tells of the program and of what is in the window around ``place``."""

    # Imported late: what explains is not needed until the window is on screen.
    def explain() -> None:
        from studio.help.help_window import explain_focus

        explain_focus(place.window())

    def glossary() -> None:
        from studio.help.help_window import show_glossary

        show_glossary(place.window())

    def shortcuts() -> None:
        from studio.help.shortcuts import show_shortcuts

        show_shortcuts(commands, place.window())

    yield Command("explain_focus", HELP, mark("&Explain what has the focus"), explain, ("F1",))
    yield Command(
        "glossary", HELP, mark("&Glossary"), glossary, ("Shift+F1",), mark("What the words mean, with pictures")
    )
    yield Command("shortcuts", HELP, mark("&Keyboard shortcuts"), shortcuts, ("Ctrl+F1",))
    yield Command("about", HELP, mark("&About Duelo"), show_about, role=QAction.MenuRole.AboutRole)
