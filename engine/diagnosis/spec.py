"""What is known of a trouble: how it is found, what helps, and its words, in one declaration. Knows no trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis.curves import RunCurves
from engine.diagnosis.record import Evidence

Detect = Callable[[RunCurves], tuple[Evidence, ...]]
Remedy = Callable[[Config, Config, DatasetInfo], Mapping[str, Any]]


@dataclass(frozen=True)
class Detector:
    """Finds the trouble ``name``; ``title`` and ``why``, two sentences, are English source texts.

    ``detect`` returns what shows it, nothing where nothing does. ``remedy`` returns the values that options should
    take, from the options now, those that are known to work, and the data. ``about`` says whether the duel itself is
    broken, or what the pictures look like, which is no trouble of its own where the duel is. ``sentences`` say what the
    numbers of an ``Evidence`` mean, by its ``sign``, in the person's language. ``ends_training``: the trainer itself
    stops there, and the run stands at its last good state. ``ends_trial``: a search needs no more of a training that
    shows it, though only the pictures are about it. ``ink`` and ``line`` are how it is drawn: whose color, in which
    line, so that color alone tells nothing.
    """

    name: str
    title: str
    why: str
    detect: Detect
    remedy: Remedy
    about: Literal["duel", "pictures"] = "pictures"
    sentences: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    ends_training: bool = False
    ends_trial: bool = False
    ink: Literal["trouble", "generator", "discriminator"] = "trouble"
    line: Literal["solid", "dashed", "dotted", "dash-dotted"] = "solid"
