"""How large a picture may be: what a step takes, beside what is free. Knows no picture."""

from __future__ import annotations

import psutil
import torch

from engine import device as devices
from engine.amounts import megabytes
from engine.errors import UserError
from engine.i18n import tr
from engine.style.options import SIZES

_BYTES_A_PIXEL = {torch.float32: 3500, torch.bfloat16: 2500}
"""What a step takes with either network, measured as the growth of the process; features of all layers are kept."""
_SHARE = 0.7  # of what is free: others want to live, too
_ROUND = 32  # pixels


def needed(width: int, height: int, kind: torch.dtype) -> int:
    """Return about how many bytes a step takes."""
    return width * height * _BYTES_A_PIXEL.get(kind, _BYTES_A_PIXEL[torch.float32])


def free(device: torch.device) -> int:
    """Return how many bytes a transfer may take."""
    if device.type == "cuda":
        return int(_SHARE * torch.cuda.mem_get_info(device)[0])
    return int(_SHARE * psutil.virtual_memory().available)


def largest_size(kind: torch.dtype, device: torch.device) -> int:
    """Return how many pixels a square's side may have."""
    side = int((free(device) / needed(1, 1, kind)) ** 0.5) // _ROUND * _ROUND
    return min(max(side, SIZES[0]), SIZES[1])


def largest_here() -> int:
    """Return the same for the device that "auto" takes, whatever the precision."""
    return largest_size(torch.float32, devices.resolve("auto"))


def check(width: int, height: int, kind: torch.dtype, device: torch.device) -> None:
    """Raise ``UserError`` where a picture is too large for the memory that is free."""
    wanted, there = needed(width, height, kind), free(device)
    if wanted <= there:
        return
    side = int(max(width, height) * (there / wanted) ** 0.5) // _ROUND * _ROUND
    raise UserError(
        tr(
            "{width}×{height} pixels take about {needed} of memory, and {free} are free.",
            width=width,
            height=height,
            needed=megabytes(wanted),
            free=megabytes(there),
        ),
        tr("Choose the size {size} or less, or end other programs.", size=max(side, SIZES[0])),
    )
