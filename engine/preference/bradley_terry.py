"""How strong each of several players is, told from who won against whom: the model of Bradley and Terry (1952)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIOR_PRECISION = 0.25
"""Of the normal prior on each strength, whose mean is 0: who has never lost is strong, but not infinitely so."""

_MOST_STEPS = 100
_CLOSE = 1e-10

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Strengths:
    """``means`` float64 ``[N]`` in logits, and their ``covariance`` ``[N, N]`` (Laplace's approximation)."""

    means: Floats
    covariance: Floats

    def chances(self) -> Floats:
        """Return ``[N, N]``: how probable it is that the player of the row wins against that of the column."""
        return _logistic(self.means[:, None] - self.means[None, :])

    def variances(self) -> Floats:
        """Return ``[N, N]``: how uncertain the difference of two strengths is."""
        own = np.diag(self.covariance)
        return np.maximum(own[:, None] + own[None, :] - 2 * self.covariance, 0.0)


def fit(wins: Floats, precision: float = PRIOR_PRECISION) -> Strengths:
    """Return the most probable strengths, by Newton's method.

    ``wins`` ``[N, N]`` counts how often the player of the row won against that of the column; a draw is half a win for
    both. The diagonal is 0.
    """
    played = wins + wins.T
    means: Floats = np.zeros(len(wins))
    for _ in range(_MOST_STEPS):
        gradient, curvature = _slope(means, wins, played, precision)
        step = np.linalg.solve(curvature, gradient) if len(means) else means
        while np.abs(step).max(initial=0.0) > _CLOSE and _log(means + step, wins, precision) < _log(
            means, wins, precision
        ):
            step = step / 2  # far from the top, a whole step may lead beyond it
        means = means + step
        if np.abs(step).max(initial=0.0) <= _CLOSE:
            break
    return Strengths(means, np.asarray(np.linalg.inv(_slope(means, wins, played, precision)[1]), np.float64))


def _slope(means: Floats, wins: Floats, played: Floats, precision: float) -> tuple[Floats, Floats]:
    """Return the gradient of the log posterior, and its curvature with the sign that makes it positive."""
    chances = _logistic(means[:, None] - means[None, :])
    gradient = (wins - played * chances).sum(1) - precision * means
    weights = played * chances * (1 - chances)
    return gradient, np.diag(weights.sum(1) + precision) - weights


def _log(means: Floats, wins: Floats, precision: float) -> float:
    """Return the log of the posterior, but for a constant."""
    behind = np.logaddexp(0.0, means[None, :] - means[:, None])
    return float(-(wins * behind).sum() - precision / 2 * (means**2).sum())


def _logistic(x: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(x / 2))
