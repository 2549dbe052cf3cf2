"""One run is one folder; this is the only code that knows its file names. Knows no torch: weights pass as numpy.

    config.json                        options, live changes and facts about the data, with a schema version
    metrics.csv                        one line per ``log_every`` steps and at each epoch's end
    samples/noise.safetensors          z and labels of the sample grid, the same every epoch
    samples/epoch-0001.png             the grid of each epoch
    checkpoints/generator-0001.safetensors   the averaged generator of each epoch
    checkpoints/state-000000005056.safetensors   all that resuming needs (the newest two are kept)
    log.txt                            what happened, line by line

Nothing in it is a pickle. Every file is written to a temporary name, flushed and renamed, except the two
that only grow (metrics.csv, log.txt): a reader ignores their torn last line and resuming cuts them back.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine import __version__, files
from engine.config import Config
from engine.data.facts import DataFacts
from engine.errors import UserError
from engine.events import MetricsRow
from engine.i18n import tr

SCHEMA = 1
_STATES_KEPT = 2
_MAX_JSON_BYTES = 4 * 2**20
_MAX_TENSOR_FILE_BYTES = 4 * 2**30

Arrays = dict[str, NDArray[Any]]


@dataclass
class RunInfo:
    """The contents of ``config.json``; ``changes`` are (images_seen, option, value) in order."""

    config: Config
    facts: DataFacts
    changes: list[tuple[int, str, float]] = field(default_factory=list)

    @property
    def total_images(self) -> int:
        """Real images of the whole training, fixed before the learning rates begin to fall."""
        return self.config.total_images or self.config.epochs * self.facts.image_count


class RunFolder:
    """Reads and writes one run. Reading raises ``UserError`` on anything missing, damaged or newer."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._samples = self.path / "samples"
        self._checkpoints = self.path / "checkpoints"

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    # --- the folder

    def exists(self) -> bool:
        """Whether a run was begun here."""
        return (self.path / "config.json").is_file()

    def create(self) -> None:
        """Make the folders of a new run; raises ``UserError`` where a run lies already or nothing may be written."""
        if self.exists():
            raise UserError(
                tr("“{path}” already holds a run.", path=self.path),
                tr("Add --resume to go on with it, or give another folder with --run."),
            )
        for folder in (self.path, self._samples, self._checkpoints):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise files.disk_error(folder, error) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run for one writer; raises ``UserError`` when another process trains in it."""
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UserError(
                tr("The run “{path}” is being trained by another Duelo.", path=self.path),
                tr("Stop it there, or choose another run."),
            ) from None
        except OSError as error:
            raise files.disk_error(self.path, error) from error
        try:
            yield
        finally:
            lock.release()

    # --- config.json

    def save_info(self, info: RunInfo) -> None:
        """Write ``config.json``; raises ``DiskError``."""
        content = {
            "schema": SCHEMA,
            "duelo": __version__,
            "config": info.config.model_dump(mode="json"),
            "facts": asdict(info.facts),
            "changes": info.changes,
        }
        files.write_atomically(self.path / "config.json", json.dumps(content, indent=2).encode())

    def info(self) -> RunInfo:
        """Read ``config.json``; raises ``UserError`` when missing, damaged or from a newer Duelo."""
        path = self.path / "config.json"
        if not path.is_file():
            raise UserError(
                tr("“{path}” holds no run: config.json is missing.", path=self.path),
                tr("Give the folder that “train” wrote, the one with config.json in it."),
            )
        try:
            if path.stat().st_size > _MAX_JSON_BYTES:
                raise ValueError("too large")
            content = json.loads(path.read_text(encoding="utf-8"))
            schema = int(content["schema"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._damaged(path) from error
        if schema > SCHEMA:
            raise UserError(
                tr(
                    "The run “{path}” was made by a newer Duelo ({version}).",
                    path=self.path,
                    version=content.get("duelo"),
                ),
                tr("Update Duelo to open it."),
            )
        try:
            facts = content["facts"]
            return RunInfo(
                Config.parse(content["config"]),
                DataFacts(
                    _bounded(facts["image_count"], 1, 10**9),
                    tuple(str(name) for name in facts["class_names"])[:1000],
                    _bounded(facts["channels"], 1, 3),
                    _bounded(facts["size"], 4, 1024),
                ),
                [(int(images), str(name), float(value)) for images, name, value in content["changes"]],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(path) from error

    # --- metrics.csv and log.txt

    def append_metrics(self, rows: Sequence[MetricsRow]) -> None:
        """Append rows to ``metrics.csv``; raises ``DiskError``."""
        path = self.path / "metrics.csv"
        header = "" if path.exists() else ",".join(MetricsRow._fields) + "\n"
        files.append(path, header + "".join(_format_row(row) for row in rows))

    def metrics(self) -> list[MetricsRow]:
        """Read ``metrics.csv`` up to its first torn or foreign line; an absent file is an empty list."""
        rows: list[MetricsRow] = []
        try:
            with open(self.path / "metrics.csv", encoding="utf-8", errors="replace") as file:
                next(file, "")
                for line in file:
                    if not line.endswith("\n"):
                        break
                    rows.append(_parse_row(line))
        except FileNotFoundError:
            return []
        except (ValueError, OverflowError):
            return rows
        except OSError as error:
            raise self._damaged(self.path / "metrics.csv") from error
        return rows

    def cut_metrics(self, step: int) -> None:
        """Drop the rows after ``step``: they were written after the checkpoint that training resumes from."""
        rows = [row for row in self.metrics() if row.step <= step]
        text = ",".join(MetricsRow._fields) + "\n" + "".join(_format_row(row) for row in rows)
        files.write_atomically(self.path / "metrics.csv", text.encode())

    def log(self, text: str) -> None:
        """Append a dated line to ``log.txt``; raises ``DiskError``."""
        files.append(self.path / "log.txt", f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}\n")

    # --- samples

    def save_noise(self, arrays: Arrays) -> None:
        """Write the z float32 ``[N, z_dim]`` and labels int64 ``[N]`` of the sample grid."""
        files.write_atomically(self._samples / "noise.safetensors", save(arrays))

    def noise(self) -> Arrays:
        """Read what ``save_noise`` wrote; raises ``UserError``."""
        return self._read_tensors(self._samples / "noise.safetensors")[0]

    def save_samples(self, epoch: int, grid: NDArray[np.uint8]) -> Path:
        """Write the grid uint8 ``[H, W]`` or ``[H, W, 3]`` of ``epoch`` as PNG and return its path."""
        path = self._samples / f"epoch-{epoch:04d}.png"
        buffer = BytesIO()
        Image.fromarray(grid).save(buffer, format="PNG")
        files.write_atomically(path, buffer.getvalue())
        return path

    def sample_files(self) -> dict[int, Path]:
        """Return the grid files by epoch, in order."""
        return self._numbered(self._samples, r"epoch-(\d+)\.png")

    # --- checkpoints

    def save_generator(self, epoch: int, state: Arrays) -> None:
        """Keep the averaged generator of ``epoch``, for sampling and exploring later."""
        files.write_atomically(self._checkpoints / f"generator-{epoch:04d}.safetensors", save(state))

    def save_state(self, images_seen: int, arrays: Arrays, facts: Mapping[str, Any]) -> Path:
        """Write all that resuming needs, then thin older states to the newest two."""
        path = self._checkpoints / f"state-{images_seen:012d}.safetensors"
        files.write_atomically(path, save(arrays, metadata={"duelo": json.dumps(facts)}))
        for old in list(self._numbered(self._checkpoints, r"state-(\d+)\.safetensors").values())[:-_STATES_KEPT]:
            old.unlink(missing_ok=True)
        return path

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """Return the newest readable checkpoint; an older one steps in for a damaged one. Raises ``UserError``."""
        states = self._numbered(self._checkpoints, r"state-(\d+)\.safetensors")
        if not states:
            raise UserError(
                tr("The run “{path}” has no checkpoint yet.", path=self.path),
                tr("Start it again from the beginning in another folder."),
            )
        problem: UserError | None = None
        for path in reversed(states.values()):
            try:
                arrays, metadata = self._read_tensors(path)
                facts = json.loads(metadata["duelo"])
                if not isinstance(facts, dict):
                    raise TypeError
                return arrays, facts
            except UserError as error:
                problem = problem or error
            except (KeyError, TypeError, ValueError, RecursionError):
                problem = problem or self._damaged(path)
        assert problem is not None
        raise problem

    def images_seen(self) -> int:
        """Return the position of the newest checkpoint, 0 where there is none. Reads names only."""
        return max(self._numbered(self._checkpoints, r"state-(\d+)\.safetensors"), default=0)

    def generator_epochs(self) -> list[int]:
        """Return the epochs whose averaged generator was kept."""
        return list(self._numbered(self._checkpoints, r"generator-(\d+)\.safetensors"))

    def generator(self, epoch: int | None = None) -> Arrays:
        """Return the averaged generator of ``epoch``, or the newest one; raises ``UserError``."""
        if epoch is None:
            arrays, _ = self.state()
            return {name.removeprefix("average."): a for name, a in arrays.items() if name.startswith("average.")}
        path = self._checkpoints / f"generator-{epoch:04d}.safetensors"
        if not path.is_file():
            epochs = self.generator_epochs()
            hint = (
                tr("Choose one from {first} to {last}.", first=epochs[0], last=epochs[-1])
                if epochs
                else tr("Train at least one whole epoch first.")
            )
            raise UserError(tr("The run has no generator of epoch {epoch}.", epoch=epoch), hint)
        return self._read_tensors(path)[0]

    # --- inside

    def _read_tensors(self, path: Path) -> tuple[Arrays, dict[str, str]]:
        try:
            if path.stat().st_size > _MAX_TENSOR_FILE_BYTES:
                raise self._damaged(path)
            with safe_open(path, framework="numpy") as file:
                return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
        except (OSError, SafetensorError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._damaged(path) from error

    def _damaged(self, path: Path) -> UserError:
        return UserError(
            tr("“{path}” is missing or damaged.", path=path),
            tr("Restore it from a copy, or start a new run; the other files of the run are untouched."),
        )

    @staticmethod
    def _numbered(folder: Path, pattern: str) -> dict[int, Path]:
        try:
            found = [(re.fullmatch(pattern, path.name), path) for path in folder.iterdir()]
        except OSError:
            return {}
        return dict(sorted((int(match[1]), path) for match, path in found if match))


@dataclass(frozen=True)
class RunSummary:
    """What a list of runs shows, read without loading weights."""

    path: Path
    config: Config
    images_seen: int
    total_images: int
    image_count: int
    modified: float
    preview: Path | None

    @property
    def finished(self) -> bool:
        """Whether the whole budget was trained."""
        return self.images_seen >= self.total_images


def summary(path: Path) -> RunSummary:
    """Return what can be told of the run in ``path`` at a glance; raises ``UserError``."""
    run = RunFolder(path)
    info = run.info()
    samples = list(run.sample_files().values())
    newest = max((file.stat().st_mtime for file in (path / "config.json", *samples[-1:]) if file.exists()), default=0.0)
    return RunSummary(
        path,
        info.config,
        run.images_seen(),
        info.total_images,
        info.facts.image_count,
        newest,
        samples[-1] if samples else None,
    )


def list_runs(root: Path) -> list[RunSummary]:
    """Return the readable runs directly below ``root``, newest first; folders that are no run are passed over."""
    runs = []
    try:
        folders = [path for path in root.iterdir() if (path / "config.json").is_file()]
    except OSError:
        return []
    for path in folders:
        try:
            runs.append(summary(path))
        except (UserError, OSError):
            continue
    return sorted(runs, key=lambda run: run.modified, reverse=True)


def runs_root() -> Path:
    """Return where runs go unless a person says otherwise: ``Duelo/runs`` at home, or ``$DUELO_HOME/runs``."""
    return Path(os.environ.get("DUELO_HOME") or Path.home() / "Duelo") / "runs"


def new_run_path(recipe: str, root: Path | None = None) -> Path:
    """Return a free folder name made of date, time and recipe."""
    root = root or runs_root()
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{recipe}"
    candidates = [root / stem, *(root / f"{stem}_{n}" for n in range(2, 1000))]
    return next(path for path in candidates if not path.exists())


def _bounded(value: Any, low: int, high: int) -> int:
    number = int(value)
    if not low <= number <= high:
        raise ValueError(f"{number} is outside {low} to {high}")
    return number


def _format_row(row: MetricsRow) -> str:
    return ",".join(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row) + "\n"


def _parse_row(line: str) -> MetricsRow:
    parts = line.rstrip("\n").split(",")
    if len(parts) != len(MetricsRow._fields):
        raise ValueError("a metrics line has too few or too many values")
    row = MetricsRow(int(parts[0]), int(parts[1]), int(parts[2]), *(float(part) for part in parts[3:]))
    if not math.isfinite(row.seconds):
        raise ValueError("training time must be finite")
    return row
