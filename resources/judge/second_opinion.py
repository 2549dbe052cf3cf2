"""Let a second classifier judge samples: the one of PyTorch's MNIST example, trained on the full MNIST.

``python resources/judge/second_opinion.py --data-root DIR samples.npz …`` with files that ``sample … .npz`` wrote.
It prints, for the 5,000 real digits and for each file, the Fréchet distance of its 128 features to MNIST's 10,000 test
images and the share of samples that it reads as labeled. Nothing of it is shipped.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.datasets import digits
from engine.datasets.torchvision_repair import import_torchvision
from engine.evaluation.distances import frechet_distance, moments
from engine.evaluation.judge import to_tensor

EPOCHS, BATCH, LR = 8, 128, 2e-3


def classifier() -> nn.Sequential:
    """Return body and head of the network in pytorch/examples/mnist."""
    body = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout2d(0.25)),
        *(nn.Flatten(), nn.Linear(9216, 128), nn.ReLU()),
    )
    return nn.Sequential(body, nn.Sequential(nn.Dropout(0.5), nn.Linear(128, 10)))


def train(network: nn.Sequential, images: torch.Tensor, labels: torch.Tensor) -> None:
    """Train for some minutes."""
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LR, EPOCHS * (len(images) // BATCH))
    for _ in range(EPOCHS):
        for pick in torch.randperm(len(images))[: len(images) // BATCH * BATCH].split(BATCH):
            loss = F.cross_entropy(network(to_tensor(images[pick].numpy())), labels[pick])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


@torch.inference_mode()
def read(network: nn.Sequential, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the digit that each image uint8 [N, 28, 28] shows, and its features [N, 128]."""
    parts = [network[0](to_tensor(images[i : i + 500])) for i in range(0, len(images), 500)]
    return torch.cat([network[1](part).argmax(1) for part in parts]).numpy(), torch.cat(parts).numpy()


def main() -> None:
    """Train, then judge each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-root", required=True)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    mnist = import_torchvision().datasets.MNIST
    training, test = (mnist(arguments.data_root, train=part, download=True) for part in (True, False))
    network = classifier()
    train(network.train(), training.data, training.targets)
    network.eval()
    found, features = read(network, test.data.numpy())
    print(f"test images: {np.mean(found == test.targets.numpy()):.2%} read right")
    reference = moments(features)
    real, labels = digits.load()
    samples = [("real digits", real, labels)]
    samples += [(name, *(np.load(name)[key] for key in ("images", "labels"))) for name in arguments.files]
    for name, images, asked in samples:
        found, features = read(network, images)
        distance = frechet_distance(moments(features), reference)
        print(f"{name}: Fréchet distance {distance:.2f}, {np.mean(found == asked):.2%} read as labeled")


if __name__ == "__main__":
    main()
