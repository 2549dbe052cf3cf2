"""What another package brings along works as our own does, and what it does wrong is told and hurts nobody."""

import dataclasses
import gettext
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import numpy as np
import pytest
from babel.messages.pofile import read_po

from engine import i18n, registry
from engine.architectures import ARCHITECTURES
from engine.cli import main
from engine.config import OPTIONS, Config
from engine.config.fast_paths import Honored, honors
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DATASETS
from engine.diagnosis import curves_of, diagnose
from engine.diagnosis.own import DETECTORS
from engine.errors import UserError
from engine.evaluation.condition import condition_of
from engine.events import MetricsRow
from engine.i18n import again, set_language, tr
from engine.losses import LOSSES
from engine.recipes import RECIPES, recipe
from engine.runs import RunFolder
from tests import plugins

NAME = "stripes-in-a-second"
MLP = [
    "train",
    "--recipe",
    "mlp-fashion",
    "--dataset",
    "digits",
    "--device",
    "cpu",
    "--set",
    "threads=1",
    "--set",
    "max_images=64",
]


@pytest.fixture
def sample():
    with plugins.installed("plugin") as place:
        yield place


@pytest.fixture
def faulty():
    with plugins.installed("plugin_faulty") as place:
        yield place


def arrays(run, epoch):
    return RunFolder(run).generator(epoch)


def test_one_of_each_kind_is_known_beside_our_own_and_gone_with_its_package(sample):
    assert not registry.faults()
    assert OPTIONS["architecture"].choices[-1] == "linear" and OPTIONS["loss"].choices[-1] == "saturating-hinge"
    assert list(DATASETS)[-1] == "stripes" and list(RECIPES)[-1] == NAME
    config = recipe(NAME).config()
    assert (config.z_dim, config.g_lr, config.d_beta1) == (8, 2e-3, 0.5), "what goes with architecture and loss"
    assert config.unused()["g_channels"] == "One layer has no width."
    sys.path.remove(str(sample))
    registry.look_again()
    try:
        with pytest.raises(UserError, match=r"cannot be “linear”.*If another package brings it, install that"):
            Config.parse({"architecture": "linear"})
        assert NAME not in RECIPES and "stripes" not in DATASETS
    finally:
        sys.path.insert(0, str(sample))


def test_it_is_listed_trained_resumed_bit_for_bit_and_diagnosed(sample, tmp_path, capsys):
    assert main(["recipes"]) == main(["datasets"]) == 0
    said = capsys.readouterr().out
    assert NAME in said and "One layer each learns two pictures." in said and "pictures of stripes" in said
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    train = ["train", "--recipe", NAME, "--device", "cpu", "--set", "threads=1"]
    assert main([*train, "--run", str(whole)]) == 0
    assert main([*train, "--run", str(halves), "--epochs", "2"]) == 0
    assert main(["train", "--run", str(halves), "--resume", "--epochs", "4"]) == 0
    for epoch in (1, 4):
        one, other = arrays(whole, epoch), arrays(halves, epoch)
        assert one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
    assert arrays(whole, 1)["layer.weight"].shape == (28 * 28, 8 + 2)
    found = condition_of(RunFolder(whole)).troubles
    assert [(each.name, each.title, each.remedy) for each in found] == [("too-short", "Too short", {"epochs": 16})]
    assert found[0].evidence[0].startswith("Only 256 images are planned")


def test_what_does_not_name_a_fast_path_is_never_passed_over(sample, monkeypatch):
    mlp = recipe("mlp-fashion").config()
    assert honors("manual_mlp", mlp) and honors("cuda_graph", mlp)
    for values in ({"architecture": "linear"}, {"loss": "saturating-hinge"}):
        assert not honors("manual_mlp", mlp.changed(**values)) and not honors("cuda_graph", mlp.changed(**values))
    asked = Honored("manual_mlp")
    assert asked(mlp) and not asked(mlp.changed(instance_noise=0.1)) and asked(mlp)
    new = dataclasses.replace(OPTIONS["g_lr"], fast_paths={})  # as an option whose author did not think of them
    monkeypatch.setitem(OPTIONS, "g_lr", new)
    assert not honors("manual_mlp", mlp) and not honors("cuda_graph", mlp)


