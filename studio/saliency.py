"""Paints where a picture pleases D and where not. Numpy only; knows neither D nor widgets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BRIGHTER = (255, 233, 77)
"""Yellow, lighter than any pixel of the pale picture: brighter here would look more real."""
DARKER = (45, 10, 107)
"""Violet, darker than any pixel of it: darker here would look more real. Told apart without seeing colors as well."""

_BLACK, _WHITE = 110, 200  # what is left of the picture's range
_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # luma, ITU-R 601-2
_GAMMA = 1.0


def saliency_picture(image: NDArray[np.uint8], saliency: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return uint8 ``[H, W, 3]``: ``image`` ``[H, W]`` or ``[H, W, 3]`` in pale gray under ``saliency`` ``[H, W]``.

    ``saliency`` goes from -1 (all violet) to 1 (all yellow); where it is 0 the picture itself is seen.
    """
    gray = image @ _WEIGHTS if image.ndim == 3 else image.astype(np.float32)
    pale = (_BLACK + gray * ((_WHITE - _BLACK) / 255))[..., None]
    share = np.abs(np.clip(saliency, -1, 1))[..., None] ** _GAMMA
    ink = np.where(saliency[..., None] > 0, np.array(BRIGHTER), np.array(DARKER))
    return np.rint(share * ink + (1 - share) * pale).astype(np.uint8)
