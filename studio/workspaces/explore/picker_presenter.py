"""Has what the digit picker shows read by the judge, lines written, and samples drawn and sorted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.i18n import tr
from engine.job import Job, Progress
from studio.context import Context
from studio.services.exploring import Ground, generator_session, reader_of
from studio.services.reading import ReadPictures
from studio.widgets.exploring.handwriting_panel import LineWish, Written
from studio.widgets.exploring.sorted_samples import SortedPictures
from studio.widgets.exploring.written_line import Mark
from studio.workspaces.explore.digit_picker import MIXTURE, WAY, DigitPicker
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.latent.handwriting import Character, InkedLine

LINE, SAMPLES = "line", "samples"
_COUNT, _AT_ONCE = 400, 50
_READ_CHANNELS = (WAY, MIXTURE)


class PickerPresenter(QObject):
    """Feeds ``page``."""

    def __init__(self, page: DigitPicker, context: Context) -> None:
        super().__init__(page)
        self._page, self._services = page, context.services
        services, exploring = context.services, context.services.exploring
        self._line = Work(LINE, page.writer, exploring, told=self._on_line_told, done=page.writer.show_written)
        self._samples = Work(SAMPLES, page.sorted, exploring, told=self._on_samples_told, done=page.sorted.show_samples)
        services.generator.generator_changed.connect(self._on_generator)
        services.generator.pictures_ready.connect(self._on_pictures)
        services.reading.ready.connect(self._on_read)
        services.reading.progressed.connect(self._on_images_read)
        page.line_requested.connect(lambda wish: self._line.start(partial(_written, wish)))
        page.samples_requested.connect(lambda seed: self._samples.start(partial(_sorted, seed)))
        page.sorted.cancel_requested.connect(self._samples.cancel)

    def _on_generator(self) -> None:
        loaded = self._services.generator.loaded
        if loaded is not None:
            self._page.dial.set_can_blend(loaded.can_blend)

    def _on_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        if channel in _READ_CHANNELS:
            self._services.reading.request(channel, images)

    def _on_read(self, channel: str, found: ReadPictures) -> None:
        self._page.show_readings(channel, found.probabilities)

    def _on_images_read(self, share: float) -> None:
        if share < 1:
            self._page.dial.say(tr("Reading the images of this run, to find the judge that learned on them…"))

    def _on_line_told(self, progress: Progress) -> None:
        """Only where images must be read first does it take long enough to tell."""
        self._page.writer.show_progress(progress.done / max(progress.total, 1))
        self._page.writer.say(tr("Reading the images of this run, to find the judge that learned on them…"))

    def _on_samples_told(self, progress: Progress) -> None:
        self._page.sorted.show_progress(progress.done / max(progress.total, 1))


# --- in the thread of a job


def _written(wish: LineWish, ground: Ground) -> Job[Progress, Written]:
    from engine.latent import handwriting

    reader = yield from reader_of(ground)
    config, facts = ground.generator.config, ground.generator.facts
    names = config.asked_classes(facts.class_names)
    session = generator_session(ground)
    found = handwriting.write(session, reader, wish.text, names, wish.seed, redraw=wish.redraw)
    line = handwriting.line(found, wish.height, wish.seed)
    return Written(line.picture, _marks(found, line, names), handwriting.describe(found, [tr(name) for name in names]))


def _marks(characters: list[Character], line: InkedLine, names: tuple[str, ...]) -> tuple[Mark, ...]:
    return tuple(
        Mark(*place, each.is_readable, names[each.reading[0]] if each.reading else "")
        for each, place in zip(characters, line.places, strict=True)
    )


def _sorted(seed: int, ground: Ground) -> Job[Progress, SortedPictures]:
    from engine.latent.sampling import label_cycle, random_z

    yield Progress(0, _COUNT)
    reader = yield from reader_of(ground)
    session = generator_session(ground)
    z, labels = random_z(_COUNT, session.z_dim, seed), label_cycle(_COUNT, session.class_count)
    pictures, shares = [], []
    for start in range(0, _COUNT, _AT_ONCE):
        pictures.append(session.render(z[start : start + _AT_ONCE], labels[start : start + _AT_ONCE]))
        shares.append(reader.probabilities(pictures[-1]))
        yield Progress(start + _AT_ONCE, _COUNT)
    read = [each for each in shares if each is not None]
    return SortedPictures(z, np.concatenate(pictures), np.concatenate(read) if read else None)
