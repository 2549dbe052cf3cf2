import pytest
import torch
from torch import nn

from engine.architectures import networks
from engine.architectures.same_padding import SameConv2d, SameConvTranspose2d
from engine.config import Config
from engine.datasets.info import DatasetInfo


@pytest.fixture(autouse=True)
def same_weights():
    torch.manual_seed(0)


def players(architecture, **options):
    config, facts = (
        Config.parse({"architecture": architecture} | options),
        DatasetInfo(5000, tuple("0123456789"), 1, 28),
    )
    return networks.build_generator(config, facts), networks.build_discriminator(config, facts)


def layers_of(network):
    """Every layer in a few words: what it is, from how many to how many, kernel, stride and missing bias."""
    return [words(m) for m in network.modules() if not list(m.children()) and not isinstance(m, nn.Flatten)]


def words(m):
    kind = type(m).__name__
    if isinstance(m, nn.Conv2d | nn.ConvTranspose2d):
        kernel = f"k{m.kernel_size[0]} s{m.stride[0]}"
        return f"{kind} {m.in_channels}>{m.out_channels} {kernel}" + ("" if m.bias is not None else " no bias")
    if isinstance(m, nn.Linear):
        return f"Linear {m.in_features}>{m.out_features}" + ("" if m.bias is not None else " no bias")
    if isinstance(m, nn.Embedding):
        return f"Embedding {m.num_embeddings}x{m.embedding_dim}"
    detail = {"Unflatten": "unflattened_size", "LeakyReLU": "negative_slope", "Dropout": "p"}.get(kind)
    detail = "num_features" if "BatchNorm" in kind else detail
    return f"{kind} {getattr(m, detail)}" if detail else kind


TABLES = {
    "mlp": (
        {"z_dim": 30, "g_channels": 150, "d_channels": 150, "output": "none"},
        "Linear 30>150; ReLU; Linear 150>100; ReLU; Linear 100>784; Identity; Unflatten (1, 28, 28)",
        "Linear 784>150; ReLU; Linear 150>100; ReLU; Linear 100>1",
        (4650 + 15100 + 79184, 117750 + 15100 + 101),
    ),
    "dcgan-3-8": (
        {"z_dim": 100, "g_channels": 128, "d_channels": 64, "d_dropout": 0.3},
        "Linear 100>6272; ReLU; Unflatten (128, 7, 7); BatchNorm2d 128; "
        "SameConvTranspose2d 128>64 k4 s2 no bias; BatchNorm2d 64; ReLU; "
        "SameConvTranspose2d 64>32 k4 s2 no bias; BatchNorm2d 32; ReLU; "
        "SameConvTranspose2d 32>1 k3 s1; Tanh",
        "SameConv2d 1>64 k3 s2; LeakyReLU 0.2; Dropout 0.3; "
        "SameConv2d 64>128 k3 s2; LeakyReLU 0.2; Dropout 0.3; "
        "SameConv2d 128>256 k3 s1; LeakyReLU 0.2; Dropout 0.3; Linear 12544>1",
        (633472 + 256 + 131072 + 128 + 32768 + 64 + 289, 640 + 73856 + 295168 + 12545),
    ),
    "dcgan-tutorial": (
        {"z_dim": 100, "g_channels": 256, "d_channels": 64, "d_dropout": 0.3},
        "Linear 100>12544 no bias; BatchNorm1d 12544; LeakyReLU 0.3; Unflatten (256, 7, 7); "
        "SameConvTranspose2d 256>128 k5 s1 no bias; BatchNorm2d 128; LeakyReLU 0.3; "
        "SameConvTranspose2d 128>64 k5 s2 no bias; BatchNorm2d 64; LeakyReLU 0.3; "
        "SameConvTranspose2d 64>1 k5 s2 no bias; Tanh",
        "SameConv2d 1>64 k5 s2; LeakyReLU 0.3; Dropout 0.3; "
        "SameConv2d 64>128 k5 s2; LeakyReLU 0.3; Dropout 0.3; Linear 6272>1",
        (1254400 + 25088 + 819200 + 256 + 204800 + 128 + 1600, 1664 + 204928 + 6273),
    ),
    "dcgan-fashion": (
        {"z_dim": 100, "g_channels": 128, "d_channels": 64},
        "Linear 100>6272; BatchNorm1d 6272; Unflatten (128, 7, 7); "
        "ConvTranspose2d 128>64 k4 s2 no bias; BatchNorm2d 64; ReLU; "
        "ConvTranspose2d 64>1 k4 s2 no bias; Tanh",
        "Conv2d 1>64 k4 s2 no bias; BatchNorm2d 64; ReLU; "
        "Conv2d 64>128 k4 s2 no bias; BatchNorm2d 128; ReLU; Linear 6272>1",
        (633472 + 12544 + 131072 + 128 + 1024, 1024 + 128 + 131072 + 256 + 6273),
    ),
    "embedding": (
        {"z_dim": 100, "g_channels": 256, "d_channels": 32},
        "Embedding 10x100; Linear 100>12544; Unflatten (256, 7, 7); "
        "SameConvTranspose2d 256>128 k3 s2; BatchNorm2d 128; LeakyReLU 0.01; "
        "SameConvTranspose2d 128>64 k3 s1; BatchNorm2d 64; LeakyReLU 0.01; "
        "SameConvTranspose2d 64>1 k3 s2; Tanh",
        "Embedding 10x784; SameConv2d 1>32 k3 s2; LeakyReLU 0.01; "
        "SameConv2d 32>64 k3 s2; BatchNorm2d 64; LeakyReLU 0.01; "
        "SameConv2d 64>128 k3 s2; BatchNorm2d 128; LeakyReLU 0.01; Linear 2048>1",
        (
            1000 + 1266944 + 295040 + 256 + 73792 + 128 + 577,
            7840 + 320 + 18496 + 128 + 73856 + 256 + 2049,
        ),
    ),
}


