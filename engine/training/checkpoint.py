"""Everything that exact resuming needs, as named arrays and a few facts. Knows no files: the run folder stores it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import networks
from engine.config import Config
from engine.data.facts import DataFacts
from engine.errors import UserError
from engine.i18n import tr

Arrays = dict[str, NDArray[Any]]


def network_arrays(network: nn.Module) -> Arrays:
    """Return a copy of parameters and buffers on the host."""
    return {name: _to_numpy(tensor) for name, tensor in network.state_dict().items()}


def load_network(network: nn.Module, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Fill ``network``; raises ``UserError`` unless every name and shape fits."""
    try:
        network.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()}, strict=True)
    except (RuntimeError, TypeError) as error:
        raise does_not_fit() from error


def check_fit(config: Config, facts: DataFacts, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raise ``UserError`` unless both networks fit ``arrays``, before memory is taken for them.

    A stranger's config may ask for networks larger than the machine; on the meta device they take nothing.
    """
    for prefix, build in (("generator", networks.build_generator), ("discriminator", networks.build_discriminator)):
        with torch.device("meta"):
            wanted = {name: tuple(tensor.shape) for name, tensor in build(config, facts).state_dict().items()}
        if wanted != {name: array.shape for name, array in section(arrays, prefix).items()}:
            raise does_not_fit()


def optimiser_arrays(optimiser: torch.optim.Optimizer) -> Arrays:
    """Return every tensor of the optimiser's state as "index.name"."""
    return {
        f"{index}.{name}": _to_numpy(value)
        for index, state in optimiser.state_dict()["state"].items()
        for name, value in state.items()
    }


def load_optimiser(optimiser: torch.optim.Optimizer, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Fill the optimiser's state; raises ``UserError`` unless every name and shape fits its parameters."""
    content = optimiser.state_dict()
    shapes = {i: p.shape for i, p in enumerate(p for group in optimiser.param_groups for p in group["params"])}
    state: dict[int, dict[str, Tensor]] = {}
    for name, array in arrays.items():
        index, _, key = name.partition(".")
        number = int(index) if index.isdecimal() else -1
        if number not in shapes or (key != "step" and array.shape != shapes[number]):
            raise does_not_fit()
        state.setdefault(number, {})[key] = torch.tensor(array)
    content["state"] = state
    try:
        optimiser.load_state_dict(content)
    except (ValueError, RuntimeError, KeyError) as error:
        raise does_not_fit() from error


def random_arrays(training: torch.Generator, device: torch.device) -> Arrays:
    """Return the state of every source of chance in training."""
    arrays = {"training": _to_numpy(training.get_state()), "cpu": _to_numpy(torch.get_rng_state())}
    if device.type == "cuda":
        arrays["cuda"] = _to_numpy(torch.cuda.get_rng_state(device))
    return arrays


def load_random(training: torch.Generator, device: torch.device, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Restore what ``random_arrays`` returned; on another kind of device chance goes on from elsewhere."""
    try:
        torch.set_rng_state(torch.tensor(arrays["cpu"]))
        if device.type == "cuda" and "cuda" in arrays:
            torch.cuda.set_rng_state(torch.tensor(arrays["cuda"]), device)
        if training.get_state().shape == arrays["training"].shape:
            training.set_state(torch.tensor(arrays["training"]))
    except (KeyError, RuntimeError, TypeError) as error:
        raise does_not_fit() from error


def section(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    """Return the arrays whose name begins with ``prefix`` and a dot, without it."""
    return {name[len(prefix) + 1 :]: array for name, array in arrays.items() if name.startswith(prefix + ".")}


def sections(**parts: Arrays) -> Arrays:
    """Join parts into one mapping, each name led by its part's."""
    return {f"{prefix}.{name}": array for prefix, arrays in parts.items() for name, array in arrays.items()}


def _to_numpy(tensor: Tensor) -> NDArray[Any]:
    array: NDArray[Any] = tensor.detach().to("cpu", copy=True).contiguous().numpy()
    return array


def does_not_fit() -> UserError:
    """Say that a checkpoint belongs to other networks."""
    return UserError(
        tr("The checkpoint does not fit the networks of this run."),
        tr("Its files were mixed up or changed; restore the run folder from a copy, or start a new run."),
    )
