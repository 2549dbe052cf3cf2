"""Every option, declared once: type, default, range, unit, label, explanation, may-change-live.

The command line, the options form, the run folder and the trainer all read this declaration. It knows
nothing of networks or torch; a value that only another module can judge is judged there.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import UserError
from engine.i18n import mark, number, tr

Group = Literal["basic", "training", "networks", "regularisation", "machine", "hidden"]

# What a choice is called in a form; others, such as "cuda", keep their names.
_CHOICE_TITLES = {name: name for name in (mark("auto"), mark("nonsaturating"), mark("relativistic"))}

GROUP_TITLES: dict[str, str] = {
    "basic": mark("Training"),
    "training": mark("Optimisers and schedule"),
    "networks": mark("Networks"),
    "regularisation": mark("Loss and regularisation"),
    "machine": mark("Machine and reports"),
}


@dataclass(frozen=True)
class Option:
    """What a person is told about one option; label, help, unit and choice titles are English source texts."""

    name: str
    kind: type
    default: Any
    label: str
    help: str
    group: Group
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    live: bool = False
    logarithmic: bool = False


def _option(
    default: Any,
    label: str,
    help: str,
    *,
    group: Group,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    live: bool = False,
    logarithmic: bool = False,
) -> Any:
    extra: dict[str, Any] = {
        "label": label,
        "help": help,
        "group": group,
        "unit": unit,
        "live": live,
        "log": logarithmic,
    }
    extra |= {"minimum": minimum, "maximum": maximum}
    return (
        Field(default, ge=minimum, le=maximum, allow_inf_nan=False, json_schema_extra=extra)
        if isinstance(default, int | float) and not isinstance(default, bool)
        else Field(default, json_schema_extra=extra)
    )


class Config(BaseModel):
    """A complete, valid set of options. Immutable: a change makes a new one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipe: str = _option(
        "studio", mark("Recipe"), mark("The named set of options this training started from."), group="hidden"
    )
    dataset: str = _option(
        "digits", mark("Data set"), mark("The real images that D sees and G imitates."), group="hidden"
    )
    data_root: str = _option(
        "",
        mark("Data folder"),
        mark("Folder that holds, or will hold, the files of a data set that does not come with Duelo."),
        group="hidden",
    )
    classes: tuple[int, ...] = _option(
        (), mark("Classes"), mark("Train on these classes only; empty means all."), group="hidden"
    )

    epochs: int = _option(
        24,
        mark("Epochs"),
        mark("How many times training passes over all real images. The learning rates fall towards the end."),
        group="basic",
        minimum=1,
        maximum=100_000,
    )
    total_images: int = _option(
        0,
        mark("Images in all"),
        mark("Train on exactly this many real images instead of whole epochs; 0 means: as the epochs say."),
        group="training",
        minimum=0,
        maximum=10**12,
        unit=mark("images"),
    )
    batch_size: int = _option(
        64,
        mark("Batch size"),
        mark("Real images in one step. Small batches learn more per image, large ones run smoother."),
        group="basic",
        minimum=2,
        maximum=4096,
        unit=mark("images"),
    )
    g_lr: float = _option(
        4e-3,
        mark("Learning rate of G"),
        mark("How far the generator moves in each step. Too high: the pictures flicker or collapse."),
        group="basic",
        minimum=1e-7,
        maximum=0.5,
        live=True,
        logarithmic=True,
    )
    d_lr: float = _option(
        1.2e-3,
        mark("Learning rate of D"),
        mark("How far the discriminator moves in each step. If D wins too easily, lower it."),
        group="basic",
        minimum=1e-7,
        maximum=0.5,
        live=True,
        logarithmic=True,
    )
    seed: int = _option(
        0,
        mark("Seed"),
        mark("Where chance starts. The same seed and options give the same training again."),
        group="basic",
        minimum=0,
        maximum=2**31 - 1,
    )

    beta1: float = _option(
        0.0,
        mark("Adam β1"),
        mark("Memory of Adam for the gradient's direction. GANs like it low, from 0 to 0.5."),
        group="training",
        minimum=0.0,
        maximum=0.999,
    )
    beta2: float = _option(
        0.9,
        mark("Adam β2"),
        mark("Memory of Adam for the gradient's size."),
        group="training",
        minimum=0.0,
        maximum=0.9999,
    )
    decay_start: float = _option(
        0.25,
        mark("Decay starts at"),
        mark("Share of the training after which both learning rates fall in a straight line to zero; 1 means never."),
        group="training",
        minimum=0.0,
        maximum=1.0,
    )
    ema_halflife_kimg: float = _option(
        20.0,
        mark("Averaging half-life"),
        mark(
            "The pictures shown come from a running average of the generator, in which weights this many "
            "thousand images old still count half; early in training it is shorter. 0 shows the generator itself."
        ),
        group="training",
        minimum=0.0,
        maximum=10_000.0,
        unit=mark("thousand images"),
        live=True,
    )

    family: Literal["shuffle"] = _option(
        "shuffle", mark("Family"), mark("The kind of networks that both players use."), group="hidden"
    )
    z_dim: int = _option(
        64,
        mark("Latent dimensions"),
        mark("How many random numbers describe one picture."),
        group="networks",
        minimum=2,
        maximum=1024,
    )
    g_channels: int = _option(
        48,
        mark("Channels of G"),
        mark("Width of the generator. More can learn more and train slower."),
        group="networks",
        minimum=4,
        maximum=1024,
    )
    d_channels: int = _option(
        48,
        mark("Channels of D"),
        mark("Width of the discriminator. More can learn more and train slower."),
        group="networks",
        minimum=4,
        maximum=1024,
    )

    loss: Literal["nonsaturating", "relativistic"] = _option(
        "nonsaturating",
        mark("Loss"),
        mark(
            "Nonsaturating: D says how real one image is, the classic. Relativistic: D says which of two is more "
            "real, which keeps the duel in balance."
        ),
        group="regularisation",
    )
    r1_gamma: float = _option(
        2.0,
        mark("R1 penalty"),
        mark("Keeps D smooth around real images, so that its gradient still teaches G. 0 turns it off."),
        group="regularisation",
        minimum=0.0,
        maximum=1000.0,
        live=True,
    )
    r1_interval: int = _option(
        16,
        mark("R1 every"),
        mark("The penalty is computed lazily, once in this many steps, and weighted accordingly."),
        group="regularisation",
        minimum=1,
        maximum=1000,
        unit=mark("steps"),
    )
    class_weight: float = _option(
        0.1,
        mark("Weight of the class loss"),
        mark("How much D and G are taught to agree on which class a picture shows. 0 turns it off."),
        group="regularisation",
        minimum=0.0,
        maximum=100.0,
        live=True,
    )

    device: Literal["auto", "cpu", "cuda", "mps"] = _option(
        "auto", mark("Device"), mark("Where training runs; auto takes the fastest one present."), group="machine"
    )
    precision: Literal["auto", "float32", "bfloat16"] = _option(
        "auto",
        mark("Precision"),
        mark(
            "Numbers inside the networks while training: bfloat16 is faster where the processor has it, and auto "
            "takes it there. Weights and averages are always float32."
        ),
        group="machine",
    )
    threads: int = _option(
        0,
        mark("CPU threads"),
        mark("Threads for training on the CPU; 0 means one per core."),
        group="machine",
        minimum=0,
        maximum=1024,
    )
    log_every: int = _option(
        10,
        mark("Curve point every"),
        mark("Steps averaged into one point of the curves and one line of metrics.csv."),
        group="machine",
        minimum=1,
        maximum=10_000,
        unit=mark("steps"),
    )
    checkpoint_every: int = _option(
        1,
        mark("Checkpoint every"),
        mark("Epochs between two checkpoints; after a power cut, training goes on from the last one."),
        group="machine",
        minimum=1,
        maximum=1000,
        unit=mark("epochs"),
    )
    sample_rows: int = _option(
        8,
        mark("Sample rows"),
        mark("Pictures of each class in the sample grid."),
        group="machine",
        minimum=1,
        maximum=32,
    )

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Config:
        """Return the config with ``values`` set and everything else at its default.

        Raises ``UserError`` that names the first bad option, its value and what is allowed.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise _as_user_error(error.errors()[0]) from None

    def changed(self, **values: Any) -> Config:
        """Return a copy with ``values`` changed and validated; raises ``UserError``."""
        return self.parse(self.model_dump() | values)


def _describe(name: str) -> Option:
    info = Config.model_fields[name]
    extra = typing.cast("dict[str, Any]", info.json_schema_extra)
    choices = typing.get_args(info.annotation) if typing.get_origin(info.annotation) is Literal else ()
    return Option(
        name=name,
        kind=str if choices else type(info.default),
        default=info.default,
        label=extra["label"],
        help=extra["help"],
        group=extra["group"],
        unit=extra["unit"],
        minimum=extra["minimum"],
        maximum=extra["maximum"],
        choices=choices,
        choice_titles=tuple(_CHOICE_TITLES.get(choice, choice) for choice in choices),
        live=extra["live"],
        logarithmic=extra["log"],
    )


OPTIONS: dict[str, Option] = {name: _describe(name) for name in Config.model_fields}


def option(name: str) -> Option:
    """Return the declaration of ``name``; raises ``UserError`` with the nearest name that exists."""
    try:
        return OPTIONS[name]
    except KeyError:
        raise _unknown_option(name) from None


def parse_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """Turn ``["g_lr=0.001"]`` into ``{"g_lr": "0.001"}``; raises ``UserError`` on bad form or name."""
    values: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise UserError(
                tr("“{text}” does not set an option.", text=assignment),
                tr("Write it as option=value, e.g. g_lr=0.001."),
            )
        values[option(name.strip()).name] = value.strip()
    return values


def parse_classes(text: str) -> tuple[int, ...]:
    """Turn ``"3,8"`` into ``(3, 8)``; raises ``UserError``."""
    try:
        return tuple(sorted({int(part) for part in text.replace(" ", "").split(",") if part}))
    except ValueError:
        raise UserError(
            tr("“{text}” is not a list of classes.", text=text), tr("Write whole numbers with commas, e.g. 3,8.")
        ) from None


def _unknown_option(name: str) -> UserError:
    near = difflib.get_close_matches(name, OPTIONS, n=1, cutoff=0.4)
    known = near[0] if near else ", ".join(OPTIONS)
    return UserError(tr("There is no option “{name}”.", name=name), tr("Did you mean {known}?", known=known))


def _as_user_error(error: ErrorDetails) -> UserError:
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden" or name not in OPTIONS:
        return _unknown_option(name)
    spec = OPTIONS[name]
    value = error["input"]
    if spec.choices:
        allowed = tr("Choose one of: {choices}.", choices=", ".join(spec.choices))
    elif spec.minimum is not None:
        template = (
            mark("Give a whole number from {minimum} to {maximum}.")
            if spec.kind is int
            else mark("Give a number from {minimum} to {maximum}.")
        )
        allowed = tr(template, minimum=number(spec.minimum), maximum=number(spec.maximum or 0))
    else:
        allowed = tr("It looks like this: {example}.", example=spec.default or "3,8")
    return UserError(tr("{label} ({name}) cannot be {value}.", label=tr(spec.label), name=name, value=value), allowed)
