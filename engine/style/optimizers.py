"""What moves the pixels: Adam, or L-BFGS. Knows neither losses nor networks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.optim.adam import adam

_BETAS = 0.9, 0.99  # a picture's gradients are hardly noisy: a shorter memory follows a slider sooner
_EPSILON = 1e-8
_ADAM = "step", "exp_avg", "exp_avg_sq"  # what it knows
_LAST = 0.2  # share of the learning rate at the end, so that grain settles
_HISTORY = 20
_WORSE = 4.0  # times the total before: L-BFGS without a line search went astray


class Mover(Protocol):
    """Moves ``pixels`` along their gradient; ``scale`` is how far it goes of what it would."""

    scale: float

    def step(self, total: Tensor, progress: float) -> None:
        """Make a step at the gradient that ``pixels`` have; ``progress`` 0 to 1 is how much of the way is done.

        ``total`` is the loss, a scalar.
        """

    def is_astray(self, before: float | None, now: float) -> bool:
        """Whether a step from the total ``before`` to ``now`` should be undone."""

    def forget(self) -> None:
        """Begin anew at the pixels as they are now."""

    def carry_over(self, gradient_before: Callable[[], Tensor]) -> None:
        """Go on with other losses, whose gradient at the pixels before the last step is ``[1, 3, H, W]``."""

    def state(self) -> dict[str, Tensor]:
        """Return what it has learned on the way, to be taken up again: ``[1, 3, H, W]`` each, and scalars."""

    def take_up(self, state: Mapping[str, Tensor]) -> None:
        """Go on with what ``state`` returned, ``[1, 3, H, W]`` each; where it is of something else, begin anew."""


class AdamMover:
    """Adam (Kingma and Ba, 2015, arXiv:1412.6980) with a rate that falls along half a cosine.

    What ``torch.optim.Adam`` computes, without importing torch's compiler as that does: a second before the first step.
    """

    def __init__(self, pixels: Tensor, rate: float) -> None:
        self.scale = 1.0
        self._pixels, self._rate = pixels, rate
        self.forget()

    def step(self, total: Tensor, progress: float) -> None:
        """Make a step; ``total`` is a scalar that is not asked for."""
        falling = _LAST + (1 - _LAST) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
        if self._pixels.grad is not None:
            self._move(self._pixels.grad, self._rate * self.scale * falling)

    def is_astray(self, before: float | None, now: float) -> bool:
        """It never goes far."""
        return False

    def forget(self) -> None:
        """Begin anew, whatever ``[1, 3, H, W]`` there is."""
        self._count = torch.zeros(())
        self._mean, self._square = torch.zeros_like(self._pixels), torch.zeros_like(self._pixels)

    def carry_over(self, gradient_before: Callable[[], Tensor]) -> None:
        """Go on as before: its means ``[1, 3, H, W]`` follow by themselves."""

    def state(self) -> dict[str, Tensor]:
        """Return its means ``[1, 3, H, W]``, and of how many steps they are, a scalar."""
        learned = self._count, self._mean, self._square
        return dict(zip(_ADAM, learned, strict=True)) if self._count else {}

    def take_up(self, state: Mapping[str, Tensor]) -> None:
        """Go on with those means ``[1, 3, H, W]``."""
        shapes = [tuple(state[name].shape) for name in _ADAM if name in state]
        if shapes == [(), tuple(self._pixels.shape), tuple(self._pixels.shape)]:
            self._count = state[_ADAM[0]].clone().float()  # which stays on the host
            self._mean, self._square = (state[name].to(self._pixels, copy=True) for name in _ADAM[1:])

    @torch.no_grad()
    def _move(self, gradient: Tensor, rate: float) -> None:
        adam(
            [self._pixels],
            [gradient],
            [self._mean],
            [self._square],
            [],
            [self._count],
            amsgrad=False,
            beta1=_BETAS[0],
            beta2=_BETAS[1],
            lr=rate,
            weight_decay=0.0,
            eps=_EPSILON,
            maximize=False,
        )


class LBFGSMover:
    """L-BFGS (Liu and Nocedal, 1989), one gradient a step: it is undone where a line search would have gone back."""

    def __init__(self, pixels: Tensor) -> None:
        self.scale = 1.0
        self._pixels = pixels
        self.forget()

    def step(self, total: Tensor, progress: float) -> None:
        """Make a step; ``total`` is a scalar."""
        self.lbfgs.param_groups[0]["lr"] = self.scale
        self.lbfgs.step(lambda: total)

    def is_astray(self, before: float | None, now: float) -> bool:
        """Whether it went up steeply."""
        return before is not None and now > _WORSE * before

    def forget(self) -> None:
        """Begin anew along the gradient."""
        how: dict[str, Any] = {"tolerance_grad": 0, "tolerance_change": 0}  # each step is asked for
        self.lbfgs = torch.optim.LBFGS([self._pixels], max_iter=1, max_eval=1, history_size=_HISTORY, **how)

    def carry_over(self, gradient_before: Callable[[], Tensor]) -> None:
        """Compare the next gradient with one of the same losses ``[1, 3, H, W]``, or the curvature would be wrong."""
        state = self.lbfgs.state[self._pixels]
        if state.get("prev_flat_grad") is not None:
            state["prev_flat_grad"] = gradient_before().flatten().clone()

    def state(self) -> dict[str, Tensor]:
        """Return nothing, no ``[1, 3, H, W]``: it finds the curvature anew in a few steps."""
        return {}

    def take_up(self, state: Mapping[str, Tensor]) -> None:
        """Begin anew, whatever ``[1, 3, H, W]`` there is."""


def mover_of(name: str, pixels: Tensor, rate: float) -> Mover:
    """Return the optimizer that the options call ``name`` for ``pixels`` ``[1, 3, H, W]``."""
    return LBFGSMover(pixels) if name == "lbfgs" else AdamMover(pixels, rate)
