"""A folder of a person's own pictures as images to train on, with a report of what was taken and what was not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import option
from engine.datasets import picture_cache, picture_files
from engine.datasets.images import ImageData
from engine.datasets.pace import Pace
from engine.datasets.picture_files import NO_PICTURE, REASON_TITLES, Found, Reason, Skipped
from engine.datasets.prepare import PrepareOptions, Tone, UnusableImage, has_color, prepare, probe, to_gray, tone_of
from engine.errors import UserError
from engine.i18n import number, tr, trn
from engine.job import Job, Progress
from engine.text import LONGEST_NAME, plain

__all__ = [
    "REASON_TITLES",
    "FolderReport",
    "OwnPictures",
    "PrepareOptions",
    "Reason",
    "Skipped",
    "check",
    "none_usable",
    "prepare_all",
    "read",
    "remarks",
    "summary",
    "survey",
]

_NAMED = 5  # files that are named where all are counted
_SCHEMA = 3  # of the cache and of what preparing a picture means: a change prepares everything anew
_CHUNK = 512  # pictures at a time


@dataclass(frozen=True)
class FolderReport:
    """How many pictures were ``found``, in which classes, how many of each are ``taken``, and what was skipped.

    Without classes, ``class_names`` is empty and ``counts`` holds one number. ``parts`` are folders that were not
    taken for classes, ``values`` what became black and white where pictures have more than 8 bits, and ``ground`` what
    lies behind those that are transparent.
    """

    found: int
    class_names: tuple[str, ...]
    counts: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    parts: tuple[str, ...] = ()
    values: tuple[float, float] | None = None
    ground: str = ""

    @property
    def taken(self) -> int:
        """How many pictures are trained on."""
        return sum(self.counts)


class OwnPictures(NamedTuple):
    """The images, and the report on them."""

    data: ImageData
    report: FolderReport


def read(folder: Path, look: PrepareOptions, classes: tuple[int, ...] = ()) -> Job[Progress, OwnPictures]:
    """Do the same as ``prepare_all``, and raise ``UserError`` where the pictures do not suffice for training."""
    pictures = yield from prepare_all(folder, look, classes)
    check(folder, pictures.report)
    return pictures


def prepare_all(folder: Path, look: PrepareOptions, classes: tuple[int, ...] = ()) -> Job[Progress, OwnPictures]:
    """Return every usable picture below ``folder``, in a fixed order, as ``look`` says, and report on the way.

    The sub-folders are the classes; ``classes`` chooses some of them by their index in natural order. What was
    prepared once is kept in the cache until a file or an option changes. Closing the generator cancels. Raises
    ``UserError`` where the folder cannot be read, ``DiskError`` where the cache cannot be written.
    """
    found = yield from picture_files.find(folder, classes, look.image_classes)
    key = _key(found, look)
    pictures = _kept(key)
    if pictures is None:
        yield from _fill(key, found, look)
        pictures = _kept(key)
        assert pictures is not None, key
    return pictures


def check(folder: Path, report: FolderReport) -> None:
    """Raise ``UserError`` where ``report`` tells of no picture to train on, or of a class that lost all of them."""
    if not report.taken:
        raise none_usable(folder, report.found)
    for name, count in zip(report.class_names, report.counts, strict=False):
        if not count:
            raise UserError(
                tr("None of the pictures of the class “{name}” can be used.", name=name),
                tr("Put other pictures into that folder, or remove it."),
            )


def none_usable(folder: Path, found: int = 1) -> UserError:
    """Return what to say where none of the ``found`` pictures in ``folder`` can be trained on."""
    return UserError(
        tr("None of the pictures in “{folder}” can be used.", folder=folder)
        if found
        else tr("There are no pictures in “{folder}”.", folder=folder),
        tr("Choose a folder with pictures of 16 pixels or more."),
    )


# --- preparing


def _fill(key: str, found: Found, look: PrepareOptions) -> Job[Progress, None]:
    """Prepare every picture into a new entry of the cache."""
    tone, about = yield from survey(found, look)
    with picture_cache.filling(key) as place:
        raw = place / "pixels"
        with open(raw, "wb") as file:
            labels, skipped, in_color = yield from _prepare_each(found, look, tone, file)
        _write_images(raw, place / "images.npy", len(labels), look, in_color)
        raw.unlink()
        np.save(place / "labels.npy", np.array(labels, np.int64))
        report = replace(_report(found, labels, skipped), **about)
        (place / "report.json").write_text(json.dumps(asdict(report)), encoding="utf-8")


def survey(found: Found, look: PrepareOptions) -> Job[Progress, tuple[Tone, dict[str, Any]]]:
    """Look at every picture and return the tone that all share, with what a ``FolderReport`` tells of it."""
    probes, pace = [], Pace()
    for index, picture in enumerate(found.files):
        if pace.is_due():
            yield Progress(index, len(found.files), tr("Looking at the pictures"), tr("pictures"))
        probes.append(probe(found.folder / picture.path))
    tone = tone_of(probes, look)
    values = (tone.lowest, tone.highest) if any(one.values for one in probes) else None
    ground = tone.ground if any(one.ink is not None for one in probes) else ""
    return tone, {"values": values, "ground": ground}


def _prepare_each(
    found: Found, look: PrepareOptions, tone: Tone, file: BinaryIO
) -> Job[Progress, tuple[list[int], list[Skipped], bool]]:
    """Write the pixels of each usable picture once; return labels, what was skipped, and whether there is color."""
    labels: list[int] = []
    skipped: list[Skipped] = []
    seen: set[bytes] = set()
    in_color, pace, total = look.image_color == "color", Pace(), len(found.files)
    for index, picture in enumerate(found.files):
        if pace.is_due():
            yield Progress(index, total, tr("Preparing pictures"), tr("pictures"))
        try:
            pixels = _prepare_new(found.folder / picture.path, look, tone, seen)
        except UnusableImage as verdict:
            skipped.append(Skipped(picture.path, verdict.reason))
            continue
        file.write(pixels.tobytes())
        labels.append(picture.label)
        in_color = in_color or (look.image_color == "auto" and has_color(pixels))
    yield Progress(total, total, tr("Preparing pictures"), tr("pictures"))
    return labels, skipped, in_color


def _prepare_new(path: Path, look: PrepareOptions, tone: Tone, seen: set[bytes]) -> NDArray[np.uint8]:
    pixels = prepare(path, look, tone)
    digest = hashlib.blake2b(pixels.tobytes(), digest_size=16).digest()
    if digest in seen:
        raise UnusableImage(Reason.DUPLICATE)
    seen.add(digest)
    return pixels


def _write_images(raw: Path, path: Path, count: int, look: PrepareOptions, in_color: bool) -> None:
    """Write the raw pixels as a .npy file, piece by piece, gray where no picture has color."""
    size = look.image_size
    shape = (count, 3 if in_color else 1, size, size)
    with open(raw, "rb") as source, open(path, "wb") as target:
        np.lib.format.write_array_header_1_0(target, {"shape": shape, "fortran_order": False, "descr": "|u1"})
        while chunk := source.read(_CHUNK * look.channels * size * size):
            pixels = np.frombuffer(chunk, np.uint8).reshape(-1, look.channels, size, size)
            target.write((to_gray(pixels) if shape[1] < look.channels else pixels).tobytes())


def _report(found: Found, labels: list[int], skipped: list[Skipped]) -> FolderReport:
    counts = np.bincount(np.maximum(labels, 0).astype(np.int64), minlength=max(1, len(found.class_names)))
    everything = (*skipped, *found.skipped)
    lost = sum(one.reason not in NO_PICTURE for one in everything)
    counted = tuple(int(count) for count in counts)
    return FolderReport(len(labels) + lost, found.class_names, counted, everything, found.parts)


# --- the cache


def _key(found: Found, look: PrepareOptions) -> str:
    """Return a name for exactly these files, as they are now, with exactly these options."""
    digest = hashlib.blake2b(digest_size=12)
    about = [_SCHEMA, str(found.folder.absolute()), asdict(look), found.class_names, found.skipped, found.parts]
    for part in (about, *found.files):
        digest.update(json.dumps(part).encode() + b"\n")
    return digest.hexdigest()


def _kept(key: str) -> OwnPictures | None:
    entry = picture_cache.load(key)
    if entry is None:
        return None
    try:
        report = _parse(entry.report)
    except (KeyError, TypeError, ValueError):
        return None
    if report.taken != len(entry.labels):
        return None
    return OwnPictures(ImageData(entry.images, entry.labels, report.class_names), report)


def _parse(text: dict[str, Any]) -> FolderReport:
    return FolderReport(
        int(text["found"]),
        tuple(plain(name, LONGEST_NAME) for name in text["class_names"]),
        tuple(map(int, text["counts"])),
        tuple(Skipped(str(path), Reason(reason)) for path, reason in text["skipped"]),
        tuple(map(str, text["parts"])),
        (float(text["values"][0]), float(text["values"][1])) if text["values"] else None,
        str(text["ground"]),
    )


# --- in words


def remarks(report: FolderReport) -> list[str]:
    """Say in sentences what was decided for the folder as a whole, and which option decides otherwise."""
    said = []
    if report.parts:
        names = ", ".join(tr("“{name}”", name=name) for name in report.parts)
        said.append(
            tr("{names}: parts of one collection, so the folders inside them are the classes.", names=names)
            if report.class_names
            else tr("{names}: parts of one collection, which has no classes.", names=names)
        )
        said.append(tr("Are these the classes themselves? Say so in {option}.", option=_option("image_classes")))
    if report.values:
        low, high = map(number, report.values)
        said.append(tr("More than 8 bits: in every picture, {low} becomes black and {high} white.", low=low, high=high))
    if report.ground:
        said.append(
            tr("Transparent pictures lie on black; {option} changes that.", option=_option("image_ground"))
            if report.ground == "black"
            else tr("Transparent pictures lie on white; {option} changes that.", option=_option("image_ground"))
        )
    return said


def summary(report: FolderReport) -> list[str]:
    """Say in sentences what is trained on, what was left out and why."""
    said = [trn("{count} picture is taken", "{count} pictures are taken", report.taken) + "."]
    if report.class_names:
        counts = zip(report.class_names, report.counts, strict=True)
        classes = ", ".join(f"{name} ({count})" for name, count in counts)
        said.append(tr("Classes: {classes}.", classes=classes))
    else:
        said.append(tr("There are no classes."))
    for reason, paths in _by_reason(report).items():
        named = ", ".join(paths[:_NAMED]) + (", …" if len(paths) > _NAMED else "")
        said.append(
            tr(
                "Left out, {reason}: {count} ({paths}).",
                reason=tr(REASON_TITLES[reason]),
                count=len(paths),
                paths=named,
            )
        )
    return said + remarks(report)


def _option(name: str) -> str:
    return tr("“{label}” ({name})", label=tr(option(name).label), name=name)


def _by_reason(report: FolderReport) -> dict[Reason, list[str]]:
    found: dict[Reason, list[str]] = {}
    for one in sorted(report.skipped):
        found.setdefault(one.reason, []).append(one.path)
    return found
