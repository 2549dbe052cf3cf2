"""One step of the engine beside one of plain code: the gradients that both players get, option by option.

Learning rates are 0, so that every gradient is one at the first weights. What the engine computes in one batch or in
several may differ by rounding, never by more than a thousandth.
"""

import copy
from statistics import fmean

import pytest
import torch
from torch.nn import functional as F

from engine.datasets.batches import Batches
from engine.trainer import Trainer
from engine.training.gan import GAN
from engine.training.train_step import StepInfo
from tests import tiny

CPU = torch.device("cpu")
SHARE = 0.25
BASE = {"precision": "float32", "r1_gamma": 0, "aux_classifier_weight": 0, "instance_noise": 0}

PLAIN_LOSSES = {
    "nonsaturating": (
        lambda r, f, s: (-(1 - s) * r.sigmoid().log() - s * (1 - r.sigmoid()).log() - (1 - f.sigmoid()).log()).mean(),
        lambda r, f: -f.sigmoid().log().mean(),
    ),
    "lsgan": (
        lambda r, f, s: ((r - 1 + s) ** 2 / 2 + f**2 / 2).mean(),
        lambda r, f: ((f - 1) ** 2 / 2).mean(),
    ),
    "wgan_gp": (lambda r, f, s: f.mean() - r.mean(), lambda r, f: -f.mean()),
    "rpgan": (lambda r, f, s: -(r - f).sigmoid().log().mean(), lambda r, f: -(f - r).sigmoid().log().mean()),
}


class PlainStep:
    """Losses and gradients of both players, from copies of those of ``gan`` and of its source of chance."""

    def __init__(self, gan, config, batches, step):
        self.config, self.step = config, step
        self.g, self.d = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
        self.random = torch.Generator()
        self.random.set_state(gan.random.get_state())
        d_loss_of, self.g_loss_of = PLAIN_LOSSES[config.loss]
        self.d_losses, self.g_losses = [], []
        for real, labels in batches:
            fake = self.pictures(labels)
            self.lesson(d_loss_of, real.clone().requires_grad_(), fake, labels)
        for _ in range(config.g_steps):
            self.exam(fake, labels)

    def pictures(self, labels):
        return self.g(torch.randn(len(labels), self.config.z_dim, generator=self.random), labels)

    def noisy(self, *images):
        """Both kinds of images get their noise at once where D judges both at once."""
        size = self.config.instance_noise * (1 - SHARE)
        return [i + size * torch.randn(i.shape, generator=self.random) if size else i for i in images]

    def lesson(self, loss_of, real, fake, labels):
        c = self.config
        seen_real, seen_fake = self.noisy(real, fake.detach())
        on_real, on_fake = self.d(seen_real, labels), self.d(seen_fake, labels)
        loss = loss_of(on_real.logits, on_fake.logits, c.label_smoothing) * (0.5 if c.d_loss_over == "mean" else 1)
        total = loss
        if c.aux_classifier_weight:
            total = total + c.aux_classifier_weight * F.cross_entropy(on_real.class_logits, labels)
        if c.r1_gamma and self.step % c.r1_interval == 0:
            slope = torch.autograd.grad(on_real.logits.sum(), real, create_graph=True)[0]
            total = total + c.r1_interval * c.r1_gamma / 2 * (slope**2).flatten(1).sum(1).mean()
        if c.loss == "wgan_gp":
            share = torch.rand(len(real), 1, 1, 1, generator=self.random)
            between = (real + share * (fake - real)).detach().requires_grad_()
            slope = torch.autograd.grad(self.d(between, labels).logits.sum(), between, create_graph=True)[0]
            total = total + c.gp_weight * ((slope**2).flatten(1).sum(1).sqrt() - 1).square().mean()
        self.d_gradient = torch.autograd.grad(total, list(self.d.parameters()), allow_unused=True)
        self.real_logits = on_real.logits.detach()
        self.verdicts = on_real.logits.sigmoid().mean().item(), on_fake.logits.sigmoid().mean().item()
        self.d_losses.append(loss.item())

    def exam(self, fake, labels):
        c = self.config
        if c.g_batch_source != "same":
            labels = torch.cat([labels] * (2 if c.g_batch_source == "double" else 1))
            fake = self.pictures(labels)
        verdict = self.d(self.noisy(fake)[0], labels)
        total = loss = self.g_loss_of(self.real_logits, verdict.logits)
        if c.aux_classifier_weight:
            total = total + c.aux_classifier_weight * F.cross_entropy(verdict.class_logits, labels)
        self.g_losses.append(loss.item())
        self.g_gradient = torch.autograd.grad(total, list(self.g.parameters()), allow_unused=True)


def gradient(tensors):
    return torch.cat([t.flatten() for t in tensors if t is not None])


CASES = {
    "plain": {},
    "target": {"label_smoothing": 0.2, "d_loss_over": "mean"},
    "least squares": {"loss": "lsgan", "label_smoothing": 0.2},
    "rpgan": {"loss": "rpgan"},
    "critic": {"loss": "wgan_gp", "gp_weight": 3.0},
    "two lessons": {"d_steps": 2},
    "classes": {"aux_classifier_weight": 0.7},
    "own pictures": {"g_batch_source": "new"},
    "twice as many": {"g_batch_source": "double", "aux_classifier_weight": 0.3},
    "two exams": {"g_batch_source": "new", "g_steps": 2},
    "at once": {"update_order": "simultaneous", "aux_classifier_weight": 0.3},
    "R1": {"r1_gamma": 5.0, "r1_interval": 4},
    "rests": {"d_skip_loss": 0.1},
    "noise": {"instance_noise": 0.8, "concat_real_fake": False},
    "joined noise": {"instance_noise": 0.8},
}


