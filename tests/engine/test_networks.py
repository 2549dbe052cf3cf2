import copy
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from engine.architectures import ARCHITECTURES, networks
from engine.architectures.outline import outlined
from engine.config import OPTIONS, Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from tests.engine.made_networks import NAMES, SHAPES, given, make, say

ARCHITECTURE_NAMES = sorted(ARCHITECTURES)
DENSE = ("mlp", "mlp-points")
each_architecture = pytest.mark.parametrize("architecture", ARCHITECTURE_NAMES)


@pytest.fixture(autouse=True)
def same_weights():
    torch.manual_seed(0)


# --- outlines


@each_architecture
@pytest.mark.parametrize("norm", [False, True])
def test_an_outline_draws_nothing_takes_no_memory_and_imports_no_compiler(architecture, norm, monkeypatch):
    for name in ("sympy", "torch._dynamo", "torch.fx.experimental.symbolic_shapes"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
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


def shapes(config, facts):
    """The names and shapes of all that is kept of both networks."""
    with outlined():
        players = networks.build_generator(config, facts), networks.build_discriminator(config, facts)
    return [{name: tensor.shape for name, tensor in player.state_dict().items()} for player in players]


def others(option, value):
    """What the option may be instead of ``value``, as far as it is no text."""
    if option.choices or option.kind is bool:
        return [each for each in option.choices or (False, True) if each != value]
    return [option.kind(value / 2) or option.kind(1)] if option.kind in (int, float) else []


@each_architecture
def test_an_option_says_when_networks_that_were_trained_no_longer_fit(architecture):
    """Whether they do is seen by building them; no architecture shapes them by what the options do not say."""
    facts = DatasetInfo(10, NAMES, 1, 28)
    base = Config(architecture=architecture)
    built, reshaping = shapes(base, facts), set()
    for name, option in OPTIONS.items():
        for value in others(option, getattr(base, name)):
            try:
                config = base.changed(**{name: value})
                is_other = shapes(config, facts) != built
            except UserError:
                continue  # what cannot be built is refused before
            if is_other:
                reshaping.add(name)
            if is_other and option.shapes == "zero":
                assert shapes(base.changed(**{name: value / 2}), facts) == shapes(config, facts), (name, value)
    always = {name for name, option in OPTIONS.items() if option.shapes == "value"}
    assert always <= reshaping <= {name for name, option in OPTIONS.items() if option.shapes}


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
    assert bool(sides) == (architecture not in DENSE)
    for feature in features:
        assert any(feature.shape == other.shape and torch.equal(feature, other) for other in on_the_way)


@each_architecture
def test_a_size_that_does_not_fit_is_refused(architecture):
    facts = DatasetInfo(10, ("a",), 1, 30)
    if architecture in DENSE:
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
    with outlined():
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
