"""Points instead of pictures: clouds, their judge, the scatter, the field of both players, and trainings on them."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from engine import cli
from engine.architectures import networks
from engine.cli import beginnings
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.datasets.info import Column, DatasetInfo
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.evaluation.evaluate import evaluate
from engine.evaluation.evaluator import Evaluator
from engine.events import CheckpointSaved, GeneratorSnapshot, SamplesReady, Tick
from engine.latent.generator_session import open_session
from engine.latent.sampling import random_z
from engine.losses import LOSSES
from engine.points import scatter
from engine.points.field import PlaneSession, places
from engine.points.judge import GOOD, PointJudge, fairly
from engine.points.scale import as_points, to_unit
from engine.points.sheet import one_by_one, preview, sheet
from engine.recipes import FIRST_RECIPE, recipe, usual
from engine.runs import RunFolder
from engine.trainer import Trainer

CLOUDS = ("plane-ring", "plane-grid", "plane-moons")
SMALL = {"g_channels": 8, "d_channels": 8, "z_dim": 4, "batch_size": 16, "max_images": 320, "epochs": 2, "threads": 1}
SMALL |= {"device": "cpu", "sample_rows": 4, "sample_columns": 5, "eval_time_percent": 0}


def small(name="plane-ring", **values):
    return recipe(name).config(**(SMALL | values))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of points with its data, never to be changed."""
    folder = RunFolder(tmp_path_factory.mktemp("plane") / "run")
    config = small()
    list(Trainer(config, folder).run())
    return folder, catalog.load(config)


@pytest.mark.parametrize("name", CLOUDS)
def test_clouds_are_the_same_each_time_and_fill_the_plane(name):
    data, again = (catalog.load(Config(dataset=name)) for _ in range(2))
    points = as_points(data.images)
    assert np.array_equal(data.images, again.images) and points.shape == (10_000, 2)
    assert np.abs(points).max() <= scatter.REACH and np.ptp(points, 0).min() > 0.9
    assert np.bincount(data.labels).tolist() == [10_000 // len(data.class_names)] * len(data.class_names)
    assert data.facts.is_points and [column.name for column in data.facts.columns] == ["x", "y"]


def test_some_clouds_alone_are_chosen_as_classes_are():
    data = catalog.load(Config(dataset="plane-grid", classes=(3, 24), max_images=10))
    assert data.class_names == ("3", "24") and sorted(data.labels) == [0] * 5 + [1] * 5 and data.columns


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


# --- the judge


def test_the_judge_tells_clouds_and_what_lies_between_them():
    data = catalog.load(Config(dataset="plane-ring"))
    judge = PointJudge(data)
    unseen = data.images[1::10].transpose(0, 2, 3, 1)
    probabilities, _ = judge.predict_proba(unseen)
    assert (probabilities.argmax(1) == data.labels[1::10]).all() and (probabilities.max(1) >= GOOD).mean() > 0.98
    nowhere = np.array([[0.0, 0.0], [2.0, 2.0], [0.67, 0.28]], np.float32)[:, None, None]
    assert (judge.predict_proba(nowhere)[0].max(1) < GOOD).all()


def test_a_single_point_and_few_are_judged():
    data = catalog.load(Config(dataset="plane-ring", max_images=1))
    assert PointJudge(data).predict_proba(data.images.transpose(0, 2, 3, 1))[0].shape == (1, 8)


def test_a_cloud_that_gets_next_to_nothing_is_forgotten():
    assert fairly([0.5, 0.3, 0.19, 0.01], [0.25] * 4) == 3
    assert fairly([1.0, 0.0], [1.0, 0.0]) == 1, "one that has no real points cannot be covered"


# --- what is seen


def test_generated_points_stand_above_real_ones_where_they_are():
    real = np.array([[-1, -1], [0.0, 0.0]], np.float32)
    picture = scatter.draw(real, np.array([[1.0, 1.0], [9.0, 0.0]], np.float32), 111)
    colors = [tuple(picture[place]) for place in ((5, 105), (55, 110), (105, 5), (55, 55))]
    assert colors[0] == colors[1] == (230, 159, 0) and colors[2] == colors[3] == (150, 150, 150)


@pytest.mark.parametrize("columns", [2, 3, 6, 9])
@pytest.mark.parametrize(("count", "made"), [(0, 5), (5, 0), (3000, 700)])
def test_any_number_of_columns_makes_a_picture(columns, count, made):
    random = np.random.default_rng(0)
    picture = scatter.draw(*(random.normal(size=(n, columns)).astype(np.float32) for n in (count, made)))
    assert picture.dtype == np.uint8 and picture.shape[0] == picture.shape[1] >= scatter.SIDE - 8
    assert picture.max() > 100


def test_points_can_be_shown_one_by_one():
    pictures = one_by_one(np.array([[[[0.0, 0.0]]], [[[1.1, 1.1]]]], np.float32))
    assert len(pictures) == 2 and pictures.shape[1] == pictures.shape[2] and pictures.shape[3] == 3
    middle = pictures.shape[1] // 2
    assert [tuple(picture[middle, middle]) == (230, 159, 0) for picture in pictures] == [True, False]
    (real,) = one_by_one(np.zeros((1, 1, 1, 2), np.float32), are_real=True)
    assert tuple(real[middle, middle]) == (150, 150, 150)
    assert one_by_one(np.zeros((0, 1, 1, 2), np.float32)).shape == (0, 1, 1, 3)
    same = np.zeros((3, 8, 8), np.uint8)
    assert one_by_one(same) is same


def test_pictures_are_still_tiles():
    assert sheet(np.zeros((4, 8, 8), np.uint8), 2).shape == (18, 18)
    assert preview(catalog.load(Config(dataset="plane-moons"))).shape == (scatter.SIDE, scatter.SIDE, 3)


# --- training


def test_a_training_keeps_a_scatter_of_each_epoch(trained):
    folder, data = trained
    assert folder.info().facts == data.facts
    epochs = folder.sample_files()
    assert list(epochs) == [0, 1, 2]
    assert size_of(epochs[2]) == (scatter.SIDE, scatter.SIDE)
    assert len(folder.verdicts()[2]) == 20


def test_it_goes_on_bit_for_bit(tmp_path):
    whole, parts = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "parts")
    list(Trainer(small(), whole).run())
    training = Trainer(small(), parts).run()
    assert any(isinstance(event, CheckpointSaved) for event in training)
    training.close()
    assert parts.images_seen() < whole.images_seen()
    list(Trainer(small(), parts, resume=True).run())
    assert all(np.array_equal(a, b) for a, b in zip(whole.state()[0].values(), parts.state()[0].values(), strict=True))


