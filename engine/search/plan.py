"""What is searched, complete: options to begin with, knobs, objective, length of a trial. Knows no Optuna."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import __version__
from engine.config import OPTIONS, Config
from engine.datasets.sets import noun_of
from engine.diagnosis.remedies import proven_options
from engine.errors import UserError
from engine.i18n import Noun, speaking_of, tr
from engine.search import knobs as knob_table
from engine.search import objectives
from engine.search.knobs import Knob, Value

SAMPLERS = ("tpe", "random", "grid")
PRUNERS = ("median", "hyperband", "none")
IMAGES = (64, 10**9)
"""The shortest and the longest trial in images."""
SECONDS = (2.0, 86_400.0)
"""The shortest and the longest trial in seconds of training."""
LOOKS = 8

_FORMAT = 1
_OF_THIS_MACHINE = {"data_root", *(option.name for option in OPTIONS.values() if option.of_machine)}
_SELDOM = 100_000  # epochs between pictures and checkpoints that nobody asks a trial for


@dataclass(frozen=True)
class Plan:
    """``config`` are the options to begin with, which the ``knobs`` vary; a trial is ``images`` long, or, where that is
    0, ``seconds`` of training. The judge looks ``looks`` times at each. ``target`` belongs to the objective "images".

    ``sampler`` and ``pruner`` may differ from worker to worker; all else says what is searched.
    """

    config: Config
    knobs: tuple[Knob, ...]
    images: int = 0
    seconds: float = 0.0
    objective: str = "frechet"
    target: float = 0.0
    sampler: str = "tpe"
    pruner: str = "median"
    looks: int = LOOKS

    @property
    def goal(self) -> objectives.Objective:
        """What is searched for."""
        return objectives.GOALS[self.objective]

    def knob(self, name: str) -> Knob:
        """Return the knob called ``name``; raises ``KeyError``."""
        return {knob.name: knob for knob in self.knobs}[name]

    @property
    def noun(self) -> Noun:
        """What its data are called in sentences, whatever else is talked of meanwhile."""
        return noun_of(self.config.dataset)

    @property
    def goal_title(self) -> str:
        """What it is after, in words."""
        with speaking_of(self.noun):
            return tr(self.goal.title)

    @property
    def start(self) -> dict[str, Value]:
        """The values of the knobs in the options to begin with; empty where one of them is out of its range."""
        values = {knob.name: getattr(self.config, knob.name) for knob in self.knobs}
        return values if all(knob.holds(values[knob.name]) for knob in self.knobs) else {}

    @property
    def proven(self) -> dict[str, Value]:
        """The values that are known to work with such networks, as near as the ranges allow; empty where those are
        what it begins with anyway."""
        known = proven_options(self.config)
        values = {knob.name: knob.nearest(getattr(known, knob.name)) for knob in self.knobs}
        return values if values != self.start else {}

    def options_of(self, values: Mapping[str, Any]) -> Config:
        """Return the complete options of a trial; raises ``UserError`` where they make no sense together."""
        config = knob_table.with_values(self.config, values)
        config.check()
        return config

    def training_of(self, values: Mapping[str, Any]) -> Config:
        """Return the same as the trial trains them: as long as a trial is, and judged by the search."""
        return self.options_of(values).changed(
            total_images=self.images,
            eval_time_percent=0.0,
            sample_every=_SELDOM,
            checkpoint_every=_SELDOM,
            max_snapshot_mb=int(OPTIONS["max_snapshot_mb"].minimum or 0),
        )

    @property
    def name(self) -> str:
        """A name for its study, the same whenever the same is searched by this version of Duelo."""
        told = "-".join((self.config.recipe, *(knob.name for knob in self.knobs)))
        own = json.dumps(self._search(), sort_keys=True) + __version__
        return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', told)[:60]}-{zlib.crc32(own.encode()):08x}"

    def on_this_machine(self, config: Config) -> Plan:
        """Return the plan with what ``config`` says of machine and folders."""
        own = {name: getattr(config, name) for name in _OF_THIS_MACHINE}
        return replace(self, config=self.config.changed(**own))

    def difference(self, other: Plan) -> str:
        """Return what of ``other`` is searched otherwise, as a person types it; nothing where both search the same."""
        mine, theirs = self._search(), other._search()
        options, others = mine.pop("config"), theirs.pop("config")
        names = [name for name in mine if mine[name] != theirs[name]]
        return ", ".join([*(name for name in options if options[name] != others[name]), *names])

    # --- as text

    def to_json(self) -> str:
        """Return it as JSON; what belongs to a machine stays out."""
        return json.dumps(
            {"format": _FORMAT, "duelo": __version__, "sampler": self.sampler, "pruner": self.pruner} | self._search()
        )

    def _search(self) -> dict[str, Any]:
        return {
            "config": self.config.model_dump(mode="json", exclude=_OF_THIS_MACHINE),
            "knobs": [knob.typed for knob in self.knobs],
            "images": self.images,
            "seconds": self.seconds,
            "objective": self.objective,
            "target": self.target,
            "looks": self.looks,
        }


def from_json(text: object) -> Plan:
    """Return the plan of ``to_json``; raises ``UserError`` where another version made it, or something else."""
    try:
        facts = json.loads(str(text))
        version = str(facts["duelo"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UserError(tr("This is no search of Duelo's."), tr("Give another name."), options=("--study",)) from None
    if (facts.get("format"), version) != (_FORMAT, __version__):
        raise UserError(
            tr("This search was begun by Duelo {version}, and this is {own}.", version=version, own=__version__),
            tr("Go on with that version, or begin another search."),
            options=("--study",),
        )
    try:
        config = Config.parse(facts["config"])
        plan = Plan(
            config,
            knob_table.parse(facts["knobs"], config),
            images=int(facts["images"]),
            seconds=float(facts["seconds"]),
            objective=facts["objective"],
            target=float(facts["target"]),
            sampler=facts["sampler"],
            pruner=facts["pruner"],
            looks=int(facts["looks"]),
        )
        check(plan)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UserError(
            tr("This search of Duelo's is damaged."), tr("Give another name."), options=("--study",)
        ) from None
    return plan


def check(plan: Plan) -> None:
    """Raise ``UserError`` where a plan cannot be followed."""
    if plan.objective not in objectives.OBJECTIVES or plan.sampler not in SAMPLERS or plan.pruner not in PRUNERS:
        raise ValueError("an unknown objective, sampler or pruner")
    if bool(plan.images) == bool(plan.seconds):
        raise UserError(
            tr("A trial has either a number of {data:images} or a time."),
            tr("Say one of them: how long a trial is."),
            options=("--trial-images", "--trial-seconds"),
        )
    if not 1 <= plan.looks <= 100:
        raise ValueError("looks")
    knob_table.check(plan.knobs, plan.config)
