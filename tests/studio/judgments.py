"""Judgments of any kind, and the panel that shows them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication, QLabel

from engine.events import Quality
from studio.model.run_data import RunData
from studio.widgets.layouts.lazy_widget import LazyWidget

DIGITS = tuple("0123456789")
BARE = Quality(1, 1000, 500, 22.6, 20.0, 26.0, 4.0, 0.9, 0.82, 0.01, 0.0)


def judged(epoch=1, classes=10, accuracy=0.95, frechet=22.6):
    """A judgment of a conditional generator that reads class 0 as class 1 more often than others."""
    wrong = 1 - accuracy
    matrix = np.eye(classes) * accuracy + (1 - np.eye(classes)) * wrong / max(classes - 1, 1)
    matrix[0] = [accuracy, wrong, *[0.0] * (classes - 2)]
    return replace(
        BARE,
        epoch=epoch,
        images_seen=1000 * epoch,
        frechet=frechet,
        frechet_low=0.8 * frechet,
        frechet_high=1.2 * frechet,
        low_confidence=0.01,
        histogram=tuple(matrix.mean(0).tolist()),
        accuracy=accuracy,
        confusion_matrix=tuple(map(tuple, matrix.tolist())),
    )


def history_of(*qualities, names=DIGITS):
    return RunData(1000, 20_000, data_classes=names, qualities=list(qualities))


def draw(panel):
    """Draw what was asked for without waiting for the page to have rested."""
    panel.findChild(LazyWidget).draw()
    QApplication.processEvents()  # what was put into a layout is shown only then


def show(panel, *qualities, names=DIGITS, **options):
    panel.set_run_data(history_of(*qualities, names=names), **options)
    draw(panel)


def said(panel):
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())
