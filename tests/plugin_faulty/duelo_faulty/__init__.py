"""What a package may do wrong, beside one thing that is right."""

from engine.datasets.sets import DataSet
from engine.losses import Loss
from engine.recipes import Recipe

WRONG_TYPE = "a text"
TAKEN = Loss("hinge", "another hinge", "duelo_faulty:NOTHING", 1.0)
BAD_NAME = DataSet("../etc", "Elsewhere", "Nothing.", "duelo_faulty:NOTHING")
UNKNOWN_OPTION = Recipe("unknown-option", "Unknown", "No.", "No.", 1.0, {"gamma_ray": 3})
