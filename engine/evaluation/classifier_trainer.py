"""A judge for labeled data that Duelo ships none for: it learns beside the training, and is kept for the next run."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

import numpy as np
import torch
from torch.nn import functional as F

from engine.datasets.images import ImageData
from engine.evaluation import judge_store
from engine.evaluation.judge import Judge
from engine.pictures import as_pictures

_MOST_IMAGES = 20_000
_IMAGES_TO_LEARN = 60_000  # a judge of clothes or letters must be fair, not perfect
_MOST_PASSES = 12
_BATCH = 64
_PEAK_LR = 2e-3
_MOST_TRIED = 500
_FAIR = 1 / 3  # of the way from chance to no mistake: 67 % of two classes, 40 % of ten


class ClassifierTrainer:
    """Iterating ``steps`` trains the judge bit by bit, so that another training can go on in between."""

    def __init__(self, data: ImageData) -> None:
        self._data = data
        classes, channels = len(data.class_names), data.images.shape[1]
        with torch.random.fork_rng(devices=[]):  # the global random stream belongs to training
            torch.manual_seed(0)
            self.judge = Judge(classes, channels).train()
        self._random = np.random.Generator(np.random.PCG64(0))
        labeled = np.flatnonzero(data.labels >= 0)
        self._pool = np.sort(self._random.permutation(labeled)[:_MOST_IMAGES])
        passes = _MOST_PASSES * max(len(self._pool), judge_store.FEW)
        self._step_count = max(min(_IMAGES_TO_LEARN, passes) // _BATCH, 1)

    def steps(self) -> Iterator[float]:
        """Teach one batch at a time and yield the share (0 to 1) that is done."""
        optimizer = torch.optim.AdamW(self.judge.parameters(), lr=_PEAK_LR, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _PEAK_LR, self._step_count, pct_start=0.2)
        for step in range(self._step_count):
            pick = np.sort(self._random.choice(self._pool, min(_BATCH, len(self._pool)), replace=False))
            images = torch.from_numpy(self._data.images[pick]).float() / 127.5 - 1
            loss = F.cross_entropy(self.judge(images)[0], torch.from_numpy(self._data.labels[pick]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            yield (step + 1) / self._step_count

    def finish(self) -> Judge:
        """Return the judge, ready to judge, and keep it for the next run."""
        self.judge.eval().requires_grad_(False)
        judge_store.keep(self.judge, self._data)
        return self.judge


def can_read(judge: Judge, data: ImageData) -> bool:
    """Whether ``judge`` reads real images of ``data`` clearly better than by chance, all classes taken alike."""
    labeled = np.random.Generator(np.random.PCG64(0)).permutation(np.flatnonzero(data.labels >= 0))
    tried = np.sort(labeled[:_MOST_TRIED])
    if not len(tried):
        return False
    read, labels = judge.predict(as_pictures(data.images[tried]))[0], data.labels[tried]
    chance = 1 / len(data.class_names)
    right = fmean(float(np.mean(read[labels == label] == label)) for label in np.unique(labels))
    return right >= chance + _FAIR * (1 - chance)
