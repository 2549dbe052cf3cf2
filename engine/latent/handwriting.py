"""Writes numbers, telephone numbers and dates in one handwriting, as a transparent picture.

One z is the hand: every digit is drawn with nearly the same one, so that two 7 are alike and not equal. What no class
of the run is called, such as "-" or "/", is drawn with a pen as wide. Knows no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.errors import UserError
from engine.evaluation import moments
from engine.evaluation.reader import Reader
from engine.i18n import joined, number, tr
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import random_z
from engine.latent.signs import HEIGHTS, MOST_CHARACTERS, SIGNS
from engine.text import plain

_UNSTEADY = 0.3  # how much a hand changes from digit to digit: this share of z is new each time
_TRIES = 24
_READ = 0.5  # the probability from which on a digit counts as read
_GAP, _BLANK = 0.09, 0.3  # of the height: between two characters, and for a space
_WAVERS = 0.02  # of the height, up and down, and of the gap
_FAINT = 16  # of 255: what is no part of a character


@dataclass(frozen=True, eq=False)
class Character:
    """One character of a line. ``label`` is -1 for a sign that is drawn with a pen, which has no z and no picture.

    ``picture`` uint8 ``[H, W]`` or ``[H, W, 3]`` is what G makes of ``z`` ``[z_dim]``; ``reading`` is class and
    probability that the judge reads in it, None without a judge.
    """

    text: str
    label: int
    z: NDArray[np.float32] | None = None
    picture: NDArray[np.uint8] | None = None
    reading: tuple[int, float] | None = None

    @property
    def is_readable(self) -> bool | None:
        """Whether the judge reads what is meant; None where nobody reads it."""
        return None if self.reading is None else self.reading[0] == self.label and self.reading[1] >= _READ


class InkedLine(NamedTuple):
    """``picture`` uint8 ``[height, width, 4]``: black ink, or the picture's colors, on a transparent ground.

    ``places`` are left and right of each character's ink, in pixels; of a space they are those of its gap.
    """

    picture: NDArray[np.uint8]
    places: tuple[tuple[int, int], ...]


def write(
    session: GeneratorSession, reader: Reader, text: str, names: Sequence[str], seed: int = 0, *, redraw: bool = False
) -> list[Character]:
    """Write ``text`` with a generator whose classes are called ``names``; the same seed is the same hand.

    ``redraw`` draws what the judge cannot read again, until it can or patience ends. Raises ``UserError`` where the
    generator takes no labels, or ``text`` has characters that it has no class for.
    """
    labels = _labels(text, names, session.class_count)
    hand, noise = random_z(1, session.z_dim, seed)[0], random_z(len(text) * (_TRIES + 1), session.z_dim, seed + 1)
    drawn = [place for place, label in enumerate(labels) if label >= 0]
    z = _unsteady(hand, noise[: len(text)])
    found = [Character(text[place], label) for place, label in enumerate(labels)]
    for place, character in zip(drawn, _drawn(session, reader, text, labels, drawn, z[drawn]), strict=True):
        found[place] = character
    for place, character in enumerate(found):
        if redraw and character.is_readable is False:
            tries = noise[len(text) + place * _TRIES : len(text) + (place + 1) * _TRIES]
            found[place] = _redrawn(session, reader, character, _unsteady(hand, tries))
    return found


def line(characters: Sequence[Character], height: int, seed: int = 0) -> InkedLine:
    """Return the line, ``height`` pixels high; the same ``seed`` wavers in the same way.

    Raises ``UserError`` for a height that is out of range.
    """
    low, high = HEIGHTS
    if not low <= height <= high:
        raise UserError(
            tr("A line cannot be {height} pixels high.", height=height),
            tr("Give a number from {minimum} to {maximum}.", minimum=low, maximum=high),
        )
    random = np.random.Generator(np.random.PCG64(seed))
    pen = _pen(characters, height)
    pieces, places, x = [], [], _GAP * height
    for character in characters:
        piece = _piece(character, height, pen)
        up, aside = random.uniform(-_WAVERS, _WAVERS, 2) * height
        left, width = round(x), round(_BLANK * height) if piece is None else piece.shape[1]
        places.append((left, left + width))
        if piece is not None:
            pieces.append((left, round(up) if character.label >= 0 else 0, piece))
        x += _BLANK * height if piece is None else width + _GAP * height + aside
    whole = np.zeros((height, max(round(x), 1), 4), np.uint8)
    for left, up, piece in pieces:
        _lay(whole, np.roll(piece, up, axis=0), left)
    return InkedLine(whole, tuple(places))


def describe(characters: Sequence[Character], names: Sequence[str]) -> str:
    """Say what the judge reads in a line; ``names`` are the classes in the person's language."""
    read = [each for each in characters if each.reading]
    wrong = [each for each in read if not each.is_readable]
    if not read:
        return tr("No judge has learned these images on this computer yet: one does while they are trained on.")
    if not wrong:
        return tr("The judge reads every character.")
    told = joined(
        *(
            tr(
                "{meant} as {read} ({share})",
                meant=each.text,
                read=plain(names[each.reading[0]]),
                share=number(each.reading[1], ".0%"),
            )
            for each in wrong
            if each.reading
        ),
        between=", ",
    )
    return tr("The judge reads {told}.", told=told)


