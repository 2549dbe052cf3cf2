"""What a person does with the runs that are chosen in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from engine.i18n import joined, tr, trn
from engine.recipes import Recipe
from engine.runs import RunSummary, words
from engine.runs.planned import Planned
from engine.runs.trash import Deleted, Trashed, rule
from studio.context import Context
from studio.model.origins import Origins
from studio.text.kept import kept_told
from studio.text.queue import lined_up_told
from studio.workspace import go_to
from studio.workspaces.compare.transfers_presenter import TransfersPresenter

if TYPE_CHECKING:
    from studio.workspaces.compare.workspace import CompareWorkspace

_SEEDS = 3


class ActionsPresenter(QObject):
    """Acts through the services, and tells in the message bar what cannot be seen."""

    def __init__(self, workspace: CompareWorkspace, context: Context) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._context, self._services, self._table = context, context.services, workspace.run_table
        self._opened: Path | None = None
        self._planned: RunSummary | None = None  # whose options are wanted once it is shown
        self._deleted: list[list[Trashed]] = []
        """What can be had back, what went last at the end."""
        self.transfers = TransfersPresenter(self, workspace.run_table, context)
        self._services.shown.run_changed.connect(self._on_shown)
        self._table.run_chosen.connect(self.open)
        self._table.run_named.connect(lambda path, name: self._services.runs.describe(path, name=name))
        self._table.star_clicked.connect(self._turn_star)
        self._table.undo_requested.connect(self.undo_delete)
        self._services.own_recipes.kept.connect(self._on_kept)
        self._services.own_recipes.exported.connect(self._on_recipe_exported)
        self._services.queue.lined_up.connect(self._on_lined_up)
        files = self._services.run_files
        files.deleted.connect(self._on_deleted)
        files.restored.connect(self._on_restored)

    # --- look at

    def look_at(self) -> None:
        """Show the chosen run where its curves and samples are."""
        self.open(self._chosen.path)

    def open(self, path: Path) -> None:
        """Show the run in ``path`` where its curves and samples are."""
        self._open(path)

    def _open(self, path: Path, planned: RunSummary | None = None) -> None:
        self._opened, self._planned = path, planned
        self._context.runs.open_run(path)

    def _on_shown(self) -> None:
        run, opened, planned = self._services.shown.run, self._opened, self._planned
        self._opened = self._planned = None
        if run is None or run.path != opened:
            return
        if planned is not None and not self._services.training.is_busy:
            self._plan_like(planned)
        else:
            self._context.commands.do(go_to("train"))

    def mirror(self) -> None:
        """Show the chosen runs side by side: those of the class wall, with their students, while that is in front."""
        cards = self._workspace.chosen_cards()
        if cards is None:
            self._workspace.mirror.open([run.path for run in self._table.chosen_runs()])
        else:
            self._workspace.mirror.open([card.run.path for card in cards], [card.student for card in cards])

    # --- say

    def rename(self) -> None:
        """Let the person type another name."""
        self._table.rename()

    def star(self) -> None:
        """Give all chosen runs a star, or take it away where all have one."""
        runs = self._table.chosen_runs()
        is_star = not all(run.star for run in runs)
        for run in runs:
            self._services.runs.describe(run.path, star=is_star)

    def _turn_star(self, path: Path) -> None:
        row = self._table.model.row_in(path)
        if row is not None and isinstance(row.run, RunSummary):
            self._services.runs.describe(path, star=not row.run.star)

    def note(self) -> None:
        """Let the person write about the chosen run."""
        from studio.widgets.dialogs.note_dialog import NoteDialog

        run = self._chosen
        dialog = NoteDialog(words.title(run), run.note, self._table.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.written.connect(lambda text: self._services.runs.describe(run.path, note=text))
        dialog.open()

    # --- train

    def take_options(self) -> None:
        """Plan a training with the options with which the chosen run began, and show that run: all is of one."""
        run, context = self._chosen, self._context
        if self._services.training.is_busy:
            context.messages.tell(
                lambda: tr("Something is trained now; the same options can be lined up."),
                lambda: tr("Line it up"),
                lambda: self._services.queue.add(self._context.plan.with_locks(run.config), words.title(run)),
            )
            return
        shown = self._services.shown.run
        if shown is not None and shown.path == run.path:
            self._plan_like(run)
        else:
            self._open(run.path, planned=run)

    def _plan_like(self, run: RunSummary) -> None:
        context = self._context
        context.runs.plan_like(run.config)
        context.messages.tell(
            lambda: tr("The options are those of “{run}”. Train begins a new run with them.", run=words.title(run)),
            lambda: tr("Train"),
            lambda: context.commands.do("train"),
        )
        context.commands.do(go_to("train"))

    def branch(self) -> None:
        """Let the person say from where a new run shall branch off the chosen one, and with which options."""
        self.branch_off(self._chosen.path)

    def branch_off(self, path: Path, given: Mapping[str, Any] | None = None) -> None:
        """Let the person say the same of the run in ``path``; the branch has the options ``given`` in any case."""
        self._services.runs.read_origins(path, partial(self._ask_for_branch, given or {}))

    def _ask_for_branch(self, given: Mapping[str, Any], origins: Origins) -> None:
        from studio.widgets.dialogs.branch_dialog import BranchDialog

        shown = self._services.shown
        is_shown = shown.run is not None and shown.run.path == origins.run.path
        plan, window = self._context.plan, self._table.window()
        epoch, kept = shown.epoch if is_shown else None, plan.locked | plan.hidden
        given = plan.free(given)
        is_longer = not given.keys().isdisjoint(("epochs", "total_images"))
        dialog = BranchDialog(
            origins,
            epoch,
            self._why_not_now(),
            window,
            kept=kept,
            is_longer=is_longer,
            check=lambda epoch, changes: self._context.runs.check_branch(origins, epoch, {**given, **changes}),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(
            lambda epoch, is_exact, changes, later: self._begin(
                lambda: self._context.runs.branch(
                    origins.run, epoch, {**given, **changes}, exactly=is_exact, later=later
                )
            )
        )
        dialog.open()

    def lengthen(self) -> None:
        """Let the person say how long the chosen run shall train on."""
        if self._may_set("epochs"):
            self._services.runs.read_origins(self._chosen.path, self._ask_for_length)

    def _ask_for_length(self, origins: Origins) -> None:
        from studio.widgets.dialogs.longer_dialog import LongerDialog

        run, count = origins.run, origins.run.data.image_count
        done, planned = run.images_seen // count, -(-run.info.total_images // count)
        dialog = LongerDialog(origins.name, done, planned, self._why_not_now(), self._table.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(
            lambda epochs, schedule, later: self._begin(
                lambda: self._context.runs.lengthen(run, epochs, schedule, later=later)
            )
        )
        dialog.open()

    def _why_not_now(self) -> str:
        """Say what must end before anything is trained, or nothing."""
        training = self._services.training
        return tr("Something is trained now.") if training.is_busy else training.why_not()

    def _begin(self, train: Callable[[], object]) -> None:
        """Train, and look at it; where something is trained already, nothing new is to be seen."""
        was_busy = self._services.training.is_busy
        train()
        if self._services.training.is_busy and not was_busy:
            self._context.commands.do(go_to("train"))

    def line_up(self) -> None:
        """Line up trainings with the options of the chosen runs."""
        for run in self._table.chosen_runs():
            self._services.queue.add(self._context.plan.with_locks(run.config), words.title(run))

    def more_seeds(self) -> None:
        """Train the chosen run's options with other seeds, one after the other."""
        run = self._chosen
        if self._may_set("seed"):
            config = self._context.plan.with_locks(run.config).changed(seed=run.config.seed + 1)
            self._services.queue.add(config, words.title(run), _SEEDS)
            self._services.queue.turn_on()

    def _may_set(self, option: str) -> bool:
        """Whether a class leaves ``option`` to the student; where it does not, that is said."""
        is_kept = option in self._context.plan.locked
        if is_kept:
            self._context.messages.tell(lambda: kept_told([option]))
        return not is_kept

    def _on_lined_up(self, plans: list[Planned]) -> None:
        """Tell what was lined up and how long it takes, unless the queue itself is looked at."""
        pages, panel, queue = self._workspace.pages, self._workspace.queue_panel, self._services.queue
        if not self._workspace.isHidden() and pages.currentWidget() is panel:
            return

        def show() -> None:
            self._workspace.come_forward()
            pages.setCurrentWidget(panel)
            panel.list.setFocus(Qt.FocusReason.OtherFocusReason)

        self._context.messages.tell(lambda: lined_up_told(plans, queue.state), lambda: tr("Show the queue"), show)

    # --- recipes

    def keep_as_recipe(self) -> None:
        """Let the person keep the options of the chosen run as a recipe."""
        from studio.widgets.dialogs.recipe_dialog import RecipeDialog

        run = self._chosen
        dialog = RecipeDialog(run.name or words.recipe(run), run.note, self._table.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda title, note: self._services.own_recipes.keep(title, run.config_now, note))
        dialog.open()

    def _on_kept(self, recipe: Recipe) -> None:
        self._context.messages.tell(
            lambda: tr("“{recipe}” is among your recipes now, in the list above.", recipe=recipe.title),
            lambda: tr("Use it"),
            lambda: self._context.runs.choose_recipe(recipe.name),
        )

    def show_recipes(self) -> None:
        """Show the recipes of one's own, to be given away, brought and removed."""
        from studio.widgets.dialogs.recipes_dialog import RecipesDialog

        recipes = self._services.own_recipes
        dialog = RecipesDialog(self._table.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.export_requested.connect(recipes.export)
        dialog.import_requested.connect(recipes.import_file)
        dialog.delete_requested.connect(recipes.delete)
        recipes.changed.connect(dialog.refresh)
        dialog.open()

    def _on_recipe_exported(self, path: Path) -> None:
        self._context.messages.tell(lambda: tr("“{file}” holds the recipe.", file=path.name))

    # --- files

    def show_folder(self) -> None:
        """Open the folder of the first chosen run in the desktop's file manager."""
        self._context.runs.show_folder(self._table.chosen()[0].run.path)

    # --- away and back

    @property
    def can_undo(self) -> bool:
        """Whether something that was deleted can be had back."""
        return bool(self._deleted)

    def delete(self) -> None:
        """Move the chosen runs into the trash."""
        self._services.run_files.delete([row.run.path for row in self._table.chosen()])

    def _on_deleted(self, done: list[Deleted]) -> None:
        self._deleted.append([each.run for each in done])
        expired = [gone for each in done for gone in each.expired]
        self._tell_undo()
        self._services.runs.list_again()
        self._context.messages.tell(
            lambda: joined(
                trn("{count} run is in the trash.", "{count} runs are in the trash.", len(done)),
                rule(),
                trn("{count} older one is gone.", "{count} older ones are gone.", len(expired)) if expired else "",
            ),
            lambda: tr("Undo"),
            self.undo_delete,
        )

    def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        if self._deleted:
            self._services.run_files.restore(self._deleted.pop())
            self._tell_undo()

    # As a history: in Compare, Undo takes back the last deletion before it takes back options.

    undo = undo_delete

    def redo(self) -> None:
        """Do nothing: what was brought back is deleted again by whoever chooses it."""

    def words(self, *, back: bool) -> str:
        """Say what would be taken back."""
        count = len(self._deleted[-1]) if back and self._deleted else 0
        return trn("{count} run deleted", "{count} runs deleted", count) if count else ""

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be brought back, or deleted again."""
        nothing = tr("Nothing was deleted since the start.") if back else tr("No deletion was taken back.")
        return "" if back and self.can_undo else nothing

    def _on_restored(self, paths: list[Path]) -> None:
        self._context.messages.dismiss()
        self._table.choice.wait_for(paths)
        for path in paths:
            self._services.runs.look_again(path)

    def _tell_undo(self) -> None:
        self._table.can_undo = self.can_undo
        self._context.commands.refresh()

    @property
    def _chosen(self) -> RunSummary:
        return self._table.chosen_runs()[0]
