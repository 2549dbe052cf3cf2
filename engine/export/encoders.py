"""Pictures become a film file: H.264 in MP4, or GIF, both through FFmpeg's libraries. Knows no run."""

from __future__ import annotations

import errno
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from engine.export.palette import Palette

if TYPE_CHECKING:
    import av

Add = Callable[[Image.Image, float], None]
"""Takes the next picture of a film, RGB and of the size that was told, and for how many seconds it is seen."""

_LEAST_RATE = 10.0  # players stumble over films with less than that
_GIF_CLOCK = 100  # units of a GIF's time in a second
_QUALITY = "17"  # constant rate factor: text and thin lines stay crisp
_RANGE_TV, _BT_709 = 1, 1  # as ITU-T H.273 counts them


@contextmanager
def mp4(path: Path, size: tuple[int, int], speed: float) -> Iterator[Add]:
    """Write pictures of an even ``size``, ``speed`` a second, some of which may be held; raises ``OSError``."""
    rate = Fraction(speed * max(math.ceil(_LEAST_RATE / speed), 1)).limit_denominator(1000)
    settings = {"crf": _QUALITY, "preset": "medium", "tune": "animation"}
    clock = count()
    with _container(path, "mp4", {"movflags": "+faststart"}) as file:
        stream = file.add_stream("libx264", rate=rate, options=settings)
        _set(stream, size, "yuv420p")
        stream.codec_context.color_range = _RANGE_TV
        stream.codec_context.colorspace = _BT_709
        stream.codec_context.color_primaries = _BT_709
        stream.codec_context.color_trc = _BT_709

        def add(picture: Image.Image, seconds: float) -> None:
            frame = _video_frame(picture)
            for _ in range(max(round(seconds * rate), 1)):
                frame.pts, frame.time_base = next(clock), 1 / rate
                file.mux(stream.encode(frame))

        yield add
        file.mux(stream.encode(None))


@contextmanager
def gif(path: Path, size: tuple[int, int], held: float, palette: Palette) -> Iterator[Add]:
    """Write pictures of ``size``, the last one for ``held`` seconds, then from the beginning; raises ``OSError``.

    The encoder keeps of each picture only what changed since the one before.
    """
    import av

    # A palette of FFmpeg is ARGB; its one clear color says "as before".
    colors = np.zeros((256, 4), np.uint8)
    colors[: len(palette.colors)] = np.insert(palette.colors, 0, 255, axis=1)
    clock = 0.0
    with _container(path, "gif", {"loop": "0", "final_delay": str(round(held * _GIF_CLOCK))}) as file:
        stream = file.add_stream("gif", rate=_GIF_CLOCK)
        _set(stream, size, "pal8")

        def add(picture: Image.Image, seconds: float) -> None:
            nonlocal clock
            pixels: Any = (palette.indices(picture), colors)  # its annotation forgets that there may be a palette
            frame = av.VideoFrame.from_ndarray(pixels, format="pal8")
            frame.pts, frame.time_base = round(clock * _GIF_CLOCK), Fraction(1, _GIF_CLOCK)
            file.mux(stream.encode(frame))
            clock += seconds

        yield add
        file.mux(stream.encode(None))


@contextmanager
def _container(path: Path, kind: str, options: dict[str, str]) -> Iterator[Any]:
    """Open ``path`` for writing; an error of FFmpeg that is none of the system's counts as one of the disk."""
    import av

    try:
        with av.open(str(path), "w", format=kind, options=options) as file:
            yield file
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise OSError(error.errno or errno.EIO, error.strerror) from error


def _set(stream: Any, size: tuple[int, int], pixels: str) -> None:
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    stream.codec_context.thread_count = 1  # a training beside it needs the other cores


def _video_frame(picture: Image.Image) -> av.VideoFrame:
    import av

    frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709")
