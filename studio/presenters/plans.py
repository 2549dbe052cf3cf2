"""What the next training will be: recipe, data, own pictures, and what it will take. Knows no panel but dialogs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.config import OPTIONS, Config
from engine.datasets.catalog import DATASETS
from engine.i18n import tr, trn
from engine.recipes import RECIPES, recipe
from engine.recipes.words import set_by_hand
from studio.estimates import Estimates
from studio.model.messages import Subject
from studio.model.plan import Plan
from studio.option_undo import Change, OptionUndo, Values
from studio.services import Services
from studio.services.readers import IMAGE_OPTIONS
from studio.settings import Settings
from studio.text.recipe import recipe_story
from studio.widgets.messages.message_bar import MessageBar

if TYPE_CHECKING:
    from studio.panels.own_handwriting import OwnHandwritingDialog
    from studio.services.sheets import DrawnDigit


class Plans(QObject):
    """Replaces and completes the ``plan``; dialogs open above ``place``."""

    train_requested = Signal()
    """The person chose pictures and wants to train on them at once."""

    def __init__(
        self,
        services: Services,
        plan: Plan,
        estimates: Estimates,
        settings: Settings,
        messages: MessageBar,
        place: QWidget,
    ) -> None:
        super().__init__(place)
        self._services, self._plan, self._estimates = services, plan, estimates
        self._settings, self._messages, self._place = settings, messages, place
        self.undo = OptionUndo(lambda: plan.config, self._restore, self, live_only=lambda: services.training.is_busy)
        plan.edited.connect(self.undo.note)
        plan.changed.connect(self._on_changed)

    # --- options

    def show_config(self, config: Config, chosen: str = "") -> Change | None:
        """Plan with other options, and look at the real images that they name.

        ``chosen`` is the option by which they came. Returns what can be undone.
        """
        before = self._plan.config
        self._plan.replace(self.on_this_machine(config))
        self._services.images.look_at(config)
        return self.undo.note(chosen, before, self._plan.config)

    def on_this_machine(self, config: Config) -> Config:
        """Return ``config`` with what was set by hand for this machine."""
        return config.changed(**self._settings.machine_options())

    def _on_changed(self, name: str, value: Any) -> None:
        self._estimates.refresh()
        self._take({name: value})

    def _take(self, values: Values) -> None:
        """Let the training under way, this machine's settings and the samples follow the plan."""
        for name, value in values.items():
            self._services.training.change(name, value)
            if OPTIONS[name].of_machine:
                self._settings.set_machine_option(name, value)
        if not values.keys().isdisjoint(IMAGE_OPTIONS):
            self._services.images.look_at(self._plan.config)

    def _restore(self, values: Values) -> None:
        """Give options the values that they had."""
        self._plan.replace(self._plan.config.changed(**values))
        self._settings.recipe = self._plan.config.recipe
        if "recipe" in values:
            self._messages.retract(Subject.RECIPE)  # what it says was replaced is there again
        self._take(values)

    # --- recipe

    def choose_recipe(self, name: str) -> None:
        """Take all options from a recipe and tell what it is about; what a person had set by hand can be had back."""
        before = self._plan.config
        self._settings.recipe = name
        change = self.show_config(recipe(name).config(), "recipe")
        count = len(set_by_hand(before))
        if count and change is not None:
            self._messages.tell(
                lambda: f"{_replaced(count)} {self.story()}",
                lambda: tr("Undo"),
                partial(self.undo.undo_from, change),
                Subject.RECIPE,
            )
        else:
            self._messages.tell(self.story, about=Subject.RECIPE)

    def story(self) -> str:
        """Return what the recipe of the plan is about, and what it will take."""
        config, known = self._plan.config, self._estimates.current
        return recipe_story(config, known if known and known.config == config else None)

    # --- data

    def choose_dataset(self, name: str) -> None:
        """Take another data set; own pictures need a folder first."""
        before = self._plan.config
        if DATASETS[name].origin == "folder":
            self._plan.replace(before)  # until there is a folder, the choice is what it was
            self.ask_for_pictures(before.data_root if before.dataset == name else "")
            return
        values: dict[str, Any] = {"dataset": name} | self._usual_length(before)
        if _is_folder(before.dataset):  # files of a data set do not belong among a person's pictures
            values["data_root"] = ""
        if DATASETS[name].class_names != _class_names(before):
            values["classes"] = ()
        self.show_config(before.changed(**values), "dataset")

    def _usual_length(self, config: Config) -> dict[str, int]:
        """Return the recipe's own length where that of ``config`` was made for the pictures that it leaves behind."""
        known = RECIPES.get(config.recipe)
        count = self._services.known_images.count(config)
        if not _is_folder(config.dataset) or known is None or not count:
            return {}
        made, usual = known.length_on(count, config.epochs), known.config()
        if known.length_on(count)["epochs"] != config.epochs or any(getattr(config, it) != made[it] for it in made):
            return {}
        return {name: getattr(usual, name) for name in made}

    def ask_for_pictures(self, folder: str = "") -> None:
        """Let the person turn a folder of pictures into data, unless one is being trained on."""
        self._messages.retract(Subject.DATA)
        if self._services.training.is_busy:
            self._messages.tell(lambda: tr("Stop the training first."), about=Subject.BUSY)
            return
        from studio.panels.own_pictures import OwnPicturesDialog

        dialog = OwnPicturesDialog(self._services.jobs, self._plan.config, folder, self._place.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._train_on_pictures)
        dialog.open()

    def ask_for_handwriting(self) -> None:
        """Let the person turn photographs of handwriting into data."""
        from studio.panels.own_handwriting import OwnHandwritingDialog

        dialog = OwnHandwritingDialog(self._services.jobs, self._place.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.ask_for_pictures)
        dialog.draw_requested.connect(partial(self._let_draw, dialog))
        dialog.open()

    def _let_draw(self, dialog: OwnHandwritingDialog, before: tuple[DrawnDigit, ...]) -> None:
        from studio.panels.draw_digits import DrawDigitsDialog

        drawing = DrawDigitsDialog(self._services.jobs, before, dialog)
        drawing.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        drawing.drawn.connect(dialog.show_drawn)
        drawing.open()

    def _train_on_pictures(self, folder: str, values: dict[str, Any]) -> None:
        config = self._plan.config
        self.show_config(config.changed(**values, dataset="pictures", data_root=folder, classes=()), "dataset")
        if self._plan.is_sensible:
            self.train_requested.emit()


def _replaced(count: int) -> str:
    return trn(
        "{count} option that you had set was replaced.", "{count} options that you had set were replaced.", count
    )


def _is_folder(name: str) -> bool:
    """Whether a data set is a person's own pictures."""
    return name in DATASETS and DATASETS[name].origin == "folder"


def _class_names(config: Config) -> tuple[str, ...]:
    known = DATASETS.get(config.dataset)
    return known.class_names if known else ()
