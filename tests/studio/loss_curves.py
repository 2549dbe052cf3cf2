"""A loss plot and the rows that tests show in it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from engine.events import MetricsRow
from studio.model.run_data import RunData
from studio.widgets.plots.plot_legend import LegendRow
from studio.widgets.plots.time_plot import TimePlot

EPOCHS = 10


def rows(count, start=0, **columns):
    """Rows of 100 images each; a column is a number or a function of the row number."""
    values = {"d_loss": 1.0, "g_loss": 1.5, "d_real": 0.6, "d_fake": 0.3} | columns
    for number in range(start, start + count):
        at = {name: value(number) if callable(value) else value for name, value in values.items()}
        yield MetricsRow(number + 1, 1, 100 * (number + 1), 0.0, at["d_loss"], at["g_loss"], at["d_real"], at["d_fake"])


def history_of(count, **columns):
    history = RunData(image_count=1000, total_images=EPOCHS * 1000)
    history.append(rows(count, **columns))
    return history


def plots(view):
    upper, lower = view.findChildren(TimePlot)
    return upper, lower


def values(view):
    return [legend.value for legend in view.findChildren(LegendRow)][:4]


def texts(view):
    return [label.text() for label in view.findChildren(QLabel)]
