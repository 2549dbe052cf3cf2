"""Small pictures to paint, and how."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from engine.style.options import StyleOptions
from engine.style.transfer import StyleTransfer

SIDE = 32
CPU = torch.device("cpu")
PLAIN = StyleOptions.parse({"size": SIDE, "steps": 6, "precision": "float32", "threads": 1})


def picture(seed, height=SIDE, width=SIDE):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


CONTENT, STYLE, OTHER = picture(0), picture(1, SIDE, 40) // 2, picture(2) // 4


def transfer(styles=(STYLE,), **options):
    return StyleTransfer(CONTENT, styles, PLAIN.changed(**options))


def layered(network, state):
    """Return the network as torchvision builds it, with averages for maxima, and which place each convolution has."""
    layers, places = [], {}
    for name in network.convolutions:
        if network.pooled_before(name):
            layers.append(nn.AvgPool2d(2, 2))
        convolution = nn.Conv2d(*network.shape(name), 3, padding=1)
        convolution.load_state_dict({part: state[f"{name}.{part}"] for part in ("weight", "bias")})
        layers += [convolution, nn.ReLU()]
        places[name] = len(layers)
    return nn.Sequential(*layers), places


def near(found, wished):
    return np.allclose(found, wished, rtol=1e-4, atol=1e-4 * float(np.abs(wished).max()))
