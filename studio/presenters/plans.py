"""What the next training will be: recipe, data, own pictures, and what it will take. Knows no panel but dialogs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from engine.config import OPTIONS, Config
from engine.datasets.catalog import DATASETS
from engine.datasets.sets import is_points
from engine.i18n import tr, trn
from engine.recipes import RECIPES, Recipe, recipe, working
from engine.recipes.words import set_by_hand
from studio.estimates import Estimates
from studio.model.messages import Subject
from studio.model.plan import Plan
from studio.model.transfer import Moving
from studio.option_undo import Change, OptionUndo, Values
from studio.services import Services
from studio.services.readers import IMAGE_OPTIONS
from studio.services.table_reader import TABLE, TableReader
from studio.settings import Settings
from studio.text.recipe import recipe_story
from studio.text.transfer import reading_told
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.drop_target import DropTarget
from studio.widgets.messages.message_bar import MessageBar
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners

if TYPE_CHECKING:
    from studio.panels.own_handwriting import OwnHandwritingDialog
    from studio.panels.own_pictures import OwnPicturesDialog
    from studio.services.sheets import DrawnDigit


class Plans(QObject):
    """Replaces and completes the ``plan``; dialogs open above ``place``."""

    train_requested = Signal()
    """The person chose pictures and wants to train on them at once."""
    class_dropped = Signal(str)
    """A class file was dropped on the window."""
    runs_dropped = Signal(list)
    """The folder of a run was dropped there, or files that hold runs: their paths."""

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
        self._tables = TableReader(services.jobs, self)
        self._tables.progressed.connect(self._on_table_progressed)
        self._tables.failed.connect(self._on_table_failed)
        self._tables.over.connect(self._on_table_over)
        self._tells_of_table = False

    def begin(self) -> None:
        """Look at the real images of the plan, at the start; what was chosen last of a person's own is there again."""
        config, path = self._plan.config, self._settings.table
        self._services.images.look_at(config)
        if config.dataset == TABLE and not config.data_root and path:
            self._tables.read(path, partial(self._on_table_back, config, path))
        if (values := self._settings.pictures) and not is_points(config.dataset):
            listeners: Listeners[None, bool] = Listeners(result=partial(self._on_pictures_back, config, values))
            self._services.jobs.do("looking for own pictures", Path(values["data_root"]).is_dir, listeners)

    def _on_pictures_back(self, asked: Config, values: Values, are_there: bool) -> None:
        if self._plan.config != asked or "dataset" in self._plan.locked:  # something was chosen meanwhile
            return
        if are_there:
            self.show_config(asked.given(**values))
            return
        self._messages.warn(
            lambda: tr("Your own pictures in “{path}” are not there.", path=values["data_root"]),
            lambda: tr("Bring the folder back, or choose another one in the menu File."),
        )

    def _on_table_back(self, asked: Config, path: str, rows: int) -> None:
        if self._plan.config == asked and "data_root" not in self._plan.locked:  # nothing was chosen meanwhile
            self._take_rows(path, rows)

    # --- options

    def show_config(self, config: Config, chosen: str = "", *, opens_locks: bool = False) -> Change | None:
        """Plan with other options, and look at the real images that they name.

        ``chosen`` is the option by which they came; what a class keeps stays unless its own lesson ``opens_locks``.
        Returns what can be undone.
        """
        before = self._plan.config
        config = config if opens_locks else self._plan.with_locks(config)
        self._plan.replace(self.on_this_machine(config))
        self._services.images.look_at(config)
        if chosen and config.dataset != "pictures":
            self._settings.pictures = {}
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
        if not self.may_choose("recipe"):
            return
        before = self._plan.config
        self._settings.recipe = name
        change = self.show_config(recipe(name).config(), "recipe")
        count = len(set_by_hand(before, also_shown=True))
        if count and change is not None:
            self._messages.tell(
                lambda: f"{_replaced(count)} {self.story()}",
                lambda: tr("Undo"),
                partial(self.undo.undo_from, change),
                Subject.RECIPE,
            )
        else:
            self._messages.tell(self.story, about=Subject.RECIPE)
        if DATASETS[self._plan.config.dataset].origin == "file" and not self._plan.config.data_root:
            self.ask_for_table()

    def story(self) -> str:
        """Return what the recipe of the plan is about, and what it will take."""
        config, known = self._plan.config, self._estimates.current
        return recipe_story(config, known if known and known.config == config else None)

    # --- data

    def choose_dataset(self, name: str) -> None:
        """Take another data set; own pictures need a folder first, and a table its file."""
        if not self.may_choose("dataset"):
            return
        before, chosen = self._plan.config, DATASETS[name]
        if chosen.origin in ("folder", "file"):
            self._plan.replace(before)  # until there is a folder, or a file, the choice is what it was
            same = before.data_root if before.dataset == name else ""
            self.ask_for_pictures(same) if chosen.origin == "folder" else self.ask_for_table(same)
            return
        if chosen.points != is_points(before.dataset):
            self._take_recipe_for(name)
            return
        values: dict[str, Any] = {"dataset": name} | self._usual_length(before)
        if _is_own(before.dataset):  # files of a data set do not belong among those of a person
            values["data_root"] = ""
        if DATASETS[name].class_names != _class_names(before):
            values["classes"] = ()
        self.show_config(before.changed(**values), "dataset")

    def _usual_length(self, config: Config) -> dict[str, int]:
        """Return the recipe's own length where that of ``config`` was made for the pictures that it leaves behind."""
        known = RECIPES.get(config.recipe)
        count = self._services.known_images.count(config)
        if not _is_own(config.dataset) or known is None or not count:
            return {}
        made, usual = known.length_on(count, config.epochs), known.config()
        if known.length_on(count)["epochs"] != config.epochs or any(getattr(config, it) != made[it] for it in made):
            return {}
        return {name: getattr(usual, name) for name in made}

    def ask_for_pictures(self, folder: str = "") -> None:
        """Let the person turn a folder of pictures into data, unless one is being trained on."""
        if not self._may_choose_data():
            return
        from studio.panels.own_pictures import OwnPicturesDialog

        config = self._plan.config
        if is_points(config.dataset):
            config = _recipe_for("pictures").config()
        dialog = OwnPicturesDialog(self._services.jobs, config, folder, self._place.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.speed_asked.connect(partial(self._find_speed, dialog, config))
        dialog.chosen.connect(self._train_on_pictures)
        dialog.open()

    def _find_speed(self, dialog: OwnPicturesDialog, config: Config, values: Values) -> None:
        """Tell the dialog how fast a training with ``config`` is here on pictures prepared as ``values`` say."""

        def tell(speed: float) -> None:
            if isValid(dialog):
                dialog.show_speed(values, speed)

        dialog.show_speed(values, None)
        on_pictures = self.on_this_machine(config.given(**{**values, "dataset": "pictures", "classes": ()}))
        self._estimates.find_speed(on_pictures, tell)

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

    def _take_recipe_for(self, name: str, values: Values | None = None) -> None:
        """Networks of pictures make no points, nor the other way round: with such data goes a recipe made for them."""
        fitting, before = _recipe_for(name), self._plan.config
        self._settings.recipe = fitting.name
        config = fitting.config().given(**{"dataset": name, "data_root": ""} | dict(values or {}))
        change = self.show_config(config, "dataset")
        if change is None or before.recipe == fitting.name:
            return
        self._messages.tell(
            lambda: tr(
                "With these data goes the recipe “{title}”: its networks are made for them.", title=tr(fitting.title)
            ),
            lambda: tr("Undo"),
            partial(self.undo.undo_from, change),
            Subject.RECIPE,
        )

    def take_drops(self, drops: DropTarget) -> None:
        """Turn what is dropped there into data, or pass on that it is a class or a run."""
        drops.folder_dropped.connect(self.ask_for_pictures)
        drops.table_dropped.connect(self.take_table)
        drops.class_dropped.connect(self.class_dropped)
        drops.runs_dropped.connect(self.runs_dropped)
        drops.refused.connect(partial(self._messages.warn, about=Subject.ASKED))

    # --- tables and points

    def ask_for_table(self, path: str = "") -> None:
        """Let the person choose a file of numbers, unless one is being trained on."""
        if self._may_choose_data():
            dialog = FileDialog(self._place.window(), tr("Choose a table of numbers"), path)
            dialog.setFileMode(FileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(tr("Tables (*.csv *.tsv *.txt)"))
            dialog.fileSelected.connect(self.take_table)
            dialog.open()

    def ask_for_points(self) -> None:
        """Let the person draw points, which become a table."""
        from studio.panels.own_points import OwnPointsDialog

        if self._may_choose_data():
            dialog = OwnPointsDialog(self._services.jobs, self._place.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(partial(self.take_table, train=True))
            dialog.open()

    def take_table(self, path: str, *, train: bool = False) -> None:
        """Read the table in ``path``, and plan to train on its rows if it can be read; or ``train`` at once."""
        if self._may_choose_data():
            self._tables.read(path, partial(self._on_table_read, path, train))

    def _on_table_progressed(self, reading: Moving) -> None:
        tell = self._messages.renew if self._tells_of_table else self._messages.tell
        self._tells_of_table = True
        tell(partial(reading_told, reading), lambda: tr("Cancel"), self._tables.cancel, Subject.TABLE)

    def _on_table_over(self) -> None:
        self._tells_of_table = False
        self._messages.retract(Subject.TABLE)

    def _on_table_read(self, path: str, train: bool, rows: int) -> None:
        if self._may_choose_data():
            self._settings.table = path
            self._take_rows(path, rows)
            if train and self._plan.is_sensible:
                self.train_requested.emit()

    def _take_rows(self, path: str, rows: int) -> None:
        values = {"dataset": TABLE, "data_root": path, "classes": ()}
        if self._plan.config.dataset == TABLE:
            own = RECIPES.get(self._plan.config.recipe)
            length = own.length_on(rows) if own else {}
            self.show_config(self._plan.config.given(**values | length), "dataset")
        else:
            self._take_recipe_for(TABLE, values | _recipe_for(TABLE).length_on(rows))

    def _on_table_failed(self, failed: Failure) -> None:
        self._messages.warn(failed.message, failed.hint, failed.details, about=Subject.DATA)

    def may_choose(self, name: str) -> bool:
        """Whether recipe or data may be other ones; a class may keep them."""
        if name in self._plan.locked:
            self._messages.tell(lambda: tr("Recipe and images are those of this class."), about=Subject.BUSY)
        return name not in self._plan.locked

    def _may_choose_data(self) -> bool:
        for about in (Subject.DATA, Subject.ASKED):
            self._messages.retract(about)
        if not self.may_choose("dataset"):
            return False
        if self._services.training.is_busy:
            self._messages.tell(lambda: tr("Stop the training first."), about=Subject.BUSY)
        return not self._services.training.is_busy

    # --- own pictures

    def _train_on_pictures(self, folder: str, values: dict[str, Any]) -> None:
        values = {**values, "dataset": "pictures", "data_root": folder, "classes": ()}
        if is_points(self._plan.config.dataset):
            self._take_recipe_for("pictures", values)
        else:
            self.show_config(self._plan.config.given(**values), "dataset")
        self._settings.pictures = values
        if self._plan.is_sensible:
            self.train_requested.emit()


def _replaced(count: int) -> str:
    return trn(
        "{count} option that you had set was replaced.", "{count} options that you had set were replaced.", count
    )


def _is_own(name: str) -> bool:
    """Whether a data set is a person's own pictures, or own table."""
    return name in DATASETS and DATASETS[name].origin in ("folder", "file")


def _recipe_for(name: str) -> Recipe:
    """Return the recipe that is made for the data set ``name``, or else one whose networks take such data."""
    fitting = [each for each in working() if is_points(each.config().dataset) == DATASETS[name].points]
    return next((each for each in fitting if each.config().dataset == name), fitting[0])


def _class_names(config: Config) -> tuple[str, ...]:
    known = DATASETS.get(config.dataset)
    return known.class_names if known else ()
