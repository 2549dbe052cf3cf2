"""What ``runs …`` prints and does, what it refuses, and how ``train`` branches off and makes a run longer."""

import json
from pathlib import Path

import pytest

from engine import i18n
from engine.preference.answers import Answer, Answers
from engine.runs import Extension, RunFolder, runs_root
from tests.engine import hostile
from tests.engine.test_cli import run
from tests.engine.trained import rows_without_seconds, states_equal, train


@pytest.fixture
def home():
    for number in range(2):
        hostile.make_run(runs_root() / f"run-{number}")
    (runs_root() / "broken").mkdir()
    (runs_root() / "broken" / "config.json").write_text("{")
    changed = RunFolder(runs_root() / "run-1")
    info = changed.info()
    info.config = info.config.changed(d_lr=0.0005)
    changed.save_info(info)
    return runs_root()


def said(capsys):
    captured = capsys.readouterr()
    return captured.out + captured.err


def printed(capsys, *arguments):
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_list_shows_every_run_also_those_that_cannot_be_read(home, capsys, monkeypatch):
    found = {entry["path"]: entry for entry in printed(capsys, "runs", "list")}
    assert len(found) == 3
    broken, fine = found[str(home / "broken")], found[str(home / "run-1")]
    assert broken["state"] == "unreadable" and "damaged" in broken["trouble"]
    assert fine["options"]["d_lr"] == 0.0005 and "Learning rate of D 0.0005" in fine["options_told"]
    assert (fine["state"], fine["epochs"], fine["frechet"], fine["read_as_asked"]) == ("unfinished", 2, 20.0, 0.5)
    for columns in (20, 80, 160):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert run("runs", "list") == 0
        text = said(capsys)
        assert "A run" in text and "broken" in text and "2 of 4" in text
        assert all(len(line) <= columns for line in text.splitlines())
    i18n.set_language("es")
    assert run("runs", "list") == 0
    assert "no se puede leer" in " ".join(said(capsys).split())


def test_list_and_show_tell_what_was_preferred_in_blind_duels(home, capsys):
    kept = Answers(home / "duels.jsonl")
    for _ in range(2):
        kept.add(Answer("better", "run-0", "run-1", "left"))
    found = {Path(entry["path"]).name: entry.get("preference") for entry in printed(capsys, "runs", "list")}
    assert found["run-0"] > 0.6 and found["run-0"] + found["run-1"] == pytest.approx(1.0) and found["broken"] is None
    assert printed(capsys, "runs", "show", "run-1")["preference"] == found["run-1"]
    assert run("runs", "show", "run-0") == 0 and "Preferred in blind duels" in said(capsys)
    kept.take_back(kept.read()[0])
    assert {entry.get("preference") for entry in printed(capsys, "runs", "list")} == {None}, "one answer tells little"


def test_without_runs_it_says_so(capsys):
    assert run("runs", "list") == 0 and "There is no run in" in said(capsys)
    assert printed(capsys, "runs", "list") == []


def test_show_tells_all_and_where_to_branch_off(home, capsys):
    assert run("runs", "rename", home / "run-0", "Thin lines", "--note", "try R1", "--star") == 0
    assert "“Thin lines”. try R1" in said(capsys)
    assert run("runs", "show", "Thin lines") == 0
    text = " ".join(said(capsys).split())
    assert all(part in text for part in ("Thin lines", "try R1", "Studio", "unfinished", "Branches off exactly"))
    facts = printed(capsys, "runs", "show", "run-0")
    assert facts["star"] and facts["branch_epochs"] == [1] and facts["generator_epochs"] == [1, 2]
    assert run("runs", "rename", "Thin lines", "--no-star") == 0
    assert printed(capsys, "runs", "show", "run-0")["note"] == "try R1"
    assert run("runs", "show", "broken") == 1 and "damaged" in said(capsys)
    assert run("runs", "show", "nowhere") == 1 and "holds no run" in said(capsys)


def test_two_runs_of_one_name_are_told_apart_by_their_folders(home, capsys):
    assert run("runs", "show", "A run") == 1
    assert "run-0" in (text := said(capsys)) and "run-1" in text


