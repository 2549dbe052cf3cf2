"""Options and choices by the names that an older Duelo gave them: in kept runs, and on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.cli import main
from engine.config import OPTIONS, Config, renamed
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.runs import RunFolder
from engine.runs.info import SCHEMA, RunInfo, read_info
from engine.runs.queue import TrainingQueue
from engine.trainer import Trainer
from tests import tiny

KEPT = Path(__file__).parent / "kept" / "config-2.json"
OF_OLD = {new: old for old, new in renamed.OPTIONS_OF_OLD.items()}


def as_of_old(run):
    """Write the options of ``run`` as schema 2 did."""
    path = run.path / "config.json"
    content = json.loads(path.read_text("utf-8"))
    choices = {name: {new: old for old, new in known.items()} for name, known in renamed.CHOICES_OF_OLD.items()}
    content["schema"] = 2
    content["config"] = {
        OF_OLD.get(name, name): choices.get(name, {}).get(value, value) if isinstance(value, str) else value
        for name, value in content["config"].items()
    }
    content["changes"] = [[images, OF_OLD.get(name, name), value] for images, name, value in content["changes"]]
    path.write_text(json.dumps(content), "utf-8")


def test_a_kept_run_of_schema_2_is_read_by_the_names_of_today():
    with KEPT.open("rb") as file:
        info = read_info(file, KEPT.parent)
    config = info.config
    assert (config.architecture, config.loss, config.augment) == ("progressive", "wgan_gp", "translation,cutout,color")
    assert (config.aux_classifier_weight, config.max_snapshot_mb, config.eval_time_percent) == (0.0, 100, 2.0)
    assert (config.d_skip_loss, config.g_batch_source, config.update_order) == (0.1, "new", "alternating")
    assert (config.lr_decay_start, config.lr_decay_shape, config.concat_real_fake) == (0.5, "cosine", False)
    assert config.image_color == "gray"
    assert [name for _, name, _ in info.changes] == ["d_skip_loss", "aux_classifier_weight", "g_lr"]
    assert not set(json.loads(KEPT.read_text("utf-8"))["config"]) - OPTIONS.keys() - renamed.OPTIONS_OF_OLD.keys()


def test_every_new_name_exists_and_no_old_one_does():
    assert set(renamed.OPTIONS_OF_OLD.values()) <= OPTIONS.keys() and not renamed.OPTIONS_OF_OLD.keys() & OPTIONS.keys()
    for name, known in renamed.CHOICES_OF_OLD.items():
        assert set(known.values()) <= set(OPTIONS[name].choices) and not known.keys() & set(OPTIONS[name].choices)


def test_a_run_of_schema_2_goes_on_bit_for_bit(tiny_data, tmp_path):
    config = tiny.config(loss="rpgan", augment="translation,cutout", lr_decay_start=1.0, aux_classifier_weight=0.2)
    whole, old = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "old")
    list(Trainer(config, whole).run())
    list(Trainer(config.changed(epochs=2), old).run())
    as_of_old(old)
    assert old.info().config == config.changed(epochs=2)
    list(Trainer(old.info().config.changed(epochs=4), old, resume=True).run())
    assert json.loads((old.path / "config.json").read_text("utf-8"))["schema"] == SCHEMA
    one, other = whole.generator(4), old.generator(4)
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_newer_run_is_not_read_by_old_names(tiny_data, tmp_path):
    run = RunFolder(tmp_path / "run")
    list(Trainer(tiny.config(epochs=1), run).run())
    as_of_old(run)
    path = run.path / "config.json"
    path.write_text(path.read_text("utf-8").replace('"schema": 2', f'"schema": {SCHEMA}'), "utf-8")
    with pytest.raises(UserError):
        RunFolder(run.path).info()


def test_the_command_line_understands_an_old_name_and_says_the_new_one(tiny_data, tmp_path, capsys):
    small = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items() if name != "eval_time_percent"]
    old = ["--set=judge_percent=0", "--set=family=growing", "--set=loss=wasserstein"]
    assert main(["train", "--run", str(tmp_path / "run"), "--epochs", "1", *small, *old]) == 0
    said = capsys.readouterr().err
    assert "“judge_percent” is called “eval_time_percent” now." in said
    assert "“family=growing” is called “architecture=progressive” now." in said
    assert "“loss=wasserstein” is called “loss=wgan_gp” now." in said and said.count("is called") == 3
    config = RunFolder(tmp_path / "run").info().config
    assert (config.architecture, config.loss, config.eval_time_percent) == ("progressive", "wgan_gp", 0.0)


def test_the_queue_understands_an_old_name_as_well(capsys):
    assert main(["queue", "add", "--recipe", "studio", "--set", "judge_percent=0"]) == 0
    assert "“judge_percent” is called “eval_time_percent” now." in capsys.readouterr().err
    (plan,) = TrainingQueue().plans()
    assert plan.config.eval_time_percent == 0.0


def test_a_class_of_an_older_run_is_called_as_today(tiny_data, tmp_path):
    """Names of classes are compared with the data's when a run goes on."""
    run = RunFolder(tmp_path / "faces")
    names = DATASETS["faces"].class_names
    run.create()
    run.save_info(RunInfo(Config.of({"dataset": "faces"}), DatasetInfo(100, names, 3, 64)))
    path = run.path / "config.json"
    path.write_text(path.read_text("utf-8").replace('"gray"', '"grey"', 1), "utf-8")
    assert '"grey"' in path.read_text("utf-8")
    assert run.info().facts.class_names == names


def test_a_judgment_of_an_older_run_is_read_by_the_names_of_today(tmp_path):
    values = dict.fromkeys(("frechet", "frechet_low", "frechet_high", "frechet_real", "precision", "recall"), 1.0)
    measures = {"near_copies": 0.1, "twins": 0.2, "unreadable": 0.3}
    place = {"epoch": 1, "images_seen": 64, "count": 500}
    run = RunFolder(tmp_path / "old")
    run.create()
    (run.path / "quality.jsonl").write_text(json.dumps(place | values | measures | {"matrix": None}) + "\n", "utf-8")
    (quality,) = run.qualities()
    assert (quality.memorization, quality.duplicates, quality.low_confidence) == (0.1, 0.2, 0.3)
