"""Puts the script together: options, images, players, losses, loop. Says what it leaves out, and refuses the rest.

Values come from the run's options, formulas are the very functions that train (``sources``), layers are those of the
networks (``networks``); only the loop is written for reading (``step``), and held against the engine by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

from engine import files
from engine.architectures import ARCHITECTURES
from engine.code import images, networks
from engine.code.networks import NetworkText
from engine.code.sources import source_of
from engine.code.step import LoopText
from engine.config import OPTIONS, Config
from engine.datasets.sets import is_points
from engine.errors import UserError
from engine.i18n import joined, tr
from engine.losses import LOSSES
from engine.losses.augment import parts
from engine.losses.penalties import critic_penalty, r1_penalty
from engine.recipes.words import dataset_title, recipe_title
from engine.runs import RunInfo
from engine.training.ema import GROWTH

_WIDE = 108
_BETWEEN = "\n\n"
_WIDEST = 120
_DOCSTRING = re.compile(r'^(?P<first>(?:def|class) .*:)\n    """(?P<says>.*)"""$', re.MULTILINE)
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9_]+\b")


class Script(NamedTuple):
    """``left_out`` are sentences: what the run does and the script does not; ``images`` is the file that must lie
    beside it, or nothing.
    """

    text: str
    left_out: tuple[str, ...]
    images: str


def written(info: RunInfo) -> Script:
    """Return the script of the run that ``info`` tells of; raises ``UserError`` where it cannot be shown."""
    config = info.config
    _refuse(config)
    try:
        g, d = networks.generator(config, info.facts), networks.discriminator(config, info.facts)
    except UserError:
        raise
    except Exception as error:  # a network of another package may do what cannot be traced
        raise UserError(
            tr("The networks of this run cannot be shown as plain code: {reason}.", reason=error),
            tr("Export its generator as a script instead, with its weights."),
        ) from error
    left_out = tuple(_left_out(info, g))
    channels_last = ARCHITECTURES[config.architecture].channels_last
    loop = LoopText(config, g, d, channels_last=channels_last)
    parts_of_it = [
        images.text_of(config),
        _batches(config),
        *_players(config, g, d),
        *_formulas(config, loop),
        loop.text(),
        _main(info, g),
    ]
    body = _DOCSTRING.sub(_beside, _BETWEEN.join(parts_of_it))
    head = f"{_head(info, left_out)}\n\n{_imports(body)}\n\n{_options(info, body)}"
    beside = images.file_name(config) if images.needs_file(config) else ""
    return Script(f"{head}{_BETWEEN}{body}\n", left_out, beside)


def save(script: Script, config: Config, path: Path) -> None:
    """Write the script to ``path`` and, where it needs them, its images beside it; raises ``UserError``."""
    if script.images:
        images.save(config, path.with_name(script.images))
    files.write_atomically(path, script.text.encode())


def _refuse(config: Config) -> None:
    """Raise ``UserError`` where the networks change while they train, or see more than one size of a picture."""
    known = ARCHITECTURES[config.architecture]
    if known.is_progressive or known.is_multi_scale:
        raise UserError(
            tr("The networks “{name}” are too involved for a short script.", name=tr(known.title)),
            tr("Look at the code of a run with plainer networks, such as a DCGAN."),
        )


def _left_out(info: RunInfo, g: NetworkText) -> Iterator[str]:
    config = info.config
    yield tr("Losses agree with those of Duelo up to rounding, which grows.")
    if config.precision != "float32" and g.has_convolutions:
        yield tr("Duelo may compute in bfloat16, this script does in float32.")
    if info.changes:
        yield tr("Options were changed while the run trained; here they stay as it began.")
    if info.branch_of is not None:
        yield tr("The run began with the networks of another one; here first weights are new.")
    if info.extensions:
        yield tr("The run got another length while it trained; here it has it from the first step.")
    yield tr("The judge, the diagnosis and checkpoints are left out.")


def _beside(found: re.Match[str]) -> str:
    """Put what a function does behind its first line, where there is room: the script shall be short."""
    line = f"{found['first']}  # {found['says']}"
    return line if len(line) <= _WIDEST else found[0]


# --- the parts


def _head(info: RunInfo, left_out: tuple[str, ...]) -> str:
    title = tr(
        "“{recipe}” on {images}, in plain PyTorch.",
        recipe=recipe_title(info.config),
        images=dataset_title(info.config),
    )
    lines = [*wrap(title, _WIDE), "", *wrap(joined(*left_out), _WIDE)]
    return '"""' + "\n".join(lines).replace("\\", "/").replace('"', "”") + '"""'


