"""How a training begins in its run, anew or where it stood, and what must go from the run first."""

from __future__ import annotations

import math

from engine.errors import UserError
from engine.evaluation.scheduler import EvaluationScheduler
from engine.i18n import tr
from engine.runs import AnyRun, RunInfo, Schedule, check_changes
from engine.training import log_lines
from engine.training.run_writer import log
from engine.training.sample_logger import SampleLogger
from engine.training.session import Session, Setup


class Starter:
    """Makes the session that trains on in ``run``, and the run ready for it.

    ``schedule`` says what becomes of its schedules where the run gets another length.
    """

    def __init__(
        self,
        run: AnyRun,
        setup: Setup,
        samples: SampleLogger,
        scheduler: EvaluationScheduler,
        schedule: Schedule = "stretch",
    ) -> None:
        self._run = run
        self._setup = setup
        self._samples = samples
        self._scheduler = scheduler
        self._schedule = schedule

    def start(self, *, again: bool = False) -> Session:
        """Begin; ``again`` where the run holds something of an earlier beginning, which goes."""
        session = Session(self._setup)
        if again:
            self.wipe()
        self._run.save_info(session.info)
        self._run.save_noise(self._samples.noise())
        log(self._run, log_lines.began(session.device))
        if (branch := session.info.branch_of) and not branch.is_exact:
            self._run.save_state(0, *session.checkpoint())
            log(self._run, log_lines.begun_with(branch))
        return session

    def resume(self) -> tuple[Session, bool]:
        """Go on where the run stands; tells whether anything is left to train. Without, nothing is written."""
        earlier, info = self._run.info(), self._setup.info
        if earlier.facts != info.facts:
            raise UserError(
                tr("The data set is not the one that this run was trained on."),
                tr("Give the folder with the same images, or start a new run."),
            )
        check_changes(earlier)
        _carry_over(earlier, info)
        # What was made while the speed was measured is made again; else what was made has its checkpoint.
        if earlier.minutes is not None or not (self._run.has_state() or self._run.has_made()):
            self._remember_going_back(0)
            return self.start(again=True), True
        session = Session(self._setup, self._run.state())
        info.extensions = earlier.extended(info.total_images, session.state.images_seen, self._schedule)
        owes = session.sample_is_due or self._scheduler.owes(self._run.qualities(), session.state.images_seen)
        if session.schedule.is_over(session.state) and not owes:
            return session, False
        self._remember_going_back(session.state.images_seen)
        self._roll_back(session)
        self._run.save_info(info)
        if info.extensions != earlier.extensions:
            log(self._run, log_lines.got_another_length(info, earlier, self._schedule))
        log(self._run, log_lines.resumed(session))
        return session, True

    def wipe(self) -> None:
        """Drop all that was made: the training begins again."""
        self._run.truncate(0, 0)
        self._run.drop_after(0, -1)
        self._scheduler.start_again([])

    def _remember_going_back(self, images_seen: int) -> None:
        """Keep in the run's record that a number was not finite: the row that tells it is about to go."""
        row = self._run.last_row()
        if row is not None and not math.isfinite(row.d_loss + row.g_loss):
            info = self._setup.info
            info.went_back = [*info.went_back, (row.images_seen, images_seen)]

    def _roll_back(self, session: Session) -> None:
        """Drop what the run tells of the time after the checkpoint, or tells again in a moment."""
        at = session.state
        self._run.truncate(at.step - bool(at.unfinished_row), at.images_seen - session.sample_is_due)
        self._run.drop_after(at.ended_epochs, at.images_seen)
        self._scheduler.start_again(self._run.qualities())
        at.ended_epochs = min(at.ended_epochs, session.schedule.shown_epochs(at))  # one cut short goes on


def _carry_over(earlier: RunInfo, info: RunInfo) -> None:
    """Take over into ``info`` what the run recorded ``earlier``; minutes only where the training keeps its length."""
    info.changes, info.branch_of = earlier.changes, earlier.branch_of
    info.threads, info.went_back = earlier.threads, earlier.went_back
    lengths = [(config.epochs, config.total_images) for config in (info.config, earlier.config)]
    info.minutes = earlier.minutes if lengths[0] == lengths[1] else None
