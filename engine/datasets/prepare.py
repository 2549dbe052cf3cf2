"""From one picture file of any format and size to a small square of pixels. Knows nothing of folders and classes.

What holds for all pictures of a folder, ``Tone``, is put together from what ``probe`` says of each.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.config import Config
from engine.config.data import ImageClasses, ImageColor, ImageFit, ImageGround
from engine.datasets.deep_color import Deep, is_deep_color, read_deep_color
from engine.datasets.picture_files import Reason, readable_formats
from engine.files import insist_on_file

SMALLEST_SIDE = 16
MOST_PIXELS = 64_000_000  # 200 MB once unpacked; JPEG may have more, it is made smaller while unpacking
_COLOR_DIFFERENCE, _COLOR_SHARE = 16, 0.01  # what JPEG makes of gray paper stays below
_LIMITS = (255.0, 1023.0, 4095.0, 16383.0, 65535.0)  # 8, 10, 12, 14 and 16 bits


@dataclass(frozen=True)
class PrepareOptions:
    """How pictures become images; the names and values are those of the options in ``engine.config``."""

    image_size: int = 28
    image_fit: ImageFit = "crop"
    image_color: ImageColor = "auto"
    image_invert: bool = False
    image_ground: ImageGround = "auto"
    image_classes: ImageClasses = "auto"

    @classmethod
    def of(cls, config: Config) -> PrepareOptions:
        """Return the part of ``config`` that concerns own pictures."""
        return cls(**{field.name: getattr(config, field.name) for field in fields(cls)})

    @property
    def channels(self) -> int:
        """Channels of a prepared picture; "auto" is decided when all are prepared, so they are in color till then."""
        return 1 if self.image_color == "gray" else 3


class Tone(NamedTuple):
    """What all pictures of a folder share: the values of black and white in those that hold more than 8 bits, and
    what lies behind those that are transparent.
    """

    lowest: float = 0.0
    highest: float = 255.0
    ground: Literal["black", "white"] = "white"


class Probe(NamedTuple):
    """What one picture says about the folder's ``Tone``: its values where they are deep, its ink where it is clear.

    ``ink`` (0 dark to 255 bright) is the mean of what can be seen of a transparent picture.
    """

    values: tuple[float, float] | None = None
    is_whole: bool = True
    ink: float | None = None


class UnusableImage(Exception):
    """The picture cannot be trained on; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def prepare(path: Path, look: PrepareOptions, tone: Tone | None = None) -> NDArray[np.uint8]:
    """Return the picture in ``path`` as uint8 ``[C, S, S]``, C and S as ``look`` says. Raises ``UnusableImage``.

    It stands upright as its EXIF orientation says, transparency lies on the ground, of an animation the first frame is
    taken, and more than 8 bits become 8. Without ``tone``, the picture's own is taken.
    """
    with _opened(path) as image:
        return _prepared(image, look, tone or tone_of([_probe(image)], look))


def prepare_whole(path: Path, needed: int) -> NDArray[np.uint8]:
    """Return the whole picture in ``path`` in color, uint8 ``[H, W, 3]``, prepared as by ``prepare``.

    A JPEG may come smaller, but its sides no shorter than ``needed``. Raises ``UnusableImage``.
    """
    with _opened(path) as image:
        return np.asarray(_whole(image, "RGB", needed, tone_of([_probe(image)], PrepareOptions())))


