"""Both players as text: a plain list of layers where they are one, else a module with a line for each step it takes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F

from engine.architectures import networks
from engine.architectures.first_weights import Rule, rule_of
from engine.architectures.layers import LayeredDiscriminator, LayeredGenerator
from engine.architectures.outline import outlined
from engine.code.layers import LAYERS, Shapes, lines_of, shape_told, shapes_of
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.export import script_text
from engine.export.tracing import Tracer

_TRIED = 2
_MOST_WEIGHTS = 10**9
_LONG = 80
_SUMS = (operator.add, operator.mul, operator.sub)
_NAMES = "xyhabcdefg"
_BESIDE = 62  # characters, beside which the shape stands
_WITHOUT_WEIGHTS: dict[type[nn.Module], tuple[Callable[..., Any], tuple[str, ...]]] = {
    nn.ReLU: (F.relu, ()),
    nn.LeakyReLU: (F.leaky_relu, ("negative_slope",)),
    nn.Tanh: (torch.tanh, ()),
    nn.Sigmoid: (torch.sigmoid, ()),
    nn.PixelShuffle: (F.pixel_shuffle, ("upscale_factor",)),
    nn.PixelUnshuffle: (F.pixel_unshuffle, ("downscale_factor",)),
}
"""Layers that are as well called where they are needed: each with its function, and what that is told."""
_RANDOM = (nn.modules.batchnorm._BatchNorm, nn.modules.dropout._DropoutNd)


class NetworkText(NamedTuple):
    """A player as text, which defines ``name``: a function or class that is called for a new network.

    ``takes_labels``: labels are its second argument; ``tells_class``: it returns logits and class logits.
    ``needs_batches``: what it says of one picture depends on the others beside it, or on chance.
    """

    name: str
    text: str
    takes_labels: bool
    tells_class: bool = False
    needs_batches: bool = False
    has_convolutions: bool = False
    first_weights: Rule | None = None


class _AsGenerator(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, z: Tensor, labels: Tensor) -> object:
        return self.network(z, labels)


class _AsDiscriminator(_AsGenerator):
    def forward(self, images: Tensor, labels: Tensor) -> object:
        verdict = self.network(images, labels)
        return verdict.logits if verdict.class_logits is None else (verdict.logits, verdict.class_logits)


class _Tracer(Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, LAYERS) or super().is_leaf_module(m, module_qualified_name)


def generator(config: Config, facts: DatasetInfo) -> NetworkText:
    """Return G's text; raises ``ValueError``, or what a network of another package does, where it has none."""
    with outlined():
        network = networks.build_generator(config, facts)
    labels = torch.zeros(_TRIED, dtype=torch.int64)
    shapes = shapes_of(_tried(network), torch.zeros(_TRIED, config.z_dim), labels)
    what = f"z [N, {config.z_dim}] -> [N, {facts.channels}, {facts.size}, {facts.size}]"
    if isinstance(network, LayeredGenerator):
        text = _listed("generator", f"G: {what}", network.layers, shapes)
        return _with_traits(NetworkText("generator", text, takes_labels=False), network)
    return _traced("Generator", f"G: {what}", _AsGenerator(network), shapes)


def discriminator(config: Config, facts: DatasetInfo) -> NetworkText:
    """Return D's text without its spectral norm, which the script adds; raises as ``generator`` does."""
    with outlined():
        network = networks.build_discriminator(config.changed(spectral_norm=False), facts)
    images = torch.zeros(_TRIED, facts.channels, facts.size, facts.size)
    shapes = shapes_of(_tried(network), images, torch.zeros(_TRIED, dtype=torch.int64))
    what = f"[N, {facts.channels}, {facts.size}, {facts.size}] -> [N]"
    if isinstance(network, LayeredDiscriminator):
        text = _listed("discriminator", f"D: {what}", network.layers, shapes, ["nn.Flatten(0)"])
        return _with_traits(NetworkText("discriminator", text, takes_labels=False), network)
    return _traced("Discriminator", f"D: {what}", _AsDiscriminator(network), shapes)


def _tried(network: nn.Module) -> nn.Module:
    if sum(parameter.numel() for parameter in network.parameters()) > _MOST_WEIGHTS:
        raise ValueError("too large")
    return network.to_empty(device="cpu").eval()


def _with_traits(written: NetworkText, network: nn.Module) -> NetworkText:
    return written._replace(
        needs_batches=any(isinstance(module, _RANDOM) for module in network.modules()),
        has_convolutions=any(isinstance(module, nn.modules.conv._ConvNd) for module in network.modules()),
        first_weights=rule_of(network),
    )