def test_another_table_is_not_the_one_it_was_trained_on(tmp_path):
    table = tmp_path / "own.csv"
    table.write_text("a,b,c\n" + "".join(f"{n},{n % 7},{n * n}\n" for n in range(40)))
    config, folder = small("table", data_root=str(table), max_images=0), RunFolder(tmp_path / "run")
    list(Trainer(config, folder).run())
    assert [column.name for column in folder.info().facts.columns] == ["a", "b", "c"]
    table.write_text(table.read_text().replace("39,4,1521", "39,4,1522"))
    with pytest.raises(UserError, match="not the one"):
        list(Trainer(config.changed(epochs=3), folder, resume=True).run())


def test_points_and_networks_for_pictures_are_told_apart():
    for config, told in (
        (recipe("studio").config(dataset="plane-ring"), "the data are points.*MLP for points"),
        (recipe("plane-ring").config(dataset="digits"), "the data are pictures"),
        (recipe("plane-ring").config(augment="translation"), "Augmentation"),
    ):
        with pytest.raises(UserError, match=told):
            config.check()
    assert "augment" in recipe("plane-ring").config().unused()


def test_a_set_of_points_begins_with_a_recipe_of_its_own():
    assert [usual(name).name for name in (*CLOUDS, "table")] == [*CLOUDS, "table"]
    assert usual("digits").name == usual("").name == FIRST_RECIPE
    own = recipe("table").config().epochs
    assert recipe("table").length_on(100) == {"epochs": 100 * own, "sample_every": 100, "checkpoint_every": 100}
    assert DATASETS["table"].points and not DATASETS["mnist"].points


