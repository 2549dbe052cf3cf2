"""Judging a training while it runs: the judge is found or taught, and looks at the averaged generator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.evaluation.inspector import Inspector
from engine.events import EvaluatorTraining, Event, QualityReady
from engine.training import session as sessions
from engine.training.run_writer import RunWriter
from engine.training.session import Session


class Judging:
    """Lets ``inspector`` look at what a ``session`` has learned; its time counts as training time."""

    def __init__(self, inspector: Inspector, session: Session, writer: RunWriter) -> None:
        self.inspector = inspector
        self._session = session
        self._writer = writer

    def prepare(self) -> Iterator[Event]:
        """Find the judge, or begin to teach one."""
        self.inspector.prepare()
        if remark := self.inspector.remark:
            self._writer.log(remark)
        if self.inspector.still_teaches():
            yield self._told(0.0)

    def teach(self) -> Iterator[Event]:
        """Teach the judge for its share of the last tick, where it still must learn."""
        with self._session.timed():
            share = self.inspector.teach(self._session.tick_seconds)
        if share is not None:
            yield self._told(share)

    def look(self, must: bool) -> Iterator[Event]:
        """Judge what is learned so far, where there is the time for it; ``must`` does in any case, at the end."""
        session, at = self._session, self._session.state
        while must and self.inspector.still_teaches():  # so that even a short run is judged, and the judge kept
            with session.timed():
                share = self.inspector.teach_for(sessions.TICK_SECONDS)
            yield self._told(share, is_last=True)  # whoever wants to stop or to pause is heard
        epoch = session.schedule.epochs_done(at)
        with session.timed():
            quality = self.inspector.look(
                session.gan.ema.network, session.device, epoch, at.images_seen, at.seconds, must
            )
        if quality is not None:
            yield from self._writer.retry_io(partial(self._writer.run.append_quality, quality))
            yield QualityReady(quality)

    def _told(self, share: float, *, is_last: bool = False) -> EvaluatorTraining:
        return EvaluatorTraining(share, is_last, self.inspector.remark)
