"""The judges that learned on this machine, kept in the home and found again by the images that they are for.

judges/<fingerprint>.safetensors    weights; the header tells a person in JSON what it reads, nothing relies on that

Several processes may write and tidy up at once. What is damaged, or made by a stranger, is refused and learned anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save

from engine import files
from engine.architectures.outline import outlined
from engine.arrays import Arrays
from engine.datasets import places
from engine.datasets.images import ImageData
from engine.errors import DiskError, UserError
from engine.evaluation.judge import Judge
from engine.i18n import tr
from engine.pictures import as_pictures
from engine.runs.tensors import read_tensors

FEW = 540
"""Labeled images below which a judge learns as long as on so many: steps, and not passes, make it read."""

_VERSION = 1  # grows with each change of the judge's networks or lessons
_VERSION_OF_FEW = 2  # version 1 learned a few images for a dozen steps, and could not read them
_KEPT = 24  # of 0.7 MB each
_LOOKED_AT = 2_000
_PROBED = 16


def path_for(data: ImageData) -> Path:
    """Return where the judge of ``data`` is kept: the same for equal images, classes and labels, wherever they lie."""
    return places.judges_root() / f"{_fingerprint(data)}.safetensors"


def find(data: ImageData) -> Judge | None:
    """Return the judge that learned on ``data`` before; None without one, ``UserError`` where it is damaged."""
    path = path_for(data)
    if not os.path.lexists(path):
        return None
    try:
        with files.open_plain(path, path.parent) as file:
            judge = _assembled(read_tensors(file)[0], data)
    except (OSError, ValueError, MemoryError, RuntimeError, RecursionError):
        raise UserError(
            tr("The judge kept for these images, “{path}”, is damaged.", path=path), tr("Another one learns.")
        ) from None
    with contextlib.suppress(OSError):
        os.utime(path)  # those that were used last are kept
    return judge


def keep(judge: Judge, data: ImageData) -> None:
    """Keep ``judge`` for the next run on ``data``; a full disk only means that it learns anew next time."""
    path = path_for(data)
    about = {
        "version": _version(data),
        "classes": data.class_names,
        "images": len(data.images),
        "channels": data.facts.channels,
        "size": data.facts.size,
    }
    tensors = {name: tensor.contiguous() for name, tensor in judge.state_dict().items()}
    with contextlib.suppress(OSError, DiskError):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, save(tensors, {"about": json.dumps(about)}), shared=True)
        _forget_old(path.parent)


def _assembled(arrays: Arrays, data: ImageData) -> Judge:
    """Return the judge of these weights; raises ``ValueError`` unless all fit and it can read images of ``data``."""
    with outlined():
        judge = Judge(len(data.class_names), data.images.shape[1])
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    wanted = {name: (tensor.shape, tensor.dtype) for name, tensor in judge.state_dict().items()}
    if wanted != {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}:
        raise ValueError("not the weights of such a judge")
    judge.load_state_dict(tensors, assign=True)
    judge.eval().requires_grad_(False)
    seen = judge.predict_proba(as_pictures(data.images[:_PROBED]))
    if not all(np.isfinite(part).all() for part in (*seen, *judge.reference)):
        raise ValueError("it reads no numbers")
    return judge


def _version(data: ImageData) -> int:
    return _VERSION_OF_FEW if np.count_nonzero(data.labels >= 0) < FEW else _VERSION


def _fingerprint(data: ImageData) -> str:
    looked_at = np.linspace(0, len(data.images) - 1, min(len(data.images), _LOOKED_AT)).astype(np.int64)
    kind = json.dumps([_version(data), data.class_names, data.images.shape])
    parts = (kind.encode(), data.images[looked_at].tobytes(), data.labels.tobytes())
    return hashlib.sha256(b"".join(parts)).hexdigest()[:32]


def _forget_old(folder: Path) -> None:
    """Keep the judges that were used last; what a crash left half-written grows old like the others."""
    entries: list[tuple[float, Path]] = []
    for path in folder.glob("*.safetensors*"):
        with contextlib.suppress(OSError):  # another Duelo may tidy up, too
            entries.append((path.lstat().st_mtime, path))
    for _, path in sorted(entries, reverse=True)[_KEPT:]:
        with contextlib.suppress(OSError):
            path.unlink()