# --- the field


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data_range", ["-1..1", "0..1"])
def test_a_point_is_pushed_to_where_the_loss_of_g_falls(trained, loss, data_range):
    folder, data = trained
    config = folder.info().config.changed(loss=loss, data_range=data_range)
    session = PlaneSession(config, data.facts, data)
    session.load(*folder.snapshot(2))
    field = session.field(random_z(7, config.z_dim, 0), 5)
    assert field.opinion.shape == (5, 5) and field.push.shape == (7, 2)
    assert np.sqrt((field.push**2).sum(1)).max() == pytest.approx(1) and field.strength > 0
    moved = field.points + 1e-3 * field.push
    one, other = (mean_loss(folder, config, data, points) for points in (field.points, moved))
    assert other < one


def mean_loss(folder, config, data, points):
    """Return G's loss on ``points`` ``[N, 2]``, put together anew."""
    d = networks.build_discriminator(config, data.facts).eval()
    d.load_state_dict({name: torch.tensor(array) for name, array in folder.snapshot(2)[1].items()})
    unit = {"-1..1": lambda x: x, "0..1": lambda x: (x + 1) / 2}[config.data_range]
    none = torch.full((len(points),), -1)
    with torch.no_grad():
        real = d(unit(torch.tensor(data.images[: len(points)])), none).logits.double()
        fake = d(unit(torch.tensor(points)[:, :, None, None]), none).logits.double()
        return float(LOSSES[config.loss].formulas.generator(real, fake))


def test_the_opinion_is_what_d_says_of_each_place_from_below_upward(trained):
    folder, data = trained
    config = folder.info().config
    session = PlaneSession(config, data.facts, data)
    session.load(*folder.snapshot(2))
    opinion = session.field(random_z(1, config.z_dim, 0), 9).opinion
    asked = DiscriminatorSession(config, data.facts, data)
    asked.load(folder.snapshot(2)[1])
    x, y = places(9)[7], places(9)[2]
    told = asked.ask(np.array([[[[x, y]]]], np.float32), np.array([-1]))
    assert opinion[2, 7] == pytest.approx(told[0], abs=1e-6)


def test_a_field_needs_points_and_a_plane(trained):
    with pytest.raises(UserError, match="no plane"):
        PlaneSession(Config(), DatasetInfo(10, (), 1, 28))
    three = DatasetInfo(10, (), 3, 1, tuple(Column(name, 0.0, 1.0) for name in "abc"))
    config = small("table")
    session = PlaneSession(config, three)
    torch.manual_seed(0)
    g, d = networks.build_generator(config, three), networks.build_discriminator(config, three)
    session.load(*({name: t.numpy() for name, t in player.state_dict().items()} for player in (g, d)))
    field = session.field(random_z(3, config.z_dim, 0))
    assert field.opinion is None and field.push.shape == (3, 3)


def test_a_copy_of_d_comes_where_it_is_wished():
    trainer, with_d, without = Trainer(small(epochs=1)), [], []
    for event in trainer.run():
        if isinstance(event, Tick) and not with_d:
            trainer.request_snapshot(with_opponent=True)
        if isinstance(event, GeneratorSnapshot):
            (with_d if event.opponent else without).append(event)
    assert without and without[-1].images_seen == 320, "that of the end, for which nobody asked, is G alone"


# --- commands


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def test_samples_are_a_table_in_its_own_units(tmp_path, trained, capsys):
    folder, data = trained
    out = tmp_path / "rows.csv"
    assert run("sample", folder.path, "--out", out, "--count", 5, "--seed", 3) == 0
    lines = out.read_text().splitlines()
    assert lines[0] == "x,y" and len(lines) == 6
    values = np.array([line.split(",") for line in lines[1:]], float)
    made = open_session(folder).render(random_z(5, 4, 3), np.full(5, -1, np.int64))
    assert np.abs(to_unit(values, data.columns) - as_points(made)).max() < 1e-3
    assert run("sample", folder.path, "--out", tmp_path / "rows.png") == 0
    assert size_of(tmp_path / "rows.png") == (scatter.SIDE, scatter.SIDE)
    assert run("sample", folder.path, "--out", tmp_path / "rows.npz") == 0
    with np.load(tmp_path / "rows.npz") as file:
        assert file["points"].shape == (1000, 2) and file["columns"].tolist() == ["x", "y"]
    assert run("sample", folder.path, "--out", tmp_path / "rows.gif") == 1
    assert ".csv" in capsys.readouterr().err


