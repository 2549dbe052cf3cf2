"""A step taken stage by stage is the very step that training takes, and each stage tells what is at hand in it."""

import math
import re

import numpy as np
import pytest
import torch

from engine.config import OPTIONS
from engine.datasets.batches import Batches
from engine.events import StepStage, Tick
from engine.job import run
from engine.losses import LOSSES as KNOWN
from engine.runs import MemoryRun
from engine.trainer import Trainer
from engine.training.gan import GAN
from engine.training.stages import StageName
from engine.training.train_step import StepInfo
from tests import tiny
from tests.engine.conftest import be_tiny

pytestmark = pytest.mark.usefixtures("plain_kernels")

CPU = torch.device("cpu")
MLP = {"architecture": "mlp", "output": "none", "r1_gamma": 0, "g_batch_source": "new", "aux_classifier_weight": 0}
LOSSES = [{"loss": name} for name in OPTIONS["loss"].choices]
OTHERS = [
    {"update_order": "simultaneous"},
    {"update_order": "simultaneous", "loss": "wgan_gp", "gp_weight": 2.0, "r1_gamma": 0},
    {"update_order": "simultaneous", "d_skip_loss": 10.0},
    {"d_skip_loss": 10.0},
    {"d_steps": 2, "g_steps": 2, "g_batch_source": "new"},
    {"g_batch_source": "double", "concat_real_fake": True, "r1_gamma": 0},
    {"augment": "translation,cutout,color", "instance_noise": 0.3, "d_dropout": 0.3},
    {"architecture": "dcgan-fashion", "eval_opponent": True, "g_batch_source": "new"},
    {"architecture": "progressive"},
    {"architecture": "multiscale", "d_loss_over": "mean"},
    MLP,
    MLP | {"d_loss_over": "mean"},
]
named = pytest.mark.parametrize("values", LOSSES + OTHERS, ids=lambda values: " ".join(map(str, values.values())))


def batches_of(config, step):
    data = Batches(tiny.data(), 0, CPU, config.data_range)
    start = step * config.batch_size * config.d_steps
    return [data.get_batch(start + n * config.batch_size, config.batch_size) for n in range(config.d_steps)]


def arguments(config, step):
    seen = (step + 1) * config.batch_size * config.d_steps
    return config, StepInfo(step, seen, step / 10, 1 - step / 10), batches_of(config, step)


def gan_of(config):
    return GAN(config, tiny.data().facts, CPU)


def in_stages(gan, config, step):
    told = []
    report = run(
        gan.stages(*arguments(config, step)), lambda stage: told.append((stage.name, stage.look())), lambda: True
    )
    return report, told


def assert_equal(one, other):
    first, second = one.state_dict(), other.state_dict()
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name], equal_nan=True) for name in first)


@named
def test_a_step_in_stages_is_the_same_step_bit_for_bit(values):
    config = tiny.config(**values)
    plain, staged = gan_of(config), gan_of(config)
    for step in range(3):
        torch.manual_seed(step)  # dropout draws from the global stream, which both share here
        expected = plain.step(*arguments(config, step))
        torch.manual_seed(step)
        report, _ = in_stages(staged, config, step) if step != 1 else (staged.step(*arguments(config, step)), ())
        assert torch.equal(report, expected)
    assert_equal(plain, staged)


@named
def test_a_step_closed_at_any_stage_is_taken_to_its_end(values):
    config = tiny.config(**values)
    whole = gan_of(config)
    torch.manual_seed(1)
    stages = list(whole.stages(*arguments(config, 0)))
    for most in (1, len(stages) // 2, len(stages) - 1):
        closed = gan_of(config)
        torch.manual_seed(1)
        step = closed.stages(*arguments(config, 0))
        for _ in range(most):
            next(step)
        step.close()
        assert_equal(closed, whole)


ALTERNATING = [*StageName]
ALTERNATING[6:6] = [StageName.Z, StageName.GENERATED]
SIMULTANEOUS = [*ALTERNATING[:5], StageName.G_LOSS, StageName.D_UPDATED, StageName.G_UPDATED]
D_AND_G = ALTERNATING[:6], ALTERNATING[6:]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"g_batch_source": "new"}, ALTERNATING),
        (MLP, ALTERNATING),
        ({"g_batch_source": "same"}, D_AND_G[0] + D_AND_G[1][2:]),
        ({"update_order": "simultaneous"}, SIMULTANEOUS),
        ({"g_batch_source": "new", "d_steps": 2, "g_steps": 2}, 2 * D_AND_G[0] + 2 * D_AND_G[1]),
    ],
)
def test_the_stages_come_in_the_order_of_the_step(values, names):
    config = tiny.config(**values)
    _, told = in_stages(gan_of(config), config, 0)
    assert [name for name, _ in told] == names