def opaque(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return pixels ``[H, W]``, ``[H, W, 3]`` or ``[H, W, 4]`` as a picture without transparency, as of a file."""
    image = Image.fromarray(pixels)
    return _opaque(image, tone_of([_probe(image)], PrepareOptions()))


def squared(image: Image.Image, look: PrepareOptions) -> Image.Image:
    """Return ``image`` as a square of ``look.image_size`` pixels, as ``look.image_fit`` says."""
    side = (look.image_size, look.image_size)
    if look.image_fit == "stretch":
        return image.resize(side, Image.Resampling.LANCZOS)
    if look.image_fit == "crop":
        return ImageOps.fit(image, side, Image.Resampling.LANCZOS)
    inner = ImageOps.contain(image, side, Image.Resampling.LANCZOS)
    whole = Image.new(image.mode, side, _rim_color(inner))
    whole.paste(inner, ((side[0] - inner.width) // 2, (side[1] - inner.height) // 2))
    return whole


def probe(path: Path) -> Probe:
    """Return what the picture in ``path`` says about the tone of its folder; nothing where it cannot be read.

    An ordinary picture, opaque and of 8 bits, is not unpacked for that.
    """
    try:
        with _opened(path) as image:
            return _probe(image)
    except UnusableImage:
        return Probe()


def tone_of(probes: Iterable[Probe], look: PrepareOptions) -> Tone:
    """Return the smallest usual range that holds every deep value, and the ground on which the ink of all is seen.

    A range that would stay half empty ends with the highest value instead.
    """
    said = list(probes)
    deep = [one.values for one in said if one.values]
    inks = [one.ink for one in said if one.ink is not None]
    ground = look.image_ground
    if ground == "auto":
        ground = "black" if inks and sum(inks) / len(inks) > 127.5 else "white"
    if not deep:
        return Tone(ground=ground)
    lowest, highest = min(low for low, _ in deep), max(high for _, high in deep)
    usual = _LIMITS if all(one.is_whole for one in said if one.values) else (1.0, 255.0, 65535.0)
    if lowest >= 0:
        limit = next((limit for limit in usual if highest <= limit), highest)
        return Tone(0.0, limit if highest >= limit / 2 else highest, ground)  # nothing becomes nearly black
    return Tone(lowest, highest, ground)


def has_color(pixels: NDArray[np.uint8]) -> bool:
    """Whether a prepared picture ``[3, S, S]`` is more than shades of gray."""
    difference = pixels.max(0) - pixels.min(0)
    return bool((difference > _COLOR_DIFFERENCE).mean() > _COLOR_SHARE)


def to_gray(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn ``[N, 3, S, S]`` into luma ``[N, 1, S, S]`` (ITU-R 601-2, as Pillow does)."""
    luma = np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), pixels, axes=(0, 1))
    return np.rint(luma).astype(np.uint8)[:, None]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Give the picture in ``path``, still packed; whatever goes wrong with it is ``UnusableImage``."""
    try:
        insist_on_file(path)
        with Image.open(path, formats=readable_formats()) as image:
            yield image
    except UnusableImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusableImage(Reason.TOO_LARGE) from error
    except Exception as error:  # Pillow's readers raise nearly everything on damaged files
        raise UnusableImage(Reason.UNREADABLE) from error


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _probe(image: Image.Image) -> Probe:
    if image.width * image.height > MOST_PIXELS:
        return Probe()
    if is_deep_color(image) and (deep := read_deep_color(image)) is not None:
        return _probe_color(deep)
    if not (_is_deep(image) or image.has_transparency_data):
        return Probe()
    if _is_deep(image):
        values = _values(image)
        return Probe((float(values.min()), float(values.max())), image.mode != "F")
    seen = image.convert("RGBA")
    weights = np.asarray(seen.getchannel("A"), np.float32)
    if not weights.any() or weights.min() == 255:
        return Probe()
    return Probe(ink=float(np.average(np.asarray(seen.convert("L")), weights=weights)))


def _probe_color(deep: Deep) -> Probe:
    colors, highest = deep[..., :3], max(float(deep[..., :3].max()), 1.0)
    ink = None
    if deep.shape[2] > 3 and deep[..., 3].any() and deep[..., 3].min() < _LIMITS[-1]:
        ink = float(np.average(colors.mean(2), weights=deep[..., 3])) * 255 / highest
    return Probe((float(colors.min()), highest), ink=ink)


def _values(image: Image.Image) -> NDArray[np.float32]:
    return np.nan_to_num(np.asarray(image, np.float32), nan=0, posinf=0, neginf=0)


def _prepared(image: Image.Image, look: PrepareOptions, tone: Tone) -> NDArray[np.uint8]:
    whole = _whole(image, "L" if look.channels == 1 else "RGB", 2 * look.image_size, tone)
    pixels = np.asarray(squared(whole, look), np.uint8).reshape(look.image_size, look.image_size, -1)
    return np.ascontiguousarray((255 - pixels if look.image_invert else pixels).transpose(2, 0, 1))


def _whole(image: Image.Image, mode: str, needed: int, tone: Tone) -> Image.Image:
    """Return the picture upright and opaque in ``mode``; one that is made smaller still need not have more pixels than
    ``needed`` along each side.
    """
    if min(image.size) < SMALLEST_SIDE:
        raise UnusableImage(Reason.TOO_SMALL)
    image.draft(mode, (needed, needed))
    if image.width * image.height > MOST_PIXELS:
        raise UnusableImage(Reason.TOO_LARGE)
    if is_deep_color(image) and (deep := read_deep_color(image)) is not None:
        image = _color_in_8_bits(deep, tone, image)
    with contextlib.suppress(Exception):  # a damaged EXIF part leaves the picture as it is
        image = ImageOps.exif_transpose(image)
    return _opaque(image, tone).convert(mode)


def _opaque(image: Image.Image, tone: Tone) -> Image.Image:
    """Return an 8-bit picture without transparency."""
    if _is_deep(image):
        return _to_8_bits(image, tone)
    if not image.has_transparency_data:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, tone.ground), seen)


def _to_8_bits(image: Image.Image, tone: Tone) -> Image.Image:
    return Image.fromarray(_in_8_bits(_values(image), tone.lowest, tone.highest))


def _color_in_8_bits(deep: Deep, tone: Tone, given: Image.Image) -> Image.Image:
    """Return ``deep`` as a picture that stands as ``given`` says."""
    colors = _in_8_bits(deep[..., :3].astype(np.float32), tone.lowest, tone.highest)
    alpha = _in_8_bits(deep[..., 3:].astype(np.float32), 0, _LIMITS[-1])
    image = Image.fromarray(np.concatenate([colors, alpha], axis=2))
    image.info["exif"] = given.getexif().tobytes()
    return image


def _in_8_bits(values: NDArray[np.float32], lowest: float, highest: float) -> NDArray[np.uint8]:
    shares = (values - lowest) / max(highest - lowest, 1e-9)
    return np.rint(np.clip(shares, 0, 1) * 255).astype(np.uint8)


def _rim_color(image: Image.Image) -> int | tuple[int, ...]:
    """Return the middle value of the outermost pixels: paper stays paper, and night stays night."""
    pixels = np.asarray(image).reshape(image.height, image.width, -1)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    color = tuple(int(value) for value in np.median(rim, axis=0))
    return color if len(color) > 1 else color[0]
