import dataclasses
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from engine import cli, i18n
from engine.cli import options
from engine.datasets.catalog import DATASETS
from engine.recipes import FIRST_RECIPE, RECIPES
from engine.runs import RunFolder
from tests import tiny
from tests.engine.conftest import be_tiny


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run that the command has trained; nobody changes it."""
    folder = RunFolder(tmp_path_factory.mktemp("made") / "run")
    options = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    with pytest.MonkeyPatch.context() as monkeypatch:
        be_tiny(monkeypatch)
        assert run("train", *options, "--epochs", 2, "--run", folder.path) == 0
    return folder


@pytest.fixture
def trained(tiny_data, folder, made):
    """A copy of it to go on with."""
    shutil.copytree(made.path, folder.path, ignore=shutil.ignore_patterns(".lock"))
    return folder


def test_a_run_finds_its_data_from_every_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given in ((["data_root=people.csv"], {}), ([], {"data_root": "people.csv"})):
        assert options.values_of(*given)["data_root"] == str(tmp_path / "people.csv")
    assert options.values_of(["data_root="], {})["data_root"] == ""


def test_train_writes_a_run_and_prints_its_folder(trained, capsys):
    assert trained.info().config.epochs == 2
    assert trained.images_seen() == 160


@pytest.mark.parametrize(
    ("options", "epochs"), [([], 1250), (["--epochs", "3"], 3), (["--set", "total_images=16"], 24)]
)
def test_few_own_pictures_are_passed_as_often_as_it_takes(tmp_path, monkeypatch, options, epochs):
    from engine.trainer import Trainer

    for index in range(96):
        Image.fromarray(np.full((32, 32), 2 * index, np.uint8)).save(tmp_path / f"{index}.png")
    asked = []

    class TrainsNothing(Trainer):
        def __init__(self, config, *run, **how):
            asked.append(config)
            super().__init__(config, *run, **how)

        def run(self):
            yield from ()

    monkeypatch.setattr("engine.trainer.Trainer", TrainsNothing)
    monkeypatch.setattr("engine.cli.training._conclude", lambda folder: None)
    assert run("train", "--dataset", "pictures", "--data-root", tmp_path, "--run", tmp_path / "run", *options) == 0
    assert [config.epochs for config in asked] == [epochs]


def test_train_resume_goes_on(trained, capsys):
    assert run("train", "--resume", "--run", trained.path, "--epochs", 3, "--set", "g_lr=0.001") == 0
    assert trained.images_seen() == 240
    assert trained.info().changes == [(160, "g_lr", 0.001)]
    assert run("train", "--resume", "--run", trained.path, "--set", "z_dim=3") == 1
    assert "z_dim" in capsys.readouterr().err


def test_the_first_ctrl_c_saves_and_ends_with_130(tiny_data, folder, monkeypatch, capsys):
    import signal

    from engine.trainer import Trainer

    whole = Trainer.run

    def interrupted(self):
        for event in whole(self):
            if type(event).__name__ == "SamplesReady" and event.epoch:
                signal.raise_signal(signal.SIGINT)
            yield event

    monkeypatch.setattr(Trainer, "run", interrupted)
    options = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    assert run("train", *options, "--run", folder.path) == 130
    assert "--resume" in capsys.readouterr().err
    assert 0 < folder.images_seen() < 320


def test_samples_as_arrays(trained, tmp_path):
    out = tmp_path / "samples.npz"
    assert run("sample", trained.path, "--out", out, "--count", 25) == 0
    with np.load(out) as file:
        assert file["images"].shape == (25, 8, 8) and file["images"].dtype == np.uint8
        assert file["labels"].tolist() == [*range(10), *range(10), *range(5)]
        assert file["labels"].dtype == np.int64


def test_a_number_is_written_in_one_handwriting(trained, tmp_path):
    out = tmp_path / "2025.npz"
    assert run("sample", trained.path, "--out", out, "--labels", "2025") == 0
    with np.load(out) as file:
        assert file["labels"].tolist() == [2, 0, 2, 5]
        assert np.array_equal(file["images"][0], file["images"][2])


def test_samples_as_a_picture_of_an_epoch_repeat(trained, tmp_path):
    for name in ("a.png", "b.png"):
        assert run("sample", trained.path, "--out", tmp_path / name, "--labels", 3, "--count", 4, "--epoch", 1) == 0
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (4 * 10 - 2, 8)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--labels", "x"], "0, 1, 2"),
        (["--epoch", "9"], "from 0 to 2"),
        (["--count", "0"], "from 1 to"),
        (["--seed", "-1"], "0 or more"),
    ],
)
def test_bad_wishes_for_samples_are_one_sentence(trained, tmp_path, capsys, arguments, says):
    capsys.readouterr()
    assert run("sample", trained.path, "--out", tmp_path / "x.png", *arguments) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert not (tmp_path / "x.png").exists()


def test_an_output_of_another_kind_or_place_is_refused(trained, tmp_path, capsys):
    assert run("sample", trained.path, "--out", tmp_path / "x.gif") == 1
    assert run("sample", trained.path, "--out", tmp_path / "none" / "x.png") == 1
    assert "folder is not there" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--recipe", "nope"],
        ["train", "--dataset", "nope"],
        ["train", "--set", "g_lr=9"],
        ["train", "--set", "nope=9"],
        ["train", "--classes", "3,x"],
        ["train", "--classes", "3,99"],
        ["train", "--epochs", "abc"],
        ["train", "--device", "tpu"],
        ["train", "--minutes", "0"],
        ["train", "--resume"],
        ["train", "--nope"],
        ["nope"],
        ["evaluate", "nowhere"],
        ["sample", "nowhere", "--out", "x.png"],
    ],
)
def test_bad_input_is_one_sentence_on_stderr_and_exit_code_1(capsys, arguments):
    assert run(*arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().count("\n") == 0 and captured.err.startswith("Error:")


def test_lists_name_everything(capsys):
    assert run("recipes") == run("datasets") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in [*RECIPES, *DATASETS])


def test_one_recipe_also_tells_what_differs_from_its_source(capsys):
    assert run("recipes") == 0
    assert "Unlike the source" not in capsys.readouterr().out, "a list is to be looked through"
    for name, entry in RECIPES.items():
        assert run("recipes", name) == 0
        said = " ".join(capsys.readouterr().out.replace("│", " ").split())
        assert all(text in said for text in entry.explanation)
    assert run("recipes", "dcgan-3-9") == 1
    assert "dcgan-3-8" in capsys.readouterr().err


def test_evaluate_prints_json(folder, fewer_digits, capsys):
    options = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    assert run("train", *options, "--set", "total_images=80", "--run", folder.path) == 0
    capsys.readouterr()
    assert run("evaluate", folder.path, "--count", 200, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["count"] == 200 and 0 <= found["label_accuracy"] <= 1
    assert run("evaluate", folder.path, "--count", 200) == 0
    assert "Fréchet" in capsys.readouterr().out


def test_a_run_is_found_by_its_name_among_all_runs(tiny_data, capsys):
    from engine.runs import runs_root

    options = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    assert run("train", *options, "--epochs", 1) == 0
    (path,) = runs_root().iterdir()
    assert RunFolder(path).images_seen() == 80
    assert run("train", "--resume", "--run", path.name, "--epochs", 2) == 0


# Going on, and beginning with what another run learned


def test_nothing_left_to_train_is_said_and_changes_nothing(trained, capsys):
    before = (trained.path / "config.json").read_bytes()
    capsys.readouterr()
    assert run("train", "--resume", "--run", trained.path, "--epochs", 1) == 0
    said = capsys.readouterr()
    assert "Nothing is left to train" in said.err and "--epochs more than 2" in said.err
    assert str(trained.path) in said.out and (trained.path / "config.json").read_bytes() == before
    assert "Not changed" not in said.err, "nothing else was asked for"
    given = ["--set", "g_lr=0.1", "--set", "batch_size=32", "--epochs", 1]
    assert run("train", "--resume", "--run", trained.path, *given) == 0
    assert "Not changed, as nothing is trained: “g_lr”, “batch_size”." in capsys.readouterr().err
    assert (trained.path / "config.json").read_bytes() == before
    assert run("train", "--resume", "--run", trained.path, "--set", "total_images=170") == 0
    capsys.readouterr()
    assert run("train", "--resume", "--run", trained.path) == 0
    assert "--epochs more than 2" in capsys.readouterr().err and trained.images_seen() == 176, "3 are more"


def test_what_going_on_ignores_is_said_and_what_is_as_it_was_is_no_change(trained, capsys):
    same = ["--dataset", "digits", "--seed", 0, "--set", "z_dim=4", "--recipe", FIRST_RECIPE]
    assert run("train", "--resume", "--run", trained.path, "--epochs", 3, *same) == 0
    assert "ignored" not in capsys.readouterr().err
    assert run("train", "--resume", "--run", trained.path, "--epochs", 4, "--recipe", "growing") == 0
    assert "“--recipe growing” is ignored" in capsys.readouterr().err
    assert trained.info().config.recipe == FIRST_RECIPE and trained.images_seen() == 320


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--epoch", 1], "--epoch says where in another run to begin"),
        (["--schedule", "hold"], "--schedule is for a run that gets another length"),
        (["--schedule", "hold", "--set", "g_lr=0.001"], "Give its length with --epochs"),
        (["--minutes", 1], "--minutes cannot be given with --resume"),
        (["--seed", 7], "“seed” cannot change when a run goes on"),
    ],
)
def test_what_would_change_nothing_when_a_run_goes_on_is_refused_before_it_does(trained, capsys, arguments, says):
    assert run("train", "--resume", "--run", trained.path, *arguments) == 1
    assert says in capsys.readouterr().err and trained.images_seen() == 160 and not trained.info().changes


def test_an_option_that_the_run_does_not_use_is_named_when_it_goes_on(trained, capsys):
    assert run("train", "--resume", "--run", trained.path, "--epochs", 3, "--set", "gp_weight=3") == 0
    assert "“gp_weight” is ignored" in capsys.readouterr().err


def test_more_images_than_a_computer_s_integer_holds(tiny_data, folder, capsys, monkeypatch):
    from engine.cli import training
    from engine.events import Tick

    told = []

    def show(event, _progress, _folder):
        if isinstance(event, Tick) and event.images_seen > (told[-1][1] if told else 0):
            told.append((event.total_images, event.images_seen))
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "show", show)
    small = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    assert run("train", *small, "--set", "total_images=3e9", "--run", folder.path) == 130
    assert run("train", "--resume", "--run", folder.path) == 130
    assert [total for total, _ in told] == [3_000_000_000] * 2 and told[1][1] > told[0][1]
    assert run("runs", "show", folder.path) == 0 and "of 37,500,000" in capsys.readouterr().out


def test_a_run_without_checkpoints_names_the_command_that_makes_the_best_of_it(trained, capsys):
    for path in (trained.path / "checkpoints").glob("state-*"):
        path.unlink()
    assert run("train", "--resume", "--run", trained.path, "--epochs", 9) == 1
    said = capsys.readouterr().err
    assert "generators (epochs 0 to 2)" in said and f'train --from "{trained.path}"' in said
    assert run("train", "--from", trained.path, "--epochs", 1, "--run", trained.path.with_name("new")) == 0
    new = RunFolder(trained.path.with_name("new"))
    assert "begins with the networks of epoch 2" in capsys.readouterr().err
    assert new.images_seen() == 80 and new.info().branch_of.epoch == 2


def test_a_branch_is_named_as_such_and_has_the_options_of_its_moment(trained):
    from engine.runs import runs_root

    assert run("train", "--resume", "--run", trained.path, "--epochs", 3, "--set", "g_lr=0.001") == 0
    assert run("train", "--from", trained.path, "--epoch", 2, "--set", "d_lr=0.002") == 0
    (path,) = runs_root().iterdir()
    config = RunFolder(path).info().config
    assert path.name.endswith(f"{FIRST_RECIPE}-from-epoch-2")
    assert (config.g_lr, config.d_lr, config.epochs) == (0.001, 0.002, 3)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "RUN", "--epoch", 9], "from 0 to 2"),
        (["--from", "RUN", "--set", "g_channels=8"], "do not fit these options"),
        (["--from", "RUN", "--recipe", "studio"], "--recipe cannot be given with --from"),
        (["--from", "RUN", "--resume", "--run", "RUN"], "--from cannot be given with --resume"),
        (["--epoch", 1], "Name that run with --branch or --from"),
        (["--from", "nowhere"], "holds no run"),
    ],
)
def test_a_branch_that_cannot_be_is_one_sentence_and_makes_nothing(trained, capsys, arguments, says):
    from engine.runs import runs_root

    capsys.readouterr()
    assert run("train", *(trained.path if argument == "RUN" else argument for argument in arguments)) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("Error:") == 1 and not runs_root().exists()


def test_own_pictures_are_reported_before_training_and_in_the_log(tmp_path, capsys):
    for number, name in enumerate(("train/cat/a", "train/cat/b", "test/dog/a", "test/dog/b", "@eaDir/x")):
        path = tmp_path / "pictures" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((28, 28), 30 * number, np.uint8)).save(path)
    options = [f"--set={name}={value}" for name, value in (tiny.OPTIONS | {"batch_size": 2, "epochs": 1}).items()]
    where = ["--dataset", "pictures", "--data-root", tmp_path / "pictures", "--run", tmp_path / "run"]
    assert run("train", *options, *where) == 0
    said, logged = capsys.readouterr().err, (tmp_path / "run" / "log.txt").read_text()
    for text in (said, logged):
        assert "4 pictures are taken" in text and "cat (2), dog (2)" in text and "image_classes" in text
        assert "@eaDir" in text and "made by the system" in text and "max_images" not in text
    assert run("train", *options, *where[:4], "--run", tmp_path / "fewer", "--set", "max_images=3") == 0
    assert "Of these 4, 3 are trained on" in capsys.readouterr().err
    assert said.index("cat (2)") < said.index("Training on")


def test_home_is_a_tilde_in_every_path(tiny_data, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("DUELO_HOME", "~/duelo")
    monkeypatch.chdir(tmp_path)
    options = [f"--set={name}={value}" for name, value in (tiny.OPTIONS | {"epochs": 1}).items()]
    assert run("train", *options, "--run", "~/my run") == 0
    assert run("train", "--resume", "--run", "~/my run", "--epochs", 2) == 0
    assert run("sample", "~/my run", "--out", "~/a.png") == run("film", "~/my run", "--out", "~/b.png") == 0
    assert run("sample", "~nobody at all/run", "--out", "~/c.png") == 1
    assert run("train", *options) == 0
    assert {"my run", "a.png", "b.png", "duelo"} <= {path.name for path in tmp_path.iterdir()}
    assert not (tmp_path / "~").exists()


def test_labels_are_numbers_or_names_in_either_language(tiny_data, folder, tmp_path, monkeypatch):
    fashion = DATASETS["fashion-mnist"].class_names
    monkeypatch.setattr("engine.datasets.catalog.read", lambda config: renamed(fashion))
    options = [f"--set={name}={value}" for name, value in (tiny.OPTIONS | {"epochs": 1}).items()]
    assert run("train", *options, "--run", folder.path) == 0

    def labels(text):
        assert run("sample", folder.path, "--out", tmp_path / "x.npz", "--labels", text) == 0
        with np.load(tmp_path / "x.npz") as file:
            return list(dict.fromkeys(file["labels"].tolist()))

    assert labels("trousers") == [1] and labels("Trousers, bag") == [1, 8] and labels("ankle boot") == [9]
    assert labels("bag,3") == [8, 3] and labels("12") == [1, 2]
    i18n.set_language("es")
    assert labels(i18n.tr("trousers")) == [1] != labels("bag") == [8]


def renamed(names):
    data = yield from tiny.read(None)
    return dataclasses.replace(data, class_names=names)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--dataset", "mnits"], "Did you mean mnist?"),
        (["train", "--dataset", "stones"], "Choose one of: digits, faces, mnist"),
        (["train", "--set", "g_lrr=1"], "Did you mean g_lr?"),
        (["train", "--set", "color=1"], "Choose one of:"),
        (["train", "--recipe", "stylegan"], "Choose one of: studio"),
    ],
)
def test_did_you_mean_is_asked_of_what_is_like_it_only(capsys, arguments, says):
    assert run(*arguments) == 1
    assert says in capsys.readouterr().err
