"""Shows what a generator makes of z, in an eval copy of its own that training never notices. Knows no threads."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.architectures import networks
from engine.architectures.generator import Generator, LabelEmbedding
from engine.architectures.outline import outlined
from engine.arrays import Arrays, Samples
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr
from engine.latent.labels import Labels
from engine.pictures import to_samples
from engine.runs import RunFolder

_BATCH = 256


class GeneratorSession:
    """A generator on the CPU in eval mode: one picture never depends on its neighbors in the batch."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        self.facts = facts
        """What is known of the data."""
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

    @property
    def z_dim(self) -> int:
        """The length of z."""
        return self._z_dim

    @property
    def class_count(self) -> int:
        """How many classes the generator can be asked for, 0 where it takes no labels."""
        return self._class_count

    @property
    def can_blend(self) -> bool:
        """Whether labels may be mixtures: whether the label enters through a ``LabelEmbedding``."""
        return any(isinstance(module, LabelEmbedding) for module in self._network.modules())

    def fits(self, z: NDArray[np.float32], labels: Labels) -> bool:
        """Whether ``z`` ``[N, z_dim]`` and ``labels`` are made for this generator, not for the one before.

        Labels are int64 ``[N]`` or mixtures float32 ``[N, classes]``.
        """
        if labels.ndim == 2:
            fitting = self.can_blend and labels.shape[1] == self._class_count and bool(np.isfinite(labels).all())
        else:
            low, high = (0, self._class_count) if self._class_count else (-1, 0)
            fitting = bool(np.all((labels >= low) & (labels < high)))
        return z.shape == (len(labels), self._z_dim) and fitting

    def check(self, z: NDArray[np.float32], labels: Labels) -> None:
        """Raise ``UserError`` unless ``z`` ``[N, z_dim]`` and ``labels`` fit."""
        if labels.ndim == 2 and self._class_count and not self.can_blend:
            raise UserError(
                tr("The networks of this run take one label at a time and cannot blend several."),
                tr("Let each end keep its own label, or choose a run of another architecture."),
            )
        if not self.fits(z, labels):
            raise another_generator()

    @torch.inference_mode()
    def render(self, z: NDArray[np.float32], labels: Labels) -> Samples:
        """Turn z ``[N, z_dim]`` and ``labels`` into uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or into points.

        Labels are int64 ``[N]``, all -1 for a generator without classes, or mixtures float32 ``[N, classes]``
        (``engine.latent.labels``). Needs ``load`` first.
        """
        batches = [slice(start, start + _BATCH) for start in range(0, max(len(z), 1), _BATCH)]
        images = [self.pixels(torch.tensor(z[batch]), torch.tensor(labels[batch])).numpy() for batch in batches]
        return np.concatenate([self.pictures(batch) for batch in images])

    def pixels(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return what the network puts out, float ``[N, C, H, W]`` in the data's range, with gradients by ``z``."""
        images: Tensor = self._network(z, labels)
        return images

    def pictures(self, pixels: NDArray[np.floating]) -> Samples:
        """Turn what ``pixels`` returned into uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or into points."""
        return to_samples(pixels, self._data_range)

    def to_unit(self, pixels: Tensor) -> Tensor:
        """Turn pixels in the data's range into [0, 1]."""
        return pixels if self._data_range == "0..1" else (pixels + 1) / 2

    def from_unit(self, pixels: Tensor) -> Tensor:
        """Turn pixels in [0, 1] into the data's range."""
        return pixels if self._data_range == "0..1" else pixels * 2 - 1

    @property
    def module(self) -> nn.Module:
        """The network itself, in eval mode, for who takes it elsewhere."""
        return self._network

    @property
    def network(self) -> Generator:
        """The same for who looks inside; raises ``UserError`` where it does not tell what it does."""
        if isinstance(self._network, Generator):
            return self._network
        raise UserError(
            tr("The networks of this run do not tell what they do to z first."),
            tr("Ask the author of their package to build on engine.architectures.generator.Generator."),
        )


def open_session(run: RunFolder, epoch: int | None = None) -> GeneratorSession:
    """Return a session with the averaged generator of ``epoch`` of ``run``, or the newest; raises ``UserError``."""
    info = run.info()
    session = GeneratorSession(info.config, info.facts)
    session.load(run.generator(epoch))
    return session


def another_generator() -> UserError:
    """Say that z or labels were made for another generator."""
    return UserError(tr("These numbers belong to another generator."), tr("Choose a picture of the run that is shown."))


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
