"""Makes a search of many trials at once, so that a benchmark of its page need not train them. Knows no Qt."""

from __future__ import annotations

import numpy as np

from engine.runs.pictures import to_png
from engine.search.records import Measure

SIZE = 64
_GRID = (10 * SIZE, 10 * SIZE, 3)


def make_search(count: int, seconds: float) -> str:
    """Begin a search over the faces in the home whose first ``count`` trials have ended; return its name.

    A trial trains for ``seconds``. Of each there is what a real one leaves: values, measures and a picture.
    """
    from engine.recipes import RECIPES
    from engine.search import knobs
    from engine.search.opening import join
    from engine.search.plan import LOOKS, Plan

    config = RECIPES["faces"].config(seed=0)
    plan = Plan(config, knobs.parse(["d_lr", "g_lr", "r1_gamma"], config), seconds=seconds)
    chance = np.random.default_rng(0)
    study = join(plan)
    for number in range(count):
        _try(study, seconds, [400.0 / look + number for look in range(1, LOOKS + 1)], chance)
    study.close()
    return study.name


def _try(study: object, seconds: float, distances: list[float], chance: np.random.Generator) -> None:
    from engine.search.evaluators import cut
    from engine.search.study import SearchStudy

    assert isinstance(study, SearchStudy)
    trial = study.ask()
    study.claim(trial)
    path = study.folder / f"trial-{trial.number:04d}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_png(cut(chance.integers(0, 256, _GRID, np.uint8), SIZE)))
    study.note(trial, thumbnail=path, seconds=seconds)
    looks = len(distances)
    measures = [
        Measure(look / looks, look * 1000, look * seconds / looks, distance, 3.0, 0.8, 0.5)
        for look, distance in enumerate(distances, 1)
    ]
    for look in range(1, looks + 1):
        study.report(trial, look, measures[:look])
    study.finish(trial, distances[-1])
