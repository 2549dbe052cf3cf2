"""Recipes of a person's own: kept, listed beside the others, given away; a stranger's can only be refused."""

import json
import os

import pytest

from engine import i18n
from engine.errors import UserError
from engine.recipes import RECIPES, own, recipe, working
from engine.runs import RunFolder, runs_root
from tests.engine import hostile
from tests.engine.hostile import little_memory
from tests.engine.test_cli import run


@pytest.fixture(autouse=True)
def none_left():
    own.load()
    yield
    for name in [entry.name for entry in own.own()]:
        del RECIPES[name]
    RECIPES.faults.clear()


def config(**values):
    return recipe("dcgan-tutorial").config(**values)


def test_options_are_kept_as_a_recipe_that_is_listed_and_trained_with(tmp_path):
    kept = own.save("  Thin lines! ", config(d_lr=0.0005, seed=3, threads=2, data_root="/home/me"), "try\nR1")
    assert (kept.name, kept.title, kept.summary, kept.is_own) == ("thin-lines", "Thin lines!", "try\nR1", True)
    wanted = config(d_lr=0.0005, seed=3).changed(recipe="thin-lines")
    assert recipe("thin-lines").config() == wanted, "neither threads nor a folder belong to a recipe"
    assert own.load() == [] and recipe("thin-lines").config() == wanted and kept not in working()
    text = (own.folder() / "thin-lines.json").read_text()
    assert json.loads(text)["options"]["d_lr"] == 0.0005 and len(text.splitlines()) > 8
    assert [own.save(title, config()).name for title in ("thin lines", "Ñandú 2", "save", "…")] == [
        "thin-lines-2",
        "nandu-2",
        "own-save",
        "own",
    ]
    with pytest.raises(UserError, match="needs a title"):
        own.save(" ", config())
    own.delete("thin-lines")
    assert "thin-lines" not in RECIPES and not (own.folder() / "thin-lines.json").exists()
    with pytest.raises(UserError, match="comes with Duelo"):
        own.delete("studio")


def test_it_is_given_away_and_taken_without_writing_over_another(tmp_path):
    own.save("Mine", config(classes=(3, 8), dataset="digits"), "a note")
    own.export_recipe("mine", tmp_path / "out.json")
    taken = own.import_recipe(tmp_path / "out.json")
    assert taken.name == "mine-2" and taken.summary == "a note"
    assert taken.config().changed(recipe="x") == recipe("mine").config().changed(recipe="x")
    own.export_recipe("studio", tmp_path / "shipped.json")
    shipped = own.import_recipe(tmp_path / "shipped.json")
    assert shipped.config().changed(recipe="studio") == recipe("studio").config()


GOOD = {"duelo-recipe": 1, "duelo": "1", "title": "A", "note": "", "options": {"architecture": "dcgan-tutorial"}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        *(({"duelo-recipe": wrong}, "is no recipe") for wrong in (None, "1", 1.5, True)),
        ({"duelo-recipe": 2}, "newer Duelo"),
        *(({"title": wrong}, "is no recipe") for wrong in (None, 3, "", " \n ", ["a"])),
        ({"note": 3}, "is no recipe"),
        *(({"options": wrong}, "is no recipe") for wrong in (None, [], "g_lr", dict.fromkeys(map(str, range(999))))),
        *(
            ({"options": {name: 1}}, "A recipe has no option")
            for name in ("evil", "data_root", "threads", "device", "recipe", "__class__", "x" * 9999, "\x1b[2J", "")
        ),
        *(({"options": {"g_lr": wrong}}, "cannot be") for wrong in (None, [], {}, "fast", 1e99, float("nan"), [[1]])),
        ({"options": {"g_lr": 10**400}}, "cannot be|is no recipe"),
        ({"options": {"architecture": "none"}}, "cannot be “none”"),
        ({"options": {"dataset": "none"}}, "There is no data set"),
        ({"options": {"classes": list(range(9999))}}, "cannot be"),
        ({"options": {"output": "sigmoid"}}, "does not match the range"),
    ],
)
def test_a_strangers_file_is_refused_in_a_sentence(tmp_path, change, says):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(GOOD | change))
    with little_memory(), pytest.raises(UserError, match=says) as error:
        own.import_recipe(path)
    assert error.value.hint and len(str(error.value)) < 2000 and own.own() == [] and "\x1b" not in str(error.value)


def test_what_is_no_file_of_text_is_refused_and_never_waited_for(tmp_path):
    path = tmp_path / "bad.json"
    for data in (b"", b"[]", b"\xff" * 50, b"{" * 60_000, b"[" * 60_000, b" " * 10**6, json.dumps(GOOD).encode()[:-3]):
        path.write_bytes(data)
        with little_memory(), pytest.raises(UserError):
            own.import_recipe(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UserError, match="cannot be read"):
        own.import_recipe(path)
    (tmp_path / "link.json").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="cannot be read"):
        own.import_recipe(tmp_path / "link.json")


def test_a_bad_file_in_the_folder_is_told_and_hides_no_other(capsys):
    own.save("Mine", config())
    for name in ("broken", "studio", "Ñ", "save"):
        (own.folder() / f"{name}.json").write_text("{" if name == "broken" else json.dumps(GOOD))
    found = own.load()
    assert len(found) == 4 and [entry.name for entry in own.own()] == ["mine"] and not recipe("studio").is_own
    assert len(RECIPES.faults) == 4 and own.load() and len(RECIPES.faults) == 4, "each once"
    assert run("recipes") == 0
    said = capsys.readouterr()
    assert said.err.count("was left out") == 4 and "Mine" in said.out
    i18n.set_language("es")
    assert run("recipes") == 0 and "Tus recetas" in capsys.readouterr().out


def test_texts_of_a_stranger_are_plain(tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(GOOD | {"title": "a\x1b[2J\nb" + "x" * 500, "note": "<b>\x07\ntwo"}))
    taken = own.import_recipe(path)
    assert len(taken.title) <= 80 and "\x1b" not in taken.title and "\n" not in taken.title
    assert "\x07" not in taken.summary and taken.summary.endswith("\ntwo")


def test_the_commands_keep_show_and_share(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hostile.make_run(runs_root() / "run-0")
    assert run("recipes", "save", "run-0", "--title", "Mine", "--note", "as changed") == 0
    assert "train --recipe mine" in capsys.readouterr().err
    folder = RunFolder(runs_root() / "run-0")
    assert recipe("mine").config().g_lr == folder.info().config_at(160).g_lr == 0.01
    assert (
        run("recipes", "mine") == 0 and "as changed" in (out := capsys.readouterr().out) and "Learning rate of G" in out
    )
    assert run("recipes", "studio") == 0 and "two CPU cores" in " ".join(capsys.readouterr().out.split())
    assert run("recipes", "export", "mine") == 0 and (tmp_path / "mine.json").exists()
    assert run("recipes", "export", "mine") == 1 and "exists already" in capsys.readouterr().err
    assert run("recipes", "import", "mine.json") == 0 and "mine-2" in capsys.readouterr().err
    assert run("recipes", "delete", "mine") == 0 and run("recipes", "mine") == 1
    assert "There is no recipe “mine”" in capsys.readouterr().err
    assert run("recipes", "delete", "studio") == 1
