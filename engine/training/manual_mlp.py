"""One step of two players of dense layers, written out: the gradients that autograd would find, without its ledger.

Networks as small as these spend as long between their operations as in them. Here every operation has its place in
memory beforehand, G's pictures for D's lesson and for its own come from one pass, and each player's gradient is one
tensor. ``tests/engine/test_manual_mlp.py`` proves that both ways are the same; ``bench`` measures what it brings.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures.layers import LayeredDiscriminator, LayeredGenerator
from engine.config import Config
from engine.config.fast_paths import Honored
from engine.job import result_of
from engine.training.adam import FlatAdam
from engine.training.stages import Stage, StageName, Stages, stage

_LARGE = 50_000  # weights of a layer from which on entering another library pays (measured at 32 and 64 rows)
_ALIKE = nullcontext()
_through_rectifier = torch.ops.aten.threshold_backward


def is_dense(network: nn.Module) -> bool:
    """Whether ``network`` is a list of dense layers with rectifiers between them and nothing after the last."""
    if not isinstance(network, LayeredGenerator | LayeredDiscriminator):
        return False
    kinds = [type(layer) for layer in network.layers if not isinstance(layer, nn.Flatten | nn.Unflatten | nn.Identity)]
    return len(kinds) % 2 == 1 and all(
        kind is (nn.ReLU if place % 2 else nn.Linear) for place, kind in enumerate(kinds)
    )


class ManualMLPStep:
    """The step of two dense players, on the memory of their optimizers; one process, any device that fuses Adam."""

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        g_optimizer: FlatAdam,
        d_optimizer: FlatAdam,
        random: torch.Generator,
        matmul_context: AbstractContextManager[object],
    ) -> None:
        self._generator = _Stack(generator, g_optimizer, matmul_context)
        self._discriminator = _Stack(discriminator, d_optimizer, matmul_context)
        self._random = random
        self._images = self._z = self._sides = torch.empty(0, device=random.device)
        self._none = torch.zeros((), device=random.device)
        self.supports = Honored("manual_mlp")  # whether a step under these options is the one written here

    @torch.no_grad()
    def step(self, config: Config, real: Tensor) -> Tensor:
        """Update D on ``real`` ``[N, C, H, W]``, then G. Returns what ``GAN.step`` does."""
        return result_of(self.stages(config, real))

    def stages(self, config: Config, real: Tensor) -> Stages:
        """Do the same with ``real`` ``[N, C, H, W]`` in stages, none of which autograd has a part in."""
        count, weight = len(real), 0.5 if config.d_loss_over == "mean" else 1.0
        if len(self._z) != 2 * count:
            self._allocate(count, real[0].numel())
        images, z, sides = self._images, self._z, self._sides

        def pictures(number: int) -> Tensor:
            return images[number * count : (number + 1) * count].view_as(real)

        for part in z.split(count):  # the numbers that two draws of z give: D's lesson, then G's own
            part.normal_(generator=self._random)
        yield Stage(StageName.Z, lambda: {"z": z[:count]})
        images[:count] = real.flatten(1)
        drawn = self._generator.forward(z, images[count:])  # G stays as it is until its own lesson
        yield Stage(StageName.GENERATED, lambda: {"images": pictures(1)})

        seen = self._discriminator.forward(images[: 2 * count])
        logits = seen[-1].squeeze(1)
        yield Stage(StageName.D_ON_REAL, lambda: {"images": pictures(0), "logits": logits[:count]})
        yield Stage(StageName.D_ON_GENERATED, lambda: {"images": pictures(1), "logits": logits[count:]})
        signed_logits = logits * sides  # above zero where D is wrong
        yield Stage(StageName.D_LOSS, lambda: _losses(2 * weight * F.softplus(signed_logits).mean()))
        wrong = signed_logits.sigmoid()
        self._discriminator.backward_weights((wrong * sides).mul_(weight / count).unsqueeze(1), seen)
        d_found_inf = self._discriminator.optimizer.step_flat()
        yield stage(StageName.D_UPDATED, found_inf=d_found_inf)

        yield Stage(StageName.Z, lambda: {"z": z[count:]})
        yield Stage(StageName.GENERATED, lambda: {"images": pictures(2)})
        seen = self._discriminator.forward(images[2 * count :])  # by the same name: the first one is let go
        yield Stage(StageName.D_AGAIN, lambda: {"images": pictures(2), "logits": seen[-1].squeeze(1)})
        caught = seen[-1].squeeze(1).neg()  # above zero where D sees through G
        yield Stage(StageName.G_LOSS, lambda: _losses(F.softplus(caught).mean()))
        slope = caught.sigmoid().div_(-count).unsqueeze(1)
        slope = self._discriminator.backward_input(slope, seen)
        self._generator.backward_weights(slope, [part[count:] for part in drawn])
        g_found_inf = self._generator.optimizer.step_flat()
        yield stage(StageName.G_UPDATED, found_inf=g_found_inf)

        report = torch.cat([F.softplus(torch.cat([signed_logits, caught])), wrong]).view(5, count).mean(1)
        on_real, on_fake, g_loss, not_real, d_fake = report.unbind()
        return torch.stack(
            [weight * (on_real + on_fake), g_loss, 1 - not_real, d_fake, self._none, d_found_inf, g_found_inf]
        )

    def _allocate(self, count: int, pixels: int) -> None:
        device = self._random.device
        self._images = torch.empty(3 * count, pixels, device=device)  # real, G's for D's lesson, G's for its own
        self._z = torch.empty(2 * count, self._generator.inputs, device=device)
        self._sides = torch.cat([-torch.ones(count, device=device), torch.ones(count, device=device)])


def _losses(loss: Tensor) -> dict[str, Tensor]:
    return {"loss": loss, "total": loss}


class _Layer(NamedTuple):
    """One dense layer: weight ``[outputs, inputs]`` and the same turned, bias, and where their gradients go."""

    weight: Tensor
    turned: Tensor
    bias: Tensor
    by_weight: Tensor
    by_bias: Tensor
    matmul_context: AbstractContextManager[object]  # in which it is multiplied


class _Stack:
    """The dense layers of one player; weights and gradients are views of what its optimizer holds in one piece."""

    def __init__(self, network: nn.Module, optimizer: FlatAdam, matmul_context: AbstractContextManager[object]) -> None:
        self.optimizer = optimizer
        dense = [module for module in network.modules() if isinstance(module, nn.Linear)]
        self._layers = [
            _Layer(
                layer.weight.data,
                layer.weight.data.t(),
                layer.bias.data,
                by_weight,
                by_bias,
                matmul_context if layer.weight.numel() >= _LARGE else _ALIKE,
            )
            for layer, by_weight, by_bias in zip(
                dense, optimizer.gradients[::2], optimizer.gradients[1::2], strict=True
            )
        ]
        self._backwards = [*enumerate(self._layers)][::-1]
        self.inputs = self._layers[0].weight.shape[1]

    def forward(self, x: Tensor, out: Tensor | None = None) -> list[Tensor]:
        """Return ``x`` ``[N, inputs]`` and every layer's output, the last one in ``out`` if given."""
        activations_of_g = [x]
        for layer in self._layers[:-1]:
            with layer.matmul_context:
                activations_of_g.append(torch.mm(activations_of_g[-1], layer.turned).add_(layer.bias).relu_())
        last = self._layers[-1]
        with last.matmul_context:
            activations_of_g.append(torch.mm(activations_of_g[-1], last.turned, out=out).add_(last.bias))
        return activations_of_g

    def backward_weights(self, slope: Tensor, activations_of_g: list[Tensor]) -> None:
        """From the loss's gradient by the output, ``[N, outputs]``, find those by the weights."""
        for number, layer in self._backwards:
            torch.sum(slope, 0, out=layer.by_bias)
            with layer.matmul_context:
                torch.mm(slope.t(), activations_of_g[number], out=layer.by_weight)
                if number:
                    slope = _through_rectifier(torch.mm(slope, layer.weight), activations_of_g[number], 0)

    def backward_input(self, slope: Tensor, activations_of_g: list[Tensor]) -> Tensor:
        """From the loss's gradient by the output find that by the input, ``[N, inputs]``."""
        for number, layer in self._backwards:
            with layer.matmul_context:
                slope = torch.mm(slope, layer.weight)
            if number:
                slope = _through_rectifier(slope, activations_of_g[number], 0)
        return slope