def test_a_critic_from_elsewhere_is_held_back_and_a_loss_from_elsewhere_compares(sample, monkeypatch):
    critic = dataclasses.replace(LOSSES["saturating-hinge"], is_critic=True, compares=True)
    monkeypatch.setitem(LOSSES, "saturating-hinge", critic)
    config = recipe("studio").config(loss="saturating-hinge", gp_weight=0.0)
    with pytest.raises(UserError, match="grows without limit"):
        config.check()
    assert "gp_weight" not in config.unused()
    monkeypatch.setitem(LOSSES, "saturating-hinge", dataclasses.replace(critic, is_critic=False))
    with pytest.raises(UserError, match="in pairs"):
        recipe("studio").config(loss="saturating-hinge", g_batch_source="double").check()


@pytest.mark.parametrize(
    "data",
    [
        (np.zeros((4, 1, 8, 8), np.float32), np.zeros(4, np.int64)),
        (np.zeros((4, 8, 8), np.uint8), np.zeros(4, np.int64)),
        (np.zeros((4, 1, 8, 9), np.uint8), np.zeros(4, np.int64)),
        (np.zeros((4, 1, 8, 8), np.uint8), np.full(4, 2)),
        (np.zeros((0, 1, 8, 8), np.uint8), np.zeros(0, np.int64)),
    ],
    ids=["numbers", "no channels", "not square", "labels", "none"],
)
def test_images_that_nobody_can_train_on_are_refused(sample, monkeypatch, data):
    source = DATASETS["stripes"].source

    def read(chosen, config):
        yield from ()
        return ImageData(*data, chosen.class_names)

    monkeypatch.setattr(source, "read", read)
    with pytest.raises(UserError, match="“stripes” gives no square images") as refused:
        catalog.load(recipe(NAME).config())
    assert f"Images: {data[0].dtype} {list(data[0].shape)}, wanted uint8" in refused.value.hint, "for its author"


def test_a_package_that_does_everything_wrong_is_told_and_left_out(faulty, capsys):
    said = {str(fault) for fault in registry.faults()}
    assert len(said) == 8 and all("“duelo-faulty” was left out" in each for each in said)
    for name, why in {
        "raises": "SystemExit: no license",
        "absent": "AttributeError",
        "wrong-type": "no engine.losses.spec.Loss",
        "taken": "The name “hinge” is taken",
        "bad-name": "“../etc” cannot be a name",
        "unknown-option": "no option “gamma_ray”",
        "untitled": "Its “title” is no text",
        "duelo_faulty": "There is no catalog “duelo_faulty”",
    }.items():
        assert any(f"“{name}”" in each and why in each for each in said), (name, said)
    assert LOSSES["hinge"].title == "hinge" and "raises" not in ARCHITECTURES
    assert main(["datasets"]) == 0
    told = capsys.readouterr()
    assert told.err.count("Warning:") == 8 and "digits" in told.out and "Warning" not in told.out


def test_a_detector_that_fails_is_told_once_and_the_others_go_on(faulty, tmp_path, capsys):
    run = tmp_path / "run"
    assert main([*MLP, "--run", str(run), "--epochs", "1"]) == 0
    out, told = capsys.readouterr()
    assert "Wordless. wordless (since epoch" in " ".join((out + told).split()), "its words fail, so its sign is told"
    assert condition_of(RunFolder(run)).troubles == (), "from then on, it is left out, too"
    for name, why in {"divides": "ZeroDivisionError", "rubbish": "TypeError", "no-remedy": "AttributeError"}.items():
        assert told.count(f"The plug-in “{name}” (duelo.detectors)") == 1 and why in told
    assert registry.news() == []


def test_our_own_detector_that_fails_is_a_defect(monkeypatch):
    broken = dataclasses.replace(DETECTORS["d-wins"], detect=lambda curves: 1 // 0)
    monkeypatch.setitem(DETECTORS, "d-wins", broken)
    facts = DatasetInfo(100, (), 1, 8)
    with pytest.raises(ZeroDivisionError):
        diagnose(curves_of(Config(), facts, np.zeros((0, len(MetricsRow._fields))), ()))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--set", "loss=dividing"], "ZeroDivisionError"),
        (["--set", "architecture=featureless"], "features"),
        (["--dataset", "dying"], "KeyError"),
        (["--dataset", "headless"], "read"),
    ],
    ids=["loss", "architecture", "data", "abstract"],
)
def test_what_cannot_go_on_without_a_plug_in_says_in_a_sentence_whose_it_is(faulty, tmp_path, capsys, options, why):
    registry.news()
    assert main([*MLP, *options, "--run", str(tmp_path / "run")]) == 1
    told = capsys.readouterr().err
    assert ("duelo-faulty" in told or "duelo_faulty.headless:SOURCE" in told) and why in told
    assert "Its author should know why" in told and "Traceback" not in told
    assert registry.blamed(ZeroDivisionError()) is None


