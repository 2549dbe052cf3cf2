"""The recipes `mlp-fashion`, `dcgan-fashion` and `dcgan-tutorial` beside plain loops over plain networks.

Networks and loops are written here a second time, as the teaching material has them, and must give the same losses.
"""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from engine.datasets import digits
from engine.datasets.batches import Batches
from engine.datasets.catalog import ImageData
from engine.recipes import recipe
from engine.training.gan import GAN
from engine.training.train_step import StepInfo

CPU = torch.device("cpu")
STEPS = 4  # rounding grows with each


def real_digits():
    images, labels = digits.load()
    return ImageData(images[:, None], labels, tuple("0123456789"))


def plain_mlp():
    generator = nn.Sequential(nn.Linear(30, 150), nn.ReLU(), nn.Linear(150, 100), nn.ReLU(), nn.Linear(100, 784))
    discriminator = nn.Sequential(nn.Linear(784, 150), nn.ReLU(), nn.Linear(150, 100), nn.ReLU(), nn.Linear(100, 1))
    return (
        nn.Sequential(generator, nn.Unflatten(1, (1, 28, 28))),
        nn.Sequential(nn.Flatten(), discriminator),
    )


def plain_dcgan():
    generator = nn.Sequential(
        nn.Linear(100, 7 * 7 * 128),
        nn.BatchNorm1d(7 * 7 * 128),
        nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1, bias=False),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False),
        nn.BatchNorm2d(128),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(6272, 1),
    )
    return generator, discriminator


def copy_weights(source, target):
    """Give ``target`` the weights of ``source``; both list their layers in the same order."""
    theirs, ours = list(source.state_dict().values()), target.state_dict()
    assert [tuple(t.shape) for t in theirs] == [tuple(t.shape) for t in ours.values()]
    target.load_state_dict(dict(zip(ours, theirs, strict=True)))


def engine_losses(gan, config, batches):
    found = []
    for step in range(STEPS):
        batch = batches.get_batch(step * config.batch_size, config.batch_size)
        moment = StepInfo(step, (step + 1) * config.batch_size, 0.0, 1.0)
        found.append(gan.step(config, moment, [batch])[:2].tolist())
    return found


def plain_losses(generator, discriminator, config, batches, *, resting):
    """D learns from the joined batch, then G; with ``resting`` each one's opponent is in eval mode meanwhile."""
    random = torch.Generator().manual_seed(config.seed)
    bce = nn.BCEWithLogitsLoss()
    g_adam = torch.optim.Adam(generator.parameters(), 3e-4, (0.9, 0.999))
    d_adam = torch.optim.Adam(discriminator.parameters(), 3e-4, (0.9, 0.999))
    found, size, z_dim = [], config.batch_size, config.z_dim
    for step in range(STEPS):
        real, _ = batches.get_batch(step * size, size)
        generator.train(not resting)
        discriminator.train()
        with torch.no_grad():
            fake = generator(torch.randn(size, z_dim, generator=random))
        verdict = discriminator(torch.cat([fake, real])).squeeze(1)
        d_loss = bce(verdict, torch.cat([torch.zeros(size), torch.ones(size)]))
        d_adam.zero_grad()
        d_loss.backward()
        d_adam.step()
        generator.train()
        discriminator.train(not resting)
        g_loss = bce(discriminator(generator(torch.randn(size, z_dim, generator=random))), torch.ones(size, 1))
        g_adam.zero_grad()
        g_loss.backward()
        g_adam.step()
        found.append([d_loss.item(), g_loss.item()])
    return found


@pytest.mark.parametrize(
    ("name", "make", "resting"), [("mlp-fashion", plain_mlp, False), ("dcgan-fashion", plain_dcgan, True)]
)
def test_the_recipe_has_the_losses_of_a_plain_loop(name, make, resting):
    config, data = recipe(name).config(dataset="digits", precision="float32"), real_digits()
    gan, batches = GAN(config, data.facts, CPU), Batches(data, config.seed, CPU, config.data_range)
    generator, discriminator = make()
    copy_weights(gan.generator, generator)
    copy_weights(gan.discriminator, discriminator)
    expected = plain_losses(generator, discriminator, config, batches, resting=resting)
    found = engine_losses(gan, config, batches)
    assert torch.allclose(torch.tensor(found), torch.tensor(expected), rtol=1e-3)
    assert found[0] != pytest.approx(found[-1])  # both learned


def test_the_tutorial_takes_both_gradients_before_either_player_moves():
    values = {"dataset": "digits", "precision": "float32", "d_dropout": 0, "batch_size": 32}
    config, data = recipe("dcgan-tutorial").config(**values), real_digits()
    gan, batches = GAN(config, data.facts, CPU), Batches(data, config.seed, CPU)
    twin = GAN(config, data.facts, CPU)
    g_adam = torch.optim.Adam(twin.generator.parameters(), 1e-4)
    d_adam = torch.optim.Adam(twin.discriminator.parameters(), 1e-4)
    random = torch.Generator().manual_seed(config.seed)
    expected = []
    for step in range(3):
        real, labels = batches.get_batch(step * 32, 32)
        fake = twin.generator(torch.randn(32, 100, generator=random), labels)
        on_real, on_fake = (twin.discriminator(images, labels).logits for images in (real, fake))
        ones, zeros = torch.ones(32), torch.zeros(32)
        bce = F.binary_cross_entropy_with_logits
        d_loss, g_loss = bce(on_real, ones) + bce(on_fake, zeros), bce(on_fake, ones)
        d_gradients = torch.autograd.grad(d_loss, list(twin.discriminator.parameters()), retain_graph=True)
        g_gradients = torch.autograd.grad(g_loss, list(twin.generator.parameters()))
        for adam, network, gradients in (
            (g_adam, twin.generator, g_gradients),
            (d_adam, twin.discriminator, d_gradients),
        ):
            for parameter, gradient in zip(network.parameters(), gradients, strict=True):
                parameter.grad = gradient
            adam.step()
        expected.append([d_loss.item(), g_loss.item()])
    found = [
        gan.step(config, StepInfo(s, (s + 1) * 32, 0.0, 1.0), [batches.get_batch(s * 32, 32)])[:2].tolist()
        for s in range(3)
    ]
    assert torch.allclose(torch.tensor(found), torch.tensor(expected), rtol=1e-3)
