"""A step recorded on a GPU and played back: one launch instead of some hundred, which is what a small GAN waits for.

What a recording depends on is either fixed for its life (the options; whether the step takes the R1 penalty) or lies
in the device's memory (images, labels, learning rates, the state of chance); a step of which more changes is never
recorded, as options, architectures and losses declare. See «CUDA Graphs» in torch's notes on CUDA semantics.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from engine import device as devices
from engine.config import Config
from engine.config.fast_paths import Honoured
from engine.training.play import Batch, Moment, takes_r1

_REHEARSALS = (
    3  # ordinary steps, on a stream of their own, in which libraries choose their kernels and take their memory
)

Step = Callable[[Config, Moment, Sequence[Batch]], Tensor]


class Graphs(Protocol):
    """What can record work on a device."""

    def rehearse(self, work: Callable[[], Tensor]) -> Tensor:
        """Do ``work`` where recording will take place, and return its result."""

    def record(self, work: Callable[[], Tensor]) -> tuple[Callable[[], None], Tensor]:
        """Return what plays ``work`` back, and its result, which changes with every playing. Does no work."""


class CudaGraphs:
    """Records on the current CUDA device; ``random`` draws anew with every playing."""

    def __init__(self, random: torch.Generator) -> None:
        self._random = random
        self._stream = torch.cuda.Stream(random.device)

    def rehearse(self, work: Callable[[], Tensor]) -> Tensor:
        """Do ``work`` on a stream of its own."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            result = work()
        torch.cuda.current_stream().wait_stream(self._stream)
        return result

    def record(self, work: Callable[[], Tensor]) -> tuple[Callable[[], None], Tensor]:
        """Record ``work`` as a CUDA graph."""
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._random)
        with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
            result = work()
        return graph.replay, result


class Recorder:
    """Takes steps by ``step``, and plays them back from recordings as soon as it can."""

    def __init__(self, step: Step, graphs: Graphs) -> None:
        self._step = step
        self._graphs = graphs
        self._config: Config | None = None
        self._recordings: dict[bool, _Recording] = {}
        self._gave_up = False
        self._can_be_recorded = Honoured("cuda_graph")

    def step(self, config: Config, moment: Moment, batches: Sequence[Batch]) -> Tensor:
        """Return what ``step`` returns."""
        if config is not self._config:
            self._config, self._recordings = config, {}
        if self._gave_up or not self._can_be_recorded(config):
            return self._step(config, moment, batches)
        kind = takes_r1(config, moment.step)
        recording = self._recordings.setdefault(kind, _Recording(self._step, self._graphs))
        try:
            return recording.step(config, moment, batches)
        except _NotRecordedError as error:
            warnings.warn(f"steps are not recorded: {error}", RuntimeWarning, stacklevel=2)
            self._gave_up = True
            return self._step(config, moment, batches)


class _NotRecordedError(Exception):
    """The device refused to record, and nothing was done."""


class _Recording:
    """Steps of one kind: a few are rehearsed, then one is recorded, and from then on it is played back."""

    def __init__(self, step: Step, graphs: Graphs) -> None:
        self._step = step
        self._graphs = graphs
        self._rehearsals = 0
        self._inputs: list[Batch] = []
        self._play: Callable[[], None] | None = None
        self._report: Tensor

    def step(self, config: Config, moment: Moment, batches: Sequence[Batch]) -> Tensor:
        if self._rehearsals < _REHEARSALS:
            self._rehearsals += 1
            return self._graphs.rehearse(lambda: self._step(config, moment, batches))
        if self._play is None:
            self._inputs = [(images.clone(), labels.clone()) for images, labels in batches]
            self._play = self._recorded(config, moment)
        for inputs, batch in zip(self._inputs, batches, strict=True):
            for tensor, new in zip(inputs, batch, strict=True):
                tensor.copy_(new)
        self._play()
        return self._report.clone()

    def _recorded(self, config: Config, moment: Moment) -> Callable[[], None]:
        inputs = [(images.detach(), labels) for images, labels in self._inputs]  # the step may ask for their gradients
        try:
            play, self._report = self._graphs.record(lambda: self._step(config, moment, inputs))
        except RuntimeError as error:
            if devices.is_out_of_memory(error):
                raise
            raise _NotRecordedError(error) from error
        return play
