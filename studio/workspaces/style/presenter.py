"""What happens between the page of the workspace Style and what paints: pictures, options, progress, what is saved."""

from __future__ import annotations

from contextlib import suppress
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
from engine.style.options import STYLE_OPTIONS, WEIGHTS, StyleOptions, value_of
from engine.style.words import undone
from studio.context import Context
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.services.styling_job import StyleWish
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.save_picture import ask_where_to_save
from studio.workers.failure import Failure
from studio.workspaces.style.pictures_presenter import ChosenPictures

if TYPE_CHECKING:
    from studio.workspaces.style.page import StylePage

_WEIGHTS, _LAYERS = "weights", "layers"  # how they are remembered


class StylePresenter(QObject):
    """Feeds ``page``. ``pictures`` are those that are chosen."""

    def __init__(self, page: StylePage, context: Context) -> None:
        super().__init__(page)
        self.page, self._context = page, context
        self._service = context.services.styling
        self.pictures = ChosenPictures(page, context, parent=self)
        self._before: Picture | None = None
        self._shown: StyleTick | None = None
        self._is_newest = True
        self._is_aimless = False
        self._kept_at: Path | None = None
        page.knobs.changed.connect(self._on_knob)
        page.knobs.network.weights_chosen.connect(page.knobs.network.show_file)
        page.knobs.network.weights_wanted.connect(self._service.fetch_weights)
        page.grams.layers_changed.connect(self._on_layers)
        page.grams.looked_at.connect(self._service.want_grams)
        page.step_chosen.connect(self._on_step)
        self._show_options_of_before()
        page.knobs.touched.connect(self._remember_options)
        page.knobs.network.changed.connect(self._on_network)
        self._listen()
        self._service.ask_for_limits()
        self._service.look_for_kept()
        self._say()

    def _listen(self) -> None:
        service = self._service
        service.limits_known.connect(self._on_limits)
        service.state_changed.connect(self._on_state)
        service.begun.connect(self._on_begun)
        service.ticked.connect(self._on_ticked)
        service.undone.connect(self._on_undone)
        service.grams_ready.connect(self.page.grams.show_grams)
        service.failed.connect(self._on_failed)
        service.fetching.connect(self._on_fetching)
        service.filming.connect(self._on_filming)
        service.film_saved.connect(self._on_film_saved)
        service.kept.connect(self._on_kept)
        service.found.connect(self._on_found)

    # --- what a person wants

    @property
    def has_picture(self) -> bool:
        """Whether there is something to save."""
        return self._shown is not None

    def paint(self) -> None:
        """Begin a picture of what is chosen; where that cannot be, say why."""
        file = self.page.knobs.network.weights_file
        try:
            self._offer_layers()
            chosen = self.pictures
            wish = StyleWish(chosen.content, chosen.styles, self._options(), Path(file) if file else None)
            self._context.messages.retract(Subject.STYLE)
            self._service.start(wish)
        except UserError as error:
            self._warn(error.message, error.hint)

    def _options(self) -> StyleOptions:
        return StyleOptions.parse(self.page.knobs.values() | {"layers": self.page.grams.layers})

    def pause_or_go_on(self) -> None:
        """Rest, or go on, also with the picture of an earlier time."""
        if self._service.state is WorkState.PAUSED:
            self._service.resume()
        elif self._service.state is WorkState.IDLE:
            self._go_on()
        else:
            self._service.pause()

    def _go_on(self) -> None:
        try:
            self._context.messages.retract(Subject.STYLE)
            self._service.go_on(self._options())
        except UserError as error:
            self._warn(error.message, error.hint)

    @property
    def rests(self) -> bool:
        """Whether there is a picture that rests, paused or from before."""
        is_idle = self._service.state is WorkState.IDLE
        return self._service.state is WorkState.PAUSED or (is_idle and self._service.painting is not None)

    def why_no_going_on(self) -> str:
        """Say why the picture that rests cannot go on, nothing where it can."""
        painting = self._service.painting
        if painting is None or self._service.state is not WorkState.IDLE:
            return tr("No picture is being painted.")
        if painting.step >= self.page.knobs.values()["steps"]:
            return tr("This picture has made all its steps. Give it more of them to go on.")
        return ""

    def stop(self) -> None:
        """End the picture under way."""
        self._service.stop()

    def save(self) -> None:
        """Ask where the picture that is shown goes."""
        if self._shown is not None:
            picture, name = self._shown.picture, f"{self._name()}.png"
            ask_where_to_save(self.page, name, picture, self._context.pictures.save)

    def save_film(self) -> None:
        """Ask where the film goes."""
        dialog = FileDialog(self.page, tr("Save film…"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Film (*.mp4 *.gif)"))
        dialog.setDefaultSuffix("mp4")
        dialog.selectFile(f"{self._name()}.mp4")
        dialog.fileSelected.connect(lambda path: self._service.save_film(Path(path)))
        dialog.open()

    def retranslate(self) -> None:
        """Say in the current language how far it is."""
        self._say()

    # --- options

    def _show_options_of_before(self) -> None:
        values = {}
        for name in self.page.knobs.values():
            if text := self._context.settings.style_choice(name):
                with suppress(UserError):
                    values[name] = getattr(StyleOptions.parse({name: value_of(name, text)}), name)
        self.page.knobs.show_values(values)
        self.page.knobs.network.show_file(self._context.settings.style_choice(_WEIGHTS))
        self._offer_layers()
        self.page.grams.choose_layers(self._context.settings.style_choice(_LAYERS))

    def _remember_options(self) -> None:
        settings = self._context.settings
        for name, value in self.page.knobs.values().items():
            settings.set_style_choice(name, str(value))
        settings.set_style_choice(_WEIGHTS, self.page.knobs.network.weights_file)
        settings.set_style_choice(_LAYERS, self.page.grams.layers)
        self._context.commands.refresh()

    def _on_limits(self, largest: int, weights_here: str) -> None:
        self.page.knobs.set_limits(largest, weights_here)
        self._say()

    def _on_knob(self, name: str, value: float) -> None:
        if STYLE_OPTIONS[name].live:
            self._service.change(name, value)
        if name in WEIGHTS and self._service.state is not WorkState.IDLE:
            self._see_that_something_pulls()

    def _see_that_something_pulls(self) -> None:
        """Say so where all weights are 0 by now, as long as they are."""
        was_aimless, self._is_aimless = self._is_aimless, False
        try:
            self._options().check()
        except UserError as error:
            self._is_aimless = True
            self._warn(error.message, error.hint)
        if was_aimless and not self._is_aimless:
            self._context.messages.retract(Subject.STYLE)

    def _offer_layers(self) -> None:
        """Offer the layers of the network that is chosen, unless another one paints."""
        if self._service.state is WorkState.IDLE:
            self.page.grams.set_layers((VGG19 if self.page.knobs.network.weights_file else SHIPPED).style_layers)

    def _on_layers(self, names: str) -> None:
        self._service.change("layers", names)
        self._context.settings.set_style_choice(_LAYERS, names)

    def _on_network(self) -> None:
        self._context.messages.retract(Subject.STYLE)  # of other weights
        self._offer_layers()
        self._remember_options()

    # --- what is told

    def _on_found(self) -> None:
        """Show how the painting of last time stands."""
        painting = self._service.painting
        if painting is None:
            return
        self.pictures.take_those_of(painting)
        self._before = painting.start
        if self._service.history.ticks:
            self._show(self._service.history.ticks[-1])
        self._context.commands.refresh()
        self._say()

    def _on_state(self, state: WorkState) -> None:
        self.page.knobs.set_editable(state is WorkState.IDLE)
        if state is WorkState.PREPARING:
            self.page.grams.set_layers((VGG19 if self._service.uses_vgg19 else SHIPPED).style_layers)
        self._say()
        self._context.commands.refresh()

    def _on_begun(self, event: StyleBegun) -> None:
        self._before, self._is_newest, self._kept_at = event.start, True, None
        self.page.grams.show_grams(None)

    def _on_ticked(self, tick: StyleTick) -> None:
        had_picture = self.has_picture
        noted, first = self._context.services.noted, self._service.history.ticks[0]
        noted.note("style_steps", tick.step)
        noted.note("style_left", tick.losses.style / max(first.losses.style, 1e-12))
        if self._is_newest:
            self._show(tick)
        elif self._shown is not None:
            self.page.show_steps(len(self._service.history.ticks), self._place())
            self.page.curves.show_history(self._service.history, self._shown.step)
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
        self.page.view.show_pictures(self._before, tick.picture)
        self.page.show_steps(len(self._service.history.ticks), self._place())
        self.page.curves.show_history(self._service.history, tick.step)

    def _place(self) -> int:
        """Return where the picture that is shown stands among those that are kept."""
        ticks, shown = self._service.history.ticks, self._shown.step if self._shown else 0
        return min(range(len(ticks)), key=lambda place: abs(ticks[place].step - shown), default=0)

    def _on_failed(self, failed: Failure) -> None:
        self._warn(failed.message, failed.hint, failed.details)

    def _on_fetching(self, progress: Progress) -> None:
        share = number(progress.done / progress.total, ".0%") if progress.total else "…"
        self.page.say(progress.what, share)

    def _on_filming(self, progress: Progress) -> None:
        share = progress.done / max(progress.total, 1)
        self.page.say(tr("Saving the film: {share}", share=number(share, ".0%")))

    def _on_kept(self, path: Path) -> None:
        self._kept_at = path
        self._say()

    def _on_film_saved(self, path: Path) -> None:
        self._context.messages.tell(lambda: tr("Film saved as “{path}”.", path=path), about=Subject.STYLE)
        self._say()

    def _warn(self, message: str, hint: str, details: str = "") -> None:
        self._context.messages.warn(message, hint, details, about=Subject.STYLE)

    # --- words

    def _say(self) -> None:
        self.page.say(*self._words())

    def _words(self) -> list[str]:
        newest = self._service.history.ticks[-1] if self._service.history.ticks else None
        if self._service.state is WorkState.PREPARING or newest is None:
            is_idle = self._service.state is WorkState.IDLE
            return [] if is_idle else [tr("Reading the pictures and the network…")]
        said = [tr("Step {step} of {total}", step=number(newest.step), total=number(newest.steps))]
        if self._service.state is WorkState.WORKING and newest.steps_per_second:
            said.append(tr("{speed} steps/s", speed=number(newest.steps_per_second, ".1f")))
            if newest.seconds_left is not None:
                said.append(tr("about {time} left", time=duration(newest.seconds_left)))
        elif self._service.state is WorkState.PAUSED:
            said.append(tr("paused"))
        elif self._service.state is WorkState.IDLE and self._kept_at is not None:
            said.append(tr("kept as {name}", name=self._kept_at.name))
        elif self._service.state is WorkState.IDLE and not self.why_no_going_on():
            said.append(tr("“Go on” paints on"))
        if self._shown is not None and not self._is_newest:
            said.append(tr("you look back at step {step}", step=number(self._shown.step)))
        return said

    def _name(self) -> str:
        return self._service.name or tr("picture")
