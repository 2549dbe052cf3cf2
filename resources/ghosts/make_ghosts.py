"""Make the ghosts: the bands in which the curves of healthy trainings of a recipe lie.

Usage: ``python resources/ghosts/make_ghosts.py [NAME …] [--seeds 0,1,2] [--share 0.5] [--work FOLDER]``, a minute of
one core for a training of `mlp-fashion`, some for one of `dcgan-3-8`. What is trained is kept in the work folder: it
goes on where it was cut; ghosts that are not named stay as they are. A training in which the diagnosis names a
trouble at its end is no ghost.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.stats import t as student_t

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.events import MetricsRow, Tick
from engine.ghosts import MANIFEST, SERIES
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.runs.summary import recorded
from engine.trainer import Trainer

PLACE = Path(__file__).parent
DIGITS: dict[str, Any] = {"dataset": "digits"}
GHOSTS: dict[str, tuple[str, dict[str, Any], int]] = {
    "studio": ("studio", {}, 24),
    "studio-lesson": ("studio", {}, 12),
    "studio-fine": ("studio-fine", {}, 24),
    "mlp-digits": ("mlp-fashion", DIGITS, 30),
    "dcgan-3-8-digits": ("dcgan-3-8", DIGITS, 60),
    "dcgan-fashion-digits": ("dcgan-fashion", DIGITS, 10),
    "dcgan-tutorial-digits": ("dcgan-tutorial", DIGITS | {"batch_size": 64}, 30),
    "dcgan-3-8": ("dcgan-3-8", {}, 50),
    "plane-ring": ("plane-ring", {}, 60),
    "plane-grid": ("plane-grid", {}, 150),
    "plane-moons": ("plane-moons", {}, 60),
}
"""Each with its recipe, what a class sets of it where there is no net, and how many epochs that takes.

Of one recipe there may be several lengths, where its learning rates follow them: lesson 1 trains half of `studio`.
"""
POINTS, EDGES = 60, (5, 95)
WINDOW = 0.05
"""Half of the moving window, as a share of what was trained; narrower at the beginning, where much happens."""
SURE, STEADY, FEWEST = 0.95, 9, 3
HOW = {"threads": 1, "eval_time_percent": 0, "max_branch_mb": 0}


def trained(name: str, seed: int, work: Path, share: float) -> RunFolder:
    """Return a run for the ghost ``name`` of which at least ``share`` (0 to 1) is trained."""
    run, (of, options, epochs) = RunFolder(work / f"{name}-{seed}"), GHOSTS[name]
    resumes = run.has_state()
    config = run.info().config if resumes else recipe(of).config(**options, **HOW, epochs=epochs, seed=seed)
    if resumes and run.images_seen() >= share * run.info().total_images:
        return run
    with closing(Trainer(config, run, resume=resumes).run()) as events:
        for event in events:
            if isinstance(event, Tick) and event.images_seen >= share * event.total_images:
                break
    return run


def ghost(name: str, runs: list[RunFolder]) -> dict[str, object]:
    """Return the ghost ``name`` as far as all ``runs`` were trained."""
    info, (of, options, _) = runs[0].info(), GHOSTS[name]
    last = min(min(run.images_seen(), run.info().total_images) for run in runs) / info.facts.image_count
    places = np.linspace(0, last, POINTS)
    bands = np.stack([np.array(list(band(run, places))) for run in runs])  # [runs, places, edges, series]
    low, high = expected(bands[:, :, 0], -1).T, expected(bands[:, :, 1], 1).T
    return {
        "recipe": of,
        "options": options,
        "seeds": [run.info().config.seed for run in runs],
        "total_images": info.total_images,
        "epochs": places.round(4).tolist(),
        "low": low.round(4).tolist(),
        "high": high.round(4).tolist(),
    }


def expected(edges: np.ndarray, way: int) -> np.ndarray:
    """Return where the edge of nine of ten further runs lies, ``[places, series]``, of that of some ``[runs, …]``.

    The fewer there are, the less is known of others: a prediction interval, and at least the outermost of them. What
    is never below 0, or above 1, stays so.
    """
    count = len(edges)
    spread = edges.std(0, ddof=1) * student_t.ppf(SURE, count - 1) * np.sqrt(1 + 1 / count)
    steady = uniform_filter1d(spread, STEADY, axis=0, mode="nearest")  # that of a few at one place is left to chance
    outermost = (way * edges).max(0)
    found = way * np.maximum(way * edges.mean(0) + steady, outermost)
    found[:, 2:] = found[:, 2:].clip(0, 1)
    return np.maximum(found, 0) if edges.min() >= 0 else found


def band(run: RunFolder, places: np.ndarray) -> Iterator[np.ndarray]:
    """Yield for each of ``places``, in epochs, between which values ``[2, 4]`` most points around it lie."""
    rows = run.metrics_table()
    epochs = rows[:, MetricsRow._fields.index("images_seen")] / run.info().facts.image_count
    series = rows[:, [MetricsRow._fields.index(each) for each in SERIES]]
    for place in places:
        away = np.abs(epochs - place)
        reach = max(min(WINDOW * places[-1], place), places[1], away.min())
        yield np.percentile(series[away <= reach], EDGES, axis=0)


def main() -> None:
    """Train what is missing and write the manifest anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(GHOSTS)}; all without any")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the training, at least")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "duelo-ghosts")
    asked = parser.parse_args()
    path = PLACE / MANIFEST
    for name in asked.names or GHOSTS:
        runs = [trained(name, seed, asked.work, asked.share) for seed in map(int, asked.seeds.split(","))]
        healthy = [run for run in runs if not recorded(run).health().diagnoses]
        print(f"{name}: {len(healthy)} of {len(runs)} are in no trouble", flush=True)
        if len(healthy) >= FEWEST:
            keep(path, ghost(name, healthy))


def keep(path: Path, made: dict[str, object]) -> None:
    """Put what was ``made`` into the manifest, in the place of one of the same recipe, options and length."""
    ghosts = json.loads(path.read_text())["ghosts"] if path.exists() else []
    others = [it for it in ghosts if any(it[name] != made[name] for name in ("recipe", "options", "total_images"))]
    lines = ",\n".join(f"  {json.dumps(it)}" for it in [*others, made])
    path.write_text(f'{{"ghosts": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
