"""Reads and writes the files of one run, each by its name; what is inside them stands in the modules beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from engine import files
from engine.arrays import Arrays, Picture
from engine.errors import UserError
from engine.events import MetricsRow, Quality
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs import about as abouts
from engine.runs import errors, jsonl, locks, metrics, pictures
from engine.runs import info as infos
from engine.runs import quality as qualities
from engine.runs import verdicts as opinions
from engine.runs.about import About
from engine.runs.checkpoints import Checkpoints
from engine.runs.info import RunInfo
from engine.runs.kept import KeptByPeople
from engine.runs.metrics import Table
from engine.runs.numbered import numbered
from engine.runs.verdicts import Verdicts
from engine.text import LONGEST_NAME, plain

if TYPE_CHECKING:
    from filelock import FileLock

_SAMPLES = "epoch-{:04d}.png"

_R = TypeVar("_R", bound=jsonl.Record)


class RunFolder(Checkpoints, KeptByPeople):
    """Reads and writes one run.

    Reading raises ``UserError`` on anything missing, damaged or newer, writing ``DiskError`` on a full disk, a missing
    folder or one that may not be written to.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        self._config = self.path / "config.json"
        self._about = self.path / "about.json"
        self._metrics = self.path / "metrics.csv"
        self._quality = self.path / "quality.jsonl"
        self._verdicts = self.path / "verdicts.jsonl"
        self._lock_file = self.path / ".lock"
        self._samples = self.path / "samples"
        self._held: FileLock | None = None

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    # --- the folder

    def exists(self) -> bool:
        """Whether a run was begun here."""
        return os.path.isfile(self._config)

    def create(self) -> None:
        """Make the folders of a new run; raises ``UserError`` where a run lies already or nothing may be written."""
        if self.exists():
            raise UserError(
                tr("“{path}” already holds a run.", path=self.path),
                tr("Go on with it, or choose another folder."),
                options=("--resume", "--run"),
            )
        self._make_folders()

    def restore_folder(self, info: RunInfo, noise: Arrays) -> None:
        """Make the folder of a run again that was removed while it trains, with what is still at hand of it."""
        self._make_folders()
        if self._held:  # the lock went with the old folder
            self._release()
            self._held = self._acquired()
        self.save_info(info)
        self.save_noise(noise)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run for one writer; raises ``UserError`` when another process trains in it."""
        self._refuse_links()
        self._held = self._acquired()
        try:
            yield
        finally:
            self._release()

    def is_locked(self) -> bool:
        """Whether somebody trains in the run right now."""
        return locks.is_held(self._lock_file)

    # --- config.json

    def save_info(self, info: RunInfo) -> None:
        """Write ``config.json``."""
        files.write_atomically(self._config, infos.to_json(info))

    def info(self) -> RunInfo:
        """Read ``config.json``."""
        if not self.exists():
            raise UserError(
                tr("“{path}” holds no run: config.json is missing.", path=self.path),
                tr("Give the folder that “train” wrote, the one with config.json in it."),
            )
        with self._reading(self._config) as file:
            return infos.read_info(file, self.path)

    # --- about.json

    def save_about(self, about: About) -> None:
        """Write what a person says of the run."""
        files.write_atomically(self._about, abouts.to_json(about), shared=True)

    def about(self) -> About:
        """Read what a person says of the run; absent means nothing."""
        if not os.path.lexists(self._about):
            return About()
        with self._reading(self._about) as file:
            return abouts.read_about(file)

    def given_name(self) -> str:
        """Read what a person called the run; nothing where nobody did, or where that is damaged."""
        try:
            return self.about().name
        except UserError:
            return ""

    def title(self) -> str:
        """Read what the run is called: by a person, or by its folder."""
        return self.given_name() or plain(self.path.name, LONGEST_NAME)

    # --- metrics.csv and log.txt

    def append_metrics(self, rows: Sequence[MetricsRow]) -> None:
        """Append rows to ``metrics.csv``."""
        begun = os.path.isfile(self._metrics) and os.path.getsize(self._metrics)
        files.append(self._metrics, ("" if begun else metrics.HEADER) + metrics.format_rows(rows))

    def metrics(self) -> list[MetricsRow]:
        """Read ``metrics.csv`` up to its first torn or foreign line; absent means no rows.

        Of a very long run, several rows become one, so that all of its course is read in little memory.
        """
        return metrics.rows_of(self.metrics_table())

    def metrics_table(self) -> Table:
        """Read the same as float64 ``[rows, fields of MetricsRow]``."""
        if not os.path.lexists(self._metrics):
            return np.empty((0, len(MetricsRow._fields)))
        with self._reading(self._metrics) as file:
            return metrics.read_table(file)

    def last_row(self) -> MetricsRow | None:
        """Return the last whole row of ``metrics.csv`` without reading those before, None where there is none."""
        if not os.path.lexists(self._metrics):
            return None
        with self._reading(self._metrics) as file:
            return metrics.read_last_row(file)

    def truncate_metrics(self, step: int) -> None:
        """Drop the rows after ``step``: they were written after the checkpoint that training resumes from."""
        text = metrics.HEADER
        try:
            with files.open_plain(self._metrics, self.path) as file:
                text += metrics.format_rows(row for row in metrics.read_rows(file) if row.step <= step)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise files.disk_error(self._metrics, error) from error
        files.write_atomically(self._metrics, text.encode())

    def truncate(self, step: int, images_seen: int) -> None:
        """Drop the lines that tell of the time after the checkpoint that training goes on from."""
        self.truncate_metrics(step)
        self._truncate_jsonl(self._quality, qualities.parse, qualities.format_line, images_seen)
        self._truncate_jsonl(self._verdicts, opinions.parse, opinions.format_line, images_seen)

    def drop_after(self, epoch: int, images_seen: int) -> None:
        """Drop the grids and players of later epochs than ``epoch``, and the states later than ``images_seen``."""
        grids = (path for last, path in self.sample_files().items() if last > epoch)
        for path in {*grids, *self._files_after(epoch, images_seen)}:
            files.delete(path)

    # --- quality.jsonl and verdicts.jsonl

    def append_quality(self, quality: Quality) -> None:
        """Append what the judge made of an epoch."""
        files.append(self._quality, qualities.format_line(quality))

    def qualities(self) -> list[Quality]:
        """Read ``quality.jsonl`` up to its first torn or foreign line; absent means nothing was judged.

        Of very many, every second one is passed over, so that all of the course is read in little memory.
        """
        return self._read_jsonl(self._quality, qualities.parse)

    def last_quality(self) -> Quality | None:
        """Return the last whole record without reading those before, None where there is none."""
        if not os.path.lexists(self._quality):
            return None
        with self._reading(self._quality) as file:
            return jsonl.read_last(file, qualities.parse)

    def append_verdicts(
        self, epoch: int, images_seen: int, verdicts: NDArray[np.float32], spread: float | None = None
    ) -> None:
        """Append D's verdicts float32 ``[N]`` (0 to 1) on the sample grid of ``epoch``, and how much that varies."""
        files.append(self._verdicts, opinions.format_line(Verdicts(epoch, images_seen, verdicts, spread)))

    def verdicts(self) -> dict[int, NDArray[np.float32]]:
        """Read D's verdicts ``[N]`` by epoch, up to the first torn or foreign line; older runs have none.

        Of an epoch that was sampled again, because it went on after its budget, the newest line counts. Of very many,
        every second one is passed over.
        """
        return {record.epoch: record.verdicts for record in self._read_jsonl(self._verdicts, opinions.parse)}

    def spreads(self) -> list[tuple[int, float]]:
        """Read how much the pictures of the sample grids differ, of what real images do, with their images_seen."""
        return opinions.spreads(self._read_jsonl(self._verdicts, opinions.parse))

    def log(self, text: str) -> None:
        """Append a dated line to ``log.txt``."""
        files.append(self.path / "log.txt", f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}\n")

    # --- samples

    def save_noise(self, arrays: Arrays) -> None:
        """Write the z float32 ``[N, z_dim]`` and labels int64 ``[N]`` of the sample grid."""
        files.write_atomically(self._samples / "noise.safetensors", save(arrays))

    def noise(self) -> Arrays:
        """Read what ``save_noise`` wrote."""
        return self._tensors(self._samples / "noise.safetensors")

    def save_samples(self, epoch: int, grid: Picture) -> Path:
        """Write the grid of ``epoch`` as PNG and return its path."""
        path = self._samples / _SAMPLES.format(epoch)
        files.write_atomically(path, pictures.to_png(grid))
        return path

    def sample_files(self) -> dict[int, Path]:
        """Return the grid files by epoch, in order."""
        return numbered(self._samples, _SAMPLES, infos.MOST_EPOCHS)

    def read_samples(self, epoch: int) -> Picture:
        """Return the grid of ``epoch``; above 16 megapixels it counts as damaged."""
        with self._reading(self._samples / _SAMPLES.format(epoch)) as file:
            return pictures.read_png(file)

    # --- checkpoints

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """Return the newest readable checkpoint; an older one steps in for a damaged one."""
        try:
            if self.has_state() or not self.has_made():
                return self._newest_state()
        except errors.Damaged:
            pass
        raise errors.no_state(self.path, self.generator_epochs(), list(self.sample_files()))

    def has_made(self) -> bool:
        """Whether there is anything that a run makes after its first checkpoint only, unlike its epoch 0."""
        epochs = {*self.sample_files(), *self._generators(), *self.verdicts()}
        return bool(epochs - {0} or self.qualities()) or any(row.epoch > 1 for row in self.metrics()[-1:])

    # --- a branch

    def copy_until(self, epoch: int, images_seen: int, step: int, to: RunFolder) -> Job[Progress, None]:
        """Give the new run ``to`` all that this one told and kept until ``epoch`` ended, but ``config.json``.

        Pictures and weights are the same files under a second name where the file system knows such.
        """
        to._make_folders()
        grown = [path for path in (self._metrics, self._quality, self._verdicts) if os.path.lexists(path)]
        shared = [path for last, path in self.sample_files().items() if last <= epoch]
        shared += [self._samples / "noise.safetensors", *self._snapshot_files_until(epoch)]
        for number, path in enumerate([*grown, *shared]):
            yield Progress(number, len(grown) + len(shared))
            target = to.path / path.relative_to(self.path)
            if path in shared:
                files.link_or_copy(path, target)
            else:
                with self._reading(path) as file, files.telling_disk_errors(target), open(target, "xb") as copy:
                    shutil.copyfileobj(file, copy)
        self._link_state(epoch, images_seen, to)
        to.truncate(step, images_seen)

    def shown_files(self) -> list[Path]:
        """Return the files that show how the run goes: what was told and drawn, and the newest players.

        What makes a folder a run comes last: a copy that is under way is none yet.
        """
        told = (self._samples / "noise.safetensors", self._about, self._quality, self._verdicts)
        newest = self._snapshots().get(max(self._snapshots(), default=0), [])
        shown = [*self.sample_files().values(), *newest, *told, self._config, self._metrics]
        return [path for path in shown if os.path.isfile(path)]

    # --- inside

    def _make_folders(self) -> None:
        for folder in (self.path, self._samples, self._checkpoints):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise files.disk_error(folder, error) from error

    def _acquired(self) -> FileLock:
        from filelock import FileLock, Timeout  # only here: the window reads runs without it, and starts sooner

        lock = FileLock(self._lock_file)
        try:
            lock.acquire(timeout=locks.PROBE_SECONDS, poll_interval=locks.PROBE_SECONDS / 10)
        except Timeout:
            raise UserError(
                tr("The run “{path}” is being trained by another Duelo.", path=self.path),
                tr("Stop it there, or choose another run."),
            ) from None
        except OSError as error:
            raise files.disk_error(self.path, error) from error
        return lock

    def _release(self) -> None:
        if self._held:
            with suppress(OSError):  # the folder may be gone
                self._held.release()
        self._held = None

    def _refuse_links(self) -> None:
        """Going on with a stranger's run must not write anywhere else."""
        for path in (self._samples, self._checkpoints, self._lock_file):
            if path.is_symlink():
                raise UserError(
                    tr("“{path}” is a link to another place.", path=path),
                    tr("Remove the link: Duelo writes a run inside its own folder only."),
                )

    def _read_jsonl(self, path: Path, parse: Callable[[Any], _R]) -> list[_R]:
        if not os.path.lexists(path):
            return []
        with self._reading(path) as file:
            return jsonl.read_thinned(file, parse, jsonl.MOST_RECORDS)

    def _truncate_jsonl(
        self, path: Path, parse: Callable[[Any], _R], format_line: Callable[[_R], str], images_seen: int
    ) -> None:
        if not os.path.lexists(path):
            return
        text = ""
        with suppress(UserError), self._reading(path) as file:
            kept = (record for record in jsonl.read_records(file, parse) if record.images_seen <= images_seen)
            text = "".join(map(format_line, kept))
        files.write_atomically(path, text.encode())
