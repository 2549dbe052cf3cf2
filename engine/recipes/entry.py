"""What a recipe is. Knows no recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.config import Config, option
from engine.datasets.sets import dataset

_USUAL_COUNT = 10_000  # images of a set of which only its file tells how many there are


@dataclass(frozen=True)
class Recipe:
    """``title``, ``summary``, ``expect`` and ``against_source``, what differs from published material and how much
    that matters, are English source texts; ``options`` differ from what goes with its architecture and loss.

    ``images_per_second`` was measured with ``bench`` on two cores and only serves to say how long it takes.
    ``failure_mode`` is the name of what goes wrong, where a recipe is made to fail. ``is_own``: a person made
    it, and its texts are theirs.
    """

    name: str
    title: str
    summary: str
    expect: str
    images_per_second: float
    options: Mapping[str, Any] = field(default_factory=dict)
    failure_mode: str = ""
    against_source: str = ""
    is_own: bool = False

    @property
    def explanation(self) -> tuple[str, ...]:
        """What it shows, what to expect, and what differs from its source where it has one: English source texts."""
        return tuple(filter(None, (self.summary, self.expect, self.against_source)))

    @property
    def architecture(self) -> str:
        """The architecture of its networks."""
        return str(self.options.get("architecture", option("architecture").default))

    def config(self, **values: Any) -> Config:
        """Return the recipe's complete config with ``values`` changed; raises ``UserError``.

        Another architecture or loss brings its own values along, save where the recipe or ``values`` say otherwise.
        """
        if not values:
            return self._usual
        chosen = {name: str(values[name]) for name in ("architecture", "loss") if name in values}
        return self._usual.adapted(**chosen).given(**values)

    @cached_property
    def _usual(self) -> Config:
        """Every run that is listed is compared with it."""
        return Config.of({"recipe": self.name, **self.options})

    def length_on(self, image_count: int, epochs: int = 0) -> dict[str, int]:
        """Return the options of length for a data set of ``image_count`` images; ``epochs`` 0 lets the recipe choose.

        A small set is passed until as many images have been seen as the recipe sees of its own data; samples and
        checkpoints come as often in all as there.
        """
        own = self.config()
        source, limit = dataset(own.dataset), own.max_images or image_count
        share = len(own.classes) / len(source.class_names) if own.classes else 1.0
        if not epochs:
            images = own.epochs * min((source.image_count or _USUAL_COUNT) * share, own.max_images or math.inf)
            passes = math.ceil(images / max(min(image_count, limit), 1))
            epochs = min(max(own.epochs, passes), int(option("epochs").maximum or passes))
        every = max(1, epochs // own.epochs)
        return {"epochs": epochs, "sample_every": every, "checkpoint_every": every}
