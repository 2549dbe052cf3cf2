"""What truncation does to a generator, in numbers: fidelity, variety and how it is read, at several ψ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.datasets.images import ImageData
from engine.evaluation.neighbors import precision_and_recall
from engine.evaluation.reader import Reader
from engine.i18n import tr
from engine.job import Job, Progress
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.latent.typicality import truncated
from engine.pictures import as_pictures

PSIS = (0.3, 0.5, 0.7, 0.85, 1.0)
_COUNT = 500  # as many as a training judges
_SEED = 30_000  # of noise that nothing else draws


class TruncationEffect(NamedTuple):
    """``fidelity`` and ``variety`` (0 to 1) are precision and recall against real images; ``read_as_asked`` is the
    share (0 to 1) that the judge reads as their label, None without a judge or labels.
    """

    psi: float
    fidelity: float
    variety: float
    read_as_asked: float | None


def effects(
    session: GeneratorSession,
    reader: Reader,
    real: ImageData,
    psis: Sequence[float] = PSIS,
    center: NDArray[np.float32] | None = None,
) -> Job[Progress, list[TruncationEffect]]:
    """Measure the same samples at each of ``psis``, moved toward ``center`` ``[z_dim]``, zero where none is given."""
    yield Progress(0, len(psis), tr("Truncation"))
    z, labels = random_z(_COUNT, session.z_dim, _SEED), label_cycle(_COUNT, session.class_count)
    reference = reader.features(as_pictures(real.subset(_COUNT).images))
    found = []
    for number, psi in enumerate(psis, 1):
        pictures = session.render(truncated(z, psi, center), labels)
        fidelity, variety = precision_and_recall(reference, reader.features(pictures), min(3, len(reference) - 1))
        read = reader.read(pictures) if session.class_count else None
        asked = None if read is None else float((read[0] == labels).mean())
        found.append(TruncationEffect(psi, fidelity, variety, asked))
        yield Progress(number, len(psis), tr("Truncation"))
    return found
