"""Make the strips of the knob cards: what one option does, by short trainings that differ in nothing else.

Usage: ``python resources/knobs/make_knobs.py [--only d_lr,batch_size] [--most N] [--work FOLDER]``, half an hour of one
core in all. What is trained is kept in the work folder, so that it goes on where it was cut; ``knobs.json`` and the
strips that are complete are written anew from it, the others stay as they are.
"""

import argparse
import datetime
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.config import Config
from engine.diagnosis import Recorded
from engine.events import MetricsRow, NotFinite
from engine.knob_strips import MANIFEST
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import tile
from engine.recipes import RECIPES
from engine.runs import MemoryRun
from engine.trainer import Trainer
from engine.training.checkpoint import network_state

PLACE = Path(__file__).parent
IMAGES, SEED, RECIPE = 24_000, 0, "studio"
COLUMNS, ROWS, GAP = 5, 4, 1
SHOWN_COLUMNS = 4
LEVELS = 16  # shades of gray that are kept: PNG makes half of it, and nobody sees the difference


class Sweep(NamedTuple):
    """The options that have one and the same value in each training, and these values."""

    options: tuple[str, ...]
    values: tuple[float, ...]


SWEEPS = {
    "g_lr": Sweep(("g_lr",), (4e-5, 4e-4, 1.5e-3, 4e-3, 1e-2, 5e-2, 0.3)),
    "d_lr": Sweep(("d_lr",), (1e-5, 1e-4, 4e-4, 1.2e-3, 4e-3, 1.2e-2, 5e-2)),
    "beta1": Sweep(("g_beta1", "d_beta1"), (0.0, 0.25, 0.5, 0.75, 0.9, 0.98)),
    "batch_size": Sweep(("batch_size",), (8, 16, 32, 64, 128, 256, 512)),
    "d_steps": Sweep(("d_steps",), (1, 2, 3, 5, 8)),
    "r1_gamma": Sweep(("r1_gamma",), (0.0, 0.2, 2.0, 20.0, 200.0)),
    "label_smoothing": Sweep(("label_smoothing",), (0.0, 0.1, 0.2, 0.3, 0.5)),
    "instance_noise": Sweep(("instance_noise",), (0.0, 0.1, 0.25, 0.5, 1.0)),
    "ema_halflife_kimg": Sweep(("ema_halflife_kimg",), (0.0, 1.0, 5.0, 20.0, 100.0)),
    "d_channels": Sweep(("d_channels",), (6, 12, 24, 48, 96)),
}


