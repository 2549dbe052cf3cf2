import copy
import sys
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from engine.architectures import ARCHITECTURES, networks
from engine.architectures.layers import Flatten
from engine.architectures.levels import level_at, levels
from engine.architectures.mipmap import from_mipmap, pack, to_mipmap
from engine.architectures.outline import outlined
from engine.architectures.output import DiscriminatorOutput
from engine.architectures.progressive import fade
from engine.config import OPTIONS, Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError

NAMES = tuple("0123456789")
DIGITS = DatasetInfo(5000, NAMES, 1, 28)
SHAPES = [(1, 28), (3, 32), (1, 64), (1, 8)]
ARCHITECTURE_NAMES = sorted(ARCHITECTURES)
each_architecture = pytest.mark.parametrize("architecture", ARCHITECTURE_NAMES)


@pytest.fixture(autouse=True)
def same_weights():
    torch.manual_seed(0)


def make(architecture, facts=DIGITS, **options):
    config = Config.parse({"architecture": architecture, "z_dim": 6, "g_channels": 16, "d_channels": 8} | options)
    return networks.build_generator(config, facts), networks.build_discriminator(config, facts)


def given(facts=DIGITS, count=5, z_dim=6):
    labels = torch.arange(count) % len(facts.class_names) if facts.class_names else torch.full((count,), -1)
    return torch.randn(count, z_dim), labels


def say(network, *inputs):
    """What an untroubled network answers: images, or logits."""
    with torch.no_grad():
        answer = network.eval()(*inputs)
    return answer.logits if isinstance(answer, DiscriminatorOutput) else answer


# --- outlines