def _imports(body: str) -> str:
    known = {
        "copy.": "import copy",
        "math.": "import math",
        "Path(": "from pathlib import Path",
        "np.": "import numpy as np",
        "torch.": "import torch",
        "nn.": "from torch import nn",
        "F.": "from torch.nn import functional as F",
        "spectral_norm(": "from torch.nn.utils.parametrizations import spectral_norm",
        "datasets.": "from torchvision import datasets",
        "Image.": "from PIL import Image",
    }
    return "\n".join(line for sign, line in known.items() if re.search(rf"(?<![\w.]){re.escape(sign)}", body))


def _options(info: RunInfo, body: str) -> str:
    """Return a line for each option that ``body`` names in capitals, with what it is called in the window."""
    values = {name.upper(): getattr(info.config, name) for name in OPTIONS} | {"TOTAL_IMAGES": info.total_images}
    labels = {name.upper(): tr(option.label) for name, option in OPTIONS.items()}
    found = [name for name in dict.fromkeys(_CAPITALS.findall(body)) if name in values]
    per_step = info.config.batch_size * info.config.d_steps
    if "TOTAL_IMAGES" not in found:
        found.append("TOTAL_IMAGES")
    order = [name for name in values if name in found]
    lines = [f"{f'{name} = {values[name]!r}':<34}  # {labels[name]}" for name in order]
    steps = (
        "-(-TOTAL_IMAGES // BATCH_SIZE)"
        if per_step == info.config.batch_size
        else "-(-TOTAL_IMAGES // (BATCH_SIZE * D_STEPS))"
    )
    return "\n".join([*lines, f"{f'STEPS = {steps}':<34}  # {tr('updates of both')}"])


def _batches(config: Config) -> str:
    if config.shuffle:
        order = [
            "shuffle = torch.Generator().manual_seed((SEED * 1_000_003 + epoch) % 2**63)",
            "order = torch.cat([order, torch.randperm(len(images), generator=shuffle)])",
        ]
        says = tr("Give batches without end; each epoch has an order of its own.")
    else:
        order = ["order = torch.cat([order, torch.arange(len(images))])"]
        says = tr("Give batches without end, always in the order of the data.")
    is_symmetric = config.data_range == "-1..1"
    scaled = ".float() / 127.5 - 1" if is_symmetric else ".float() / 255"
    if is_points(config.dataset):
        scaled = "" if is_symmetric else " / 2 + 0.5"
    lines = [
        "def batches(images, labels):",
        f'    """{says}"""',
        "    epoch, order = 0, torch.empty(0, dtype=torch.long)",
    ]
    lines += ["    while True:", "        while len(order) < BATCH_SIZE:", *(f"            {line}" for line in order)]
    lines += ["            epoch += 1", "        chosen, order = order[:BATCH_SIZE], order[BATCH_SIZE:]"]
    lines += [f"        yield images[chosen]{scaled}, labels[chosen]"]
    return "\n".join(lines)


def _players(config: Config, g: NetworkText, d: NetworkText) -> Iterator[str]:
    known = ARCHITECTURES[config.architecture]
    yield _comment(tr("The players"), tr(known.title), tr(known.help)) + g.text
    yield d.text
    for rule in dict.fromkeys((g.first_weights, d.first_weights)):
        if rule is not None:
            yield source_of(rule, words=tr("Draw first weights, where torch's own are not taken."))


def _formulas(config: Config, loop: LoopText) -> Iterator[str]:
    loss = LOSSES[config.loss]
    formulas = loss.formulas
    lesson = source_of(formulas.discriminator, "loss_of_d", tr("What D wants small, by its logits."))
    yield _comment(tr("The losses"), tr(loss.title), tr(loss.help)) + lesson
    yield source_of(formulas.generator, "loss_of_g", tr("What G wants small, by D's logits."))
    if config.r1_gamma > 0:
        yield source_of(r1_penalty, words=tr("Squared slope of D at real images."))
    if loss.is_critic and config.gp_weight > 0:
        yield source_of(critic_penalty, words=tr("How far the slope of D between real and generated is from 1."))
    if loop.changes_images:
        yield from _changes(config)
    if config.ema_halflife_kimg > 0:
        yield _FOLLOW.format(says=tr("Move the average toward G; shown pictures come from it."), growth=GROWTH)


