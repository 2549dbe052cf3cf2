"""Stretches a short run to many epochs, so that a benchmark need not train for an hour. Knows no Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.runs import RunFolder, RunInfo


def stretch(source: Path, target: Path, epochs: int) -> None:
    """Write a run of ``epochs`` epochs to ``target``: those of ``source`` over and over, with all their files.

    ``source`` needs one epoch at least that was sampled and kept, and a checkpoint.
    """
    old, new = RunFolder(source), RunFolder(target)
    info = old.info()
    count = info.facts.image_count
    new.create()
    new.save_info(RunInfo(info.config.changed(epochs=epochs, total_images=0, max_snapshot_mb=100_000), info.facts))
    new.save_noise(old.noise())
    kept, verdicts, qualities = list(filter(None, old.generator_epochs())), old.verdicts(), old.qualities()
    for epoch in range(1, epochs + 1):
        like = kept[(epoch - 1) % len(kept)]
        new.save_samples(epoch, old.read_samples(like))
        new.save_snapshot(epoch, old.generator(like), old.discriminator(like))
        new.append_verdicts(epoch, epoch * count, verdicts[like])
        if qualities:
            new.append_quality(replace(qualities[-1], epoch=epoch, images_seen=epoch * count))
    rows = old.metrics()
    pitch = max(rows[-1].images_seen // len(rows), 1)
    new.append_metrics(
        [
            rows[number % len(rows)]._replace(
                step=number, images_seen=number * pitch, epoch=number * pitch // count + 1
            )
            for number in range(1, epochs * count // pitch)
        ]
    )
    new.save_state(epochs * count, *old.state())
