"""Import torchvision, also where its wheel was built for CUDA and torch for the CPU.

The registry's torchvision 0.28.0 then cannot load its C++ part, and importing it dies with «operator
torchvision::nms does not exist», because it describes two operators that nobody declared. Declaring their
schemas first makes datasets, transforms, utils and models work; only calling nms itself would still fail,
and Duelo never does.
"""

from __future__ import annotations

import sys
from types import ModuleType

_declared = None


def import_torchvision() -> ModuleType:
    """Return the module ``torchvision``, repaired where necessary."""
    try:
        import torchvision
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        _declare_operators()
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        import torchvision
    return torchvision


def _declare_operators() -> None:
    global _declared
    import torch

    if _declared is None:  # the declaration lives as long as this object does
        _declared = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            _declared.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
