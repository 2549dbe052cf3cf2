"""The moves of one step: who learns from which images, in which order, and what is reported of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures.verdict import Verdict
from engine.config import Config
from engine.losses import LOSSES, penalties
from engine.losses.augment import augment

if TYPE_CHECKING:
    from engine.training.duel import Duel

Batch = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Moment:
    """When a step happens: its number from 0, the images_seen with its own, the share (0 to 1) of the training done
    before it, and the factor of both learning rates.
    """

    step: int
    images_seen: int
    share: float
    lr_factor: float


@dataclass
class _Lesson:
    """What D was taught: its loss as reported, and as followed with its penalties; the images and what D said."""

    loss: Tensor
    total: Tensor
    real: Verdict
    fake: Verdict
    fake_images: Tensor
    labels: Tensor


def takes_r1(config: Config, step: int) -> bool:
    """Whether D's lesson of this step includes the R1 penalty."""
    return config.r1_gamma > 0 and step % config.r1_interval == 0


class Play:
    """One step of a ``Duel`` under the options of ``config``."""

    def __init__(self, duel: Duel, config: Config, moment: Moment) -> None:
        self._duel = duel
        self._config = config
        self._moment = moment
        spec = LOSSES[config.loss]
        self._loss = spec.formulas
        self._has_critic = spec.is_critic
        self._noise = config.instance_noise * (1 - moment.share)
        self._empty = 0.0 if config.data_range == "0..1" else -1.0

    def in_turn(self, batches: Sequence[Batch]) -> Tensor:
        """Let D learn from each batch, then G, as often as the options say."""
        config, duel = self._config, self._duel
        reports, skipped, d_unfit = [], 0, []
        for number, (real, labels) in enumerate(batches):
            lasts = number == len(batches) - 1 and config.g_noise == "same"
            lesson = self._lesson(real, labels, keep_graph=lasts)
            if self._d_may_rest(lesson):
                skipped += 1
            else:
                duel.d_optimiser.backward(lesson.total)
                d_unfit.append(duel.d_optimiser.update())
            reports.append(self._report(lesson))
        g_losses, g_unfit = [], []
        for _ in range(config.g_steps):
            g_loss, g_total = self._exam(lesson)
            duel.g_optimiser.backward(g_total)
            g_unfit.append(duel.g_optimiser.update())
            g_losses.append(g_loss.detach())
        return self._summary(reports, g_losses, skipped, d_unfit, g_unfit)

    def both_at_once(self, real: Tensor, labels: Tensor) -> Tensor:
        """Compute both gradients from one forward pass, before either player has moved."""
        duel = self._duel
        lesson = self._lesson(real, labels, keep_graph=True, through=True)
        g_loss = self._loss.generator(lesson.real.logits.detach(), lesson.fake.logits)
        skipped = self._d_may_rest(lesson)
        d_unfit = []
        if not skipped:
            duel.d_optimiser.backward(lesson.total, keep_graph=True)
        duel.g_optimiser.backward(g_loss + self._class_loss(lesson.fake, labels))
        if not skipped:
            d_unfit.append(duel.d_optimiser.update())
        g_unfit = duel.g_optimiser.update()
        return self._summary([self._report(lesson)], [g_loss.detach()], int(skipped), d_unfit, [g_unfit])

    # --- D's lesson

    def _lesson(self, real: Tensor, labels: Tensor, *, keep_graph: bool, through: bool = False) -> _Lesson:
        """Let D judge ``real`` beside new pictures of the same labels.

        ``keep_graph`` keeps the pictures ready to teach G, ``through`` lets D's verdict on them teach G too.
        """
        config, duel = self._config, self._duel
        opponent = duel.generator if config.eval_opponent else None
        with torch.set_grad_enabled(keep_graph), _in_eval_mode(opponent):
            fake = self._pictures(labels)
        judged = fake if through else fake.detach()
        real = duel.prepare(real)
        with_r1 = takes_r1(config, self._moment.step)
        real_verdict, fake_verdict = self._verdicts(real, judged, labels, with_r1)
        loss = self._loss.discriminator(real_verdict.logits, fake_verdict.logits, config.label_smoothing)
        loss = 0.5 * loss if config.d_loss_over == "mean" else loss
        total = loss + self._class_loss(real_verdict, labels)
        if with_r1:
            total = total + 0.5 * config.r1_gamma * config.r1_interval * penalties.r1_penalty(real_verdict.logits, real)
        if self._has_critic and config.gp_weight > 0:
            total = total + config.gp_weight * self._critic_penalty(real, judged, labels)
        return _Lesson(loss, total, real_verdict, fake_verdict, fake, labels)

    def _verdicts(self, real: Tensor, fake: Tensor, labels: Tensor, with_r1: bool) -> tuple[Verdict, Verdict]:
        if with_r1:  # the penalty differentiates twice, which wants float32; and only real images need it
            real.requires_grad_()
            return self._judge(real, labels, False), self._judge(fake, labels, False)
        if not self._config.joined_batch:
            return self._judge(real, labels), self._judge(fake, labels)
        return self._judge(torch.cat([real, fake]), torch.cat([labels, labels])).split(len(real))

    def _d_may_rest(self, lesson: _Lesson) -> bool:
        threshold = self._config.d_skip_below
        return threshold > 0 and self._duel.world.mean(lesson.loss).item() < threshold

    def _critic_penalty(self, real: Tensor, fake: Tensor, labels: Tensor) -> Tensor:
        duel = self._duel
        share = torch.rand(len(real), 1, 1, 1, generator=duel.own_random, device=duel.device)
        return penalties.critic_penalty(lambda images: duel.discriminator(images, labels).logits, real, fake, share)

    # --- G's exam

    def _exam(self, lesson: _Lesson) -> tuple[Tensor, Tensor]:
        """Return G's loss as reported and as followed, on D's lesson or on pictures of its own."""
        config, labels = self._config, lesson.labels
        if config.g_noise == "same":
            fake = lesson.fake_images
        else:
            copies = 2 if config.g_noise == "double" else 1
            labels = torch.cat([labels] * copies)
            fake = self._pictures(labels, copies)
        with _in_eval_mode(self._duel.discriminator if config.eval_opponent else None):
            verdict = self._judge(fake, labels)
        loss = self._loss.generator(lesson.real.logits.detach(), verdict.logits)
        return loss, loss + self._class_loss(verdict, labels)

    # --- shared

    def _pictures(self, labels: Tensor, copies: int = 1) -> Tensor:
        duel = self._duel
        joined = len(labels) // copies * duel.world.size
        z = torch.randn(copies, joined, self._config.z_dim, generator=duel.random, device=duel.device)
        z = duel.world.share(z, 1).flatten(0, 1)
        with duel.autocast():
            return duel.generate(z, labels).float()

    def _judge(self, images: Tensor, labels: Tensor, autocast: bool = True) -> Verdict:
        duel = self._duel
        images = augment(images, self._config.augment, duel.own_random, self._empty)
        if self._noise:
            noise = torch.empty_like(images).normal_(generator=duel.own_random)
            images = images + self._noise * noise
        with duel.autocast(autocast):
            return duel.discriminator(images, labels).float()

    def _class_loss(self, verdict: Verdict, labels: Tensor) -> Tensor | float:
        if self._config.class_weight == 0 or verdict.class_logits is None:
            return 0.0
        return self._config.class_weight * F.cross_entropy(verdict.class_logits, labels)

    # --- the report

    @torch.no_grad()
    def _report(self, lesson: _Lesson) -> Tensor:
        d_real, d_fake = self._loss.verdicts(lesson.real.logits, lesson.fake.logits)
        return torch.stack([lesson.loss.detach(), d_real.mean(), d_fake.mean()])

    @staticmethod
    def _summary(
        reports: list[Tensor], g_losses: list[Tensor], skipped: int, d_unfit: list[Tensor], g_unfit: list[Tensor]
    ) -> Tensor:
        d_loss, d_real, d_fake = (torch.stack(reports).mean(0) if len(reports) > 1 else reports[0]).unbind()
        g_loss = torch.stack(g_losses).mean() if len(g_losses) > 1 else g_losses[0]
        zero = torch.zeros_like(g_loss)
        return torch.stack([d_loss, g_loss, d_real, d_fake, zero + skipped, sum(d_unfit, zero), sum(g_unfit, zero)])


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
