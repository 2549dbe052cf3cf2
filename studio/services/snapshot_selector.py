"""Decides of which epoch the explorer has the generator. Knows no widgets, and reads no file in the UI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.arrays import Arrays
from engine.events import GeneratorSnapshot
from engine.i18n import again, tr
from studio.model.run import ShownRun
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.services import readers
from studio.services.generator import GeneratorService
from studio.services.training import TrainingService

_LIVE_GENERATOR_MS = 1500  # from one to the next: the training pays for each


class SnapshotSelector(QObject):
    """Hands the explorer the newest generator of the run shown, until a person goes back to an older epoch.

    While that run is trained, the newest one is asked of the training again and again; otherwise it is read.
    ``availability_changed``: there is one to explore, or none any more, for another reason than before.
    """

    availability_changed = Signal()

    def __init__(
        self, shown: ShownRun, training: TrainingService, generator: GeneratorService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown, self._training, self._generator = shown, training, generator
        self._is_at_newest = True
        self._keeps_none, self._failed = False, ""
        self._again = QTimer(self, interval=_LIVE_GENERATOR_MS, singleShot=True)
        self._again.timeout.connect(self.want_live)
        shown.run_changed.connect(self._on_run_changed)
        shown.epoch_changed.connect(self._on_epoch_changed)
        training.generator_ready.connect(self._on_generator_ready)
        training.stopped.connect(self._on_stopped)
        generator.generator_changed.connect(self._on_generator_changed)
        generator.failed.connect(self._on_failed)

    @property
    def why_none(self) -> str:
        """Why there is no generator to explore, and the mend; empty where there is one, or one is on its way."""
        if self._shown.run is None:
            return tr("No generator yet. Train first, or open a run.")
        if self._keeps_none:
            action = tr("&Same options again").replace("&", "")
            return tr(
                "This run keeps no generator. Open another one, or train it anew: “{action}” in Compare.", action=action
            )
        return str(again(self._failed))

    def _tell(self, *, keeps_none: bool = False, failed: str = "") -> None:
        if (keeps_none, failed) != (self._keeps_none, self._failed):
            self._keeps_none, self._failed = keeps_none, failed
            self.availability_changed.emit()

    def _on_failed(self, text: str) -> None:
        if self._generator.loaded is None:
            self._tell(failed=text)

    def begin_with(self, newest: tuple[Arrays, SnapshotRef] | None) -> None:
        """Explore the newest generator of the run shown that rests, which was read with it; None: it keeps none."""
        if newest is None:
            self._generator.clear()
            self._tell(keeps_none=True)
        else:
            self._explore(newest)

    def _on_run_changed(self) -> None:
        self._is_at_newest = True
        self._tell()
        run = self._shown.run
        if self._training.trains(run):
            assert run is not None
            self._generator.clear()  # another run's pictures must not stand for it until its own come
            self._read(partial(readers.read_kept, run.path, max(run.data.grid_files, default=0)))
            self.want_live()

    def _on_epoch_changed(self, epoch: int) -> None:
        run, is_newest = self._shown.run, self._shown.is_at_newest
        if run is None or self._keeps_none or (is_newest and self._is_at_newest):
            return
        self._is_at_newest = is_newest
        at_rest = is_newest and not self._training.trains(run)
        self._read(partial(readers.read_generator, run.path, epoch, newest=at_rest))
        if is_newest:
            self.want_live()

    def _on_generator_ready(self, event: GeneratorSnapshot) -> None:
        if self._is_at_newest and self._training.trains(self._shown.run):
            self._explore((event.state, NEWEST))

    def _on_stopped(self) -> None:
        """Explore what the training kept last, which a short one had no time to hand over."""
        if self._shown.run is self._training.current.run:
            self.read_newest()

    def read_newest(self) -> None:
        """Explore the newest generator that the run shown keeps, unless a person went back to an older one."""
        run = self._shown.run
        if self._is_at_newest and run is not None and run.images_seen:
            self._read(partial(readers.read_generator, run.path, 0, newest=True))

    def _on_generator_changed(self, _ref: SnapshotRef) -> None:
        self._tell()
        self._again.start()

    def want_live(self) -> None:
        """Ask for the generator that trains, where it is what is shown."""
        if self._is_at_newest and self._training.trains(self._shown.run):
            self._training.request_snapshot()

    def _explore(self, generator: tuple[Arrays, SnapshotRef]) -> None:
        self._read(lambda: generator)

    def _read(self, read: readers.GeneratorReader) -> None:
        run = self._shown.run
        if run is not None:
            self._generator.read_generator(run.info.config, run.info.facts, read)
