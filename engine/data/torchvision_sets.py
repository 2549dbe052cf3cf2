"""MNIST and its sisters through torchvision: files that are there are used as they are, others are downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import torchvision_repair
from engine.errors import UserError
from engine.i18n import tr


def load(class_name: str, root: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the training images uint8 ``[N, 28, 28]`` and labels int64 ``[N]`` of ``torchvision.datasets``.

    Looks in ``root``, in torchvision's own layout, and downloads what is missing. Raises ``UserError`` when
    the files are damaged or cannot be fetched.
    """
    datasets = torchvision_repair.import_torchvision().datasets
    kind = getattr(datasets, class_name)
    try:
        found = kind(root, train=True, download=False)
    except (RuntimeError, OSError):
        found = _download(kind, class_name, root)
    except (ValueError, AssertionError) as error:
        raise _damaged(root / class_name) from error
    return found.data.numpy().astype(np.uint8), found.targets.numpy().astype(np.int64)


def _download(kind: Any, class_name: str, root: Path) -> Any:
    place = root / class_name / "raw"
    try:
        root.mkdir(parents=True, exist_ok=True)
        return kind(root, train=True, download=True)
    except (ValueError, AssertionError, EOFError) as error:
        raise _damaged(place) from error
    except (OSError, RuntimeError) as error:
        raise UserError(
            tr("{name} is not in “{root}” and could not be downloaded.", name=class_name, root=root),
            tr("Connect to the internet, or put its four files into “{place}”.", place=place),
        ) from error


def _damaged(place: Path) -> UserError:
    return UserError(
        tr("The files in “{place}” are damaged.", place=place),
        tr("Delete that folder and start again; they are fetched anew."),
    )
