"""Show me the code: the script of a run trains as the engine does, is short, and says what it leaves out."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from engine import i18n
from engine.cli import main
from engine.code import script
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.batches import Batches
from engine.datasets.info import Column, DatasetInfo
from engine.datasets.sets import is_points
from engine.datasets.torchvision_repair import import_torchvision
from engine.errors import UserError
from engine.recipes import RECIPES, recipe, working
from engine.runs import Branch, MemoryRun, RunFolder, RunInfo
from engine.trainer import Trainer
from tests import tiny

pytestmark = pytest.mark.usefixtures("plain_kernels")

FACTS = DatasetInfo(tiny.COUNT, tuple("0123456789"), 1, 8)
SMALL = {
    **{"dataset": "digits", "data_root": "", "classes": (), "precision": "float32", "device": "cpu", "threads": 1},
    **{"batch_size": 8, "epochs": 2, "log_every": 1, "eval_time_percent": 0, "g_channels": 8, "d_channels": 8},
    **{"sample_rows": 1, "max_images": 0, "image_size": 28},
}
SHOWN = [entry.name for entry in working() if entry.name not in ("growing", "multiscale")]


def space_of(info):
    """What the script of ``info`` defines, as after ``import``."""
    if "torchvision" in script.written(info).text:
        import_torchvision()  # which some builds of it cannot do by themselves
    space = {"__name__": "shown", "__file__": "shown.py"}
    exec(compile(script.written(info).text, "shown.py", "exec"), space)
    return space


def data_of(config):
    """As few images, or points, whatever the set is."""
    is_plane = is_points(config.dataset)
    return catalog.load(Config(dataset="plane-ring", max_images=tiny.COUNT)) if is_plane else tiny.data()


def script_losses(config):
    data = data_of(config)
    before = torch.random.get_rng_state()
    train = space_of(RunInfo(config, data.facts))["train"]
    found = [(d, g) for d, g, _ in train(torch.from_numpy(data.images), torch.from_numpy(data.labels))]
    torch.random.set_rng_state(before)
    return np.array(found)


def engine_losses(config):
    run = MemoryRun()
    for _ in Trainer(config, run, data=data_of(config)).run():
        pass
    return np.array([(row.d_loss, row.g_loss) for row in run.metrics()])


def assert_same_losses(config):
    """Rounding grows from step to step: what is another step differs in the first ones already."""
    ours, theirs = engine_losses(config), script_losses(config)
    assert ours.shape == theirs.shape and len(ours) >= 10
    assert np.allclose(ours[:3], theirs[:3], rtol=2e-4, atol=2e-5), np.abs(ours - theirs)[:3]
    assert np.allclose(ours, theirs, rtol=2e-2, atol=2e-2), np.abs(ours - theirs).max(0)
    assert np.ptp(theirs, axis=0).min() > 1e-3  # both learned


@pytest.mark.parametrize("name", SHOWN)
def test_the_script_of_a_recipe_has_the_losses_of_the_engine(name):
    own = recipe(name).config().dataset
    assert_same_losses(recipe(name).config(**SMALL | ({"dataset": own} if is_points(own) else {})))


def test_the_script_of_points_writes_them_in_their_own_units(tmp_path, monkeypatch):
    config = recipe("plane-ring").config(**SMALL | {"dataset": "plane-ring", "data_range": "0..1"})
    data = data_of(config)
    space = space_of(RunInfo(config, replace(data.facts, columns=(Column("a", 5.0, 9.0), Column('b", {', 7.0, 7.5)))))
    space["load_images"] = lambda: (torch.from_numpy(data.images), torch.from_numpy(data.labels))
    monkeypatch.chdir(tmp_path)
    with torch.random.fork_rng(devices=[]):
        space["main"]()
    (kept,) = tmp_path.iterdir()
    names, first, *_ = kept.read_text().splitlines()
    assert names == 'a,b", {' and len(first.split(",")) == 2


def test_a_hundred_steps_have_the_losses_of_the_engine():
    assert_same_losses(recipe("mlp-fashion").config(**SMALL | {"epochs": 10}))


OPTIONS = [
    {"loss": "lsgan", "label_smoothing": 0.2},
    {"loss": "minimax", "d_steps": 2, "g_steps": 2, "g_batch_source": "new"},
    {"loss": "hinge", "spectral_norm": True, "lr_decay_shape": "cosine"},
    {"loss": "wgan_gp", "r1_gamma": 0.0, "gp_weight": 3.0},
    {"loss": "rpgan", "augment": "translation,cutout,color", "r1_interval": 3},
    {"update_order": "simultaneous", "d_skip_loss": 1.3, "instance_noise": 0.2},
    {"d_skip_loss": 1.3, "d_dropout": 0.3, "concat_real_fake": False},
    {"architecture": "dcgan-fashion", "data_range": "0..1", "output": "sigmoid", "d_loss_over": "mean"},
]


@pytest.mark.parametrize("values", OPTIONS, ids=lambda values: " ".join(map(str, values.values())))
def test_the_script_follows_the_options(values):
    assert_same_losses(recipe("studio").config(**SMALL | values))


def test_first_weights_and_batches_are_those_of_the_run():
    config = recipe("cgan-embedding").config(**SMALL)
    info, data = RunInfo(config, tiny.data().facts), tiny.data()
    space = space_of(info)
    given = space["batches"](torch.from_numpy(data.images), torch.from_numpy(data.labels))
    own = Batches(data, config.seed, torch.device("cpu"))
    for step in range(23):  # across the end of two epochs
        images, labels = next(given)
        wanted, wanted_labels = own.get_batch(step * 8, 8)
        assert torch.equal(images, wanted) and torch.equal(labels, wanted_labels)


# --- what it looks like


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", SHOWN)
def test_a_script_is_short_and_names_its_options(name, language):
    i18n.set_language(language)
    entry = RECIPES[name]
    size, channels = (64, 3) if name == "faces" else (28, 1)
    text = script.written(RunInfo(entry.config(), DatasetInfo(60_000, tuple("0123456789"), channels, size))).text
    lines = text.splitlines()
    assert len(lines) <= 150 and max(map(len, lines)) <= 130
    assert "engine" not in text and "Tensor" not in text
    imported = {found for found in re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)}
    assert imported <= {"torch", "torchvision", "PIL", "numpy", "copy", "math", "pathlib"}
    label = {"en": "Learning rate of G", "es": "Tasa de aprendizaje de G"}[language]
    assert re.search(rf"^G_LR = {entry.config().g_lr!r} +# {label}$", text, re.MULTILINE)
    assert "R1_GAMMA" in text or not entry.config().r1_gamma


def test_it_says_what_it_leaves_out():
    config = recipe("studio").config()
    info = RunInfo(config, FACTS, changes=[(80, "g_lr", 1e-3)], branch_of=Branch("other", 3))
    said = " ".join(script.written(info).left_out)
    assert "Options were changed" in said and "networks of another one" in said and "bfloat16" in said
    plain = script.written(RunInfo(recipe("mlp-fashion").config(precision="float32"), FACTS))
    assert not re.search("changed|another one|bfloat16", " ".join(plain.left_out))
    assert all(word in plain.text.replace("\n", " ") for word in plain.left_out)


@pytest.mark.parametrize("name", ["growing", "multiscale"])
def test_networks_that_no_short_script_can_show_are_refused(name):
    with pytest.raises(UserError, match="too involved"):
        script.written(RunInfo(recipe(name).config(), FACTS))


def test_what_is_drawn_for_it_leaves_chance_alone():
    before = torch.random.get_rng_state()
    script.written(RunInfo(recipe("dcgan-3-8").config(), FACTS))
    assert torch.equal(torch.random.get_rng_state(), before)


# --- as a command


@pytest.fixture
def run(folder, tiny_data):
    for _ in Trainer(tiny.config(epochs=1), folder).run():
        pass
    return folder


def test_the_command_prints_the_script(run, capsys):
    assert main(["code", str(run.path)]) == 0
    told = capsys.readouterr()
    assert told.out == script.written(run.info()).text and "digits.npz" in told.err


def test_the_command_writes_a_script_that_runs_alone(run, tmp_path, capsys):
    place = tmp_path / "shown.py"
    assert main(["code", str(run.path), "--out", str(place)]) == 0
    told = capsys.readouterr()
    assert told.out.strip() == str(place) and "digits.npz”, which lies beside it" in told.err
    alone = "import sys; sys.modules.update(engine=None, studio=None, torchvision=None); "
    run_it = "import runpy; runpy.run_path('shown.py', run_name='__main__')"
    found = subprocess.run(
        [sys.executable, "-c", alone + run_it],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "OMP_NUM_THREADS": "1"},
    )
    assert "10 / 10" in found.stdout
    with Image.open(tmp_path / "step-000010.png") as sheet:
        assert sheet.width > sheet.height > 0


def test_a_folder_without_a_run_is_one_sentence(tmp_path, capsys):
    assert main(["code", str(tmp_path / "none")]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert not RunFolder(tmp_path / "none").path.exists()
