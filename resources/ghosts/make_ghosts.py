"""Make the ghosts: the bands in which the curves of healthy trainings of a recipe lie.

Usage: ``python resources/ghosts/make_ghosts.py [RECIPE …] [--seeds 5] [--work FOLDER]``, some minutes of one core for
each training of `studio`. What is trained is kept in the work folder, so that it goes on where it was cut; recipes that
are not named stay as they are. A training in which the diagnosis names a trouble at its end is no ghost.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.events import MetricsRow
from engine.ghosts import MANIFEST, SERIES
from engine.recipes import DEFAULT_RECIPE, recipe
from engine.runs import RunFolder
from engine.runs.summary import recorded
from engine.trainer import Trainer

PLACE = Path(__file__).parent
POINTS, EDGES = 60, (5, 95)
HOW = {"threads": 1, "eval_time_percent": 0, "max_branch_mb": 0}


def trained(name: str, seed: int, work: Path) -> RunFolder:
    """Return a run of the recipe ``name`` that is trained to its end."""
    run = RunFolder(work / f"{name}-{seed}")
    resumes = run.has_state()
    config = run.info().config if resumes else recipe(name).config(seed=seed, **HOW)
    for _ in Trainer(config, run, resume=resumes).run():
        pass
    return run


def band(name: str, runs: list[RunFolder]) -> dict[str, object]:
    """Return the band of ``runs``: in each of ``POINTS`` stretches of the training, most of all their points."""
    info = runs[0].info()
    columns = [MetricsRow._fields.index(each) for each in SERIES]
    rows = np.concatenate([run.metrics_table() for run in runs])
    epochs = rows[:, MetricsRow._fields.index("images_seen")] / info.facts.image_count
    last = info.total_images / info.facts.image_count
    stretches = [np.flatnonzero((epochs > a) & (epochs <= b)) for a, b in zip(*edges(last), strict=True)]
    low, high = (
        [[round(float(np.percentile(rows[stretch, column], edge)), 4) for stretch in stretches] for column in columns]
        for edge in EDGES
    )
    middles = [round(float((a + b) / 2), 4) for a, b in zip(*edges(last), strict=True)]
    middles[0], middles[-1] = 0.0, round(last, 4)
    seeds = [run.info().config.seed for run in runs]
    return {"seeds": seeds, "total_images": info.total_images, "epochs": middles, "low": low, "high": high}


def edges(last: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where the stretches begin and end."""
    whole = np.linspace(0, last, POINTS + 1)
    return whole[:-1], whole[1:]


def main() -> None:
    """Train what is missing and write the manifest anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", default=[DEFAULT_RECIPE])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "duelo-ghosts")
    asked = parser.parse_args()
    path = PLACE / MANIFEST
    manifest = json.loads(path.read_text()) if path.exists() else {"ghosts": {}}
    for name in asked.recipes:
        runs = [trained(name, seed, asked.work) for seed in range(1, asked.seeds + 1)]
        healthy = [run for run in runs if recorded(run).health().state == "healthy"]
        print(f"{name}: {len(healthy)} of {len(runs)} are healthy")
        if healthy:
            manifest["ghosts"][name] = band(name, healthy)
    ghosts = ",\n".join(f"  {json.dumps(name)}: {json.dumps(told)}" for name, told in manifest["ghosts"].items())
    path.write_text(f'{{"ghosts": {{\n{ghosts}\n}}}}\n')


if __name__ == "__main__":
    main()