@pytest.mark.parametrize("architecture", TABLES)
def test_the_networks_are_those_of_the_published_tables(architecture):
    options, *tables, counts = TABLES[architecture]
    for player, table, count in zip(players(architecture, **options), tables, counts, strict=True):
        assert layers_of(player) == table.split("; ")
        assert sum(parameter.numel() for parameter in player.parameters()) == count


@pytest.mark.parametrize("architecture", ["dcgan-3-8", "dcgan-tutorial", "embedding"])
def test_networks_from_keras_start_as_keras_starts_them(architecture):
    for player in players(architecture, g_channels=64, d_channels=64):
        for name, parameter in player.named_parameters():
            if "label" in name:
                limit = 0.05
            elif parameter.ndim < 2:
                assert not parameter.any() or (parameter == 1).all()
                continue
            else:
                limit = (6 / ((parameter.shape[0] + parameter.shape[1]) * parameter[0, 0].numel())) ** 0.5
            assert 0.8 * limit < parameter.abs().max() <= limit, name
        for norm in (m for m in player.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)):
            assert (norm.eps, norm.momentum) == (1e-3, 0.01)


# --- padding "same"

KERNELS = [(3, 1), (3, 2), (4, 2), (5, 1), (5, 2)]


def test_same_padding_puts_the_odd_zero_behind():
    convolution = SameConv2d(1, 1, 3, 2, bias=False)
    nn.init.ones_(convolution.weight)
    image = torch.arange(16.0).view(1, 1, 4, 4)
    corner, right, below, last = 45, 6 + 7 + 2 + 3 + 10 + 11, 8 + 9 + 10 + 12 + 13 + 14, 10 + 11 + 14 + 15
    assert convolution(image).tolist() == [[[[corner, right], [below, last]]]]


@pytest.mark.parametrize(("kernel", "stride"), KERNELS)
@pytest.mark.parametrize("side", [2, 7, 8])
def test_same_convolution_follows_the_definition(kernel, stride, side):
    convolution = SameConv2d(2, 3, kernel, stride)
    image = torch.randn(1, 2, side, side)
    total = max(kernel - (side % stride or stride), 0)  # the other way to write it, as TensorFlow's notes do
    count = (side + stride - 1) // stride
    padded = torch.zeros(2, side + 12, side + 12)
    start = 5 - total // 2
    padded[:, 5 : 5 + side, 5 : 5 + side] = image[0]
    for row in range(count):
        for column in range(count):
            top, left = start + row * stride, start + column * stride
            patch = padded[:, top : top + kernel, left : left + kernel]
            expected = (convolution.weight * patch).sum((1, 2, 3)) + convolution.bias
            assert torch.allclose(convolution(image)[0, :, row, column], expected, atol=1e-5)
    assert convolution(image).shape == (1, 3, count, count)


@pytest.mark.parametrize(("kernel", "stride"), KERNELS)
def test_same_transposed_convolution_is_the_gradient_of_the_convolution(kernel, stride):
    convolution = SameConv2d(2, 3, kernel, stride, bias=False)
    transposed = SameConvTranspose2d(3, 2, kernel, stride, bias=False)
    transposed.weight = convolution.weight
    image, gradient = torch.randn(1, 2, 5 * stride, 5 * stride, requires_grad=True), torch.randn(1, 3, 5, 5)
    (expected,) = torch.autograd.grad(convolution(image), image, gradient)
    assert torch.allclose(transposed(gradient), expected, atol=1e-5)