def test_what_looks_into_pictures_says_so(trained, tmp_path, capsys):
    folder, _ = trained
    Image.new("L", (40, 40)).save(tmp_path / "a.png")
    for command in (
        ("directions", folder.path),
        ("find", folder.path, tmp_path / "a.png"),
        ("export", folder.path, "--script", tmp_path / "script"),
    ):
        assert run(*command) == 1
        assert "points" in capsys.readouterr().err


def test_a_run_of_points_is_judged(trained, capsys):
    found = evaluate(trained[0], 300)
    assert found.clouds == 8 and 0 <= found.clouds_covered <= 8 and 0 <= found.good_share <= 1
    assert found.frechet_distance > found.frechet_distance_real > 0
    assert run("evaluate", trained[0].path, "--count", 300) == 0
    assert "Clouds" in capsys.readouterr().out


class Replay(nn.Module):
    """A generator that gives back these points."""

    def __init__(self, points):
        super().__init__()
        self._points = torch.tensor(points)

    def forward(self, z, _labels):
        return self._points[torch.arange(len(z)) % len(self._points)]


def test_what_lies_in_a_cloud_and_beside_it_is_counted(trained, monkeypatch):
    folder, data = trained
    cloud = data.images[data.labels == 3]
    drawn = np.concatenate([cloud[:30], 1.6 * cloud[:10]])
    monkeypatch.setattr("engine.evaluation.evaluate.sample", lambda *_: drawn.transpose(0, 2, 3, 1))
    found = evaluate(folder, 200)
    assert (found.clouds, found.clouds_covered, found.good_share) == (8, 1, 0.75)
    quality = Evaluator(small(), data).measure(Replay(drawn[:20]), torch.device("cpu"), 1, 1)
    assert quality.histogram == (0, 0, 0, 1, 0, 0, 0, 0) and quality.low_confidence == 0
    between = np.random.default_rng(0).uniform(-0.3, 0.3, (200, *data.images.shape[1:])).astype(np.float32)
    monkeypatch.setattr("engine.evaluation.evaluate.sample", lambda *_: between.transpose(0, 2, 3, 1))
    assert evaluate(folder, 200).clouds_covered == 0, "what lies in no cloud covers none"
    quality = Evaluator(small(), data).measure(Replay(between), torch.device("cpu"), 1, 1)
    assert sum(quality.histogram) == 0 and quality.low_confidence == 1
    few = ImageData(data.images, np.full(len(data.images), -1), (), columns=data.columns)
    quality = Evaluator(small(), few).measure(Replay(data.images), torch.device("cpu"), 1, 1)
    assert quality.histogram is None and quality.precision > 0.9 and quality.recall > 0.9


def test_the_noise_of_the_grid_gives_the_points_that_were_drawn(trained):
    folder, data = trained
    session = PlaneSession(folder.info().config, data.facts)
    session.load(*folder.snapshot(2))
    points = session.generate(folder.noise()["z"])
    with Image.open(folder.sample_files()[2]) as drawn:
        assert np.array_equal(np.asarray(drawn), scatter.draw(as_points(data.images), points))


def test_a_training_tells_its_grid():
    grids = [event for event in Trainer(small(epochs=1)).run() if isinstance(event, SamplesReady)]
    assert all(event.grid.shape == (scatter.SIDE, scatter.SIDE, 3) and event.spread > 0 for event in grids)


def test_a_short_table_is_drawn_no_more_often_for_that(tmp_path):
    (tmp_path / "own.csv").write_text("".join(f"{n},{n % 7}\n" for n in range(100)))
    values = {name: value for name, value in SMALL.items() if name not in ("epochs", "max_images", "sample_rows")}
    values |= {"dataset": "table", "data_root": str(tmp_path / "own.csv"), "total_images": 320}
    trainer = beginnings.new(tmp_path / "run", None, values, None)
    list(trainer.run())
    assert trainer.folder.info().config.recipe == "table"
    assert list(trainer.folder.sample_files()) == [0, 1, 4], "the first ones and the last"
