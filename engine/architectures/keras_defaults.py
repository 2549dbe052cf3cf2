"""Keras' defaults where they differ from torch's, for architectures whose source is written in Keras. Knows none.

Source: keras.io/api/layers. First weights are those of ``first_weights.keras_weights``; batch norm has epsilon 1e-3 and
keeps 0.99 of its statistics at each step, which torch calls momentum 0.01.
"""

from __future__ import annotations

from torch import nn

_EPSILON, _MOMENTUM = 1e-3, 0.01


def batch_norm1d(features: int) -> nn.BatchNorm1d:
    """Return batch norm over each of ``features`` ``[N, features]``."""
    return nn.BatchNorm1d(features, _EPSILON, _MOMENTUM)


def batch_norm2d(channels: int) -> nn.BatchNorm2d:
    """Return batch norm over each of ``channels`` ``[N, channels, H, W]``."""
    return nn.BatchNorm2d(channels, _EPSILON, _MOMENTUM)