@pytest.mark.parametrize(("case", "step"), [*((case, 0) for case in CASES), ("R1", 1), ("R1", 4)])
def test_a_step_follows_the_gradients_of_plain_code(case, step):
    config = tiny.config(**BASE | CASES[case])
    gan, batches = GAN(config, tiny.data().facts, CPU), Batches(tiny.data(), 0, CPU)
    lessons = [batches.get_batch(n * 8, 8) for n in range(config.d_steps)]
    plain = PlainStep(gan, config, lessons, step)
    report = gan.step(config, StepInfo(step, 8 * config.d_steps, SHARE, 0.0), lessons)
    for player, wanted in ((gan.discriminator, plain.d_gradient), (gan.generator, plain.g_gradient)):
        ours, theirs = gradient(p.grad for p in player.parameters()), gradient(wanted)
        assert (ours - theirs).norm() < 1e-3 * theirs.norm() and theirs.norm() > 1e-3
    assert report[:2].tolist() == pytest.approx([fmean(plain.d_losses), fmean(plain.g_losses)], rel=1e-3, abs=1e-4)
    if config.loss == "nonsaturating" and config.d_steps == 1:
        assert report[2:4].tolist() == pytest.approx(plain.verdicts, rel=1e-3)
    assert report[4:].tolist() == [0, 0, 0]


def test_each_lesson_that_d_leaves_out_is_counted():
    config = tiny.config(**BASE | {"d_skip_loss": 10.0, "d_steps": 3})
    gan, batches = GAN(config, tiny.data().facts, CPU), Batches(tiny.data(), 0, CPU)
    before = gradient(gan.discriminator.parameters()).clone()
    report = gan.step(config, StepInfo(0, 24, SHARE, 1.0), [batches.get_batch(n * 8, 8) for n in range(3)])
    assert report[4] == 3 and torch.equal(gradient(gan.discriminator.parameters()), before)


@pytest.mark.parametrize("factor", [1.0, 0.25])
def test_the_first_step_of_adam_goes_a_learning_rate_far(factor):
    """Its mean and square are then those of one gradient, of which only the sign is left."""
    config = tiny.config(**BASE | {"g_lr": 0.02, "d_lr": 0.08, "d_beta1": 0.5, "d_beta2": 0.75})
    gan, batch = GAN(config, tiny.data().facts, CPU), Batches(tiny.data(), 0, CPU).get_batch(0, 8)
    before = [gradient(player.parameters()).clone() for player in (gan.generator, gan.discriminator)]
    gan.step(config, StepInfo(0, 8, SHARE, factor), [batch])
    for player, old, rate in zip((gan.generator, gan.discriminator), before, (0.02, 0.08), strict=True):
        moved = (gradient(player.parameters()) - old).abs().max().item()
        assert moved == pytest.approx(rate * factor, rel=1e-2)
    slope, kept = next(gan.discriminator.parameters()).grad.numpy(), gan.d_optimizer.state_dict()
    assert kept["0.step"] == 1
    assert kept["0.exp_avg"] == pytest.approx(0.5 * slope, rel=1e-4, abs=1e-9)
    assert kept["0.exp_avg_sq"] == pytest.approx(0.25 * slope**2, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize(("step", "narrow"), [(0, [False, False, True]), (1, [True, True, True])])
def test_where_r1_differentiates_twice_d_judges_in_float32(step, narrow):
    config = tiny.config(
        **BASE | {"precision": "bfloat16", "r1_gamma": 1.0, "r1_interval": 2, "concat_real_fake": False}
    )
    gan, batch = GAN(config, tiny.data().facts, CPU), Batches(tiny.data(), 0, CPU).get_batch(0, 8)
    seen = []
    gan.discriminator.register_forward_pre_hook(lambda *_: seen.append(torch.is_autocast_enabled("cpu")))
    gan.step(config, StepInfo(step, 8, SHARE, 1.0), [batch])
    assert seen == narrow, "real images, generated ones, and those by which G learns"


def test_each_step_knows_how_much_of_the_training_is_done(folder, tiny_data, monkeypatch):
    moments, step = [], GAN.step
    monkeypatch.setattr(GAN, "step", lambda gan, config, *at: moments.append(at[0]) or step(gan, config, *at))
    config = tiny.config(total_images=64, d_steps=2, lr_decay_start=0.5)
    assert list(Trainer(config, folder).run())
    told = [(moment.step, moment.images_seen, moment.progress, moment.lr_scale) for moment in moments]
    assert told == [(0, 16, 0.0, 1.0), (1, 32, 0.25, 1.0), (2, 48, 0.5, 1.0), (3, 64, 0.75, 0.5)]


def test_both_players_and_the_average_grow_with_the_training():
    config = tiny.config(architecture="progressive", growth_end=0.5)
    gan, batch = GAN(config, tiny.data().facts, CPU), Batches(tiny.data(), 0, CPU).get_batch(0, 8)
    for share, level in ((0.0, 0.0), (0.25, 0.5), (0.5, 1.0)):  # of 4 and 8 pixels: stay, fade in, stay
        gan.step(config, StepInfo(0, 8, 0.0, 1.0, share), [batch])
        players = (gan.generator, gan.discriminator, gan.ema.network)
        assert [player.level.value.item() for player in players] == pytest.approx([level] * 3)
