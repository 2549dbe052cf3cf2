"""While one thread traces a network, others compute as ever, and torch's modules are their own again afterwards."""

from __future__ import annotations

import threading

import onnx
import pytest
import torch
from torch import nn

from engine.export import onnx_file, script
from engine.export.tracing import Tracer
from engine.job import result_of
from tests.engine.test_generator_export import session_of

_PATIENCE_SECONDS = 60


class Halting(nn.Module):
    """Halts in the middle of what is traced of it."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.is_inside, self.goes_on = threading.Event(), threading.Event()

    def forward(self, z):
        z = self.layer(z)
        self.is_inside.set()
        assert self.goes_on.wait(_PATIENCE_SECONDS)
        return torch.relu(z)


def torch_s_own():
    return nn.Module.__call__, nn.Module.__getattr__, nn.Linear.forward, nn.Conv2d.forward, nn.ConvTranspose2d.forward


@pytest.mark.parametrize("traced", [lambda module: Tracer().trace(module), script.traced])
def test_others_call_their_modules_and_a_second_trace_waits_for_the_first(traced):
    before, graphs = torch_s_own(), []
    network = nn.Sequential(nn.Linear(4, 8), nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 1, 4), nn.Tanh())
    z = torch.randn(2, 4)
    pictures = network(z)
    first, second = Halting(), Halting()
    threads = [
        threading.Thread(target=lambda module=module: graphs.append(traced(module))) for module in (first, second)
    ]
    threads[0].start()
    assert first.is_inside.wait(_PATIENCE_SECONDS)
    second.goes_on.set()
    threads[1].start()
    assert torch.equal(network(z), pictures)
    assert not second.is_inside.is_set()
    first.goes_on.set()
    for thread in threads:
        thread.join(_PATIENCE_SECONDS)
    assert len(graphs) == 2 and torch_s_own() == before and second.is_inside.is_set()


def test_two_generators_are_written_as_onnx_at_once(tmp_path, monkeypatch):
    session, facts = session_of("mlp")
    exported, inside, most = torch.onnx.export, [], []

    def export(*args, **named):
        inside.append(1)
        most.append(len(inside))
        first = len(most) == 1
        if first:
            threads[1].start()
            threads[1].join(0.05)  # it cannot end before this one has
        exported(*args, **named)
        inside.pop()

    monkeypatch.setattr(torch.onnx, "export", export)
    paths = [tmp_path / f"{number}.onnx" for number in range(2)]
    threads = [
        threading.Thread(target=lambda path=path: result_of(onnx_file.save(session, facts, path))) for path in paths
    ]
    threads[0].start()
    threads[0].join(_PATIENCE_SECONDS)
    threads[1].join(_PATIENCE_SECONDS)
    assert most == [1, 1]
    for path in paths:
        onnx.checker.check_model(onnx.load(path))
