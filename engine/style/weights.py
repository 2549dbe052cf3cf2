"""Reads the weights of a network: those that come with Duelo, or a file of torchvision's. Runs no code of any file."""

from __future__ import annotations

import os
from io import BufferedReader, FileIO, UnsupportedOperation
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine import files
from engine.arrays import Arrays
from engine.datasets import download
from engine.datasets.download import NotFetchedError, Remote
from engine.errors import UserError, reason
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs.tensors import read_tensors
from engine.style.networks import SHIPPED, VGG19, Network

VGG19_FILE = "vgg19-dcbb9e9d.pth"
"""What torchvision calls the weights that it downloads; the end is how their SHA-256 begins."""
_LARGEST_BYTES = 8 * 512 * 512 * 3 * 3  # of a convolution, in any precision
_URL = f"https://download.pytorch.org/models/{VGG19_FILE}"


def places() -> list[Path]:
    """Return where torchvision's weights of VGG-19 may lie on this machine."""
    cache = files.typed(os.environ.get("TORCH_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "torch")
    return [files.home() / "weights" / VGG19_FILE, cache / "hub" / "checkpoints" / VGG19_FILE]


def vgg19_here() -> Path | None:
    """Return where the weights of VGG-19 lie, None where they do not."""
    return next((path for path in places() if path.is_file()), None)


def fetch() -> Job[Progress, Path]:
    """Download torchvision's weights of VGG-19, 575 MB, into the home, and return where they lie.

    Closing the generator cancels. Raises ``UserError`` where nobody gives them.
    """
    remote = Remote((_URL,), "", places()[0], sha256=VGG19_FILE.removesuffix(".pth").rpartition("-")[2])
    try:
        yield from download.fetch(remote, tr("Downloading VGG-19 (575 MB)"))
    except NotFetchedError as error:
        raise UserError(
            tr("VGG-19 could not be downloaded."),
            tr("Connect to the Internet, or bring {name} and choose it as a file.", name=VGG19_FILE),
        ) from error
    return remote.path


def network_of(path: Path | None) -> Network:
    """Return the network that the weights in ``path`` are of; without one, that which comes with Duelo."""
    return SHIPPED if path is None else VGG19


def load(path: Path | None) -> Arrays:
    """Return weight ``[out, in, 3, 3]`` and bias ``[out]`` of each convolution, by name such as "conv1_1.weight".

    Raises ``UserError`` where ``path`` holds no weights of VGG-19.
    """
    if path is None:
        assert SHIPPED.path is not None
        with open(SHIPPED.path, "rb") as file:
            return read_tensors(file)[0]
    found = _read(path)
    arrays: Arrays = {}
    for name in VGG19.convolutions:
        taken, given = VGG19.shape(name)
        for part, shape in (("weight", (given, taken, 3, 3)), ("bias", (given,))):
            tensor = found.get(f"{VGG19.torchvision_name(name)}.{part}")
            if tensor is None or tuple(tensor.shape) != shape or not tensor.isfinite().all():
                raise _of_another_network(path)
            arrays[f"{name}.{part}"] = tensor.to(torch.float32).numpy()
    return arrays


class _Slim(BufferedReader):
    """A file of which pieces larger than those of any convolution are passed over, and their memory never touched.

    VGG-19's classifier takes 495 of 575 MB. What stands for it is not looked at.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))

    def readinto(self, buffer: Any, /) -> int:
        """Fill ``buffer``, unless it is of the classifier."""
        size = memoryview(buffer).nbytes
        if size <= _LARGEST_BYTES:
            return super().readinto(buffer)
        self.seek(size, os.SEEK_CUR)
        return size

    def fileno(self) -> int:
        """Refuse to be read by torch itself."""
        raise UnsupportedOperation


def _read(path: Path) -> dict[str, Tensor]:
    """Return the tensors of convolutions in a file, whose format its beginning tells."""
    try:
        files.insist_on_file(path)
        if path.suffix.lower() == ".safetensors":
            with open(path, "rb") as file:
                return {name: torch.from_numpy(array) for name, array in read_tensors(file, "features.")[0].items()}
        with _Slim(path) as file:
            found = torch.load(file, map_location="cpu", weights_only=True)  # nothing but tensors is made
    except OSError as error:
        raise UserError(
            tr("“{path}” cannot be read: {reason}.", path=path, reason=reason(error)),
            tr("Give torchvision's file {name}.", name=VGG19_FILE),
        ) from error
    except Exception as error:  # torch raises nearly everything on what it does not know
        raise _of_another_network(path) from error
    if not isinstance(found, dict):
        raise _of_another_network(path)
    return {name: it for name, it in found.items() if isinstance(it, Tensor)}


def _of_another_network(path: Path) -> UserError:
    return UserError(
        tr("“{path}” holds no weights of VGG-19.", path=path),
        tr("Give torchvision's file {name}, or leave it out: VGG-16 comes with Duelo.", name=VGG19_FILE),
    )


def as_tensors(arrays: Arrays, names: tuple[str, ...], kind: torch.dtype, device: torch.device) -> dict[str, Tensor]:
    """Return weight ``[out, in, 3, 3]`` and bias ``[out]`` of the convolutions ``names`` to compute with."""
    wanted = [f"{name}.{part}" for name in names for part in ("weight", "bias")]
    return {name: torch.from_numpy(np.array(arrays[name], np.float32)).to(device, kind) for name in wanted}
