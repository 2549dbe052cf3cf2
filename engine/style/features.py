"""What a network sees in a picture: the features of its layers, to be differentiated. Knows no losses."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.arrays import Arrays
from engine.style import weights
from engine.style.networks import Network


class Features:
    """``network`` with the weights ``arrays``, computing in ``kind`` on ``device``.

    Averages are taken where the network was trained with maxima: gradients get everywhere, as Gatys and others found.
    """

    def __init__(self, network: Network, arrays: Arrays, kind: torch.dtype, device: torch.device) -> None:
        self.network = network
        self._kind, self._device = kind, device
        self._tensors = weights.as_tensors(arrays, network.convolutions, kind, device)
        self._scale = torch.tensor(network.scale, device=device).view(1, 3, 1, 1)
        self._shift = torch.tensor(network.shift, device=device).view(1, 3, 1, 1)

    def __call__(self, picture: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Return the features float32 ``[C, positions]`` of ``picture`` ``[1, 3, H, W]``, 0 to 1, in each layer."""
        wanted = frozenset(layers)
        x = (picture[:, list(self.network.order)] * self._scale - self._shift).to(self._kind)
        found = {}
        for name in self.network.until(wanted):
            if self.network.pooled_before(name):
                x = F.avg_pool2d(x, 2)
            x = F.conv2d(x, self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"], padding=1).relu_()
            if name in wanted:
                found[name] = x[0].flatten(1).float()
        return found
