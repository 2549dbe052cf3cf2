"""Several processes that train one run together, started by torch's own launcher:
``torchrun --nproc-per-node 2 -- main.py train …``.

Each process works on its share of every batch; gradients and batch-norm statistics are joined, so that the losses
are those of one process with the whole batch. Only the leading process reports and writes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from engine.errors import UserError
from engine.i18n import tr


@dataclass(frozen=True)
class DistInfo:
    """The processes that train together; ``rank`` 0 leads. A single process is a world of ``size`` 1."""

    rank: int = 0
    size: int = 1

    @property
    def is_rank_zero(self) -> bool:
        """Whether this process reports and writes."""
        return self.rank == 0

    def shard(self, joined: Tensor, dim: int = 0) -> Tensor:
        """Return this process's part of a tensor made for all, of any shape: a ``size``-th of it along ``dim``."""
        return joined.chunk(self.size, dim)[self.rank] if self.size > 1 else joined

    def all_reduce_mean(self, value: Tensor) -> Tensor:
        """Return the mean of ``value``, of any shape, over all processes, detached."""
        if self.size == 1:
            return value
        value = value.detach().clone()
        dist.all_reduce(value)
        return value / self.size

    def all_reduce_grads(self, gradients: list[Tensor]) -> None:
        """Replace each process's gradients, of any shapes, by their mean over all, in one transfer."""
        if self.size == 1:
            return
        flat = self.all_reduce_mean(torch.cat([gradient.flatten() for gradient in gradients]))
        for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))


def world_size() -> int:
    """Return how many processes the launcher started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def init(device: torch.device, batch_size: int) -> DistInfo:
    """Meet the other processes, if the launcher started any. Raises ``UserError``."""
    size = world_size()
    if size == 1:
        return DistInfo()
    if batch_size % size:
        raise UserError(
            tr("A batch of {batch} cannot be shared by {count} processes.", batch=batch_size, count=size),
            tr("Choose a batch size that is a multiple of {count}.", count=size),
        )
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return DistInfo(dist.get_rank(), size)


def shut_down() -> None:
    """Part from the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()


def local_device(device: torch.device) -> torch.device:
    """Return this process's own GPU where ``device`` is CUDA and several processes share a machine."""
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if device.type == "cuda" else device


def convert_sync_batchnorm(network: nn.Module, info: DistInfo) -> nn.Module:
    """Let every batch norm in ``network`` see the whole batch; torch's own SyncBatchNorm refuses the CPU."""
    for module in network.modules() if info.size > 1 else ():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.__class__ = _SyncBatchNorm  # type: ignore[assignment]
    return network


class _Sum(torch.autograd.Function):
    """The sum over all processes, through which gradients flow back to each of them."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone()
        dist.all_reduce(total)
        return total


class _SyncBatchNorm(nn.modules.batchnorm._BatchNorm):
    def _check_input_dim(self, input: Tensor) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``[N, C, …]`` with mean and variance over all processes (Ioffe and Szegedy, 2015)."""
        if not self.training:
            return super().forward(input)
        dims = [dim for dim in range(input.dim()) if dim != 1]
        x = input.float()
        count = x.numel() // x.shape[1] * dist.get_world_size()
        total, squares = _Sum.apply(torch.stack([x.sum(dims), x.square().sum(dims)])).unbind()
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(0)
        with torch.no_grad():
            assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / max(count - 1, 1), self.momentum)
        shape = (1, -1, *[1] * (input.dim() - 2))
        scale = (variance + self.eps).rsqrt() * self.weight
        return (x * scale.view(shape) + (self.bias - mean * scale).view(shape)).to(input.dtype)
