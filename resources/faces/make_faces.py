"""Make faces.webp, faces.json and parts.npz: `pip install dicebear-core dicebear-styles`, then run this file.

The faces are put together at random from the parts of one CC0 style and rendered four times as large as they are kept.
The sheet has 100 faces in a row and five rows for each color of hair, in the order of ``HAIR``; all of it shares one
palette of 256 colors, without which the file would be three times as large.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dicebear import Avatar, Style
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

PLACE = Path(__file__).parent
SIDE, FINER = 64, 4
COLUMNS, ROWS_OF_A_CLASS = 100, 5
FRAME = (100, -28, 760)  # of the style's canvas: left, top and side of the square in which a head fills the picture
INK, LIPS = "26222b", "9c2f3a"
SKIN = ["fbdcc4", "f0bf98", "d79f70", "b67a4c", "91603f"]
HAIR = {
    "black": "26222b",
    "brown": "6b4230",
    "ginger": "d0562b",
    "blond": "e8c063",
    "gray": "a7adb8",
    "pink": "ec8fb5",
    "blue": "4a86d0",
    "green": "4fa877",
}


def _variants(prefix: str, *numbers: int) -> list[str]:
    return [f"{prefix}{number:02}" for number in numbers]


# Left out: heads without hair, hair before the face, and eyes and mouths of which 64 pixels show nothing.
_BALD_OR_HIDDEN = {25, 27, 28, 34, 40, 41, 45}
PARTS: dict[str, Any] = {
    "skinColor": SKIN,
    "outlineColor": [INK],
    "eyebrowsColor": [INK],
    "mouthColor": [LIPS],
    "hairVariant": _variants("variant", *sorted(set(range(1, 49)) - _BALD_OR_HIDDEN)),
    "eyesVariant": _variants("variant", 1, 2, 4, 5, 6, 8, 9, 10, 11, 14, 16, 19, 20, 21, 24),
    "mouthVariant": _variants("happy", 1, 2, 3, 4, 5, 6, 9, 10, 13, 16, 18) + _variants("sad", 1, 4, 5, 6),
    "glassesVariant": _variants("variant", 1, 2, 3, 4),
    "glassesProbability": 15,
    "beardProbability": 6,
    "earringsProbability": 0,
    "frecklesProbability": 0,
    "hairAccessoriesProbability": 0,
}
DRAWN = (
    "hairVariant",
    "headVariant",
    "skinColor",
    "eyesVariant",
    "eyebrowsVariant",
    "noseVariant",
    "mouthVariant",
    "glassesVariant",
    "beardVariant",
)
"""What the judge of the faces learns to see, face by face in parts.npz."""


def main() -> None:
    """Draw all faces, and write the sheet and what is to be found in it."""
    application = QGuiApplication([])
    definition = json.loads(files("dicebear_styles").joinpath("lorelei.json").read_text("utf-8"))
    license_facts = definition["meta"]["license"]
    assert "publicdomain/zero" in license_facts["url"], license_facts
    style = Style(definition)
    sheet = Image.new("RGB", (COLUMNS * SIDE, len(HAIR) * ROWS_OF_A_CLASS * SIDE))
    faces = [face for name in HAIR for face in _different(style, name, COLUMNS * ROWS_OF_A_CLASS)]
    for index, face in enumerate(faces):
        row, column = divmod(index, COLUMNS)
        sheet.paste(_rendered(face["svg"]), (column * SIDE, row * SIDE))
    del application
    sheet = sheet.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE).convert("RGB")
    sheet.save(PLACE / "faces.webp", lossless=True, quality=100, method=6)
    manifest = {
        "side": SIDE,
        "columns": COLUMNS,
        "rows_of_a_class": ROWS_OF_A_CLASS,
        "classes": list(HAIR),
        "pixels_sha256": hashlib.sha256(np.asarray(sheet).tobytes()).hexdigest(),
    }
    (PLACE / "faces.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    parts = {part: np.array([_chosen(face["options"], part) for face in faces]) for part in DRAWN}
    np.savez_compressed(PLACE / "parts.npz", **parts)


def _different(style: Style, name: str, count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` faces with hair of the color called ``name``, no two of them alike."""
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        number += 1
        face = Avatar(style, PARTS | {"seed": f"{name} {number}", "hairColor": [HAIR[name]]}).to_json()
        if face["svg"] not in seen:
            seen.add(face["svg"])
            yield face


def _chosen(options: dict[str, Any], part: str) -> str:
    """Return the variant or the color that was drawn of ``part``, or "" where a face has no such thing."""
    chosen = options.get(part, "")
    return chosen if isinstance(chosen, str) else ",".join(chosen)


def _rendered(svg: str) -> Image.Image:
    left, top, extent = FRAME
    side = SIDE * FINER
    canvas = QImage(side, side, QImage.Format.Format_RGB888)
    canvas.fill(0xFFFFFFFF)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / extent, side / extent)
    painter.translate(-left, -top)
    renderer = QSvgRenderer(svg.encode())
    size = renderer.viewBoxF()
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    pixels = np.frombuffer(canvas.constBits(), np.uint8).reshape(side, canvas.bytesPerLine())[:, : side * 3]
    return Image.fromarray(pixels.reshape(side, side, 3).copy()).resize((SIDE, SIDE), Image.Resampling.BOX)


if __name__ == "__main__":
    main()
