"""What happens when a person wants something: train, choose a recipe or data, look at another run or epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from engine.config import OPTIONS, Config
from engine.datasets.catalogue import DATASETS
from engine.datasets.sets import class_word
from engine.i18n import tr, trn
from engine.recipes import RECIPES, recipe
from engine.runs import runs_root
from studio.model.run import Run
from studio.option_undo import Change, OptionUndo, Values
from studio.services.readers import IMAGE_OPTIONS
from studio.text.recipe import recipe_story
from studio.widgets.dialogs import FileDialog
from studio.widgets.drop_target import DropTarget
from studio.widgets.message_bar import About

if TYPE_CHECKING:
    from studio.window import MainWindow


class Wishes:
    """Connects the panels' wishes; it asks the services and lets the panels show the choice."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        services, bar, form = window.services, window.run_bar, window.options_form
        bar.recipe_chosen.connect(self.choose_recipe)
        bar.dataset_chosen.connect(self.choose_dataset)
        self.undo = OptionUndo(form.config, self._restore, window)
        form.edited.connect(self.undo.note)
        form.changed.connect(lambda name, value: self._take({name: value}))
        window.run_list.run_chosen.connect(self.open_run)
        window.run_list.folder_wanted.connect(self.ask_for_run)
        services.shown.epoch_changed.connect(self._show_epoch)
        window.epoch_strip.epoch_chosen.connect(services.shown.look_at)
        DropTarget(window).folder_dropped.connect(self.ask_for_pictures)

    def train(self) -> None:
        """Begin a new run with the options shown."""
        form = self._window.options_form
        form.finish_editing()
        if form.is_sensible:
            self._keep_what_to_watch()
            self._window.services.training.start(form.config())

    def resume(self) -> None:
        """Go on with the run shown, with what was changed of it while it rested; what was said of its rest is over."""
        self._keep_what_to_watch()
        self.go_on_with({})

    def _keep_what_to_watch(self) -> None:
        """While it trains, the recipe's story is still worth reading, but no choice can be undone."""
        bar = self._window.message_bar
        if bar.about is About.RECIPE:
            bar.tell(self._story, about=About.RECIPE)
        else:
            bar.dismiss()

    def go_on_with(self, changes: Mapping[str, float]) -> None:
        """Go on with the run shown after giving options other values, and those that a person gave while it rested.

        Options for a training of another kind are none of this run's: the form shows again what is trained.
        """
        form, services = self._window.options_form, self._window.services
        form.finish_editing()
        run = services.shown.run
        if run is None or not services.can_resume:
            services.training.resume()
            return
        now = run.config_now
        if are_alike := _differ_live_only(form.config(), now):
            changes = _live_differences(form.config(), now) | dict(changes)
        form.set_config((form.config() if are_alike else self._on_this_machine(now)).changed(**changes))
        if not are_alike:
            self.show_choice()
            self._window.message_bar.tell(lambda: tr("The run goes on with its own options, which are shown again."))
        services.training.resume(run, changes)

    def show_and_go_on(self, run: Run, changes: Mapping[str, float]) -> None:
        """Show ``run`` again, which rests, and go on with it after giving options other values."""
        if self._window.services.shown.run is not run:
            self._window.services.shown.put(run)
        self.go_on_with(changes)

    def branch(self, run: Run, epoch: int) -> None:
        """Begin a new run with the networks that ``run`` keeps of ``epoch``, and with its options."""
        training = self._window.services.training
        if not training.is_busy:
            config = self._on_this_machine(run.config_at(epoch * run.data.image_count))
            self._window.options_form.set_config(config)
            self._window.message_bar.tell(
                lambda: tr(
                    "The new run begins with the networks of epoch {epoch} of “{run}”.", epoch=epoch, run=run.path.name
                )
            )
            training.branch(run, config, epoch)

    def _on_this_machine(self, config: Config) -> Config:
        return config.changed(**self._window.settings.machine_options())

    # --- recipe and data

    def choose_recipe(self, name: str) -> None:
        """Take all options from a recipe and tell what it is about; what a person had set by hand can be had back."""
        before = self._window.options_form.config()
        self._window.settings.recipe = name
        change = self.show_config(recipe(name).config(), "recipe")
        count = len(set_by_hand(before))
        if count and change is not None:
            self._window.message_bar.tell(
                lambda: f"{_replaced(count)} {self._story()}",
                lambda: tr("Undo"),
                partial(self.undo.undo_from, change),
                About.RECIPE,
            )
        else:
            self._window.message_bar.tell(self._story, about=About.RECIPE)

    def choose_dataset(self, name: str) -> None:
        """Take another data set; own pictures need a folder first."""
        before = self._window.options_form.config()
        if DATASETS[name].origin == "folder":
            self.show_choice()
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
        count = self._window.reports.image_count(config)
        if not _is_folder(config.dataset) or known is None or not count:
            return {}
        made, usual = known.length_on(count, config.epochs), known.config()
        if known.length_on(count)["epochs"] != config.epochs or any(getattr(config, it) != made[it] for it in made):
            return {}
        return {name: getattr(usual, name) for name in made}

    def show_config(self, config: Config, chosen: str = "") -> Change | None:
        """Show other options and the real images that they name; ``chosen`` is the option by which they came.

        Returns what can be undone.
        """
        form = self._window.options_form
        before = form.config()
        form.set_config(self._on_this_machine(config))
        self.show_choice()
        self._window.estimates.refresh()
        self._window.services.images.look_at(config)
        return self.undo.note(chosen, before, form.config())

    def show_choice(self) -> None:
        """Show in the toolbar which recipe and data the options name."""
        config = self._window.options_form.config()
        self._window.run_bar.choose(config.recipe, config.dataset)
        if self._window.services.shown.run is None:  # otherwise the panel is about the run shown
            self._window.name_classes(class_word(config.dataset))

    def ask_for_pictures(self, folder: str = "") -> None:
        """Let the person turn a folder of pictures into data, unless one is being trained on."""
        if self._is_free():
            from studio.panels.own_pictures import OwnPicturesDialog

            dialog = OwnPicturesDialog(
                self._window.services.jobs, self._window.options_form.config(), folder, self._window
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._train_on_pictures)
            dialog.open()

    def _train_on_pictures(self, folder: str, values: dict[str, Any]) -> None:
        config = self._window.options_form.config()
        self.show_config(config.changed(**values, dataset="pictures", data_root=folder, classes=()), "dataset")
        if self._window.options_form.is_sensible:
            self.train()

    def _take(self, values: Values) -> None:
        """Let the training under way, this machine's settings and the samples follow what the form shows now."""
        window = self._window
        for name, value in values.items():
            window.services.training.change(name, value)
            if OPTIONS[name].of_machine:
                window.settings.set_machine_option(name, value)
        window.estimates.refresh()
        if not values.keys().isdisjoint(IMAGE_OPTIONS):
            window.services.images.look_at(window.options_form.config())

    def _restore(self, values: Values) -> None:
        """Give options the values that they had."""
        form = self._window.options_form
        form.set_config(form.config().changed(**values))
        self._window.settings.recipe = form.config().recipe
        self.show_choice()
        self._take(values)

    def _story(self) -> str:
        config = self._window.options_form.config()
        known = self._window.estimates.current
        return recipe_story(config, known if known and known.config == config else None)

    # --- runs

    def ask_for_run(self) -> None:
        """Let the person point to a run folder anywhere."""
        dialog = FileDialog(self._window, tr("Open a run folder"), str(runs_root()))
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.open_run(Path(path)))
        dialog.open()

    def open_run(self, path: Path) -> None:
        """Show another run; what is being trained goes on."""
        self._window.services.open(path)

    def show_run_folder(self) -> None:
        """Open the folder of the run shown, or of all runs, in the desktop's file manager."""
        run = self._window.services.shown.run
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.path if run else runs_root())))

    def save_film(self) -> None:
        """Let the person save the film of the run shown, or its contact sheet, while whatever is trained goes on."""
        run = self._window.services.shown.run
        if run is None:
            return
        from studio.panels.film_dialog import FilmDialog

        dialog = FilmDialog(run.path, self._window.services.jobs, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _is_free(self) -> bool:
        """Whether nothing is trained; otherwise say so."""
        busy = self._window.services.training.is_busy
        if busy:
            self._window.message_bar.tell(lambda: tr("Stop the training first."), about=About.BUSY)
        return not busy

    def _show_epoch(self, epoch: int) -> None:
        run, history = self._window.services.shown.run, self._window.services.shown.data
        if run and epoch in history.grid_files:
            total = max(math.ceil(history.total_epochs), epoch)
            grid = history.grid(epoch)
            self._window.sample_view.show_epoch(
                epoch,
                total,
                grid,
                history.class_names,
                run.info.facts.size,
                history.verdicts_at(epoch),
                is_average=history.value_at("ema_halflife_kimg", epoch, run.info.config.ema_halflife_kimg) > 0,
            )


def set_by_hand(config: Config) -> dict[str, Any]:
    """Return the options of ``config`` that are not as its recipe has them, with their values."""
    if config.recipe not in RECIPES:
        return {}
    known = recipe(config.recipe).config()
    names = (name for name, option in OPTIONS.items() if not option.of_machine)
    return {name: getattr(config, name) for name in names if getattr(config, name) != getattr(known, name)}


def _differ_live_only(one: Config, other: Config) -> bool:
    """Whether two configs could be of one run at two moments."""
    fixed = (name for name, option in OPTIONS.items() if not option.live and not option.of_machine)
    return all(getattr(one, name) == getattr(other, name) for name in fixed)


def _live_differences(wanted: Config, now: Config) -> dict[str, float]:
    live = (name for name, option in OPTIONS.items() if option.live)
    return {name: getattr(wanted, name) for name in live if getattr(wanted, name) != getattr(now, name)}


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
