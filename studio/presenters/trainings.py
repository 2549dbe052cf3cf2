"""Beginning and going on with a training, and what a person must know when it ends or fails. Knows no panel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from engine.config import OPTIONS, Config
from engine.diagnosis.words import describe_remedy
from engine.errors import UserError
from engine.events import Finished, NotFinite, OutOfMemory, Started, WriteBlocked
from engine.i18n import number, tr
from engine.runs import Branch, Schedule
from studio.model.messages import Subject
from studio.model.plan import Plan
from studio.model.run import Run
from studio.model.work_state import WorkState
from studio.presenters.plans import Plans
from studio.services import Services
from studio.settings import Settings
from studio.text.kept import kept_told
from studio.widgets.messages.message_bar import MessageBar
from studio.workers.failure import Failure

_STOPPED = "training that was stopped"
_DIGITS = "0123456789"  # each is a key that asks for itself


class Trainings(QObject):
    """Asks the training service, with the options of the plan, and tells in the message bar how it went."""

    def __init__(self, services: Services, plan: Plan, plans: Plans, settings: Settings, messages: MessageBar) -> None:
        super().__init__(plans)
        self._services, self._plan, self._plans = services, plan, plans
        self._settings, self._messages = settings, messages
        self._tries_plan = False  # a new training was asked for, and has not begun yet
        self._to_announce: Callable[[], str] | None = None  # of a branch that was asked for, and has not begun yet
        self._stopping: Run | None = None  # what was told to end, and has not ended yet
        plans.train_requested.connect(lambda: self.train())
        training = services.training
        training.state_changed.connect(self._on_state_changed)
        training.started.connect(self._on_started)
        training.finished.connect(self._on_finished)
        training.halted.connect(self._on_halted)
        training.broken.connect(self._on_broken)
        training.stopped.connect(self._on_stopped)
        of_runs = (services.runs, services.run_files, services.mirror, services.own_recipes, services.queue)
        for service in of_runs:
            service.failed.connect(partial(self._on_failed, about=Subject.ASKED))
        for shown in (services.inspection, services.pictures):
            shown.failed.connect(self._on_failed)
        training.failed.connect(self._on_training_failed)
        for news in (plan.changed, plan.replaced):
            news.connect(self._on_other_plan)
        services.images.failed.connect(self._on_images_failed)
        services.generator.failed.connect(self._on_generator_failed)

    # --- what a person wants

    def train(self, *, watched: bool = False) -> None:
        """Begin a new run with the options of the plan; ``watched``: to rest within its first step."""
        config = self._plan.finish()
        if self._plan.is_sensible:
            self._keep_what_to_watch()
            self._tries_plan = True
            self._services.training.start(config, watched=watched)

    def resume(self) -> None:
        """Go on with the run shown, with what was changed of it while it rested; what was said of its rest is over."""
        self._keep_what_to_watch()
        self.go_on_with({})

    def watch(self) -> None:
        """Rest within the next step of the run shown, or within the first one of what is planned in its place."""
        run, plan = self._services.shown.run, self._plan.finish()
        rests = run is not None and run.is_unfinished and self._services.can_resume
        if run is not None and rests and _differ_live_only(plan, run.config_now):
            self._keep_what_to_watch()
            self.go_on_with({}, watched=True)
            return
        self.train(watched=True)
        if rests and self._tries_plan:
            self._messages.tell(
                lambda: tr("The options are not those of the run that rests, so this is the first step of a new one.")
            )

    def go_on_with(self, changes: Mapping[str, float], *, watched: bool = False) -> None:
        """Go on with the run shown after giving options other values, and those that a person gave while it rested.

        Options for a training of another kind are none of this run's: the plan is again what is trained.
        """
        plan, services = self._plan.finish(), self._services
        run = services.shown.run
        if run is None or not services.can_resume:
            services.training.resume()
            return
        now = run.config_now
        if are_alike := _differ_live_only(plan, now):
            changes = _live_differences(plan, now) | dict(changes)
        self._plan.replace((plan if are_alike else self._plans.on_this_machine(now)).changed(**changes))
        if not are_alike:
            self._messages.tell(lambda: tr("The run goes on with its own options, which are shown again."))
        services.training.resume(run, changes, watched=watched)

    def show_and_go_on(self, run: Run, changes: Mapping[str, float]) -> None:
        """Show ``run`` again, which rests, and go on with it after giving options other values."""
        if self._services.shown.run is not run:
            self._services.shown.put(run)
        self.go_on_with(changes)

    def branch(self, run: Run, epoch: int, changes: Mapping[str, Any] | None = None, *, exactly: bool = False) -> None:
        """Begin a new run with the networks that ``run`` keeps of ``epoch``, and with its options but ``changes``.

        ``exactly``: from the full state of that moment. Raises ``UserError`` where these make no sense together.
        """
        if not self._services.training.is_busy:
            config = self.branched(run, epoch, changes or {})
            config.check()  # what is refused is not planned either
            self._plan.replace(config)
            self._messages.dismiss()
            self._to_announce = partial(_branch_told, epoch, run, exactly=exactly)
            self._services.training.branch(run, config, epoch, exactly=exactly)

    def line_up_branch(self, run: Run, epoch: int, changes: Mapping[str, Any], *, exactly: bool) -> None:
        """Do the same later, when its turn comes."""
        origin = Branch(str(run.path.absolute()), epoch, is_exact=exactly)
        self._services.queue.add_branch(self.branched(run, epoch, changes), origin)

    def branched(self, run: Run, epoch: int, changes: Mapping[str, Any]) -> Config:
        """Return the options of a run that branches off ``run`` with ``changes``; raises ``UserError``."""
        return self._plans.on_this_machine(run.config_at(epoch * run.data.image_count).given(**changes))

    def lengthen(self, run: Run, epochs: int, schedule: Schedule) -> None:
        """Train ``run``, which rests, on to ``epochs`` epochs in all."""
        if not self._services.training.is_busy:
            self._plan.replace(self._plans.on_this_machine(run.config_now.given(epochs=epochs)))
            self._messages.dismiss()
            self._services.training.lengthen(run, epochs, schedule)

    def _keep_what_to_watch(self) -> None:
        """While it trains, the recipe's story is still worth reading, but no choice can be undone."""
        has_told = self._messages.is_about(Subject.RECIPE)
        self._messages.dismiss()
        if has_told:
            self._messages.tell(self._plans.story, about=Subject.RECIPE)
            self._messages.fold(True)

    # --- what the training tells

    def _on_state_changed(self, state: WorkState) -> None:
        if state is WorkState.IDLE:
            self._messages.retract(Subject.BUSY)
            self._to_announce = None
        if state is not WorkState.HALTED:
            self._messages.retract(Subject.HALT)
        if state is WorkState.PREPARING:
            self._messages.retract(_STOPPED)
        training = self._services.training
        if state is WorkState.STOPPING and training.trains(training.current.run):
            self._stopping = training.current.run

    def _on_started(self, started: Started) -> None:
        self._settings.last_run = started.run
        self._tries_plan = False
        if self._to_announce is not None:
            self._messages.tell(self._to_announce)
            self._to_announce = None

    def _on_finished(self, _event: Finished) -> None:
        self._settings.last_run = None
        run = self._services.training.current.run
        assert run is not None
        if not self._services.shows_live:
            self._messages.tell(
                lambda: tr("The training of “{run}” is finished.", run=run.title),
                lambda: tr("Show it"),
                self._services.show_live,
            )
            return
        digits = [] if run.info.facts.is_points else [name for name in run.data.class_names if name in _DIGITS]
        self._messages.tell(partial(_finished, digits))

    def _on_stopped(self) -> None:
        """Say where what was told to end rests, and how it goes on; what is trained or broken tells more of itself."""
        run, self._stopping = self._stopping, None
        services = self._services
        if run is None or not run.is_unfinished or services.training.is_broken or services.is_ending:
            return
        epoch = run.images_seen / max(run.data.image_count, 1)
        if services.shown.run is run:
            self._messages.tell(partial(_stopped, epoch), about=_STOPPED)
        else:
            told = partial(_stopped_behind, run, epoch)
            self._messages.tell(told, lambda: tr("Show it"), services.show_live, about=_STOPPED)

    # --- troubles

    def _on_failed(self, failed: Failure, about: Subject = Subject.RUN) -> None:
        epoch, run = failed.epoch, self._services.shown.run
        offer = "" if epoch is None else lambda: tr("New run from its newest generator")
        branch = None if epoch is None or run is None else partial(self._begin_with_networks, run, epoch)
        self._messages.warn(failed.message, failed.hint, failed.details, offer, branch, about)

    def _begin_with_networks(self, run: Run, epoch: int) -> None:
        try:
            self.branch(run, epoch)
        except UserError as error:
            self._messages.warn(error.message, error.hint, about=Subject.RUN)

    def _on_training_failed(self, failed: Failure) -> None:
        """What kept a new training from beginning is stale as soon as other options are planned."""
        self._on_failed(failed, Subject.PLAN if self._tries_plan else Subject.RUN)
        self._tries_plan, self._to_announce, self._stopping = False, None, None

    def _on_other_plan(self, *_: object) -> None:
        self._messages.retract(Subject.PLAN)

    def _on_images_failed(self, failed: Failure) -> None:
        self._on_failed(failed, Subject.DATA)

    def _on_generator_failed(self, text: str) -> None:
        self._messages.warn(text, "", about=Subject.SHOWN)

    def _on_halted(self, event: WriteBlocked) -> None:
        self._messages.warn(event.message, event.hint, "", lambda: tr("Try again"), self.resume, Subject.HALT)

    def _on_broken(self, event: NotFinite | OutOfMemory) -> None:
        run = self._services.training.current.run
        assert run is not None
        if isinstance(event, NotFinite):
            self._tell_not_finite(run, event)
        else:
            self._tell_out_of_memory(run, event)

    def _tell_not_finite(self, run: Run, event: NotFinite) -> None:
        epoch, remedy = event.safe_images_seen / run.data.image_count, self._plan.free(event.remedy)
        self._messages.warn(
            lambda: tr(
                "A number became NaN or infinite at step {step}; the run went back to epoch {epoch}.",
                step=number(event.step),
                epoch=number(epoch, ".3g"),
            ),
            lambda: tr("Try: {changes}", changes=describe_remedy(remedy)) if remedy else kept_told(event.remedy),
            action=(lambda: tr("Go on with these values")) if remedy else "",
            act=partial(self.show_and_go_on, run, remedy),
        )

    def _tell_out_of_memory(self, run: Run, event: OutOfMemory) -> None:
        smaller = event.batch_size
        self._messages.warn(
            lambda: tr("The memory of the device does not hold a step; the last checkpoint is intact."),
            lambda: (
                tr("Go on with smaller batches.")
                if smaller
                else tr("Close other programs, or train narrower networks or smaller pictures.")
            ),
            action=(lambda: tr("Go on with batches of {count}", count=number(smaller))) if smaller else "",
            act=partial(self.show_and_go_on, run, {"batch_size": smaller}),
        )


