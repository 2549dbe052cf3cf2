"""What can be written beside the classes of a run, and how long and high a line may be. No torch."""

from __future__ import annotations

MOST_CHARACTERS = 100
HEIGHTS = (16, 1024)
"""The least and the most pixels."""
# Strokes (x0, y0, x1, y1) in parts of the height, and how wide the sign is.
SIGNS: dict[str, tuple[float, tuple[tuple[float, float, float, float], ...]]] = {
    "-": (0.22, ((0.0, 0.5, 0.22, 0.5),)),
    "–": (0.3, ((0.0, 0.5, 0.3, 0.5),)),
    "+": (0.26, ((0.0, 0.5, 0.26, 0.5), (0.13, 0.37, 0.13, 0.63))),
    "/": (0.26, ((0.26, 0.2, 0.0, 0.8),)),
    ".": (0.02, ((0.01, 0.78, 0.01, 0.78),)),
    ",": (0.05, ((0.05, 0.76, 0.0, 0.87),)),
    ":": (0.02, ((0.01, 0.4, 0.01, 0.4), (0.01, 0.72, 0.01, 0.72))),
    "(": (0.1, ((0.1, 0.16, 0.0, 0.36), (0.0, 0.36, 0.0, 0.64), (0.0, 0.64, 0.1, 0.84))),
    ")": (0.1, ((0.0, 0.16, 0.1, 0.36), (0.1, 0.36, 0.1, 0.64), (0.1, 0.64, 0.0, 0.84))),
}


def allowed(names: tuple[str, ...]) -> str:
    """Return every character that a run with classes called ``names`` can write; nothing where no class is one."""
    known = "".join(name for name in names if len(name) == 1)
    return known + "".join(SIGNS) + " " if known else ""
