"""One step under the magnifier, stage by stage as it was told; a person may look back. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.events import StepStage

_DRAWN = ("generated", "d_on_generated", "d_again", "g_updated")
_JUDGING = ("d_on_generated", "d_updated", "d_again", "g_updated")


class JudgedImages(NamedTuple):
    """``images`` ``[N, C, H, W]`` with D's probabilities ``[N]`` of being real, ``before`` a player moved and now."""

    images: NDArray[np.float32]
    before: NDArray[np.float32] | None
    now: NDArray[np.float32] | None


@dataclass(eq=False)
class WatchedStep:
    """The ``stages`` of a step under the options ``config`` so far, of which the one at ``place`` is looked at.

    ``has_classes``: the data of the run have some.
    """

    config: Config
    has_classes: bool = False
    stages: list[StepStage] = field(default_factory=list)
    place: int = -1
    is_over: bool = False

    @property
    def shown(self) -> StepStage | None:
        """The stage that is looked at, None before there is one."""
        return self.stages[self.place] if self.stages else None

    @property
    def is_at_newest(self) -> bool:
        """Whether the newest stage is looked at."""
        return self.place == len(self.stages) - 1

    def add(self, stage: StepStage) -> None:
        """Take up the next stage, and look at it."""
        self.stages.append(stage)
        self.place = len(self.stages) - 1

    def look(self, way: int) -> bool:
        """Look ``way`` stages further on, or back where it is below 0; tells whether there is one that was told."""
        place = self.place + way
        if not 0 <= place < len(self.stages):
            return False
        self.place = place
        return True

    def newest(self, *names: str) -> StepStage | None:
        """Return the last stage of these names up to the one that is looked at."""
        return next((it for it in reversed(self.stages[: self.place + 1]) if it.name in names), None)

    @property
    def real(self) -> JudgedImages | None:
        """The real images of the step, as far as it has come, and D's mind about them."""
        shown = self.newest("d_on_real")
        judged = self.newest("d_updated") or self.newest("d_on_generated")
        if shown is None:
            return None
        minds = {} if judged is None or self._is_older(judged, shown) else judged.arrays
        return JudgedImages(shown.arrays["images"], minds.get("real_before"), minds.get("real_after"))

    @property
    def z(self) -> NDArray[np.float32] | None:
        """The z ``[N, z_dim]`` of which nothing is drawn yet; None where something is."""
        newest = self.newest("z", *_DRAWN)
        return newest.arrays["z"] if newest is not None and newest.name == "z" else None

    @property
    def generated(self) -> JudgedImages | None:
        """The newest generated images, and D's mind about them."""
        shown = self.newest(*_DRAWN)
        if shown is None:
            return None
        images, judged = shown.arrays["images"], self.newest(*_JUDGING)
        minds = {} if judged is None or self._is_older(judged, shown) else judged.arrays
        before, after = minds.get("generated_before", minds.get("verdicts")), minds.get("generated_after")
        fits = before is None or len(before) == len(images)
        return JudgedImages(images, before if fits else None, after if fits else None)

    def activations(self, player: str, layer: str) -> NDArray[np.float32] | None:
        """Return what a layer of ``player`` ("g" or "d") gave last, ``[C, H, W]`` or ``[F]``; None before it worked."""
        told = (it.activations[player] for it in reversed(self.stages[: self.place + 1]) if player in it.activations)
        return next((each[layer] for each in told if layer in each), None)

    def logits(self) -> tuple[float, float] | None:
        """Return what D said of the first real image and of the first generated one, lately."""
        real, generated = self.newest("d_on_real"), self.newest("d_again", "d_on_generated")
        if real is None or generated is None:
            return None
        return float(real.arrays["logits"][0]), float(generated.arrays["logits"][0])

    def _is_older(self, one: StepStage, other: StepStage) -> bool:
        places = {id(stage): place for place, stage in enumerate(self.stages)}
        return places[id(one)] < places[id(other)]
