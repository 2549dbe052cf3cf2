"""Judging a training while it runs: the judge is found or taught, and looks at the averaged generator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.evaluation.scheduler import EvaluationScheduler
from engine.events import EvaluatorTraining, Event, QualityReady
from engine.training import session as sessions
from engine.training.run_writer import RunWriter
from engine.training.session import Session


class Judging:
    """Lets ``scheduler`` look at what a ``session`` has learned; its time counts as training time."""

    def __init__(self, scheduler: EvaluationScheduler, session: Session, writer: RunWriter) -> None:
        self.scheduler = scheduler
        self._session = session
        self._writer = writer

    def prepare(self) -> Iterator[Event]:
        """Find the judge, or begin to teach one."""
        self.scheduler.prepare()
        if remark := self.scheduler.remark:
            self._writer.log(remark)
        if self.scheduler.is_training_judge():
            yield self._told(0.0)

    def train_judge(self) -> Iterator[Event]:
        """Teach the judge for its share of the last tick, where it still must learn."""
        with self._session.timed():
            share = self.scheduler.train(self._session.tick_seconds)
        if share is not None:
            yield self._told(share)

    def maybe_evaluate(self, must: bool) -> Iterator[Event]:
        """Judge what is learned so far, where there is the time for it; ``must`` does in any case, at the end."""
        session, at = self._session, self._session.state
        while must and self.scheduler.is_training_judge():  # so that even a short run is judged, and the judge kept
            with session.timed():
                share = self.scheduler.train_for(sessions.TICK_SECONDS)
            yield self._told(share, is_last=True)  # whoever wants to stop or to pause is heard
        epoch = session.schedule.epochs_done(at)
        with session.timed():
            quality = self.scheduler.maybe_evaluate(
                session.gan.ema.network, session.device, epoch, at.images_seen, at.seconds, must
            )
        if quality is not None:
            yield from self._writer.retry_io(partial(self._writer.run.append_quality, quality))
            yield QualityReady(quality)

    def _told(self, share: float, *, is_last: bool = False) -> EvaluatorTraining:
        return EvaluatorTraining(share, is_last, self.scheduler.remark)
