"""Calculating with pictures: means of chosen z, plus and minus (Radford et al., 2016, arXiv:1511.06434). Numpy only.

A single z is noisy; the mean of three or more that share something is a better word for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.i18n import tr
from engine.latent.typicality import with_usual_length

Vector = NDArray[np.float32]


def mean(chosen: Sequence[Vector]) -> Vector:
    """Return the mean ``[z_dim]`` of one or more ``chosen`` z; raises ``UserError`` where their lengths differ."""
    _check(chosen)
    return np.asarray(np.mean(np.stack(chosen), axis=0, dtype=np.float64), np.float32)


def combine(
    plus: Sequence[Sequence[Vector]], minus: Sequence[Sequence[Vector]] = (), *, renormalize: bool = False
) -> Vector:
    """Return the means of the groups in ``plus`` minus those of the groups in ``minus``, z ``[z_dim]``.

    A mean is shorter than what it is of, a sum longer: ``renormalize`` gives the result the usual length √n. Raises
    ``UserError`` where a group is empty or z are of several generators.
    """
    _check([z for group in (*plus, *minus) for z in group])
    added, taken = (np.array([mean(group) for group in side], np.float64) for side in (plus, minus))
    z = np.asarray(added.sum(0) - (taken.sum(0) if len(taken) else 0), np.float32)
    return with_usual_length(z) if renormalize else z


def _check(chosen: Sequence[Vector]) -> None:
    if not chosen:
        raise UserError(tr("Nothing is chosen to calculate with."), tr("Choose one picture or more for each side."))
    if len({z.shape for z in chosen}) > 1:
        raise UserError(
            tr("These numbers belong to several generators."), tr("Choose pictures of the run that is shown.")
        )
