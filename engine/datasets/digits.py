"""The embedded data set: 5,000 real handwritten digits of MNIST (origin: resources/digits/ORIGIN.md)."""

from __future__ import annotations

import zipfile

import numpy as np
from numpy.typing import NDArray

from engine.datasets.source import Embedded
from engine.errors import UserError
from engine.i18n import tr
from engine.resources import RESOURCES

PATH = RESOURCES / "digits" / "digits.npz"


def load() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return images uint8 ``[5000, 28, 28]`` (0 paper, 255 ink) and labels int64 ``[5000]``; raises ``UserError``."""
    try:
        with open(PATH, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            return file["images"], file["labels"].astype(np.int64)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(
            tr("The digits that come with Duelo, “{path}”, are missing or damaged.", path=PATH),
            tr("Install Duelo again."),
        ) from error


SOURCE = Embedded(lambda: load())  # the function of that moment, which tests replace by a shorter one
