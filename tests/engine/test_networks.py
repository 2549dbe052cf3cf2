import pytest
import torch

from engine import networks
from engine.config import OPTIONS
from engine.data.facts import DataFacts
from engine.errors import UserError
from engine.recipes import recipe
from tests import tiny

DIGITS = DataFacts(5000, tuple("0123456789"), 1, 28)


def test_every_family_can_be_chosen_and_the_other_way_round():
    assert set(OPTIONS["family"].choices) == set(networks.FAMILIES)


@pytest.mark.parametrize("facts", [DIGITS, tiny.data().facts, DataFacts(10, ("a", "b"), 3, 32)])
def test_images_and_verdicts_have_the_promised_shapes(facts):
    config = tiny.config()
    generator = networks.build_generator(config, facts)
    discriminator = networks.build_discriminator(config, facts)
    labels = torch.arange(6) % len(facts.class_names)
    images = generator(torch.randn(6, config.z_dim), labels)
    assert images.shape == (6, facts.channels, facts.size, facts.size)
    assert images.abs().max() <= 1
    verdict = discriminator(images, labels)
    assert verdict.logits.shape == (6,)
    assert verdict.class_logits.shape == (6, len(facts.class_names))


def test_a_size_that_does_not_fit_is_refused():
    with pytest.raises(UserError, match="30×30"):
        networks.build_generator(tiny.config(), DataFacts(10, ("a",), 1, 30))


def test_the_label_decides_the_picture_and_the_verdict():
    config = tiny.config()
    generator, discriminator = (
        build(config, DIGITS).eval() for build in (networks.build_generator, networks.build_discriminator)
    )
    z = torch.randn(1, config.z_dim)
    one, two = (generator(z, torch.tensor([label])) for label in (1, 2))
    assert not torch.allclose(one, two)
    assert discriminator(one, torch.tensor([1])).logits != discriminator(one, torch.tensor([2])).logits


def test_in_eval_mode_a_picture_does_not_depend_on_its_neighbours():
    config = recipe("studio").config()
    generator = networks.build_generator(config, DIGITS).eval()
    z, labels = torch.randn(5, config.z_dim), torch.arange(5)
    together = generator(z, labels)
    alone = torch.cat([generator(z[i : i + 1], labels[i : i + 1]) for i in range(5)])
    assert torch.allclose(together, alone, atol=1e-5)
