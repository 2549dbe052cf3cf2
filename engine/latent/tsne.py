"""Lays points of many dimensions out in the plane so that neighbors stay neighbors (t-SNE), step by step.

Van der Maaten and Hinton, 2008 (jmlr.org/papers/v9/vandermaaten08a.html), all pairs exactly: for the few thousand
points of a map that is as fast as scikit-learn's tree (README, "Dependencies"), and shows each step. Starts with
principal components, which keeps what is far apart (Kobak and Berens, 2019), and draws no random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

STEPS = 300
PERPLEXITY = 30.0
_TIGHT_STEPS, _TIGHT = 100, 12.0  # first steps, in which attraction is so many times as strong
_FIRST_MOMENTUM, _MOMENTUM = 0.5, 0.8
_BISECTIONS = 25

Places = NDArray[np.float32]


def principal_components(features: NDArray[np.float32]) -> Places:
    """Return the two largest principal components ``[N, 2]`` of ``features`` ``[N, F]``, the first with spread 1."""
    centered = torch.tensor(features, dtype=torch.float64)
    centered -= centered.mean(0)
    _, vectors = torch.linalg.eigh(centered.T @ centered)
    found = centered @ vectors[:, -2:].flip(1)
    if found.shape[1] < 2:
        found = torch.nn.functional.pad(found, (0, 2 - found.shape[1]))
    found *= torch.where(found.sum(0) * found.abs().sum(0) < 0, -1.0, 1.0)
    return np.asarray((found / found[:, 0].std(unbiased=False).clamp_min(1e-12)).numpy(), np.float32)


def layouts(features: NDArray[np.float32], steps: int = STEPS, perplexity: float = PERPLEXITY) -> Iterator[Places]:
    """Yield places ``[N, 2]`` after each of ``steps``; ``features`` are ``[N, F]``, N at least 3."""
    attraction = affinities(torch.tensor(features), min(perplexity, (len(features) - 1) / 3))
    y = torch.tensor(principal_components(features)) * 1e-4
    velocity, gains = torch.zeros_like(y), torch.ones_like(y)
    rate = max(len(y) / _TIGHT / 4, 50.0)
    for step in range(steps):
        tight = step < _TIGHT_STEPS
        gradient = kl_gradient(attraction, y, _TIGHT if tight else 1.0)
        gains = torch.where((gradient > 0) == (velocity > 0), gains * 0.8, gains + 0.2).clamp_min(0.01)
        velocity = (_FIRST_MOMENTUM if tight else _MOMENTUM) * velocity - rate * gains * gradient
        y = y + velocity
        y -= y.mean(0)
        yield y.numpy().copy()


def affinities(x: Tensor, perplexity: float) -> Tensor:
    """Return how much each pair of rows of ``x`` ``[N, F]`` attracts each other, ``[N, N]``, in all 1.

    Each row's own share of the others is a normal distribution with as many neighbors as ``perplexity`` says.
    """
    squares = torch.cdist(x, x).square_()
    squares /= squares.mean().clamp_min(1e-12)
    squares.fill_diagonal_(math.inf)
    low, high = torch.full((len(x), 1), -40.0), torch.full((len(x), 1), 40.0)
    for _ in range(_BISECTIONS):  # of the precision's logarithm
        middle = (low + high) / 2
        shares = torch.softmax(-squares * torch.exp2(middle), 1)
        entropy = -(shares * shares.clamp_min(1e-30).log()).sum(1, keepdim=True)
        is_wide = entropy > math.log(perplexity)
        low, high = torch.where(is_wide, middle, low), torch.where(is_wide, high, middle)
    return (shares + shares.T) / (2 * len(x))


def kl_gradient(attraction: Tensor, y: Tensor, tight: float = 1.0) -> Tensor:
    """Return the gradient ``[N, 2]`` by ``y`` of the divergence between ``attraction`` and that of the places ``y``.

    ``tight`` multiplies ``attraction``.
    """
    squares = y.square().sum(1)
    near = (y @ y.T).mul_(-2).add_(squares[:, None]).add_(squares).add_(1).reciprocal_()
    near.fill_diagonal_(0)
    pull = (attraction * tight).sub_(near, alpha=float(1 / near.sum())).mul_(near)
    return 4 * (pull.sum(1, keepdim=True) * y - pull @ y)
