"""The pictures of a style transfer that are chosen: of every origin, remembered between starts. Paints nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from engine.arrays import Picture
from engine.i18n import mark, tr
from engine.style.gallery import GALLERY
from studio.context import Context
from studio.model.messages import Subject
from studio.services import style_sources
from studio.services.style_sources import StyleSource
from studio.workers.failure import Failure
from studio.workspaces.style.page import CONTENT, SECOND, STYLE
from studio.workspaces.style.picture_chooser import MADE, NONE, OWN, SAMPLE, SAMPLES

if TYPE_CHECKING:
    from engine.style.painting import Painting
    from studio.workspaces.style.page import StylePage

_FIRST = {CONTENT: "astronaut", STYLE: "swirls", SECOND: NONE}
_PASTED = "pasted"
_TITLES = {_PASTED: mark("pasted"), **dict(MADE)}  # of pictures that lie in no file, by their names
_FILE, _MADE = "file:", "made"  # how pictures that have no name of ours are remembered


class ChosenPictures(QObject):
    """Feeds the choosers of ``page``; ``sources`` are what is chosen, by place."""

    def __init__(self, page: StylePage, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._context = page, context
        self._service = context.services.styling
        self.sources: dict[str, StyleSource] = {}
        self._again: dict[str, Callable[[], None]] = {}  # chooses what is chosen now
        self._own: dict[str, Callable[[], None]] = {}  # chooses again what was brought last
        self._good: dict[str, Callable[[], None]] = {}  # what could be read, and is chosen again where the next cannot
        self._service.looked_at.connect(self._on_looked_at)
        self._service.not_looked_at.connect(self._on_not_looked_at)
        for place, chooser in page.choosers.items():
            chooser.chosen.connect(partial(self._by_hand, self._on_chosen, place))
            chooser.file_chosen.connect(partial(self._by_hand, self._on_file, place))
            chooser.pixels_given.connect(partial(self._by_hand, self._on_pixels, place))
            chooser.nothing_given.connect(self._on_nothing)
        context.services.generator.generator_changed.connect(self._offer_made)
        context.services.shown.run_changed.connect(self._offer_made)
        self._offer_made()
        self._chosen_before, self._awaited = self._choose_as_before()

    @property
    def content(self) -> StyleSource:
        """What shall be seen."""
        return self.sources[CONTENT]

    @property
    def styles(self) -> tuple[StyleSource, ...]:
        """How it shall be painted: one or two."""
        return tuple(self.sources[place] for place in (STYLE, SECOND) if place in self.sources)

    def take_those_of(self, painting: Painting) -> None:
        """Choose what ``painting`` was made of, where that was chosen last and lies nowhere else."""
        pictures = zip((CONTENT, STYLE, SECOND), (painting.content, *painting.styles), painting.names, strict=False)
        for place, picture, name in pictures:
            if place in self._awaited:
                title = _TITLES.get(name, name)
                self._show_made(place, tr(title), style_sources.of_picture(name, picture))

    def _choose_as_before(self) -> tuple[set[str], set[str]]:
        """Choose the pictures of last time; return the places of files, which may be gone, and of what was painted."""
        settings, files = self._context.settings, set()
        made = {place for place in self._page.choosers if settings.style_choice(place) == _MADE}
        for place, chooser in self._page.choosers.items():
            choice = settings.style_choice(place)
            if choice.startswith(_FILE):
                files.add(place)
                self._on_file(place, choice.removeprefix(_FILE))
                continue
            key = choice if choice in GALLERY and chooser.box.findData(choice) >= 0 else _FIRST[place]
            self._on_chosen(place, key)
        return files, made

    def _by_hand(self, act: Callable[[str, Any], None], place: str, chosen: object) -> None:
        self._chosen_before.discard(place)
        self._awaited.discard(place)
        for stale in (Subject.STYLE, Subject.ASKED):  # of another picture
            self._context.messages.retract(stale)
        act(place, chosen)

    def _on_chosen(self, place: str, key: str) -> None:
        if key == OWN:
            self._own[place]()
            return
        self._page.choosers[place].choose(key)
        if key == NONE:
            self.sources.pop(place, None)
            self._good.pop(place, None)
            self._page.knobs.show_blend(False)
            self._context.settings.set_style_choice(place, "")
        elif key in (SAMPLE, SAMPLES):
            generator = self._context.services.generator.loaded
            if generator is None:
                self._choose_again(place)
                self._context.messages.warn(
                    tr("No generator yet."), tr("Train first, or open a run."), about=Subject.ASKED
                )
                return
            source, choice = style_sources.of_generator(key, generator, is_grid=key == SAMPLES), _MADE
            self._take(place, source, choice, partial(self._on_chosen, place, key))
        else:
            self._take(place, style_sources.shipped(key), key, partial(self._on_chosen, place, key))

    def _offer_made(self) -> None:
        for chooser in self._page.choosers.values():
            chooser.offer_made(self._context.services.generator.loaded is not None)

    def _choose_again(self, place: str) -> None:
        """Show what is chosen still."""
        again = self._again[place] if place in self.sources else partial(self._on_chosen, place, NONE)
        again()

    def _on_file(self, place: str, path: str) -> None:
        source = style_sources.of_file(Path(path))
        self._page.choosers[place].show_own(Path(path).name)
        self._own[place] = partial(self._on_file, place, path)
        self._take(place, source, _FILE + path, self._own[place])

    def _on_pixels(self, place: str, picture: Picture) -> None:
        self._show_made(place, tr(_TITLES[_PASTED]), style_sources.of_picture(_PASTED, picture))

    def _on_nothing(self) -> None:
        self._context.messages.warn(
            tr("There is no picture on the clipboard."),
            tr("Copy one, or its file, and paste it then."),
            about=Subject.ASKED,
        )

    def _show_made(self, place: str, title: str, source: StyleSource) -> None:
        self._page.choosers[place].show_own(title)
        self._own[place] = partial(self._show_made, place, title, source)
        self._take(place, source, _MADE, self._own[place])

    def _take(self, place: str, source: StyleSource, choice: str, again: Callable[[], None]) -> None:
        self.sources[place], self._again[place] = source, again
        self._page.knobs.show_blend(SECOND in self.sources)
        self._service.look_at(place, source)
        self._context.settings.set_style_choice(place, choice)

    def _on_looked_at(self, place: str, picture: Picture) -> None:
        self._good[place] = self._again[place]
        self._page.choosers[place].show_picture(picture)

    def _on_not_looked_at(self, place: str, failed: Failure) -> None:
        """What cannot be read is not chosen: what was chosen before is, or the one that comes first."""
        if place not in self._chosen_before:  # a file of last time that is gone is no news
            self._context.messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)
        self._good.pop(place, partial(self._on_chosen, place, _FIRST[place]))()
