"""What a diagnosis looks at: the rows and judgments of one run since its options changed last. Knows no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.events import MetricsRow, Quality

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunCurves:
    """The course of a run under its present options.

    ``config`` holds the options as they are now, live changes included. ``images``, ``d_loss``, ``g_loss``, ``d_real``
    and ``d_fake`` are columns ``[N]`` of its rows, ``qualities`` what the judge said, both in order; ``not_finite`` is
    the images_seen at which a number became NaN or infinite, None where none did. ``began`` is the images_seen of the
    last live change, or 0. ``spreads`` (images_seen, number) say how much the pictures of a sample grid differ from
    each other, of what real images do.
    """

    config: Config
    facts: DatasetInfo
    images: Floats
    d_loss: Floats
    g_loss: Floats
    d_real: Floats
    d_fake: Floats
    qualities: tuple[Quality, ...] = ()
    not_finite: int | None = None
    began: int = 0
    spreads: tuple[tuple[int, float], ...] = ()

    @property
    def seen(self) -> float:
        """Images seen under the present options."""
        return float(self.images[-1]) - self.began if len(self.images) else 0.0

    @property
    def is_conditional(self) -> bool:
        """Whether the generator can be asked for classes."""
        return bool(self.config.asked_classes(self.facts.class_names))

    def last_rows(self, images: float) -> slice:
        """Return the rows of the last ``images`` images."""
        if not len(self.images):
            return slice(0, 0)
        return slice(int(np.searchsorted(self.images, self.images[-1] - images, side="right")), len(self.images))


def curves_of(
    config: Config,
    facts: DatasetInfo,
    columns: Floats,
    qualities: Sequence[Quality],
    changes: Sequence[tuple[int, str, float]] = (),
    not_finite: int | None = None,
    spreads: Sequence[tuple[int, float]] = (),
) -> RunCurves:
    """Return the course since the last of ``changes``, live changes (images_seen, option, value) of ``config``.

    ``columns`` are those of ``MetricsRow``, ``[N, fields]``.
    """
    table = dict(zip(MetricsRow._fields, columns.T, strict=True))
    seen = table["images_seen"]
    began = changes[-1][0] if changes else 0
    first = int(np.searchsorted(seen, began, side="right"))
    return RunCurves(
        config.changed(**{name: value for _, name, value in changes}) if changes else config,
        facts,
        images=seen[first:],
        d_loss=table["d_loss"][first:],
        g_loss=table["g_loss"][first:],
        d_real=table["d_real"][first:],
        d_fake=table["d_fake"][first:],
        qualities=tuple(quality for quality in qualities if quality.images_seen > began),
        not_finite=not_finite,
        began=began,
        spreads=tuple(each for each in spreads if each[0] > began),
    )
