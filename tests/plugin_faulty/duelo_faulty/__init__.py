"""What a package may do wrong: what cannot be taken at all, and what fails when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.architectures import Architecture
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DataSet
from engine.diagnosis import Evidence, RunCurves
from engine.diagnosis.spec import Detector
from engine.losses import Loss
from engine.recipes import Recipe
from engine.translations import Translations

WRONG_TYPE = "a text"
TAKEN = Loss("hinge", "another hinge", "duelo_faulty:NOTHING", 1.0)
BAD_NAME = DataSet("../etc", "Elsewhere", "Nothing.", "duelo_faulty:NOTHING")
UNKNOWN_OPTION = Recipe("unknown-option", "Unknown", "No.", "No.", 1.0, {"gamma_ray": 3})
UNTITLED = Recipe("untitled", None, "No.", "No.", 1.0)
NOWHERE = Translations("duelo_faulty", Path(__file__).parent / "nowhere")

FEATURELESS = Architecture("featureless", "without features", "duelo_faulty.code", 10)
DIVIDING = Loss("dividing", "dividing by nothing", "duelo_faulty.code:DIVIDING", 1.0)
HEADLESS = DataSet("headless", "Without a reader", "Nothing.", "duelo_faulty.headless:SOURCE")
DYING = DataSet("dying", "Dying", "Nothing.", "duelo_faulty.code:DYING")


def _divide(_curves: RunCurves) -> tuple[Evidence, ...]:
    return (Evidence("divided", "losses", 0, 1 // 0),)


def _rubbish(_curves: RunCurves) -> Any:
    return ["rubbish"]


def _always(curves: RunCurves) -> tuple[Evidence, ...]:
    return (Evidence("wordless", "losses", 0, int(curves.images[-1])),) if len(curves.images) else ()


def _nothing(_config: Config, _proven: Config, _facts: DatasetInfo) -> Mapping[str, Any]:
    return {}


def _unknown_option(_config: Config, _proven: Config, _facts: DatasetInfo) -> Mapping[str, Any]:
    return {"gamma_ray": 3}


DIVIDES = Detector("divides", "Divides", "It divides.", _divide, _nothing, about="duel")
RUBBISH = Detector("rubbish", "Rubbish", "It says nothing.", _rubbish, _nothing)
NO_REMEDY = Detector("no-remedy", "No remedy", "It cures nothing.", _always, _unknown_option)
WORDLESS = Detector("wordless", "Wordless", "It is silent.", _always, _nothing, sentences={"wordless": lambda: 1 // 0})
