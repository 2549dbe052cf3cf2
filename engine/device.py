"""Device, threads and seeding: what the machine offers and how training uses it."""

from __future__ import annotations

import os
import platform
from collections import deque
from contextlib import AbstractContextManager, nullcontext

import torch

from engine.allocator import keep_memory
from engine.errors import UserError
from engine.i18n import tr, trn

_STEPS_BEHIND = 4

# The first tensor made of numbers imports something inside C++, under a lock of its own, and lets Python's go. Where
# two threads make their first one at the same time, each holds the lock that the other waits for, for ever; here the
# lock of this import keeps the others away. (torch 2.13, ``torch::isStorage``)
torch.tensor(0)


def resolve(name: str) -> torch.device:
    """Return the device called ``name``; "auto" takes CUDA, then MPS, then the CPU. Raises ``UserError``."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, is_present in present.items() if is_present))
    if not present[name]:
        raise UserError(
            tr("This machine has no usable device “{name}”.", name=name),
            tr("Choose the device “auto” or “cpu”; for a GPU, install its driver and the matching build of torch."),
        )
    return torch.device(name)


def autocast_type(precision: str, device: torch.device) -> torch.dtype | None:
    """Return the type in which networks compute, or None for float32.

    "auto" takes bfloat16 on a CPU that has it. Networks as small as ours gain nothing from it on a GPU, which computes
    float32 convolutions in TF32 and loses time to casts: a recorded step of `studio` takes 3.1 ms in bfloat16 and 1.5
    in float32 on an H200, of `dcgan-fashion` 0.78 and 0.66; only `dcgan-tutorial`, batches of 256, 1.9 and 2.1.
    """
    if precision == "auto":
        precision = "bfloat16" if _computes_bfloat16(device) else "float32"
    return torch.bfloat16 if precision == "bfloat16" else None


def matrix_products(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """Return the context, to be entered again and again, in which large float32 matrices are multiplied.

    Where bfloat16 may be used on a CPU, oneDNN multiplies instead of MKL: in bfloat16 where the CPU has matrix units
    for it (AMX), in float32 elsewhere. With AVX-512 it takes half of MKL's time on an AMD CPU: 64×784 by 784×150 on one
    core 92 instead of 170 µs; but a call costs 13 µs more.
    """
    return _ByOneDnn() if device.type == "cpu" and autocast_type(precision, device) is not None else nullcontext()


class _ByOneDnn(AbstractContextManager[None]):
    _switch = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]

    def __enter__(self) -> None:
        self._before = self._switch.fp32_precision
        self._switch.fp32_precision = "bf16"

    def __exit__(self, *_error: object) -> None:
        self._switch.fp32_precision = self._before


def _computes_bfloat16(device: torch.device) -> bool:
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return device.type == "cpu" and any(getattr(torch.cpu, probe, bool)() for probe in probes)


class StepLimiter:
    """Keeps a GPU at most a few steps behind the program, so that the clock tells what is done, not what is asked for.

    Elsewhere both are the same.
    """

    def __init__(self, device: torch.device) -> None:
        self._is_behind = device.type == "cuda"
        self._asked: deque[torch.cuda.Event] = deque()

    def step(self) -> None:
        """Note that a step was asked for, and wait for the one some steps ago."""
        if not self._is_behind:
            return
        event = torch.cuda.Event()
        event.record()
        self._asked.append(event)
        if self.behind > _STEPS_BEHIND:
            self._asked.popleft().synchronize()

    @property
    def behind(self) -> int:
        """How many steps it is behind at most."""
        return len(self._asked)


def describe(device: torch.device) -> str:
    """Return a short name of ``device`` for people, such as "CPU (2 threads)"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return f"Apple {platform.processor() or 'GPU'}"
    return trn("CPU, {count} thread", "CPU, {count} threads", torch.get_num_threads())


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device or the machine had no memory left; torch's CPU allocator says so in words only."""
    words = ("not enough memory", "can't allocate memory", "out of memory")
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(word in str(error) for word in words)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare_training_thread(threads: int) -> None:
    """Set up the thread that trains; call it there, before its first tensor. ``threads`` 0 means one per core.

    A run of another machine may ask for more than there are cores: they would only wait for each other.

    A discriminator that wins completely makes gradients denormal, which halves a CPU's speed: they are flushed.
    The number of threads must be set in the very thread that trains, or libgomp starves it beside a window.
    """
    keep_memory()
    torch.set_flush_denormal(True)
    torch.set_num_threads(min(threads or cores(), cores()))


def prepare_helper_thread() -> None:
    """Set up a thread that computes beside the training: one thread, so that libgomp keeps spinning for training."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
