"""Everything that exact resuming needs, as named arrays and a few facts. Knows no files: the run folder stores it."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.architectures import networks
from engine.architectures.outline import outlined
from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr


def to_numpy(tensor: Tensor) -> NDArray[Any]:
    """Return a copy of ``tensor``, of any shape, on the host."""
    array: NDArray[Any] = tensor.detach().to("cpu", copy=True).contiguous().numpy()
    return array


def network_state(network: nn.Module) -> Arrays:
    """Return a copy of parameters and buffers on the host."""
    return {name: to_numpy(tensor) for name, tensor in network.state_dict().items()}


def load_network(network: nn.Module, arrays: Arrays) -> None:
    """Fill ``network``; raises ``UserError`` unless every name and shape fits."""
    try:
        network.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()}, strict=True)
    except (RuntimeError, TypeError) as error:
        raise does_not_fit() from error


def validate_shapes(config: Config, facts: DatasetInfo, arrays: Arrays) -> None:
    """Raise ``UserError`` unless both networks fit ``arrays``, before memory is taken for them."""
    if not fits(config, facts, arrays, "generator", "discriminator"):
        raise does_not_fit()


def fits(config: Config, facts: DatasetInfo, arrays: Arrays, *players: str) -> bool:
    """Whether the networks of ``players`` fit their sections of ``arrays``.

    A stranger's config may ask for networks larger than the machine; on the meta device they take nothing.
    """
    builders = {"generator": networks.build_generator, "discriminator": networks.build_discriminator}
    for player in players:
        with outlined():
            network = builders[player](config, facts)
            wanted = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
        if wanted != {name: array.shape for name, array in unflatten(arrays, player).items()}:
            return False
    return True


def check_adoptable(config: Config, facts: DatasetInfo, arrays: Arrays, *players: str) -> None:
    """Raise ``UserError`` unless a training with these options can begin with the networks of another one."""
    if not fits(config, facts, arrays, *players):
        raise UserError(
            tr("The networks to begin with do not fit these options."),
            tr("Leave the architecture, the widths and the classes as they are in the run that they come from."),
        )


def rng_state(training: torch.Generator, device: torch.device) -> Arrays:
    """Return the state of every source of chance in training."""
    arrays = {"training": to_numpy(training.get_state()), "cpu": to_numpy(torch.get_rng_state())}
    if device.type == "cuda":
        arrays["cuda"] = to_numpy(torch.cuda.get_rng_state(device))
    return arrays


def load_rng_state(training: torch.Generator, device: torch.device, arrays: Arrays) -> None:
    """Restore what ``rng_state`` returned; on another kind of device chance goes on from elsewhere."""
    try:
        torch.set_rng_state(torch.tensor(arrays["cpu"]))
        if device.type == "cuda" and "cuda" in arrays:
            torch.cuda.set_rng_state(torch.tensor(arrays["cuda"]), device)
        if training.get_state().shape == arrays["training"].shape:
            training.set_state(torch.tensor(arrays["training"]))
    except (KeyError, RuntimeError, TypeError) as error:
        raise does_not_fit() from error


def unflatten(arrays: Arrays, prefix: str) -> Arrays:
    """Return the arrays whose name begins with ``prefix`` and a dot, without it."""
    return {name[len(prefix) + 1 :]: array for name, array in arrays.items() if name.startswith(prefix + ".")}


def flatten(**parts: Arrays) -> Arrays:
    """Join parts into one mapping, each name led by its part's."""
    return {f"{prefix}.{name}": array for prefix, arrays in parts.items() for name, array in arrays.items()}


def does_not_fit() -> UserError:
    """Say that a checkpoint belongs to other networks."""
    return UserError(
        tr("The checkpoint does not fit the networks of this run."),
        tr("Its files were mixed up or changed; restore the run folder from a copy, or start a new run."),
    )
