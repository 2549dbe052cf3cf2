"""The keys that parts of the window understand while they have the focus, told where all keys are told.

They are heard by the parts themselves; a test finds those that are missing here. What is true wherever one is stands
in the table of commands.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.i18n import mark


class PanelKey(NamedTuple):
    """Some keys, by their portable names, and what they do in a part of the window; texts are marked."""

    place: str
    keys: tuple[str, ...]
    does: str


_EVERYWHERE = mark("Everywhere")
_SLIDER = mark("Epoch slider and other sliders")
_CURVES = mark("Curves")
_SAMPLES = mark("Samples")
_PICTURES = mark("Pictures that can be enlarged")
_BOXES = mark("Boxes with numbers")
_EXPLORER = mark("Explorer")
_CHART = mark("Asked against read")
_RUNS = mark("Runs")

PANEL_KEYS: tuple[PanelKey, ...] = (
    PanelKey(_EVERYWHERE, ("Tab", "Shift+Tab"), mark("Next control, or the one before")),
    PanelKey(_EVERYWHERE, ("Esc",), mark("Close what lies on top, or take back what is being typed")),
    PanelKey(_SLIDER, ("Left", "Right"), mark("One step back or forward")),
    PanelKey(_SLIDER, ("PgDown", "PgUp"), mark("Ten steps back or forward")),
    PanelKey(_SLIDER, ("Home", "End"), mark("The first or the newest")),
    PanelKey(_CURVES, ("Left", "Right"), mark("Walk along the curves and read their values")),
    PanelKey(_CURVES, ("Home", "End"), mark("Go to the beginning or the end of the curves")),
    PanelKey(_CURVES, ("Return",), mark("Show the samples of this moment")),
    PanelKey(_CURVES, ("Esc",), mark("Leave the curves and read the newest values")),
    PanelKey(_SAMPLES, ("Return",), mark("Choose a sample and look at it closely")),
    PanelKey(_SAMPLES, ("Left", "Right", "Up", "Down"), mark("Choose the sample beside it")),
    PanelKey(_SAMPLES, ("Esc",), mark("Choose no sample any more")),
    PanelKey(_PICTURES, ("+", "-"), mark("Enlarge or shrink the picture")),
    PanelKey(_PICTURES, ("0",), mark("Show the whole picture again")),
    PanelKey(_PICTURES, ("Left", "Right", "Up", "Down"), mark("Move the enlarged picture")),
    PanelKey(_PICTURES, ("Ctrl+C",), mark("Copy the picture")),
    PanelKey(_BOXES, ("Up", "Down"), mark("A little more or less")),
    PanelKey(_BOXES, ("Esc",), mark("Bring the last number back")),
    PanelKey(_EXPLORER, ("Del", "Backspace"), mark("Set this number of z back to the seed's")),
    PanelKey(_CHART, ("Left", "Right", "Up", "Down"), mark("Go from field to field and read it")),
    PanelKey(_CHART, ("Esc",), mark("Leave the fields")),
    PanelKey(_RUNS, ("Return",), mark("Look at this run")),
    PanelKey(_RUNS, ("Ctrl+F",), mark("Search for runs")),
    PanelKey(mark("Family"), ("Left", "Right", "Up", "Down"), mark("Go from run to run")),
    PanelKey(mark("Queue"), ("Ctrl+Up", "Ctrl+Down"), mark("Train it earlier or later")),
    PanelKey(mark("Queue"), ("Del",), mark("Take it out of the queue")),
    PanelKey(mark("Family"), ("Return",), mark("Look at this run")),
    PanelKey(_RUNS, ("Ctrl+A",), mark("Choose all runs that are shown")),
)
