"""What is known of an architecture, the networks of both players: one declaration, which all else reads. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

from engine import registry


@dataclass(frozen=True)
class Architecture:
    """``title`` and ``help`` are English source texts; ``networks`` is the module that builds the networks, with
    ``generator(config, facts)`` and ``discriminator(config, facts)`` as ``engine.architectures`` says.

    ``defaults`` are the values that are known to work, where they differ; ``unused`` are options that it does not ask
    for, each with the reason, an English source text, beside those that follow from what is said here.
    ``grace_steps`` are those after which a healthy training draws recognizable and different pictures, with some to
    spare. ``is_conditional``: G draws the label it is asked for. ``reads_classes``: D says which class it sees, so
    that a class loss can be followed. ``is_progressive``: the networks change in the course of the training.
    ``batch_norm_in_d``: one verdict depends on the others of its batch. ``is_multi_scale``: D sees each picture in
    every size at once. ``takes_points``: made for points, and not for pictures. ``channels_last``: trains faster where
    the channels of a pixel lie side by side in memory.
    ``fast_paths`` are those of ``engine.config.fast_paths`` that take the same steps with it.
    """

    name: str
    title: str
    networks: str
    grace_steps: int
    help: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    unused: Mapping[str, str] = field(default_factory=dict)
    is_conditional: bool = False
    reads_classes: bool = False
    is_progressive: bool = False
    batch_norm_in_d: bool = False
    is_multi_scale: bool = False
    takes_points: bool = False
    channels_last: bool = False
    fast_paths: frozenset[str] = frozenset()

    @cached_property
    def builders(self) -> ModuleType:
        """The module that builds the networks, imported now; raises ``UserError`` where it cannot be."""
        return registry.resolve(self.networks, ModuleType)
