"""Keras' defaults where they differ from torch's, for architectures whose source is written in Keras. Knows none.

Source: keras.io/api/layers. Dense and convolutional layers start with Glorot-uniform weights and zero biases,
embeddings uniformly in ±0.05; batch norm has epsilon 1e-3 and keeps 0.99 of its statistics at each step, which torch
calls momentum 0.01.
"""

from __future__ import annotations

from typing import TypeVar

from torch import nn

_EPSILON, _MOMENTUM = 1e-3, 0.01
_Network = TypeVar("_Network", bound=nn.Module)


def batch_norm1d(features: int) -> nn.BatchNorm1d:
    """Return batch norm over each of ``features`` ``[N, features]``."""
    return nn.BatchNorm1d(features, _EPSILON, _MOMENTUM)


def batch_norm2d(channels: int) -> nn.BatchNorm2d:
    """Return batch norm over each of ``channels`` ``[N, channels, H, W]``."""
    return nn.BatchNorm2d(channels, _EPSILON, _MOMENTUM)


def with_keras_weights(network: _Network) -> _Network:
    """Draw the first weights of ``network`` anew as Keras does, and return it."""
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.uniform_(module.weight, -0.05, 0.05)
    return network