def test_code_of_the_wrong_kind_is_told_when_it_is_needed(sample):
    broken = dataclasses.replace(LOSSES["saturating-hinge"], where="duelo_sample.stripes:SOURCE")
    with pytest.raises(UserError, match=r"“duelo_sample.stripes:SOURCE” is no engine.losses.formulas.Formulas"):
        _ = broken.formulas


def test_a_package_speaks_spanish_by_a_catalog_of_its_own(sample, capsys):
    assert RECIPES[NAME].title == "Stripes in a second"
    before = tr(RECIPES[NAME].title)
    set_language("es")
    assert again(before) == tr(RECIPES[NAME].title) == "Rayas en un segundo" and tr("Warning:") == "Aviso:"
    assert main(["datasets"]) == 0 and "imágenes de rayas" in capsys.readouterr().out
    sys.path.remove(str(sample))
    registry.look_again()
    try:
        assert tr("Stripes in a second") == "Stripes in a second" and tr("Warning:") == "Aviso:"
    finally:
        sys.path.insert(0, str(sample))


def test_every_sentence_of_the_package_is_translated_and_compiled(sample):
    folder = sample / "duelo_sample" / "translations"
    with (folder / "es" / "LC_MESSAGES" / "duelo_sample.po").open("rb") as file:
        edited = read_po(file, "es")
    compiled = gettext.translation("duelo_sample", folder, ["es"])
    assert all(each.string and compiled.gettext(each.id) == each.string for each in edited if each.id)
    declared = [ARCHITECTURES["linear"], LOSSES["saturating-hinge"], DATASETS["stripes"], RECIPES[NAME]]
    texts = [
        text for each in declared for text in (each.title, getattr(each, "help", ""), getattr(each, "summary", ""))
    ]
    assert {text for text in texts if text} <= {each.id for each in edited}


def test_a_translation_with_other_fields_does_no_harm(monkeypatch):
    class Odd(gettext.NullTranslations):
        def gettext(self, message):
            return "{nothing.else} {0}"

    monkeypatch.setattr(i18n, "_catalog", Odd())
    assert tr("Only {count} images.", count=3) == "Only 3 images."


def test_code_that_cannot_be_imported_is_told_when_it_is_needed(sample):
    broken = dataclasses.replace(DATASETS["stripes"], where="duelo_sample.nowhere:SOURCE")
    with pytest.raises(UserError, match=r"“duelo_sample.nowhere:SOURCE” cannot be loaded.*ModuleNotFoundError"):
        _ = broken.source


def test_a_start_without_plugins_reads_no_package():
    """The module that does takes longer than all that is looked up here."""
    script = (
        "import sys; from engine.recipes import RECIPES; len(RECIPES); sys.exit('importlib.metadata' in sys.modules)"
    )
    environment = os.environ | {"PYDANTIC_DISABLE_PLUGINS": "1"}
    subprocess.run([sys.executable, "-c", script], cwd=plugins.HERE.parent, env=environment, check=True)


def test_the_package_here_does_exactly_what_the_readme_says_of_each_kind(sample):
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| [\w ’']+ \| `([\w.]+)`.*\| `duelo\.(\w+)` \|$", readme, re.M)
    told = {group: pkgutil.resolve_name(name) for name, group in rows}
    groups = tomllib.loads((sample / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    assert {f"duelo.{group}" for group in told} == groups.keys()
    for group, kind in told.items():
        (where,) = groups[f"duelo.{group}"].values()
        assert isinstance(pkgutil.resolve_name(where), kind), group


def test_a_package_says_in_pyproject_what_pip_writes_down(sample):
    declared = tomllib.loads((sample / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    written = ConfigParser(delimiters=("=",))
    written.read(sample / "duelo_sample-1.0.dist-info" / "entry_points.txt", "utf-8")
    assert declared == {group: dict(written[group]) for group in written.sections()}
