"""The moves of one step: who learns from which images, in which order, and what is reported of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.job import Job
from engine.losses import LOSSES, penalties
from engine.losses.augment import augment
from engine.training.stages import Stage, StageName, Stages, stage

if TYPE_CHECKING:
    from engine.training.gan import GAN

Batch = tuple[Tensor, Tensor]
"""Real images float32 ``[N, C, H, W]`` in the data's range, and their labels int64 ``[N]``."""


Player = Literal["d", "g"]


@dataclass(frozen=True)
class StepInfo:
    """When a step happens: its number from 0, the images_seen with its own, the progress (0 to 1) of the training
    before it, the scale of both learning rates, and the share (0 to 1) of the training that growing networks go by.
    """

    step: int
    images_seen: int
    progress: float
    lr_scale: float
    growth: float = 0.0


@dataclass
class _DiscriminatorPass:
    """What D was taught: its loss as reported, and as followed with its penalties; the images and what D said."""

    loss: Tensor
    total: Tensor
    real: DiscriminatorOutput
    fake: DiscriminatorOutput
    fake_images: Tensor
    labels: Tensor


def is_r1_step(config: Config, step: int) -> bool:
    """Whether D's lesson of this step includes the R1 penalty."""
    return config.r1_gamma > 0 and step % config.r1_interval == 0


