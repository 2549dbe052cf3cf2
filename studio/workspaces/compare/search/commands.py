"""What can be done with a search and with its trials: how it is called, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.i18n import mark, tr
from studio.commands import Command, Text

if TYPE_CHECKING:
    from engine.search.records import TrialRecord
    from studio.model.work_state import WorkState
    from studio.workspaces.compare.search.presenter import SearchPresenter
    from studio.workspaces.compare.workspace import CompareWorkspace

SEARCH = mark("Search")
BUTTONS = ("start_search", "pause_search", "stop_search")
STUDY_ACTIONS = ("rename_search", "delete_search", "undo_delete_search", "choose_search_place")
OF_ONE_TRIAL = ("look_at_trial", "branch_trial", "keep_trial", "take_trial_options")
DUEL = "duel_trials"
TRIAL_ACTIONS = (*OF_ONE_TRIAL, DUEL)

Act = Callable[["SearchPresenter"], object]


class _Makers:
    """Makes commands of the page in which ``workspace`` searches, which is built late."""

    def __init__(self, workspace: CompareWorkspace) -> None:
        self._workspace = workspace

    @property
    def page(self) -> SearchPresenter | None:
        return self._workspace.searching

    def state(self) -> WorkState | None:
        """Return what the search is doing, None while the page is not built."""
        return self._workspace.context.services.searching.state if self.page is not None else None

    def rests(self) -> bool:
        """Whether a search waits for a person."""
        state = self.state()
        return state is not None and state.rests

    def command(self, name: str, title: Text, act: Act, tip: str, why_not: Callable[[], str],
                short: Text = "", first: Act | None = None) -> Command:  # fmt: skip
        """Return what is done on that page."""

        def do() -> None:
            if self.page is not None:
                act(self.page)

        def why_not_now() -> str:
            if self.page is None or self._workspace.why_not_here():
                return self._workspace.why_not_here() or tr("The window is still being built.")
            return why_not()

        def begin() -> None:
            if self.page is not None and first is not None:
                first(self.page)

        return Command(name, SEARCH, title, do, tip=tip, why_not=why_not_now, short=short,
                       first=begin if first is not None else None)  # fmt: skip

    def of_trial(self, name: str, title: str, act: Act, tip: str, why_not: Callable[[TrialRecord], str],
                 short: str) -> Command:  # fmt: skip
        """Return what is done with a single trial."""

        def why_not_one() -> str:
            trials = self.page.chosen if self.page is not None else []
            return why_not(trials[0]) if len(trials) == 1 else tr("Choose a single trial.")

        return self.command(name, title, act, tip, why_not_one, short)


def search_commands(workspace: CompareWorkspace) -> Iterable[Command]:
    """Return what can be done with searches."""
    make = _Makers(workspace)
    yield from _of_search(make, workspace)
    yield from _of_studies(make, workspace)
    yield from _of_trials(make, workspace)


def _of_search(make: _Makers, workspace: CompareWorkspace) -> Iterable[Command]:
    def why_no_start() -> str:
        assert make.page is not None
        if workspace.context.services.searching.is_busy:
            return tr("A search is under way.")
        if workspace.context.services.training.is_busy:
            return tr("A run is being trained; a search and a training do not go together. Stop the training first.")
        return make.page.problem

    def why_no_pause() -> str:
        state = make.state()
        return "" if state is not None and state.may_pause else tr("Nothing is being searched.")

    def why_no_stop() -> str:
        state = make.state()
        return "" if state is not None and state.may_stop else tr("Nothing is being searched.")

    yield make.command(
        "start_search",
        lambda: tr("Go on searching") if make.page and make.page.goes_on else tr("Start the search"),
        lambda page: page.start(),
        mark("Train one trial after the other, each with other options, until the time is over"),
        why_no_start,
        first=lambda page: page.form.finish_editing(),
    )
    yield make.command(
        "pause_search",
        lambda: tr("Resume the search") if make.rests() else tr("Pause the search"),
        lambda page: page.pause_or_resume(),
        mark("Let the search rest, or go on with it"),
        why_no_pause,
        lambda: tr("Resume") if make.rests() else tr("Pause"),
    )
    yield make.command(
        "stop_search",
        mark("Stop the search"),
        lambda page: page.stop(),
        mark("End the search; all trials are kept, and the one under way is taken up again when you go on"),
        why_no_stop,
        mark("Stop"),
    )


def _of_studies(make: _Makers, workspace: CompareWorkspace) -> Iterable[Command]:
    def is_busy() -> bool:
        return workspace.context.services.searching.is_busy

    def why_no_change() -> str:
        assert make.page is not None
        study = make.page.form.chooser.study
        if is_busy():
            return tr("Stop the search first.")
        if study is None:
            return tr("Choose a search first.")
        return "" if study.is_ours else tr("Another program made it; it stays as it is.")

    def why_no_undo() -> str:
        assert make.page is not None
        if is_busy():
            return tr("Stop the search first.")
        return "" if make.page.studies.deleted else tr("No deleted search is in the trash.")

    yield make.command(
        "rename_search",
        mark("Rename the search…"),
        lambda page: page.studies.rename(),
        mark("Call the search otherwise; others who work on it see that, too"),
        why_no_change,
    )
    yield make.command(
        "delete_search",
        mark("Delete the search"),
        lambda page: page.studies.delete(),
        mark("Move the search into the trash, with the pictures and runs of its trials"),
        why_no_change,
    )
    yield make.command(
        "undo_delete_search",
        mark("Have the deleted search back"),
        lambda page: page.studies.undo_delete(),
        mark("Take back the search that was deleted last"),
        why_no_undo,
    )
    yield make.command(
        "choose_search_place",
        mark("Where searches are kept…"),
        lambda page: page.studies.choose_place(),
        mark("Keep searches in a file on a shared folder or on a server, and work on those of others"),
        lambda: tr("Stop the search first.") if is_busy() else "",
    )


def _of_trials(make: _Makers, workspace: CompareWorkspace) -> Iterable[Command]:
    training = workspace.context.services.training

    def why_no_run(trial: TrialRecord) -> str:
        if not trial.is_over:
            return tr("This trial is not over yet.")
        return "" if trial.run is not None else tr("No run is kept of this trial.")

    def why_no_branch(trial: TrialRecord) -> str:
        busy = tr("Stop the training first.") if training.is_busy else training.why_not()
        return why_no_run(trial) or busy

    def why_no_options(trial: TrialRecord) -> str:
        return "" if trial.values else tr("This trial has not begun yet.")

    def why_no_plan(trial: TrialRecord) -> str:
        return why_no_options(trial) or (tr("Stop the training first.") if training.is_busy else "")

    yield make.of_trial(
        "look_at_trial",
        mark("Look at this trial"),
        lambda page: page.look(),
        mark("Show curves, samples, quality and explorer of the run of this trial"),
        why_no_run,
        mark("Look at it"),
    )
    yield make.of_trial(
        "branch_trial",
        mark("Branch off this trial…"),
        lambda page: page.branch(),
        mark("Train a new run that goes on from the networks of this trial"),
        why_no_branch,
        mark("Branch off…"),
    )
    yield make.of_trial(
        "keep_trial",
        mark("Keep this trial as my recipe…"),
        lambda page: page.keep(),
        mark("Make a recipe of your own of the options of this trial"),
        why_no_options,
        mark("Keep as my recipe…"),
    )
    yield make.of_trial(
        "take_trial_options",
        mark("Train with the options of this trial"),
        lambda page: page.take_options(),
        mark("Plan a longer training with the options of this trial"),
        why_no_plan,
        mark("Train with its options"),
    )
