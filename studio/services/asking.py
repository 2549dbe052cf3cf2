"""The door to the discriminator of the run shown: what it says of a picture that a person drew or brought, and why.

Beside the training; the newest picture is the one answered. Knows no views.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.arrays import Picture
from engine.datasets import catalog
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Canceled, Progress, run
from engine.runs import RunFolder
from studio.model.run import ShownRun
from studio.services.generator import GeneratorService, LoadedGenerator
from studio.services.reading import Readers
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare

if TYPE_CHECKING:
    from engine.datasets.images import ImageData
    from engine.evaluation.discriminator_session import DiscriminatorSession

Tell = Callable[[Progress], None]
MayGoOn = Callable[[], bool]
Given = NDArray[np.uint8] | Path
"""A drawing uint8 ``[S, S]``, or the file of a picture."""


class Answer(NamedTuple):
    """``picture`` as the generator would have to draw it, uint8 ``[H, W]`` or ``[H, W, 3]``, taken for one of ``label``
    (-1 without classes); how probably real D takes it to be (0 to 1, None where it only compares) at ``epoch``, its
    ``saliency`` ``[H, W]`` from -1 to 1, and class and probability that the judge reads, None without one.
    """

    picture: Picture
    label: int
    verdict: float | None
    saliency: NDArray[np.float32]
    reading: tuple[int, float] | None
    epoch: int


class AskingService(QObject):
    """``answered`` carries an ``Answer``; ``progressed`` how far images are read that must be (0 to 1)."""

    answered = Signal(Answer)
    progressed = Signal(float)
    failed = Signal(Failure)

    def __init__(
        self,
        shown: ShownRun,
        generator: GeneratorService,
        readers: Readers,
        bridge: Bridge,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("asking", bridge, prepare)
        self._shown, self._generator, self._readers, self._bridge = shown, generator, readers, bridge
        self._opponents = _Opponents()
        shown.run_changed.connect(self._on_run_changed)

    def ask(self, given: Given, label: int | None = None) -> bool:
        """Ask D about ``given`` as a picture of ``label``, None for the class that the judge reads in it.

        Return whether there is anybody to ask; the wish replaces the one not yet begun.
        """
        shown, loaded = self._shown.run, self._generator.loaded
        if shown is None or loaded is None:
            return False
        work = partial(self._answer, shown.path, loaded, given, label)
        self.worker.request("picture", work, self._on_answered, self._on_failed)
        return True

    # --- in the thread

    def _answer(
        self, path: Path, loaded: LoadedGenerator, given: Given, label: int | None, is_stale: IsStale
    ) -> Answer | None:
        from engine.latent import given_picture

        config, facts = loaded.config, loaded.facts
        if isinstance(given, Path):
            picture = given_picture.from_file(given, config, facts)
        else:
            picture = given_picture.from_drawing(given, config, facts)

        def may_go_on() -> bool:
            return not is_stale()

        try:
            reader = run(self._readers.of(config, facts), self._tell, may_go_on)
            opponent, epoch = self._opponents.of(path, loaded, self._tell, may_go_on)
        except Canceled:
            return None
        read = reader.read(picture[None])
        reading = None if read is None else (int(read[0][0]), float(read[1][0]))
        classes = len(config.asked_classes(facts.class_names))
        if not classes:
            label = -1
        elif label is None or not 0 <= label < classes:
            label = reading[0] if reading else 0
        verdict, saliency = opponent.explain(picture, label)
        return Answer(picture, label, verdict, saliency, reading, epoch)

    def _tell(self, progress: Progress) -> None:
        self._bridge.put(self.progressed.emit, progress.done / max(progress.total, 1))

    # --- in the UI thread

    def _on_run_changed(self) -> None:
        self.worker.forget()
        self.progressed.emit(1.0)

    def _on_answered(self, answer: Answer | None) -> None:
        self.progressed.emit(1.0)
        if answer is not None:
            self.answered.emit(answer)

    def _on_failed(self, error: Exception) -> None:
        self.progressed.emit(1.0)
        self.failed.emit(failure(error))


class _Opponents:
    """The discriminator that was asked last. To be used in the thread alone."""

    def __init__(self) -> None:
        self._known: tuple[Path, int] | None = None
        self._opponent: DiscriminatorSession | None = None

    def of(
        self, path: Path, loaded: LoadedGenerator, tell: Tell, may_go_on: MayGoOn
    ) -> tuple[DiscriminatorSession, int]:
        """Return D that was kept with the generator, or the newest one kept, and its epoch."""
        from engine.evaluation.discriminator_session import DiscriminatorSession

        folder = RunFolder(path)
        kept = folder.generator_epochs()
        if loaded.ref.kept is None and not kept:
            raise UserError(tr("No discriminator is kept with this run yet."), tr("Ask again after its next epoch."))
        epoch = loaded.ref.kept if loaded.ref.kept is not None else max(kept)
        if self._known != (path, epoch) or self._opponent is None:
            state = folder.discriminator(loaded.ref.kept)
            opponent = DiscriminatorSession(loaded.config, loaded.facts)
            if not opponent.can_tell and (data := _images(loaded, tell, may_go_on)) is not None:
                opponent = DiscriminatorSession(loaded.config, loaded.facts, data)
            opponent.load(state)
            self._known, self._opponent = (path, epoch), opponent
        return self._opponent, epoch


def _images(loaded: LoadedGenerator, tell: Tell, may_go_on: MayGoOn) -> ImageData | None:
    """Return the real images that D compares with, None where they are not at hand."""
    if not catalog.is_at_hand(loaded.config):
        return None
    data = run(catalog.read(loaded.config), tell, may_go_on)
    return data if data.facts == loaded.facts else None
