"""Make the ghosts: the bands in which the curves of healthy trainings of a recipe lie.

Usage: ``python resources/ghosts/make_ghosts.py [RECIPE …] [--seeds 5] [--share 0.33] [--work FOLDER]``, some minutes of
one core for each training of `studio`. What is trained is kept in the work folder, so that it goes on where it was cut;
recipes that are not named stay as they are. A training in which the diagnosis names a trouble at its end is no ghost.
"""

import argparse
import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.events import MetricsRow, Tick
from engine.ghosts import MANIFEST, SERIES
from engine.recipes import DEFAULT_RECIPE, recipe
from engine.runs import RunFolder
from engine.runs.summary import recorded
from engine.trainer import Trainer

PLACE = Path(__file__).parent
POINTS, EDGES = 60, (5, 95)
HOW = {"threads": 1, "eval_time_percent": 0, "max_branch_mb": 0}


def trained(name: str, seed: int, work: Path, share: float) -> RunFolder:
    """Return a run of the recipe ``name`` of which at least ``share`` (0 to 1) is trained."""
    run = RunFolder(work / f"{name}-{seed}")
    resumes = run.has_state()
    config = run.info().config if resumes else recipe(name).config(seed=seed, **HOW)
    if resumes and run.images_seen() >= share * run.info().total_images:
        return run
    with closing(Trainer(config, run, resume=resumes).run()) as events:
        for event in events:
            if isinstance(event, Tick) and event.images_seen >= share * event.total_images:
                break
    return run


def band(runs: list[RunFolder], share: float) -> dict[str, object]:
    """Return the band of ``runs``: in each of ``POINTS`` stretches of their ``share``, most of all their points."""
    info = runs[0].info()
    columns = [MetricsRow._fields.index(each) for each in SERIES]
    rows = np.concatenate([run.metrics_table() for run in runs])
    epochs = rows[:, MetricsRow._fields.index("images_seen")] / info.facts.image_count
    last = share * info.total_images / info.facts.image_count
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
    parser.add_argument("--share", type=float, default=1.0, help="how much of the training; the band ends there")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "duelo-ghosts")
    asked = parser.parse_args()
    path = PLACE / MANIFEST
    manifest = json.loads(path.read_text()) if path.exists() else {"ghosts": {}}
    for name in asked.recipes:
        runs = [trained(name, seed, asked.work, asked.share) for seed in range(1, asked.seeds + 1)]
        healthy = [run for run in runs if recorded(run).health().state == "healthy"]
        print(f"{name}: {len(healthy)} of {len(runs)} are healthy")
        if healthy:
            manifest["ghosts"][name] = band(healthy, asked.share)
    ghosts = ",\n".join(f"  {json.dumps(name)}: {json.dumps(told)}" for name, told in manifest["ghosts"].items())
    path.write_text(f'{{"ghosts": {{\n{ghosts}\n}}}}\n')


if __name__ == "__main__":
    main()
