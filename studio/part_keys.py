"""The keys that a part of the window, or a dialog, understands while it has the focus: each once, heard and told.

A part asks an entry of this table whether one of its keys was pressed, and the list of all keys tells every entry. What
is true wherever one is stands in the table of commands. It knows no part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from engine.i18n import mark
from studio.commands import native, pressed


class PartKey(NamedTuple):
    """Some keys, by their portable names, and what they do in a part of the window; texts are marked.

    "Return|Enter" are two keys of one meaning, of which the first is told: the other stands on other keyboards.
    ``between`` stands between them where they are told.
    """

    place: str
    keys: tuple[str, ...]
    does: str
    between: str = ", "

    def nth(self, event: QKeyEvent) -> int | None:
        """Return which of ``keys`` was pressed, None for any other."""
        key = pressed(event)
        return next((number for number, names in enumerate(self.keys) if key in names.split("|")), None)

    def shortcut(self, place: QWidget, do: Callable[[], object]) -> QShortcut:
        """Let the keys do something wherever the focus is in the window of ``place``."""
        names = [QKeySequence(name) for each in self.keys for name in each.split("|")]
        made = QShortcut(place)
        made.setKeys(names)
        made.activated.connect(do)
        return made

    @property
    def told(self) -> str:
        """The keys as they are called on this keyboard."""
        return self.between.join(native(names.split("|")[0]) for names in self.keys)


_ARROWS = ("Left", "Right", "Up", "Down")
_ENTER = ("Return|Enter",)
_EVERYWHERE = mark("Everywhere")
_DIALOGS = mark("Dialogs and other windows")
_SEARCHES = mark("Lines to search with")
_BOXES = mark("Boxes with numbers")
_SLIDER = mark("Epoch slider and other sliders")
_SAMPLES = mark("Samples")
_PICTURES = mark("Pictures that can be enlarged")
_CURVES = mark("Curves")
_CHART = mark("Asked against read")
_EXPLORER = mark("Explorer")
_CLASSES = mark("Class to draw")
_PLANE = mark("Plane through three points")
_POINTS = mark("Points that are kept or chosen")
_MATRIX = mark("Many pictures beside each other")
_MAP = mark("Map of samples")
_PLAY = mark("Beat the discriminator")
_CANVAS = mark("Canvas")
_DRAWING = mark("Draw digits")
_CLOUD = mark("Plane to draw points on")
_STYLE = mark("Pictures of a style transfer")
_SWEEP = mark("Sweep in a window of its own")
_RUNS = mark("Runs")
_NOTE = mark("Note of a run")
_FAMILY = mark("Family")
_MAGNIFIER = mark("One step under the magnifier")
_NETWORKS = mark("Networks of the step")
_TRIALS = mark("Trials of a search")
_WHY = mark("Why trials are better")
_PLACES = (
    _EVERYWHERE,
    _DIALOGS,
    _SEARCHES,
    _BOXES,
    _SLIDER,
    _SAMPLES,
    _PICTURES,
    _CURVES,
    _CHART,
    _EXPLORER,
    _PLANE,
    _POINTS,
    _CLASSES,
    _MATRIX,
    _MAP,
    _PLAY,
    _CANVAS,
    _DRAWING,
    _CLOUD,
    _STYLE,
    _SWEEP,
    _RUNS,
    _NOTE,
    _FAMILY,
    _MAGNIFIER,
    _NETWORKS,
    _TRIALS,
    _WHY,
)

# Those with a name of their own are heard by parts of ours; these are heard by Qt, or by what they write.
_TOLD = (
    PartKey(_EVERYWHERE, ("Tab", "Shift+Tab"), mark("Next control, or the one before")),
    PartKey(_EVERYWHERE, _ENTER, mark("Press the button that has the focus")),
    PartKey(_SLIDER, ("Left", "Right"), mark("One step back or forward")),
    PartKey(_SLIDER, ("PgDown", "PgUp"), mark("Ten steps back or forward")),
    PartKey(_SLIDER, ("Home", "End"), mark("The first or the newest")),
    PartKey(_BOXES, ("Up", "Down"), mark("A little more or less")),
    PartKey(_RUNS, ("Return",), mark("Look at this run")),
    PartKey(_RUNS, ("Ctrl+A",), mark("Choose all runs that are shown")),
    PartKey(_TRIALS, _ARROWS, mark("Go from trial to trial")),
    PartKey(_POINTS, _ENTER, mark("Go to this point")),
    PartKey(_POINTS, ("F2",), mark("Rename a kept point")),
    PartKey(_CLASSES, ("A", "Z"), mark("Ask for the class that is called so"), " … "),  # any letter of any alphabet
    PartKey(_DIALOGS, ("Esc",), mark("Close it and change nothing")),
    PartKey(_DRAWING, _ENTER, mark("Take the digit and begin with the next one")),
)
CLOSE_TOP = PartKey(_EVERYWHERE, ("Esc",), mark("Close what lies on top, or take back what is being typed"))
CURVES_WALK = PartKey(_CURVES, ("Left", "Right"), mark("Walk along the curves and read their values"))
CURVES_END = PartKey(_CURVES, ("Home", "End"), mark("Go to the beginning or the end of the curves"))
CURVES_PICK = PartKey(_CURVES, _ENTER, mark("Show the samples of this moment"))
CURVES_LEAVE = PartKey(_CURVES, ("Esc",), mark("Leave the curves and read the newest values"))
SAMPLE_CHOOSE = PartKey(_SAMPLES, _ENTER, mark("Choose a sample and look at it closely"))
SAMPLE_BESIDE = PartKey(_SAMPLES, _ARROWS, mark("Choose the sample beside it"))
SAMPLE_LEAVE = PartKey(_SAMPLES, ("Esc",), mark("Choose no sample any more"))
PICTURE_ZOOM = PartKey(_PICTURES, ("+|=", "-"), mark("Enlarge or shrink the picture"))
PICTURE_FIT = PartKey(_PICTURES, ("0",), mark("Show the whole picture again"))
PICTURE_PAN = PartKey(_PICTURES, _ARROWS, mark("Move the enlarged picture"))
PICTURE_COPY = PartKey(_PICTURES, ("Ctrl+C|Ctrl+Ins",), mark("Copy the picture"))
BOX_RESTORE = PartKey(_BOXES, ("Esc",), mark("Bring back what stood there"))
SEARCH_CLEAR = PartKey(_SEARCHES, ("Esc",), mark("Show everything again"))
SEARCH_LEAVE = PartKey(_SEARCHES, ("Down",), mark("Go to what was found"))
NUMBER_RESET = PartKey(_EXPLORER, ("Del", "Backspace"), mark("Set this number of z back to the seed's"))
PLANE_WALK = PartKey(_PLANE, _ARROWS, mark("Go a little way in the plane"))
POINTS_REMOVE = PartKey(_POINTS, ("Del", "Backspace"), mark("Remove it; Ctrl+Z brings it back"))
CHART_WALK = PartKey(_CHART, _ARROWS, mark("Go from field to field and read it"))
CHART_LEAVE = PartKey(_CHART, ("Esc",), mark("Leave the fields"))
RUNS_SEEK = PartKey(_RUNS, ("Ctrl+F",), mark("Search for runs"))
RUNS_UNDO = PartKey(_RUNS, ("Ctrl+Z",), mark("Take back the last deletion"))
FAMILY_WALK = PartKey(_FAMILY, _ARROWS, mark("Go from run to run"))
FAMILY_OPEN = PartKey(_FAMILY, _ENTER, mark("Look at this run"))
TRIAL_OPEN = PartKey(_TRIALS, _ENTER, mark("Open this trial as a run"))
TRIALS_ALL = PartKey(_TRIALS, ("Ctrl+A",), mark("Choose all trials"))
WHY_WALK = PartKey(_WHY, ("Left", "Right"), mark("Go from trial to trial"))
MAGNIFIER_WALK = PartKey(_MAGNIFIER, ("Left", "Right"), mark("The stage before, or the next one"))
MAGNIFIER_PLAY = PartKey(_MAGNIFIER, ("Space",), mark("Slow motion, or stop it"))
NETWORK_WALK = PartKey(_NETWORKS, _ARROWS, mark("Go from layer to layer, or from G to D"))
NETWORK_OPEN = PartKey(_NETWORKS, _ENTER, mark("Show what the layer gives"))
DIALOG_EXPLAIN = PartKey(_DIALOGS, ("F1",), mark("Explain what has the focus"))
CANVAS_MOVE = PartKey(_CANVAS, _ARROWS, mark("Move the pen"))
CANVAS_PEN = PartKey(_CANVAS, ("Space",), mark("Put the pen down, or lift it"))
CANVAS_CLEAR = PartKey(_CANVAS, ("Del", "Backspace"), mark("Clear everything"))
DRAWING_ASK = PartKey(_DRAWING, tuple("0123456789"), mark("Draw this digit from now on"), " … ")
DRAWING_BACK = PartKey(_DRAWING, ("Ctrl+Z",), mark("Take back the last stroke, or the last digit"))
CLOUD_MOVE = PartKey(_CLOUD, _ARROWS, mark("Move the can"))
CLOUD_SPRAY = PartKey(_CLOUD, ("Space",), mark("Spray, or take away, as long as it is held"))
CLOUD_CLEAR = PartKey(_CLOUD, ("Del", "Backspace"), mark("Clear everything"))
CLOUD_BACK = PartKey(_CLOUD, ("Ctrl+Z",), mark("Take the last stroke back"))
CLOUD_AGAIN = PartKey(_CLOUD, ("Ctrl+Shift+Z|Ctrl+Y",), mark("Draw again what was taken back"))
CLOUD_ERASER = PartKey(_CLOUD, ("E",), mark("Take the eraser, or put it away"))
SWEEP_COPY = PartKey(_SWEEP, ("Ctrl+C|Ctrl+Ins",), mark("Copy the picture"))
SWEEP_SAVE = PartKey(_SWEEP, ("Ctrl+S",), mark("Save the picture"))
NOTE_KEEP = PartKey(_NOTE, ("Ctrl+Return|Ctrl+Enter",), mark("Save the note"))

MATRIX_WALK = PartKey(_MATRIX, _ARROWS, mark("Go from picture to picture"))
MATRIX_OPEN = PartKey(_MATRIX, _ENTER, mark("Open this picture"))
STYLE_PASTE = PartKey(_STYLE, ("Ctrl+V",), mark("Take the picture from the clipboard"))
MAP_WALK = PartKey(_MAP, _ARROWS, mark("Go to the nearest sample on that side"))
MAP_MARK = PartKey(_MAP, ("Ctrl+Space",), mark("Mark this sample, or take its mark away"))
MAP_OPEN = PartKey(_MAP, _ENTER, mark("Show this sample large"))
PLAY_ANSWER = PartKey(_PLAY, ("Left", "Right"), mark("Say that it is real, or that it is generated"))
# Told by the commands of the same keys.
QUEUE_MOVE = PartKey("", ("Ctrl+Up", "Ctrl+Down"), "")  # its list leaves them to the commands
# Heard by commands, too, where the two grids have not the focus.
DUEL_ANSWER = PartKey("", ("Left", "Right", "Down", "Up"), "")
DUEL_UNDO = PartKey("", ("Backspace",), "")

_HEARD = [entry for entry in list(globals().values()) if isinstance(entry, PartKey) and entry.place]
PART_KEYS = tuple(sorted((*_HEARD, *_TOLD), key=lambda entry: _PLACES.index(entry.place)))
"""All that are told here, as the eye goes through the window."""