def _differ_live_only(one: Config, other: Config) -> bool:
    """Whether two configs could be of one run at two moments."""
    fixed = (name for name, option in OPTIONS.items() if not option.live and not option.of_machine)
    return all(getattr(one, name) == getattr(other, name) for name in fixed)


def _live_differences(wanted: Config, now: Config) -> dict[str, float]:
    live = (name for name, option in OPTIONS.items() if option.live)
    return {name: getattr(wanted, name) for name in live if getattr(wanted, name) != getattr(now, name)}


def _branch_told(epoch: int, run: Run, *, exactly: bool) -> str:
    if exactly:
        return tr("The new run goes on exactly from epoch {epoch} of “{run}”.", epoch=number(epoch), run=run.title)
    return tr("The new run begins with the networks of epoch {epoch} of “{run}”.", epoch=number(epoch), run=run.title)


def _stopped(epoch: float) -> str:
    return tr("Stopped at epoch {epoch}. Resume goes on with it.", epoch=_begun(epoch))


def _stopped_behind(run: Run, epoch: float) -> str:
    return tr("The training of “{run}” is stopped at epoch {epoch}.", run=run.title, epoch=_begun(epoch))


def _begun(epoch: float) -> str:
    """Say a moment with one decimal, and never that an epoch is done which is not."""
    return number(math.floor(10 * epoch) / 10, ".1f")


def _finished(digits: Sequence[str]) -> str:
    if len(digits) == len(_DIGITS):
        return tr("Finished. See under “Explore” what it learned, or ask for a digit with the keys 0 to 9.")
    if digits:
        keys = ", ".join(digits)
        return tr("Finished. See under “Explore” what it learned, or ask for a digit with its key: {keys}.", keys=keys)
    return tr("Finished. See under “Explore” what it learned.")
