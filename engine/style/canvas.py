"""The picture that is trained: its pixels, the losses of where it stands, and the step before. Tells nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.arrays import Picture
from engine.style.events import Losses
from engine.style.features import Features
from engine.style.losses import Targets, distance, gram, total_variation
from engine.style.options import StyleOptions

_GRAY, _SPREAD = 0.5, 0.15  # of the noise that a picture may begin as


class Canvas:
    """Pixels ``[1, 3, H, W]``, 0 to 1, between a content and one or two styles; ``layers`` of the style can count."""

    def __init__(self, features: Features, content: Tensor, styles: Sequence[Tensor], start: Tensor) -> None:
        network = features.network
        self._features = features
        self.layers = network.style_layers
        with torch.no_grad():
            wished = features(content, (network.content_layer,))[network.content_layer]
            self.targets = Targets(wished, [self._grams_of(style) for style in styles])
        self.pixels = start.clone().requires_grad_()
        self._before: Tensor | None = None
        self._grams_now: dict[str, Tensor] = {}

    def look(self, options: StyleOptions) -> tuple[Losses, Tensor]:
        """Return the losses and their weighted sum, a scalar; the gradient is then that of ``pixels``."""
        self.pixels.grad = None
        losses, total = self.losses(options)
        total.backward()
        return losses, total.detach()

    def losses(self, options: StyleOptions) -> tuple[Losses, Tensor]:
        """Return the losses, and their weighted sum as a scalar to be differentiated."""
        self.targets.blend = options.blend
        content_layer = self._features.network.content_layer
        layers = self._features.network.chosen(options.layers)
        found = self._features(self.pixels, {content_layer, *layers})
        content = distance(found[content_layer], self.targets.content)
        self._grams_now = {name: gram(found[name]) for name in layers}
        by_layer = [distance(now, self.targets.style(name)) for name, now in self._grams_now.items()]
        style = torch.stack(by_layer).mean()
        variation = total_variation(self.pixels)
        total = options.content_weight * content + options.style_weight * style
        total = total + options.variation_weight * variation
        told: list[float] = torch.stack([content, style, variation, total, *by_layer]).detach().tolist()
        by_name = tuple(zip(layers, told[4:], strict=True))
        return Losses(told[0], told[1], told[2], told[3], by_name), total

    def remember(self) -> None:
        """Keep the pixels as they are, to go back to."""
        self._before = self.pixels.detach().clone()

    def go_back(self) -> None:
        """Let the pixels be those that were remembered."""
        if self._before is not None:
            with torch.no_grad():
                self.pixels.copy_(self._before)

    def gradient_before(self, options: StyleOptions) -> Tensor:
        """Return the gradient ``[1, 3, H, W]`` at the pixels that were remembered, and stay where they are."""
        now = self.pixels.detach().clone()
        self.go_back()
        self.look(options)
        with torch.no_grad():
            self.pixels.copy_(now)
        assert self.pixels.grad is not None
        return self.pixels.grad

    def limit(self) -> None:
        """Keep every pixel between black and white."""
        with torch.no_grad():
            self.pixels.clamp_(0, 1)

    def grams(self) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return the Gram matrices ``[C, C]`` of the style and of the picture at the last look, by layer."""
        pairs = {name: (self.targets.style(name), now.detach()) for name, now in self._grams_now.items()}
        return {name: (wished.cpu().numpy(), now.cpu().numpy()) for name, (wished, now) in pairs.items()}

    def picture(self) -> Picture:
        """Return the picture as a person sees it."""
        seen = self.pixels.detach()[0].permute(1, 2, 0).mul(255).round()
        return seen.to("cpu", torch.uint8).numpy()

    def _grams_of(self, style: Tensor) -> Mapping[str, Tensor]:
        return {name: gram(found) for name, found in self._features(style, self.layers).items()}


def as_tensor(picture: Picture, device: torch.device) -> Tensor:
    """Return a picture uint8 ``[H, W, 3]`` as ``[1, 3, H, W]``, 0 to 1."""
    pixels = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).to(device)
    return pixels[None].float() / 255


def noise(height: int, width: int, seed: int, device: torch.device) -> Tensor:
    """Return gray noise ``[1, 3, height, width]``, 0 to 1, the same on every device."""
    drawn = np.random.Generator(np.random.PCG64(seed)).normal(_GRAY, _SPREAD, (1, 3, height, width))
    return torch.from_numpy(drawn.astype(np.float32)).clamp_(0, 1).to(device)
