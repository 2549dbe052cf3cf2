"""A sample, and a report about it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from studio.model.sample import Sample

DIGITS = tuple("0123456789")


def click(qtbot, view, tile, button=Qt.MouseButton.LeftButton):
    qtbot.mouseClick(view.grid, button, pos=view.grid.tile_rect(tile).center().toPoint())


def sample(epoch=12, tile=13):
    return Sample(epoch, tile, np.full((28, 28), 9, np.uint8), 3, 0.25)


def words(panel):
    return " | ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())
