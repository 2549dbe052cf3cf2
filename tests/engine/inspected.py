"""Players of any architecture, and what is found out about their samples."""

import numpy as np
import torch

from engine.architectures import networks
from engine.datasets.images import ImageData
from engine.evaluation.sample_inspector import SampleInspector
from engine.training.checkpoint import network_state
from tests import tiny

Z = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)


def config(**values):
    return tiny.config(**{"r1_gamma": 0.0} | values)


def color(data):
    """The same pictures in three colors that differ."""
    shades = np.array([1.0, 0.6, 0.2])[:, None, None]
    return ImageData((data.images * shades).astype(np.uint8), data.labels, data.class_names)


def players(options, facts, seed=0):
    """Both players as arrays, after some forward passes in training mode so that their buffers are not the first."""
    torch.manual_seed(seed)
    pair = networks.build_generator(options, facts), networks.build_discriminator(options, facts)
    classes = len(facts.class_names)
    with torch.no_grad():
        for _ in range(3):
            labels = torch.arange(20) % classes if classes else torch.full((20,), -1)
            pair[1](pair[0](torch.randn(20, options.z_dim), labels), labels)
    return tuple(network_state(player) for player in pair)


def examiner(options=None, data=None, seed=0, **values):
    options = options or config(**values)
    data = data or tiny.data()
    made = SampleInspector(options, data.facts, data)
    made.load(*players(options, data.facts, seed))
    return made
