"""Tracing a network while others compute: torch.fx lays its hand on every module of the process meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from torch import fx, nn

ALONE = threading.RLock()
"""Held while something is traced: two that put back what they found would leave the hand of one on for good.

torch's writer of ONNX refuses a second one, too."""


class Tracer(fx.Tracer):
    """Traces in one thread of the process at a time; what other threads call meanwhile is called as ever.

    A training, or a picture that is being explored, would otherwise end with a ``NameError``: torch.fx takes every
    module that is called for one of those that it traces.
    """

    def __init__(self) -> None:
        super().__init__(autowrap_modules=())  # type: ignore[arg-type]  # none: it would write into what others run
        self._thread = 0

    @property
    def is_here(self) -> bool:
        """Whether whoever asks is in the thread that traces."""
        return threading.get_ident() == self._thread

    def trace(self, root: nn.Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None) -> fx.Graph:
        """Return what ``root`` does."""
        with ALONE:
            self._thread = threading.get_ident()
            return super().trace(root, concrete_args)

    def call_module(
        self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Note, or do, a call of ``m``; one of another thread is done and nothing else."""
        return super().call_module(m, forward, args, kwargs) if self.is_here else forward(*args, **kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, fx.Proxy]) -> Any:
        """Return what ``attr`` is to the trace; to another thread it is what it is."""
        return super().getattr(attr, attr_val, parameter_proxy_cache) if self.is_here else attr_val