def test_compare_says_in_words_what_differs_and_the_measures(home, capsys):
    assert run("runs", "compare", "run-0", "run-1") == 0
    text = said(capsys)
    assert "Learning rate of D" in text and "0.0005" in text and "0.0012" in text and "Learning rate of G" not in text
    assert "20.00" in text and "50.0%" in text
    found = printed(capsys, "runs", "compare", "run-0", "run-1")
    assert found["options"] == {"d_lr": [0.0012, 0.0005]} and len(found["runs"]) == 2
    assert run("runs", "compare", "run-0", "run-0") == 1 and "cannot be compared" in said(capsys)


def test_delete_tells_its_rule_and_restore_takes_it_back(home, capsys):
    assert run("runs", "delete", "run-0", "broken") == 0
    text = said(capsys)
    assert "“run-0” is in the trash" in text and "30 days" in text and not (home / "run-0").exists()
    assert [each["name"] for each in printed(capsys, "runs", "restore")] in (["run-0", "broken"], ["broken", "run-0"])
    assert run("runs", "restore") == 0 and "2 runs in the trash" in said(capsys)
    assert run("runs", "restore", "run-7") == 1 and "run-0" in said(capsys)
    assert run("runs", "restore", "run-0") == 0 and (home / "run-0").exists()
    with RunFolder(home / "run-1").lock():
        assert run("runs", "delete", "run-1") == 1 and "is being trained" in said(capsys)


def test_export_and_import_tell_the_size_and_write_nothing_over(home, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("runs", "export", "run-0") == 0
    assert said(capsys).count("kB") == 2 and (tmp_path / "run-0.duelo").exists()
    assert run("runs", "export", "run-0") == 1 and "exists already" in said(capsys)
    assert run("runs", "export", "run-0", "--out", tmp_path / "x.zip") == 1 and ".duelo" in said(capsys)
    assert printed(capsys, "runs", "import", tmp_path / "run-0.duelo")["path"] == str(home / "run-0_2")
    assert run("runs", "import", tmp_path / "run-0.duelo") == 0 and "run-0_3" in said(capsys)
    (tmp_path / "bad.duelo").write_text("no")
    assert run("runs", "import", tmp_path / "bad.duelo") == 1 and "is no experiment" in said(capsys)


# train


def test_train_branches_off_exactly_and_otherwise_says_that_it_does_not(tiny_data, folder, tmp_path, capsys):
    train(folder)
    assert run("train", "--branch", folder.path, "--epoch", 2, "--run", tmp_path / "same") == 0
    assert "goes on exactly from the end of epoch 2" in said(capsys)
    same = RunFolder(tmp_path / "same")
    assert states_equal(same, folder) and rows_without_seconds(same) == rows_without_seconds(folder)
    other = ["--set", "g_lr=0.001", "--epochs", 5, "--schedule", "hold"]
    assert run("train", "--branch", folder.path, "--epoch", 3, "--run", tmp_path / "other", *other) == 0
    info = RunFolder(tmp_path / "other").info()
    assert info.changes == [(240, "g_lr", 0.001)] and info.extensions == [Extension(240, 320, "hold")]
    (folder.path / "checkpoints" / "branch-0003.safetensors").unlink()
    capsys.readouterr()
    assert run("train", "--branch", folder.path, "--epoch", 3, "--epochs", 1, "--run", tmp_path / "from") == 0
    text = said(capsys)
    assert "is not exact" in text and "Exact ones near it: 2, 4." in text
    assert not RunFolder(tmp_path / "from").info().branch_of.is_exact
    assert run("train", "--branch", folder.path, "--epoch", 9) == 1
    assert "Of epoch 9 too little was kept" in said(capsys)


def test_train_makes_a_finished_run_longer(tiny_data, folder, capsys):
    train(folder, epochs=2)
    assert run("train", "--resume", "--run", folder.path, "--epochs", 3, "--schedule", "hold") == 0
    assert folder.info().extensions == [Extension(160, 160, "hold")] and folder.images_seen() == 240


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--schedule", "hold"], "--schedule is for a run that exists"),
        (["--resume", "--run", "x", "--schedule", "bend"], "--schedule cannot be “bend”"),
        *(
            (["--branch", "x", *more], f"{more[0]} cannot be given with --branch")
            for more in (["--from", "y"], ["--resume"])
        ),
        (["--branch", "x", "--minutes", "1"], "--minutes cannot be given with --branch"),
        (["--branch", "x"], "holds no run"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, says, capsys):
    assert run("train", *arguments) == 1
    assert says in said(capsys) and not runs_root().exists()
