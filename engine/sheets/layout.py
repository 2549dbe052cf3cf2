"""Where everything stands on a sheet, in millimeters from its upper left corner. Knows no picture."""

from __future__ import annotations

PAPER = (210.0, 297.0)  # A4
MARK = 9.0
"""Side of the four black squares by which a photograph is set upright; the first one has a white middle."""
MARKS = ((16.0, 16.0), (194.0, 16.0), (194.0, 281.0), (16.0, 281.0))
"""Their middles, clockwise from the upper left."""
LABELS = tuple(range(10))
LINES_EACH, COLUMNS = 2, 13
BOX, _PITCH = 11.0, (12.0, 11.8)
_FIRST = (36.0, 36.0)
_LABEL_X = 27.0


def boxes() -> list[tuple[int, float, float]]:
    """Return the label of each box with its left and upper edge, line by line; two lines belong to each digit."""
    return [
        (label, _FIRST[0] + column * _PITCH[0], _FIRST[1] + (LINES_EACH * label + line) * _PITCH[1])
        for label in LABELS
        for line in range(LINES_EACH)
        for column in range(COLUMNS)
    ]


def label_place(label: int) -> tuple[float, float]:
    """Return the middle of the printed digit beside the lines of ``label``."""
    return _LABEL_X, _FIRST[1] + (LINES_EACH * label + LINES_EACH / 2) * _PITCH[1]