# --- drawing characters


def _labels(text: str, names: Sequence[str], class_count: int) -> list[int]:
    if not class_count:
        raise UserError(
            tr("This run's generator takes no labels."), tr("Choose a conditional run, whose classes you can ask for.")
        )
    if not 1 <= len(text) <= MOST_CHARACTERS:
        raise UserError(
            tr("A line of {count} characters cannot be written.", count=len(text)),
            tr("Give a number from {minimum} to {maximum}.", minimum=1, maximum=MOST_CHARACTERS),
        )
    known = {name: label for label, name in enumerate(names) if len(name) == 1}
    missing = sorted({each for each in text if each not in known and each not in SIGNS and each != " "})
    if missing or not known:
        raise UserError(
            tr("This run cannot write “{labels}”.", labels="".join(missing) or text),
            tr("Use these: {known}.", known=" ".join([*known, *SIGNS]))
            if known
            else tr("Choose a run whose classes are single characters, such as digits."),
        )
    return [known.get(each, -1) for each in text]


def _unsteady(hand: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return z ``[N, z_dim]`` near ``hand``, as long as z usually is."""
    return np.asarray(np.sqrt(1 - _UNSTEADY**2) * hand + _UNSTEADY * noise, np.float32)


def _drawn(
    session: GeneratorSession,
    reader: Reader,
    text: str,
    labels: Sequence[int],
    places: Sequence[int],
    z: NDArray[np.float32],
) -> list[Character]:
    if not places:
        return []
    pictures = session.render(z, np.array([labels[place] for place in places], np.int64))
    read = reader.read(pictures)
    return [
        Character(
            text[place],
            labels[place],
            z[index],
            pictures[index],
            (int(read[0][index]), float(read[1][index])) if read else None,
        )
        for index, place in enumerate(places)
    ]


def _redrawn(session: GeneratorSession, reader: Reader, was: Character, tries: NDArray[np.float32]) -> Character:
    """Return the first of ``tries`` that is read, or what was drawn before."""
    places = range(len(tries))
    found = _drawn(session, reader, was.text * len(tries), [was.label] * len(tries), places, tries)
    readable = [each for each in found if each.is_readable]
    return readable[0] if readable else was


# --- laying them on a line


def _piece(character: Character, height: int, pen: int) -> NDArray[np.uint8] | None:
    """Return the character as uint8 ``[height, width, 4]``, cut where its ink ends; None for a space."""
    if character.picture is not None:
        return _cut(_transparent(character.picture, height))
    if character.text not in SIGNS:
        return None
    width, strokes = SIGNS[character.text]
    canvas = Image.new("L", (round(width * height) + 2 * pen, height))
    draw = ImageDraw.Draw(canvas)
    for x0, y0, x1, y1 in strokes:
        ends = [(pen + x * height, y * height) for x, y in ((x0, y0), (x1, y1))]
        draw.line(ends, fill=255, width=pen)
        for x, y in ends:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return _cut(_inked(np.asarray(canvas, np.uint8)))


def _transparent(picture: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    size = (round(picture.shape[1] * height / picture.shape[0]), height)
    large = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS), np.uint8)
    ink = moments.ink(large[None])[0]
    alpha = np.rint(255 * ink / max(float(ink.max()), 1e-6)).astype(np.uint8)
    return _inked(alpha) if picture.ndim == 2 else np.dstack([large, alpha])


def _inked(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([np.zeros((*alpha.shape, 3), np.uint8), alpha])


def _cut(piece: NDArray[np.uint8]) -> NDArray[np.uint8]:
    columns = np.flatnonzero((piece[..., 3] > _FAINT).any(0))
    return piece[:, columns[0] : columns[-1] + 1] if len(columns) else piece


def _pen(characters: Sequence[Character], height: int) -> int:
    """Return how wide the hand's strokes are in a line of ``height``."""
    pictures = [each.picture for each in characters if each.picture is not None]
    if not pictures:
        return max(height // 14, 1)
    thickness = float(np.median(moments.measure(np.stack(pictures))["thickness"]))
    return max(round(thickness * height / pictures[0].shape[0]), 1)


def _lay(whole: NDArray[np.uint8], piece: NDArray[np.uint8], left: int) -> None:
    place = whole[:, left : left + piece.shape[1]]
    piece = piece[:, : place.shape[1]]
    above = piece[..., 3:] > place[..., 3:]
    place[...] = np.where(above, piece, place)
