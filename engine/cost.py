"""What a training will cost, told before it begins: networks are drawn up without numbers, and counted.

No random number is drawn and next to nothing is computed, so it may be asked for beside a training. (On torch's device
"meta" every operation asks its compiler first, which takes seconds and 150 MB to import.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.architectures.networks import build_discriminator, build_generator
from engine.architectures.outline import NoDraws
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.losses import LOSSES

_BACKWARD = 2.0  # a backward pass, of a forward pass
_BATCH = 2
_NUMBERS_PER_WEIGHT = 7  # weight, gradient, two of Adam's, the average, and two copies for explorer and checkpoint
_BYTES = 4
# What any training takes, and that only half of what passes is kept at a time, was measured with six recipes on a CPU:
# 36 to 273 MB more than before, told with 53 to 290.
_FIXED = 45e6


@dataclass(frozen=True)
class Cost:
    """Floating-point operations for one real image, and bytes of memory that a training takes more than none."""

    flops: float
    bytes: float


@dataclass
class _Count:
    """What passes through the layers of one network, for ``_BATCH`` images."""

    flops: float = 0.0
    numbers: float = 0.0

    def watch(self, network: nn.Module) -> None:
        for layer in network.modules():
            if not list(layer.children()):
                layer.register_forward_hook(self._see)

    def _see(self, layer: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if not isinstance(output, Tensor):
            return
        self.numbers += output.numel()
        if isinstance(layer, nn.Linear):
            self.flops += 2 * output.numel() * layer.in_features
        elif isinstance(layer, nn.Conv2d):
            self.flops += 2 * output.numel() * layer.weight[0].numel()
        elif isinstance(layer, nn.ConvTranspose2d):
            self.flops += 2 * inputs[0].numel() * layer.weight[0].numel()


class _Sketch(NoDraws):
    """Nor does a heavy layer compute: what it gives has its shape, and no numbers."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do ``func`` unless it would take time or random numbers."""
        given = kwargs or {}
        if func is nn.functional.linear:
            return args[0].new_empty((*args[0].shape[:-1], len(args[1])))
        if func in (torch.conv2d, torch.conv_transpose2d):
            images, weight, _bias, *how = args
            sides = func(images[:1, :1], weight[:1, :1], None, *how, **given).shape[2:]  # one channel tells them all
            return images.new_empty((len(images), weight.shape[func is torch.conv_transpose2d], *sides))
        return super().__torch_function__(func, types, args, kwargs)


def cost(config: Config, facts: DatasetInfo) -> Cost:
    """Count the work and the memory of training with ``config``; raises ``UserError`` where no network can be built."""
    g_count, d_count = _Count(), _Count()
    plain = config.model_copy(update={"spectral_norm": False})  # which costs little, and would compute
    with _Sketch(), torch.no_grad():
        g, d = build_generator(plain, facts).eval(), build_discriminator(plain, facts).eval()
        g_count.watch(g)
        d_count.watch(d)
        z, labels = torch.empty(_BATCH, config.z_dim), torch.zeros(_BATCH, dtype=torch.int64)
        d(getattr(g, "all_scales", g)(z, labels), labels)
    weights = sum(weight.numel() for network in (g, d) for weight in network.parameters())
    passing = config.batch_size * (g_count.numbers + d_count.numbers) / _BATCH
    images = facts.image_count * facts.channels * facts.size**2
    return Cost(
        flops=(g_count.flops * _g_passes(config) + d_count.flops * _d_passes(config)) / _BATCH,
        bytes=_BYTES * (_NUMBERS_PER_WEIGHT * weights + passing) + images + _FIXED,
    )


def _g_passes(config: Config) -> float:
    """Return how many forward passes of G's, backward ones counted as such, each real image costs."""
    pictures = 2 if config.g_batch_source == "double" else 1
    for_d = config.d_steps if config.g_batch_source != "same" else config.d_steps - 1
    return (config.g_steps * pictures * (1 + _BACKWARD) + for_d) / config.d_steps


def _d_passes(config: Config) -> float:
    """Return the same of D, which sees a real and a generated image at a time."""
    pictures = 2 if config.g_batch_source == "double" else 1
    penalties = 2 * (1 + _BACKWARD) / config.r1_interval if config.r1_gamma else 0.0
    if LOSSES[config.loss].is_critic and config.gp_weight:
        penalties += 2 * (1 + _BACKWARD)
    lessons = config.d_steps * (2 * (1 + _BACKWARD) + penalties)
    return (lessons + config.g_steps * pictures * (1 + 1)) / config.d_steps
