"""Where data sets and prepared pictures lie. Knows nothing of what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from engine import files
from engine.config import Config


def data_root(config: Config) -> Path:
    """Return the folder of the data sets' files: the person's own, or ``Duelo/data`` at home."""
    return files.typed(config.data_root) if config.data_root else _home() / "data"


def cache_root() -> Path:
    """Return where prepared pictures are kept: ``Duelo/cache`` at home, or ``$DUELO_HOME/cache``."""
    return _home() / "cache"


def judges_root() -> Path:
    """Return where the judges that learned on this machine are kept: ``Duelo/judges`` at home."""
    return _home() / "judges"


def _home() -> Path:
    return files.typed(os.environ.get("DUELO_HOME") or "~/Duelo")
