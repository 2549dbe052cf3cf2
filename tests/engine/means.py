"""Does bfloat16 or the seed part `dcgan-fashion` from its published means? Trainings on the full MNIST answer it.

``python -m tests.engine.means FOLDER [--epochs 20] [--seeds 1 2 3] [--ways …] [--device cuda]`` trains the engine in
bfloat16, the engine in float32, and a plain float32 loop over plain networks (the opponent in eval mode, as the recipe
has it, or in training mode), an epoch of each in turn, so that all have come equally far whenever it is stopped; the
same command goes on. FOLDER/means.jsonl and the screen get a line for each epoch: the means of both losses in it and
since the first step. One core takes some two minutes for each. DUELO_DATA says where MNIST lies.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from engine.config import Config
from engine.datasets import catalog
from engine.datasets.batches import Batches
from engine.datasets.catalog import ImageData
from engine.recipes import recipe
from engine.training.gan import GAN
from engine.training.train_step import StepInfo
from tests.engine.test_recipe_outcomes import DATA
from tests.engine.test_reference_loops import plain_dcgan


class Engine:
    """The recipe as Duelo trains it, with the ``precision`` that is asked for."""

    def __init__(self, config: Config, data: ImageData, device: torch.device, precision: str) -> None:
        self.config = config.changed(precision=precision)
        self.gan = GAN(self.config, data.facts, device)
        self.batches = Batches(data, config.seed, device, config.data_range)

    def step(self, number: int) -> torch.Tensor:
        """Return both losses of the step with this number, from 0."""
        size = self.config.batch_size
        moment = StepInfo(number, (number + 1) * size, 0.0, 1.0)
        return self.gan.step(self.config, moment, [self.batches.get_batch(number * size, size)])[:2]

    def state(self) -> dict[str, Any]:
        """Return what ``restore`` needs."""
        return {name: torch.from_numpy(array) for name, array in self.gan.state_dict().items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        self.gan.load_state_dict({name: tensor.numpy() for name, tensor in state.items()})


class Plain:
    """The same written out: own first weights, order and noise, float32, the opponent in the ``mode`` given."""

    def __init__(self, config: Config, data: ImageData, device: torch.device, mode: str) -> None:
        torch.manual_seed(1000 + config.seed)
        self.device, self.opponent_trains = device, mode == "train"
        self.size, self.z_dim, self.seed, self.images = config.batch_size, config.z_dim, config.seed, data.images
        self.generator, self.discriminator = (each.to(device) for each in plain_dcgan())
        self.g_adam, self.d_adam = (
            torch.optim.Adam(each.parameters(), 3e-4) for each in (self.generator, self.discriminator)
        )
        self.random = torch.Generator().manual_seed(1000 + config.seed)
        self.bce = nn.BCEWithLogitsLoss()

    def step(self, number: int) -> torch.Tensor:
        """Return both losses of the step with this number, from 0."""
        real, d, g = self._batch(number).to(self.device), self.discriminator, self.generator
        zeros, ones = (torch.full((self.size, 1), target, device=self.device) for target in (0.0, 1.0))
        g.train(self.opponent_trains)
        d.train()
        with torch.no_grad():
            fake = g(self._noise())
        d_loss = self.bce(d(torch.cat([fake, real])), torch.cat([zeros, ones]))
        self.d_adam.zero_grad()
        d_loss.backward()
        self.d_adam.step()
        g.train()
        d.train(self.opponent_trains)
        g_loss = self.bce(d(g(self._noise())), ones)
        self.g_adam.zero_grad()
        g_loss.backward()
        self.g_adam.step()
        return torch.stack([d_loss.detach(), g_loss.detach()])

    def _noise(self) -> torch.Tensor:
        return torch.randn(self.size, self.z_dim, generator=self.random).to(self.device)

    def _batch(self, number: int) -> torch.Tensor:
        epoch, batch = divmod(number, len(self.images) // self.size)
        shuffle = torch.Generator().manual_seed(1000 * self.seed + epoch)
        order = torch.randperm(len(self.images), generator=shuffle)[batch * self.size : (batch + 1) * self.size]
        return torch.from_numpy(self.images[order.numpy()]).float() / 127.5 - 1

    def state(self) -> dict[str, Any]:
        """Return what ``restore`` needs."""
        parts = (self.generator, self.discriminator, self.g_adam, self.d_adam)
        return {"parts": [part.state_dict() for part in parts], "random": self.random.get_state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        for part, kept in zip(
            (self.generator, self.discriminator, self.g_adam, self.d_adam), state["parts"], strict=True
        ):
            part.load_state_dict(kept)
        self.random.set_state(state["random"])


WAYS: dict[str, tuple[type[Engine | Plain], str]] = {  # with the engine's precision, or the mode of the opponent
    "engine-bfloat16": (Engine, "bfloat16"),
    "engine-float32": (Engine, "float32"),
    "plain-float32": (Plain, "eval"),
    "plain-float32-train-mode": (Plain, "train"),
}


def train_epoch(
    way: str, config: Config, data: ImageData, device: torch.device, folder: Path, epoch: int
) -> dict[str, Any] | None:
    """Train this epoch of a way from what ``folder`` keeps of the one before; return its means, None if it is done."""
    kept, steps = folder / f"{way}-{config.seed}.pt", len(data.images) // config.batch_size
    kind, how = WAYS[way]
    training, total, done = kind(config, data, device, how), torch.zeros(2, dtype=torch.float64), 0
    if kept.exists():
        found = torch.load(kept)
        total, done = found["total"], found["epochs"]
        if done >= epoch:
            return None
        training.restore(found["state"])
    begin, here = time.process_time(), torch.zeros(2, dtype=torch.float64)
    for number in range(done * steps, epoch * steps):
        here += training.step(number).cpu()
    total = total + here
    unfinished = kept.with_suffix(".new")
    torch.save({"state": training.state(), "total": total, "epochs": epoch}, unfinished)
    os.replace(unfinished, kept)
    names = ("d_epoch", "g_epoch", "d_mean", "g_mean")
    means = torch.cat([here / steps / (epoch - done), total / steps / epoch]).tolist()
    told = {name: round(mean, 4) for name, mean in zip(names, means, strict=True)}
    return {"way": way, "seed": config.seed, "epoch": epoch} | told | {"seconds": round(time.process_time() - begin)}


def main() -> None:
    """Train, an epoch of each in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--device", type=torch.device, default="cpu")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    torch.set_flush_denormal(True)
    torch.backends.cudnn.allow_tf32 = False
    config = recipe("dcgan-fashion").config(dataset="mnist", data_root=str(DATA), device="cpu")
    data = catalog.load(config)
    for epoch in range(1, asked.epochs + 1):
        for seed in asked.seeds:
            for way in asked.ways:
                told = train_epoch(way, config.changed(seed=seed), data, asked.device, asked.folder, epoch)
                if told is None:
                    continue
                line = json.dumps(told)
                print(line, flush=True)
                with (asked.folder / "means.jsonl").open("a") as file:
                    file.write(line + "\n")


if __name__ == "__main__":
    main()
