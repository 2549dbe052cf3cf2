"""How a script gets the real images: from torchvision, or from a file that is written beside it. Knows no networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine import files
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.sets import DATASETS, is_points
from engine.errors import UserError
from engine.i18n import tr

_PLAIN = ("MNIST", "FashionMNIST", "KMNIST")
"""Sets whose images torchvision gives as ours: gray, in this order, upright."""
_MOST_BYTES = 2**30


def needs_file(config: Config) -> bool:
    """Whether the script reads its images from a file that must lie beside it."""
    known = DATASETS.get(config.dataset)
    is_plain = known is not None and known.torchvision_class in _PLAIN
    return not is_plain or config.max_images > 0 or config.label_noise > 0


def file_name(config: Config) -> str:
    """Return what that file is called."""
    return f"{config.dataset}.npz"


def text_of(config: Config) -> str:
    """Return the function ``load_images``."""
    says = tr("Real images uint8 [N, C, H, W], and their labels from 0.")
    if is_points(config.dataset):
        says = tr("Real points float32 [N, C, 1, 1] from -1 to 1, and their labels.")
    lines = ["def load_images():", f'    """{says}"""']
    if needs_file(config):
        lines += [
            f'    file = np.load(Path(__file__).with_name("{file_name(config)}"))',
            '    return torch.from_numpy(file["images"]), torch.from_numpy(file["labels"])',
        ]
        return "\n".join(lines)
    lines += [f'    data = datasets.{DATASETS[config.dataset].torchvision_class}("data", train=True, download=True)']
    lines += ["    images, labels = data.data[:, None], data.targets"]
    if config.classes:
        lines += [
            f"    keep = torch.isin(labels, torch.tensor(CLASSES))  # {tr('only these')}",
            "    images, labels = images[keep], torch.searchsorted(torch.tensor(CLASSES), labels[keep])",
        ]
    return "\n".join([*lines, "    return images, labels"])


def save(config: Config, path: Path) -> None:
    """Write the images of ``config`` to ``path``; raises ``UserError`` where they are not at hand, or too many."""
    data = catalog.load(config)
    if data.images.nbytes > _MOST_BYTES:
        raise UserError(
            tr("The images of this run are too many for one file."),
            tr("Give the script a file “{name}” with some of them.", name=path.name),
        )
    with files.atomic_path(path) as part, open(part, "wb") as file:
        np.savez_compressed(file, images=np.ascontiguousarray(data.images), labels=data.labels)
