"""The two players: networks, optimisers, averaged generator, and how one step updates them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from engine import device as devices
from engine import networks
from engine.config import Config
from engine.data.facts import DataFacts
from engine.networks import Verdict
from engine.training import checkpoint, losses
from engine.training.average import Average


class Duel:
    """Generator and discriminator in training, on one device.

    All chance in training comes from ``random`` and torch's global generator, both part of ``arrays``.
    """

    def __init__(self, config: Config, facts: DataFacts, device: torch.device) -> None:
        torch.manual_seed(config.seed)
        self.generator = networks.build_generator(config, facts).to(device)
        self.discriminator = networks.build_discriminator(config, facts).to(device)
        self.average = Average(self.generator)
        self._g_optimiser = _adam(self.generator, config)
        self._d_optimiser = _adam(self.discriminator, config)
        self._random = torch.Generator(device).manual_seed(config.seed)
        self._device = device
        self._autocast_type = devices.autocast_type(config.precision, device)

    def step(
        self, config: Config, number: int, real: Tensor, labels: Tensor, images_seen: int, lr_factor: float
    ) -> Tensor:
        """Update D, then G, on real images ``[N, C, H, W]`` with labels ``[N]``; G makes one picture of each label.

        ``number`` counts steps from 0, ``images_seen`` includes this batch, ``lr_factor`` scales both learning
        rates. Returns ``[d_loss, g_loss, d_real, d_fake]``, detached, on the device. One forward pass of G serves
        both updates.
        """
        loss = losses.LOSSES[config.loss]
        z = torch.randn(len(real), config.z_dim, generator=self._random, device=self._device)
        with self._autocast():
            fake = self.generator(z, labels).float()

        penalise = config.r1_gamma > 0 and number % config.r1_interval == 0
        if penalise:  # the penalty differentiates twice, which wants float32
            real.requires_grad_()
            real_verdict = self.discriminator(real, labels)
            fake_verdict = self.discriminator(fake.detach(), labels)
        else:  # one pass over both halves is faster
            joined = self._judge(torch.cat([real, fake.detach()]), torch.cat([labels, labels]))
            real_verdict, fake_verdict = joined.split(len(real))
        d_loss = loss.discriminator(real_verdict.logits, fake_verdict.logits)
        d_total = d_loss + self._class_loss(config, real_verdict, labels)
        if penalise:
            penalty = losses.r1_penalty(real_verdict.logits, real)
            d_total = d_total + 0.5 * config.r1_gamma * config.r1_interval * penalty
        _update(self._d_optimiser, d_total, config.d_lr * lr_factor)
        with torch.no_grad():
            d_real, d_fake = loss.verdicts(real_verdict.logits, fake_verdict.logits)

        self.discriminator.requires_grad_(False)
        verdict = self._judge(fake, labels)
        g_loss = loss.generator(real_verdict.logits.detach(), verdict.logits)
        _update(self._g_optimiser, g_loss + self._class_loss(config, verdict, labels), config.g_lr * lr_factor)
        self.discriminator.requires_grad_(True)

        self.average.update(images_seen, len(real), config.ema_halflife_kimg * 1000)
        return torch.stack([d_loss.detach(), g_loss.detach(), d_real.mean(), d_fake.mean()])

    def _judge(self, images: Tensor, labels: Tensor) -> Verdict:
        with self._autocast():
            return self.discriminator(images, labels).float()

    def _autocast(self) -> torch.autocast:
        enabled = self._autocast_type is not None
        return torch.autocast(self._device.type, dtype=self._autocast_type or torch.bfloat16, enabled=enabled)

    def _class_loss(self, config: Config, verdict: Verdict, labels: Tensor) -> Tensor | float:
        if config.class_weight == 0 or verdict.class_logits is None:
            return 0.0
        return config.class_weight * F.cross_entropy(verdict.class_logits, labels)

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
            g_optimiser=checkpoint.optimiser_arrays(self._g_optimiser),
            d_optimiser=checkpoint.optimiser_arrays(self._d_optimiser),
            random=checkpoint.random_arrays(self._random, self._device),
        )

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Continue exactly from what ``arrays`` returned; raises ``UserError`` when it does not fit."""
        checkpoint.load_network(self.generator, checkpoint.section(arrays, "generator"))
        checkpoint.load_network(self.discriminator, checkpoint.section(arrays, "discriminator"))
        checkpoint.load_network(self.average.network, checkpoint.section(arrays, "average"))
        checkpoint.load_optimiser(self._g_optimiser, checkpoint.section(arrays, "g_optimiser"))
        checkpoint.load_optimiser(self._d_optimiser, checkpoint.section(arrays, "d_optimiser"))
        checkpoint.load_random(self._random, self._device, checkpoint.section(arrays, "random"))


def _adam(network: torch.nn.Module, config: Config) -> torch.optim.Adam:
    fused = next(network.parameters()).device.type in ("cpu", "cuda")
    return torch.optim.Adam(network.parameters(), lr=1.0, betas=(config.beta1, config.beta2), fused=fused)


def _update(optimiser: torch.optim.Optimizer, loss: Tensor, learning_rate: float) -> None:
    optimiser.zero_grad()
    loss.backward()
    for group in optimiser.param_groups:
        group["lr"] = learning_rate
    optimiser.step()
