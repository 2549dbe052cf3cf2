"""Networks without numbers: layers and the shapes of their weights, for whoever has weights already or only counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_DRAWS = ("normal_", "uniform_")


def _normalized(vector: torch.Tensor, out: torch.Tensor | None = None, **_how: Any) -> torch.Tensor:
    return vector if out is None else out


def _divided(weight: torch.Tensor, by: Any, **how: Any) -> torch.Tensor:
    is_by_norm = isinstance(by, torch.Tensor) and by.ndim == 0
    return weight if is_by_norm else weight.div(by, **how)


_SHAPES: dict[Callable[..., Any], Callable[..., torch.Tensor]] = {
    functional.normalize: _normalized,
    torch.mv: lambda matrix, _vector: matrix[:, 0],
    torch.vdot: lambda vector, _other: vector[0],
    torch.Tensor.div: _divided,
}
"""What has the shape of that which comes out of finding the norm of a weight."""


class NoDraws(TorchFunctionMode):
    """Weights are asked for and never filled, nor is their norm found."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do ``func`` unless it fills weights, or looks for their norm: of that, only the shape is there."""
        given = kwargs or {}
        if func in _SHAPES:
            return _SHAPES[func](*args, **given)
        if getattr(func, "__module__", "") == nn.init.__name__ or func.__name__ in _DRAWS:
            return given["tensor"] if "tensor" in given else args[0]
        return func(*args, **given)


@contextmanager
def outlined() -> Iterator[None]:
    """Let what is built in here have no numbers, on the device "meta", where it takes no memory.

    A stranger's config may ask for more than the machine has, and the global random stream belongs to training. Draws
    would draw nothing on that device, but some import torch's compiler: a second, and 76 MB. So would the norm of
    weights, for which thirty products each take a quarter of a second in all.
    """
    with torch.device("meta"), NoDraws():
        yield
