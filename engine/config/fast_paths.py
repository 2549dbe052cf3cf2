"""Which shorter ways to take a step may be taken under which options. Knows none of them.

Options, architectures and losses declare it; what declares nothing is never passed over: the ordinary way is taken.
"""

from __future__ import annotations

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS, Config
from engine.config.declare import ANY, FastPath
from engine.losses import LOSSES


class Honored:
    """Whether the options of a config are all honored by ``path``: asked for each step, worked out for each config."""

    def __init__(self, path: FastPath) -> None:
        self._path = path
        self._config: Config | None = None
        self._answer = False

    def __call__(self, config: Config) -> bool:
        """Return whether ``path`` takes the same steps with ``config``."""
        if config is not self._config:
            self._config, self._answer = config, honors(self._path, config)
        return self._answer


def honors(path: FastPath, config: Config) -> bool:
    """Return whether ``path`` takes the same steps with ``config`` as the ordinary way."""
    specs = (ARCHITECTURES[config.architecture], LOSSES[config.loss])
    return all(path in spec.fast_paths for spec in specs) and all(
        allowed is ANY or getattr(config, name) in allowed
        for name, allowed in ((name, option.fast_paths.get(path, ())) for name, option in OPTIONS.items())
    )
