"""A judge for labelled data that Duelo ships none for: it learns beside the training, and is kept for the next run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch.nn import functional as F

from engine import files
from engine.data.images import ImageData
from engine.data.places import cache_root
from engine.errors import DiskError, UserError
from engine.evaluation import judge as judges
from engine.evaluation.distances import moments
from engine.evaluation.judge import Judge
from engine.pictures import as_pictures

_MOST_IMAGES = 20_000
_IMAGES_TO_LEARN = 60_000  # a judge of clothes or letters must be fair, not perfect
_MOST_PASSES = 12
_BATCH = 64
_PEAK_LR = 2e-3


class School:
    """Iterating ``lessons`` trains the judge bit by bit, so that another training can go on in between."""

    def __init__(self, data: ImageData) -> None:
        self._data = data
        classes, channels = len(data.class_names), data.images.shape[1]
        with torch.random.fork_rng(devices=[]):  # the global random stream belongs to training
            torch.manual_seed(0)
            self.judge = Judge(classes, channels).train()
        self._random = np.random.Generator(np.random.PCG64(0))
        labelled = np.flatnonzero(data.labels >= 0)
        self._pool = np.sort(self._random.permutation(labelled)[:_MOST_IMAGES])
        self._steps = max(min(_IMAGES_TO_LEARN, _MOST_PASSES * len(self._pool)) // _BATCH, 1)

    def lessons(self) -> Iterator[float]:
        """Teach one batch at a time and yield the share (0 to 1) that is done."""
        optimiser = torch.optim.AdamW(self.judge.parameters(), lr=_PEAK_LR, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_LR, self._steps, pct_start=0.2)
        for step in range(self._steps):
            pick = np.sort(self._random.choice(self._pool, min(_BATCH, len(self._pool)), replace=False))
            images = torch.from_numpy(self._data.images[pick]).float() / 127.5 - 1
            loss = F.cross_entropy(self.judge(images)[0], torch.from_numpy(self._data.labels[pick]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            yield (step + 1) / self._steps

    def graduate(self) -> Judge:
        """Return the judge, ready to judge, and keep it; a full disk only means that it learns anew next time."""
        self.judge.eval().requires_grad_(False)
        self.judge.set_reference(moments(self.judge.inspect(as_pictures(self._data.images[self._pool[:10_000]]))[1]))
        path = kept_path(self._data)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomically(path, save({n: t.contiguous() for n, t in self.judge.state_dict().items()}))
        except (OSError, DiskError):
            pass
        return self.judge


def kept(data: ImageData) -> Judge | None:
    """Return the judge that learnt on the same data before, if there is one."""
    path = kept_path(data)
    if not path.is_file():
        return None
    try:
        return judges.load(path, len(data.class_names), data.images.shape[1])
    except UserError:
        return None


def kept_path(data: ImageData) -> Path:
    """Return where the judge of ``data`` is kept; equal images and labels have the same one."""
    sample = np.linspace(0, len(data.images) - 1, min(len(data.images), 2000)).astype(np.int64)
    parts = (str(data.images.shape).encode(), data.images[sample].tobytes(), data.labels.tobytes())
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    return cache_root() / "judges" / f"{digest}.safetensors"
