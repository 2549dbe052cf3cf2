"""Shows what a generator makes of z, in an eval copy of its own that training never notices. Knows no threads."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.architectures import networks
from engine.architectures.outline import outlined
from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr
from engine.pictures import to_uint8

_BATCH = 256


class GeneratorSession:
    """A generator on the CPU in eval mode: one picture never depends on its neighbors in the batch."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        self._z_dim = config.z_dim
        self._class_count = len(config.asked_classes(facts.class_names))
        self._data_range = config.data_range
        with outlined():
            self._network = networks.build_generator(config, facts).eval().requires_grad_(False)

    def load(self, state: Arrays) -> None:
        """Take over all parameters and buffers; raises ``UserError``, and keeps what it had, if one does not fit."""
        tensors = self._network.state_dict()
        wanted = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        given = {name: array.shape for name, array in state.items()}
        for name in sorted(wanted.keys() | given.keys()):
            if wanted.get(name) != given.get(name):
                raise _misfit(name, given.get(name), wanted.get(name))
        if any(tensor.is_meta for tensor in tensors.values()):
            own = {name: torch.tensor(array).to(tensors[name].dtype) for name, array in state.items()}
            self._network.load_state_dict(own, assign=True)
        else:
            for name, array in state.items():
                tensors[name].copy_(torch.tensor(array))

    def fits(self, z: NDArray[np.float32], labels: NDArray[np.int64]) -> bool:
        """Whether ``z`` ``[N, z_dim]`` and ``labels`` ``[N]`` are made for this generator, not for the one before."""
        conditional = self._class_count > 0
        low, high = (0, self._class_count) if conditional else (-1, 0)
        return z.shape == (len(labels), self._z_dim) and bool(np.all((labels >= low) & (labels < high)))

    @torch.inference_mode()
    def render(self, z: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Turn z ``[N, z_dim]`` and labels ``[N]`` into uint8 ``[N, H, W]`` or ``[N, H, W, 3]``.

        Labels are all -1 for a generator without classes. Needs ``load`` first.
        """
        batches = [slice(start, start + _BATCH) for start in range(0, max(len(z), 1), _BATCH)]
        images = [self._network(torch.tensor(z[batch]), torch.tensor(labels[batch])).numpy() for batch in batches]
        return np.concatenate([to_uint8(batch, self._data_range) for batch in images])


def _misfit(name: str, given: tuple[int, ...] | None, wanted: tuple[int, ...] | None) -> UserError:
    none = tr("nothing")
    return UserError(
        tr(
            "The generator does not fit its options: {name} is {given}, it should be {wanted}.",
            name=name,
            given=none if given is None else given,
            wanted=none if wanted is None else wanted,
        ),
        tr("Take weights and options from the same run, unchanged."),
    )
