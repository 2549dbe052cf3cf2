"""The two players: networks, optimizers, averaged generator, and how one step updates them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from weakref import WeakMethod

import numpy as np
import torch
from torch import Tensor, nn

from engine import device as devices
from engine.architectures import ARCHITECTURES, networks
from engine.architectures.levels import level_at
from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.distributed import DistInfo, convert_sync_batchnorm
from engine.job import result_of
from engine.training import checkpoint
from engine.training.adam import FUSED_ON, Adam, AdamOptions, FlatAdam
from engine.training.cuda_graphs import CudaGraphRunner, CudaGraphs, Step
from engine.training.ema import EMA
from engine.training.manual_mlp import ManualMLPStep, is_dense
from engine.training.stages import Stage, Stages
from engine.training.train_step import Batch, Player, StepInfo, TrainStep

_G_ADAM, _D_ADAM = "g_optimiser", "d_optimiser"  # as checkpoints have always called them


class GAN:
    """Generator and discriminator in training, on one device.

    All chance in training comes from ``random`` and torch's global generator, both part of ``state_dict``.
    """

    def __init__(self, config: Config, facts: DatasetInfo, device: torch.device, dist: DistInfo | None = None) -> None:
        torch.manual_seed(config.seed)
        self.dist = dist or DistInfo()
        self.generator = self._prepare_network(networks.build_generator(config, facts), config, device)
        self.discriminator = self._prepare_network(networks.build_discriminator(config, facts), config, device)
        self.random = torch.Generator(device).manual_seed(config.seed)
        self.own_random = self.random  # what each process draws for its own images
        if not self.dist.is_rank_zero:
            torch.manual_seed(config.seed + self.dist.rank)
            self.own_random = torch.Generator(device).manual_seed(config.seed + self.dist.rank)
        self.device = device
        self._make_optimizers(config)
        self.ema = EMA(self.generator)
        self._autocast_type = devices.autocast_type(config.precision, device) if self._has_convolutions else None
        self.take_step = _weakly(self.plain_step)
        """How a step is taken, the moving average aside: as it is written, or played back."""
        if device.type == "cuda" and self.dist.size == 1:
            self.take_step = CudaGraphRunner(self.take_step, CudaGraphs(self.random)).step
        self._levels = getattr(self.generator, "levels", 1)
        self.generate: Callable[..., Tensor] = getattr(self.generator, "all_scales", self.generator)
        self.prepare: Callable[[Tensor], Tensor] = getattr(self.discriminator, "prepare", lambda images: images)

    def _prepare_network(self, network: nn.Module, config: Config, device: torch.device) -> nn.Module:
        network = convert_sync_batchnorm(network, self.dist).to(device)
        if ARCHITECTURES[config.architecture].channels_last:
            network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return network.train(config.training_mode)

    def _make_optimizers(self, config: Config) -> None:
        """Give each player its optimizer, and two dense ones the step that is written for them."""
        g_adam = AdamOptions((config.g_beta1, config.g_beta2), config.adam_epsilon)
        d_adam = AdamOptions((config.d_beta1, config.d_beta2), config.adam_epsilon)
        self.g_optimizer: Adam
        self.d_optimizer: Adam
        self.manual: ManualMLPStep | None = None
        alone = self.dist.size == 1 and self.device.type in FUSED_ON
        if alone and is_dense(self.generator) and is_dense(self.discriminator):
            self.g_optimizer = g_optimizer = FlatAdam(self.generator, g_adam, self.dist)
            self.d_optimizer = d_optimizer = FlatAdam(self.discriminator, d_adam, self.dist)
            matmul_context = devices.matrix_products(config.precision, self.device)
            self.manual = ManualMLPStep(
                self.generator, self.discriminator, g_optimizer, d_optimizer, self.random, matmul_context
            )
        else:
            self.g_optimizer = Adam(self.generator, g_adam, self.dist)
            self.d_optimizer = Adam(self.discriminator, d_adam, self.dist)

    def step(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Tensor:
        """Update D on each of ``batches``, and then G.

        Returns ``[d_loss, g_loss, d_real, d_fake, d_skipped, d_found_inf, g_found_inf]``, detached, on the
        device: means over the step's updates, how many updates of D were skipped, and how many of each player were kept
        from the weights because they were not finite.
        """
        self._before_step(config, info)
        return self._after_step(config, info, batches, self.take_step(config, info, batches))

    def stages(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Stages:
        """Take the very same step as ``step``, stopping at each stage to be looked at.

        Closed before its end, it takes the rest of the step all the same: a half one is a state that no training has.
        """
        results: list[Tensor] = []

        def steps() -> Iterator[Stage]:
            report = yield from self._plain_stages(config, info, batches)
            results.append(self._after_step(config, info, batches, report))

        self._before_step(config, info)
        rest = steps()
        try:
            for stage in rest:  # noqa: UP028 - ``yield from`` would end the step where it stands
                yield stage
        finally:
            for _ in rest:
                pass
        return results[0]

    def stages_alone(self, player: Player, config: Config, info: StepInfo, batch: Batch) -> Stages:
        """Let ``player`` alone learn from ``batch``; the global stream of chance is as before when it is over."""
        with self._chance_kept():
            self._before_step(config, info)
            return (yield from TrainStep(self, config, info).alone(player, *batch))

    def copied(self, config: Config, facts: DatasetInfo) -> GAN:
        """Return other players that stand exactly where these do; no chance is drawn for it."""
        with self._chance_kept():
            copies = GAN(config, facts, self.device)
            copies.load_state_dict(self.state_dict())
        return copies

    def _chance_kept(self) -> AbstractContextManager[None]:
        return torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else [])

    def _before_step(self, config: Config, info: StepInfo) -> None:
        self._grow(info.growth, config.growth_end)
        self.d_optimizer.set_lr(config.d_lr * info.lr_scale)
        self.g_optimizer.set_lr(config.g_lr * info.lr_scale)

    def _after_step(self, config: Config, info: StepInfo, batches: Sequence[Batch], report: Tensor) -> Tensor:
        images = self.dist.size * sum(len(real) for real, _ in batches)
        self.ema.update(info.images_seen, images, config.ema_halflife_kimg * 1000)
        return self.dist.all_reduce_mean(report)

    def plain_step(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Tensor:
        """Take a step as it is written, without the moving average; returns what ``step`` does, ``[statistics]``."""
        if self.manual is not None and self.manual.supports(config):
            return self.manual.step(config, batches[0][0])
        return result_of(TrainStep(self, config, info).stages(batches))

    def _plain_stages(self, config: Config, info: StepInfo, batches: Sequence[Batch]) -> Stages:
        if self.manual is not None and self.manual.supports(config):
            return self.manual.stages(config, batches[0][0])
        return TrainStep(self, config, info).stages(batches)

    @property
    def _has_convolutions(self) -> bool:
        """Dense layers alone gain nothing from bfloat16: casting takes what it saves (`mlp-fashion` 2.1 to 1.7 ms)."""
        return any(isinstance(module, nn.modules.conv._ConvNd) for module in self.generator.modules())

    def _grow(self, progress: float, end: float) -> None:
        if self._levels > 1 and hasattr(self.generator, "grow"):
            level = level_at(progress, end, self._levels)
            for network in (self.generator, self.discriminator, self.ema.network):
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

    def state_dict(self) -> Arrays:
        """Return all that ``load_state_dict`` needs, copied to the host."""
        return checkpoint.flatten(
            generator=checkpoint.network_state(self.generator),
            discriminator=checkpoint.network_state(self.discriminator),
            average=checkpoint.network_state(self.ema.network),
            averaging={"follows": np.array([self.ema.follows])},
            **{_G_ADAM: self.g_optimizer.state_dict(), _D_ADAM: self.d_optimizer.state_dict()},
            random=checkpoint.rng_state(self.random, self.device),
        )

    def load_networks(self, config: Config, facts: DatasetInfo, generator: Arrays, discriminator: Arrays) -> None:
        """Begin with the networks of another training, where they are kept; raises ``UserError`` unless they fit."""
        players = {"generator": generator, "discriminator": discriminator}
        arrays = checkpoint.flatten(**players)
        checkpoint.check_adoptable(config, facts, arrays, *(name for name, kept in players.items() if kept))
        for network in (self.generator, self.ema.network):
            checkpoint.load_network(network, generator)
        if discriminator:
            checkpoint.load_network(self.discriminator, discriminator)

    def load_state_dict(self, arrays: Arrays) -> None:
        """Continue exactly from what ``state_dict`` returned; raises ``UserError`` when it does not fit."""
        checkpoint.load_network(self.generator, checkpoint.unflatten(arrays, "generator"))
        checkpoint.load_network(self.discriminator, checkpoint.unflatten(arrays, "discriminator"))
        checkpoint.load_network(self.ema.network, checkpoint.unflatten(arrays, "average"))
        self.ema.follows = any(array.any() for array in checkpoint.unflatten(arrays, "averaging").values())
        self.g_optimizer.load_state_dict(checkpoint.unflatten(arrays, _G_ADAM))
        self.d_optimizer.load_state_dict(checkpoint.unflatten(arrays, _D_ADAM))
        checkpoint.load_rng_state(self.random, self.device, checkpoint.unflatten(arrays, "random"))


def _weakly(method: Step) -> Step:
    """Return ``method`` without a hold on its object.

    That would hold itself, and the networks, after the end of the training until somebody looks for garbage; a search
    has begun the next training by then.
    """
    held = WeakMethod(method)

    def step(config: Config, info: StepInfo, batches: Sequence[Batch]) -> Tensor:
        alive = held()
        assert alive is not None, "whoever steps holds it"
        return alive(config, info, batches)

    return step
