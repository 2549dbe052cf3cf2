"""Latent vectors that a person brings in a file of ``numpy.save``, which may be a stranger's. Knows no run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError, reason
from engine.i18n import tr


def read_vectors(path: Path, z_dim: int, most: int) -> NDArray[np.float32]:
    """Return float32 ``[N, z_dim]``, N from 1 to ``most``, all finite; raises ``UserError``.

    The file is mapped: it may claim any size and costs nothing until it is known to fit. Pickles are refused.
    """
    array = _mapped(path, z_dim)
    if array.ndim != 2 or array.shape[1] != z_dim or array.dtype.kind != "f":
        held = f"{array.dtype} {list(array.shape)}"
        raise UserError(
            tr("“{path}” holds {held}, which this run's generator does not take.", path=path, held=held), _wanted(z_dim)
        )
    if not 1 <= len(array) <= most:
        raise UserError(
            tr("“{path}” holds {count} latent vectors.", path=path, count=len(array)),
            tr("Give a number from {minimum} to {maximum}.", minimum=1, maximum=most),
        )
    with np.errstate(over="ignore"):
        z = np.array(array, np.float32)
    if not np.isfinite(z).all():
        raise UserError(tr("“{path}” holds numbers that are not finite.", path=path), _wanted(z_dim))
    return z


def _mapped(path: Path, z_dim: int) -> NDArray[np.generic]:
    try:
        if path.exists() and not path.is_file():  # opening a pipe waits for ever
            raise ValueError
        return np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise UserError(
            tr("“{path}” could not be read: {reason}.", path=path, reason=reason(error)), _wanted(z_dim)
        ) from None
    except Exception:  # numpy reads a damaged header in many ways
        raise UserError(tr("“{path}” is no array that numpy.save wrote.", path=path), _wanted(z_dim)) from None


def _wanted(z_dim: int) -> str:
    return tr("Save a float array of the shape [N, {z_dim}] with numpy.save.", z_dim=z_dim)
