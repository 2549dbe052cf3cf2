"""What is known of a loss: one declaration, which rules, form, remedies and diagnosis read. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine import registry

if TYPE_CHECKING:
    from engine.losses.formulas import Formulas


@dataclass(frozen=True)
class Loss:
    """``title`` and ``help`` are English source texts; ``where`` says where its ``Formulas`` are, "module:name".

    ``absurd`` is a size that it reaches only when the weights were thrown far away. ``has_targets``: D is told to give
    real images 1 and generated ones 0. ``compares``: a logit alone has no zero point, D only says which of two images
    is more real. ``is_critic``: its marks have no limit either, so that only a penalty keeps them small. ``defaults``
    are the values that go with it in any architecture. ``d_formula`` and ``g_formula`` say what the loss of one pair
    is, ``r`` being D's logit of the real and ``g`` that of the generated picture. ``fast_paths`` are those of
    ``engine.config.fast_paths`` that take the same steps with it.
    """

    name: str
    title: str
    where: str
    absurd: float
    help: str = ""
    has_targets: bool = False
    compares: bool = False
    is_critic: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    d_formula: str = ""
    g_formula: str = ""
    fast_paths: frozenset[str] = frozenset()

    @cached_property
    def formulas(self) -> Formulas:
        """What each player minimizes, imported now; raises ``UserError`` where it cannot be."""
        from engine.losses.formulas import Formulas

        return registry.resolve(self.where, Formulas)
