"""What the window wants of the engine's scripts: to be called in jobs, never in the UI thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.runs import RunFolder, RunInfo

if TYPE_CHECKING:
    from engine.code.script import Script


@dataclass(frozen=True)
class RunCode:
    """The script of a run, and what it was made of."""

    info: RunInfo
    script: Script


def read_code(run: Path) -> RunCode:
    """Write the script of the run in ``run``, into no file; raises ``UserError``."""
    from engine.code import script

    info = RunFolder(run).info()
    return RunCode(info, script.written(info))


def save_code(code: RunCode, path: Path) -> Path:
    """Save the script and, beside it, the images that it needs; raises ``UserError``. Returns ``path``."""
    from engine.code import script

    script.save(code.script, code.info.config, path)
    return path
