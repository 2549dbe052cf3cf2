"""Careful reading of a folder that a stranger may have made. Knows no file of it by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from engine import files
from engine.arrays import Arrays
from engine.errors import UserError
from engine.i18n import tr
from engine.runs import errors
from engine.runs.tensors import read_tensors


class CarefulFolder:
    """Opens files of ``path``, and of nowhere else."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @contextmanager
    def _reading(self, path: Path) -> Iterator[BufferedReader]:
        """Open ``path``; what its reader finds wrong becomes one clear sentence."""
        try:
            with files.open_plain(path, self.path) as file:
                yield file
        except MemoryError:
            raise UserError(
                tr("“{path}” does not fit into the memory that is free.", path=path),
                tr("Close other programs, or open the run on a machine with more memory."),
            ) from None
        except UserError:
            raise
        except Exception as error:  # whatever a stranger's bytes bring a library to
            raise errors.damaged(path) from error

    def _tensors(self, path: Path) -> Arrays:
        with self._reading(path) as file:
            return read_tensors(file)[0]
