"""Duelo. Without arguments it opens the window, otherwise it runs a headless command (``--help`` lists them)."""

from __future__ import annotations

import os
import sys

from engine import quiet

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for plugins delays the window


def main() -> int:
    """Start the window or a command and return the exit code."""
    quiet.silence_libraries()
    from engine import legible

    legible.prepare()
    if len(sys.argv) == 1:
        from studio.app import run

        return run()
    from engine import cli
    from studio import bench

    return cli.main(sys.argv[1:], more_bench=(bench.PART, bench.SEARCH_PART))


if __name__ == "__main__":
    sys.exit(main())
