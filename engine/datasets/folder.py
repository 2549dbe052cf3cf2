"""The data set of a person's own pictures: those in the folder that the option ``data_root`` names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine import files
from engine.config import Config
from engine.datasets import image_folder, picture_files
from engine.datasets.images import ImageData
from engine.datasets.sets import DataSet
from engine.datasets.source import Source
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress, result_of


class _Folder(Source):
    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return the pictures of the chosen classes."""
        look = image_folder.PrepareOptions.of(config)
        pictures = yield from image_folder.read(_folder(config), look, config.classes)
        remarks, taken = image_folder.summary(pictures.report), pictures.report.taken
        if 0 < config.max_images < taken:
            remarks.append(
                tr("Of these {count}, {most} are trained on (max_images).", count=taken, most=config.max_images)
            )
        return replace(pictures.data, remarks=tuple(remarks))

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether a folder is named."""
        return bool(config.data_root)


SOURCE = _Folder()


def picture_count(config: Config) -> int:
    """Return how many files of the folder should be pictures, and opens none; raises ``UserError``."""
    return len(result_of(picture_files.find(_folder(config), config.classes, config.image_classes)).files)


def _folder(config: Config) -> Path:
    if not config.data_root:
        raise UserError(
            tr("It is not said where your own pictures lie."), tr("Choose their folder."), options=("--data-root",)
        )
    return files.typed(config.data_root)
