"""How first weights are drawn where torch's own are not taken. Each is plain torch, shown to a person as it is.

A rule is a function of a network, which it fills; it knows no architecture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from torch import nn

Rule = Callable[[nn.Module], None]
_Network = TypeVar("_Network", bound=nn.Module)
_RULE = "first_weights_rule"


def begin_with(network: _Network, rule: Rule) -> _Network:
    """Let ``rule`` draw the first weights of ``network`` anew, and return it; ``rule_of`` tells which it was."""
    rule(network)
    object.__setattr__(network, _RULE, rule)  # no part of its state
    return network


def rule_of(network: nn.Module) -> Rule | None:
    """Return the rule that drew the first weights of ``network``; None where they are torch's own."""
    found: Rule | None = getattr(network, _RULE, None)
    return found


def keras_weights(network: nn.Module) -> None:
    """Fill layers as Keras does (keras.io/api/layers): Glorot-uniform weights, zero biases, embeddings in ±0.05."""
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.uniform_(module.weight, -0.05, 0.05)


def small_embeddings(network: nn.Module) -> None:
    """Let an embedding be about as long as 1, whatever its width: its product with features then is no large number."""
    for module in network.modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)
