"""Has the map of the generator shown made beside the window, and shows it while its points still move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import UserError
from engine.job import Job, Progress
from engine.runs import RunFolder
from studio.context import Context
from studio.model.explored import Explored
from studio.services.exploring import Ground, generator_session, reader_of
from studio.workspaces.explore.map_page import MapPage
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.datasets.images import ImageData
    from engine.evaluation.discriminator_session import DiscriminatorSession
    from engine.latent.sample_map import SampleMap

MAP = "map"


class MapPresenter(QObject):
    """Feeds ``page``."""

    def __init__(self, page: MapPage, explored: Explored, context: Context) -> None:
        super().__init__(page)
        self._page = page
        self._work = Work(MAP, page, context.services.exploring, told=self._on_told)
        page.map_requested.connect(lambda with_real: self._work.start(partial(_lay_out, with_real)))
        page.cancel_requested.connect(self._work.cancel)
        explored.moved.connect(lambda: page.show_point(explored.point))

    def retranslate(self) -> None:
        """The page says everything itself."""

    def _on_told(self, event: Progress | SampleMap) -> None:
        self._page.show_progress(event.done / max(event.total, 1))
        if not isinstance(event, Progress):  # which tells of the images that are read first
            self._page.show_map(event)


# --- in the thread of a job


def _lay_out(with_real: bool, ground: Ground) -> Job[Progress | SampleMap, SampleMap]:
    from engine.datasets import catalog
    from engine.evaluation.reader import Reader
    from engine.latent import sample_map

    config, facts = ground.generator.config, ground.generator.facts
    data = (yield from catalog.read(config)) if with_real else None
    reader = Reader(config, facts, data) if data is not None else (yield from reader_of(ground))
    session, opponent = generator_session(ground), _opponent(ground, data)
    return (yield from sample_map.lay_out(session, reader, opponent, data))


def _opponent(ground: Ground, data: ImageData | None) -> DiscriminatorSession | None:
    """Return the discriminator that was kept with the generator, None where there is none."""
    from engine.evaluation.discriminator_session import DiscriminatorSession

    try:
        state = RunFolder(ground.path).discriminator(ground.generator.ref.kept)
        opponent = DiscriminatorSession(ground.generator.config, ground.generator.facts, data)
        opponent.load(state)
    except UserError:  # a training that has kept none yet: the map does without its verdicts
        return None
    return opponent if opponent.can_tell else None