def _comment(what: str, title: str, help: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(f"{what}: {title}. {help}".strip(), _WIDE))


def _changes(config: Config) -> Iterator[str]:
    """Yield what happens to images before D sees them."""
    found = parts(config.augment)
    for part in found:
        yield source_of(part)
    black = -1.0 if config.data_range == "-1..1" else 0.0
    size = ", size" if config.instance_noise else ""
    lines = [f"def changed(images, random{size}):", f'    """{tr("What D sees of images, real or generated.")}"""']
    lines += [f"    images = {part.__name__.lstrip('_')}(images, random, {black})" for part in found]
    if config.instance_noise:
        lines += ["    if size:", "        images = images + size * torch.empty_like(images).normal_(generator=random)"]
    yield "\n".join([*lines, "    return images"])


_FOLLOW = '''def follow(average, network, seen, count):
    """{says}"""
    weight = 1 - 0.5 ** (count / min(1000 * EMA_HALFLIFE_KIMG, {growth} * seen))
    for mine, its in zip(average.state_dict().values(), network.state_dict().values()):
        mine.copy_(mine + weight * (its - mine))'''

_MAIN = '''def main():
    """{says}"""
    z = torch.from_numpy(np.random.Generator(np.random.PCG64(SEED)).standard_normal(({rows}, Z_DIM)).astype("float32"))
{labels}    for step, (d_loss, g_loss, shown) in enumerate(train(*load_images()), 1):
        if step % 200 == 0 or step == STEPS:
            print(f"{{step}} / {{STEPS}}  D {{d_loss:.3f}}  G {{g_loss:.3f}}")
            drawn = copy.deepcopy(shown).eval().requires_grad_(False)({call})
            {keep}
if __name__ == "__main__":
    main()'''


def _main(info: RunInfo, g: NetworkText) -> str:
    config, classes, labels = info.config, len(info.classes), ""
    rows = config.sample_rows * (1 if classes else config.sample_columns)
    if classes and g.takes_labels:
        labels = f"    z, asked = z.repeat_interleave({classes}, 0), torch.arange({classes}).repeat({rows})\n"
    says, keep = _kept_points(info) if info.facts.is_points else _kept_pictures(info, classes if labels else 0)
    return _MAIN.format(
        says=says,
        keep=keep,
        rows=rows,
        labels=labels,
        call="z, asked" if labels else "z",
    )


def _kept_pictures(info: RunInfo, classes: int) -> tuple[str, str]:
    """Return what is said of the loop, and the lines that keep what G draws: ``classes`` in a row, if any.

    Without torchvision, which cannot be imported beside every build of torch.
    """
    columns, pixels = classes or info.config.sample_columns, "* 255"
    if info.config.data_range == "-1..1":
        pixels = "* 127.5 + 127.5"
    lines = [
        f"sheet = drawn.unflatten(0, (-1, {columns})).permute(0, 3, 1, 4, 2).flatten(2, 3).flatten(0, 1) {pixels}",
        'Image.fromarray(sheet.clamp(0, 255).byte().squeeze(-1).numpy()).save(f"step-{step:06}.png")',
    ]
    return tr("Train, print the losses, and save pictures of the same noise."), f"\n{12 * ' '}".join(lines)


def _kept_points(info: RunInfo) -> tuple[str, str]:
    """Return the same for points, which are kept as a table in their own units."""
    columns = info.facts.columns
    ends = ", ".join(f"torch.tensor({[column[end] for column in columns]})" for end in (1, 2))
    unit = "(drawn.flatten(1) + 1) / 2" if info.config.data_range == "-1..1" else "drawn.flatten(1)"
    lines = [
        f"low, high = {ends}",
        f"names = {[column.name for column in columns]!r}",
        f"rows = (low + {unit} * (high - low)).numpy()",
        'np.savetxt(f"step-{step:06}.csv", rows, delimiter=",", header=",".join(names), comments="")',
    ]
    return tr("Train, print the losses, and save points of the same noise."), f"\n{12 * ' '}".join(lines)