class TrainStep:
    """One step of a ``GAN`` under the options of ``config``."""

    def __init__(self, gan: GAN, config: Config, info: StepInfo) -> None:
        self._gan = gan
        self._config = config
        self._info = info
        spec = LOSSES[config.loss]
        self._loss = spec.formulas
        self._has_critic = spec.is_critic
        self._noise = config.instance_noise * (1 - info.progress)
        self._empty = 0.0 if config.data_range == "0..1" else -1.0

    def stages(self, batches: Sequence[Batch]) -> Stages:
        """Take the step in the order that the options ask for."""
        return (
            self.simultaneous(*batches[0]) if self._config.update_order == "simultaneous" else self.alternating(batches)
        )

    def alternating(self, batches: Sequence[Batch]) -> Stages:
        """Let D learn from each batch, then G, as often as the options say."""
        config, gan = self._config, self._gan
        reports, skipped, d_found_inf = [], 0, []
        for number, (real, labels) in enumerate(batches):
            lasts = number == len(batches) - 1 and config.g_batch_source == "same"
            lesson = yield from self._discriminator_step(real, labels, keep_graph=lasts)
            if self._should_skip_d(lesson):
                skipped += 1
                yield stage(StageName.D_UPDATED)
            else:
                gan.d_optimizer.backward(lesson.total)
                d_found_inf.append(gan.d_optimizer.step())
                yield stage(StageName.D_UPDATED, found_inf=d_found_inf[-1])
            reports.append(self._report(lesson))
        g_losses, g_found_inf = [], []
        for _ in range(config.g_steps):
            g_loss, g_total = yield from self._generator_step(lesson)
            gan.g_optimizer.backward(g_total)
            g_found_inf.append(gan.g_optimizer.step())
            yield stage(StageName.G_UPDATED, found_inf=g_found_inf[-1])
            g_losses.append(g_loss.detach())
        return self._summary(reports, g_losses, skipped, d_found_inf, g_found_inf)

    def alone(self, player: Player, real: Tensor, labels: Tensor) -> Stages:
        """Let one ``player`` learn from ``real`` ``[N, C, H, W]`` with ``labels`` ``[N]``; the other one only
        serves it.
        """
        gan, skipped = self._gan, int(player != "d")
        lesson = yield from self._discriminator_step(real, labels, keep_graph=player == "g")
        zero = torch.zeros_like(lesson.loss.detach())
        if player == "d":
            gan.d_optimizer.backward(lesson.total)
            found_inf = gan.d_optimizer.step()
            yield stage(StageName.D_UPDATED, found_inf=found_inf)
            return self._summary([self._report(lesson)], [zero], skipped, [found_inf], [])
        g_loss, g_total = yield from self._generator_step(lesson)
        gan.g_optimizer.backward(g_total)
        found_inf = gan.g_optimizer.step()
        yield stage(StageName.G_UPDATED, found_inf=found_inf)
        return self._summary([self._report(lesson)], [g_loss.detach()], skipped, [], [found_inf])

    def simultaneous(self, real: Tensor, labels: Tensor) -> Stages:
        """Compute both gradients from one forward pass of ``real`` ``[N, C, H, W]`` with ``labels`` ``[N]`` and as many
        generated images, before either player has moved.
        """
        gan = self._gan
        lesson = yield from self._discriminator_step(real, labels, keep_graph=True, through=True)
        g_loss = self._loss.generator(lesson.real.logits.detach(), lesson.fake.logits)
        g_total = g_loss + self._class_loss(lesson.fake, labels)
        yield stage(StageName.G_LOSS, loss=g_loss, total=g_total)
        skipped = self._should_skip_d(lesson)
        d_found_inf = []
        if not skipped:
            gan.d_optimizer.backward(lesson.total, keep_graph=True)
        gan.g_optimizer.backward(g_total)
        if not skipped:
            d_found_inf.append(gan.d_optimizer.step())
        yield stage(StageName.D_UPDATED, **({"found_inf": d_found_inf[0]} if d_found_inf else {}))
        g_found_inf = gan.g_optimizer.step()
        yield stage(StageName.G_UPDATED, found_inf=g_found_inf)
        return self._summary([self._report(lesson)], [g_loss.detach()], int(skipped), d_found_inf, [g_found_inf])

    # --- D's lesson

    def _discriminator_step(
        self, real: Tensor, labels: Tensor, *, keep_graph: bool, through: bool = False
    ) -> Job[Stage, _DiscriminatorPass]:
        """Let D judge ``real`` beside new pictures of the same labels.

        ``keep_graph`` keeps the pictures ready to teach G, ``through`` lets D's verdict on them teach G too.
        """
        config, gan = self._config, self._gan
        opponent = gan.generator if config.eval_opponent else None
        z = yield from self._draw_z(labels)
        with torch.set_grad_enabled(keep_graph), _in_eval_mode(opponent):
            fake = self._generate(z, labels)
        yield stage(StageName.GENERATED, images=fake)
        judged = fake if through else fake.detach()
        real = gan.prepare(real)
        with_r1 = is_r1_step(config, self._info.step)
        real_verdict, fake_verdict = yield from self._verdicts(real, judged, labels, with_r1)
        loss = self._loss.discriminator(real_verdict.logits, fake_verdict.logits, config.label_smoothing)
        loss = 0.5 * loss if config.d_loss_over == "mean" else loss
        total = loss + self._class_loss(real_verdict, labels)
        if with_r1:
            total = total + 0.5 * config.r1_gamma * config.r1_interval * penalties.r1_penalty(real_verdict.logits, real)
        if self._has_critic and config.gp_weight > 0:
            total = total + config.gp_weight * self._critic_penalty(real, judged, labels)
        yield stage(StageName.D_LOSS, loss=loss, total=total)
        return _DiscriminatorPass(loss, total, real_verdict, fake_verdict, fake, labels)

    def _verdicts(
        self, real: Tensor, fake: Tensor, labels: Tensor, with_r1: bool
    ) -> Job[Stage, tuple[DiscriminatorOutput, DiscriminatorOutput]]:
        if with_r1:  # the penalty differentiates twice, which wants float32; and only real images need it
            real.requires_grad_()
        if self._config.concat_real_fake and not with_r1:
            both = self._discriminate(torch.cat([real, fake]), torch.cat([labels, labels])).split(len(real))
            yield stage(StageName.D_ON_REAL, images=real, logits=both[0].logits)
            yield stage(StageName.D_ON_GENERATED, images=fake, logits=both[1].logits)
            return both
        on_real = self._discriminate(real, labels, not with_r1)
        yield stage(StageName.D_ON_REAL, images=real, logits=on_real.logits)
        on_fake = self._discriminate(fake, labels, not with_r1)
        yield stage(StageName.D_ON_GENERATED, images=fake, logits=on_fake.logits)
        return on_real, on_fake

    def _should_skip_d(self, lesson: _DiscriminatorPass) -> bool:
        threshold = self._config.d_skip_loss
        return threshold > 0 and self._gan.dist.all_reduce_mean(lesson.loss).item() < threshold

    def _critic_penalty(self, real: Tensor, fake: Tensor, labels: Tensor) -> Tensor:
        gan = self._gan
        share = torch.rand(len(real), 1, 1, 1, generator=gan.own_random, device=gan.device)
        return penalties.critic_penalty(lambda images: gan.discriminator(images, labels).logits, real, fake, share)

    # --- G's exam

    def _generator_step(self, lesson: _DiscriminatorPass) -> Job[Stage, tuple[Tensor, Tensor]]:
        """Return G's loss as reported and as followed, on D's lesson or on pictures of its own."""
        config, labels = self._config, lesson.labels
        if config.g_batch_source == "same":
            fake = lesson.fake_images
        else:
            copies = 2 if config.g_batch_source == "double" else 1
            labels = torch.cat([labels] * copies)
            z = yield from self._draw_z(labels, copies)
            fake = self._generate(z, labels)
            yield stage(StageName.GENERATED, images=fake)
        with _in_eval_mode(self._gan.discriminator if config.eval_opponent else None):
            verdict = self._discriminate(fake, labels)
        yield stage(StageName.D_AGAIN, images=fake, logits=verdict.logits)
        loss = self._loss.generator(lesson.real.logits.detach(), verdict.logits)
        total = loss + self._class_loss(verdict, labels)
        yield stage(StageName.G_LOSS, loss=loss, total=total)
        return loss, total

    # --- shared

    def _draw_z(self, labels: Tensor, copies: int = 1) -> Job[Stage, Tensor]:
        gan = self._gan
        joined = len(labels) // copies * gan.dist.size
        z = torch.randn(copies, joined, self._config.z_dim, generator=gan.random, device=gan.device)
        z = gan.dist.shard(z, 1).flatten(0, 1)
        yield stage(StageName.Z, z=z, labels=labels)
        return z

    def _generate(self, z: Tensor, labels: Tensor) -> Tensor:
        with self._gan.autocast():
            return self._gan.generate(z, labels).float()

    def _discriminate(self, images: Tensor, labels: Tensor, autocast: bool = True) -> DiscriminatorOutput:
        gan = self._gan
        images = augment(images, self._config.augment, gan.own_random, self._empty)
        if self._noise:
            noise = torch.empty_like(images).normal_(generator=gan.own_random)
            images = images + self._noise * noise
        with gan.autocast(autocast):
            return gan.discriminator(images, labels).float()

    def _class_loss(self, verdict: DiscriminatorOutput, labels: Tensor) -> Tensor | float:
        if self._config.aux_classifier_weight == 0 or verdict.class_logits is None:
            return 0.0
        return self._config.aux_classifier_weight * F.cross_entropy(verdict.class_logits, labels)

    # --- the report

    @torch.no_grad()
    def _report(self, lesson: _DiscriminatorPass) -> Tensor:
        d_real, d_fake = self._loss.verdicts(lesson.real.logits, lesson.fake.logits)
        return torch.stack([lesson.loss.detach(), d_real.mean(), d_fake.mean()])

    @staticmethod
    def _summary(
        reports: list[Tensor],
        g_losses: list[Tensor],
        skipped: int,
        d_found_inf: list[Tensor],
        g_found_inf: list[Tensor],
    ) -> Tensor:
        d_loss, d_real, d_fake = (torch.stack(reports).mean(0) if len(reports) > 1 else reports[0]).unbind()
        g_loss = torch.stack(g_losses).mean() if len(g_losses) > 1 else g_losses[0]
        zero = torch.zeros_like(g_loss)
        return torch.stack(
            [d_loss, g_loss, d_real, d_fake, zero + skipped, sum(d_found_inf, zero), sum(g_found_inf, zero)]
        )


@contextmanager
def _in_eval_mode(network: nn.Module | None) -> Iterator[None]:
    """Put ``network``, if any, into eval mode for as long as this lasts."""
    if network is None:
        yield
        return
    before = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(before)
