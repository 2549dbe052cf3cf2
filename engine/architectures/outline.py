"""Networks without numbers: layers and the shapes of their weights, for whoever has weights already or only counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

_DRAWS = ("normal_", "uniform_")


class NoDraws(TorchFunctionMode):
    """Weights are asked for and never filled."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do ``func`` unless it fills weights."""
        given = kwargs or {}
        if getattr(func, "__module__", "") == nn.init.__name__ or func.__name__ in _DRAWS:
            return given["tensor"] if "tensor" in given else args[0]
        return func(*args, **given)


@contextmanager
def outlined() -> Iterator[None]:
    """Let what is built in here have no numbers, on the device "meta", where it takes no memory.

    A stranger's config may ask for more than the machine has, and the global random stream belongs to training. Draws
    would draw nothing on that device, but some of them import torch's compiler: a second, and 76 MB.
    """
    with torch.device("meta"), NoDraws():
        yield
