"""What is said of a sample of a map, or of a real image beside the samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.i18n import joined, number, tr

if TYPE_CHECKING:
    from engine.latent.sample_map import SampleMap


def told_of(found: SampleMap, index: int, class_names: Sequence[str], read_names: Sequence[str]) -> str:
    """Say what was asked for, what the judge reads, and what D says of it; names are source texts."""
    names, read, parts = *([tr(name) for name in each] for each in (class_names, read_names)), []
    label = int(found.labels[index])
    if index >= found.sample_count:
        parts.append(tr("A real image: {name}.", name=read[label]) if 0 <= label < len(read) else tr("A real image."))
    elif 0 <= label < len(names):
        parts.append(tr("Asked for: {name}.", name=names[label]))
    if found.readings is not None and found.certainty is not None and read:
        name, sure = read[int(found.readings[index])], number(float(found.certainty[index]), ".0%")
        parts.append(tr("The judge reads “{name}” ({share}).", name=name, share=sure))
    if found.verdicts is not None:
        parts.append(tr("D: {share} real.", share=number(float(found.verdicts[index]), ".0%")))
    return joined(*parts)