def main() -> None:
    """Train what is not trained yet, and write the strips."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default=",".join(SWEEPS), help="names of strips, with commas between them")
    asked.add_argument("--most", type=int, default=sys.maxsize, help="at most so many trainings now")
    asked.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "duelo-knobs")
    given = asked.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    names = [name for name in given.only.split(",") if name]
    wanted = [(name, value) for name in names for value in SWEEPS[name].values]
    left = [each for each in wanted if not places(config_of(*each), given.work)[1].exists()][: given.most]
    for done, (name, value) in enumerate(left, 1):
        begin = time.perf_counter()
        told = trained(config_of(name, value), given.work)
        print(
            f"{done}/{len(left)}  {name} = {value:g}: Fréchet {told['frechet'] or 0:.1f}, {told['state']}"
            f" {' '.join(each['failure_mode'] for each in told['troubles'])} ({time.perf_counter() - begin:.0f} s)",
            flush=True,
        )
    write_strips(given.work)


def config_of(name: str, value: float) -> Config:
    """Return the options of one training of the strip ``name``."""
    chosen = dict.fromkeys(SWEEPS[name].options, value)
    length = {"total_images": IMAGES, "epochs": 5, "seed": SEED, "threads": 1, "eval_time_percent": 25.0}
    return RECIPES[RECIPE].config(**length, **chosen)


def places(config: Config, work: Path) -> tuple[Path, Path]:
    """Return where picture and record of a training with ``config`` are kept; equal options, equal places."""
    name = hashlib.sha256(json.dumps(config.model_dump(), sort_keys=True).encode()).hexdigest()[:16]
    return work / f"{name}.png", work / f"{name}.json"


def trained(config: Config, work: Path) -> dict[str, Any]:
    """Return the record of a training with ``config``, made now where it is not kept in ``work``."""
    picture, record = places(config, work)
    if not record.exists():
        pixels, told = train(config)
        Image.fromarray(pixels).save(picture)
        record.write_text(json.dumps(told), "utf-8")
    return dict(json.loads(record.read_text("utf-8")))


def train(config: Config) -> tuple[np.ndarray, dict[str, Any]]:
    """Train, and return what G draws at the end, and what is to be told of it."""
    run = MemoryRun()
    trainer = Trainer(config, run)
    broke = None
    with closing(trainer.run()) as events:
        for event in events:
            broke = event.images_seen if isinstance(event, NotFinite) else broke
    session = trainer.session
    assert session is not None
    facts, seen = session.info.facts, session.state.images_seen
    explorer = GeneratorSession(config, facts)
    explorer.load(network_state(session.gan.ema.network))
    labels = label_cycle(COLUMNS * ROWS, len(facts.class_names))
    pixels = tile(explorer.render(random_z(len(labels), config.z_dim, SEED), labels), COLUMNS, GAP)
    columns = np.array(run.metrics(), float).reshape(-1, len(MetricsRow._fields))
    health = Recorded(config, facts, columns, run.qualities(), not_finite=broke).health()
    looks = run.qualities()
    told = {
        "images_seen": seen,
        "epoch_images": facts.image_count,
        "frechet": looks[-1].frechet if looks and broke is None else None,
        "accuracy": looks[-1].accuracy if looks and broke is None else None,
        "recall": looks[-1].recall if looks and broke is None else None,
        "frechet_real": looks[-1].frechet_real if looks else None,
        "state": health.state,
        "troubles": [
            {
                "failure_mode": each.failure_mode,
                "evidence": [[sign.sign, sign.since, sign.until, list(sign.numbers)] for sign in each.evidence],
            }
            for each in health.diagnoses
        ],
        "date": datetime.date.today().isoformat(),
    }
    return pixels, told


def write_strips(work: Path) -> None:
    """Write each strip that is complete, and all that is told of it."""
    path = PLACE / MANIFEST
    strips = json.loads(path.read_text("utf-8"))["strips"] if path.exists() else {}
    strips |= dict(complete(work))
    facts = {"recipe": RECIPE, "images": IMAGES, "seed": SEED}
    ordered = {name: strips[name] for name in SWEEPS if name in strips}
    path.write_text(json.dumps(facts | {"strips": ordered}, indent=1) + "\n", "utf-8")


def complete(work: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Save the picture of each strip all of whose trainings are kept, and yield what is told of it."""
    for name, sweep in SWEEPS.items():
        kept = [places(config_of(name, value), work) for value in sweep.values]
        if all(record.exists() for _, record in kept):
            pictures = np.concatenate([narrow(np.asarray(Image.open(picture))) for picture, _ in kept], axis=1)
            shades = np.rint(pictures / 255 * (LEVELS - 1)) * (255 / (LEVELS - 1))
            small = Image.fromarray(np.rint(shades).astype(np.uint8)).quantize(LEVELS)
            small.save(PLACE / f"{name}.png", optimize=True, bits=4)
            told = [json.loads(record.read_text("utf-8")) for _, record in kept]
            values = [{"value": value} | each for value, each in zip(sweep.values, told, strict=True)]
            yield name, {"options": sweep.options, "values": values}


def narrow(picture: np.ndarray) -> np.ndarray:
    """Lay the digits of ``picture`` out in fewer columns, so that seven of them have room beside each other."""
    side = (picture.shape[0] + GAP) // ROWS - GAP
    digits = [
        picture[row : row + side, column : column + side]
        for row in range(0, picture.shape[0], side + GAP)
        for column in range(0, picture.shape[1], side + GAP)
    ]
    return tile(np.stack(digits), SHOWN_COLUMNS, GAP)


if __name__ == "__main__":
    main()
