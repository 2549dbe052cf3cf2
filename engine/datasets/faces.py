"""The embedded faces: 4,000 drawn ones in color, put together from CC0 parts (origin: resources/faces/ORIGIN.md)."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.datasets.source import Embedded
from engine.errors import UserError
from engine.i18n import tr
from engine.resources import RESOURCES

PATH = RESOURCES / "faces" / "faces.webp"
MANIFEST = RESOURCES / "faces" / "faces.json"


def load() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return images uint8 ``[4000, 3, 64, 64]`` and labels int64 ``[4000]``, the color of the hair; raises
    ``UserError``.
    """
    try:
        sheet = json.loads(MANIFEST.read_text("utf-8"))
        side, columns, per_class = sheet["side"], sheet["columns"], sheet["columns"] * sheet["rows_of_a_class"]
        with Image.open(PATH) as file:
            pixels = np.asarray(file.convert("RGB"))
        tiles = pixels.reshape(-1, side, columns, side, 3).transpose(0, 2, 4, 1, 3)
        images = np.ascontiguousarray(tiles).reshape(-1, 3, side, side)
        return images, np.repeat(np.arange(len(sheet["classes"])), per_class)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            tr("The faces that come with Duelo, “{path}”, are missing or damaged.", path=PATH),
            tr("Install Duelo again."),
        ) from error


SOURCE = Embedded(lambda: load())  # the function of that moment, which tests replace by a shorter one
