"""A course that lies at a limit of the diagnosis."""

from dataclasses import replace

from engine.diagnosis import curves_of
from engine.recipes import recipe
from tests.engine.courses import FACTS, GOOD, rows

PATIENCE = 150 * 64  # images: steps of the architecture, each with a batch
FLOOR = GOOD.frechet_real


def curves(columns=None, qualities=(), facts=FACTS, changes=(), **values):
    config = recipe("studio").config(**values)
    return curves_of(config, facts, rows() if columns is None else columns, list(qualities), changes)


def at(*moments, **curves):
    """Judgments at these images_seen; ``curves`` give a value for each."""
    values = [{name: curve[k] for name, curve in curves.items()} for k in range(len(moments))]
    return [replace(GOOD, images_seen=m, epoch=k, **values[k]) for k, m in enumerate(moments)]


D_WINS, G_WINS, NOBODY = ["d-wins"], ["g-wins"], ["no-learning"]
DRAWN = {n: (*(1 / n,) * n, *(0.0,) * (10 - n)) for n in (4, 5, 6, 7)}
