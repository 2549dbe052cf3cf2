"""Recipes of a person's own in the window: kept from a run, offered beside the others, given away, removed."""

from __future__ import annotations

from engine.recipes import RECIPES
from engine.runs import RunFolder, runs_root
from studio.widgets.dialogs.recipe_dialog import RecipeDialog
from studio.widgets.dialogs.recipes_dialog import RecipesDialog
from tests.engine import hostile


def test_the_options_of_a_run_become_a_recipe_that_is_offered_until_it_is_removed(window, qtbot, tmp_path):
    hostile.make_run(runs_root() / "a")
    info = RunFolder(runs_root() / "a").info()
    config = info.config_at(info.total_images)
    window.services.runs.list_again()
    window.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    window.commands.refresh()
    window.commands.do("keep_as_recipe")
    dialog, recipes, box = window.findChild(RecipeDialog), window.services.own_recipes, window.run_bar.recipe_box
    dialog.title.setText("  ")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Save).isEnabled()
    dialog.title.setText("My own")
    with qtbot.waitSignal(recipes.kept) as kept:
        dialog.buttons.accepted.emit()
    name = kept.args[0].name
    try:
        assert box.findData(name) > 0 and box.findText("My recipes") > 0
        assert RECIPES[name].config().g_lr == config.g_lr
        window.commands.do("my_recipes")
        mine = window.findChild(RecipesDialog)
        assert mine.list.count() == 1
        with qtbot.waitSignal(recipes.exported):
            mine.export_requested.emit(name, tmp_path / "own.json")
        with qtbot.waitSignal(recipes.changed):
            mine.delete_button.click()
        assert box.findData(name) < 0 and mine.list.count() == 0 and not mine.delete_button.isEnabled()
        with qtbot.waitSignal(recipes.kept) as kept:
            mine.import_requested.emit(tmp_path / "own.json")
        assert mine.list.count() == 1
    finally:
        for entry in [entry for entry in RECIPES.values() if entry.is_own]:
            del RECIPES[entry.name]
