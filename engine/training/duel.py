"""The two players: networks, optimisers, averaged generator, and how one step updates them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import device as devices
from engine.architectures import ARCHITECTURES, networks
from engine.architectures.growth import level_at
from engine.config import Config
from engine.datasets.facts import DataFacts
from engine.distributed import World, join_batch_norm
from engine.training import checkpoint
from engine.training.average import Average
from engine.training.dense import DensePlay, is_dense
from engine.training.optimiser import FUSED_ON, Adam, OnePieceOptimiser, Optimiser
from engine.training.play import Batch, Moment, Play
from engine.training.recorder import CudaGraphs, Recorder


class Duel:
    """Generator and discriminator in training, on one device.

    All chance in training comes from ``random`` and torch's global generator, both part of ``arrays``.
    """

    def __init__(self, config: Config, facts: DataFacts, device: torch.device, world: World | None = None) -> None:
        torch.manual_seed(config.seed)
        self.world = world or World()
        self.generator = self._made_ready(networks.build_generator(config, facts), config, device)
        self.discriminator = self._made_ready(networks.build_discriminator(config, facts), config, device)
        self.random = torch.Generator(device).manual_seed(config.seed)
        self.own_random = self.random  # what each process draws for its own images
        if not self.world.leads:
            torch.manual_seed(config.seed + self.world.rank)
            self.own_random = torch.Generator(device).manual_seed(config.seed + self.world.rank)
        self.device = device
        self._meet(config)
        self.average = Average(self.generator)
        self._autocast_type = devices.autocast_type(config.precision, device) if self._has_convolutions else None
        records = device.type == "cuda" and self.world.size == 1
        self._take_step = Recorder(self._play, CudaGraphs(self.random)).step if records else self._play
        self._levels = getattr(self.generator, "levels", 1)
        self.generate: Callable[..., Tensor] = getattr(self.generator, "all_scales", self.generator)
        self.prepare: Callable[[Tensor], Tensor] = getattr(self.discriminator, "prepare", lambda images: images)

    def _made_ready(self, network: nn.Module, config: Config, device: torch.device) -> nn.Module:
        network = join_batch_norm(network, self.world).to(device)
        if ARCHITECTURES[config.family].channels_last:
            network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return network.train(config.training_mode)

    def _meet(self, config: Config) -> None:
        """Give each player its optimiser, and two dense ones the step that is written for them."""
        g_adam = Adam((config.g_beta1, config.g_beta2), config.adam_epsilon)
        d_adam = Adam((config.d_beta1, config.d_beta2), config.adam_epsilon)
        self.g_optimiser: Optimiser
        self.d_optimiser: Optimiser
        self._dense: DensePlay | None = None
        alone = self.world.size == 1 and self.device.type in FUSED_ON
        if alone and is_dense(self.generator) and is_dense(self.discriminator):
            self.g_optimiser = g_optimiser = OnePieceOptimiser(self.generator, g_adam, self.world)
            self.d_optimiser = d_optimiser = OnePieceOptimiser(self.discriminator, d_adam, self.world)
            products = devices.matrix_products(config.precision, self.device)
            self._dense = DensePlay(self.generator, self.discriminator, g_optimiser, d_optimiser, self.random, products)
        else:
            self.g_optimiser = Optimiser(self.generator, g_adam, self.world)
            self.d_optimiser = Optimiser(self.discriminator, d_adam, self.world)

    def step(self, config: Config, moment: Moment, batches: Sequence[Batch]) -> Tensor:
        """Update D on each of ``batches``, real images ``[N, C, H, W]`` with labels ``[N]``, and then G.

        Returns ``[d_loss, g_loss, d_real, d_fake, d_skipped, d_unfit, g_unfit]``, detached, on the device: means over
        the step's updates, how many updates of D were skipped, and how many of each player were kept from the
        weights because they were not finite.
        """
        self._grow(moment.share, config.growth_end)
        self.d_optimiser.set_rate(config.d_lr * moment.lr_factor)
        self.g_optimiser.set_rate(config.g_lr * moment.lr_factor)
        report = self._take_step(config, moment, batches)
        images = self.world.size * sum(len(real) for real, _ in batches)
        self.average.update(moment.images_seen, images, config.ema_halflife_kimg * 1000)
        return self.world.mean(report)

    def _play(self, config: Config, moment: Moment, batches: Sequence[Batch]) -> Tensor:
        if self._dense is not None and self._dense.plays(config):
            return self._dense.step(config, batches[0][0])
        play = Play(self, config, moment)
        return play.both_at_once(*batches[0]) if config.order == "simultaneous" else play.in_turn(batches)

    @property
    def _has_convolutions(self) -> bool:
        """Dense layers alone gain nothing from bfloat16: casting takes what it saves (`mlp-fashion` 2.1 to 1.7 ms)."""
        return any(isinstance(module, nn.modules.conv._ConvNd) for module in self.generator.modules())

    def _grow(self, share: float, end: float) -> None:
        if self._levels > 1 and hasattr(self.generator, "grow"):
            level = level_at(share, end, self._levels)
            for network in (self.generator, self.discriminator, self.average.network):
                network.grow(level)  # type: ignore[operator]

    def autocast(self, enabled: bool = True) -> AbstractContextManager[object]:
        """Return the context in which networks compute in the chosen precision."""
        if not enabled or self._autocast_type is None:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self._autocast_type)

    def parameter_counts(self) -> tuple[int, int]:
        """Return the number of trained parameters of G and of D."""
        g, d = (sum(p.numel() for p in player.parameters()) for player in (self.generator, self.discriminator))
        return g, d

    def arrays(self) -> checkpoint.Arrays:
        """Return all that ``restore`` needs, copied to the host."""
        return checkpoint.sections(
            generator=checkpoint.network_arrays(self.generator),
            discriminator=checkpoint.network_arrays(self.discriminator),
            average=checkpoint.network_arrays(self.average.network),
            averaging={"follows": np.array([self.average.follows])},
            g_optimiser=self.g_optimiser.arrays(),
            d_optimiser=self.d_optimiser.arrays(),
            random=checkpoint.random_arrays(self.random, self.device),
        )

    def adopt(
        self, config: Config, facts: DataFacts, generator: checkpoint.Arrays, discriminator: checkpoint.Arrays
    ) -> None:
        """Begin with the networks of another training, where they are kept; raises ``UserError`` unless they fit."""
        players = {"generator": generator, "discriminator": discriminator}
        arrays = checkpoint.sections(**players)
        checkpoint.check_adoptable(config, facts, arrays, *(name for name, kept in players.items() if kept))
        for network in (self.generator, self.average.network):
            checkpoint.load_network(network, generator)
        if discriminator:
            checkpoint.load_network(self.discriminator, discriminator)

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Continue exactly from what ``arrays`` returned; raises ``UserError`` when it does not fit."""
        checkpoint.load_network(self.generator, checkpoint.section(arrays, "generator"))
        checkpoint.load_network(self.discriminator, checkpoint.section(arrays, "discriminator"))
        checkpoint.load_network(self.average.network, checkpoint.section(arrays, "average"))
        self.average.follows = any(array.any() for array in checkpoint.section(arrays, "averaging").values())
        self.g_optimiser.restore(checkpoint.section(arrays, "g_optimiser"))
        self.d_optimiser.restore(checkpoint.section(arrays, "d_optimiser"))
        checkpoint.load_random(self.random, self.device, checkpoint.section(arrays, "random"))
