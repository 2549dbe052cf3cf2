"""The text of the script: a traced network as a class, and what loads and samples it. Knows no files."""

from __future__ import annotations

import inspect
import math
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F

from engine.datasets.info import DatasetInfo

_SIGNS: dict[Callable[..., Any], str] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.pow: "**",
    operator.matmul: "@",
}
_NOTHING = object()
_NAMES = ["x", "y", *"abcdefghijklmnopqrstuvw"]

_USUAL = re.compile(r", (bias|affine|track_running_stats)=True")  # not every version of torch knows each of them

_HEAD = '''"""Draws with a generator that Duelo trained. Needs torch, safetensors, numpy and Pillow, and no Duelo.

    python generator.py --count 20 {example}--seed 0 --out samples.png

Or from Python: generator = load(), then generator(z{call}) with z standard normal.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
{functional}
Z_DIM = {z_dim}
{classes}

class Generator(nn.Module):
    """z [N, {z_dim}]{labels} -> images [N, {channels}, {size}, {size}] from 0 (black) to 1 (white)."""

    def __init__(self):
        super().__init__()
'''

_LOAD = '''

def load(path=Path(__file__).with_name("generator.safetensors")):
    """Return the generator with its weights, ready to draw."""
    generator = Generator().eval()
    generator.load_state_dict(load_file(path))
    return generator


def noise(count, seed):
    """Return z [count, Z_DIM]: the same for the same seed, here and in Duelo."""
    numbers = np.random.Generator(np.random.PCG64(seed)).standard_normal((count, Z_DIM))
    return torch.from_numpy(numbers.astype(np.float32))


def main():
    parser = argparse.ArgumentParser(description="Draws pictures with the generator.")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="samples.png")
'''

_DRAW = """    pictures = (images * 255).round().byte().permute(0, 2, 3, 1).numpy()
    columns = min(options.count, 10)
    rows = -(-options.count // columns)
    sheet = np.zeros((rows * columns, *pictures.shape[1:]), np.uint8)
    sheet[: options.count] = pictures
    height, width, channels = pictures.shape[1:]
    sheet = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    Image.fromarray(sheet.reshape(rows * height, columns * width, channels).squeeze()).save(options.out)
    print(options.out)


if __name__ == "__main__":
    main()
"""

_CONDITIONAL = """    parser.add_argument("--labels", help="classes by name, with commas; left out: all in turn")
    options = parser.parse_args()
    chosen = [CLASSES.index(name) for name in options.labels.split(",")] if options.labels else range(len(CLASSES))
    labels = torch.tensor(np.resize(list(chosen), options.count))
    with torch.no_grad():
        images = load()(noise(options.count, options.seed), labels)
"""

_UNCONDITIONAL = """    options = parser.parse_args()
    with torch.no_grad():
        images = load()(noise(options.count, options.seed))
"""


def written(traced: fx.GraphModule, z_dim: int, facts: DatasetInfo, class_count: int) -> str:
    """Return the script of a traced network; raises ``ValueError`` where a step of it has no words."""
    classes = f"CLASSES = {list(facts.class_names)!a}\n" if class_count else ""
    first = facts.class_names[0] if class_count else ""
    simple = first.isascii() and first.replace("-", "").isalnum()
    steps = "".join(f"        {line}\n" for line in steps_of(traced))
    head = _HEAD.format(
        functional="from torch.nn import functional as F\n" if "F." in steps else "",
        z_dim=z_dim,
        classes=classes,
        labels=" and labels [N]" if class_count else "",
        call=", labels" if class_count else "",
        example=f"--labels {first} " if simple else "",
        channels=facts.channels,
        size=facts.size,
    )
    layers = "".join(f"        self.{name} = {text}\n" for name, text in _layers(traced))
    arguments = ", ".join(node.name for node in traced.graph.nodes if node.op == "placeholder")
    body = f"\n    def forward(self, {arguments}):\n{steps}"
    return head + layers + body + _LOAD + (_CONDITIONAL if class_count else _UNCONDITIONAL) + _DRAW


def weights_of(traced: fx.GraphModule) -> dict[str, Tensor]:
    """Return all weights by their names in the script, each of the shape that it has in the network."""
    found: dict[str, Tensor] = {}
    for node in traced.graph.nodes:
        if node.op == "call_module":
            state = traced.get_submodule(node.target).state_dict()
            found |= {f"{name_of(node.target)}.{key}": tensor.contiguous().clone() for key, tensor in state.items()}
        elif node.op == "get_attr":
            found[name_of(node.target)] = operator.attrgetter(node.target)(traced).detach().contiguous().clone()
    return found


