"""Networks of several levels: how they grow and fade, and mipmaps."""

import copy
from itertools import pairwise

import pytest
import torch
from torch.nn import functional as F

from engine.architectures.layers import Flatten
from engine.architectures.levels import level_at, levels
from engine.architectures.mipmap import from_mipmap, pack, to_mipmap
from engine.architectures.progressive import fade
from engine.datasets.info import DatasetInfo
from tests.engine.made_networks import NAMES, SHAPES, given, make, say


@pytest.fixture(autouse=True)
def same_weights():
    torch.manual_seed(0)


# --- growing


@pytest.mark.parametrize(
    ("size", "sides"),
    [(28, [7, 14, 28]), (64, [8, 16, 32, 64]), (32, [8, 16, 32]), (12, [6, 12]), (8, [4, 8]), (4, [4]), (9, [9])],
)
def test_levels_halve_the_side(size, sides):
    assert levels(size) == sides


@pytest.mark.parametrize(
    ("share", "level"),
    [(0, 0), (0.1, 0), (0.12, 0), (0.18, 0.5), (0.24, 1), (0.3, 1), (0.42, 1.5), (0.48, 2), (0.6, 2), (0.9, 2), (1, 2)],
)
def test_growth_stays_and_fades_in_equal_parts(share, level):
    assert level_at(share, 0.6, 3) == pytest.approx(level)


def test_one_level_has_nowhere_to_grow():
    assert {level_at(share, 0.5, 1) for share in (0, 0.2, 0.5, 1)} == {0}


def test_growth_never_jumps_nor_falls():
    path = [level_at(i / 1000, 0.7, 4) for i in range(1001)]
    assert all(0 <= after - before < 0.02 for before, after in pairwise(path))
    assert path[-1] == 3


def test_a_fade_begins_and_ends_where_the_levels_stand():
    generator, discriminator = make("progressive")
    z, labels = given()
    images = say(generator, z, labels)
    for player, inputs in ((generator, z), (discriminator, images)):
        for whole, near in ((0, 1e-4), (1, 1 - 1e-4), (1, 1 + 1e-4), (2, 2 - 1e-4)):
            player.grow(whole)
            stands = say(player, inputs, labels)
            player.grow(near)
            assert torch.allclose(stands, say(player, inputs, labels), atol=1e-2)
        player.grow(1.5)
        halfway = say(player, inputs, labels)
        player.grow(1)
        assert not torch.allclose(halfway, say(player, inputs, labels), atol=1e-2)


@pytest.mark.parametrize(("level", "side"), [(0, 7), (1, 14), (2, 28)])
def test_a_level_sees_and_makes_only_what_its_side_can_show(level, side):
    generator, discriminator = make("progressive")
    z, labels = given()
    sharp = torch.randn(5, 1, 28, 28)
    blurred = F.interpolate(F.avg_pool2d(sharp, 28 // side), scale_factor=28 // side)
    generator.grow(level), discriminator.grow(level)
    images = say(generator, z, labels)
    squares = F.interpolate(images[:, :, :: 28 // side, :: 28 // side], scale_factor=28 // side)
    assert torch.equal(images, squares)
    assert torch.allclose(say(discriminator, sharp, labels), say(discriminator, blurred, labels), atol=1e-4)


@pytest.mark.parametrize("assign", [False, True])
def test_the_level_is_saved_and_restored(assign):
    z, labels = given()
    for player, other, inputs in zip(
        make("progressive"), make("progressive"), (z, torch.randn(5, 1, 28, 28)), strict=True
    ):
        player.grow(0.3)
        assert player.state_dict()["level.value"].item() == pytest.approx(0.3)
        other.load_state_dict({name: tensor.clone() for name, tensor in player.state_dict().items()}, assign=assign)
        assert torch.equal(say(player, inputs, labels), say(other, inputs, labels))
        twin = copy.deepcopy(player)
        twin.grow(2)
        assert not torch.equal(say(player, inputs, labels), say(twin, inputs, labels))


@pytest.mark.parametrize("found", [float("nan"), -3.0, 99.0])
def test_a_level_that_makes_no_sense_does_no_harm(found):
    generator = make("progressive")[0]
    generator.load_state_dict(generator.state_dict() | {"level.value": torch.tensor(found)})
    assert say(generator, *given()).shape == (5, 1, 28, 28)


# --- multi-scale


@pytest.mark.parametrize(("channels", "size"), [*SHAPES, (1, 4)])
def test_a_mipmap_holds_every_size(channels, size):
    sides = levels(size)
    images = [torch.randn(2, channels, side, side) for side in sides]
    mipmap = pack(images)
    assert mipmap.shape == (2, channels, size, size + size // 2)
    assert all(torch.equal(a, b) for a, b in zip(images, from_mipmap(mipmap, sides), strict=True))
    assert mipmap.count_nonzero() == sum(image.count_nonzero() for image in images)


def test_a_mipmap_of_plain_images_is_made_by_averaging():
    images = torch.randn(2, 3, 28, 28)
    small, middle, full = from_mipmap(to_mipmap(images, [7, 14, 28]), [7, 14, 28])
    assert torch.equal(full, images)
    assert torch.allclose(middle[0, 1, 2, 3], images[0, 1, 4:6, 6:8].mean(), atol=1e-6)
    assert torch.allclose(small, F.avg_pool2d(images, 4), atol=1e-6)


@pytest.mark.parametrize(("channels", "size"), SHAPES)
def test_d_judges_plain_images_as_their_mipmaps_and_g_shows_the_largest(channels, size):
    facts = DatasetInfo(10, NAMES, channels, size)
    generator, discriminator = make("multiscale", facts)
    z, labels = given(facts)
    plain, mipmap = generator(z, labels), generator.all_scales(z, labels)
    assert torch.equal(plain, mipmap[..., :size]) and mipmap.abs().max() <= 1
    prepared = discriminator.prepare(plain)
    assert prepared.shape == mipmap.shape
    assert torch.equal(discriminator(plain, labels).logits, discriminator(prepared, labels).logits)
    mipmap.retain_grad()
    discriminator(mipmap, labels).logits.sum().backward()
    assert all(part.any() for part in from_mipmap(mipmap.grad, levels(size)))


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_flattening_gives_the_gradient_back_in_the_inputs_layout(layout):
    images = torch.randn(2, 3, 4, 4).to(memory_format=layout).requires_grad_()
    seen = []
    activation = torch.relu(images)
    flat = Flatten()(activation)
    activation.register_hook(seen.append)
    (flat * torch.arange(48.0)).sum().backward()
    assert torch.equal(flat, activation.reshape(2, 48))
    assert torch.equal(seen[0].reshape(2, 48), torch.arange(48.0).expand(2, 48))
    assert seen[0].is_contiguous(memory_format=layout)


def test_fading_takes_the_wider_of_two_types():
    """Autocast on a GPU leaves an enlarged image in float32 and the next one in bfloat16."""
    before, after = torch.rand(2, 1, 4, 4), torch.rand(2, 1, 4, 4).bfloat16()
    wanted = 0.75 * before + 0.25 * after.float()
    for faded in (fade(before, after, 0.25), fade(after, before, 0.75)):
        assert faded.dtype == torch.float32
        torch.testing.assert_close(faded, wanted)