@named
def test_each_stage_shows_what_the_step_is_made_of(values):
    config = tiny.config(**values)
    gan = gan_of(config)
    report, told = in_stages(gan, config, 0)
    seen = {}
    for name, tensors in told:
        seen.setdefault(name, []).append(tensors)
    losses = [sum(stage["loss"].item() for stage in seen[name]) / len(seen[name]) for name in ("d_loss", "g_loss")]
    assert losses == pytest.approx(report[:2].tolist(), rel=1e-5)
    assert seen[StageName.Z][0]["z"].shape == (config.batch_size, config.z_dim)
    (real, _), *_ = batches_of(config, 0)
    shown = seen[StageName.D_ON_REAL][0]
    assert torch.equal(shown["images"], gan.prepare(real)) and shown["logits"].shape == (config.batch_size,)
    drawn = seen[StageName.GENERATED][0]["images"]
    assert torch.equal(seen[StageName.D_ON_GENERATED][0]["images"], drawn)
    skipped = config.d_skip_loss > 0
    assert [stage.keys() for stage in seen[StageName.D_UPDATED]] == [
        set() if skipped else {"found_inf"}
    ] * config.d_steps
    assert [stage["found_inf"].item() for stage in seen[StageName.G_UPDATED]] == [0.0] * config.g_steps


# --- in a training


@pytest.fixture
def steps_of_their_own(monkeypatch, tiny_data):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


def train(run, *, looked_at, resume=False, last=None, values=()):
    """Train, looking at each step whose number ``looked_at`` holds; close at stage ``last`` of the last of them."""
    trainer = Trainer(tiny.config(**{"epochs": 2, **dict(values)}), run, resume=resume)
    training, told = trainer.run(), []
    for event in training:
        if isinstance(event, Tick) and event.step in looked_at:
            trainer.request_stages()
        if isinstance(event, StepStage):
            told.append(event)
            if last and event.name == last and event.step == max(looked_at):
                break
    training.close()
    return told


def assert_same(one, other):
    rows = [[[f"{value:.9g}" for value in row._replace(seconds=0)] for row in run.metrics()] for run in (one, other)]
    assert rows[0] == rows[1]
    (first, facts), (second, other_facts) = one.state(), other.state()
    assert facts | {"seconds": 0} == other_facts | {"seconds": 0}
    assert all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("values", [{}, MLP], ids=["autograd", "written out"])
def test_a_training_whose_steps_are_looked_at_is_the_same_training(steps_of_their_own, values):
    whole, looked = MemoryRun(), MemoryRun()
    train(whole, looked_at=(), values=values)
    told = train(looked, looked_at=(0, 2, 9, 10, 19), values=values)  # the last of an epoch, and the first
    assert sorted({event.step for event in told}) == [0, 2, 9, 10, 19]
    assert {event.name for event in told} >= {"z", "generated", "d_loss", "g_updated"}
    assert all(array.dtype == np.float32 for event in told for array in event.arrays.values())
    assert_same(whole, looked)


@pytest.fixture(scope="module")
def left_alone():
    """A run that nobody looked at, nor closed, to compare with; nobody changes it."""
    run = MemoryRun()
    with pytest.MonkeyPatch.context() as monkeypatch:
        be_tiny(monkeypatch)
        monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
        train(run, looked_at=())
    return run


@pytest.mark.parametrize("last", ["z", "d_updated", "g_updated"])
@pytest.mark.parametrize("step", [2, 9, 15])  # a row ends with its step, an epoch, nothing
def test_a_training_closed_within_a_step_goes_on_exactly(steps_of_their_own, left_alone, step, last):
    closed = MemoryRun()
    train(closed, looked_at=(step,), last=last)
    assert closed.images_seen() == 8 * (step + 1)
    train(closed, looked_at=(), resume=True)
    assert_same(left_alone, closed)


def test_a_step_of_numbers_that_are_not_finite_is_not_saved_when_it_is_closed(steps_of_their_own):
    run = MemoryRun()
    trainer = Trainer(tiny.config(), run)
    training = trainer.run()
    next(event for event in training if isinstance(event, Tick) and event.images_seen == 88)
    saved = run.images_seen()
    with torch.no_grad():
        next(trainer.session.gan.discriminator.parameters()).fill_(float("nan"))
    trainer.request_stages()
    next(event for event in training if isinstance(event, StepStage) and event.name == "d_loss")
    training.close()
    assert run.images_seen() == saved == 80


# --- what the magnifier adds


def stages_of(values=()):
    """The stages of the fourth step of a training that ends soon after it."""
    told, _ = stages_and_run(values, total_images=64)
    return told


