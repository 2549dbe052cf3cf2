"""Adam for one player, that leaves the weights alone when a gradient is not finite."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.distributed import World


class Optimiser:
    """``adam`` over all parameters of ``network``; the learning rate is given with each update."""

    def __init__(self, network: nn.Module, betas: tuple[float, float], world: World) -> None:
        self.parameters = list(network.parameters())
        self._world = world
        self._fused = self.parameters[0].device.type in ("cpu", "cuda")
        self.adam = torch.optim.Adam(self.parameters, lr=1.0, betas=betas, fused=self._fused)

    def backward(self, loss: Tensor, *, keep_graph: bool = False) -> None:
        """Put the gradients of ``loss`` by this player's parameters alone into them."""
        for parameter in self.parameters:
            parameter.grad = None
        loss.backward(inputs=self.parameters, retain_graph=keep_graph)

    def update(self, learning_rate: float) -> Tensor:
        """Follow the gradients and return how many updates (0 or 1) were left out, as a scalar on the device.

        The decision is made on the device, as in ``torch.amp.GradScaler``: nobody waits for it.
        """
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        self._world.join_gradients(gradients)
        unfit = 1.0 - torch.stack(torch._foreach_norm(gradients)).sum().isfinite().float()
        for group in self.adam.param_groups:
            group["lr"] = learning_rate
        if self._fused:
            self.adam.found_inf = unfit  # type: ignore[attr-defined]
            self.adam.step()
        elif not unfit:
            self.adam.step()
        return unfit
