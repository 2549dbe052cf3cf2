"""Files that carry an epoch or a count of images in their name, and which of them to keep. Knows no contents."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path


def numbered(folder: Path, template: str, largest: int) -> dict[int, Path]:
    """Return by number, in order, the files of ``folder`` that ``template`` names, such as "epoch-{:04d}.png"."""
    return {number: folder / name for number, name in numbered_names(folder, template, largest).items()}


def numbered_names(folder: Path, template: str, largest: int) -> dict[int, str]:
    """Return the same as names in ``folder``, for who wants one of very many.

    Only plain files with the very name that a number up to ``largest`` gives: links, pipes, odd spellings and
    numbers that no run reaches are passed over. A ``folder`` that is itself a link holds none.
    """
    if os.path.islink(folder):
        return {}
    before, _, after = template.partition("{:")
    after = after.partition("}")[2]
    found: dict[int, str] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                digits = entry.name.removeprefix(before).removesuffix(after)
                number = int(digits) if len(digits) < 20 and digits.isdecimal() else -1
                if not 0 <= number <= largest or entry.name != template.format(number):
                    continue
                if entry.is_file(follow_symlinks=False):
                    found[number] = entry.name
    except OSError:
        return {}
    return dict(sorted(found.items()))


def select_for_pruning(sizes: Mapping[int, int], most_bytes: int, keep: Collection[int] = ()) -> list[int]:
    """Return which of the epochs in ``sizes`` (epoch to bytes) to drop so that the rest fit into ``most_bytes``.

    What is left stays spread evenly: one after the other goes the epoch whose neighbors are closest to each other.
    The first, the newest and those in ``keep`` stay, even where they do not fit.
    """
    left, dropped = sorted(sizes), []
    total = sum(sizes.values())
    while total > most_bytes:
        neighbors = zip(left, left[1:], left[2:], strict=False)
        gaps = [(after - before, epoch) for before, epoch, after in neighbors if epoch not in keep]
        if not gaps:
            break
        epoch = min(gaps)[1]
        left.remove(epoch)
        dropped.append(epoch)
        total -= sizes[epoch]
    return dropped
