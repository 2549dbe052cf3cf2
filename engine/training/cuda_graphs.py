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
from engine.config.fast_paths import Honored
from engine.training.train_step import Batch, StepInfo, is_r1_step

_WARM_UPS = 3  # ordinary steps, on a stream of their own, in which libraries choose their kernels and take their memory

Step = Callable[[Config, StepInfo, Sequence[Batch]], Tensor]


class Graphs(Protocol):
    """What can record work on a device."""

    def warm_up(self, work: Callable[[], Tensor]) -> Tensor:
        """Do ``work`` where recording will take place, and return its result, of any shape."""

    def capture(self, work: Callable[[], Tensor]) -> tuple[Callable[[], None], Tensor]:
        """Return what plays ``work`` back, and its result, of any shape,
        which changes with every playing. Does no work.
        """


class CudaGraphs:
    """Records on the current CUDA device; ``random`` draws anew with every playing."""

    def __init__(self, random: torch.Generator) -> None:
        self._random = random
        self._stream = torch.cuda.Stream(random.device)

    def warm_up(self, work: Callable[[], Tensor]) -> Tensor:
        """Do ``work`` on a stream of its own; its result is of any shape."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            result = work()
        torch.cuda.current_stream().wait_stream(self._stream)
        return result

    def capture(self, work: Callable[[], Tensor]) -> tuple[Callable[[], None], Tensor]:
        """Record ``work`` as a CUDA graph, with a result of any shape.

        Where that fails, chance goes on as if nothing had been tried.
        """
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._random)
        before, device = torch.cuda.current_stream(), self._random.device
        index = torch.cuda.current_device() if device.index is None else device.index
        chance = [(each, each.get_state()) for each in (self._random, torch.cuda.default_generators[index])]
        try:
            with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
                result = work()
        except RuntimeError:
            torch.cuda.set_stream(before)
            for generator, state in chance:  # what a broken recording holds would refuse every number from now on
                fresh = torch.Generator(generator.device)
                fresh.set_state(state)
                generator.graphsafe_set_state(fresh.graphsafe_get_state())
            raise
        return graph.replay, result


class CudaGraphRunner:
    """Takes steps by ``step``, and plays them back from recordings as soon as it can."""

    def __init__(self, step: Step, graphs: Graphs) -> None:
        self._step = step
        self._graphs = graphs
        self._config: Config | None = None
        self._captured: dict[bool, _CapturedStep] = {}
        self._gave_up = False
        self._can_be_captured = Honored("cuda_graph")

    def step(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Tensor:
        """Return what ``GAN.step`` does, ``[7]``."""
        if config is not self._config:
            self._config, self._captured = config, {}
        if self._gave_up or not self._can_be_captured(config):
            return self._step(config, info, batches)
        kind = is_r1_step(config, info.step)
        captured = self._captured.setdefault(kind, _CapturedStep(self._step, self._graphs))
        try:
            return captured.step(config, info, batches)
        except _NotCapturedError as error:
            warnings.warn(f"steps are not captured: {error}", RuntimeWarning, stacklevel=2)
            self._gave_up = True
            return self._step(config, info, batches)


class _NotCapturedError(Exception):
    """The device refused to record, and nothing was done."""


class _CapturedStep:
    """Steps of one kind: a few are rehearsed, then one is recorded, and from then on it is played back."""

    def __init__(self, step: Step, graphs: Graphs) -> None:
        self._step = step
        self._graphs = graphs
        self._warm_ups = 0
        self._inputs: list[Batch] = []
        self._replay: Callable[[], None] | None = None
        self._report: Tensor

    def step(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Tensor:
        if self._warm_ups < _WARM_UPS:
            self._warm_ups += 1
            return self._graphs.warm_up(lambda: self._step(config, info, batches))
        if self._replay is None:
            self._inputs = [(images.clone(), labels.clone()) for images, labels in batches]
            self._replay = self._capture(config, info)
        for inputs, batch in zip(self._inputs, batches, strict=True):
            for tensor, new in zip(inputs, batch, strict=True):
                tensor.copy_(new)
        self._replay()
        return self._report.clone()

    def _capture(self, config: Config, info: StepInfo) -> Callable[[], None]:
        inputs = [(images.detach(), labels) for images, labels in self._inputs]  # the step may ask for their gradients
        try:
            replay, self._report = self._graphs.capture(lambda: self._step(config, info, inputs))
        except RuntimeError as error:
            if devices.is_out_of_memory(error):
                raise
            raise _NotCapturedError(error) from error
        return replay
