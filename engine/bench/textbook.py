"""The loop as textbooks write it, to compare the engine with: a DataLoader over tensors, ``.item()`` for each loss and
step, Adam as it comes, gradients for everything. Same networks, same batch size, same losses as the recipe's.

``python -m engine.bench.textbook RECIPE`` trains it in a process that nothing of ours prepared, as many seconds as each
line that it reads says, and prints the images per second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from engine import device as devices
from engine.architectures import networks
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.catalog import ImageData


class Textbook:
    """The recipe of ``config`` trained by a plain loop in float32. Iterating it yields the two losses of each step."""

    def __init__(self, config: Config, data: ImageData, device: torch.device) -> None:
        torch.manual_seed(config.seed)
        self._config = config
        self._device = device
        self._generator = networks.build_generator(config, data.facts).to(device)
        self._discriminator = networks.build_discriminator(config, data.facts).to(device)
        self._g_optimizer = torch.optim.Adam(
            self._generator.parameters(), config.g_lr, (config.g_beta1, config.g_beta2), config.adam_epsilon
        )
        self._d_optimizer = torch.optim.Adam(
            self._discriminator.parameters(), config.d_lr, (config.d_beta1, config.d_beta2), config.adam_epsilon
        )
        self._loss = nn.BCEWithLogitsLoss()
        images = torch.from_numpy(data.images).float() / 255  # once, as textbooks do it for data this small
        if config.data_range == "-1..1":
            images = 2 * images - 1
        labels = torch.from_numpy(data.labels)
        self.loader = DataLoader(TensorDataset(images, labels), config.batch_size, shuffle=True, drop_last=True)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        while True:
            for images, labels in self.loader:
                real, labels = images.to(self._device), labels.to(self._device)
                yield self._teach_discriminator(real, labels), self._teach_generator(labels)

    def _teach_discriminator(self, real: Tensor, labels: Tensor) -> float:
        resting = self._config.eval_opponent
        self._generator.train(not resting)
        self._discriminator.train()
        self._d_optimizer.zero_grad()
        fake = self._generator(self._noise(len(real)), labels).detach()
        if self._config.concat_real_fake:
            verdict = self._discriminator(torch.cat([fake, real]), torch.cat([labels, labels])).logits
            loss = self._loss(verdict, torch.cat([torch.zeros(len(real)), torch.ones(len(real))]).to(self._device))
            if self._config.d_loss_over == "sum":
                loss = 2 * loss
        else:
            on_real, on_fake = (self._discriminator(images, labels).logits for images in (real, fake))
            loss = self._loss(on_real, torch.ones_like(on_real)) + self._loss(on_fake, torch.zeros_like(on_fake))
        loss.backward()
        self._d_optimizer.step()
        return loss.item()

    def _teach_generator(self, labels: Tensor) -> float:
        self._generator.train()
        self._discriminator.train(not self._config.eval_opponent)
        self._g_optimizer.zero_grad()
        verdict = self._discriminator(self._generator(self._noise(len(labels)), labels), labels).logits
        loss = self._loss(verdict, torch.ones_like(verdict))
        loss.backward()
        self._g_optimizer.step()
        return loss.item()

    def _noise(self, count: int) -> Tensor:
        return torch.randn(count, self._config.z_dim, device=self._device)


def main() -> None:
    """Train the recipe named on the command line, turn by turn."""
    from engine.bench import beside_textbook, turns

    config = beside_textbook.at_home(sys.argv[1])
    steps = iter(Textbook(config, catalog.load(config), devices.resolve("auto")))
    for line in sys.stdin:
        print(turns.of_steps(steps, config.batch_size, float(line)), flush=True)


if __name__ == "__main__":
    main()
