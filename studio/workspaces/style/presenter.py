"""What happens between the page of the workspace Style and what paints: pictures, options, progress, what is saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.amounts import duration
from engine.arrays import Picture
from engine.errors import UserError
from engine.i18n import number, tr
from engine.job import Progress
from engine.style.events import StepUndone, StyleBegun, StyleTick
from engine.style.networks import SHIPPED, VGG19
from engine.style.options import STYLE_OPTIONS, StyleOptions
from engine.style.words import undone
from studio.context import Context
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.services import style_sources
from studio.services.style_sources import StyleSource
from studio.services.styling import StyleWish
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.save_picture import ask_where_to_save
from studio.workers.failure import Failure
from studio.workspaces.style.page import CONTENT, SECOND, STYLE
from studio.workspaces.style.picture_chooser import NONE, SAMPLE, SAMPLES

if TYPE_CHECKING:
    from studio.workspaces.style.page import StylePage

_FIRST = {CONTENT: "astronaut", STYLE: "swirls", SECOND: NONE}


class StylePresenter(QObject):
    """Feeds ``page``. ``sources`` are the pictures that are chosen, by their places."""

    def __init__(self, page: StylePage, context: Context) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._service = context.services.styling
        self.sources: dict[str, StyleSource] = {}
        self._before: Picture | None = None
        self._shown: StyleTick | None = None
        self._is_newest = True
        for place, chooser in page.choosers.items():
            chooser.chosen.connect(partial(self._on_chosen, place))
            chooser.file_chosen.connect(partial(self._on_file, place))
            chooser.pasted.connect(partial(self._on_pasted, place))
            chooser.choose(_FIRST[place])
            self._on_chosen(place, _FIRST[place])
        page.knobs.changed.connect(self._on_knob)
        page.knobs.weights_chosen.connect(self._on_weights)
        page.knobs.weights_wanted.connect(self._service.fetch_weights)
        page.grams.layers_changed.connect(lambda names: self._service.change("layers", names))
        page.grams.looked_at.connect(self._service.want_grams)
        page.grams.set_layers(SHIPPED.style_layers)
        page.step_chosen.connect(self._on_step)
        self._listen()
        self._service.ask_for_limits()
        self._say()

    def _listen(self) -> None:
        service = self._service
        service.looked_at.connect(self._on_looked_at)
        service.not_looked_at.connect(self._on_not_looked_at)
        service.limits_known.connect(self._on_limits)
        service.state_changed.connect(self._on_state)
        service.begun.connect(self._on_begun)
        service.ticked.connect(self._on_ticked)
        service.undone.connect(self._on_undone)
        service.grams_ready.connect(self._page.grams.show_grams)
        service.failed.connect(self._on_failed)
        service.fetching.connect(self._on_fetching)
        service.filming.connect(self._on_filming)
        service.film_saved.connect(self._on_film_saved)

    # --- what a person wants

    @property
    def has_picture(self) -> bool:
        """Whether there is something to save."""
        return self._shown is not None

    def paint(self) -> None:
        """Begin a picture of what is chosen; where that cannot be, say why."""
        styles = tuple(self.sources[place] for place in (STYLE, SECOND) if place in self.sources)
        file = self._page.knobs.weights_file
        try:
            values = self._page.knobs.values() | {"layers": self._page.grams.layers}
            wish = StyleWish(self.sources[CONTENT], styles, StyleOptions.parse(values), Path(file) if file else None)
            self._context.messages.retract(Subject.STYLE)
            self._service.start(wish)
        except UserError as error:
            self._context.messages.warn(error.message, error.hint, about=Subject.STYLE)

    def pause_or_go_on(self) -> None:
        """Rest, or go on."""
        if self._service.state is WorkState.PAUSED:
            self._service.resume()
        else:
            self._service.pause()

    def stop(self) -> None:
        """End the picture under way."""
        self._service.stop()

    def save(self) -> None:
        """Ask where the picture that is shown goes."""
        if self._shown is not None:
            picture, name = self._shown.picture, f"{self._name()}.png"
            ask_where_to_save(self._page, name, picture, self._context.pictures.save)

    def save_film(self) -> None:
        """Ask where the film goes."""
        dialog = FileDialog(self._page, tr("Save film…"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Film (*.mp4 *.gif)"))
        dialog.setDefaultSuffix("mp4")
        dialog.selectFile(f"{self._name()}.mp4")
        dialog.fileSelected.connect(lambda path: self._service.save_film(Path(path)))
        dialog.open()

    def retranslate(self) -> None:
        """Say in the current language how far it is."""
        self._say()

    # --- pictures

    def _on_chosen(self, place: str, key: str) -> None:
        if key == NONE:
            self.sources.pop(place, None)
            self._page.knobs.show_blend(False)
            return
        if key in (SAMPLE, SAMPLES):
            generator = self._context.services.generator.loaded
            if generator is None:
                self._page.choosers[place].choose(self._key_of(place))
                self._warn(tr("No generator yet."), tr("Train first, or open a run."))
                return
            self._take(place, style_sources.of_generator(key, generator, is_grid=key == SAMPLES))
        else:
            self._take(place, style_sources.shipped(key))

    def _key_of(self, place: str) -> str:
        return self.sources[place].name if place in self.sources else NONE

    def _on_file(self, place: str, path: str) -> None:
        source = style_sources.of_file(Path(path))
        self._page.choosers[place].show_own(Path(path).name)
        self._take(place, source)

    def _on_pasted(self, place: str, picture: Picture) -> None:
        self._page.choosers[place].show_own(tr("pasted"))
        self._take(place, style_sources.of_picture("pasted", picture))

    def _take(self, place: str, source: StyleSource) -> None:
        self.sources[place] = source
        self._page.knobs.show_blend(SECOND in self.sources)
        self._service.look_at(place, source)

    def _on_looked_at(self, place: str, picture: Picture) -> None:
        self._page.choosers[place].show_picture(picture)

    def _on_not_looked_at(self, place: str, failed: Failure) -> None:
        """What cannot be read is not chosen: the one that comes first is."""
        self._warn(failed.message, failed.hint, failed.details)
        self._page.choosers[place].choose(_FIRST[place])
        self._on_chosen(place, _FIRST[place])

    # --- options

    def _on_limits(self, largest: int, weights_here: str) -> None:
        self._page.knobs.set_limits(largest, weights_here)
        self._say()

    def _on_knob(self, name: str, value: float) -> None:
        if STYLE_OPTIONS[name].live:
            self._service.change(name, value)

    def _on_weights(self, path: str) -> None:
        self._page.knobs.show_weights_file(path)

    # --- what is told

    def _on_state(self, state: WorkState) -> None:
        self._page.knobs.set_editable(state is WorkState.IDLE)
        if state is WorkState.PREPARING:
            file = self._page.knobs.weights_file
            self._page.grams.set_layers((VGG19 if file else SHIPPED).style_layers)
        self._say()
        self._context.commands.refresh()

    def _on_begun(self, event: StyleBegun) -> None:
        self._before, self._is_newest = event.start, True
        self._page.grams.show_grams(None)

    def _on_ticked(self, tick: StyleTick) -> None:
        had_picture = self.has_picture
        noted, first = self._context.services.noted, self._service.history.ticks[0]
        noted.note("style_steps", tick.step)
        noted.note("style_left", tick.losses.style / max(first.losses.style, 1e-12))
        if self._is_newest:
            self._show(tick)
        elif self._shown is not None:
            self._page.show_steps(len(self._service.history.ticks), self._place())
            self._page.curves.show_history(self._service.history, self._shown.step)
        if not had_picture:
            self._context.commands.refresh()
        self._say()

    def _on_undone(self, event: StepUndone) -> None:
        self._context.messages.tell(lambda: undone(event), about=Subject.STYLE)

    def _on_step(self, place: int) -> None:
        ticks = self._service.history.ticks
        if 0 <= place < len(ticks):
            self._is_newest = place == len(ticks) - 1
            self._show(ticks[place])
            self._say()

    def _show(self, tick: StyleTick) -> None:
        self._shown = tick
        self._page.view.show_pictures(self._before, tick.picture)
        self._page.show_steps(len(self._service.history.ticks), self._place())
        self._page.curves.show_history(self._service.history, tick.step)

    def _place(self) -> int:
        """Return where the picture that is shown stands among those that are kept."""
        ticks, shown = self._service.history.ticks, self._shown.step if self._shown else 0
        return min(range(len(ticks)), key=lambda place: abs(ticks[place].step - shown), default=0)

    def _on_failed(self, failed: Failure) -> None:
        self._warn(failed.message, failed.hint, failed.details)

    def _on_fetching(self, progress: Progress) -> None:
        share = number(progress.done / progress.total, ".0%") if progress.total else "…"
        self._page.say(progress.what, share)

    def _on_filming(self, progress: Progress) -> None:
        share = progress.done / max(progress.total, 1)
        self._page.say(tr("Saving the film: {share}", share=number(share, ".0%")))

    def _on_film_saved(self, path: Path) -> None:
        self._context.messages.tell(lambda: tr("Film saved as “{path}”.", path=path), about=Subject.STYLE)
        self._say()

    def _warn(self, message: str, hint: str, details: str = "") -> None:
        self._context.messages.warn(message, hint, details, about=Subject.STYLE)

    # --- words

    def _say(self) -> None:
        self._page.say(*self._words())

    def _words(self) -> list[str]:
        newest = self._service.history.ticks[-1] if self._service.history.ticks else None
        if self._service.state is WorkState.PREPARING or newest is None:
            is_idle = self._service.state is WorkState.IDLE
            return [] if is_idle else [tr("Reading the pictures and the network …")]
        said = [tr("Step {step} of {total}", step=number(newest.step), total=number(newest.steps))]
        if self._service.state is WorkState.WORKING and newest.steps_per_second:
            said.append(tr("{speed} steps/s", speed=number(newest.steps_per_second, ".1f")))
            if newest.seconds_left is not None:
                said.append(tr("about {time} left", time=duration(newest.seconds_left)))
        elif self._service.state is WorkState.PAUSED:
            said.append(tr("paused"))
        if self._shown is not None and not self._is_newest:
            said.append(tr("you look back at step {step}", step=number(self._shown.step)))
        return said

    def _name(self) -> str:
        wish = self._service.wish
        return "-".join(each.name for each in (wish.content, *wish.styles)) if wish else "picture"
