"""What a person can choose of a style transfer, declared once: window and command line read this. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError

from engine.config.declare import Declarations, Option, declare, describe
from engine.config.refusals import refusal, refused
from engine.errors import UserError
from engine.i18n import mark, tr
from engine.numbers import NotTaken, read_number

SIZES = (32, 1024)
Start = Literal["noise", "content", "style"]
Optimizer = Literal["adam", "lbfgs"]
Precision = Literal["auto", "float32", "bfloat16"]
WEIGHTS = ("content_weight", "style_weight", "variation_weight")


class StyleOptions(Declarations):
    """A complete set of valid options. Immutable: a change makes a new one."""

    size: int = declare(
        256,
        mark("Size"),
        mark("How many pixels the longer side of the picture has. Twice as many take four times as long."),
        group="basic",
        minimum=SIZES[0],
        maximum=SIZES[1],
        unit=mark("pixels"),
    )
    steps: int = declare(
        200,
        mark("Steps"),
        mark("How often the whole picture is changed a little. A style shows after 25, and is worked out after 200."),
        group="basic",
        minimum=1,
        maximum=100_000,
        live=True,
    )
    start: Start = declare(
        "content",
        mark("Start from"),
        mark("What the picture is before the first step. From noise it takes longest, and owes least to either."),
        group="basic",
        titles=(mark("Noise"), mark("Content"), mark("Style")),
    )
    content_weight: float = declare(
        1.0,
        mark("Content"),
        mark("How much it counts that the picture shows what the content picture shows."),
        group="basic",
        minimum=0,
        maximum=1e6,
        live=True,
        logarithmic=True,
    )
    style_weight: float = declare(
        30.0,
        mark("Style"),
        mark("How much it counts that colors, strokes and patterns are those of the style picture."),
        group="basic",
        minimum=0,
        maximum=1e6,
        live=True,
        logarithmic=True,
    )
    variation_weight: float = declare(
        3.0,
        mark("Smoothness"),
        mark("How much it counts that neighboring pixels are alike (total variation): more means less grain."),
        group="basic",
        minimum=0,
        maximum=1e6,
        live=True,
        logarithmic=True,
    )
    blend: float = declare(
        0.5,
        mark("Blending"),
        mark("How much the second style picture counts, from 0 to 1; only where there are two."),
        group="basic",
        minimum=0,
        maximum=1,
        live=True,
    )
    layers: str = declare(
        "",
        mark("Layers of the style"),
        mark(
            "Those that count, such as conv1_1, conv3_1; empty means all."
            " Early ones hold color and grain, late ones shapes."
        ),
        group="basic",
        live=True,
    )
    optimizer: Optimizer = declare(
        "adam",
        mark("Optimizer"),
        mark("Adam is quick at first and never goes wrong; L-BFGS, as in the first paper, gets further in many steps."),
        group="training",
        titles=(mark("Adam"), mark("L-BFGS")),
    )
    rate: float = declare(
        0.05,
        mark("Learning rate"),
        mark("How far Adam moves a pixel in a step, of the whole range from black to white."),
        group="training",
        minimum=1e-5,
        maximum=0.5,
        logarithmic=True,
    )
    seed: int = declare(
        0,
        mark("Seed"),
        mark("Where chance starts: another number is another noise to start from."),
        group="training",
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )
    precision: Precision = declare(
        "auto",
        mark("Precision"),
        mark("bfloat16 computes half as fast again where the processor has it; “auto” takes it there."),
        group="machine",
        titles=(mark("auto"), mark("float32"), mark("bfloat16")),
        of_machine=True,
    )
    threads: int = declare(
        0,
        mark("Threads"),
        mark("How many processor cores compute; 0 means: as many as are free."),
        group="machine",
        minimum=0,
        maximum=256,
        of_machine=True,
    )
    device: str = declare(
        "auto",
        mark("Device"),
        mark("Where it is computed: auto, cpu, cuda or mps."),
        group="machine",
        of_machine=True,
    )

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> StyleOptions:
        """Return the options with ``values`` set and everything else at its default; raises ``UserError``."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise refused(error.errors()[0], STYLE_OPTIONS) from None

    def changed(self, **values: Any) -> StyleOptions:
        """Return a copy with ``values`` changed and validated; raises ``UserError``."""
        return self.parse(self.model_dump() | values)

    def check(self) -> None:
        """Raise ``UserError`` where nothing would pull at the picture."""
        if not any(getattr(self, name) for name in WEIGHTS):
            raise UserError(
                tr("All weights are 0, so nothing says what the picture should become."),
                tr("Give content, style or smoothness a weight above 0."),
            )


STYLE_OPTIONS: dict[str, Option] = {name: describe(StyleOptions, name) for name in StyleOptions.model_fields}


def value_of(name: str, text: str) -> Any:
    """Return the value of the option ``name`` that a person means by ``text``; raises ``UserError``."""
    spec = STYLE_OPTIONS[name]
    if spec.minimum is None or spec.maximum is None:
        return text
    try:
        return read_number(text, spec.minimum, spec.maximum, whole=spec.kind is int)
    except NotTaken as error:
        raise refusal(spec, text, str(error)) from None
