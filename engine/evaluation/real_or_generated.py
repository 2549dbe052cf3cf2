"""The game "beat the discriminator": pictures, half of them real, that a person and D tell apart. Knows no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.i18n import tr
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import random_z
from engine.pictures import as_pictures
from engine.runs import Round

COUNT = 20


@dataclass(frozen=True, eq=False)
class Deal:
    """``pictures`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` of ``labels`` ``[N]`` (-1 without), in random order.

    ``is_real`` ``[N]`` is the truth; real ones have their own label, generated ones that which was asked for.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]
    is_real: NDArray[np.bool_]


def deal(session: GeneratorSession, real: ImageData, seed: int, count: int = COUNT) -> Deal:
    """Return ``count`` pictures, half real, of the same classes on both sides; another ``seed`` deals others."""
    random = np.random.Generator(np.random.PCG64(seed))
    chosen = random.choice(len(real.images), count // 2, replace=len(real.images) < count // 2)
    shown = real.labels[chosen] if session.class_count else np.full(len(chosen), -1, np.int64)
    asked = np.resize(shown, count - len(chosen))
    z = random_z(len(asked), session.z_dim, int(random.integers(2**31)))
    pictures = np.concatenate([as_pictures(real.images[chosen]), session.render(z, asked)])
    order = random.permutation(count)
    is_real = np.arange(count) < len(chosen)
    return Deal(pictures[order], np.concatenate([shown, asked])[order], is_real[order])


def guesses(dealt: Deal, opponent: DiscriminatorSession) -> NDArray[np.bool_]:
    """Return ``[N]`` which of the pictures D takes for real; raises ``UserError`` where it cannot tell."""
    verdicts = opponent.ask(dealt.pictures, dealt.labels)
    if verdicts is None:
        raise UserError(
            tr("This discriminator only compares pictures with real ones, which are not at hand."),
            tr("Bring the data set back, or choose a run with another loss."),
        )
    return np.asarray(verdicts >= 0.5)


def played(
    dealt: Deal, answers: Sequence[bool], of_d: NDArray[np.bool_], name: str, epoch: int, seconds: float
) -> Round:
    """Return the round that ``name`` played: an answer (real?) for each picture, those of D ``[N]``, and the time.

    ``RunFolder.add_round`` keeps it.
    """
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    right, d_right = (int((np.asarray(given, bool) == dealt.is_real).sum()) for given in (answers, of_d))
    return Round(name, epoch, len(dealt.is_real), right, d_right, seconds, now)
