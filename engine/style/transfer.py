"""A style transfer as a job: a picture is trained toward a content and a style. Knows no files and no window."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine import device as devices
from engine.arrays import Picture
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress
from engine.style import memory, weights
from engine.style.canvas import Canvas, as_tensor, noise
from engine.style.events import GramsReady, Losses, Standing, StepUndone, StyleBegun, StyleEvent, StyleTick
from engine.style.features import Features
from engine.style.optimizers import Mover, mover_of
from engine.style.options import STYLE_OPTIONS, StyleOptions
from engine.style.pictures import resized
from engine.training.threads import SystemLoad, ThreadCount, TrainingThreads

TICK_SECONDS = 0.07
_MEASURING_SECONDS = 3.0  # until it is known how many steps fit into minutes
_GRAMS_SECONDS = 1.0
_PIXELS = "pixels"
_RECENT = 20  # steps that the speed is taken from
_MOST_UNDONE = 8  # one after the other


class StyleTransfer:
    """Trains a picture of the size of ``content`` uint8 ``[H, W, 3]``; ``styles`` are one or two such pictures.

    ``minutes`` decide how many steps there are, by the speed of the first seconds. ``weights_file`` holds VGG-19's
    weights, else VGG-16 is used, which comes with Duelo. ``going_on`` is where an earlier one ended, which goes on as
    if it never had. Any thread may call ``change`` and set ``wants_grams``.
    """

    def __init__(
        self,
        content: Picture,
        styles: Sequence[Picture],
        options: StyleOptions | None = None,
        *,
        minutes: float | None = None,
        weights_file: Path | None = None,
        going_on: Standing | None = None,
    ) -> None:
        self.options = options or StyleOptions()
        self.options.check()
        weights.network_of(weights_file).chosen(self.options.layers)
        self._content, self._styles, self._weights_file = content, styles, weights_file
        self._minutes = minutes
        self._changes: queue.SimpleQueue[tuple[str, float | str]] = queue.SimpleQueue()
        self.wants_grams = False
        self._grams_told = 0.0
        self._durations: deque[float] = deque(maxlen=_RECENT)
        self._going_on = going_on
        self._under_way: tuple[Canvas, Mover] | None = None
        self.step, self._seconds = (going_on.step, going_on.seconds) if going_on else (0, 0.0)
        self._undone = 0

    def change(self, name: str, value: float | str) -> None:
        """Give a live option another value at the next step; raises ``UserError`` for one that is not or cannot."""
        if name not in STYLE_OPTIONS or not STYLE_OPTIONS[name].live:
            raise UserError(
                tr("{name} cannot change while the picture is made.", name=name),
                tr("Stop, change it, and begin again."),
            )
        weights.network_of(self._weights_file).chosen(self.options.changed(**{name: value}).layers)
        self._changes.put((name, value))

    def run(self) -> Job[StyleEvent | Progress, None]:
        """Train, and tell every step or so; closing ends it, and what was told last is the picture."""
        yield Progress(0, 0, tr("Reading the network"))
        threads = self._prepare_thread()
        canvas, begun = self._prepared()
        yield begun
        mover, total_before, told = mover_of(self.options.optimizer, canvas.pixels, self.options.rate), None, 0.0
        if self._going_on:
            mover.take_up({name: torch.from_numpy(array) for name, array in self._going_on.state.items()})
        self._under_way = canvas, mover
        while True:
            begin = time.perf_counter()
            if self._take_changes():
                total_before = None
                mover.carry_over(lambda: canvas.gradient_before(self.options))
            losses, total = canvas.look(self.options)
            if not _is_sound(losses, canvas) or mover.is_astray(total_before, losses.total):
                yield self._undo(canvas, mover)
                total_before = None
                continue
            self._undone, is_last = 0, self._is_last()
            now = time.perf_counter()
            if now - told >= TICK_SECONDS or is_last or not self.step:
                told = now
                yield self._tick(canvas, losses)
            yield from self._grams(canvas, now, is_last)
            if is_last:
                return
            begin += time.perf_counter() - now  # what a pause took is no time of ours
            canvas.remember()
            total_before = losses.total
            mover.step(total, self.step / max(self._steps, 1))
            canvas.limit()
            self._took(time.perf_counter() - begin)
            threads.follow(self.step)

    def standing(self) -> Standing | None:
        """Return how far it is, None before it has begun; to be called by the thread that runs it, or afterward."""
        if self._under_way is None:
            return None
        canvas, mover = self._under_way
        found = {_PIXELS: canvas.pixels.detach(), **mover.state()}
        state = {name: tensor.cpu().numpy().copy() for name, tensor in found.items()}
        return Standing(canvas.picture(), self.step, self._seconds, state)

    # --- before the first step

    def _prepare_thread(self) -> TrainingThreads:
        """Set this thread up as a training's; return what lets it follow what other programs leave free."""
        devices.prepare_training_thread(self.options.threads)
        count = None if self.options.threads else ThreadCount(devices.cores(), SystemLoad())
        threads = TrainingThreads(count, torch.set_num_threads)
        threads.begin([], 0)
        return threads

    def _prepared(self) -> tuple[Canvas, StyleBegun]:
        options, device = self.options, devices.resolve(self.options.device)
        kind = devices.autocast_type(options.precision, device) or torch.float32
        network = weights.network_of(self._weights_file)
        height, width = self._content.shape[:2]
        memory.check(width, height, kind, device)
        features = Features(network, weights.load(self._weights_file), kind, device)
        content = as_tensor(self._content, device)
        styles = [as_tensor(style, device) for style in self._styles]
        if self._going_on:
            start = _pixels_of(self._going_on, device)
        elif options.start == "style":
            start = as_tensor(resized(self._styles[0], width, height), device)
        else:
            start = noise(height, width, options.seed, device) if options.start == "noise" else content
        canvas = Canvas(features, content, styles, start)
        precision = str(kind).removeprefix("torch.")
        where = devices.describe(device)
        begun = StyleBegun(
            canvas.picture(), network.title, network.content_layer, network.style_layers, where, precision
        )
        return canvas, begun

    # --- between two steps

    @property
    def _steps(self) -> int:
        """How many steps there are, 0 while the minutes are not steps yet."""
        return 0 if self._minutes is not None else self.options.steps

    def _is_last(self) -> bool:
        return self._minutes is None and self.step >= self.options.steps

    def _took(self, seconds: float) -> None:
        """Note how long a step took, and turn minutes into steps once that is known well enough."""
        self.step += 1
        self._seconds += seconds
        self._durations.append(seconds)
        if self._minutes is not None and self._seconds >= min(_MEASURING_SECONDS, 30 * self._minutes):
            usual = sorted(self._durations)[len(self._durations) // 2]  # the first step is longer than all others
            left = max(60 * self._minutes - self._seconds, 0)
            self.options = self.options.changed(steps=self.step + round(left / usual))
            self._minutes = None

    def _take_changes(self) -> bool:
        """Make what was wished for, and tell whether the losses are others now."""
        has_changed = False
        while not self._changes.empty():
            name, value = self._changes.get()
            has_changed |= name != "steps" and getattr(self.options, name) != value
            wished = self.options.changed(**{name: value})
            if name == "steps":
                self._minutes = None
            self.options = wished
        return has_changed

    def _undo(self, canvas: Canvas, mover: Mover) -> StepUndone:
        """Go back to where the last step began, and make smaller ones; ``UserError`` where that does not help."""
        self._undone += 1
        if self._undone > _MOST_UNDONE:
            raise UserError(
                tr("The losses are no finite numbers, however small the steps."),
                tr("Lower the weights, or choose the precision float32."),
            )
        canvas.go_back()
        mover.scale *= 0.5
        mover.forget()
        return StepUndone(self.step, mover.scale)

    def _tick(self, canvas: Canvas, losses: Losses) -> StyleTick:
        each = sum(self._durations) / len(self._durations) if self._durations else 0.0
        if self._minutes is not None:
            left: float | None = max(60 * self._minutes - self._seconds, 0.0)
        else:
            left = max(self.options.steps - self.step, 0) * each if each else None
        speed = 1 / each if each else 0.0
        return StyleTick(self.step, self._steps, canvas.picture(), losses, self._seconds, left, speed)

    def _grams(self, canvas: Canvas, now: float, is_last: bool) -> Iterator[GramsReady]:
        if self.wants_grams and (is_last or now - self._grams_told >= _GRAMS_SECONDS):
            self._grams_told = now
            yield GramsReady(self.step, canvas.grams())


def _pixels_of(standing: Standing, device: torch.device) -> Tensor:
    """Return the pixels ``[1, 3, H, W]`` of which the picture is the rounded look, or those of the picture itself."""
    seen = as_tensor(standing.picture, device)
    found = torch.from_numpy(standing.state.get(_PIXELS, np.zeros(0))).to(device)
    is_like = found.shape == seen.shape and found.dtype == seen.dtype
    return found if is_like and bool((found - seen).abs().max() < 1 / 255) else seen


def _is_sound(losses: Losses, canvas: Canvas) -> bool:
    """Whether losses and gradient are all numbers."""
    gradient = canvas.pixels.grad
    return losses.is_finite and gradient is not None and bool(gradient.isfinite().all())
