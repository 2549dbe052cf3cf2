"""Adam for one player, that leaves the weights alone when a gradient is not finite."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

from engine.arrays import Arrays
from engine.distributed import DistInfo
from engine.training import checkpoint

FUSED_ON = ("cpu", "cuda")  # the devices where torch has Adam in one operation
_NAMES = ("step", "exp_avg", "exp_avg_sq")  # as torch.optim.Adam calls them


class AdamOptions(NamedTuple):
    """How one player's Adam remembers and divides."""

    betas: tuple[float, float]
    epsilon: float


class Adam:
    """Adam (Kingma and Ba, 2015, arXiv:1412.6980) over all parameters of ``network``.

    Its learning rate is 0 until ``set_lr``. ``torch.optim.Adam`` computes the same, but spends 0.2 ms of every
    update on its hooks and groups.
    """

    def __init__(self, network: nn.Module, settings: AdamOptions, dist: DistInfo) -> None:
        self.parameters = list(network.parameters())
        self._settings = settings
        self._dist = dist
        self._means, self._squares = ([torch.zeros_like(p.data) for p in self.parameters] for _ in range(2))
        self._steps = [torch.zeros((), device=p.device) for p in self.parameters]
        on_gpu = self.parameters[0].device.type == "cuda"  # where a recorded step reads it from the device's memory
        self._rate: float | Tensor = torch.zeros((), device=self.parameters[0].device) if on_gpu else 0.0

    def set_lr(self, rate: float) -> None:
        """Set the learning rate of the updates to come."""
        if isinstance(self._rate, Tensor):
            self._rate.fill_(rate)
        else:
            self._rate = rate

    def backward(self, loss: Tensor, *, keep_graph: bool = False) -> None:
        """Put the gradients of ``loss``, a scalar, by this player's parameters alone into them."""
        for parameter in self.parameters:
            parameter.grad = None
        loss.backward(inputs=self.parameters, retain_graph=keep_graph)

    def step(self) -> Tensor:
        """Follow the gradients and return how many updates (0 or 1) were left out, as a scalar on the device.

        The decision is made on the device, as in ``torch.amp.GradScaler``: nobody waits for it. A parameter without a
        gradient stays as it is.
        """
        state = zip(self.parameters, self._means, self._squares, self._steps, strict=True)
        weights, means, squares, steps = map(list, zip(*(s for s in state if s[0].grad is not None), strict=True))
        gradients = [p.grad for p in weights]
        self._dist.all_reduce_grads(gradients)
        found_inf = 1.0 - torch.stack(torch._foreach_norm(gradients)).sum().isfinite().float()
        self._move(weights, gradients, means, squares, steps, found_inf)
        return found_inf

    def state_dict(self) -> Arrays:
        """Return Adam's state as "index.name", copied to the host, of the parameters that have moved."""
        state = zip(self._steps, self._means, self._squares, strict=True)
        return {
            f"{index}.{name}": checkpoint.to_numpy(tensor)
            for index, tensors in enumerate(state)
            if tensors[0] > 0
            for name, tensor in zip(_NAMES, tensors, strict=True)
        }

    def load_state_dict(self, arrays: Arrays) -> None:
        """Go on from what ``state_dict`` returned; raises ``UserError`` unless every name and shape fits."""
        state = {
            f"{index}.{name}": tensor
            for name, tensors in zip(_NAMES, (self._steps, self._means, self._squares), strict=True)
            for index, tensor in enumerate(tensors)
        }
        moved = {name.partition(".")[0] for name in arrays}
        if arrays.keys() != {name for name in state if name.partition(".")[0] in moved}:
            raise checkpoint.does_not_fit()
        for name, array in arrays.items():
            if array.shape != state[name].shape or array.dtype.kind != "f":
                raise checkpoint.does_not_fit()
            state[name].copy_(torch.tensor(array))

    @torch.no_grad()
    def _move(
        self,
        weights: list[Tensor],
        gradients: list[Tensor],
        means: list[Tensor],
        squares: list[Tensor],
        steps: list[Tensor],
        found_inf: Tensor,
    ) -> None:
        """Let Adam move ``weights`` unless ``found_inf`` is 1."""
        (beta1, beta2), epsilon = self._settings
        move = partial(
            torch._fused_adam_ if found_inf.device.type in FUSED_ON else adam,
            weights,
            gradients,
            means,
            squares,
            [],
            steps,
            lr=self._rate,
            beta1=beta1,
            beta2=beta2,
            weight_decay=0.0,
            eps=epsilon,
            amsgrad=False,
            maximize=False,
        )
        if found_inf.device.type in FUSED_ON:
            torch._foreach_add_(steps, [1.0 - found_inf] * len(steps))  # a tensor alone would be read by the host
            move(found_inf=found_inf)
        elif not found_inf:
            move(foreach=False)


class FlatAdam(Adam):
    """The same over one tensor that holds every parameter of ``network``, which become views of it.

    For players all of whose parameters learn at every step, on a device of ``FUSED_ON``. ``gradients`` are views,
    shaped as the parameters, of the one gradient that ``step_flat`` follows.
    """

    def __init__(self, network: nn.Module, settings: AdamOptions, dist: DistInfo) -> None:
        super().__init__(network, settings, dist)
        weights = torch.cat([p.data.flatten() for p in self.parameters])
        self._gradient, mean, square = (torch.zeros_like(weights) for _ in range(3))
        self.gradients, self._means, self._squares = (self._cut(piece) for piece in (self._gradient, mean, square))
        self._steps = [torch.zeros((), device=weights.device)] * len(self.parameters)
        self._whole = [weights], [self._gradient], [mean], [square], self._steps[:1]
        for parameter, view in zip(self.parameters, self._cut(weights), strict=True):
            parameter.data = view

    def step(self) -> Tensor:
        """Follow the parameters' gradients; returns a scalar, as ``Adam.step`` does."""
        torch._foreach_copy_(self.gradients, [p.grad for p in self.parameters if p.grad is not None])
        self._dist.all_reduce_grads([self._gradient])
        return self.step_flat()

    def step_flat(self) -> Tensor:
        """Follow what ``gradients`` holds; returns a scalar, as ``step`` does."""
        size = self._gradient.dot(self._gradient)
        found_inf = size.sub(size).ne_(0)  # infinity less itself is not a number, and that is never 0
        self._move(*self._whole, found_inf)
        return found_inf

    def load_state_dict(self, arrays: Arrays) -> None:
        """Go on from what ``state_dict`` returned; raises ``UserError`` when it does not fit."""
        if len({array.item() for name, array in arrays.items() if name.endswith(".step") and not array.shape}) > 1:
            raise checkpoint.does_not_fit()
        super().load_state_dict(arrays)

    def _cut(self, piece: Tensor) -> list[Tensor]:
        parts = piece.split([p.numel() for p in self.parameters])
        return [part.view_as(p) for part, p in zip(parts, self.parameters, strict=True)]
