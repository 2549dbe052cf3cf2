"""How typical a z is of those that the generator was trained with, and truncation toward a center. Numpy only.

Standard normal z of n numbers lie near a sphere: |z| is close to √n, and |z|² follows a chi-squared distribution of n
degrees of freedom. A z far inside or outside was hardly ever trained.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.i18n import number, tr

_USUAL = 0.95  # of all trained z lie between the quantiles that leave out as much on both sides
_KNOWN = 0.999  # of them do: what lies beyond was hardly ever trained
_USUAL_DEVIATIONS = 1.96  # on both sides of the middle leave out as much
_MOST_TERMS = 10_000
_EXACT = 1e-15

Vector = NDArray[np.float32]


class Typicality(NamedTuple):
    """|z| (``length``), its usual size √n, and the share (0 to 1) of all trained z that are shorter."""

    length: float
    usual: float
    quantile: float

    @property
    def is_typical(self) -> bool:
        """Whether it is among the 95 % of z in the middle."""
        return abs(self.quantile - 0.5) <= _USUAL / 2

    @property
    def is_known(self) -> bool:
        """Whether it is among the 99.9 % of z in the middle."""
        return abs(self.quantile - 0.5) <= _KNOWN / 2


def typicality(z: Vector) -> Typicality:
    """Return how typical ``z`` ``[z_dim]`` is."""
    length = float(np.linalg.norm(z.astype(np.float64)))
    return Typicality(length, math.sqrt(len(z)), _gamma_share(len(z) / 2, length**2 / 2))


def lengths(z: Vector) -> NDArray[np.float64]:
    """Return |z| / √n of each row of ``z`` ``[N, z_dim]``: near 1 where it is typical."""
    return np.asarray(np.linalg.norm(z.astype(np.float64), axis=1) / math.sqrt(z.shape[1]))


def density(z_dim: int, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many trained z are as long as each of ``lengths`` ``[N]``, of the most that are (chi distribution)."""
    safe = np.maximum(lengths, 1e-9)
    top = math.sqrt(max(z_dim - 1, 1e-9))
    logarithm = (z_dim - 1) * np.log(safe / top) - (safe**2 - top**2) / 2
    return np.asarray(np.exp(np.minimum(logarithm, 0)))


def usual_band(z_dim: int) -> tuple[float, float]:
    """Return between which lengths |z| / √n lie 95 % of all trained z, within a hundredth from n = 8 on.

    The cube root of |z|² / n is nearly normal (Wilson and Hilferty, 1931).
    """
    spread = math.sqrt(2 / (9 * z_dim))
    ends = (max(1 - spread**2 + side * _USUAL_DEVIATIONS * spread, 0.0) ** 1.5 for side in (-1, 1))
    low, high = ends
    return low, high


def describe(found: Typicality) -> str:
    """Return a sentence for the person."""
    length, usual = _written(found.length), _written(found.usual)
    if found.is_typical:
        return tr("Typical: |z| is {length}, usual is √n = {usual}.", length=length, usual=usual)
    if found.is_known:
        return tr("Unusual: |z| is {length}, usual is √n = {usual}.", length=length, usual=usual)
    if found.quantile < 0.5:
        return tr("Too near to zero: |z| is {length}, usual is √n = {usual}.", length=length, usual=usual)
    return tr("Too far from zero: |z| is {length}, usual is √n = {usual}.", length=length, usual=usual)


def _written(length: float) -> str:
    """Return ``length`` in three digits, trailing zeros included: what changes does not jump."""
    places = next((places for places in (2, 1) if round(length, places) < 10 ** (3 - places)), 0)
    return number(length, f".{places}f")


def with_usual_length(z: Vector) -> Vector:
    """Return ``z`` ``[z_dim]`` with the length √n; zero, which has no direction, stays."""
    length = float(np.linalg.norm(z))
    return z if length == 0 else np.asarray(z * (math.sqrt(len(z)) / length), np.float32)


def truncated(z: Vector, psi: float, center: Vector | None = None) -> Vector:
    """Return ``z`` ``[N, z_dim]`` moved toward ``center`` ``[z_dim]``, zero where none is given: ψ of the way is left.

    The truncation trick (Karras et al., 2019, arXiv:1812.04948): ψ 1 changes nothing, 0 gives the center alone,
    between them pictures become more alike and often better.
    """
    middle = np.float32(0) if center is None else center
    return np.asarray(middle + np.float32(psi) * (z - middle), np.float32)


def _gamma_share(a: float, x: float) -> float:
    """Return the regularized lower incomplete gamma function P(a, x): x^a e^-x / Γ(a + 1) · Σ x^k / ((a + 1)…(a + k)).

    Where x is far above a, nearly everything is below it, and the sum would be long.
    """
    if x <= 0:
        return 0.0
    if x > a + 40 * math.sqrt(a) + 100:
        return 1.0
    term = total = 1.0
    for k in range(1, _MOST_TERMS):
        term *= x / (a + k)
        total += term
        if term < _EXACT * total:
            break
    return min(math.exp(a * math.log(x) - x - math.lgamma(a + 1)) * total, 1.0)
