"""Tells the stages of a step to somebody who looks: what is at hand, what D makes of it, and which weights moved.

It reads, on copies where something must be computed, and leaves networks and chance as they were: the step stays the
very same one (``tests/engine/test_stages.py``).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.config import Config
from engine.events import LayerMove, StepStage
from engine.losses import LOSSES
from engine.training.stages import Stage, StageName

if TYPE_CHECKING:
    from engine.training.gan import GAN


_TINY = 1e-12
_AT_WORK = {
    StageName.Z: ("g", "z"),
    StageName.GENERATED: ("d", "generated"),
    StageName.D_ON_REAL: ("d", "real"),
    StageName.D_ON_GENERATED: ("d", "generated"),
    StageName.D_AGAIN: ("d", "generated"),
    StageName.G_UPDATED: ("g", "z"),
}
"""Who works in a stage, or is about to, on what that is at hand."""


class Magnifier:
    """Looks at one step of ``gan``, number ``step``.

    Beside what a stage has at hand it tells ``verdicts``, the probabilities ``[N]`` of being real that D gives to the
    images of the stage as it judges outside of training, and after a player moved those of before: once D did, of
    ``real_…`` and ``generated_…``; once G did, of the ``images`` that it now draws of the same z. The losses have
    ``pairs`` ``[N]``, the loss of each real image with a generated one, whose mean they are.
    """

    def __init__(self, gan: GAN, config: Config, step: int, trial: str = "") -> None:
        self._gan, self._config, self._step, self._trial = gan, config, step, trial
        self._formulas = LOSSES[config.loss].formulas
        self._at_hand: dict[str, Tensor] = {}
        self._minds: dict[str, Tensor] = {}
        self._players = {"g": _Weights(gan.generator), "d": _Weights(gan.discriminator)}

    def event(self, stage: Stage) -> StepStage:
        """Return what is to be told of ``stage``, now."""
        tensors = {name: tensor.detach() for name, tensor in stage.look().items()}
        with torch.no_grad(), self._leaving_chance_alone():
            tensors |= self._more(stage.name, tensors)
            activations = self._activations(stage.name)
        moved = {"d": stage.name is StageName.D_UPDATED, "g": stage.name is StageName.G_UPDATED}
        layers = {name: tuple(weights.moves(moved=moved[name])) for name, weights in self._players.items()}
        arrays = {name: tensor.float().cpu().numpy().copy() for name, tensor in tensors.items()}
        return StepStage(self._step, stage.name, arrays, layers["g"], layers["d"], self._trial, activations)

    # --- what is added, stage by stage

    def _more(self, name: StageName, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        match name:
            case StageName.Z:
                self._remember(z=tensors["z"])
                if "labels" in tensors:
                    self._remember(labels=tensors["labels"])
            case StageName.GENERATED:
                self._remember(generated=tensors["images"])
            case StageName.D_ON_REAL:
                self._remember(real=tensors["images"], real_logits=tensors["logits"])
            case StageName.D_ON_GENERATED:
                self._remember(generated=tensors["images"], generated_logits=tensors["logits"])
                return self._judged("before")
            case StageName.D_LOSS:
                return {"pairs": self._pairs(of_d=True)}
            case StageName.D_UPDATED:
                return self._minds | self._judged("after")
            case StageName.D_AGAIN:
                self._remember(generated=tensors["images"], generated_logits=tensors["logits"])
                return {"verdicts": self._verdicts(self._at_hand["generated"])[1]}
            case StageName.G_LOSS:
                return {"pairs": self._pairs(of_d=False)}
            case StageName.G_UPDATED:
                return self._redrawn()
        return {}

    def _activations(self, name: StageName) -> dict[str, dict[str, NDArray[np.float32]]]:
        """Return what the layers of the player that works in this stage give for the first picture of the batch."""
        player, given = _AT_WORK.get(name, ("", ""))
        if not player:
            return {}
        if name is StageName.Z:  # the sizes of D's layers are told from the first stage on, as those of G's are
            self._players["d"].traced(self._drawn(self._at_hand["z"][:2]), self._labels(2))
        return {player: self._players[player].traced(self._at_hand[given][:2], self._labels(2))}

    def _drawn(self, z: Tensor) -> Tensor:
        """Return what G draws of ``z`` ``[N, z_dim]`` now, in all scales."""
        artist = copy.deepcopy(self._gan.generator)
        with self._gan.autocast():
            drawn: Tensor = getattr(artist, "all_scales", artist)(z, self._labels(len(z)))
        return drawn.float()

    def _remember(self, **tensors: Tensor) -> None:
        """Keep what a later stage needs: the step itself may reuse the memory."""
        self._at_hand |= {name: tensor.clone() for name, tensor in tensors.items()}

    def _labels(self, count: int) -> Tensor:
        known = self._at_hand.get("labels")
        if known is None:  # networks that ignore them
            return torch.full((count,), -1, device=self._gan.device)
        return known.repeat(-(-count // len(known)))[:count]

    def _judged(self, when: str) -> dict[str, Tensor]:
        real, generated = self._verdicts(self._at_hand["generated"])
        found = {f"real_{when}": real, f"generated_{when}": generated}
        self._minds = found if when == "before" else self._minds
        return found

    def _verdicts(self, generated: Tensor) -> tuple[Tensor, Tensor]:
        """Return what D thinks of the real images, and of ``generated`` ``[N, C, H, W]``, out of training."""
        judge, real = copy.deepcopy(self._gan.discriminator).eval(), self._at_hand["real"]
        on_real = judge(real, self._labels(len(real))).logits.float()
        on_generated = judge(generated, self._labels(len(generated))).logits.float()
        verdicts = self._formulas.verdicts(_as_many(on_real, len(on_generated)), on_generated)
        return verdicts[0][: len(real)], verdicts[1]

    def _pairs(self, *, of_d: bool) -> Tensor:
        """Return the loss of each pair by itself, by the very formula."""
        generated = self._at_hand["generated_logits"]
        real = _as_many(self._at_hand["real_logits"], len(generated))
        pairs = zip(real.split(1), generated.split(1), strict=True)
        if of_d:
            smoothing, weight = self._config.label_smoothing, 0.5 if self._config.d_loss_over == "mean" else 1.0
            losses = [weight * self._formulas.discriminator(r, g, smoothing) for r, g in pairs]
        else:
            losses = [self._formulas.generator(r, g) for r, g in pairs]
        return torch.stack(losses)

    def _redrawn(self) -> dict[str, Tensor]:
        """Return what G draws of the same z now that it has moved, and what D makes of it."""
        before = self._at_hand["generated"]
        after = self._drawn(_as_many(self._at_hand["z"], len(before)))
        return {
            "images": after,
            "generated_before": self._verdicts(before)[1],
            "generated_after": self._verdicts(after)[1],
        }

    @contextmanager
    def _leaving_chance_alone(self) -> Iterator[None]:
        own = [self._gan.device] if self._gan.device.type == "cuda" else []
        with torch.random.fork_rng(devices=own):  # of this thread alone: nobody else draws from the global stream
            yield


class _Weights:
    """The layers of one player, and how far their weights move."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._layers: dict[str, list[Tensor]] = {}
        for name, weights in network.named_parameters():
            layer = name.rpartition(".")[0].partition(".parametrizations")[0]  # spectral norm stands between
            self._layers.setdefault(layer, []).append(weights)
        self._before = self._copies()
        self._shapes: dict[str, tuple[int, ...]] = {}

    def traced(self, *inputs: Tensor) -> dict[str, NDArray[np.float32]]:
        """Return what each layer gives for the first of ``inputs`` ``[N, …]`` out of training, by a copy."""
        network, found = copy.deepcopy(self._network).eval(), dict[str, NDArray[np.float32]]()

        def note(name: str, _layer: nn.Module, _given: object, gives: object) -> None:
            if isinstance(gives, Tensor):
                self._shapes[name] = tuple(gives.shape[1:])
                found[name] = gives[0].detach().float().cpu().numpy()

        for name in self._layers:
            network.get_submodule(name).register_forward_hook(partial(note, name))
        network(*inputs)
        return found

    def moves(self, *, moved: bool) -> Iterator[LayerMove]:
        """Yield each layer with what it moved since the last time; nothing where no weight ``moved``."""
        now = self._copies() if moved else self._before
        for name, old, new in zip(self._layers, self._before, now, strict=True):
            share = float((new - old).norm() / old.norm().clamp_min(_TINY)) if moved else 0.0
            kind = _kind(self._network.get_submodule(name))
            yield LayerMove(name, kind, self._shapes.get(name, ()), len(old), share)
        self._before = now

    def _copies(self) -> list[Tensor]:
        return [torch.cat([each.detach().flatten() for each in layer]).clone() for layer in self._layers.values()]


def _kind(module: nn.Module) -> str:
    """Return what torch calls a layer that may add something to one of torch's own."""
    return next((kind.__name__ for kind in type(module).__mro__ if vars(nn).get(kind.__name__) is kind), "Module")


def _as_many(tensor: Tensor, count: int) -> Tensor:
    return (
        tensor if len(tensor) == count else tensor.repeat(-(-count // len(tensor)), *[1] * (tensor.dim() - 1))[:count]
    )
