"""The door to a generator: turns z into pictures beside the training, the newest request of each channel first.

It knows nothing of views: requests come in by ``request``, pictures go out by signals in the UI thread. torch is
imported in the thread of a worker, when the first generator arrives.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import Said, tr
from engine.latent.labels import Labels
from studio.model.snapshot import SnapshotRef
from studio.services.readers import GeneratorReader
from studio.workers.bridge import Bridge
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare

if TYPE_CHECKING:
    from engine.latent.generator_session import GeneratorSession

_GENERATOR = object()  # the channel of generators
_PACE_SECONDS = 1 / 25  # as films run; a mouse that drags a slider tells of itself a hundred times a second
_Wish = tuple[NDArray[np.float32], Labels]


class LoadedGenerator(NamedTuple):
    """The generator that paints now, for who works on a copy of it; ``state`` is not to be changed.

    ``can_blend``: whether labels may be mixtures.
    """

    config: Config
    facts: DatasetInfo
    state: Arrays
    ref: SnapshotRef
    can_blend: bool = False


class GeneratorService(QObject):
    """Explores the newest generator that it was given.

    ``pictures_ready`` carries the channel and uint8 ``[N, H, W]`` or ``[N, H, W, 3]``; ``generator_changed`` says
    that views should ask again, and whose pictures they will see; ``failed`` is a sentence for the person, told once
    until it goes well again.
    """

    pictures_ready = Signal(str, np.ndarray)
    generator_changed = Signal(SnapshotRef)
    failed = Signal(Said)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("explorer", bridge, prepare, _PACE_SECONDS)
        self._renderer = _Renderer()
        self._has_generator = False
        self._failed: set[object] = set()

    def read_generator(self, config: Config, facts: DatasetInfo, read: GeneratorReader) -> None:
        """Explore the generator that ``read`` returns; it is called in the thread, if no newer one comes.

        Where it returns None, nothing changes.
        """
        self._has_generator = True
        load = partial(self._renderer.load, config, facts, read)
        self.worker.request(_GENERATOR, load, self._on_loaded, partial(self._on_failed, _GENERATOR))

    def clear(self) -> None:
        """Forget the generator and everything that was asked of it."""
        self.worker.forget()
        self._renderer = _Renderer()
        self._has_generator = False
        self._failed.clear()

    @property
    def loaded(self) -> LoadedGenerator | None:
        """The generator that paints now; any thread may ask."""
        return self._renderer.loaded

    def request(self, channel: str, z: NDArray[np.float32], labels: Labels) -> None:
        """Ask for the pictures of z ``[N, z_dim]`` and labels ``[N]``, or mixtures ``[N, classes]``.

        This replaces the wish of ``channel`` that is not yet begun; of more than 25 a second the newest alone are.
        Without a generator nothing happens: ``generator_changed`` tells when asking again is worth it.
        """
        if self._has_generator:
            render = partial(self._renderer.render, (z, labels))
            self.worker.request(
                channel, render, partial(self._on_rendered, channel), partial(self._on_failed, "picture")
            )

    def _on_loaded(self, ref: SnapshotRef | None) -> None:
        self._failed.discard(_GENERATOR)
        if ref is not None:
            self.generator_changed.emit(ref)

    def _on_rendered(self, channel: str, pictures: NDArray[np.uint8] | None) -> None:
        if pictures is not None:
            self._failed.discard("picture")
            self.pictures_ready.emit(channel, pictures)

    def _on_failed(self, what: object, error: Exception) -> None:
        """Tell it once: a slider that is dragged would tell the same at every step."""
        if what not in self._failed:
            self._failed.add(what)
            text = error.whole if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            self.failed.emit(tr("The explorer cannot show this generator. {reason}", reason=text))


class _Renderer:
    """The explorer of the current generator; its network is built anew only when options or data change.

    To be used in the thread alone.
    """

    def __init__(self) -> None:
        self.loaded: LoadedGenerator | None = None
        self._built_for: tuple[Config, DatasetInfo] | None = None
        self._explorer: GeneratorSession | None = None

    def load(self, config: Config, facts: DatasetInfo, read: GeneratorReader, _is_stale: IsStale) -> SnapshotRef | None:
        from engine.latent.generator_session import GeneratorSession

        found = read()
        if found is None:
            return None
        state, ref = found
        if (config, facts) == self._built_for and self._explorer is not None:
            self._explorer.load(state)
        else:
            self._built_for, self._explorer = None, None
            explorer = GeneratorSession(config, facts)
            explorer.load(state)
            self._built_for, self._explorer = (config, facts), explorer
        self.loaded = LoadedGenerator(config, facts, state, ref, self._explorer.can_blend)
        return ref

    def render(self, wish: _Wish, _is_stale: IsStale) -> NDArray[np.uint8] | None:
        """Return the pictures, None where the wish was made for another generator."""
        if self._explorer is None or not self._explorer.fits(*wish):
            return None
        return self._explorer.render(*wish)
