"""Train the judge on the full MNIST and write digits.safetensors. Usage: see ORIGIN.md."""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.datasets.torchvision_repair import import_torchvision
from engine.evaluation.distances import moments
from engine.evaluation.judge import PATH, Judge

EPOCHS, BATCH, PEAK_LR, SHIFT = 7, 128, 4e-3, 2


def mnist(root: str, *, train: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images uint8 [N, 28, 28] and labels [N]."""
    found = import_torchvision().datasets.MNIST(root, train=train, download=True)
    return found.data, found.targets


def shifted(images: torch.Tensor) -> torch.Tensor:
    """Move each image [N, 28, 28] by up to SHIFT pixels and return floats [N, 1, 28, 28] in [-1, 1]."""
    padded = F.pad(images, (SHIFT,) * 4)
    rows, columns = (torch.arange(28) + torch.randint(0, 2 * SHIFT + 1, (len(images), 1)) for _ in range(2))
    moved = padded[torch.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return moved[:, None].float() / 127.5 - 1


def main() -> None:
    """Train for a few minutes, print the test accuracy of each epoch, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-root", required=True)
    root = parser.parse_args().data_root
    torch.manual_seed(0)
    judge = Judge()
    (images, labels), (test_images, test_labels) = mnist(root, train=True), mnist(root, train=False)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=PEAK_LR, weight_decay=1e-2, fused=True)
    steps = EPOCHS * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_LR, steps, pct_start=0.2)
    features = np.empty(0)
    for epoch in range(1, EPOCHS + 1):
        judge.train()
        for pick in torch.randperm(len(images))[: len(images) // BATCH * BATCH].split(BATCH):
            loss = F.cross_entropy(judge(shifted(images[pick]))[0], labels[pick])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        digits, features = judge.eval().predict(test_images.numpy())
        print(f"epoch {epoch} of {EPOCHS}: {np.mean(digits == test_labels.numpy()):.2%} of the test images read right")
    mean, covariance = moments(features)
    state = judge.state_dict()
    state["reference_mean"], state["reference_covariance"] = torch.from_numpy(mean), torch.from_numpy(covariance)
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, PATH)


if __name__ == "__main__":
    main()
