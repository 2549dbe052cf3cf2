"""The tools beside the large picture that may wait until the window is on screen: each with what serves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from engine.i18n import mark
from studio.context import Context
from studio.model.explored import Explored
from studio.workspaces.explore.latent_explorer import LatentExplorer


class Spoken(Protocol):
    """What says something in the window that its panel cannot say anew by itself."""

    def retranslate(self) -> None:
        """Say it in the current language."""


def _path(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.workspaces.explore.path_presenter import PathPresenter

    return PathPresenter(explorer.path_panel, context)


def _plane(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.widgets.exploring.plane_panel import PlanePanel

    panel = PlanePanel(explored)
    explorer.add_tool(panel, before=explorer.dimensions)
    return panel


def _arithmetic(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel
    from studio.workspaces.explore.arithmetic_presenter import ArithmeticPresenter

    panel = ArithmeticPanel(explored)
    explorer.add_tool(panel, before=explorer.dimensions)
    return ArithmeticPresenter(panel, context)


def _truncation(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.widgets.exploring.truncation_panel import TruncationPanel
    from studio.workspaces.explore.truncation_presenter import TruncationPresenter

    panel = TruncationPanel(explored)
    explorer.add_tool(panel, before=explorer.dimensions)
    return TruncationPresenter(panel, context)


def _directions(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.widgets.exploring.directions_panel import DirectionsPanel
    from studio.workspaces.explore.directions_presenter import DirectionsPresenter

    panel = DirectionsPanel()
    title, tip = mark("Directions"), mark("What changes the pictures most, by hand")
    explorer.add_tool(panel, title, tip, before=explorer.sweep_panel)
    return DirectionsPresenter(panel, explored, context)


def _find(explorer: LatentExplorer, explored: Explored, context: Context) -> Spoken:
    from studio.widgets.exploring.find_panel import FindPanel
    from studio.workspaces.explore.find_presenter import FindPresenter

    panel = FindPanel()
    title, tip = mark("Find"), mark("Draw a picture, and see where the generator has it")
    explorer.add_tool(panel, title, tip, before=explorer.dimensions)
    return FindPresenter(panel, explored, context)


MAKERS: tuple[Callable[[LatentExplorer, Explored, Context], Spoken], ...] = (
    _path,
    _directions,
    _plane,
    _find,
    _arithmetic,
    _truncation,
)
"""In the order in which their buttons stand, but for those that the page has from the beginning."""
