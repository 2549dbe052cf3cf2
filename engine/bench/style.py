"""What a style transfer costs: 256×256 from the content, to a style that shows and to a finished look."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.i18n import number, tr

SIZE, SHOWS, FINISHED = 256, 30, 200
_FLOPS_A_PIXEL = 4 * 204_480  # products forward and as many backward, each with its addition
_PEAK_CHANNELS, _PEAK_SIDE, _PEAK_TURNS = 256, 64, 12


def _steps() -> list[PartStep]:
    return [PartStep(tr("A picture in the style of another…"), 90.0, partial(_measure, FINISHED))]


def _measure(steps: int) -> Measured:
    """Measure in a process of its own, whose memory nothing else takes."""
    script = f"import json; from engine.bench import style; print(json.dumps(style.painted({steps}, {SIZE})))"
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment()
    ).stdout
    found: Measured = json.loads(told)
    return found


def painted(steps: int, size: int) -> Measured:
    """Paint in this process; seconds count from the first step, and once more as the processor's own time."""
    import psutil

    from engine.style import gallery, pictures
    from engine.style.events import StyleTick
    from engine.style.options import StyleOptions
    from engine.style.transfer import StyleTransfer

    content, style = (pictures.read(gallery.GALLERY[name].path, size) for name in ("astronaut", "swirls"))
    options = StyleOptions.parse({"size": size, "steps": steps})
    begin, busy, at, losses = 0.0, 0.0, {}, {}
    for event in StyleTransfer(content, [style], options).run():
        if isinstance(event, StyleTick):
            if not event.step:
                begin, busy = time.perf_counter(), time.process_time()
            at[event.step], losses[event.step] = time.perf_counter() - begin, event.losses.style
    step = (time.process_time() - busy) / steps
    shows = next(seen for seen in at if seen >= min(SHOWS, steps))
    return {
        "shows_seconds": at[shows],
        "finished_seconds": at[steps],
        "steps_per_second": steps / at[steps],
        "processor_seconds_a_step": step,
        "style_loss_start": losses[0],
        "style_loss_shows": losses[shows],
        "style_loss_finished": losses[steps],
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
        "share_of_peak": size**2 * _FLOPS_A_PIXEL / step / _peak(),
    }


def _peak() -> float:
    """Return the most multiplications and additions a second of processor time that a convolution makes here."""
    import torch
    from torch.nn import functional as F

    from engine import device as devices

    kind = devices.autocast_type("auto", torch.device("cpu")) or torch.float32
    x = torch.randn(1, _PEAK_CHANNELS, _PEAK_SIDE, _PEAK_SIDE, dtype=kind)
    weight = torch.randn(_PEAK_CHANNELS, _PEAK_CHANNELS, 3, 3, dtype=kind)
    taken = []
    with torch.no_grad():
        for _ in range(_PEAK_TURNS):
            begin = time.process_time()
            F.conv2d(x, weight, padding=1)
            taken.append(time.process_time() - begin)
    return 2 * 9 * _PEAK_CHANNELS**2 * _PEAK_SIDE**2 / min(taken)


def _tables(found: Sequence[Measured]) -> list[Table]:
    (told,) = found
    rows = [
        (tr("A style shows, after {steps} steps", steps=SHOWS), _seconds(told["shows_seconds"]), "≤ 10 s"),
        (tr("Finished, after {steps} steps", steps=FINISHED), _seconds(told["finished_seconds"]), "≤ 60 s"),
        (tr("Steps a second"), number(told["steps_per_second"], ".1f"), ""),
        (tr("Processor time of a step"), _seconds(told["processor_seconds_a_step"], ".2f"), ""),
        (tr("Of the speed of a convolution alone"), number(told["share_of_peak"], ".0%"), ""),
        (tr("Memory of the process"), tr("{size} MB", size=number(told["memory_mb"], ",.0f")), "≤ 1,200 MB"),
    ]
    return [table(tr("A style transfer, 256×256 from the content"), (tr("What"), tr("Measured"), tr("Bar")), rows)]


def _seconds(value: float, form: str = ".1f") -> str:
    return tr("{value} s", value=number(value, form))


PART = Part("style", _steps, _tables, only_by_name=True)