def _listed(
    name: str, what: str, layers: Iterable[nn.Module], shapes: Mapping[nn.Module, Shapes], more: Iterable[str] = ()
) -> str:
    lines = [f"def {name}():", f'    """{what}"""', "    return nn.Sequential("]
    for layer in layers:
        if not isinstance(layer, nn.Identity):
            *first, last = lines_of(layer, shapes)
            lines += [f"        {each}," for each in first]
            lines.append(_beside(f"        {last},", shapes.get(layer)))
    return "\n".join([*lines, *(f"        {each}," for each in more), "    )"])


def _traced(name: str, what: str, module: _AsGenerator, shapes: Mapping[nn.Module, Shapes]) -> NetworkText:
    traced = fx.GraphModule(module, _Tracer().trace(module))
    _call_by_function(traced)
    traced.graph.eliminate_dead_code()
    for node in [node for node in traced.graph.nodes if node.op == "placeholder" and not node.users]:
        traced.graph.erase_node(node)
    used = {str(node.target) for node in traced.graph.nodes if node.op == "call_module"}
    if any(node.op == "get_attr" for node in traced.graph.nodes):
        raise ValueError("weights of its own")
    inputs = [node.name for node in traced.graph.nodes if node.op == "placeholder"]
    lines = [
        f"class {name}(nn.Module):",
        f'    """{what}"""',
        "    def __init__(self):",
        "        super().__init__()",
    ]
    made = [  # as they were made: first weights are drawn in this order
        (f"self.{script_text.name_of(target)}", _made(layer, shapes), shapes.get(layer))
        for target, layer in module.named_modules()
        if target in used
    ]
    lines += _definitions(made)
    lines += [f"    def forward(self, {', '.join(inputs)}):"]
    lines += [f"        {line}" for line in _steps(traced)]
    (output,) = (node for node in traced.graph.nodes if node.op == "output")
    written = NetworkText(name, "\n".join(lines), "labels" in inputs, isinstance(output.args[0], tuple))
    return _with_traits(written, module.network)


def _call_by_function(traced: fx.GraphModule) -> None:
    """Let layers without weights be called as functions, which need no line of their own."""
    for node in traced.graph.nodes:
        layer = traced.get_submodule(str(node.target)) if node.op == "call_module" else None
        if layer is not None and type(layer) in _WITHOUT_WEIGHTS:
            function, told = _WITHOUT_WEIGHTS[type(layer)]
            node.op, node.target = "call_function", function
            node.args = (*node.args, *(getattr(layer, name) for name in told))


def _made(layer: nn.Module, shapes: Mapping[nn.Module, Shapes]) -> str:
    parts = list(lines_of(layer, shapes))
    return parts[0] if len(parts) == 1 else f"nn.Sequential({', '.join(parts)})"


def _definitions(made: Iterable[tuple[str, str, Shapes | None]]) -> Iterator[str]:
    """Yield a line for each layer, or one for several that are alike and follow each other."""
    for (_, text, shape), group in groupby(made, lambda each: (each[0].rpartition("_")[0], *each[1:])):
        names = [name for name, *_ in group]
        several = f"({text} for _ in range({len(names)}))" if len(names) > 1 else text
        yield _beside(f"        {', '.join(names)} = {several}", shape)


def _steps(traced: fx.GraphModule) -> Iterator[str]:
    """Yield the lines of ``forward``: what is used once stands where it is used, as far as a line holds it."""
    nodes = list(traced.graph.nodes)
    names: dict[fx.Node, str] = {}
    for place, node in enumerate(nodes):
        if node.op == "placeholder":
            names[node] = node.name
        elif node.op == "output":
            found = node.args[0]
            parts = found if isinstance(found, tuple) else (found,)
            yield f"return {', '.join(names[part] for part in parts)}"
        else:
            text = script_text.expression_of(node, names)
            users = list(node.users)
            ends = len(users) == 1 and users[0].op == "output"
            if ends or (len(users) == 1 and len(text) < _LONG):
                names[node] = f"({text})" if _is_sum(node) and not _is_called(users[0]) else text
                continue
            later = [names[each] for each in names if any(nodes.index(user) > place for user in each.users)]
            needed = set(re.findall(r"\b[a-z]\b", " ".join(later)))
            names[node] = next(name for name in _NAMES if name not in needed)
            yield f"{names[node]} = {text}"


def _is_called(user: fx.Node) -> bool:
    """Whether ``user`` has what it is given between brackets of its own."""
    is_function = user.op == "call_function" and user.target not in (*_SUMS, operator.getitem)
    return is_function or user.op in ("output", "call_module")


def _is_sum(node: fx.Node) -> bool:
    return node.target in _SUMS


def _beside(line: str, shapes: Shapes | None) -> str:
    return f"{line:<{_BESIDE}}  # {shape_told(shapes.gives)}" if shapes and shapes.gives else line
