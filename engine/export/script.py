"""A generator as a short Python script with its weights beside it: plain torch, to be read, changed and run anywhere.

The script is written from what the network really does, as torch.fx traces it, so that every architecture, also one of
another package, becomes a class with its layers and a line for each step. Knows no run folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import save as as_safetensors
from torch import Tensor, fx, nn

from engine import files
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.export import script_text
from engine.export.generator_module import PictureGenerator
from engine.export.tracing import ALONE, Tracer
from engine.i18n import tr
from engine.job import Job, Progress
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.points.refusals import insist_on_pictures

SCRIPT, WEIGHTS = "generator.py", "generator.safetensors"
_TRIED = 4
_STAGES = 2
_MOST_APART = 1e-4


class Written(NamedTuple):
    """The files of a script: it is run as ``python generator.py``, its weights lie beside it."""

    script: Path
    weights: Path


def save(session: GeneratorSession, facts: DatasetInfo, folder: Path) -> Job[Progress, Written]:
    """Write the generator of ``session`` into ``folder``; raises ``UserError`` where its steps cannot be told.

    The script is tried before: what it draws is what the generator draws, within 1e-4.
    """
    insist_on_pictures(facts)
    yield Progress(0, _STAGES)
    module = PictureGenerator(session).eval()
    try:
        found = traced(module)
        text = script_text.written(found, session.z_dim, facts, session.class_count)
        weights = script_text.weights_of(found)
        apart = _apart(module, session, text, weights)
    except Exception as error:  # a network of another package may do what cannot be traced
        raise UserError(
            tr("This generator cannot be written as a script: {reason}", reason=str(error).strip().split("\n")[0]),
            tr("Export it as ONNX instead."),
        ) from error
    if not apart <= _MOST_APART:
        raise UserError(
            tr("The pictures of the script differ from ours by {apart}.", apart=f"{apart:.2g}"),
            tr("Export it as ONNX instead, and tell the authors of Duelo."),
        )
    yield Progress(1, _STAGES)
    with files.telling_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files.write_atomically(folder / WEIGHTS, as_safetensors(weights))
    files.write_atomically(folder / SCRIPT, text.encode())
    return Written(folder / SCRIPT, folder / WEIGHTS)


class _FloatProxy(fx.Proxy):
    """A value of the trace, which is float32: who asks for the type of a value goes another way for each."""

    dtype = torch.float32


class _Tracer(Tracer):
    def trace(self, root: nn.Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None) -> fx.Graph:
        with ALONE, _layers_below_their_subclasses(self):
            return super().trace(root, concrete_args)

    def proxy(self, node: fx.Node) -> fx.Proxy:
        return _FloatProxy(node, self)

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        # Embeddings that blend labels look at them, which a trace cannot; a script asks for one label.
        return isinstance(m, nn.Embedding) or super().is_leaf_module(m, module_qualified_name)


def traced(module: nn.Module) -> fx.GraphModule:
    """Return what ``module`` does, layer by layer; torch's own layers are left as they were."""
    tracer = _Tracer()
    graph = tracer.trace(module)
    found = fx.GraphModule(tracer.root, graph)
    found.graph.eliminate_dead_code()
    for node in [node for node in found.graph.nodes if node.op == "placeholder" and not node.users]:
        found.graph.erase_node(node)
    return found


@contextmanager
def _layers_below_their_subclasses(tracer: Tracer) -> Iterator[None]:
    """Let a layer that adds something to one of torch's, as ``SameConvTranspose2d`` does, be torch's and that."""

    def noting(own: Callable[..., Any]) -> Callable[..., Any]:
        def step(layer: nn.Module, input: Any, *rest: Any, **named: Any) -> Any:
            if not tracer.is_here:
                return own(layer, input, *rest, **named)
            return tracer.create_proxy("call_module", tracer.path_of_module(layer), (input,), {})

        return step

    kinds: tuple[Any, ...] = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    own = [kind.forward for kind in kinds]
    try:
        for kind in kinds:
            kind.forward = noting(kind.forward)
        yield
    finally:
        for kind, forward in zip(kinds, own, strict=True):
            kind.forward = forward


def _apart(module: PictureGenerator, session: GeneratorSession, text: str, weights: dict[str, Tensor]) -> float:
    """Return by how much (0 to 1) the pictures of the script differ from those of ``module``."""
    space: dict[str, Any] = {"__name__": "generator", "__file__": SCRIPT}
    exec(compile(text, SCRIPT, "exec"), space)  # our own text: of the run it holds numbers and quoted names only
    generator = space["Generator"]().eval()
    generator.load_state_dict(weights)
    inputs = [torch.tensor(random_z(_TRIED, session.z_dim, 0))]
    if session.class_count:
        inputs.append(torch.tensor(label_cycle(_TRIED, session.class_count)))
    with torch.no_grad():
        return float((generator(*inputs) - module(*inputs)).abs().max())