def _layers(traced: fx.GraphModule) -> Iterator[tuple[str, str]]:
    """Yield name and text of each layer, once, in the order in which they are used."""
    seen = set()
    for node in traced.graph.nodes:
        if node.op not in ("call_module", "get_attr") or node.target in seen:
            continue
        seen.add(node.target)
        if node.op == "get_attr":
            shape = tuple(operator.attrgetter(node.target)(traced).shape)
            yield name_of(node.target), f"nn.Parameter(torch.empty({shape}))"
        else:
            layer = traced.get_submodule(node.target)
            kind = next((each for each in type(layer).__mro__ if vars(nn).get(each.__name__) is each), None)
            if kind is None:
                raise ValueError(type(layer).__name__)
            said = _USUAL.sub("", str(kind.extra_repr(layer)))
            yield name_of(node.target), f"nn.{kind.__name__}({said})"


def name_of(target: str) -> str:
    """Return the layer's name in the script: "blocks_0_conv1", or "layer_3" in a plain list of layers."""
    own = target.removeprefix("network.").replace(".", "_")
    return own.replace("layers_", "layer_", 1)


def steps_of(traced: fx.GraphModule) -> Iterator[str]:
    """Yield a line for each step; a value that is needed no more gives its name to the next."""
    nodes = list(traced.graph.nodes)
    last_use = {source: index for index, node in enumerate(nodes) for source in node.all_input_nodes}
    names: dict[fx.Node, str] = {}
    free = list(reversed(_NAMES))
    for index, node in enumerate(nodes):
        if node.op == "placeholder":
            names[node] = node.name
        elif node.op == "get_attr":
            names[node] = f"self.{name_of(node.target)}"
        elif node.op == "output":
            yield f"return {_value(node.args[0], names)}"
        else:
            text = expression_of(node, names)
            for source in node.all_input_nodes:
                if last_use[source] == index and source.op not in ("placeholder", "get_attr"):
                    free.append(names[source])
            if not free:
                raise ValueError("too many values at once")
            names[node] = free.pop()
            yield f"{names[node]} = {text}"


def expression_of(node: fx.Node, names: dict[fx.Node, str]) -> str:
    """Return what ``node`` does as text, its inputs by ``names``; raises ``ValueError`` where it has no words."""
    if node.op == "call_module":
        return f"self.{name_of(str(node.target))}({_arguments(node.args, node.kwargs, names)})"
    if node.op == "call_method":
        own, *others = node.args
        return f"{_value(own, names)}.{node.target}({_arguments(tuple(others), node.kwargs, names)})"
    assert callable(node.target)
    return _call(node, node.target, names)


def _call(node: fx.Node, function: Callable[..., Any], names: dict[fx.Node, str]) -> str:
    if function is operator.getitem:
        return f"{_value(node.args[0], names)}[{_index(node.args[1], names)}]"
    if sign := _SIGNS.get(function):
        return f" {sign} ".join(_value(argument, names) for argument in node.args)
    for space, prefix in ((F, "F"), (torch, "torch")):
        if getattr(space, function.__name__, None) is function:
            usual = _defaults(function)
            kwargs = {name: value for name, value in node.kwargs.items() if usual.get(name, _NOTHING) != value}
            following = [*usual][len(node.args) :][: len(kwargs)]
            if [*kwargs] == following:  # what comes next needs no name
                return f"{prefix}.{function.__name__}({_arguments((*node.args, *kwargs.values()), {}, names)})"
            return f"{prefix}.{function.__name__}({_arguments(node.args, kwargs, names)})"
    raise ValueError(function.__name__)


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}
    except ValueError:  # of what is written in C nothing is known
        return {}


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any], names: dict[fx.Node, str]) -> str:
    return ", ".join(
        [_value(each, names) for each in args] + [f"{name}={_value(each, names)}" for name, each in kwargs.items()]
    )


def _value(value: Any, names: dict[fx.Node, str]) -> str:
    if isinstance(value, fx.Node):
        return names[value]
    if isinstance(value, list | tuple):
        inner = ", ".join(_value(each, names) for each in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if value is None or isinstance(value, bool | int | str | torch.dtype):
        return repr(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    raise ValueError(type(value).__name__)


def _index(index: Any, names: dict[fx.Node, str]) -> str:
    parts = index if isinstance(index, tuple) else (index,)
    return ", ".join(_part(part, names) for part in parts)


def _part(part: Any, names: dict[fx.Node, str]) -> str:
    if part is Ellipsis:
        return "..."
    if isinstance(part, slice):
        ends = ("" if each is None else _value(each, names) for each in (part.start, part.stop))
        return ":".join(ends) + ("" if part.step is None else f":{_value(part.step, names)}")
    return _value(part, names)