def stages_and_run(values=(), trial=None, at=3, **how):
    """The stages of the step after ``at`` of a training that goes on to its end, and the run."""
    run, told = MemoryRun(), []
    trainer = Trainer(tiny.config(**{"epochs": 2, **how, **dict(values)}), run)
    for event in trainer.run():
        if isinstance(event, Tick) and event.step == at and not told:
            trainer.request_stages(trial)
        if isinstance(event, StepStage):
            told.append(event)
    return told, run


@named
def test_the_loss_is_the_mean_of_its_pairs(steps_of_their_own, values):
    told = stages_of(values)
    losses = [event for event in told if event.name in ("d_loss", "g_loss")]
    assert len(losses) >= 2
    for event in losses:
        assert event.arrays["pairs"].mean() == pytest.approx(event.arrays["loss"].item(), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("values", [{"g_batch_source": "new", "d_dropout": 0.3}, MLP, {"spectral_norm": True}])
def test_only_the_player_that_learns_moves_and_its_mind_changes(steps_of_their_own, values):
    told = stages_of(values)
    by_name = {event.name: event for event in told}
    for event in told:
        for player, layers in (("d", event.d_layers), ("g", event.g_layers)):
            moves = [layer.moved for layer in layers]
            assert all(moved > 0 for moved in moves) == (event.name == f"{player}_updated"), event.name
            assert any(moves) == (event.name == f"{player}_updated")
    counts = [sum(layer.parameters for layer in layers) for layers in (told[0].g_layers, told[0].d_layers)]
    assert counts == [sum(p.numel() for p in player.parameters()) for player in players(values)]
    assert all(layer.shape and layer.kind for layer in (*told[0].d_layers, *told[0].g_layers))
    moved = by_name["d_updated"].arrays
    for kind in ("real", "generated"):
        assert np.abs(moved[f"{kind}_after"] - moved[f"{kind}_before"]).max() > 0
    redrawn = by_name["g_updated"].arrays
    assert redrawn["images"].shape == by_name["d_again"].arrays["images"].shape
    assert not np.array_equal(redrawn["images"], by_name["d_again"].arrays["images"])


def players(values):
    gan = gan_of(tiny.config(**values))
    return gan.generator, gan.discriminator


@pytest.mark.parametrize("values", [{"d_dropout": 0.3}, MLP, {"architecture": "multiscale"}], ids=str)
def test_what_the_layers_give_is_told_of_the_player_at_work(steps_of_their_own, values):
    told = stages_of(values)
    worked = {event.name: event.activations for event in told}
    assert {name: [*each] for name, each in worked.items() if each} == {
        **{"z": ["g"], "generated": ["d"], "d_on_real": ["d"], "d_on_generated": ["d"], "d_again": ["d"]},
        "g_updated": ["g"],
    }
    for player, layers in (("g", told[0].g_layers), ("d", told[1].d_layers)):
        given = worked["z" if player == "g" else "d_on_real"][player]
        assert {it.name: it.shape for it in layers if it.shape} == {name: it.shape for name, it in given.items()}
        assert all(np.isfinite(it).all() for it in given.values())
    real, generated = worked["d_on_real"]["d"], worked["d_on_generated"]["d"]
    assert any(not np.array_equal(real[name], generated[name]) for name in real)
    assert any(not np.array_equal(worked["z"]["g"][name], worked["g_updated"]["g"][name]) for name in worked["z"]["g"])


@pytest.mark.parametrize("values", [{"d_dropout": 0.3}, MLP, {"update_order": "simultaneous"}], ids=str)
@pytest.mark.parametrize("player", ["d", "g"])
def test_a_trial_of_one_player_leaves_the_training_as_it_was(steps_of_their_own, values, player):
    whole = MemoryRun()
    train(whole, looked_at=(), values=values)
    for at in (0, 3):
        told, looked = stages_and_run(values, player, at)
        assert {event.trial for event in told} == {player}
        assert told[-1].name == f"{player}_updated" and not any(
            event.name == ("g_updated" if player == "d" else "d_updated") for event in told
        )
        assert_same(whole, looked)


@pytest.mark.parametrize("loss", [*KNOWN])
def test_the_formula_that_is_told_is_the_one_that_trains(loss):
    known, formulas = (KNOWN[loss].d_formula, KNOWN[loss].g_formula), KNOWN[loss].formulas
    real, generated = 0.7, -0.4
    r, g = torch.tensor([real]), torch.tensor([generated])
    said = {"r": real, "g": generated, "ln": math.log, "exp": math.exp, "max": max}
    told = [re.sub("²", "**2", text).replace("−", "-").replace("·", "*").replace("½", "0.5") for text in known]
    assert eval(told[0], said) == pytest.approx(formulas.discriminator(r, g, 0.0).item())
    assert eval(told[1], said) == pytest.approx(formulas.generator(r, g).item())
