"""Layers as lines of plain PyTorch, each with the shape of what it gives. Knows no architecture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.architectures.same_padding import SameConv2d, SameConvTranspose2d

LAYERS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, nn.Embedding, nn.Flatten)
"""What adds something to one of these is still shown as that, and what is added beside it."""

_CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


class Shapes(NamedTuple):
    """The shape of what a layer is given and of what it gives, without the batch."""

    given: tuple[int, ...]
    gives: tuple[int, ...]


def shapes_of(network: nn.Module, *inputs: Tensor) -> dict[nn.Module, Shapes]:
    """Return the shapes at each layer of ``network`` where ``inputs`` ``[N, …]`` go through it."""
    found: dict[nn.Module, Shapes] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...], gives: object) -> None:
        if isinstance(gives, Tensor) and given and isinstance(given[0], Tensor):
            found[layer] = Shapes(tuple(given[0].shape[1:]), tuple(gives.shape[1:]))

    hooks = [layer.register_forward_hook(note) for layer in network.modules() if not list(layer.children())]
    try:
        with torch.no_grad():
            network(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def lines_of(layer: nn.Module, shapes: Mapping[nn.Module, Shapes]) -> Iterator[str]:
    """Yield what ``layer`` is in plain PyTorch, in one or two parts; raises ``ValueError`` where nobody else has it."""
    if isinstance(layer, SameConv2d):
        height, width = shapes[layer].given[-2:]
        (top, bottom), (left, right) = layer.around(height), layer.around(width)
        alike = top == bottom == left == right
        if not alike:
            yield f"nn.ZeroPad2d(({left}, {right}, {top}, {bottom}))"
        yield _convolution(layer, top if alike else 0)
    elif isinstance(layer, _CONVOLUTIONS):
        yield _convolution(layer, _one(layer.padding))
        if isinstance(layer, SameConvTranspose2d) and layer.is_odd:
            yield "nn.ZeroPad2d((0, -1, 0, -1))"  # which takes away
    else:
        yield _other(layer)


def shape_told(shape: tuple[int, ...]) -> str:
    """Return a shape as a person reads it: "128 × 7 × 7"."""
    return " × ".join(map(str, shape))


def _one(sides: object) -> object:
    """Return the one number that stands for both sides, or both."""
    return sides[0] if isinstance(sides, tuple) and len(set(sides)) == 1 else sides


def _convolution(layer: nn.Conv2d | nn.ConvTranspose2d, padding: object) -> str:
    kind = "ConvTranspose2d" if isinstance(layer, nn.ConvTranspose2d) else "Conv2d"
    parts = [str(layer.in_channels), str(layer.out_channels), str(_one(layer.kernel_size))]
    usual = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
    said = {name: _one(getattr(layer, name)) for name in usual} | {"padding": padding}
    parts += [f"{name}={said[name]}" for name in usual if said[name] != usual[name]]
    if layer.padding_mode != "zeros":
        parts.append(f"padding_mode={layer.padding_mode!r}")
    return f"nn.{kind}({', '.join(parts)}{_bias(layer.bias)})"


def _bias(bias: Tensor | None) -> str:
    return "" if bias is not None else ", bias=False"


def _other(layer: nn.Module) -> str:
    kind = next((each for each in type(layer).__mro__ if vars(nn).get(each.__name__) is each), None)
    if kind is None or (type(layer) is not kind and kind not in LAYERS):
        raise ValueError(type(layer).__name__)
    return f"nn.{kind.__name__}({_arguments(layer)})"


def _arguments(layer: nn.Module) -> str:
    if isinstance(layer, nn.Linear):
        return f"{layer.in_features}, {layer.out_features}{_bias(layer.bias)}"
    if isinstance(layer, nn.modules.batchnorm._BatchNorm):
        usual = {"eps": 1e-5, "momentum": 0.1, "affine": True, "track_running_stats": True}
        said = [f"{name}={getattr(layer, name)}" for name in usual if getattr(layer, name) != usual[name]]
        return ", ".join([str(layer.num_features), *said])
    if isinstance(layer, nn.Embedding):
        return f"{layer.num_embeddings}, {layer.embedding_dim}"
    if isinstance(layer, nn.Flatten):
        return "" if (layer.start_dim, layer.end_dim) == (1, -1) else f"{layer.start_dim}, {layer.end_dim}"
    if isinstance(layer, nn.Unflatten):
        return f"{layer.dim}, {tuple(layer.unflattened_size)}"
    if isinstance(layer, nn.LeakyReLU):
        return f"{layer.negative_slope}"
    if isinstance(layer, nn.Dropout):
        return f"{layer.p}"
    return layer.extra_repr()
