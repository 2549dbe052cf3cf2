"""Blind duels between runs: whose pictures are compared, where their answers are kept, what a list tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.preference.answers import FILE, Answers
from engine.preference.players import Player, cut
from engine.preference.ranking import ranked
from engine.runs import RunFolder
from engine.text import LONGEST_NAME, plain


def answers_beside(paths: Iterable[Path]) -> Answers:
    """Return the answers about the runs in ``paths``, which are kept in the folder that they lie in."""
    return Answers(next(iter(paths)).parent / FILE)


def scores(root: Path) -> dict[str, float]:
    """Return how well a person likes the runs below ``root``, by the names of their folders, as far as it is known."""
    return ranked(Answers(root / FILE).read(), "better").well_known


def players(paths: Sequence[Path]) -> list[Player]:
    """Return those of the runs in ``paths`` that have samples, each with its newest."""
    return [player for path in paths if (player := _player(RunFolder(path))) is not None]


def _player(run: RunFolder) -> Player | None:
    try:
        info, epochs = run.info(), run.sample_files()
        if not epochs:
            return None
        config, facts = info.config, info.facts
        pictures, labels = cut(run.read_samples(max(epochs)), facts.tile_size, config.asked_classes(facts.class_names))
        name, quality = run.about().name, run.last_quality()
    except UserError:  # what cannot be read stands in the table with the reason
        return None
    place = (
        config.data_root
        if config.dataset not in DATASETS or DATASETS[config.dataset].origin in ("folder", "file")
        else ""
    )
    kind = f"{config.dataset} {place} {facts.size} {facts.channels}"
    title = name or plain(run.path.name, LONGEST_NAME)
    frechet = quality.frechet if quality else None
    reference = f"{kind} {config.classes}"
    told = (title, pictures, labels, frechet, kind, reference, facts.noun)
    return Player(run.path.name, *told) if len(pictures) else None
