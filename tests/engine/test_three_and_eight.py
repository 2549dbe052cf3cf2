"""The recipes `dcgan-3-8` and `dcgan-3-8-as-run` beside plain loops over plain networks: the text, and the code as run.

Networks, padding, loss and loops are written here a second time, and must give the same losses.
"""

import pytest
import torch
from torch import nn

from engine.datasets.batches import Batches
from engine.errors import UserError
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.gan import GAN
from engine.training.train_step import StepInfo
from tests import tiny
from tests.engine.test_reference_loops import CPU, STEPS, copy_weights, engine_losses, real_digits

BATCH, Z = 16, 100


def plain_networks():
    """As Keras pads "same": a transposed convolution loses an edge, a strided one gains zeros at right and bottom."""

    def norm(channels):
        return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)

    generator = nn.Sequential(
        nn.Linear(Z, 7 * 7 * 128),
        nn.ReLU(),
        nn.Unflatten(1, (128, 7, 7)),
        norm(128),
        nn.ConvTranspose2d(128, 64, 4, 2, padding=1, bias=False),
        norm(64),
        nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, 2, padding=1, bias=False),
        norm(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 3, 1, padding=1),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.ZeroPad2d((0, 1, 0, 1)),
        nn.Conv2d(1, 64, 3, 2),
        nn.LeakyReLU(0.2),
        nn.ZeroPad2d((0, 1, 0, 1)),
        nn.Conv2d(64, 128, 3, 2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 3, 1, padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(256 * 7 * 7, 1),
        nn.Sigmoid(),
    )
    return generator, discriminator


def plain_losses(generator, discriminator, real_images, *, same_z, epsilon):
    """Cross-entropy of probabilities; G learns from D's lesson again, or from twice as much new noise."""
    random = torch.Generator().manual_seed(0)
    g_adam = torch.optim.Adam(generator.parameters(), 5e-4, (0.5, 0.999), eps=epsilon)
    d_adam = torch.optim.Adam(discriminator.parameters(), 5e-4, (0.5, 0.999), eps=epsilon)
    found = []
    for step in range(STEPS):
        real = real_images[step * BATCH : (step + 1) * BATCH]
        z = torch.randn(BATCH, Z, generator=random)
        with torch.no_grad():
            fake = generator(z)
        d_loss = -discriminator(real).log().mean() - (1 - discriminator(fake)).log().mean()
        d_adam.zero_grad()
        d_loss.backward()
        d_adam.step()
        z = z if same_z else torch.randn(2 * BATCH, Z, generator=random)
        g_loss = -discriminator(generator(z)).log().mean()
        g_adam.zero_grad()
        g_loss.backward()
        g_adam.step()
        found.append([d_loss.item(), g_loss.item()])
    return found


def same_losses(config, real_images, *, training, same_z):
    """Train both from the same first weights and return the gan, its losses, and those of the plain loop."""
    data = real_digits().select_classes(config.classes)
    gan, batches = GAN(config, data.facts, CPU), Batches(data, config.seed, CPU, shuffle=config.shuffle)
    generator, discriminator = (network.train(training) for network in plain_networks())
    copy_weights(gan.generator, generator)
    copy_weights(gan.discriminator, discriminator)
    real = real_images(data, batches)
    expected = plain_losses(generator, discriminator, real, same_z=same_z, epsilon=config.adam_epsilon)
    return gan, torch.tensor(engine_losses(gan, config, batches)), torch.tensor(expected)


def test_the_code_as_it_runs_never_trains_with_dropout_and_batch_norm():
    config = recipe("dcgan-3-8-as-run").config(dataset="digits", precision="float32", batch_size=BATCH)
    assert config.d_dropout > 0

    def in_the_order_of_the_data(data, _batches):
        return torch.from_numpy(data.images[: STEPS * BATCH]).float() / 127.5 - 1

    gan, found, expected = same_losses(config, in_the_order_of_the_data, training=False, same_z=True)
    assert torch.allclose(found, expected, rtol=1e-3)
    assert (found[0] - found[-1]).abs().min() > 0.01  # both learned
    norms = [module for module in gan.generator.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 3 and all((m.running_mean == 0).all() and (m.running_var == 1).all() for m in norms)


def test_the_text_trains_in_training_mode_with_twice_the_new_noise():
    assert recipe("dcgan-3-8").config().adam_epsilon == 1e-7, "as Keras has it"
    large = 0.01  # enough to be seen in a few steps
    config = recipe("dcgan-3-8").config(
        dataset="digits", precision="float32", d_dropout=0, adam_epsilon=large, batch_size=BATCH
    )

    def as_shuffled(_data, batches):
        return batches.get_batch(0, STEPS * BATCH)[0]

    gan, found, expected = same_losses(config, as_shuffled, training=True, same_z=False)
    assert torch.allclose(found, expected, rtol=1e-3)
    norms = [module for module in gan.generator.modules() if isinstance(module, nn.BatchNorm2d)]
    assert all(module.num_batches_tracked > 0 for module in norms)


def test_an_opponent_that_rested_goes_back_to_the_mode_it_had():
    for training in (False, True):
        config = recipe("dcgan-3-8").config(dataset="digits", training_mode=training, eval_opponent=True)
        data = real_digits().select_classes(config.classes)
        gan, batches = GAN(config, data.facts, CPU), Batches(data, config.seed, CPU)
        gan.step(config, StepInfo(0, BATCH, 0.0, 1.0), [batches.get_batch(0, BATCH)])
        assert gan.generator.training is gan.discriminator.training is training


def test_the_two_recipes_differ_in_what_they_say_they_do():
    text, code = recipe("dcgan-3-8").config(), recipe("dcgan-3-8-as-run").config()
    differing = {name for name in type(text).model_fields if getattr(text, name) != getattr(code, name)}
    assert differing == {"recipe", "training_mode", "g_batch_source", "shuffle"}
    assert (text.training_mode, text.g_batch_source, text.shuffle) == (True, "double", True)
    assert (code.training_mode, code.g_batch_source, code.shuffle) == (False, "same", False)
    assert text.sample_rows * text.sample_columns == 6 and text.batch_size == code.batch_size == 64


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_trainer_shows_the_images_in_the_order_that_is_asked_for(tmp_path, tiny_data, monkeypatch, shuffle):
    seen = []
    step = GAN.step
    monkeypatch.setattr(
        GAN, "step", lambda self, c, m, batches: (seen.append(batches[0][1]), step(self, c, m, batches))[1]
    )
    list(Trainer(tiny.config(shuffle=shuffle, epochs=2), RunFolder(tmp_path / "run")).run())
    labels = torch.from_numpy(tiny.data().labels)
    assert torch.equal(torch.cat(seen), labels.repeat(2)) is not shuffle


def test_without_training_mode_some_options_rest_and_spectral_norm_is_refused():
    config = recipe("dcgan-3-8-as-run").config()
    assert {"d_dropout", "eval_opponent"} <= config.unused().keys()
    assert not {"d_dropout", "eval_opponent"} & config.changed(training_mode=True).unused().keys()
    config.changed(eval_opponent=True).check()  # the pictures made for D may teach G: there is one mode only
    with pytest.raises(UserError, match="Spectral norm follows D's weights in training mode only"):
        config.changed(spectral_norm=True).check()
    with pytest.raises(UserError, match="cannot teach G"):
        config.changed(eval_opponent=True, training_mode=True).check()
