"""Adam for one player, that leaves the weights alone when a gradient is not finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.distributed import World
from engine.training import checkpoint

FUSED_ON = ("cpu", "cuda")  # the devices where torch has Adam in one operation


class Optimiser:
    """Adam over all parameters of ``network``; the learning rate is given with each update."""

    def __init__(self, network: nn.Module, betas: tuple[float, float], world: World) -> None:
        self.parameters = list(network.parameters())
        self._betas = betas
        self._world = world
        self._fused = self.parameters[0].device.type in FUSED_ON
        self._adam = self._adam_over(self.parameters)

    def backward(self, loss: Tensor, *, keep_graph: bool = False) -> None:
        """Put the gradients of ``loss`` by this player's parameters alone into them."""
        for parameter in self.parameters:
            parameter.grad = None
        loss.backward(inputs=self.parameters, retain_graph=keep_graph)

    def update(self, learning_rate: float) -> Tensor:
        """Follow the gradients and return how many updates (0 or 1) were left out, as a scalar on the device."""
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        self._world.join_gradients(gradients)
        return self._follow(gradients, learning_rate)

    def arrays(self) -> checkpoint.Arrays:
        """Return Adam's state, parameter by parameter, copied to the host."""
        return checkpoint.optimiser_arrays(self._adam)

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what ``arrays`` returned; raises ``UserError`` when it does not fit."""
        checkpoint.load_optimiser(self._adam, arrays)

    def _adam_over(self, parameters: Sequence[Tensor]) -> torch.optim.Adam:
        return torch.optim.Adam(parameters, lr=1.0, betas=self._betas, fused=self._fused)

    def _follow(self, gradients: list[Tensor], learning_rate: float) -> Tensor:
        """Let Adam move unless a gradient is not finite.

        The decision is made on the device, as in ``torch.amp.GradScaler``: nobody waits for it.
        """
        unfit = 1.0 - torch.stack(torch._foreach_norm(gradients)).sum().isfinite().float()
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        if self._fused:
            self._adam.found_inf = unfit  # type: ignore[attr-defined]
            self._adam.step()
        elif not unfit:
            self._adam.step()
        return unfit


class OnePieceOptimiser(Optimiser):
    """The same over one tensor that holds every parameter of ``network``, which become views of it.

    For players all of whose parameters learn at every step, on a device of ``FUSED_ON``. ``gradients`` are views,
    shaped as the parameters, of the one gradient that ``follow`` follows. ``arrays`` returns what an ``Optimiser``
    returns.
    """

    def __init__(self, network: nn.Module, betas: tuple[float, float], world: World) -> None:
        super().__init__(network, betas, world)
        self._weights = torch.cat([p.detach().flatten() for p in self.parameters])
        self._gradient, self._mean, self._square = (torch.zeros_like(self._weights) for _ in range(3))
        self._step = torch.zeros((), device=self._weights.device)
        self.gradients = self._cut(self._gradient)
        for parameter, view in zip(self.parameters, self._cut(self._weights), strict=True):
            parameter.data = view

    def update(self, learning_rate: float) -> Tensor:
        """Follow the parameters' gradients, as ``Optimiser.update`` does."""
        torch._foreach_copy_(self.gradients, [p.grad for p in self.parameters if p.grad is not None])
        self._world.join_gradients([self._gradient])
        return self.follow(learning_rate)

    def follow(self, learning_rate: float) -> Tensor:
        """Follow what ``gradients`` holds; returns what ``update`` does."""
        size = self._gradient.dot(self._gradient)
        unfit = size.sub(size).ne_(0)  # infinity less itself is not a number, and that is never 0
        torch._fused_adam_(
            [self._weights],
            [self._gradient],
            [self._mean],
            [self._square],
            [],
            [self._step.add_(1.0).sub_(unfit)],
            lr=learning_rate,
            beta1=self._betas[0],
            beta2=self._betas[1],
            weight_decay=0.0,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
            found_inf=unfit,
        )
        return unfit

    def arrays(self) -> checkpoint.Arrays:
        """Return Adam's state, parameter by parameter, copied to the host."""
        means, squares = self._cut(self._mean), self._cut(self._square)
        for parameter, mean, square in zip(self.parameters, means, squares, strict=True):
            self._adam.state[parameter] = {"step": self._step, "exp_avg": mean, "exp_avg_sq": square}
        return super().arrays()

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what ``arrays`` returned; raises ``UserError`` when it does not fit."""
        super().restore(arrays)
        if not arrays:  # saved before this player had moved
            return
        states = [self._adam.state[parameter] for parameter in self.parameters]
        try:
            steps = torch.stack([state["step"] for state in states])
            for whole, name in ((self._mean, "exp_avg"), (self._square, "exp_avg_sq")):
                torch.cat([state[name].flatten() for state in states], out=whole)
        except (KeyError, RuntimeError, TypeError) as error:
            raise checkpoint.does_not_fit() from error
        if not bool((steps == steps[0]).all()):
            raise checkpoint.does_not_fit()
        self._step.copy_(steps[0])

    def _cut(self, piece: Tensor) -> list[Tensor]:
        parts = piece.split([p.numel() for p in self.parameters])
        return [part.view_as(p) for part, p in zip(parts, self.parameters, strict=True)]