@each_architecture
@pytest.mark.parametrize("norm", [False, True])
def test_an_outline_draws_nothing_takes_no_memory_and_imports_no_compiler(architecture, norm, monkeypatch):
    for name in () if norm else ("sympy", "torch._dynamo", "torch.fx.experimental.symbolic_shapes"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails; what holds D's norm computes even there
    before = torch.get_rng_state()
    with outlined():
        outlines = make(architecture, spectral_norm=norm)
    assert torch.equal(torch.get_rng_state(), before)
    for outline, player in zip(outlines, make(architecture, spectral_norm=norm), strict=True):
        sizes = [
            {name: (tensor.shape, tensor.dtype) for name, tensor in n.state_dict().items()} for n in (outline, player)
        ]
        assert sizes[0] == sizes[1]
        assert {tensor.device.type for tensor in outline.state_dict().values()} == {"meta"}


# --- every architecture


def test_every_architecture_can_be_chosen_and_the_other_way_round():
    assert set(OPTIONS["architecture"].choices) == set(ARCHITECTURES)


@each_architecture
@pytest.mark.parametrize("class_names", [NAMES, ("a", "b"), ()])
@pytest.mark.parametrize(("channels", "size"), SHAPES)
def test_images_and_verdicts_have_the_promised_shapes(architecture, channels, size, class_names):
    facts = DatasetInfo(10, class_names, channels, size)
    generator, discriminator = make(architecture, facts)
    z, labels = given(facts)
    images = generator(z, labels)
    assert images.shape == (5, channels, size, size) and images.dtype == torch.float32
    assert images.abs().max() <= 1
    verdict = discriminator(images, labels)
    assert verdict.logits.shape == (5,) and verdict.logits.isfinite().all()
    classes = verdict.class_logits
    reads = ARCHITECTURES[architecture].reads_classes and bool(class_names)
    assert (classes is not None and classes.shape == (5, len(class_names))) if reads else classes is None


@each_architecture
def test_the_label_decides_the_picture_and_the_verdict_where_the_architecture_is_conditional(architecture):
    generator, discriminator = make(architecture)
    z, ones = torch.randn(3, 6), torch.ones(3, dtype=torch.int64)
    images = say(generator, z, ones)
    differs = not torch.equal(images, say(generator, z, 2 * ones))
    assert differs == ARCHITECTURES[architecture].is_conditional
    differs = not torch.equal(say(discriminator, images, ones), say(discriminator, images, 2 * ones))
    assert differs == ARCHITECTURES[architecture].is_conditional


@each_architecture
@pytest.mark.parametrize("class_names", [NAMES, ()])
def test_every_generator_tells_the_first_affine_layer_that_z_goes_through(architecture, class_names):
    facts = DatasetInfo(10, class_names, 1, 28)
    generator, _ = make(architecture, facts)
    seen = []
    generator.entrance.register_forward_hook(lambda _layer, _given, output: seen.append(output))
    z, labels = given(facts)
    z.requires_grad_()
    images = generator.eval()(z, labels)
    (through,) = seen
    weights = [generator.first_affine(int(label)) for label in labels]
    for vector, output, (weight, bias) in zip(z, through, weights, strict=True):
        torch.testing.assert_close(vector @ weight.T + bias, output, rtol=1e-4, atol=1e-5)
    slope, by_output = torch.autograd.grad(images.square().sum(), [z, through])  # and through nothing else
    found = torch.stack([row @ weight for row, (weight, _) in zip(by_output, weights, strict=True)])
    torch.testing.assert_close(found, slope, rtol=1e-3, atol=1e-5)


@each_architecture
@pytest.mark.parametrize("class_names", [NAMES, ()])
@pytest.mark.parametrize("level", [None, 0, 0.5])
def test_features_are_what_the_picture_goes_through(architecture, class_names, level):
    facts = DatasetInfo(10, class_names, 1, 28)
    generator, _ = make(architecture, facts)
    if level is not None and not hasattr(generator, "grow"):
        return
    if level is not None:
        generator.grow(level)
    passed = []
    for module in generator.modules():
        module.register_forward_pre_hook(lambda _module, inputs: passed.append(inputs[0]))
    z, labels = given(facts)
    say(generator, z, labels)
    on_the_way = list(passed)
    with torch.no_grad():
        features = generator.features(z, labels)
    sides = [feature.shape[-1] for feature in features if feature.ndim == 4]
    assert len(features) >= (1 if level == 0 else 2) and sides == sorted(sides)
    assert bool(sides) == (architecture != "mlp")
    for feature in features:
        assert any(feature.shape == other.shape and torch.equal(feature, other) for other in on_the_way)


@each_architecture
def test_a_size_that_does_not_fit_is_refused(architecture):
    facts = DatasetInfo(10, ("a",), 1, 30)
    if architecture == "mlp":
        assert say(make(architecture, facts)[0], *given(facts)).shape == (5, 1, 30, 30)
        return
    config = Config.parse({"architecture": architecture})
    for build in (networks.build_generator, networks.build_discriminator):
        with pytest.raises(UserError, match="30×30"):
            build(config, facts)


@each_architecture
def test_the_output_is_the_one_asked_for(architecture):
    images = {}
    for output in ("tanh", "sigmoid", "none"):
        torch.manual_seed(0)
        images[output] = say(make(architecture, output=output)[0], torch.ones(2, 6), torch.zeros(2, dtype=torch.int64))
    assert torch.equal(images["tanh"], torch.tanh(images["none"]))
    assert torch.equal(images["sigmoid"], torch.sigmoid(images["none"]))


@each_architecture
@pytest.mark.parametrize("class_names", [NAMES, ()])
def test_gradients_reach_every_parameter_of_both_players(architecture, class_names):
    facts = DatasetInfo(10, class_names, 3, 28)
    players = generator, discriminator = make(architecture, facts)
    for level in (
        (0, 0.5, 1.5, 2) if architecture == "progressive" else (None,)
    ):  # a grown one has done with its lower images
        for player in players if level is not None else ():
            player.grow(level)
        z, labels = given(facts, 12)
        images = getattr(generator, "all_scales", generator)(z, labels)
        logits, classes = discriminator(images, labels)
        loss = (logits * torch.randn(12)).sum()
        (loss if classes is None else loss + F.cross_entropy(classes, labels)).backward()
    for name, parameter in [pair for player in players for pair in player.named_parameters()]:
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name
        assert parameter.ndim < 2 or parameter.grad.any(), name


@each_architecture
def test_the_gradient_of_a_verdict_can_be_penalized(architecture):
    discriminator = make(architecture)[1]
    images, (_, labels) = torch.randn(5, 1, 28, 28, requires_grad=True), given()
    (gradient,) = torch.autograd.grad(discriminator(images, labels).logits.sum(), images, create_graph=True)
    gradient.square().sum().backward()
    assert any(parameter.grad is not None and parameter.grad.any() for parameter in discriminator.parameters())


@each_architecture
def test_in_eval_mode_nothing_depends_on_its_neighbors(architecture):
    z, labels = given()
    generator, discriminator = make(architecture)
    generator(torch.randn(20, 6), torch.arange(20) % 10)  # statistics that differ from the batch's
    images = say(generator, z, labels)
    for player, inputs in ((generator, z), (discriminator, images)):
        together = say(player, inputs, labels)
        alone = torch.cat([say(player, inputs[i : i + 1], labels[i : i + 1]) for i in range(5)])
        assert torch.allclose(together, alone, rtol=1e-3, atol=1e-3)  # rounding: 1e-5; a neighbor: far more


@each_architecture
def test_batch_norm_in_d_is_where_the_options_say(architecture):
    norms = [m for m in make(architecture)[1].modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
    assert bool(norms) == ARCHITECTURES[architecture].batch_norm_in_d


@each_architecture
@pytest.mark.parametrize("spectral_norm", [False, True])
def test_the_state_is_complete_also_for_networks_made_without_memory(architecture, spectral_norm):
    z, labels = given()
    players = make(architecture, spectral_norm=spectral_norm)
    images = players[0](z, labels)
    players[1](images, labels)
    with torch.device("meta"):
        empty = make(architecture, spectral_norm=spectral_norm)
    for player, other, inputs in zip(players, empty, (z, images), strict=True):
        other.load_state_dict({name: tensor.clone() for name, tensor in player.state_dict().items()}, assign=True)
        assert torch.equal(say(player, inputs, labels), say(other, inputs, labels))


@each_architecture
def test_a_copy_is_equal_and_shares_nothing(architecture):
    z, labels = given()
    players = make(architecture, spectral_norm=True)
    for player, inputs in zip(players, (z, say(players[0], z, labels)), strict=True):
        before = say(player, inputs, labels)
        twin = copy.deepcopy(player)
        assert torch.equal(before, say(twin, inputs, labels))
        for parameter in twin.parameters():
            parameter.data.add_(1)
        assert torch.equal(before, say(player, inputs, labels))
        assert not torch.equal(before, say(twin, inputs, labels))


@each_architecture
def test_both_players_work_in_lower_precision(architecture):
    generator, discriminator = make(architecture)
    if architecture == "progressive":
        generator.grow(1.5), discriminator.grow(1.5)
    z, labels = given()
    with torch.autocast("cpu", torch.bfloat16):
        images = getattr(generator, "all_scales", generator)(z, labels)
        assert discriminator(images.float(), labels).float().logits.isfinite().all()


@each_architecture
def test_dropout_is_there_when_asked_for_and_only_in_training(architecture):
    images, (_, labels) = torch.randn(5, 1, 28, 28), given()
    assert not [m for m in make(architecture)[1].modules() if isinstance(m, nn.Dropout)]
    discriminator = make(architecture, d_dropout=0.5)[1]
    assert not torch.equal(*(discriminator.train()(images, labels).logits for _ in range(2)))
    assert torch.equal(*(say(discriminator, images, labels) for _ in range(2)))


@each_architecture
def test_spectral_norm_keeps_the_largest_singular_value_of_every_weight_at_one(architecture):
    images, (_, labels) = torch.randn(5, 1, 28, 28), given()
    discriminator = make(architecture, spectral_norm=True)[1]
    for parameter in discriminator.parameters():
        parameter.data.mul_(3).add_(0.1 * torch.randn_like(parameter))
    with torch.no_grad():
        for level in (0, 1, 2) if architecture == "progressive" else (None,):
            if level is not None:
                discriminator.grow(level)
            for _ in range(60):
                discriminator.train()(images, labels)
    layers = [m for m in discriminator.eval().modules() if isinstance(m, nn.Linear | nn.Conv2d | nn.Embedding)]
    for layer in layers:
        value = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        assert value == pytest.approx(1, abs=0.03), layer
    assert len(layers) == sum(parameter.ndim > 1 for parameter in discriminator.parameters())
    assert torch.equal(*(say(discriminator, images, labels) for _ in range(2)))


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
