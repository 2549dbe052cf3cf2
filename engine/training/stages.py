"""The stages of one step, each with the tensors that are at hand then: what a magnifier shows. Knows no step."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from torch import Tensor

from engine.job import Job


class StageName(StrEnum):
    """What has just been done; in the order of an alternating step, where some come several times."""

    Z = "z"
    """``z`` ``[N, z_dim]`` was drawn; ``labels`` ``[N]`` where the step knows them."""
    GENERATED = "generated"
    """G drew ``images`` ``[N, C, H, W]`` (of several scales where D sees such)."""
    D_ON_REAL = "d_on_real"
    """D looked at real ``images`` and said ``logits`` ``[N]``."""
    D_ON_GENERATED = "d_on_generated"
    """D looked at generated ``images`` and said ``logits`` ``[N]``."""
    D_LOSS = "d_loss"
    """D's ``loss`` as reported, a scalar, and ``total`` with its penalties, which is what it follows."""
    D_UPDATED = "d_updated"
    """D moved: ``found_inf`` is 1 where a gradient was not finite and it did not; nothing where it was skipped."""
    D_AGAIN = "d_again"
    """D, frozen now, looked at the ``images`` that G learns from and said ``logits``."""
    G_LOSS = "g_loss"
    """G's ``loss`` through D, and ``total``."""
    G_UPDATED = "g_updated"
    """G moved, or not, as D above."""


class Stage(NamedTuple):
    """``look`` returns tensors of the step's own by name: now, neither to be changed nor kept beyond the next stage.

    Only who looks pays for it: a step that nobody watches must lose nothing.
    """

    name: StageName
    look: Callable[[], dict[str, Tensor]]


Stages: TypeAlias = Job[Stage, Tensor]
"""A step under way. Its result is what ``GAN.step`` returns, ``[7]``."""


def stage(name: StageName, **tensors: Tensor) -> Stage:
    """Return the stage where ``tensors`` are at hand."""
    return Stage(name, lambda: tensors)
