"""What trainings took on this machine, and what another one would take. Qt-free; it knows no window."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.config import OPTIONS, Config
from engine.recipes import DEFAULT_RECIPE, RECIPES, Recipe, working

_KEPT = 50
_STEP_SECONDS = 0.5e-3  # that a step takes however small the networks are, on the machine of ``images_per_second``
_GROUPS = ("networks", "loss", "regularization", "balance")
_OTHERS = ("batch_size", "precision", "device", "threads", "dataset", "image_size", "image_color", "classes")


@dataclass(frozen=True)
class Estimate:
    """What a training will take: ``seconds`` is None while nobody has counted the images.

    ``is_measured`` tells that trainings on this machine say so, and not the table of recipes.
    """

    config: Config
    seconds: float | None
    memory: float
    is_measured: bool


@dataclass(frozen=True)
class Measurements:
    """Images/s and bytes of trainings with the same options, the newest last; how fast networks run here, of told."""

    trainings: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Measurements:
        """Read what ``text()`` wrote; anything else is nothing."""
        try:
            content = json.loads(text)
            trainings = {str(key): (_positive(speed), _positive(memory)) for key, (speed, memory) in content[0].items()}
            return cls(trainings, {str(key): _positive(factor) for key, factor in content[1].items()})
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return cls()

    def text(self) -> str:
        """Write everything into a line."""
        return json.dumps([dict(self.trainings), dict(self.factors)])

    def noted(self, config: Config, speed: float, memory: float, told: float) -> Measurements:
        """Return these and a training with ``config``, which the table of recipes told to run at ``told`` images/s.

        A machine that was busy meanwhile says little: a slower speed counts half, also for other trainings.
        """
        before = self.of(config)
        speed_now = _counted(speed, before[0] if before else None)
        trainings = {key: it for key, it in self.trainings.items() if key != _key(config)}
        trainings[_key(config)] = (speed_now, memory)
        return replace(self.timed(config, speed, told), trainings=_newest(trainings))

    def timed(self, config: Config, speed: float, told: float) -> Measurements:
        """Return these and how fast ``config`` was for a moment, beside what the table of recipes told."""
        factors = {key: it for key, it in self.factors.items() if key != _place(config)}
        factors[_place(config)] = _counted(speed / told, self.factors.get(_place(config)))
        return replace(self, factors=_newest(factors))

    def of(self, config: Config) -> tuple[float, float] | None:
        """Return images/s and bytes of a training with the same options, if there was one."""
        return self.trainings.get(_key(config))

    def factor(self, config: Config) -> float | None:
        """Return how fast such networks run here, of what the table tells; other architectures tell it, too."""
        here = [it for key, it in self.factors.items() if key.partition("@")[2] == _place(config).partition("@")[2]]
        return self.factors.get(_place(config), here[-1] if here else None)


def reference(config: Config) -> Recipe:
    """Return the recipe whose measured speed says most about ``config``: its own, or one of the same architecture."""
    own = RECIPES.get(config.recipe, RECIPES[DEFAULT_RECIPE])
    architecture = [recipe for recipe in working() if recipe.architecture == config.architecture]
    return (
        next(iter(architecture), own)
        if own.architecture != config.architecture or own.failure_mode or own.is_own
        else own
    )


def speed_from_table(config: Config, flops: float, reference_flops: float) -> float:
    """Return images/s on the machine of the table of recipes, from the work for an image here and in ``reference``."""
    known = reference(config)
    work = max(1 / known.images_per_second - _STEP_SECONDS / known.config().batch_size, 1e-6)
    return 1 / (work * flops / max(reference_flops, 1.0) + _STEP_SECONDS / config.batch_size)


def _counted(now: float, before: float | None) -> float:
    return now if before is None else max(now, (now + before) / 2)


def _key(config: Config) -> str:
    names = [name for name, option in OPTIONS.items() if option.group in _GROUPS or name in _OTHERS]
    values: dict[str, Any] = {name: getattr(config, name) for name in names}
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def _place(config: Config) -> str:
    return f"{config.architecture}@{config.device}@{config.threads}"


def _positive(value: object) -> float:
    if not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError("not a measured number")
    return float(value)


def _newest(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(list(entries.items())[-_KEPT:])
