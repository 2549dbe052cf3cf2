"""One thread beside the training that turns z into pictures; the newest wish of each channel is the one answered.

It knows nothing of views: wishes come in by ``request``, pictures go out by signals in the UI thread. torch is
imported in the thread, when the first generator arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr
from engine.runs import Arrays
from studio.text.origin import NEWEST, Origin
from studio.workers.helper import Helper

if TYPE_CHECKING:
    from engine.latent.generator_session import GeneratorSession

_Wish = tuple[NDArray[np.float32], NDArray[np.int64]]
_Reader = Callable[[], tuple[Arrays, Origin]]
_Generator = tuple[Config, DatasetInfo, _Reader]


class ExplorerThread(Helper):
    """Explores the newest generator, on which its thread begins.

    ``pictures_ready`` carries the channel and uint8 ``[N, H, W]`` or ``[N, H, W, 3]``; ``generator_changed`` says
    that views should ask again, and the ``Origin`` of what they will see; ``failed`` is a sentence for the person,
    told once until it goes well again.
    """

    pictures_ready = Signal(str, object)
    generator_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("explorer", self._work, parent)
        self._generator: _Generator | None = None  # handed over and not yet loaded
        self._wishes: dict[str, _Wish] = {}
        self._has_generator = False

    def set_generator(self, config: Config, facts: DatasetInfo, state: Arrays) -> None:
        """Explore this newest generator from now on; any thread may call it, the newest call wins."""
        self.read_generator(config, facts, lambda: (state, NEWEST))

    def read_generator(self, config: Config, facts: DatasetInfo, read: _Reader) -> None:
        """Do the same with the generator that ``read`` returns; it is called in the thread, if no newer one comes."""
        with self._news:
            if self._stopped:
                return
            self._generator = (config, facts, read)
            self._has_generator = True
            self._wake()

    def clear(self) -> None:
        """Forget the generator and everything that was asked of it."""
        with self._news:
            self._age += 1
            self._generator = None
            self._has_generator = False
            self._wishes.clear()
            self._news.notify()

    def request(self, channel: str, z: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Ask for the pictures of z ``[N, z_dim]`` and labels ``[N]``; replaces the wish of ``channel`` not yet begun.

        Without a generator nothing happens: ``generator_changed`` tells when asking again is worth it.
        """
        with self._news:
            if self._has_generator and not self._stopped:
                self._wishes[channel] = (z, labels)
                self._news.notify()

    # --- in the thread

    def _has_news(self, age: int) -> bool:
        return self._stopped or self._generator is not None or bool(self._wishes) or age != self._age

    def _work(self) -> None:
        renderer = _Renderer()
        has_just_loaded = False
        while True:
            with self._news:
                self._news.wait_for(lambda: self._has_news(renderer.age))
                if self._stopped:
                    return
                age, generator, channel, wish = self._age, None, "", None
                if self._generator is not None and not (has_just_loaded and self._wishes):
                    generator, self._generator = self._generator, None
                elif self._wishes:  # each generator gets a picture, however fast the next one comes
                    channel = next(iter(self._wishes))
                    wish = self._wishes.pop(channel)
                has_just_loaded = generator is not None
            renderer.forget_older_than(age)
            self._answer(age, renderer, generator, channel, wish)

    def _answer(
        self, age: int, renderer: _Renderer, generator: _Generator | None, channel: str, wish: _Wish | None
    ) -> None:
        try:
            if generator is not None:
                self._tell(age, "generator_changed", renderer.load(*generator))
            elif wish is not None and renderer.fits(wish):
                self._tell(age, "pictures_ready", channel, renderer.render(wish))
        except Exception as error:  # the thread must outlive any picture that cannot be made
            if renderer.is_first_failure("generator" if generator else "picture"):
                text = error.whole if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
                sentence = tr("The explorer cannot show this generator. {reason}", reason=text)
                self._tell(age, "failed", sentence)


class _Renderer:
    """The explorer of the current generator; its network is built anew only when options or data change."""

    def __init__(self) -> None:
        self.age = 0
        self._built_for: tuple[Config, DatasetInfo] | None = None
        self._explorer: GeneratorSession | None = None
        self._failed: set[str] = set()

    def forget_older_than(self, age: int) -> None:
        if age != self.age:
            self.age, self._built_for, self._explorer = age, None, None
            self._failed.clear()

    def is_first_failure(self, what: str) -> bool:
        """Whether ``what`` went well the last time: a slider that is dragged would tell the same at every step."""
        is_first = what not in self._failed
        self._failed.add(what)
        return is_first

    def load(self, config: Config, facts: DatasetInfo, read: _Reader) -> Origin:
        from engine.latent.generator_session import GeneratorSession

        state, origin = read()
        if (config, facts) == self._built_for and self._explorer is not None:
            self._explorer.load(state)
        else:
            self._built_for, self._explorer = None, None
            explorer = GeneratorSession(config, facts)
            explorer.load(state)
            self._built_for, self._explorer = (config, facts), explorer
        self._failed.discard("generator")
        return origin

    def fits(self, wish: _Wish) -> bool:
        return self._explorer is not None and self._explorer.fits(*wish)

    def render(self, wish: _Wish) -> NDArray[np.uint8]:
        assert self._explorer is not None
        pictures = self._explorer.render(*wish)
        self._failed.discard("picture")
        return pictures
